#!/usr/bin/env python3
"""Pictures of results and pages, fetched as the programs do that show links, and looked at as far as a program can."""
import contextlib
import html
import os
import re
import signal
import struct
import threading
import time
import zlib

from stack import API, STACK, URL, ctl, eventually, films, get, main, pool, send, site, status_of, take

SCRAPERS = (
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984",
    "Twitterbot/1.0",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
)
MOST = 300_000
CARD, STORY = (1200, 630), (1080, 1920)


def size_of(png):
    assert png[:8] == b"\x89PNG\r\n\x1a\n" and png.endswith(b"IEND\xaeB`\x82"), png[:16]
    return struct.unpack(">II", png[16:24])


def picture(path, size=CARD, who=None, agent=SCRAPERS[0]):
    answer = (who or site()).ask("GET", path, {"User-Agent": agent})
    assert answer.status == 200 and answer.type == "image/png", (path, answer.status, answer.body[:200])
    assert size_of(answer.body) == size and len(answer.body) <= MOST, (path, size_of(answer.body), len(answer.body))
    return answer


def rows(png):
    """The rows of a picture of 8 bits a channel (PNG, 9.2), each as bytes of RGB."""
    width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    assert (depth, colour) == (8, 2)
    data, at = b"", 8
    while at < len(png):
        n, kind = struct.unpack(">I4s", png[at:at + 8])
        data += png[at + 8:at + 8 + n] if kind == b"IDAT" else b""
        at += n + 12
    raw, stride, before, out = zlib.decompress(data), 3 * width, bytearray(3 * width), []
    for y in range(height):
        how, line = raw[y * (stride + 1)], bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        if how == 1:
            for i in range(3, stride):
                line[i] = (line[i] + line[i - 3]) & 255
        elif how == 2:
            line = bytearray((a + b) & 255 for a, b in zip(line, before))
        elif how == 3:
            for i in range(stride):
                line[i] = (line[i] + ((line[i - 3] if i > 2 else 0) + before[i]) // 2) & 255
        elif how == 4:
            for i in range(stride):
                a, b, c = (line[i - 3], before[i], before[i - 3]) if i > 2 else (0, before[i], 0)
                p = a + b - c
                best = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))
                line[i] = (line[i] + best[2]) & 255
        out.append(bytes(line))
        before = line
    return out


