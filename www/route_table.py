"""The table of routes (js/routes.js) as www/build and www/sitemap read it. A row that is not read is an error: its page would be there only for
who comes from another."""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def addresses():
    """Of each row with a plain address: the address, its module, and whether it is one's own."""
    with open(os.path.join(HERE, "js", "routes.js"), encoding="utf-8") as f:
        table = re.search(r"^const ROUTES = \[\n(.*?)^\];", f.read(), re.M | re.S)
    if not table:
        sys.exit("www: js/routes.js has no table ROUTES")
    for row in table[1].splitlines():
        found = re.fullmatch(r" *\['(/[^']*)', \(\) => import\('\./pages/(\w+)\.js'\)(, OWN)?\],(?: *//.*)?", row)
        if not found or not re.fullmatch(r"/(?:[a-z]+|[a-z]+(?:/\{\w+\})+)?", found[1]):
            sys.exit(f"www: not a row of js/routes.js: {row.strip()}")
        if not os.path.exists(os.path.join(HERE, "js", "pages", found[2] + ".js")):
            sys.exit(f"www: there is no js/pages/{found[2]}.js")
        if "{" not in found[1]:
            yield found[1], f"js/pages/{found[2]}.js", found[3] is not None
