#!/usr/bin/env python3
"""What a visitor's browser does, through nginx and the workers into the database. The names F1 to F9 are the faults of
the first version of this idea, each of which must stay away."""
import json
import random
import re
import socket
import time
import urllib.parse
from urllib.parse import urlsplit

from stack import API, URL, WRITE, eventually, films, get, log_since, log_size, main, number, send, site, slowness, sql, take, within

TABLES = "session", "test", "test_movie", "test_result", "character_like", "mark", "event"


def checksums():
    return sql("CHECKSUM TABLE " + ", ".join(TABLES))


def test_f1_others_can_read_a_shared_result_but_not_touch_it():
    owner, other = site(), site()
    token = take(owner)["token"]
    assert len(token) == 22
    take(other)
    for who in other, site():
        assert send(who, "DELETE", f"{API}/me/tests/{token}").status == 404
        assert send(who, "PUT", f"{API}/tests/{token}/feedback", {"value": "up"}).status == 404
    assert number(f"SELECT COUNT(*) FROM test WHERE token = '{token}' AND feedback = 'none'") == 1
    seen = get(f"{API}/tests/{token}", other).json()
    assert seen["mine"] is False and "feedback" not in seen
    assert get(f"{API}/me/tests/{token}", owner).status == 405  # deleting is no GET
    assert send(owner, "DELETE", f"{API}/me/tests/{token}").status == 204
    assert get(f"{API}/tests/{token}").status == 404 and get(f"/r/{token}").status == 404


def test_f1_tokens_are_not_guessable():
    who = site()
    tokens = [take(who)["token"] for _ in range(20)]
    assert len(set(tokens)) == 20 and len({t[:4] for t in tokens}) > 15


def test_f2_crawling_every_get_changes_nothing():
    who = site()
    token = take(who)["token"]
    home = get(f"{API}/home", who).json()
    character = home["popular"][0]
    sql("UPDATE session SET last_seen_at = last_seen_at - INTERVAL 1 DAY")
    before = checksums()
    ids = films(3)
    paths = [f"{API}/{p}" for p in (
        "home", "survey", "movies", "movies?q=a", f"movies/{ids[0]}", f"characters/{character['id']}", "types",
        "types/INFP", f"recommendations?mbti=INFP&enneagram=4w5&movies={','.join(map(str, ids))}", f"tests/{token}",
        "me/tests", "me/likes", "me/marks", f"me/tests/{token}", f"tests/{token}/feedback", f"characters/{character['id']}/like",
        f"characters/{character['id']}/mark",
        "events", "tests")]
    paths += ["/", "/test", "/about", "/liked", f"/c/{character['id']}", f"/m/{ids[0]}", "/t/INFP", f"/r/{token}",
              "/healthz", "/readyz", "/nothing"]
    for path in paths:
        for method in "GET", "HEAD":
            answer = who.ask(method, path)
            assert answer.status < 500, (method, path, answer.status)
            assert not answer.headers.get("Set-Cookie"), path
    assert checksums() == before


def test_f2_other_sites_cannot_write():
    who = site()
    body = {"mbti": "INFP", "enneagram": "4w5", "movies": films(3)}
    before = number("SELECT COUNT(*) FROM test")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"},
                    {"Origin": "null"}, {}):
        answer = send(who, "POST", f"{API}/tests", body, {"Content-Type": "application/json"} | headers)
        assert answer.status == 403, (headers, answer.status)
    assert send(who, "POST", f"{API}/tests", body, {"Sec-Fetch-Site": "same-origin", "Content-Type": "text/plain"}).status == 415
    assert send(who, "POST", f"{API}/tests", body, {"Content-Type": "application/json", "Origin": URL}).status == 201
    assert number("SELECT COUNT(*) FROM test") == before + 1


def test_f3_five_pages_of_posters_are_a_hundred_films():
    seen, path = [], f"{API}/movies?limit=20"
    for _ in range(5):
        page = get(path).json()
        seen += [m["id"] for m in page["items"]]
        path = f"{API}/movies?limit=20&cursor={page['next_cursor']}"
    assert len(seen) == len(set(seen)) == 100
    first = [m["id"] for m in get(f"{API}/movies?limit=20").json()["items"]]
    assert first != seen[:20], "another visit, another draw"


def test_f4_one_recommendation_a_completion():
    who, ids, at = site(), films(5), log_size()
    started = time.monotonic()
    answer = send(who, "POST", f"{API}/tests", {"mbti": "ENTP", "enneagram": "7w8", "movies": ids})
    assert within(time.monotonic() - started, 2), "no artificial waiting"
    made = answer.json()
    assert made["same"] and made["compatible"] and made["token"]
    asked = answer.headers["X-Request-Id"]
    mine = eventually(lambda: [e for e in log_since(at) if e.get("request_id") == asked and e["event"] == "request"])
    assert len(mine) == 1 and mine[0]["text"].startswith("POST /api/v1/tests 201 ")
    assert not [e for e in log_since(at) if "recommendations" in e["text"]]


