#!/usr/bin/env python3
"""What stops, breaks or is damaged comes back by itself, and what can be served meanwhile is."""
import base64
import json
import re
import subprocess
import time

from box import LONG, Box, Traffic, eventually, main
from waiting import BUILD

POOLS = {"worker": 4, "login": 2, "export": 1, "picture": 1, "admin": 1}
READS = ["/", "/api/v1/movies", "/api/v1/home", "/t/INFP"]


def all_workers(box):
    return [pid for pool in POOLS for pid in box.workers(pool)]


def are_whole(box):
    """Every pool has its workers, its socket listens, and the site answers."""
    return box.is_ready() and all(len(box.workers(pool)) == many and box.state(f"mvti-{pool}.socket") == "active" for pool, many in POOLS.items()) \
        and not box.sh("systemctl list-units --state=failed,activating,deactivating --no-legend 'mvti*'")


def kill_again_and_again(box, seconds):
    """Every worker of every pool, every 0.7 s, with a visitor at the door."""
    ends = time.monotonic() + seconds
    box.sh(f"end=$((SECONDS + {seconds})); while [ $SECONDS -lt $end ]; do pkill -KILL -x mvti-worker; sleep 0.7; done", seconds=seconds + 30)
    assert time.monotonic() >= ends - 1


def test_comes_back_from_kills():
    with Box() as box:
        with Traffic(box, READS):
            kill_again_and_again(box, 60 if LONG else 6)
            ended = time.monotonic()
            eventually(box.is_ready, 5, "the site answers again")
            print(f"{time.monotonic() - ended:.1f} s after the last kill")
        eventually(lambda: are_whole(box), 10, "every pool is whole")
        paused = [float(s) for s in re.findall(r"after a wait of ([0-9.]+) s", "\n".join(box.journal("-u", "mvti-worker@*")))]
        assert paused[0] == 0 and 0 < max(paused) <= 2, paused


def test_never_given_up():
    """A program that cannot start at all, for longer than systemd counts by itself (five starts in ten seconds), with visitors at the door."""
    with Box() as box:
        with Traffic(box, READS):
            box.sh("mv /etc/mvti/session.key /etc/mvti/away; pkill -KILL -x mvti-worker")
            eventually(lambda: int(box.state("mvti-worker@1.service", "NRestarts")) > 6, 60, "more restarts than that")
        assert not box.sh("systemctl list-units --state=failed --no-legend 'mvti*'")
        box.sh("mv /etc/mvti/away /etc/mvti/session.key")
        eventually(lambda: are_whole(box), 10, "every pool is whole")


def test_target_restarts_under_traffic():
    with Box() as box:
        with Traffic(box, READS) as traffic:
            for _ in range(3):
                box.run("systemctl", "restart", "mvti.target")
                traffic.more()
        print(f"{len(traffic.rows)} answers, {len(traffic.failed)} failed")
        assert not traffic.failed, traffic.failed[:5]
        eventually(lambda: are_whole(box), 10, "every pool is whole")
        box.run("systemctl", "stop", "mvti.target")
        assert not all_workers(box) and box.state("mvti-worker.socket") == "inactive"
        assert box.get("/readyz").status in (502, 503) and not all_workers(box)
        box.run("systemctl", "start", "mvti.target")
        eventually(lambda: are_whole(box), 10, "every pool is whole")


