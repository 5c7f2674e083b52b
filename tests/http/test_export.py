#!/usr/bin/env python3
"""Everything about a visitor, when it is much: nobody waits for who reads slowly, and half of it is known to be half."""
import os
import signal
import socket
from urllib.parse import urlsplit

from stack import API, STACK, URL, eventually, get, log_since, log_size, main, memory_kib, number, pool, site, sql, take

EVENTS = 150_000
AT = urlsplit(URL)


def busy_visitor():
    who = site()
    token = take(who)["token"]
    me = sql(f"SELECT visitor_id FROM test WHERE token = '{token}'")
    sql(f"INSERT INTO event (visitor_id, kind, character_id, list, position, created_at) SELECT {me}, 'impression', seq % 1000, 'same', "
        f"seq % 20, '2022-01-01' + INTERVAL seq DIV 9 SECOND FROM seq_1_to_{EVENTS}")
    return who, int(me)


def asking(who):
    """A connection that has asked for the export, with hardly any room for the answer."""
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    s.settimeout(60)
    s.connect((AT.hostname, AT.port))
    s.sendall(f"GET {API}/me/export HTTP/1.1\r\nHost: {AT.netloc}\r\nCookie: {who.cookie}\r\nConnection: close\r\n\r\n".encode())
    return s


def rest(s):
    said = b""
    while piece := s.recv(1 << 20):
        said += piece
    return said


def exported(mark):
    return sum("/me/export 200" in line.get("text", "") for line in log_since(mark, "export"))


def test_slow_readers_hold_nobody_up():
    who, me = busy_visitor()
    pid, = pool("export")
    assert get(f"{API}/me/export", who).status == 200
    before, mark = memory_kib(pid), log_size("export")
    slow = [asking(who) for _ in range(12)]
    # Nobody reads, and the one worker is done with all of them.
    eventually(lambda: exported(mark) == 12, 240, "twelve exports")
    assert get(f"{API}/home", who).status == 200
    assert pool("export") == [pid] and memory_kib(pid) < before + 8192, (before, memory_kib(pid))
    said = rest(slow[0])
    assert said.startswith(b"HTTP/1.1 200 ") and said.endswith(b"0\r\n\r\n"), said[:200]
    assert said.count(b'"kind":"impression"') >= EVENTS - 100  # some are cut by the marks between chunks
    for s in slow:
        s.close()
    answer = get(f"{API}/me/export", who).json()
    assert len(answer["events"]) == number(f"SELECT COUNT(*) FROM event WHERE visitor_id = {me}") >= EVENTS


def test_half_an_export_is_known_to_be_half():
    who, _ = busy_visitor()
    pid, = pool("export")
    s = asking(who)
    said = s.recv(64)
    os.kill(pid, signal.SIGSTOP)  # it is in the middle
    os.kill(pid, signal.SIGKILL)
    said += rest(s)
    body = said.removesuffix(b"\r\n0\r\n\r\n")
    assert said.startswith(b"HTTP/1.1 200 ") and not body.endswith(b"]}"), said[-100:]  # no JSON document
    eventually(lambda: len(pool("export")) == 1 and pool("export") != [pid], 30, "another worker")
    eventually(lambda: get(f"{API}/me/export", who).status == 200, 30, "a whole export")


if __name__ == "__main__":
    main(globals())