def test_f5_the_counter_is_the_number_of_completed_tests():
    who = site()
    assert send(who, "POST", f"{API}/tests", {"mbti": "INFP"}).status == 400
    take(who)
    # Workers count every other second.
    eventually(lambda: get(f"{API}/home").json()["tests"] == number("SELECT COUNT(*) FROM test"), 5, "fresh count")


def test_f7_the_newest_test_is_mine():
    who = site()
    take(who, "INFP", "4w5")
    newest = take(who, "ESTJ", "8w7")["token"]
    mine = get(f"{API}/home", who).json()["mine"]
    assert (mine["mbti"], mine["enneagram"], mine["token"]) == ("ESTJ", "8w7", newest) and len(mine["same"]) == 10
    assert [t["mbti"] for t in get(f"{API}/me/tests", who).json()["items"]] == ["ESTJ", "INFP"]
    assert get(f"{API}/home").json()["mine"] is None


def test_f8_only_our_hosts_are_answered():
    who = site()
    for host in "evil.example", "127.0.0.1.evil.example", "mvti.example:80":
        assert who.ask("GET", f"{API}/types", {"Host": host}).status == 421, host
    assert who.ask("GET", f"{API}/types", {"Host": "localhost"}).status == 200


def first_line(request):
    """The answer's first line to bytes as they are."""
    at = urlsplit(URL)
    with socket.create_connection((at.hostname, at.port), timeout=30 * slowness()) as s:
        s.sendall(request.encode())
        return s.makefile("rb").readline().decode().strip()


