#!/usr/bin/env python3
"""What stops, breaks or is damaged comes back by itself, and what can be served meanwhile is."""
import base64
import json
import re
import time

from box import LONG, Box, Traffic, eventually, main

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
        box.sh("mv /etc/mvti/session.key /etc/mvti/away; pkill -KILL -x mvti-worker")
        with Traffic(box, READS):
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
        assert box.workers("login") == workers and answer.status in (302, 303), (answer.status, workers)
        assert box.state("mvti-login@1.service", "NRestarts") == "0"


main(globals())