def test_what_somebody_stops_or_removes_comes_back_with_the_watch():
    """Sockets and workers, while mvti.target is up; what is disabled stays off, and so does all of it when the target is stopped."""
    with Box() as box:
        box.run("systemctl", "start", "mvti-watch")
        assert are_whole(box) and not [line for line in box.journal("-u", "mvti-watch") if "started again" in line or "opened anew" in line]
        for damage, told in (("systemctl stop mvti-worker.socket", "started again: .*mvti-worker.socket"), ("rm /run/mvti/worker.sock", "worker.sock is gone"),
                             ("systemctl stop mvti-login.socket", "started again: .*mvti-login@"), ("systemctl stop mvti-worker@2", "started again: mvti-worker@2"),
                             ("rm /run/mvti/{worker,export,picture}.sock; systemctl stop mvti-export.socket", "picture.sock is gone")):
            box.sh(damage)
            assert not are_whole(box), damage
            box.run("systemctl", "start", "mvti-watch")
            eventually(lambda: are_whole(box), 20, f"every pool is whole after {damage}")
            said = [line for line in box.journal("-u", "mvti-watch", "-p", "warning") if re.search(told, line)]
            assert said, (damage, box.journal("-u", "mvti-watch")[-5:])
        box.sh("systemctl disable --now mvti-worker@3; systemctl start mvti-watch")
        assert len(box.workers()) == 3
        box.sh("systemctl stop mvti.target; systemctl start mvti-watch")
        assert not all_workers(box) and box.state("mvti-worker.socket") == "inactive"


SNAPSHOTS = "var/lib/mvti/snapshots"


def publish(box):
    """Another snapshot; its file."""
    box.sql("UPDATE movie SET title_en = CONCAT(title_en, '!') ORDER BY movie_id LIMIT 1")
    box.sh("umask 077; mvti --quiet --set db_user=mvti_jobs publish --force", user="mvti_jobs")
    return current(box)


def current(box):
    return box.root / SNAPSHOTS / (box.root / SNAPSHOTS / "current").readlink()


def name(file):
    return file.name.removeprefix("mvti-").removesuffix(".mvs")


def ready(box):
    """What /readyz says, of each of some workers."""
    return [box.get("/readyz").json() for _ in range(12)]


def serve(box, file, refused):
    return all(said["snapshot"] == name(file) and said["refused"] == refused for said in ready(box))


def restart(box):
    box.run("systemctl", "restart", "mvti.target")
    box.until_ready()


def doctor(box):
    return box.run("mvti", "--set", "db_user=mvti_jobs", "doctor", user="mvti_jobs", check=False).stdout


def link(box, target):
    box.sh(f"ln -s {target} /{SNAPSHOTS}/new && mv -T /{SNAPSHOTS}/new /{SNAPSHOTS}/current")


# How a file is damaged, what it is refused as, what doctor says, and how it is whole again. What lies at /root/whole is a copy.
DAMAGE = {
    "truncated": ("head -c 70000 /root/whole >{file}.new; mv {file}.new {file}", "damaged", "holds 70000 bytes of",
                  "cp /root/whole {file}.new; chmod 644 {file}.new; chown mvti_jobs:mvti {file}.new; mv {file}.new {file}"),
    "unreadable": ("chmod 600 {file}", "unreadable", "cannot be read by workers", "chmod 644 {file}"),
    "another owner's": ("chown root:root {file}; chmod 640 {file}", "unreadable", "Permission denied", "chown mvti_jobs:mvti {file}"),
    "a file, no link": ("rm {link}; cp /root/whole {link}; chmod 644 {link}", "no_link", "is not a link", "ln -s $(basename {file}) {link}.new; mv -T {link}.new {link}"),
    "a link that leads nowhere": ("mv {file} /root/away", "unreadable", "No such file", "mv /root/away {file}"),
}


def test_snapshots_that_cannot_be_used():
    """The newest whole one beside it is served, by who starts, and what is served already stays; it is said, and looked at again when it changes."""
    with Box() as box:
        before, file = current(box), publish(box)
        assert file != before and file.stat().st_mode & 0o777 == 0o644, "whatever the umask"
        eventually(lambda: serve(box, file, None), what="the new one is served")
        box.run("cp", f"/{file.relative_to(box.root)}", "/root/whole")
        paths = {"file": f"/{file.relative_to(box.root)}", "link": f"/{SNAPSHOTS}/current"}
        for what, (damage, refused, told, mend) in DAMAGE.items():
            beside = file if refused == "no_link" else before
            with Traffic(box, READS) as traffic:
                box.sh(damage.format(**paths))
                eventually(lambda refused=refused: serve(box, file, refused), what=f"{what}: refused, and the one in memory stays")
            assert not traffic.failed, (what, traffic.failed[:3])
            restart(box)
            assert serve(box, beside, refused), (what, ready(box))
            said = doctor(box)
            assert told in said and (beside.name in said or told == "cannot be read by workers"), (what, said)
            assert any("snapshot.refused" in line and beside.name in line for line in box.journal("-u", "mvti-worker@*")), what
            box.sh(mend.format(**paths))
            eventually(lambda: serve(box, file, None), what=f"{what}: looked at again")
            assert told not in doctor(box)


