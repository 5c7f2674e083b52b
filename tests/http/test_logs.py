#!/usr/bin/env python3
"""What the log says of requests: whose they are, for a day, without an address, and nothing of probes."""
import json
import re

from stack import API, STACK, eventually, films, get, log_since, log_size, main, send, site


def access_since(offset):
    with open(STACK / "log/nginx-access.log", "rb") as f:
        f.seek(offset)
        return [json.loads(line) for line in f.read().rpartition(b"\n")[0].decode().splitlines()]


def test_every_worker_gives_a_client_the_same_mark():
    at, asked = log_size(), [get(f"{API}/types").headers["X-Request-Id"] for _ in range(40)]
    refused = send(site(), "POST", f"{API}/tests", {"mbti": "ABCD"}).headers["X-Request-Id"]
    lines = eventually(lambda: (told := [e for e in log_since(at) if e.get("request_id") in (*asked, refused) and e["event"] == "request"]) and
                       len(told) == 41 and told, what="a line for each request")
    marks = {e["client"] for e in lines}
    assert len(marks) == 1 and re.fullmatch("[0-9a-f]{16}", marks.pop()), marks
    assert {e["sample"] for e in lines} == {1}
    assert "127.0.0.1" not in json.dumps(lines)


def test_a_wrong_like_and_a_limit_are_lines_of_the_same_client():
    who, at = site(), log_size()
    send(who, "POST", f"{API}/tests", {"mbti": "INFP", "enneagram": "4w5", "movies": films(3)})
    send(who, "PUT", f"{API}/characters/2147483647/like", {})
    lines = eventually(lambda: (told := [e for e in log_since(at) if "PUT" in e.get("text", "")]) and told, what="the refused like")
    first = next(e for e in log_since(at) if e.get("client"))
    assert lines[0]["client"] == first["client"] and " 404 " in lines[0]["text"], lines


def test_probes_are_no_lines_anywhere():
    at, seen = log_size(), (STACK / "log/nginx-access.log").stat().st_size
    for path in ("/healthz", "/readyz") * 3:
        assert get(path).status == 200
    last = get(f"{API}/types").headers["X-Request-Id"]
    eventually(lambda: any(e.get("request_id") == last for e in log_since(at)), what="the request after them")
    eventually(lambda: any(e["request_id"] == last for e in access_since(seen)), what="nginx's line of it")
    assert not [e for e in log_since(at) if "/healthz" in e.get("text", "") or "/readyz" in e.get("text", "")]
    assert [e["path"] for e in access_since(seen)] == [f"{API}/types"]
    assert access_since(seen)[0]["sample"] == 1


def test_no_line_has_a_token_however_its_path_is_spelled():
    at, seen, token = log_size(), (STACK / "log/nginx-access.log").stat().st_size, "Token_of-a-circle-4321"
    for path in ("/r/{}", "/en/r/{}.png", "//r/{}", "/%72/{}", "/x/../r/{}", "/w/{}", "/en/w/{}?a=1",
                 API + "/circles/{}", API + "/circles/{}/me", API + "/tests/{}/x"):
        get(path.format(token))
    last = get(f"{API}/types").headers["X-Request-Id"]
    eventually(lambda: any(e["request_id"] == last for e in access_since(seen)), what="the last line")
    assert len(access_since(seen)) == 11 and token not in json.dumps(access_since(seen)), access_since(seen)
    assert token not in json.dumps(log_since(at))


if __name__ == "__main__":
    main(globals())
