#!/usr/bin/env python3
"""Everything about a visitor, when it is much: nobody waits for who reads slowly, half of it is known to be half, one at once is enough."""
import os
import select
import signal
import socket
from urllib.parse import urlsplit

from stack import API, STACK, URL, ctl, eventually, get, log_since, log_size, main, memory_kib, number, pool, site, slowness, sql, take

EVENTS = 150_000
AT = urlsplit(URL)


def busy_visitor():
    who = site()
    token = take(who)["token"]
    me = sql(f"SELECT visitor_id FROM test WHERE token = '{token}'")
    sql(f"INSERT INTO event (visitor_id, kind, character_id, list, position, created_at) SELECT {me}, 'impression', seq % 1000, 'same', "
        f"seq % 20, '2022-01-01' + INTERVAL seq DIV 9 SECOND FROM seq_1_to_{EVENTS}")
    return who, int(me)


def asking(cookie, port=AT.port, source="127.0.0.1"):
    """A connection that has asked for the export, with little room for the answer."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 17)
    s.settimeout(60 * slowness())
    s.bind((source, 0))
    s.connect((AT.hostname, port))
    s.sendall(f"GET {API}/me/export HTTP/1.1\r\nHost: {AT.netloc}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n".encode())
    return s


def rest(s):
    """All that still comes until the connection ends, in whatever way."""
    said = b""
    try:
        while piece := s.recv(1 << 20):
            said += piece
    except ConnectionResetError:
        pass
    return said


def sip(s):
    """A little, if there is something: who takes next to nothing for two minutes is gone for nginx."""
    try:
        return s.recv(1 << 15, socket.MSG_DONTWAIT)
    except BlockingIOError:
        return b""


def exported(mark):
    return sum("/me/export 200" in line.get("text", "") for line in log_since(mark, "export"))


def test_slow_readers_hold_nobody_up():
    who, me = busy_visitor()
    pid, = pool("export")
    assert get(f"{API}/me/export", who).status == 200
    before, mark = memory_kib(pid), log_size("export")
    slow = [asking(who.cookie) for _ in range(12)]
    said = [b""] * len(slow)

    def all_sent():
        for i, s in enumerate(slow):
            said[i] += sip(s)
        return exported(mark) == len(slow)
    # They hardly read, and the one worker is done with all of them.
    eventually(all_sent, 240, "twelve exports")
    assert not said[-1].endswith(b"0\r\n\r\n")
    assert get(f"{API}/home", who).status == 200
    assert pool("export") == [pid] and memory_kib(pid) < before + 8192, (before, memory_kib(pid))
    first = said[0] + rest(slow[0])
    assert first.startswith(b"HTTP/1.1 200 ") and first.endswith(b"0\r\n\r\n"), (first[:200], first[-100:])
    assert first.count(b'"kind":"impression"') >= EVENTS - 100  # some are cut by the marks between chunks
    for s in slow:
        s.close()
    answer = get(f"{API}/me/export", who).json()
    assert len(answer["events"]) == number(f"SELECT COUNT(*) FROM event WHERE visitor_id = {me}") >= EVENTS


def test_an_export_that_fails_is_an_answer_without_an_end():
    who, _ = busy_visitor()
    pid, = pool("export")
    mark, s = log_size("export"), asking(who.cookie)
    said = s.recv(64)
    os.kill(pid, signal.SIGSTOP)  # it is in the middle
    try:
        sql(f"KILL {number('SELECT trx_mysql_thread_id FROM information_schema.innodb_trx')}")
    finally:
        os.kill(pid, signal.SIGCONT)
    said += rest(s)
    assert said.startswith(b"HTTP/1.1 200 ") and b"chunked" in said[:1000] and not said.endswith(b"0\r\n\r\n"), said[-100:]
    eventually(lambda: any(line["event"] == "request.broken" for line in log_since(mark, "export")), 15, "a word in the log")
    assert pool("export") == [pid] and get(f"{API}/me/export", who).status == 200


def test_a_worker_that_dies_leaves_unfinished_json():
    who, _ = busy_visitor()
    pid, = pool("export")
    s = asking(who.cookie)
    said = s.recv(64)
    os.kill(pid, signal.SIGSTOP)  # it is in the middle
    os.kill(pid, signal.SIGKILL)
    said += rest(s)
    body = said.removesuffix(b"\r\n0\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 200 ") and not body.endswith(b"]}"), said[-100:]  # no JSON document
    eventually(lambda: len(pool("export")) == 1 and pool("export") != [pid], 30, "another worker")
    eventually(lambda: get(f"{API}/me/export", who).status == 200, 30, "a whole export")


def answered(connections):
    """Those to which something has come, with what it says first."""
    return {s: s.recv(13, socket.MSG_PEEK)[9:12] for s in select.select(connections, [], [], 0)[0]}


def test_one_at_once_for_a_visitor_and_eight_for_a_network():
    ctl("start", "edge")  # with limits
    port = int((STACK / "run/edge.port").read_text())
    pid, = pool("export")
    os.kill(pid, signal.SIGSTOP)  # whoever is let in waits
    try:
        same = [asking("mvti=" + "A" * 43, port, "127.0.0.20") for _ in range(3)]
        eventually(lambda: list(answered(same).values()) == [b"429"] * 2, 15, "two of three refused")
        others = [asking("mvti=" + letter * 43, port, "127.0.0.20") for letter in "BCDEFGHIJ"]
        eventually(lambda: list(answered(others).values()) == [b"429"] * 2, 15, "the ninth and tenth of a network refused")
        elsewhere = asking("mvti=" + "K" * 43, port, "127.0.0.21")
        refused = answered(same + others)
    finally:
        os.kill(pid, signal.SIGCONT)
    let_in = [s for s in same + others if s not in refused] + [elsewhere]
    said = [rest(s) for s in let_in]
    assert len(said) == 9 and all(b" 404 " in each[:20] for each in said), said  # nobody's cookies
    first = rest(next(iter(refused)))
    assert b"Retry-After: 1\r\n" in first and b"application/problem+json" in first, first


if __name__ == "__main__":
    main(globals())
