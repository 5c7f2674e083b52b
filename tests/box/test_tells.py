#!/usr/bin/env python3
"""What doctor finds on a real machine, with what to do, and is rid of when that is done; whom a failing unit tells; priorities in the journal."""
import http.server
import json
import threading
import time

from box import ROOT, Box, eventually, main, within
from chat import Chat

# Finding, what causes it, what heals it.
CAUSES = [
    ("workers", "systemctl stop mvti-worker@{1..4}", "systemctl start mvti-worker@{1..4}"),
    ("workers", "systemctl stop mvti-worker@2", "systemctl start mvti-worker@2"),
    ("sockets", "systemctl stop mvti-worker.socket", "systemctl start mvti.target"),
    ("sockets", "rm /run/mvti/worker.sock", "systemctl restart mvti-worker.socket"),
    ("timers", "systemctl disable --now mvti-nightly.timer", "systemctl enable --now mvti-nightly.timer"),
    ("key", "chmod 644 /etc/mvti/session.key", "chmod 600 /etc/mvti/session.key"),
    ("key", "mv /etc/mvti/session.key /etc/mvti/gone", "mv /etc/mvti/gone /etc/mvti/session.key"),
    ("worker-account", "mariadb -e 'REVOKE INSERT ON mvti.test FROM mvti_worker@localhost'", "mariadb mvti </usr/share/mvti/sql/grants.sql"),
    ("site", "sed -i 's#^public_url.*#public_url = http://localhost:81#' /etc/mvti/mvti.conf", "sed -i 's#^public_url.*#public_url = http://localhost#' /etc/mvti/mvti.conf"),
    ("site", "echo 'server { listen 80 default_server; return 200 Welcome; }' >/etc/nginx/conf.d/other.conf; nginx -s reload", "rm /etc/nginx/conf.d/other.conf; nginx -s reload"),
    ("disk", "sed -i '/^.mvti.$/a watch_disk_percent = 1' /etc/mvti/mvti.conf", "sed -i '/^watch_disk/d' /etc/mvti/mvti.conf"),
    ("snapshot", "cd /var/lib/mvti/snapshots && ln -sfn nowhere current.new && cp -P current kept && mv -T current.new current", "cd /var/lib/mvti/snapshots && mv -T kept current"),
    ("left-overs", "touch /var/lib/mvti/models/ease.mvm.tmp.4000000", "rm /var/lib/mvti/models/*.tmp.*"),
    ("units", "mkdir -p /run/systemd/system/mvti-sessions.service.d && printf '[Service]\\nExecStartPre=/bin/false\\n' >/run/systemd/system/mvti-sessions.service.d/x.conf; "
     "systemctl daemon-reload; systemctl start mvti-sessions", "rm -r /run/systemd/system/mvti-sessions.service.d; systemctl daemon-reload; systemctl start mvti-sessions"),
]


def doctor(box):
    said = json.loads(box.run("mvti", "doctor", "--json", check=False).stdout)
    return {f["id"]: f for f in said["findings"] if f["state"] == "wrong"}


def test_doctor_finds_each_and_is_rid_of_it():
    with Box() as box:
        assert not doctor(box), doctor(box)
        for finding, cause, heal in CAUSES:
            box.sh(cause, check=False)
            found = eventually(lambda: doctor(box).get(finding), 20, f"{finding} after {cause}")
            assert found["do"], found
            box.sh(heal)
            eventually(lambda: not doctor(box), 20, f"nothing after {heal}")


def test_the_pages_test_by_curl():
    """The lines of the operating page as they stand there, but for the site's address."""
    page = (ROOT / "docs/operating.md").read_text()
    lines = page.split("### A test by curl\n")[1].split("```\n")[1].replace("https://movies.example", "http://localhost")
    with Box() as box:
        before = int(box.sql("SELECT COUNT(*) FROM test"))
        result = json.loads(box.sh(lines))
        assert len(result["same"]) > 3 and result["token"], result
        assert int(box.sql("SELECT COUNT(*) FROM test")) == before + 1


