#!/usr/bin/env python3
"""What is asked of every site before any page of it: icons, the manifest, robots.txt, the sitemap, one address a page."""
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import xml.etree.ElementTree as xml

from stack import API, URL, films, get, main, site, take

WWW = pathlib.Path(__file__).resolve().parents[2] / "www"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def size_of(png):
    assert png[:8] == b"\x89PNG\r\n\x1a\n", png[:8]
    return struct.unpack(">II", png[16:24])


def test_icons_that_browsers_ask_for_unasked():
    ico = get("/favicon.ico")
    assert ico.status == 200 and ico.type == "image/x-icon", (ico.status, ico.type)
    n = struct.unpack("<HHH", ico.body[:6])
    assert n[:2] == (0, 1) and n[2] >= 2, n
    for i in range(n[2]):
        width, _, _, _, _, bits, length, offset = struct.unpack("<BBBBHHII", ico.body[6 + 16 * i:22 + 16 * i])
        assert bits == 32 and size_of(ico.body[offset:offset + length]) == (width, width)
    for name in "/apple-touch-icon.png", "/apple-touch-icon-precomposed.png":
        icon = get(name)
        assert icon.status == 200 and icon.type == "image/png" and size_of(icon.body) == (180, 180), name
        assert icon.body[25] in (2, 3) or b"tRNS" not in icon.body, "iPhones show what is transparent as black"


