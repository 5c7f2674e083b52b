#!/usr/bin/env python3
"""What requests cost when there is little and when there is much: one line of JSON a request and size.

Asks the stack of MVTI_TEST_STACK and MVTI_TEST_URL, one request at a time over one kept connection. SIZES="1000 1000000": so many
likes and votes on one character, tests, and events of the visitor who asks, and ten times as many events in all. REQUESTS=300 of each.
"""
import http.client
import json
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))
from stack import API, BUILD, STACK, eventually, get, memory_kib, number, pool, send, site, sql, take  # noqa: E402

SIZES = [int(size) for size in os.environ.get("SIZES", "1000 1000000").split()]
REQUESTS = int(os.environ.get("REQUESTS", "300"))
PIECE = 50_000  # rows a statement
OTHERS = 1_000_000  # their numbers begin here


def statements(me, character):
    """What grows: its statement for rows {a} to {b}, and how many times the size it has. Keys rise, so that filling is fast."""
    test = "CONCAT('{}', LPAD(seq, 18, '0')), {}, 'INFP', '4w5', 'ko', 's', '2022-01-01' + INTERVAL seq SECOND FROM seq_{{a}}_to_{{b}}"
    tests = "INSERT INTO test (token, visitor_id, mbti, enneagram, locale, snapshot_id, created_at) SELECT "
    events = "INSERT INTO event (visitor_id, kind, character_id, list, position, created_at) SELECT {}, 'impression', seq DIV 5000, 'same', " \
             "seq % 20, '2022-01-01' + INTERVAL seq DIV 9 SECOND FROM seq_{{a}}_to_{{b}}"
    return [
        (f"INSERT INTO visitor (visitor_id) SELECT {OTHERS} + seq FROM seq_{{a}}_to_{{b}}", 1),
        (f"INSERT INTO character_like (visitor_id, character_id) SELECT {OTHERS} + seq, {character} FROM seq_{{a}}_to_{{b}}", 1),
        (f"INSERT INTO character_vote (visitor_id, character_id, mbti, enneagram) SELECT {OTHERS} + seq, {character}, "
         "ELT(1 + seq % 3, 'INFP', 'ESTJ', 'ENTP'), ELT(1 + seq % 4, '4w5', '1w2', NULL, '7w8') FROM seq_{a}_to_{b}", 1),
        (tests + test.format("size", f"{OTHERS} + seq"), 0.9),
        (tests + test.format("mine", me), 0.1),
        (f"INSERT INTO character_like (visitor_id, character_id, created_at) SELECT {me}, 10000000 + seq, '2022-01-01' + INTERVAL seq SECOND "
         "FROM seq_{a}_to_{b}", 0.1),
        (f"INSERT INTO character_vote (visitor_id, character_id, mbti, updated_at) SELECT {me}, 10000000 + seq, 'INFP', '2022-01-01' + INTERVAL "
         "seq SECOND FROM seq_{a}_to_{b}", 0.1),
        (events.format(me), 1),
        (events.format(f"{OTHERS} + 1 + seq DIV 9"), 9),  # most have few, as it is: plans are made for those
    ]


def settle():
    """Until what filling left to write in the background is written."""
    def dirty():
        return int(sql("SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_dirty'").split()[1])
    sql("SET GLOBAL innodb_max_dirty_pages_pct = 0")
    eventually(lambda: dirty() < 100, 300, "clean pages")
    sql("SET GLOBAL innodb_max_dirty_pages_pct = 90")


def fill(rows, had, size):
    began = time.monotonic()
    for statement, times in rows:
        at, end = round(had * times), round(size * times)
        while at < end:
            to = min(end, at + PIECE)
            sql("SET unique_checks = 0; " + statement.format(a=at + 1, b=to))
            at = to
    print(f"  {size:,}: filled in {time.monotonic() - began:.0f} s", file=sys.stderr)
    subprocess.run([BUILD / "mvti", "--config", "jobs.conf", "recount"], cwd=STACK, check=True, stdout=subprocess.DEVNULL)
    sql("ANALYZE TABLE test, character_like, character_vote, event, session, counter, visitor")
    settle()
    print(f"  {size:,}: counted {time.monotonic() - began:.0f} s after the beginning", file=sys.stderr)


