#!/usr/bin/python3
"""What every answer of the site carries, for every operation of www/openapi.json and every kind of answer that can be had from
it: the headers that browsers protect visitors by, once each; what may be kept; what the bytes are. nginx's own refusals, limits
and a pool that is away are in tests/harness/edge-test. /usr/bin/python3, for Debian's jsonschema."""
import html
import re
import socket
import sys

sys.dont_write_bytecode = True

from openapi_document import Document
from provider_control import login
from site_client import Answer
from stack import API, ROOT, URL, WRITE, eventually, films, get, main, site, slowness, take
from http.client import HTTPResponse

SECURITY = {
    "Content-Security-Policy": lambda v: directives(v) in (POLICY, POLICY_OF_PAGES),
    "X-Frame-Options": lambda v: v == "DENY",
    "X-Content-Type-Options": lambda v: v == "nosniff",
    "Referrer-Policy": lambda v: v == "strict-origin-when-cross-origin",
    "Permissions-Policy": lambda v: "camera=()" in v and "geolocation=()" in v,
    "Cross-Origin-Opener-Policy": lambda v: v == "same-origin",
    "X-Request-Id": lambda v: 0 < len(v) <= 64,
    "Cache-Control": lambda v: v != "",
}
# Nothing is loaded from elsewhere, no script or style stands in a page, nobody frames the site.
POLICY = {"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' data: blob:", "font-src": "'self'",
          "connect-src": "'self'", "manifest-src": "'self'", "base-uri": "'none'", "form-action": "'self'", "frame-ancestors": "'none'"}
# Pages may also load Kakao's script, when somebody asks for it, and open its window, where the operator has a key.
POLICY_OF_PAGES = POLICY | {"script-src": "'self' https://t1.kakaocdn.net", "form-action": "'self' https://sharer.kakao.com"}
HEX = "a" * 22
document = Document(ROOT / "www" / "openapi.json")


# Names of statuses (RFC 9110, 15; RFC 6585), and what nginx says instead where the answer is its own.
REASONS = {200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content", 303: "See Other", 304: "Not Modified",
           400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict",
           413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type", 421: "Misdirected Request",
           422: "Unprocessable Content", 429: "Too Many Requests", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
           505: "HTTP Version Not Supported"}
NGINX_REASONS = {405: "Not Allowed", 413: "Request Entity Too Large", 414: "Request-URI Too Large", 431: ""}


def directives(text):
    return {d.split()[0]: " ".join(d.split()[1:]) for d in text.split(";") if d.strip()}


def faults(answer, said):
    """What is missing from an answer, one line a fault."""
    found = []
    for name, fine in SECURITY.items():
        values = answer.headers.get_all(name) or []
        if len(values) != 1 or not fine(values[0]):
            found.append(f"{said}: {answer.status}: {name}: {values}")
    # Pictures are made to be shown by others; nothing else is.
    policy = answer.headers.get_all("Cross-Origin-Resource-Policy")
    if policy != (["cross-origin"] if answer.type == "image/png" else ["same-origin"]):
        found.append(f"{said}: {answer.status}: Cross-Origin-Resource-Policy: {policy}")
    if answer.headers.get_all("Access-Control-Allow-Origin"):
        found.append(f"{said}: shares its answer with other sites")
    if answer.reason not in (REASONS.get(answer.status), NGINX_REASONS.get(answer.status)):
        found.append(f"{said}: {answer.status} is called {answer.reason!r}")
    kind = answer.headers.get("Content-Type") or ""
    if answer.body and not kind:
        found.append(f"{said}: {answer.status}: bytes of no type")
    if kind.startswith("text/") and "charset=utf-8" not in kind.lower():
        found.append(f"{said}: {answer.status}: {kind} without its encoding")
    if answer.type.endswith("json") and answer.body:
        answer.json()
    return found


def target(op, who, known=True):
    values = {"id": str(who.character if "/characters" in op.path or "/c/" in op.path else who.film) if known else "2147483647",
              "token": who.token if known else HEX, "mbti": "INFP" if known else "XXXX", "provider": "dev" if known else "nobody"}
    path = op.path
    for name, value in values.items():
        path = path.replace("{%s}" % name, value)
    if known and op.spec["operationId"] == "recommend":
        path += "?mbti=INFP&enneagram=4w5&movies=" + ",".join(map(str, who.films))
    return path


def visitor():
    """Somebody with a test, as the operations need one."""
    who = site()
    who.films = films(3)
    who.film, who.token = who.films[0], take(who)["token"]
    who.character = get(f"{API}/home").json()["popular"][0]["id"]
    return who


