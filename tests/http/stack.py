"""The running stack as tests take it apart: its folder, database, log and processes; and how it is whole again after a test that failed."""
import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

from site_client import Site
from waiting import Patience, ended, eventually, fine, run, slowness, within  # noqa: F401

ROOT = pathlib.Path(__file__).resolve().parents[2]
STACK = pathlib.Path(os.environ["MVTI_TEST_STACK"])
URL = os.environ["MVTI_TEST_URL"]
API = "/api/v1"
BUILD = ROOT / os.environ.get("BUILD", "build")
WRITE = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}


def site():
    return Site(URL)


def get(path, who=None):
    return (who or site()).ask("GET", path)


def send(who, method, path, value=None, headers=WRITE):
    body = None if value is None else json.dumps(value).encode()
    return who.ask(method, path, headers, body)


def films(n):
    return [m["id"] for m in get(f"{API}/movies?seed=1&limit={n}").json()["items"]]


def take(who, mbti="INFP", enneagram="4w5", n=3):
    answer = send(who, "POST", f"{API}/tests", {"mbti": mbti, "enneagram": enneagram, "movies": films(n)})
    assert answer.status == 201, (answer.status, answer.body[:300])
    return answer.json()


def sql(text):
    done = run(["mariadb", "--no-defaults", "--socket=run/mysql.sock", "-N", "-B", "mvti", "-e", text], 30, cwd=STACK)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def number(text):
    return int(sql(text))


def mvti(*words, check=True, **how):
    """A command of the stack's jobs."""
    done = run([BUILD / "mvti", "--config", "jobs.conf", *words], 120, cwd=STACK, **how)
    assert not check or done.returncode == 0, (words, done.returncode, done.stdout, done.stderr)
    return done


changed = contextlib.ExitStack()


def put_back(what, *args):
    """After the test that runs, whatever becomes of it, the newest first: a test that fails takes no other with it."""
    changed.callback(what, *args)


OPPOSITE = {"stop": "start", "kill": "start", "start": "stop", "pause": "resume"}
away = {}  # part: what puts it back


def ctl(what, part):
    """Part of the stack, as tests/harness/stackctl has it. What a test leaves otherwise than it found it is put back by main()."""
    if away.get(part) == what:
        del away[part]
    elif what in OPPOSITE:
        away.setdefault(part, OPPOSITE[what])
    # Output must not be a pipe: what stackctl starts would keep it open.
    done = run([ROOT / "tests/harness/stackctl", STACK, what, part], 90, said=subprocess.DEVNULL)
    assert done.returncode == 0, (what, part, done.returncode)
    if (what, part) == ("start", "mariadb"):
        eventually(all_save, 60, "every worker saves again")


probes = set()  # tokens of the tests that were taken only to see whether they are saved


def all_save():
    """A worker that met the database away asks it again after a while of its own; so many in a row reach all of them."""
    value = {"mbti": "INFP", "enneagram": "4w5", "movies": films(3)}
    answers = [send(site(), "POST", f"{API}/tests", value) for _ in range(12)]
    saved = {a.json()["token"] for a in answers if a.status == 201}
    probes.update(saved)
    return len(saved) == len(answers)


def log_size(name="pool"):
    return (STACK / "log" / f"{name}.log").stat().st_size


def log_since(offset, name="pool"):
    with open(STACK / "log" / f"{name}.log", "rb") as f:
        f.seek(offset)
        whole = f.read().rpartition(b"\n")[0]  # of a line over two pages a reader may meet the first half
        return [json.loads(line) for line in whole.decode().splitlines() if line.startswith("{")]


def status_of(pid, what):
    """A number of /proc/PID/status, or None where the process is gone."""
    try:
        return int(re.search(rf"^{what}:\s*(\d+)", open(f"/proc/{pid}/status").read(), re.M)[1])
    except (OSError, TypeError):
        return None


def pool(name="pool"):
    """Process ids of the workers of a pool, below spawn-fcgi and multiwatch."""
    top = int((STACK / "run" / f"{name}.pid").read_text())
    return [int(p) for p in os.listdir("/proc") if p.isdigit() and status_of(p, "PPid") == top]


def forget_publications(after):
    """Those of a state folder that is not the stack's: it would take one of them for what is live."""
    for table in "publication", "publication_score":
        sql(f"DELETE FROM {table} WHERE publication_id > {after}")


def everybody(at, event):
    """Until every worker of the pool has said so in its log since `at`; one looks at the snapshot once a second."""
    eventually(lambda: sum(e["event"] == event for e in log_since(at)) >= len(pool()), what=f"{event} by all")


def memory_kib(pid, what="VmRSS"):
    return status_of(pid, what)


def whole_again():
    """The parts that a test took away or brought, and what put_back() was told."""
    try:
        for part, what in reversed(list(away.items())):
            ctl(what, part)
    finally:
        changed.close()


def main(names, at_end=lambda: None, after_failure=lambda: None):
    """Runs every test_ function of a module in its order, after each what puts the stack back as it was, after one that failed also
    what the next of them count on; ends in "N passed, N failed"."""
    failed = passed = 0
    for name, test in [(n, t) for n, t in names.items() if n.startswith("test_")]:
        began = time.monotonic()
        if fine(name, test, whole_again):
            passed += 1
            if os.environ.get("VERBOSE"):
                print(f"ok {name} ({time.monotonic() - began:.1f} s)")
        else:
            failed += 1
            fine("what follows", after_failure)
    failed += not fine("the end", at_end)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