def with_account():
    """A visitor with one test who may vote, and the number in the database."""
    who = site()
    token = take(who)["token"]
    me = number(f"SELECT visitor_id FROM test WHERE token = '{token}'")
    sql(f"INSERT INTO account (visitor_id) VALUES ({me}); UPDATE session SET provider = 'dev', signed_in_at = UTC_TIMESTAMP() WHERE visitor_id = {me}")
    return who, me


def requests(character):
    """Name, method, address, body, status. One that undoes another comes behind it."""
    seen = [{"kind": "impression", "character": character, "list": "same", "position": i} for i in range(20)]
    test = {"mbti": "INFP", "enneagram": "4w5", "movies": [m["id"] for m in get(f"{API}/movies?seed=1&limit=3").json()["items"]]}
    return [
        ("home", "GET", f"{API}/home", None, 200),
        ("character", "GET", f"{API}/characters/{character}", None, 200),
        ("like", "PUT", f"{API}/characters/{character}/like", {}, 200),
        ("unlike", "DELETE", f"{API}/characters/{character}/like", None, 200),
        ("vote", "PUT", f"{API}/characters/{character}/vote", {"mbti": "INFP", "enneagram": "4w5"}, 200),
        ("take the vote back", "DELETE", f"{API}/characters/{character}/vote", None, 200),
        ("me", "GET", f"{API}/me", None, 200),
        ("me/tests", "GET", f"{API}/me/tests", None, 200),
        ("me/likes", "GET", f"{API}/me/likes", None, 200),
        ("me/votes", "GET", f"{API}/me/votes", None, 200),
        ("20 events", "POST", f"{API}/events", seen, 202),
        ("a test", "POST", f"{API}/tests", test, 201),
    ]


def timed(who, method, path, body, status):
    began = time.perf_counter()
    answer = send(who, method, path, body) if method != "GET" else get(path, who)
    took = time.perf_counter() - began
    assert answer.status == status, (method, path, answer.status, answer.body[:300])
    return 1000 * took


def share(sorted_times, part):
    return round(sorted_times[min(len(sorted_times) - 1, int(part * len(sorted_times)))], 3)


def measure(who, size, character):
    rows, load = requests(character), os.getloadavg()[0]
    times = {row[0]: [] for row in rows}
    for turn in range(-5, REQUESTS):  # all of them in turn, so that other load of the machine meets all; the first ones warm up
        for name, *rest in rows:
            took = timed(who, *rest)
            if turn >= 0:
                times[name].append(took)
    for name, *_ in rows:
        t = sorted(times[name])
        say(size=size, request=name, n=len(t), load=load, p50_ms=share(t, .5), p99_ms=share(t, .99))


def export(who, size):
    """By a worker that has done nothing yet, so that its peak is of this."""
    old, = pool("export")
    os.kill(old, 15)
    eventually(lambda: pool("export") not in ([], [old]), 30, "another worker")
    pid, = pool("export")
    c = http.client.HTTPConnection(who.host, who.port, timeout=600)
    began = time.perf_counter()
    c.request("GET", f"{API}/me/export", headers={"Cookie": who.cookie})
    answer = c.getresponse()
    length, first, tail = len(answer.read(1)), time.perf_counter() - began, b""
    while piece := answer.read(1 << 20):
        length, tail = length + len(piece), (tail + piece)[-2:]
    took = time.perf_counter() - began
    assert answer.status == 200 and tail == b"]}", (answer.status, tail)
    say(size=size, request="export", first_byte_ms=round(1000 * first, 1), seconds=round(took, 2), mb=round(length / 1e6, 1),
        peak_kib=memory_kib(pid, "VmHWM"))


def say(**line):
    print(json.dumps(line), flush=True)


def main():
    sql("SET GLOBAL innodb_buffer_pool_size = 2147483648; SET GLOBAL innodb_flush_log_at_trx_commit = 2")
    who, me = with_account()
    character = get(f"{API}/home").json()["popular"][0]["id"]
    shown = f"SELECT {me}, character_id, %s FROM film_character WHERE character_id <> {character}"  # newer than those that grow
    sql("INSERT INTO character_like (visitor_id, character_id, created_at) " + shown % "'2023-01-01'")
    sql("INSERT INTO character_vote (visitor_id, character_id, updated_at, mbti) " + shown % "'2023-01-01', 'INFP'")
    rows, had = statements(me, character), 0
    for size in SIZES:
        fill(rows, had, size)
        had = size
        measure(who, size, character)
        export(who, size)


main()