# A certificate that this machine's browsers would accept, for so many days, before the site on port 80.
TLS = """cd /etc/ssl && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days %d -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout box.key -out box.crt 2>/dev/null
cp box.crt /usr/local/share/ca-certificates/box.crt && update-ca-certificates --fresh >/dev/null 2>&1
echo 'server { listen 443 ssl; server_name localhost; ssl_certificate /etc/ssl/box.crt; ssl_certificate_key /etc/ssl/box.key; location / { proxy_pass http://127.0.0.1:80; proxy_set_header Host localhost; } }' >/etc/nginx/conf.d/box.conf
nginx -s reload; sed -i 's#^public_url.*#public_url = https://localhost#; s#^secure_cookies.*#secure_cookies = 1#' /etc/mvti/mvti.conf"""
# What tells whether the clock is synchronised: the machine that a box is on has its own.
CLOCK = "for p in systemd-detect-virt timedatectl; do mv /usr/bin/$p /usr/bin/$p.real; done; printf '#!/bin/sh\\necho none\\n' >/usr/bin/systemd-detect-virt; printf '#!/bin/sh\\necho no\\n' >/usr/bin/timedatectl; chmod 755 /usr/bin/timedatectl /usr/bin/systemd-detect-virt"


def test_a_clock_and_a_certificate():
    def found(box, name):
        said = json.loads(box.run("mvti", "doctor", "--json", check=False).stdout)["findings"]
        return {f["state"]: f for f in said if name in (f["id"], f["about"])}

    with Box() as box:
        assert "note" in found(box, "clock"), "of a container the host's clock counts"
        box.sh(CLOCK)
        assert "not synchronised" in found(box, "clock")["wrong"]["text"]
        box.sh("sed -i s/no/yes/ /usr/bin/timedatectl")
        assert "it is synchronised" in found(box, "clock")["good"]["text"]
        box.sh(TLS % 3)
        ends = eventually(lambda: found(box, "certificate").get("wrong"), 20, "a certificate that ends")
        assert "ends in 2 days" in ends["text"] and "certbot" in ends["do"], ends
        box.sh(TLS % 90)
        eventually(lambda: "good for 89 days" in found(box, "certificate").get("good", {"text": ""})["text"], 20, "a new one")


def test_what_guests_see_after_a_publishing():
    """nginx keeps what guests are answered for 4 s (decision 84), and workers look once a second."""
    with Box() as box:
        film = int(box.sql("SELECT MIN(movie_id) FROM film_character"))
        path = f"/api/v1/movies/{film}"
        eventually(lambda: box.get(path).headers.get("X-Cache") == "HIT", 20, "it is kept at all")
        box.sql(f"UPDATE movie SET title_en = 'Another Name', title_ko = 'Another Name' WHERE movie_id = {film}")
        box.run("mvti", "--quiet", "publish", "--force", seconds=180)
        began = time.monotonic()
        eventually(lambda: b"Another Name" in box.get(path).body, 20, "guests see it")
        took = time.monotonic() - began
        print(f"a title is seen {took:.1f} s after its publishing")
        assert within(took, 6), took


def refusing(box):
    """Workers that refuse the published snapshot, as Prometheus gets it. They look when they are asked something."""
    assert all(box.get("/readyz").status == 200 for _ in range(12))
    said = box.run("mvti", "--set", "db_user=mvti_jobs", "metrics", user="mvti_jobs").stdout
    return sum(float(line.split()[1]) for line in said.splitlines() if line.startswith('mvti_workers_refusing_snapshot{pool="main"'))


def test_workers_that_refuse_the_snapshot_are_told_of():
    """By the quick checks, which read no large file; the whole doctor looks for itself and says it once. Metrics count the same."""
    def watch():
        return box.run("mvti", "--set", "notify_dir=/var/lib/mvti/told", "notify", "--watch").stderr

    with Box() as box:
        box.sh("install -d -o mvti_jobs -m 700 /var/lib/mvti/told")
        assert "refuse" not in watch() and refusing(box) == 0
        box.sh("cd /var/lib/mvti/snapshots && cp -P current kept && head -c 70000 current >mvti-cut.mvs && chmod 644 mvti-cut.mvs && ln -s mvti-cut.mvs new && mv -T new current")
        eventually(lambda: refusing(box) == len(box.workers()), 20, "all workers refuse it")
        served = box.get("/readyz").json()["snapshot"]
        told = watch()
        assert f"workers refuse the published snapshot (damaged) and serve {served}" in told, told
        found = [f for f in json.loads(box.run("mvti", "doctor", "--json", check=False).stdout)["findings"] if f["state"] == "wrong"]
        assert [f["id"] for f in found] == ["snapshot"] and "mvti-cut.mvs" in found[0]["text"], found
        box.sh("cd /var/lib/mvti/snapshots && mv -T kept current")
        eventually(lambda: refusing(box) == 0, 20, "and nobody does any more")
        assert "alarm.ended" in watch()