def test_l25_every_answer_of_every_route_is_protected():
    who, wrong, seen = visitor(), [], {}
    for op in document.operations():
        unsafe = op.method != "GET"
        headers = WRITE if unsafe else {}
        known, unknown = target(op, who), target(op, who, False)
        for label, method, path, sent, body in (
                ("as it should be", op.method, known, headers, b"{}" if unsafe else None),
                ("to a page elsewhere", op.method, known, headers | {"Origin": "https://evil.example"}, b"{}" if unsafe else None),
                ("unknown", op.method, unknown, headers, b"{}" if unsafe else None),
                ("a query that is none", op.method, known + ("&" if "?" in known else "?") + "a=%zz", headers, b"{}" if unsafe else None),
                ("HEAD", "HEAD", known, {}, None),
                ("another method", "PATCH", known, WRITE, b"{}"),
                ("another host", op.method, known, headers | {"Host": "evil.example"}, b"{}" if unsafe else None),
                ("a long address", op.method, known + ("&" if "?" in known else "?") + "a=" + "x" * 5000, headers, b"{}" if unsafe else None),
                ("another site", op.method, known, {"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"}, b"{}"),
                ("another type", op.method, known, {"Content-Type": "text/plain", "Sec-Fetch-Site": "same-origin"}, b"{}"),
                ("a large body", op.method, known, WRITE, b"[" + b" " * 40000 + b"]"),
                ("a broken body", op.method, known, WRITE, b"{")):
            if body is not None and not unsafe and method != "PATCH":
                continue
            asker = site() if "logout" in path or "/me" in path and op.method == "DELETE" else who
            answer = asker.ask(method, path, sent, body)
            seen.setdefault(answer.status, op.name)
            wrong += faults(answer, f"{op.name} ({label})")
            if answer.status >= 500:
                wrong.append(f"{op.name} ({label}): {answer.status}")
    assert not wrong, "\n".join(wrong[:10])
    assert {200, 204, 303, 400, 401, 403, 404, 405, 413, 414, 415, 421} <= set(seen), seen


def test_only_pages_may_load_what_sends_to_kakaotalk():
    pages = {path: site().ask("GET", path) for path in ("/", "/en/about", "/t/INFP", "/login", "/nothing-at-all/x")}
    others = {path: site().ask("GET", path) for path in ("/api/v1/types", "/openapi.json", "/robots.txt", "/api/v1/nothing", "/p/site.png")}
    for asked, policy in ((pages, POLICY_OF_PAGES), (others, POLICY)):
        for path, answer in asked.items():
            wanted = policy if b"mvti-kakao" in answer.body or asked is others else POLICY
            assert directives(answer.headers["Content-Security-Policy"]) == wanted, path
            assert answer.headers["X-Mvti-Kakao"] is None, path
    for path in ("/", "/en/about", "/t/INFP", "/login"):
        assert b'<meta name="mvti-kakao" content="' in pages[path].body, path


def test_l25_pages_files_and_what_nobody_has_are_protected_too():
    wrong = []
    for path in ("/", "/test", "/about", "/liked", "/login", "/me", "/openapi.json", "/favicon.ico", "/robots.txt", "/nothing", "/api",
                 "/api/", "/api/v1/nothing", "/api/v2/home", "/auth/", "/auth", "/assets/", "/assets/none.js", "/.env", "/c/", "/c/x/y",
                 "/%", "/%00", "/a\\b", "/" + "a" * 600, "/" + "a" * 9000):
        for method in "GET", "POST", "OPTIONS", "TRACE":
            answer = site().ask(method, path, {"Origin": "https://evil.example"}, b"" if method == "POST" else None)
            assert answer.status < 500, (method, path, answer.status)
            assert method != "TRACE" or answer.status in (400, 405, 414), (path, answer.status)
            wrong += faults(answer, f"{method} {path[:40]}")
    assert not wrong, "\n".join(wrong[:10])