def test_snapshot_cut_under_its_readers():
    """SIGBUS ends a worker once at most; the others are served what is whole. Then a rollback from what is damaged."""
    with Box() as box:
        before, file = current(box), publish(box)
        eventually(lambda: serve(box, file, None), what="the new one is served")
        deaths = sum(int(n) for n in box.run("systemctl", "show", "-P", "NRestarts", "mvti-*@*").stdout.split())
        with Traffic(box, READS) as traffic:
            box.run("truncate", "-s", "4096", f"/{file.relative_to(box.root)}")
            eventually(lambda: serve(box, before, "damaged"), 10, "the one before is served")
            traffic.more()
        after = sum(int(n) for n in box.run("systemctl", "show", "-P", "NRestarts", "mvti-*@*").stdout.split())
        print(f"{len(traffic.rows)} answers, {len(traffic.failed)} failed, {after - deaths} workers ended")
        assert after - deaths <= 9 and len(traffic.failed) <= 9, traffic.failed
        box.jobs("publish", "--rollback")
        eventually(lambda: serve(box, before, None), what="a rollback from what is damaged")
        for path in "snapshots/current.tmp.1", "models/bts.mvm.tmp.1":
            (box.root / "var/lib/mvti" / path).write_text("")
        box.jobs("--quiet", "train", "bts")
        publish(box)
        assert not [*(box.root / "var/lib/mvti").glob("**/*.tmp.*")]


def p99(rows):
    """Milliseconds."""
    times = sorted(seconds for _, seconds, _, _ in rows)
    return 1000 * times[int(len(times) * 0.99)]


def longest(rows):
    return max(seconds for _, seconds, _, _ in rows)


