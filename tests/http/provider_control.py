"""The stand-in for the providers (tests/provider) as tests use it: signing in without a page, wrong answers, counts."""
import json
import re
from html import unescape
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from site_client import Site
from stack import STACK, URL, put_back

# All that the site knows: tests/run has the stack play every row of its table.
PROVIDERS = re.search(r"STACK_PROVIDERS='([^']*)'", (STACK / "state" / "provider.sh").read_text())[1].split()
BASE = (STACK / "run" / "provider.url").read_text().strip()


def control(method, path, value=None):
    body = None if value is None else json.dumps(value).encode()
    answer = Site(BASE).ask(method, f"/control/{path}", body=body)
    assert answer.status == 200, (path, value, answer.status, answer.body)
    return answer.json()


def bend(provider, what, times=1):
    """The next answers of this kind are wrong, at most until the test ends; bends.mjs lists the names."""
    put_back(straight)
    control("POST", "bend", {"provider": provider, "what": what, "times": times})


def straight():
    control("POST", "straight")


def rotate(provider, keep=False):
    """A new signing key; keep: the old one stays published."""
    control("POST", "rotate", {"provider": provider, "keep": keep})


def counters(provider):
    """{endpoint: requests so far}; 0 where nobody asked."""
    counted = control("GET", "counters")[provider]
    return {"token": 0, "jwks": 0, "discovery": 0, "authorization": 0, "userinfo": 0, "profile": 0} | counted


def query(url):
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def with_query(url, **changes):
    """The address with parameters set, or taken away (None)."""
    merged = {k: v for k, v in (query(url) | changes).items() if v is not None}
    return urlunsplit(urlsplit(url)._replace(query=urlencode(merged)))


def local(url):
    """Path and query of an address of the site."""
    parts = urlsplit(urljoin(URL + "/", url))
    assert f"{parts.scheme}://{parts.netloc}" == URL, f"outside the site: {url}"
    return urlunsplit(("", "", parts.path, parts.query, ""))


def start(who, provider, back="/", action=None, headers=None, **more):
    """GET /auth/PROVIDER as a page of the site does it; the answer, which sends to the provider if all is well."""
    wanted = {"return": back} | ({"action": action} if action else {}) | more
    headers = {"Sec-Fetch-Site": "same-origin"} if headers is None else headers
    return who.ask("GET", f"/auth/{provider}?{urlencode(wanted, quote_via=quote)}", headers)


def at_provider(location, subject=None, press="continue"):
    """What the person does at the provider; where it sends them back to. Without a subject, on the page."""
    browser = Site(BASE)
    url = with_query(location, login_hint=subject) if subject else location
    for _ in range(8):
        assert url.startswith(BASE + "/"), url
        answer = browser.ask("GET", url[len(BASE):])
        if answer.status == 200:
            assert "<form method=\"post\">" in unescape(answer.body.decode()), answer.body
            body = urlencode({"picked": "alex", press: "1"}).encode()
            answer = browser.ask("POST", url[len(BASE):], {"Content-Type": "application/x-www-form-urlencoded"}, body)
        assert answer.status in (302, 303), (url, answer.status, answer.body[:500])
        url = urljoin(url, answer.headers["Location"])
        if url.startswith(URL + "/"):
            return url
    raise AssertionError(f"still at the provider: {url}")


def callback(who, provider, subject, back="/", action=None):
    """Start and sign in; the address of the callback, not asked for yet."""
    answer = start(who, provider, back, action)
    assert answer.status == 303, (answer.status, answer.body[:300])
    return local(at_provider(answer.headers["Location"], subject))


def login(who, provider, subject, back="/", action=None):
    """All of it; the answer of the callback."""
    return who.ask("GET", callback(who, provider, subject, back, action))


def cause(answer):
    """What the page of a failed login says it is: the content of its meta mvti-login; None for another page."""
    if answer.type != "text/html":
        return None
    head = answer.body.decode().split('<meta name="mvti-login" content="')
    return head[1].split('"')[0] if len(head) == 2 else None
