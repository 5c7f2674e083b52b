#!/usr/bin/env python3
"""Three database nodes (Galera), two web hosts with an HAProxy each, a host that publishes and an nginx in front, each in a network namespace of
this machine; visitors (tests/load) go through login, test, like, deletion and logout while one part after the other dies, is cut off or is full, and returns.
Afterwards everything that was acknowledged must be there, once, on each node. Ends in "N passed, N failed".
VISITORS=, MINUTES=, EVERY= (seconds between two things that happen), EVENTS= (words of their names), CLUSTER_KEEP=1 leaves files behind."""
import importlib.util
import itertools
import json
import os
import pathlib
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / os.environ.get("BUILD", "build")
NODES, WEB = ("db1", "db2", "db3"), ("a", "b")
ADDRESS = {"front": "10.78.0.10", "a": "10.78.0.11", "b": "10.78.0.12", "pub": "10.78.0.13", "db1": "10.78.0.21", "db2": "10.78.0.22", "db3": "10.78.0.23"}
SITE = "http://127.0.0.1:8080"
DISK = 700  # MB of a node
# The longest that a part stays away, seconds; what the rest needs to get over it is not waited for.
AWAY = 6


def module(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


hosts_run = module("hosts_run", ROOT / "tests/hosts/run.py")
from waiting import slowness  # noqa: E402  (its folder is known by now)

run, check, until, ended = hosts_run.run, hosts_run.check, hosts_run.until, hosts_run.ended


class Cluster:
    def __init__(self, top):
        self.top = top
        for node in NODES:
            (top / node / "db").mkdir(parents=True)
            run("mount", "-t", "tmpfs", "-o", f"size={DISK}m,mode=755", "tmpfs", top / node / "db")
        self.net = hosts_run.Net(ADDRESS, "127.0.0.1 db.internal\n")

    def at(self, host, *command, check=True):
        done = subprocess.run(["ip", "netns", "exec", self.net.name(host), ROOT / "tests/cluster/host.sh", self.top, host, *map(str, command)],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=open(self.top / f"{host}.err", "a"), encoding="utf-8", errors="replace")
        if check and done.returncode:
            raise RuntimeError(f"{host}: {' '.join(map(str, command))}: {done.returncode}\n{(self.top / f'{host}.err').read_text()[-2000:]}")
        return done.stdout

    def status(self, host, url):
        return run("ip", "netns", "exec", self.net.name("front"), "curl", "-s", "-m", "3", "-o", "/dev/null", "-w", "%{http_code}", url, check=False)

    def get(self, host, url):
        return run("ip", "netns", "exec", self.net.name(host), "curl", "-s", "-m", "3", url, check=False)

    def ready(self, node):
        return self.status("front", f"http://{ADDRESS[node]}:9200/") == "200"

    def sql(self, node, text):
        return self.at(node, "sql", "-N", "-B", "-e", text).strip()

    def start(self):
        """A database with what it has on one node, and copies of its folder, as an operator makes them: they need no more than what has come since."""
        for node in NODES:
            self.at(node, "prepare-node")
        self.at("db1", "node", "--wsrep-new-cluster")
        until(60, "the first node", lambda: self.ready("db1"))
        self.at("db1", "accounts")
        self.at("front", "front")
        self.at("pub", "publisher")
        self.knows_a_node()
        self.at("pub", "mvti", "migrate")
        self.at("db1", "grants")
        self.at("pub", "first-data")
        self.at("db1", "stop")
        for node in NODES[1:]:
            run("cp", "-a", f"{self.top}/db1/db/.", self.top / node / "db")
        self.at("db1", "node", "--wsrep-new-cluster")
        until(60, "the first node again", lambda: self.ready("db1"))
        for node in NODES[1:]:
            self.at(node, "node")
        for node in NODES[1:]:
            until(120, f"{node} joins", lambda n=node: self.ready(n))
        for host in WEB:
            self.at(host, "prepare-web")
            self.at(host, "web")
        until(20, "the front answers", lambda: self.status("front", f"{SITE}/readyz") == "200")

    def knows_a_node(self):
        until(120, "HAProxy knows a node", lambda: "cannot connect" not in self.at("pub", "ping", check=False))

    def close(self):
        self.net.close()
        for node in NODES:
            run("umount", "-l", self.top / node / "db", check=False)

    def rejoin(self, node):
        """What Restart= of mariadb.service and galera-heal.timer do: a node that ended, or has left for good, is begun again until it is ready."""
        said = self.get("front", f"http://{ADDRESS[node]}:9200/")
        if "left the cluster" in said:
            self.at(node, "kill", "mariadb")
        if not self.at(node, "alive", "mariadb", check=False):
            self.at(node, "node", check=False)
        return said.strip() == "synchronised"

    def fill(self, node):
        left = shutil.disk_usage(self.top / node / "db").free
        run("fallocate", "-l", str(left - (64 << 10)), self.top / node / "db" / "ballast")

    def empty(self, node):
        (self.top / node / "db" / "ballast").unlink()


def events(c):
    """(name, what happens, what brings it back); the parts in turn."""
    kill = lambda host, *names: lambda: c.at(host, "kill", *names)  # noqa: E731
    wire = lambda host, state: lambda: c.net.wire(host, state)  # noqa: E731
    for i in itertools.count():
        node, other, web = NODES[i % 3], NODES[(i + 1) % 3], WEB[i % 2]
        yield f"database node {node} is killed", kill(node, "mariadb"), lambda n=node: c.at(n, "node")
        yield f"HAProxy of {web} is killed", kill(web, "haproxy"), lambda w=web: c.at(w, "proxy")
        yield f"web host {web} is killed", kill(web, "nginx", "pool", "login", "export", "picture", "haproxy"), lambda w=web: c.at(w, "web")
        yield f"worker pool of {web} is killed", kill(web, "pool", "login"), lambda w=web: c.at(w, "pool")
        yield f"link of node {other} is cut", wire(other, "down"), wire(other, "up")
        yield f"link of web host {web} is cut", wire(web, "down"), wire(web, "up")
        yield f"disk of node {node} is full", lambda n=node: c.fill(n), lambda n=node: c.empty(n)


class Visitors:
    """The generator: what it has counted so far, by name of what happens."""

    def __init__(self, c, n, seconds, think):
        self.record, self.acknowledged, self.lost = c.top / "load.record", 0, 0
        self.name, films = "w" + secrets.token_hex(4), c.top / "films"
        films.write_text(c.sql("db1", "SELECT movie_id FROM movie ORDER BY movie_id LIMIT 300"))
        ramp = min(10, seconds / 4)
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", c.net.name("front"), BUILD / "tests/load/visitors", SITE, "http://127.0.0.1:8099", self.name, str(n), str(seconds - ramp),
             str(ramp), str(think), films, self.record], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            word, *rest = line.split()
            if word == "progress":
                self.acknowledged, self.lost = map(int, rest)

    def end(self):
        self.process.stdin.close()
        if ended(self.process, 600):
            raise RuntimeError(f"the generator: {self.process.returncode}")
        with open(self.record, encoding="utf-8") as f:
            return [line.rstrip("\n").split("\t") for line in f]