def test_a_line_that_names_another_host_is_no_request_for_us():
    own = urlsplit(URL).netloc
    for path in "/", "/about", "/assets/none.js", f"{API}/types", "/m/1", "/auth/dev", "/robots.txt":
        for line, host in ((f"http://evil.example{path}", own), (f"http://evil.example{path}", "evil.example"), (f"http://x@{own}{path}", own),
                           (f"http://{own}{path}", "evil.example"), (f"https://evil.example:80{path}", own), (path, "evil.example")):
            answer = first_line(f"GET {line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
            assert answer.split()[1] in ("421", "400") and (answer.split()[1] == "421" or "@" in line), (line, host, answer)
        same = [first_line(f"GET {line} HTTP/1.1\r\nHost: {own}\r\nConnection: close\r\n\r\n") for line in (path, f"http://{own}{path}")]
        assert same[0] == same[1] and "421" not in same[0], (path, same)
    assert "200" in first_line("GET /healthz HTTP/1.1\r\nHost: 192.0.2.1\r\nConnection: close\r\n\r\n"), "whoever looks after the machine"


def test_f9_fuzzed_paths_are_never_server_errors():
    rng = random.Random(9)
    pieces = ["INFP", "infp", "XXXX", "0", "1", "-1", "99999999999999999999", "%00", "%2e%2e", "%ff", "..", "{id}", "'",
              '"', "<script>", "a" * 300, "%F0%9F%8E%AC", "movies", "1e3", "1.0", ";", "~"]
    fronts = ["/c/", "/m/", "/t/", "/r/", f"{API}/movies/", f"{API}/characters/", f"{API}/types/", f"{API}/tests/", f"{API}/"]
    who = site()
    for _ in range(400):
        path = rng.choice(fronts) + "/".join(rng.choice(pieces) for _ in range(rng.randint(1, 3)))
        answer = who.ask("GET", path)
        assert answer.status in (200, 400, 404, 405, 414) or (path, answer.status) == ("/t/infp", 301), (path, answer.status)
    for path in "/t/XXXX", "/c/999999999", "/m/999999999", "/r/" + "a" * 22, "/c/abc":
        answer = who.ask("GET", path)
        assert answer.status == 404 and answer.type == "text/html", (path, answer.status, answer.type)


def test_the_session_cookie_is_protected_and_made_only_when_needed():
    who = site()
    assert not get(f"{API}/home", who).headers.get("Set-Cookie")
    before = number("SELECT COUNT(*) FROM session")
    assert send(who, "POST", f"{API}/tests", {"mbti": "?"}).status == 400 and who.cookie is None
    assert number("SELECT COUNT(*) FROM session") == before
    answer = send(who, "POST", f"{API}/tests", {"mbti": "INFP", "enneagram": "4w5", "movies": films(3)})
    cookie = answer.headers["Set-Cookie"]
    for wanted in "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=34560000":
        assert wanted in cookie, cookie
    value = cookie.split(";")[0].split("=", 1)[1]
    assert len(value) == 43
    assert number("SELECT COUNT(*) FROM session") == before + 1
    for table in TABLES:
        assert value not in sql(f"SELECT * FROM {table} LIMIT 100000"), "a dump of the database opens no session"


def test_logs_hold_no_cookie_token_or_answer():
    who, at = site(), log_size()
    token = take(who)["token"]
    get(f"{API}/tests/{token}", who)
    get(f"{API}/recommendations?mbti=ISTP&enneagram=5w6&movies=" + ",".join(map(str, films(3))), who)
    asked = get(f"{API}/types", who).headers["X-Request-Id"]
    eventually(lambda: any(e.get("request_id") == asked for e in log_since(at)), what="the log has the last request")
    text = json.dumps(log_since(at))
    for secret in token, who.cookie.split("=", 1)[1], "ISTP", "5w6":
        assert not re.search(rf"(?<![\w-]){re.escape(secret)}(?![\w-])", text), secret  # as a word: three letters are in many a random id


def test_search_takes_korean_english_and_initials():
    def initials(title):
        return "".join("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"[(ord(c) - 0xAC00) // 588] for c in title if "가" <= c <= "힣")

    def found(q):
        return [m["id"] for m in get(f"{API}/movies?limit=100&q=" + urllib.parse.quote(q)).json()["items"]]

    for m in get(f"{API}/movies?seed=3&limit=30").json()["items"]:
        ko, en = m["title"]["ko"], m["title"]["en"]
        for q in ko, en, en.upper(), en.replace(" ", ""), ko[:2]:
            assert m["id"] in found(q), (q, ko, en)
        hangul = "".join(c for c in ko if "가" <= c <= "힣")
        if len(hangul) == len(ko.replace(" ", "")) and hangul:
            assert m["id"] in found(initials(ko)) and m["id"] in found(hangul[0] + initials(hangul[1:])), ko
    assert found("!!!") == [] and found("ㅎㅎㅎㅎㅎㅎㅎㅎㅎㅎ") == []


def test_wrong_tests_store_nothing():
    who, ids = site(), films(3)
    good = {"mbti": "INFP", "enneagram": "4w5", "movies": ids}
    wrong = {
        "movies": [good | {"movies": m} for m in ([], ids[:2], ids[:2] + [999999999], ids[:2] * 2, "x", [1.5, 2, 3],
                                                  list(range(1, 2001)), None)],
        "mbti": [good | {"mbti": m} for m in ("XXXX", "", 1, None, ["INFP"])],
        "enneagram": [good | {"enneagram": e} for e in ("4w6", "", 4)],
        "answers": [{"mbti": "INFP", "answers": a, "movies": ids} for a in (["withdrawn", "reactive", "7w6"], [], "x")],
        "survey": [{"survey": s, "enneagram": "4w5", "movies": ids} for s in ([1], [3] * 12, ["1"] * 12, "x")] + [
            {"survey": s, "survey_version": 2, "enneagram": "4w5", "movies": ids}
            for s in ([1] * 12, [0] * 28, [None] * 28, [1, 1, 1] + [None] * 25, [3] * 28)],
        "survey_version": [{"survey": [1] * 12, "survey_version": v, "enneagram": "4w5", "movies": ids} for v in (0, 3, "2", None)],
        "locale": [good | {"locale": "xx"}],
    }
    before = checksums()
    for field, bodies in wrong.items():
        for body in bodies:
            answer = send(who, "POST", f"{API}/tests", body)
            assert answer.status == 400 and field in answer.fields(), (field, str(body)[:80], answer.status, answer.body[:200])
    for raw in b"", b"{", b"null", b"[]", b'{"mbti":"IN\x00FP"}', b"\xff\xfe", b"[" * 5000:
        answer = who.ask("POST", f"{API}/tests", WRITE, raw)
        assert answer.status == 400 and "body" in answer.fields(), (raw[:20], answer.status)
    answer = who.ask("POST", f"{API}/tests", WRITE, json.dumps(good | {"movies": list(range(1, 10001))}).encode())
    assert answer.status == 413
    assert checksums() == before


def test_likes_are_counted_exactly_under_parallel_toggles():
    import threading
    character = get(f"{API}/home").json()["popular"][5]["id"]
    base = get(f"{API}/characters/{character}").json()["likes"]
    visitors = [site() for _ in range(8)]
    for who in visitors:
        take(who)
    problems = []

    def toggle(who, rounds):
        for i in range(rounds):
            answer = send(who, "DELETE" if i % 2 else "PUT", f"{API}/characters/{character}/like")
            if answer.status != 200:
                problems.append((answer.status, answer.body[:200]))

    threads = [threading.Thread(target=toggle, args=(w, 25)) for w in visitors]  # odd: every visitor ends with a like
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert not problems, problems[:3]
    assert get(f"{API}/characters/{character}").json()["likes"] == base + 8


if __name__ == "__main__":
    main(globals())