def test_a_failing_unit_tells_at_once_and_the_watch_says_when_it_is_well():
    with Box() as box:
        with box.network():
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 9099), Chat)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        box.sh("sed -i '/^.mvti.$/a notify_webhooks_file = notify_webhooks\\nnotify_email = ops@example.org\\nnotify_sendmail = /usr/local/bin/sendmail' /etc/mvti/mvti.conf\n"
               "echo 'slack http://127.0.0.1:9099/secret-token' >/etc/mvti/notify/webhooks; chmod 600 /etc/mvti/notify/webhooks\n"
               "printf '#!/bin/sh\\ncat >>/var/lib/mvti/mail\\n' >/usr/local/bin/sendmail; chmod 755 /usr/local/bin/sendmail")
        # A night whose publishing is refused: the model is not there.
        box.sh("mv /var/lib/mvti/models /var/lib/mvti/away; systemctl stop mariadb; systemctl start mvti-nightly", check=False)
        told = eventually(lambda: [text for text in Chat.said if "mvti-nightly.service" in text], 30, "the chat is told")
        assert "wrong: mvti-nightly.service: has failed: mvti: " in told[0] and "journalctl -u mvti-nightly.service" in told[0], told
        eventually(lambda: "Subject: MVTI " in box.sh("cat /var/lib/mvti/mail", check=False), 20, "the mail")
        box.sh("systemctl start mvti-watch")
        assert any("wrong: database: " in text for text in Chat.said), Chat.said
        before = len(Chat.said)
        box.sh("systemctl start mvti-watch")
        # By the minute a timer may start a unit that fails as well: that is another thing.
        again = [text for text in Chat.said[before:] if "database: database" in text or "mvti-nightly" in text]
        assert not again, f"the same thing once: {again}"
        box.sh("mv /var/lib/mvti/away /var/lib/mvti/models; systemctl start mariadb; systemctl reset-failed mvti-nightly; systemctl start mvti-watch")
        assert any("well again: mvti-nightly.service" in text and "well again: database" in text for text in Chat.said[before:]), Chat.said
        assert "secret-token" not in "\n".join(box.journal())
        server.shutdown()


def test_a_ban_and_a_reload_reach_every_worker():
    with Box() as box:
        workers = set(box.workers())

        def write():
            with box.network():
                return box.site().ask("POST", "/api/v1/events", {"Content-Type": "application/json"}, b"[]")
        before = write()
        box.jobs("ban", "add", "127.0.0.1", "--for", "1h")
        eventually(lambda: (write().status, write().body != before.body) == (403, True), 20, "nobody of that network writes")
        assert box.get("/readyz").status == 200 and not [line for line in box.journal("-u", "mvti-worker@*") if "denied.unreadable" in line]
        box.jobs("ban", "lift", "127.0.0.1")
        eventually(lambda: write().status == before.status, 20, "and then as before")
        box.run("systemctl", "reload", "mvti-worker@*")
        eventually(lambda: sum("worker.reloaded" in line for line in box.journal("-u", "mvti-worker@*")) >= len(workers), 20, "they have read their settings")
        assert set(box.workers()) == workers and box.get("/").status == 200


def test_the_journal_has_priorities_and_no_probes():
    with Box() as box:
        for _ in range(5):
            assert box.get("/readyz").status == 200
        assert box.get("/api/v1/movies/0").status == 404
        refused = eventually(lambda: [json.loads(m) for m in box.journal("-u", "mvti-worker@*", "-p", "info") if '"event":"request"' in m and " 404 " in m], what="its line")
        assert refused[0]["client"] and "127.0.0.1" not in json.dumps(refused)
        assert not [m for m in box.journal("-u", "mvti-worker@*") if "/readyz" in m]
        assert not [m for m in box.journal("-u", "mvti-worker@*", "-p", "err") if '"level":"info"' in m]
        box.sh("systemctl stop mariadb; systemctl start mvti-sessions", check=False)
        errors = eventually(lambda: box.journal("-u", "mvti-sessions", "-p", "err", "-g", "^mvti: "), what="an error of a job is one")
        assert errors and not errors[0].startswith("<"), errors


main(globals())