def story(c, visitors, seconds, every, words):
    began, log, source = time.monotonic(), [], events(c)
    time.sleep(every / 2)  # how long something lasts, not how long something takes
    while time.monotonic() + every <= began + seconds:
        name, happen, heal = next(source)
        if words and not any(w in name for w in words):
            continue
        at = time.monotonic()
        happen()
        time.sleep(min(AWAY, every / 3))
        heal()
        healed = time.monotonic()
        until(120, f"after {name}: all are well", lambda: all([c.rejoin(n) for n in NODES]) and
              all(c.status("front", f"http://{ADDRESS[w]}:8080/readyz") == "200" for w in WEB))
        log.append((name, at, healed, time.monotonic()))
        print(f"  {name}: away {healed - at:.1f} s, all well {time.monotonic() - healed:.1f} s later; {visitors.lost} lost so far", flush=True)
        time.sleep(max(0.0, at + every - time.monotonic()))
    return log


def table(records, log, began):
    """What each thing that happened cost those whose requests it met."""
    asked = [r for r in records if r[0] in ("request", "lost", "wrong", "foreign")]
    print(f"  {'what happened':<36}{'requests':>9}{'failed':>7}{'slowest s':>10}")
    rows = [("(all is well)", None)] + [(name, (at, over)) for name, at, _, over in log]
    for name, span in rows:
        mine = [r for r in asked if (any(float(r[3]) >= a and float(r[2]) <= b for _, a, _, b in log) if span is None else
                                     float(r[3]) >= span[0] and float(r[2]) <= span[1]) != (span is None)]
        bad = [r for r in mine if r[0] != "request"]
        slow = max((float(r[3]) - float(r[2]) for r in mine), default=0)
        print(f"  {name:<36}{len(mine):>9}{len(bad):>7}{slow:>10.2f}")
    return len(asked), [r for r in asked if r[0] == "lost"]