def head(path, agent):
    answer = site().ask("GET", path, {"User-Agent": agent})
    assert answer.status == 200, path
    return dict((name, html.unescape(value)) for name, value in
                re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', answer.body.decode()))


def pages():
    shown = get(f"{API}/home").json()["popular"][0]
    token = take(site())["token"]
    return f"/r/{token}", f"/c/{shown['id']}", f"/m/{shown['movie']['id']}", "/t/INFP"


def test_a_link_shows_a_picture_of_its_own():
    seen = {}
    for path in pages():
        for agent in SCRAPERS:
            meta = head(path, agent)
            assert meta["twitter:card"] == "summary_large_image" and meta["og:image:alt"], (path, meta)
            assert (meta["og:image:width"], meta["og:image:height"], meta["og:image:type"]) == ("1200", "630", "image/png"), meta
            address = meta["og:image"]
            assert address.startswith(URL + path + ".png?"), address
            answer = picture(address.removeprefix(URL), agent=agent)
            assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert "max-age=" in answer.headers["Cache-Control"] and "public" in answer.headers["Cache-Control"]
            seen[path] = answer.body
    assert len(set(seen.values())) == len(seen)


def compared(name, *, mbti="INFP", enneagram="4w5", circle=None):
    """Somebody who begins a circle, or enters that one; who they are, and its address."""
    who = site()
    token = take(who, mbti, enneagram)["token"]
    if circle is None:
        circle = send(who, "POST", f"{API}/circles", {"test": token, "name": name}).json()["circle"]
    else:
        assert send(who, "PUT", f"{API}{circle.replace('/w/', '/circles/')}/me", {"test": token, "name": name}).status == 200
        return who, circle
    return who, f"/w/{circle}"


def shown(path):
    address = head(path, SCRAPERS[1])["og:image"]
    assert address.startswith(URL + path.partition("?")[0] + ".png?"), address
    answer = picture(address.removeprefix(URL))
    assert answer.headers["Cache-Control"] == "public, max-age=86400", "not the picture that the page named"
    return answer.body


def test_a_circle_has_a_picture_that_names_nobody():
    first, path = compared("One")
    bodies = [shown(path)]
    second, _ = compared("Two", mbti="ENFJ", enneagram="2w3", circle=path)
    bodies.append(shown(path))
    assert send(second, "PUT", f"{API}{path.replace('/w/', '/circles/')}/me", {"test": take(second, "ENFJ", "2w3")["token"], "name": "Another"}).status == 200
    assert shown(path) == bodies[1], "a nickname is drawn"
    compared("Three", mbti="ISTP", enneagram="9w1", circle=path)
    bodies += [shown(path), shown(path + "?a=2&b=0")]
    assert len(set(bodies)) == 4
    assert shown(path + "?b=1&a=0") == shown(path + "?a=1&b=0") == bodies[1]
    assert shown(path + "?a=7") == bodies[2], "a bad choice is none"
    picture(f"{path}.png?lang=en&size=story", STORY)
    assert shown(path + "?a=2&b=0&a=1") == shown(path + "?a=2&b=%zz&b=0") == shown(path + "?a=2&b=0"), "as whoever made the link chose"
    for bad in "a=3", "a=1&b=1", "b=x", "size=huge":
        assert get(f"{path}.png?{bad}").status == 400, bad
    assert get("/w/aaaaaaaaaaaaaaaaaaaaaa.png").status == 404
    send(first, "DELETE", f"{API}{path.replace('/w/', '/circles/')}/me", {})
    assert shown(path) not in bodies, "who has left is still drawn"


def test_languages_and_sizes_differ():
    result = pages()[0]
    bodies = [picture(f"{result}.png?lang={lang}&size={size}", CARD if size == "card" else STORY).body
              for lang in ("ko", "en") for size in ("card", "story")]
    assert len(set(bodies)) == 4
    for bad in "lang=fr", "size=huge", "lang=":
        assert get(f"{result}.png?{bad}").status == 400, bad
    # What messengers add to addresses that they pass on is nobody's mistake.
    assert picture(f"{result}.png?fbclid=abc&lang=en").body == bodies[2]


def test_a_picture_has_a_name_and_is_sent_once():
    path = head("/t/ENTP", SCRAPERS[0])["og:image"].removeprefix(URL)
    answer = picture(path)
    assert "immutable" in answer.headers["Cache-Control"]
    again = site().ask("GET", path, {"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304 and again.body == b"" and again.headers["ETag"] == answer.headers["ETag"]
    for other in "/t/ENTP.png", "/t/ENTP.png?v=000000000000", "/t/ENTP.png?v=":
        assert "immutable" not in picture(other).headers["Cache-Control"], other
    assert site().ask("HEAD", path).headers["Content-Length"] == str(len(answer.body))


def test_what_is_gone_has_no_picture():
    who = site()
    token = take(who)["token"]
    picture(f"/r/{token}.png")
    assert send(who, "DELETE", f"{API}/me/tests/{token}").status == 204
    for path in f"/r/{token}.png", "/r/aaaaaaaaaaaaaaaaaaaaaa.png", "/c/999999999.png", "/m/999999999.png", "/t/XXXX.png", "/p/other.png":
        assert get(path).status == 404, path
    assert get("/t/INFP.png?enneagram=4w6").status == 400
    assert picture("/t/INFP.png?enneagram=4w5").body != picture("/t/INFP.png").body


def test_nothing_of_the_words_is_cut_by_a_crop_to_two_to_one():
    """Messengers that show 2:1 cut 15 rows above and below: what stands there stands also in the picture of somebody who chose nothing."""
    who = site()
    mine, other = take(who, "INFP", "4w5"), take(who, "INFP", "9w1", 4)
    edges = []
    for token in mine["token"], other["token"]:
        drawn = rows(picture(f"/r/{token}.png").body)
        edges.append(drawn[:15] + drawn[-15:])
        colours = {row[i:i + 3] for row in drawn[:15] + drawn[-15:] for i in range(0, len(row), 3)}
        assert max(max(c) for c in colours) < 200, sorted(colours)[-5:]  # the ground's, no letters
        assert len({row[i:i + 3] for row in drawn[15:-15] for i in range(0, len(row), 3)}) > 300
    assert edges[0] == edges[1]


def forget():
    """So that the next picture is drawn."""
    for file in (STACK / "state/pictures-drawn").iterdir():
        file.unlink(missing_ok=True)


def test_a_picture_is_drawn_once():
    path = pages()[1] + ".png?lang=en"
    folder = STACK / "state/pictures-drawn"
    first = picture(path)
    kept = {f.name for f in folder.iterdir()}
    assert any(f.stem == first.headers["ETag"].strip('"') for f in folder.iterdir())
    assert picture(path).body == first.body and {f.name for f in folder.iterdir()} >= kept


def test_a_renderer_that_dies_costs_nothing():
    path = pages()[2]
    picture(path + ".png")
    for child in [c for worker in pool("picture") for c in children(worker)]:
        os.kill(child, signal.SIGKILL)
    forget()
    picture(path + ".png?lang=en")


def children(pid):
    return [int(p) for p in os.listdir("/proc") if p.isdigit() and status_of(p, "PPid") == pid]


def test_who_draws_holds_nothing():
    """The process that paints has no key, no database and no network: one descriptor that leads anywhere, and a filter on its calls."""
    forget()
    picture(pages()[1] + ".png?lang=en")
    painters = [c for worker in pool("picture") for c in children(worker)]
    assert painters
    for pid in painters:
        status = open(f"/proc/{pid}/status").read()
        assert "Seccomp:\t2" in status and "NoNewPrivs:\t1" in status, status
        environment = open(f"/proc/{pid}/environ").read()
        assert "HOME=/nonexistent" in environment and "CREDENTIALS" not in environment and "MVTI" not in environment
        sockets = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
        assert len({s for s in sockets if s.startswith("socket:")}) == 1, sockets


@contextlib.contextmanager
def spares(own, *names):
    """Spare pictures that are told apart by a chunk of their own, and what was there again."""
    spare = STACK / "state/pictures"
    kept = {name: (spare / f"{name}.png").read_bytes() if (spare / f"{name}.png").exists() else None for name in names}
    for name in names:
        (spare / f"{name}.png").write_bytes(own[:-12] + struct.pack(">I4s", 4, b"teSt") + name.encode()[:4].ljust(4) + b"\0" * 4 + own[-12:])
    try:
        yield spare
    finally:
        for name, was in kept.items():
            if was is None:
                (spare / f"{name}.png").unlink(missing_ok=True)
            else:
                (spare / f"{name}.png").write_bytes(was)


@contextlib.contextmanager
def away():
    ctl("stop", "picture")
    try:
        yield
    finally:
        ctl("start", "picture")


def at_work():
    """How long the API takes to answer what it reads, in seconds, from one browser after the other."""
    who, took = site(), []
    for _ in range(200):
        began = time.monotonic()
        assert get(f"{API}/movies?limit=20", who).status == 200
        took.append(time.monotonic() - began)
    return sorted(took)[197]


def test_two_hundred_at_once_all_get_one():
    """Whom the queue turns away gets a spare one; nobody gets nothing."""
    films_there = films(100)
    got, failed = [], []

    def ask(path):
        try:
            got.append(picture(path).headers["Cache-Control"])
        except Exception as error:
            failed.append(error)

    with spares(picture("/t/INFP.png").body, "site-ko", "site-en"):
        forget()
        before = at_work()
        asked = [threading.Thread(target=ask, args=(f"/m/{film}.png?lang={lang}",)) for film in films_there for lang in ("ko", "en")]
        for thread in asked:
            thread.start()
        during = at_work()
        for thread in asked:
            thread.join()
    assert not failed and len(got) == 200, failed[:3]
    spare = sum("max-age=60" in kept for kept in got)
    print(f"200 at once: {200 - spare} drawn, {spare} spare; p99 of the API {1e3 * before:.1f} ms before, {1e3 * during:.1f} ms meanwhile")
    assert 0 < spare < 200


def test_while_nobody_draws_links_show_the_type():
    """Spare pictures stand in for whatever cannot be drawn now, and for a result also without the database."""
    result, *others = pages()
    own = picture(result + ".png").body
    path = compared("One")[1]
    with away(), spares(own, "site-ko", "site-en", "INFP-4w5-ko", "INFP-ko") as spare:
        answer = picture(result + ".png")
        assert answer.body == (spare / "INFP-4w5-ko.png").read_bytes() and "max-age=60" in answer.headers["Cache-Control"]
        assert picture("/t/INFP.png").body == (spare / "INFP-ko.png").read_bytes()
        for other in others[:2]:
            picture(other + ".png?lang=en")
        assert picture("/p/site.png").body == (spare / "site-ko.png").read_bytes()
        assert picture(path + ".png").body == (spare / "site-ko.png").read_bytes()
        assert get("/r/aaaaaaaaaaaaaaaaaaaaaa.png").status == 404 and get("/w/aaaaaaaaaaaaaaaaaaaaaa.png").status == 404
        (spare / "site-ko.png").unlink()
        answer = get("/p/site.png")
        assert answer.status == 503 and answer.headers["Retry-After"], answer.status
    eventually(lambda: get(result + ".png").body == own, what="a picture of its own again")


if __name__ == "__main__":
    main(globals())