def test_the_manifest_and_its_icons():
    answer = get("/manifest.webmanifest")
    assert answer.status == 200 and answer.type == "application/manifest+json", (answer.status, answer.type)
    m = json.loads(answer.body)
    assert re.search("[가-힣]", m["name"]) and not re.search("[가-힣]", m["name_localized"]["en"])
    assert m["start_url"] == "/" and m["display"] == "standalone" and m["theme_color"] and m["background_color"]
    sizes = {(i["sizes"], i.get("purpose", "any")) for i in m["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("192x192", "maskable"), ("512x512", "maskable")} <= sizes, sizes
    for icon in m["icons"]:
        file = get(icon["src"])
        assert file.status == 200 and file.type == icon["type"], icon
        if icon["type"] == "image/png":
            assert "%dx%d" % size_of(file.body) == icon["sizes"], icon


def test_the_service_worker_is_asked_for_again_each_time():
    answer = get("/sw.js")
    assert answer.status == 200 and answer.type == "text/javascript" and answer.headers["Cache-Control"] == "no-cache", answer.headers


def test_every_page_names_icons_manifest_and_colours_that_are_there():
    who = site()
    character = json.loads(get(f"{API}/home").body)["popular"][0]["id"]
    for path in "/", "/test", "/me", f"/c/{character}", "/t/INFP", "/nowhere":
        html = get(path, who).body.decode()
        for rel in "icon", "apple-touch-icon", "manifest":
            links = re.findall(rf'<link rel="{rel}" href="([^"]+)"', html)
            assert links and all(get(href).status == 200 for href in links), (path, rel)
        colours = re.findall(r'<meta name="theme-color" content="(#\w{6})" media="\(prefers-color-scheme: (\w+)\)"', html)
        assert sorted(scheme for _, scheme in colours) == ["dark", "light"], (path, colours)


def addresses(path, depth=0):
    answer = get(path)
    assert answer.status == 200 and answer.type == "application/xml" and answer.headers["ETag"], (path, answer.status)
    root = xml.fromstring(answer.body)
    found = [loc.text for loc in root.iter(SITEMAP + "loc")]
    assert 0 < len(found) <= 50000 and len(answer.body) < 50 << 20
    assert len(list(root.iter(SITEMAP + "lastmod"))) == len(found)
    if root.tag == SITEMAP + "urlset":
        return found
    assert root.tag == SITEMAP + "sitemapindex" and depth == 0
    return [a for part in found for a in addresses(part.removeprefix(URL), 1)]


def test_robots_lead_to_a_sitemap_of_every_page():
    robots = get("/robots.txt")
    assert robots.status == 200 and robots.type == "text/plain"
    rules = robots.body.decode()
    assert f"Sitemap: {URL}/sitemap.xml" in rules.splitlines()
    forbidden = re.findall(r"^Disallow: (\S+)$", rules, re.M)
    found = addresses("/sitemap.xml")
    assert len(found) == len(set(found)) and all(a.startswith(URL + "/") for a in found)
    both = [a.removeprefix(URL) for a in found]
    english = [p for p in both if re.match("/en(/|$)", p)]
    paths = [p for p in both if p not in set(english)]
    assert sorted(paths) == sorted(p.removeprefix("/en") or "/" for p in english), "every page in both languages"
    home = json.loads(get(f"{API}/home").body)
    kinds = {k: sum(p.startswith(k) for p in paths) for k in ("/c/", "/m/", "/t/", "/e/")}
    assert kinds == {"/c/": home["characters"], "/m/": home["movies"], "/t/": 16 + 16 * 18, "/e/": 18}, kinds
    assert {"/", "/about"} <= set(paths)
    assert {f"/m/{i}" for i in films(50)} <= set(paths)
    asked = [f"{API}/home", f"{API}/survey", f"{API}/movies", *(API + p.replace("/c/", "/characters/").replace("/m/", "/movies/").replace("/t/", "/types/")
                                                                       for p in paths)]
    assert not [p for p in paths + asked for rule in forbidden if p.startswith(rule)], "pages and what they are drawn from may be read"
    for path in paths[:4] + paths[-4:] + [p for p in paths if p.startswith("/c/")][:2]:
        assert get(path).status == 200, path
    tag = get("/sitemap.xml").headers["ETag"]
    assert site().ask("GET", "/sitemap.xml", {"If-None-Match": tag}).status == 304


def test_a_slash_at_the_end_leads_to_the_page():
    token = take(site())["token"]
    for path in ("/test", "/about", "/liked", "/login", "/me", "/c/12", "/m/3", "/t/INFP", f"/r/{token}", "/en", "/en/test", "/en/me", "/en/c/12",
                 f"/en/r/{token}"):
        for end in "/", "//":
            for query in "", "?step=mbti&x=%2F":
                answer = get(path + end + query)
                assert answer.status in (301, 308), (path, answer.status)
                assert answer.headers["Location"].removeprefix(URL) == path + query, (path, answer.headers["Location"])
    for path in f"{API}/home/", f"{API}/movies/", "/auth/google/", "/nowhere/", "/c/", "/c/1/2/", "/assets/":
        assert get(path).status not in (301, 302, 307, 308), path
    for path in "/c/%0d%0aX-Evil:%20yes/", "/c/%0aX/", "//evil.example/", "/c/12/%2F/evil.example/", "/t/..%2f/":
        answer = get(path)
        assert answer.headers.get("X-Evil") is None and "evil" not in answer.headers.get("Location", ""), path


def with_rows(folder, rows):
    """www with these rows in its table of routes, built: what the build said, and the pages that it made."""
    shutil.copytree(WWW, folder / "www")
    (folder / "lib" / "app").mkdir(parents=True)
    shutil.copy(WWW.parent / "lib" / "app" / "recommend.h", folder / "lib" / "app")
    routes = folder / "www" / "js" / "routes.js"
    routes.write_text(routes.read_text().replace("  ['/about',", f"  {rows}\n  ['/about',", 1))
    (folder / "www" / "js" / "pages" / "quince.js").write_text("export const open = () => ({ title: () => 'Quince', view: () => '' });\n")
    built = subprocess.run([folder / "www" / "build", folder / "out"], capture_output=True, text=True, check=False)
    return built, folder / "out" / "pages"


def test_a_row_of_the_table_is_all_that_a_new_page_needs():
    served = pathlib.Path(os.environ["MVTI_TEST_STACK"]).parent / "www" / "pages" / "quince.html"
    with tempfile.TemporaryDirectory() as folder:
        built, pages = with_rows(pathlib.Path(folder), "['/quince', () => import('./pages/quince.js'), OWN],")
        assert built.returncode == 0, built.stderr
        assert get("/quince").status == 404 and get("/quince/").status == 404
        try:
            shutil.copy(pages / "quince.html", served)
            page, slash = get("/quince"), get("/quince//?a=b")
            assert page.status == 200 and page.type == "text/html" and b'content="noindex"' in page.body, page.status
            assert (slash.status, slash.headers["Location"].removeprefix(URL)) == (301, "/quince?a=b")
        finally:
            served.unlink()
        assert get("/quince").status == 404
    for wrong in "['/quince', () => import('./pages/quinze.js')],", "['/Quince', () => import('./pages/quince.js')],", \
            "[/^.quince$/, () => import('./pages/quince.js')],":
        with tempfile.TemporaryDirectory() as folder:
            built, pages = with_rows(pathlib.Path(folder), wrong)
            assert built.returncode != 0 and "quin" in built.stderr.lower(), (wrong, built.stderr)


def test_the_sitemap_has_the_plain_pages_of_the_table():
    rows = re.findall(r"^  \['(/[a-z]*)', \(\) => import\('[^']*'\)(, OWN)?\],", (WWW / "js" / "routes.js").read_text(), re.M)
    plain = {address for address, own in rows if not own}
    found = {a.removeprefix(URL) for a in addresses("/sitemap.xml")}
    korean = {a for a in found if not re.match("/en(/|$)", a)}
    assert len(plain) >= 3 and plain == {a for a in korean if not re.match("/[a-z]/", a)}, plain


def test_what_is_ones_own_is_not_for_search_results():
    for path, hidden in (("/", False), ("/test", False), ("/about", False), ("/t/INFP", False), ("/me", True), ("/liked", True), ("/login", True),
                         ("/nowhere", True), ("/en", False), ("/en/t/INFP", False), ("/en/me", True), ("/en/nowhere", True)):
        assert ('<meta name="robots" content="noindex">' in get(path).body.decode()) == hidden, path


if __name__ == "__main__":
    main(globals())
