#!/usr/bin/env python3
"""Parts of the running stack are killed, taken away and given back: what was acknowledged is there afterwards, reads go
on, and a new snapshot costs no request."""
import os
import shutil
import signal
import threading
import time

from stack import API, STACK, ctl, eventually, everybody, films, get, log_since, log_size, main, number, send, site, take, within

SNAPSHOTS = STACK / "state" / "snapshots"


def switch(name):
    """As mvti publish does: a new link, renamed over the old one."""
    new = SNAPSHOTS / "current.test"
    new.unlink(missing_ok=True)
    os.symlink(name, new)
    os.rename(new, SNAPSHOTS / "current")


def workers():
    """Of the pool, whose log this reads; those of the login pool have their own."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                args = f.read().split(b"\0")
        except OSError:
            continue
        if args[0].endswith(b"/mvti-worker") and str(STACK / "mvti.conf").encode() in args and b"--pool" not in args:
            found.append(int(pid))
    return found


class Load:
    """Requests from a few threads until stopped; keeps the status of every answer that is not 200."""

    def __init__(self, path, threads=3):
        self.path, self.stop, self.bad, self.done = path, False, [], 0
        self.threads = [threading.Thread(target=self.run) for _ in range(threads)]

    def run(self):
        who = site()
        while not self.stop:
            try:
                status = who.ask("GET", self.path).status
            except OSError as problem:
                status = repr(problem)
            self.done += 1
            if status != 200:
                self.bad.append(status)

    def __enter__(self):
        [t.start() for t in self.threads]
        return self

    def __exit__(self, *_):
        self.stop = True
        [t.join() for t in self.threads]


class Saving:
    """Tests of visitors, one after the other in each of three threads, while the database comes and goes."""

    def __init__(self):
        self.ids, self.saved, self.unsaved, self.stop = films(3), [], [], threading.Event()
        self.threads = [threading.Thread(target=self.visit) for _ in range(3)]

    def visit(self):
        who = site()
        while not self.stop.is_set():
            answer = send(who, "POST", f"{API}/tests", {"mbti": "INFP", "enneagram": "4w5", "movies": self.ids})
            told = answer.json()
            (self.saved if answer.status == 201 and told["saved"] else self.unsaved).append(told.get("token"))

    def __enter__(self):
        [t.start() for t in self.threads]
        return self

    def __exit__(self, *_):
        self.stop.set()
        [t.join() for t in self.threads]


def told(at, event):
    return [e for e in log_since(at) if e["event"] == event]


def preview():
    return f"{API}/recommendations?mbti=INFP&enneagram=4w5&movies=" + ",".join(map(str, films(3)))


def test_a_new_snapshot_costs_no_request():
    old = os.readlink(SNAPSHOTS / "current")
    copy = SNAPSHOTS / "mvti-testcopy.mvs"
    shutil.copy(SNAPSHOTS / old, copy)
    try:
        with Load(preview()) as load:
            for name in copy.name, old, copy.name, old:
                at, done = log_size(), load.done
                switch(name)
                everybody(at, "snapshot.loaded")
                eventually(lambda: load.done > done + 25, what="requests meanwhile")
        assert not load.bad, (load.done, load.bad[:5])
    finally:
        switch(old)
        copy.unlink()


def test_a_bad_snapshot_is_refused_and_the_old_one_stays():
    old = os.readlink(SNAPSHOTS / "current")
    whole = (SNAPSHOTS / old).read_bytes()
    flipped = bytearray(whole)
    flipped[len(flipped) // 2] ^= 1
    bad = SNAPSHOTS / "mvti-testbad.mvs"
    try:
        for content in b"", b"nonsense" * 100, whole[:-1], bytes(flipped):
            bad.unlink(missing_ok=True)
            bad.write_bytes(content)
            at = log_size()
            with Load(preview(), 2) as load:
                switch(bad.name)
                everybody(at, "snapshot.refused")
                time.sleep(1.2)  # nothing tells that nothing more is said; a worker looks once a second
                refused, at = told(at, "snapshot.refused"), log_size()
                switch(old)
                everybody(at, "snapshot.loaded")
            assert load.done and not load.bad, load.bad[:5]
            assert len(refused) == len(workers()), "said once a worker"
            assert get("/readyz").status == 200
    finally:
        switch(old)
        bad.unlink(missing_ok=True)


def test_a_killed_worker_costs_at_most_what_it_was_doing():
    who, tokens = site(), []
    with Load(preview(), 2) as load:
        for _ in range(4):
            tokens.append(take(who)["token"])
            victim = workers()[0]
            os.kill(victim, signal.SIGKILL)
            eventually(lambda: victim not in workers() and len(workers()) >= 2, 10, "a new worker")
    assert not load.bad, load.bad[:5]  # nginx asks another worker: GETs are idempotent
    for token in tokens:
        assert get(f"{API}/tests/{token}").status == 200, "acknowledged, so it is there"


def test_the_site_lives_without_its_database():
    who = site()
    token = take(who)["token"]
    character = get(f"{API}/home").json()["popular"][0]["id"]
    ctl("stop", "mariadb")
    try:
        for path in (f"{API}/types", f"{API}/movies", f"{API}/survey", f"{API}/types/INFP", f"{API}/movies?q=a", preview(),
                     f"{API}/characters/{character}", f"/c/{character}", "/t/INFP", "/healthz", "/readyz"):
            started = time.monotonic()
            assert get(path, who).status == 200, path
            assert within(time.monotonic() - started, 3), path
        home = get(f"{API}/home", who).json()
        assert home["mine"] is None and home["popular"] and len(home["types"]) == 16
        answer = send(who, "POST", f"{API}/tests", {"mbti": "INFP", "enneagram": "4w5", "movies": films(3)})
        told = answer.json()
        assert answer.status == 200 and told["saved"] is False and told["token"] is None and len(told["same"]) == 20
        for method, path, body in (("PUT", f"{API}/characters/{character}/like", {}),
                                   ("PUT", f"{API}/characters/{character}/mark", {"mark": "seen"}),
                                   ("PUT", f"{API}/tests/{token}/feedback", {"value": "up"}),
                                   ("DELETE", f"{API}/me/tests/{token}", None),
                                   ("POST", f"{API}/events", [{"kind": "click", "character": character}])):
            answer = send(who, method, path, body)
            assert answer.status == 503 and int(answer.headers["Retry-After"]) > 0, (path, answer.status)
            assert answer.type == "application/problem+json"
        assert get(f"{API}/tests/{token}", who).status == 503
        assert get("/readyz").json()["database"] is False
    finally:
        ctl("start", "mariadb")
    eventually(lambda: get("/readyz").json()["database"] is True, 20, "the database is back")
    eventually(lambda: get(f"{API}/tests/{token}", who).status == 200, 20, "the test is there")
    eventually(lambda: get(f"{API}/tests/{token}", who).json().get("feedback") == {"same": "none", "compatible": "none"}, 20, "nothing was half done")


def test_what_was_acknowledged_survives_a_killed_database():
    newest = number("SELECT COALESCE(MAX(test_id), 0) FROM test")
    with Saving() as visitors:
        saved, unsaved = visitors.saved, visitors.unsaved
        eventually(lambda: len(saved) > 20, 20, "tests are being taken")
        ctl("kill", "mariadb")
        eventually(lambda: len(unsaved) > 3, 20, "the loss is told")
        ctl("start", "mariadb")
        before = len(saved)
        eventually(lambda: len(saved) > before + 5, 30, "saving goes on")
    assert all(t is None for t in unsaved)
    stored = number("SELECT COUNT(*) FROM test WHERE token IN (%s)" % ",".join(f"'{t}'" for t in saved))
    assert stored == len(saved), f"{len(saved)} acknowledged, {stored} there"
    whole = number(f"SELECT COUNT(*) FROM test t WHERE t.test_id > {newest} AND ((SELECT COUNT(*) FROM test_movie m WHERE m.test_id = t.test_id) < 3 "
                   "OR (SELECT COUNT(*) FROM test_result r WHERE r.test_id = t.test_id) = 0)")
    assert whole == 0, f"{whole} tests are stored in part"


def test_a_pool_that_is_stopped_finishes():
    """Workers that are told to stop end by themselves, none is killed."""
    at, pids = log_size(), workers()
    ctl("stop", "pool")
    try:
        said = {event["text"] for event in told(at, "worker.stopped")}
        assert pids and {f"pid {pid}" for pid in pids} <= said, (pids, said)
    finally:
        ctl("start", "pool")
        eventually(lambda: get("/readyz").status == 200, what="the pool answers again")


if __name__ == "__main__":
    main(globals())