def test_private_answers_are_kept_by_nobody():
    """Whatever depends on who asks, or tells of somebody: no-store. Only the catalog and the shell may be kept."""
    who = visitor()
    kept = {}
    for op in document.operations():
        if op.method != "GET":
            continue
        answer = get(target(op, who), who)
        if "no-store" not in answer.headers["Cache-Control"]:
            kept[op.path] = answer.headers["Cache-Control"]
            assert not answer.headers.get("Set-Cookie") and not answer.headers.get("X-CSRF-Token"), op.name
            assert "session" not in str(op.spec.get("security", "")), f"{op.name} depends on who asks"
    assert {p for p in kept if p.startswith("/api")} == {f"{API}/{p}" for p in (
        "survey", "search", "movies/{id}", "types", "types/{mbti}", "filters")}, kept
    assert {v for p, v in kept.items() if not p.startswith("/api") and not p.endswith(".png")} == {"no-cache"}, kept
    assert {v for p, v in kept.items() if p.endswith(".png")} == {"public, max-age=300"}, kept
    for method, path, body in (("GET", f"{API}/tests/{HEX}", None), ("GET", f"{API}/me/sessions", None), ("POST", f"{API}/tests", b"{"),
                               ("GET", "/auth/dev/callback?state=x", None), ("GET", "/auth/dev", None)):
        assert "no-store" in site().ask(method, path, WRITE, body).headers["Cache-Control"], path


def test_a_shared_result_says_nothing_of_its_owner():
    """The same bytes of a result for a stranger whether a guest or an account made it; no name, no number, no provider."""
    guest, owner = site(), site()
    assert login(owner, "dev", "secret.subject").status == 303
    name = get(f"{API}/me", owner).json()["account"]["name"]
    told = []
    for who in guest, owner:
        token = take(who)["token"]
        seen = get(f"{API}/tests/{token}")
        page = get(f"/r/{token}")
        told.append((set(seen.json()), seen.json()["mine"]))
        for secret in "secret.subject", '"visitor', '"session', '"account', '"provider', *([name] if name else []):
            assert secret not in seen.body.decode(), secret
        for secret in "secret.subject", *([name] if name else []):
            assert secret not in page.body.decode(), secret
        assert not seen.headers.get("X-CSRF-Token")
    assert told[0] == told[1] and told[0][1] is False, told


def test_cards_of_pages_are_short_and_end_between_words():
    """What messengers show of a page: whole, or cut before a word, and escaped once."""
    cut = 0
    for film in films(30):
        plot = " ".join((get(f"{API}/movies/{film}").json()["plot"]["ko"] or "").split())
        page = get(f"/m/{film}").body.decode()
        found = re.search(r'<meta property="og:description" content="([^"]*)">', page)
        said = html.unescape(found.group(1))
        assert f'<meta name="description" content="{found.group(1)}">' in page and len(said) <= 200, (film, said)
        if plot and len(plot) <= 200:
            assert said == plot, film
        elif plot:
            cut += 1
            assert said.endswith("…") and plot.startswith(said[:-1]) and plot[len(said) - 1] == " ", (film, said)
    return cut


def raw(lines, n=1):
    """Statuses of the answers to bytes that no well-behaved client sends."""
    host, port = URL.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30 * slowness()) as s:
        s.sendall(lines)
        found = []
        for _ in range(n):
            response = HTTPResponse(s)
            try:
                response.begin()
            except Exception:
                break
            found.append(Answer(response))
        return found


def test_one_request_is_one_request():
    """Two lengths, or a length and chunks, are what request smuggling is made of (RFC 9112, 6.3)."""
    host = URL.removeprefix("http://").encode()
    start = b"POST /api/v1/tests HTTP/1.1\r\nHost: " + host + b"\r\nContent-Type: application/json\r\nSec-Fetch-Site: same-origin\r\n"
    inner = b"GET /healthz HTTP/1.1\r\nHost: " + host + b"\r\n\r\n"
    for lengths in (b"Content-Length: 4\r\nContent-Length: 40\r\n", b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", b"Transfer-Encoding: xchunked\r\n",
                    b"Content-Length: -1\r\n", b"Content-Length: 4 4\r\n", b"Content-Length : 4\r\n"):
        answers = raw(start + lengths + b"\r\n0\r\n\r\n" + inner, 2)
        assert [a.status // 100 for a in answers] in ([4], [5]), (lengths, [a.status for a in answers])
    for head in (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
                 b"GET /\x00 HTTP/1.1\r\nHost: " + host + b"\r\n\r\n", b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nA: " + b"x" * 40000 + b"\r\n\r\n"):
        for answer in raw(head):
            assert 400 <= answer.status < 506 and answer.status != 500, (head[:40], answer.status)


if __name__ == "__main__":
    # Other tests have stopped the database, and a worker asks it again after a while of its own.
    eventually(lambda: all(get(f"{API}/me", site()).status == 200 and site().ask("GET", f"{API}/me", {"Cookie": "mvti=" + "A" * 43}).status == 200
                           for _ in range(20)), 40, "the database")
    main(globals())