def middle(values):
    return sorted(values)[len(values) // 2]


def swap(box, file):
    """Until all nine workers have it."""
    since = box.sh("date +%s.%N")
    link(box, file)
    loaded = f"journalctl --since @{since} -o cat -u 'mvti-*@*' | grep -c 'snapshot.loaded.*{file}'"
    eventually(lambda: int(box.sh(loaded, check=False)) >= 9, 120, f"all workers have {file}")


def long_swaps_of_a_large_snapshot():
    """Nobody waits while 220 MB are verified by nine workers, one after the other. A worker that verified between its requests would let each swap have an
    answer as long as a verification; beside the requests the longest is the usual one."""
    swaps = 6
    with Box(megabytes=3000) as box:
        for seed in 1, 2:
            file = box.root / SNAPSHOTS / f"mvti-big{seed}.mvs"
            subprocess.run([BUILD / "tests/bench/big_snapshot", file, "6850", str(seed)], check=True)
            file.chmod(0o644)
        swap(box, "mvti-big1.mvs")
        with Traffic(box, READS, 2) as traffic:
            usual, during, took = [], [], []
            for turn in range(swaps):
                n = len(traffic.rows)
                traffic.more(1000)
                usual.append(traffic.rows[n:])
                n, began = len(traffic.rows), time.monotonic()
                swap(box, f"mvti-big{2 - turn % 2}.mvs")
                took.append((time.monotonic() - began) / 9)
                during.append(traffic.rows[n:])
        size, verification = file.stat().st_size / 1e6, middle(took)
        often, longer = middle([longest(rows) for rows in usual]), middle([longest(rows) for rows in during])
        print(f"{size:.0f} MB, a verification takes {1000 * verification:.0f} ms; longest answer at other times {1000 * often:.0f} ms, during a swap "
              f"{1000 * longer:.0f} ms (medians of {swaps}); p99 {p99(sum(usual, [])):.1f} and {p99(sum(during, [])):.1f} ms; {len(traffic.failed)} of {len(traffic.rows)} failed")
        assert not traffic.failed and longer <= often + verification / 2
        assert not any("watchdog" in line.lower() for line in box.journal("-b", "-t", "systemd"))


SLOW = """
import http.server, json, socketserver, sys, time
AT = "http://127.0.0.1:9099/google"
TOKEN = sys.argv[1]
class Slow(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(4.8)
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answers = {"/google/token": {"access_token": "a", "token_type": "Bearer", "id_token": TOKEN}, "/google/keys": {"keys": []}}
        body = json.dumps(answers.get(self.path, {"issuer": AT, "authorization_endpoint": AT + "/authorize", "token_endpoint": AT + "/token", "jwks_uri": AT + "/keys",
                                                  "id_token_signing_alg_values_supported": ["RS256"]})).encode()
        self.send_response(200); self.send_header("Content-Type", "application/json"); self.send_header("Content-Length", str(len(body))); self.end_headers()
        self.wfile.write(body)
    do_POST = do_GET
class Server(socketserver.ThreadingMixIn, http.server.HTTPServer): pass
Server(("127.0.0.1", 9099), Slow).serve_forever()
"""


def long_login_waits_for_a_slow_provider():
    """Three answers of 4.8 s each, which a login may take, are no hanging worker."""
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
    token = f"{part({'alg': 'RS256', 'kid': 'k'})}.{part({'iss': 'http://127.0.0.1:9099/google'})}.{'A' * 342}"
    with Box() as box:
        (box.root / "root/slow.py").write_text(SLOW)
        box.run("systemd-run", "--unit=slow", "python3", "/root/slow.py", token)
        eventually(lambda: ":9099" in box.sh("ss -Hltn"), what="the provider listens")
        box.sh("printf secret >/etc/mvti/providers/google; chmod 600 /etc/mvti/providers/google")
        with open(box.root / "etc/mvti/mvti.conf", "a") as conf:
            conf.write("[provider google]\nclient_id = c\nclient_secret_file = provider_google\nissuer = http://127.0.0.1:9099/google\n")
        box.run("systemctl", "stop", "mvti-login@2")
        box.run("systemctl", "restart", "mvti-login@1")
        who = box.site()
        who.host = "localhost"  # as public_url has it
        with box.network():
            begun = who.ask("GET", "/auth/google")
        assert begun.status in (302, 303), (begun.status, begun.body[:300])
        state = re.search(r"[?&]state=([^&]+)", begun.headers["Location"])
        assert state, begun.headers["Location"]
        box.run("systemctl", "restart", "mvti-login@1")  # one that has to discover the provider anew
        workers, began = box.workers("login"), time.monotonic()
        with box.network():
            answer = who.ask("GET", f"/auth/google/callback?code=c&state={state[1]}")
        assert time.monotonic() - began > 14, (time.monotonic() - began, answer.status, answer.body[-300:])
        assert box.workers("login") == workers and answer.status == 502, (answer.status, workers)
        assert any("the provider's answer has no key" in line for line in box.journal("-u", "mvti-login@*")), answer.body[:300]
        assert box.state("mvti-login@1.service", "NRestarts") == "0"


def test_units_of_others_are_narrow_and_come_back():
    """nginx and MariaDB with our drop-ins: they start, serve, log and cache, and are back after a kill."""
    with Box() as box:
        for name in "nginx", "mariadb":
            box.sh(f"install -D -m 644 /usr/share/mvti/systemd/others/{name}.conf /etc/systemd/system/{name}.service.d/mvti.conf")
        box.sh("systemctl daemon-reload; systemctl restart mariadb nginx")
        box.until_ready()
        eventually(lambda: box.get("/readyz").json()["database"] is True, 20, "the database answers")
        assert box.get("/about").status == 200
        for name in "nginx", "mariadb":
            box.sh(f"systemctl kill -s KILL {name}")
            eventually(lambda n=name: box.state(n) == "active", 30, f"{name} is back")
        box.until_ready()
        eventually(lambda: box.get("/readyz").json()["database"] is True, 20, "the database is back")

main(globals())
