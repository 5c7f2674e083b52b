#!/usr/bin/env python3
"""What workers and jobs count, as Prometheus gets it (docs/operating.md, Metrics): held to nginx's access log, also while workers are killed."""
import collections
import concurrent.futures
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading

from stack import API, BUILD, STACK, ctl, eventually, films, get, main, mvti, pool, put_back, send, site

LINE = re.compile(r'^([a-z_]+)(?:\{(.*)\})? (\S+)$')
LABEL = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')


def page():
    return mvti("metrics").stdout


def scrape(text=None):
    """{(name, labels): value}"""
    found = {}
    for line in (text or page()).splitlines():
        if not line.startswith("#"):
            name, labels, value = LINE.match(line).groups()
            key = name, frozenset(LABEL.findall(labels or ""))
            assert key not in found, line
            found[key] = float(value)
    return found


def values(found, name, **labels):
    """{the labels that are not asked for: value}"""
    asked = set(labels.items())
    return {tuple(sorted(have - asked)): v for (n, have), v in found.items() if n == name and asked <= have}


def total(found, name, **labels):
    return sum(values(found, name, **labels).values())


def counted(found):
    """Requests by method, route and status; probes are not in the access log."""
    seen = collections.Counter()
    for (name, labels), value in found.items():
        have = dict(labels)
        if name == "mvti_http_requests_total" and have["route"] not in ("/healthz", "/readyz"):
            seen[have["method"], have["route"], have["code"]] += int(value)
    return seen


def logged(since, patterns):
    """The same of the access log from there on: what a worker answered. An address without that method is none to it."""
    seen = collections.Counter()
    with open(STACK / "log/nginx-access.log", "rb") as f:
        f.seek(since)
        for line in map(json.loads, f):
            if line["worker_seconds"] and not re.match("/(healthz|readyz)$", line["path"]):
                route = next((r for p, r in patterns if re.fullmatch(p, line["path"]) and line["status"] != 405), "-")
                seen[line["method"], route, str(line["status"])] += 1
    return seen


def log_end():
    return (STACK / "log/nginx-access.log").stat().st_size


ROUTES = [(r"/", "/"), (r"/c/\d+", "/c/{id}"), (r"/about", "/about"), (API + r"/movies/\d+", API + "/movies/{id}"), (API + "/movies", API + "/movies"),
          (API + "/home", API + "/home"), (API + "/me", API + "/me"), (API + "/tests", API + "/tests"), (API + r"/me/likes", API + "/me/likes")]


def visit(film):
    who = site()
    for path in "/", f"/c/{film}", "/about", "/c/999999", f"{API}/movies/{film}", f"{API}/home", f"{API}/nothing", f"{API}/movies?limit=x":
        get(path, who)
    who.ask("HEAD", "/about")
    send(who, "POST", f"{API}/movies", {})
    assert send(who, "POST", f"{API}/tests", {"mbti": "INFP", "enneagram": "4w5", "movies": films(3)}).status == 201
    get(f"{API}/me/likes", who)


def visit_at_once(n):
    some = films(4)
    with concurrent.futures.ThreadPoolExecutor(6) as executor:
        list(executor.map(visit, (some * n)[:n]))


def kill_a_worker():
    gone = pool()[0]
    os.kill(gone, signal.SIGKILL)
    eventually(lambda: gone not in pool() and len(pool()) == 2 and total(scrape(), "mvti_workers", pool="main") == 2, what="a new worker")


def test_counts_are_those_of_the_access_log():
    eventually(lambda: total(scrape(), "mvti_workers", pool="main") == 2, what="both workers have a slot")
    at, before = log_end(), scrape()
    visit_at_once(12)
    kill_a_worker()
    visit_at_once(12)
    after = scrape()
    seen, expected = counted(after), None

    def all_logged():
        nonlocal expected
        expected = logged(at, ROUTES)
        return sum(expected.values()) == sum((seen - counted(before)).values())

    eventually(all_logged, what="as many lines as requests")
    assert seen - counted(before) == expected, (seen - counted(before) - expected, expected - (seen - counted(before)))
    assert len(expected) > 10 and sum(expected.values()) > 250
    starts = total(after, "mvti_worker_starts_total", pool="main") - total(before, "mvti_worker_starts_total", pool="main")
    assert starts == 1, starts
    # Histograms have each of them once, and statements only where the database was asked.
    for name in "mvti_http_request_duration_seconds_count", "mvti_http_request_duration_seconds_bucket":
        more = {"le": "+Inf"} if name.endswith("bucket") else {}
        grown = total(after, name, **more) - total(before, name, **more)
        assert grown >= sum(expected.values()), (name, grown)
    tests = dict(pool="main", method="POST", route=f"{API}/tests")
    assert total(after, "mvti_http_request_database_seconds_count", **tests) - total(before, "mvti_http_request_database_seconds_count", **tests) == 24
    assert total(after, "mvti_database_statements_total", **tests) - total(before, "mvti_database_statements_total", **tests) >= 3 * 24
    assert total(after, "mvti_database_statements_total", route="/about") == 0


def test_no_counter_falls_while_workers_are_killed():
    stop = threading.Event()

    def visit_on():
        while not stop.is_set():
            get(f"{API}/home")

    def counters():
        return {k: v for k, v in scrape().items() if re.search("_(total|count|sum|bucket)$", k[0])}

    visitors = [threading.Thread(target=visit_on) for _ in range(4)]
    try:
        for v in visitors:
            v.start()
        last = counters()
        for i in range(6):
            if i % 2 == 0:
                os.kill(pool()[0], signal.SIGKILL)
            now = counters()
            fallen = {k: (v, now.get(k)) for k, v in last.items() if now.get(k, -1) < v}
            assert not fallen, fallen
            last = now
    finally:
        stop.set()
        for v in visitors:
            v.join()
    eventually(lambda: total(scrape(), "mvti_workers", pool="main") == 2 and total(scrape(), "mvti_workers_busy", pool="main") == 0,
               what="two workers, none of them busy")