def counts(c, node):
    tables = c.sql(node, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'mvti' AND table_type = 'BASE TABLE' ORDER BY 1").split()
    return c.sql(node, " UNION ALL ".join(f"SELECT '{t}', COUNT(*) FROM `{t}`" for t in tables))


def judge(c, visitors, records, log, load):
    verdict = load.Verdict()
    by = {kind: [r for r in records if r[0] == kind] for kind in ("request", "lost", "wrong", "foreign", "visitor", "test", "like", "gone")}
    verdict.check("an answer was not the right one", by["wrong"])
    verdict.check("somebody saw what is another's", by["foreign"])
    verdict.check("somebody could not come back and find everything", [v for v in by["visitor"] if v[4] != "1"])
    for node in NODES:
        print(f"  on {node}:", end="")
        load.sql = lambda text, n=node: c.sql(n, text)
        load.judge_database(verdict, by, visitors.name, 0)
    until(10, "nodes have caught up", lambda: len({counts(c, n) for n in NODES}) == 1)
    verdict.check("nodes differ", [] if len({counts(c, n) for n in NODES}) == 1 else list(NODES))
    return verdict


def test(top):
    n, minutes = int(os.environ.get("VISITORS", "30")), float(os.environ.get("MINUTES", "1"))
    every, words = float(os.environ.get("EVERY", "15")), os.environ.get("EVENTS", "").split()
    c = Cluster(top)
    try:
        began = time.monotonic()
        c.start()
        print(f"three nodes, two web hosts and what is before them are up after {time.monotonic() - began:.0f} s", flush=True)
        os.environ.update(MVTI_TEST_STACK=str(top / "db1"), MVTI_TEST_URL=SITE)
        sys.path.insert(0, str(ROOT / "tests/http"))
        load = module("load", ROOT / "tests/load/load.py")
        visitors = Visitors(c, n, 60 * minutes, float(os.environ.get("THINK", "1")))
        log = story(c, visitors, 60 * minutes, every, words)
        records = visitors.end()
        c.knows_a_node()
        c.at("pub", "mvti", "sessions")  # what is left of an account that had much
        total, lost = table(records, log, began)
        causes = {}
        for r in lost:
            causes[f"{r[6]}: {r[4]} {r[7]}"] = causes.get(f"{r[6]}: {r[4]} {r[7]}", 0) + 1
        print(f"  {total} requests, {len(lost)} failed ({100 * len(lost) / total:.3f} %): {json.dumps(causes, indent=1)}")
        verdict = judge(c, visitors, records, log, load)
        hosts_run.passed += verdict.passed
        hosts_run.failed += verdict.failed
        # In a short run one visitor's bad moment would be more than the share that is promised.
        most = .001 if total >= 10000 else .05 * slowness()
        check(f"less than {100 * most:g} % of requests failed", len(lost) < total * most, f"{len(lost)} of {total}")
    finally:
        c.close()


def cannot():
    if reason := hosts_run.cannot():
        return reason
    for program in "haproxy", "socat", "mariabackup":
        if shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin") is None:
            return f"{program} is not installed (tools/packages cluster)"
    if not pathlib.Path("/usr/lib/galera/libgalera_smm.so").exists():
        return "galera-4 is not installed (tools/packages cluster)"
    if shutil.which("wsrep_sst_mariabackup") is None:
        return "wsrep_sst_mariabackup is not there (tests/cluster/run unpacks it)"
    return ""


def main():
    if reason := cannot():
        print(f"SKIPPED cluster: {reason}\n0 passed, 0 failed, 1 skipped")
        return 0
    top = pathlib.Path(tempfile.mkdtemp(prefix="mvti-cluster-"))
    try:
        test(top)
    except Exception as e:  # a host that does not come up is a failure with its words
        check("the cluster", False, repr(e))
    if hosts_run.failed and os.environ.get("CLUSTER_KEEP"):
        print(f"files are in {top}")
    else:
        shutil.rmtree(top, ignore_errors=True)
    print(f"{hosts_run.passed} passed, {hosts_run.failed} failed")
    return 1 if hosts_run.failed else 0


if __name__ == "__main__":
    sys.exit(main())
