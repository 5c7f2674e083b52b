#!/usr/bin/env python3
"""load.py [--visitors N] [--seconds S] [--think S] [--crash] [--runs R] [--priority NICE]

Visitors at once on the running stack (MVTI_TEST_URL, MVTI_TEST_STACK), each through login, test, like and logout, and some delete a
test, a like or the account; then every write that was acknowledged is looked for, over HTTP by the visitors themselves (visitors.c) and
here in the database, where nothing may be left of what was deleted. --crash:
in the middle of it workers are killed, and MariaDB too, and started again. Ends in "N passed, N failed"; times are told, only
what is right or wrong decides."""
import argparse
import collections
import json
import os
import pathlib
import re
import secrets
import signal
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/http"))
from stack import API, STACK, URL, ctl, ended, eventually, get, number, probes, sql  # noqa: E402

LIMIT = 100  # ms, what p99 should be below
# A worker leaves a database that refused it alone for a second, and one that hung for ten at most (lib/store/db.h).
SHY, SHYEST = 1.2, 12
PROVIDER = "provider"
CALLBACK = "GET /auth/{provider}/callback"
ACCESS = STACK / "log/nginx-access.log"
BUILD = pathlib.Path(os.environ.get("BUILD", "build"))


class Generator:
    """visitors.c while it runs: its phase, and what it has counted so far."""

    def __init__(self, options, run):
        self.films, self.record = STACK / "run/tmp/films", STACK / "run/tmp/load.record"
        self.films.write_text("\n".join(map(str, catalog())))
        self.phase, self.acknowledged, self.lost, self.at = "", 0, 0, {}
        provider = (STACK / "run/provider.url").read_text().strip()
        self.process = subprocess.Popen(
            [ROOT / BUILD / "tests/load/visitors", URL, provider, run, str(options.visitors), str(options.seconds),
             str(min(10, options.seconds / 4)), str(options.think), self.films, self.record],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
        prefer(options.priority, self.process.pid)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            word, *rest = line.split()
            if word == "progress":
                self.acknowledged, self.lost = map(int, rest)
            else:
                self.phase, self.at[word] = word, (float(rest[0]), processor_seconds(self.process.pid), ACCESS.stat().st_size)

    def until(self, check, seconds, what):
        eventually(lambda: check() or self.process.poll() is not None, seconds, what)
        assert self.process.poll() is None, "the generator has ended"

    def until_acknowledged(self, more):
        wanted = self.acknowledged + more
        self.until(lambda: self.acknowledged >= wanted, 60, f"{more} more acknowledged writes")

    def until_nothing_is_lost(self):
        """For as long as a worker may leave the database alone, so that each has come back to it. When that was sure."""
        seen = [self.lost, time.monotonic()]

        def quiet():
            if self.lost != seen[0]:
                seen[:] = self.lost, time.monotonic()
            return time.monotonic() > seen[1] + SHY
        self.until(quiet, SHYEST, "nothing fails any more")
        return time.monotonic()

    def finish(self):
        self.process.stdin.close()
        assert ended(self.process, 300) == 0, self.process.returncode

    def records(self):
        with open(self.record, encoding="utf-8") as f:
            return [line.rstrip("\n").split("\t") for line in f]


def catalog():
    """Numbers of a few hundred films that the snapshot knows."""
    ids, path = [], f"{API}/movies?seed=1&limit=50"
    while len(ids) < 300:
        page = get(path).json()
        ids += [m["id"] for m in page["items"]]
        if not page["next_cursor"]:
            break
        path = f"{API}/movies?seed=1&limit=50&cursor={page['next_cursor']}"
    return ids


def parts():
    return {int((STACK / "run" / f"{name}.pid").read_text()): name for name in ("nginx", "pool", "login", "mariadb", "provider")}


def prefer(priority, generator):
    """A nice value for all of the stack and the generator. Linux weighs sessions against each other where it groups by them
    (sched(7), autogroup), and every part here has one of its own."""
    for pid in [*parts(), generator] if priority else ():
        os.setpriority(os.PRIO_PGRP, pid, priority)
        group = pathlib.Path(f"/proc/{pid}/autogroup")
        if group.exists():
            group.write_text(str(priority))


def used_by(pid, stat):
    """Seconds on a core, dead children included, and seconds that its threads were ready and waited for one."""
    ran, waited = sum(map(int, stat[11:15])) / os.sysconf("SC_CLK_TCK"), 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        waited += int((task / "schedstat").read_text().split()[1]) / 1e9
    return ran, waited


def processor_seconds(generator):
    """(seconds on a core, seconds of waiting for one) of each part of the stack."""
    names, used = {generator: "generator"} | parts(), {}
    for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
        try:
            stat = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            name = names.get(pid) or names.get(int(stat[3]))  # every part has a session of its own
            if name:
                used[name] = [a + b for a, b in zip(used.get(name, (0, 0)), used_by(pid, stat))]
        except OSError:
            continue  # it has ended
    return used


def workers(login):
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            args = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if args[0].endswith(b"/mvti-worker") and str(STACK / "mvti.conf").encode() in args and (b"--pool" in args) == login:
            found.append(int(pid))
    return found


def kill_worker(login):
    """As long as it takes until another one is in its place."""
    there, began = workers(login), time.monotonic()
    os.kill(there[0], signal.SIGKILL)
    eventually(lambda: there[0] not in workers(login) and len(workers(login)) >= len(there), 10, "a new worker")
    return began, time.monotonic()


def crash(generator, options):
    """When something was down: the only time in which a request may fail."""
    down, visitors = [], options.visitors
    generator.until(lambda: generator.phase == "measured", 60, "everybody is there")
    for login in False, True, False, False:
        generator.until_acknowledged(visitors // 2)
        down.append(kill_worker(login))
    generator.until_acknowledged(visitors)
    began, lost = time.monotonic(), generator.lost
    ctl("kill", "mariadb")
    generator.until(lambda: generator.lost > lost + 3, 30, "the loss of the database is told")
    ctl("start", "mariadb")
    prefer(options.priority, generator.process.pid)
    down.append((began, generator.until_nothing_is_lost()))
    generator.until_acknowledged(2 * visitors)
    return down


def nginx_times(generator):
    """Without the way between the generator and nginx, and without its own waiting for a core; whole milliseconds."""
    began, ended = generator.at["measured"][2], generator.at["leaving"][2]
    with open(ACCESS, "rb") as f:
        f.seek(began)
        lines = map(json.loads, f.read(ended - began).splitlines())
        return [line["seconds"] * 1e3 for line in lines if line["status"] < 500]


def quantile(values, q):
    return values[int(q * (len(values) - 1))] if values else 0.0


def row(name, values):
    values = sorted(values)
    print(f"  {name:<36}{len(values):>7}" + "".join(f"{quantile(values, q):>9.1f}" for q in (.5, .95, .99, 1)))
    return [quantile(values, q) for q in (.5, .95, .99)]


def tell_times(records, generator, seconds):
    """The table of latencies in ms, from the moment a request was due to the end of its answer; p50, p95, p99 of all."""
    routes = {}
    for _, _, due, end, _, phase, route, *_ in (r for r in records if r[0] == "request"):
        if phase == "measured":
            routes.setdefault(route, []).append((float(end) - float(due)) * 1e3)
    elsewhere = routes.pop(PROVIDER, [])
    print(f"  {'ms, from due to answered':<36}{'n':>7}{'p50':>9}{'p95':>9}{'p99':>9}{'max':>9}")
    for route in sorted(routes):
        row(route, routes[route])
    row("all but the callback", [v for r, values in routes.items() if r != CALLBACK for v in values])
    total = row("all requests to MVTI, with it", [v for values in routes.values() for v in values])
    row("the same, as nginx timed them", nginx_times(generator))
    row("the provider's pages, not MVTI's", elsewhere)
    n = sum(map(len, routes.values()))
    print(f"  {n / seconds:.0f} requests a second, {len(routes.get(CALLBACK, [])) / seconds:.1f} logins a second")
    before, after = generator.at["measured"][1], generator.at["leaving"][1]
    shares = [(name, *((y - x) / seconds for x, y in zip(before[name], after[name]))) for name in sorted(after)]
    print("  cores busy (waited for):", ", ".join(f"{name} {ran:.2f} ({waited:.2f})" for name, ran, waited in shares if ran >= 0))
    return total


def rows(text):
    return [line.split("\t") for line in sql(text).splitlines()]


class Verdict:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, wrong):
        """wrong: what is not as it should be; nothing is good."""
        if wrong:
            self.failed += 1
            print(f"FAILED: {what}: {len(wrong)}, such as {list(wrong)[:3]}")
        else:
            self.passed += 1


def overlaps(record, down):
    due, end = float(record[2]), float(record[3])
    return any(due <= until and end >= since for since, until in down)


def judge_answers(verdict, records, down, visitors):
    by = collections.defaultdict(list)
    for r in records:
        by[r[0]].append(r)
    verdict.check("an answer was not the right one", by["wrong"])
    verdict.check("somebody saw what is another's", by["foreign"])
    verdict.check("a request failed while everything was up", [r for r in by["lost"] if not overlaps(r, down)])
    verdict.check("somebody could not come back and find everything", [v for v in by["visitor"] if v[4] != "1"])
    verdict.check("not everybody was there", [] if len(by["visitor"]) == visitors else [len(by["visitor"])])
    verdict.check("nothing failed while the database was down", [] if by["lost"] or not down else [down])
    return by


def text_columns():
    """{table: expression of all its columns that can hold a name}"""
    found = collections.defaultdict(list)
    for table, column in rows(
            "SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) "
            "WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' AND "
            "(c.data_type LIKE '%char' OR c.data_type LIKE '%text' OR c.data_type LIKE '%blob' OR c.data_type LIKE '%binary')"):
        found[table].append(f"`{column}`")
    return {table: f"CONCAT_WS(' ', {', '.join(columns)})" for table, columns in found.items()}


def traces(run, tokens, subjects):
    """Where a deleted test or somebody erased is still named, in any column of any table."""
    columns = text_columns()
    said = sql("; ".join(f"SELECT '== {table}'; SELECT {text} FROM `{table}`" for table, text in columns.items()))
    left = []
    for part in re.split(r"^== ", said, flags=re.M):
        named = tokens.intersection(re.findall(r"(?<![\w-])[\w-]{22}(?![\w-])", part)) | subjects.intersection(re.findall(rf"{run}-\d+", part))
        left += [(part.split()[0], name) for name in named]
    return left


def orphans():
    """Rows about a visitor, a test or an account that is not there. Tests and likes of an erased visitor stay as those of nobody."""
    having = rows("SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) "
                  "WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' AND c.column_name IN ('visitor_id', 'test_id')")
    owned = [(t, k.removesuffix("_id"), k) for t, k in having if t not in ("visitor", "test", "character_like")] + [("identity", "account", "visitor_id")]
    return [r for r in rows(" UNION ALL ".join(
        f"SELECT '{t}', '{owner}', COUNT(*) FROM `{t}` c LEFT JOIN {owner} o USING ({key}) WHERE c.{key} <> 0 AND o.{key} IS NULL" for t, owner, key in owned))
        if r[2] != "0"]


def judge_deleted(verdict, by, run, people):
    """What was said to be deleted is nowhere."""
    tokens, erased = {g[2] for g in by["gone"]}, {s for s, v in people.items() if v[9] == "erased"}
    verdict.check("something is left of what was deleted", traces(run, tokens, erased))
    verdict.check("rows are left of what is not there", orphans())
    tests, likes, accounts = (sum(int(v[i]) for v in people.values()) for i in (10, 11, 12))
    print(f"  deleted: {tests} tests, {likes} likes, {accounts} accounts ({len(erased)} for good), with {len(tokens)} tests in all")


def judge_database(verdict, by, run, newest_before):
    """Every acknowledged write is there, once, and belongs to whom it was acknowledged to; nothing else is."""
    like = f"i.subject LIKE '{run}-%'"
    people = {v[1]: v for v in by["visitor"]}
    accounts = rows(f"SELECT i.subject, a.display_name FROM identity i JOIN account a USING (visitor_id) WHERE {like}")
    stand, perhaps = ({s for s, v in people.items() if v[9] == word} for word in ("stands", "perhaps"))
    have = [a[0] for a in accounts]
    verdict.check("accounts are not one for each visitor who has one", stand ^ (set(have) - perhaps) or [a for a in accounts if a[0] != a[1]] or
                  {s for s in have if have.count(s) > 1})
    mine, loose = collections.defaultdict(set), set()
    for _, subject, token, kept in by["test"]:
        if kept != "either":
            (mine[subject] if kept == "own" else loose).add(token)
    found, wrong = collections.defaultdict(set), []
    for subject, token, *about in rows(
            "SELECT i.subject, t.token, t.mbti, t.enneagram, (SELECT GROUP_CONCAT(m.movie_id ORDER BY m.position) FROM test_movie m "
            "WHERE m.test_id = t.test_id), (SELECT COUNT(*) FROM test_result r WHERE r.test_id = t.test_id) > 0 "
            f"FROM identity i JOIN test t USING (visitor_id) WHERE {like}"):
        found[subject].add(token)
        v = people[subject]
        if about != [v[2], v[3], v[8], "1"]:
            wrong.append((subject, token, about))
    verdict.check("a test is not the one that was taken", wrong)
    verdict.check("an acknowledged test is lost", [(s, t) for s in people for t in mine[s] - found[s]])
    verdict.check("there are tests that nobody took", [s for s in people if len(found[s] - mine[s] - loose) > int(people[s][6])])
    there = {t for t, in rows(f"SELECT token FROM test JOIN visitor USING (visitor_id) WHERE test_id > {newest_before}")} - probes
    verdict.check("an acknowledged test of a guest is lost", loose - there)
    acknowledged, tried = {t[2] for t in by["test"]}, sum(int(v[6]) for v in people.values())
    nobodys = there - acknowledged
    verdict.check("there are more tests than were taken", nobodys if len(nobodys) > tried else [])
    sure = {(s, c) for _, s, c, kept in by["like"] if kept == "sure"}
    maybe = {(s, c) for _, s, c, _ in by["like"]}
    likes = [tuple(r) for r in rows(f"SELECT i.subject, l.character_id FROM identity i JOIN character_like l USING (visitor_id) WHERE {like}")]
    verdict.check("an acknowledged like is lost", sure - set(likes))
    verdict.check("there are likes that nobody gave", set(likes) - maybe)
    left = rows(f"SELECT i.subject, COUNT(*) FROM identity i JOIN session s USING (visitor_id) WHERE {like} GROUP BY i.subject")
    verdict.check("somebody logged out and has a session", [(s, n) for s, n in left if int(n) > int(people[s][7])])
    judge_deleted(verdict, by, run, people)
    print(f"  in the database: {len(accounts)} accounts; {len(there)} tests, {len(acknowledged)} acknowledged, {tried} of unknown fate; "
          f"{len(likes)} likes, {len(sure)} acknowledged")


def once(options, verdict):
    run, newest_before = "w" + secrets.token_hex(4), number("SELECT COALESCE(MAX(test_id), 0) FROM test")
    load_before, down = os.getloadavg()[0], []
    generator = Generator(options, run)
    try:
        if options.crash:
            down = crash(generator, options)
        generator.finish()
    finally:
        generator.process.kill()
    records = generator.records()
    seconds = generator.at["leaving"][0] - generator.at["measured"][0]
    print(f"{options.visitors} visitors at once for {seconds:.0f} s, thinking {options.think:g} s on average; load average before: {load_before:.2f}"
          + (f"; all of it at nice {options.priority}" if options.priority else ""))
    total = tell_times(records, generator, seconds)
    by = judge_answers(verdict, records, down, options.visitors)
    if down:
        times = ", ".join(f"{until - since:.2f}" for since, until in down)
        print(f"  down for {times} s; {len(by['lost'])} requests failed meanwhile and count as not acknowledged")
    judge_database(verdict, by, run, newest_before)
    return total


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--think", type=float, default=0.3)
    parser.add_argument("--crash", action="store_true")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--priority", type=int, default=0)
    options = parser.parse_args()
    verdict = Verdict()
    verdict.check("a commit does not wait for the disk", [] if sql("SELECT @@innodb_flush_log_at_trx_commit") == "1" else ["setting"])
    totals = [once(options, verdict) for _ in range(options.runs)]
    middle = [sorted(t[i] for t in totals)[len(totals) // 2] for i in range(3)]
    print(f"p50 {middle[0]:.1f} ms, p95 {middle[1]:.1f} ms, p99 {middle[2]:.1f} ms (median of {len(totals)}), the callback included: "
          f"{LIMIT} ms {'met' if middle[2] < LIMIT else 'missed'}")
    print(f"{verdict.passed} passed, {verdict.failed} failed")
    sys.exit(1 if verdict.failed else 0)


if __name__ == "__main__":
    main()