def test_every_pool_has_its_workers_and_their_snapshot():
    found = scrape()
    for name in "main", "login", "export", "picture", "admin":
        assert total(found, "mvti_workers", pool=name) == len(pool({"main": "pool"}.get(name, name))), name
    published = [dict(labels)["id"] for (name, labels) in found if name == "mvti_snapshot_published"]
    assert len(published) == 1 and total(found, "mvti_worker_snapshot", pool="main", id=published[0]) == 2
    assert found["mvti_snapshot_readable", frozenset()] == 1 and found["mvti_database_up", frozenset()] == 1
    assert total(found, "mvti_snapshot_created_timestamp_seconds") > 1.7e9
    assert values(found, "mvti_model_quality"), "the quality of the models"
    assert values(found, "mvti_publication_timestamp_seconds", outcome="live")


def test_promtool_finds_nothing_wrong():
    promtool = shutil.which("promtool")
    if promtool is None:
        print("SKIPPED: the format: promtool (Debian package prometheus) is not installed")
        return
    run = subprocess.run([promtool, "check", "metrics"], input=page(), capture_output=True, text=True)
    assert run.returncode == 0 and not run.stderr, run.stderr + run.stdout


def ask(text):
    """One connection as systemd hands it over."""
    ours, theirs = socket.socketpair()
    program = subprocess.Popen([BUILD / "mvti", "--config", STACK / "jobs.conf", "metrics", "--http"], cwd=STACK, stdin=theirs, stdout=theirs,
                               stderr=subprocess.DEVNULL)
    theirs.close()
    with ours:
        ours.sendall(text.encode())
        whole = b"".join(iter(lambda: ours.recv(65536), b""))
    program.wait()
    head, _, body = whole.partition(b"\r\n\r\n")
    return int(head.split()[1]), head.decode(), body.decode()


def test_one_request_over_http():
    status, head, body = ask("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:9469\r\nAccept: */*\r\n\r\n")
    assert status == 200 and "Content-Type: text/plain; version=0.0.4; charset=utf-8" in head, head
    assert f"Content-Length: {len(body)}" in head and scrape(body)["mvti_database_up", frozenset()] == 1
    assert ask("HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n")[::2] == (200, "")
    assert ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n")[0] == 404
    assert ask("POST /metrics HTTP/1.1\r\nHost: a\r\n\r\n")[0] == 405
    assert ask("nonsense\r\n\r\n")[0] == 400
    assert ask(("GET /metrics HTTP/1.1\r\nHost: " + 9000 * "a")[:8192])[0] == 400


def test_the_site_does_not_have_it():
    assert get("/metrics").status == 404 and get(f"{API}/metrics").status == 404


def test_the_rest_is_told_while_the_database_is_away():
    ctl("stop", "mariadb")
    assert send(site(), "POST", f"{API}/tests", {"mbti": "INFP", "enneagram": "4w5", "movies": films(3)}).json()["saved"] is False
    found = scrape()
    assert found["mvti_database_up", frozenset()] == 0 and total(found, "mvti_workers", pool="main") == 2
    assert total(found, "mvti_database_failures_total", pool="main") > 0
    assert total(found, "mvti_database_breaker_open", pool="main") >= 1
    ctl("start", "mariadb")
    eventually(lambda: total(scrape(), "mvti_database_breaker_open") == 0, what="no worker leaves the database alone")


def test_a_job_that_is_killed_is_seen():
    def of(name):
        return {n[9:]: total(found, n, command=name) for n in
                ("mvti_job_last_success_timestamp_seconds", "mvti_job_last_failure_timestamp_seconds", "mvti_job_running")} | {
                    "failures": total(found, "mvti_job_runs_total", command=name, outcome="failure"),
                    "successes": total(found, "mvti_job_runs_total", command=name, outcome="success")}

    record = STACK / "state/jobs/rollup"
    put_back(lambda: record.unlink(missing_ok=True))
    record.unlink(missing_ok=True)
    mvti("rollup")
    found = scrape()
    first = of("rollup")
    assert first["successes"] == 1 and first["failures"] == 0 and first["last_success_timestamp_seconds"] > 1.7e9
    assert total(found, "mvti_job_last_duration_seconds", command="rollup") > 0
    # One that waits for a lock of ours is at work, and then it is dead.
    lock = subprocess.Popen(["mariadb", "--no-defaults", "--socket=run/mysql.sock", "-N", "--unbuffered", "mvti"], cwd=STACK, stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, text=True)
    try:
        lock.stdin.write("LOCK TABLES rollup_state WRITE; SELECT 'held';\n")
        lock.stdin.flush()
        assert lock.stdout.readline() == "held\n"
        rollup = subprocess.Popen([BUILD / "mvti", "--config", STACK / "jobs.conf", "rollup"], cwd=STACK, stdout=subprocess.DEVNULL)
        eventually(lambda: total(scrape(), "mvti_job_running", command="rollup") == 1, what="a job at work")
        rollup.kill()
        rollup.wait()
    finally:
        lock.kill()
        lock.wait()
    found = scrape()
    assert of("rollup")["failures"] == 1 and of("rollup")["running"] == 0
    assert of("rollup")["last_failure_timestamp_seconds"] >= first["last_success_timestamp_seconds"]
    mvti("rollup")
    found = scrape()
    assert of("rollup")["failures"] == 1 and of("rollup")["successes"] == 2


if __name__ == "__main__":
    main(globals())
