#!/usr/bin/env python3
"""mvti setup on a machine that is set up: nothing to do; and what is missing is made again, and said."""
import json

from box import Box, Traffic, eventually, main


def test_twice():
    """An installation that somebody set up by hand: what is left to do is done, and then nothing."""
    with Box() as box:
        box.run("mvti", "setup", seconds=120)
        said = box.run("mvti", "setup", seconds=120).stdout
        assert said == "nothing to do: everything is set up\n", said


def test_what_is_missing():
    with Box() as box:
        box.run("mvti", "setup", seconds=120)
        key = (box.root / "etc/mvti/session.key").read_bytes()
        box.sh("mariadb -e 'DROP USER mvti_worker@localhost; REVOKE SELECT, SHOW VIEW ON mvti.v_film FROM mvti_analyst@localhost'; rm /etc/nginx/sites-enabled/mvti.conf;"
               "ln -s /etc/nginx/sites-available/default /etc/nginx/sites-enabled/default; printf '[provider google]\\nclient_id = mine\\nclient_secret_file = provider_google\\n' >>/etc/mvti/mvti.conf; echo secret >/etc/mvti/providers/google; chmod 600 /etc/mvti/providers/google; systemctl disable -q --now mvti-login.socket mvti-nightly.timer; systemctl stop mvti-sessions.timer mvti-worker@2")
        said = box.run("mvti", "setup", seconds=120).stdout
        for thing in "account of the database: mvti_worker", "rights of the database's accounts", "enabled: mvti-login.socket", "started, because they are enabled: ", " mvti-sessions.timer mvti-worker@2.service\n", "Debian's default page is no longer enabled", "site of nginx":
            assert thing in said, (thing, said)
        assert "mvti_jobs" not in said and "import" not in said and "train" not in said, said
        assert (box.root / "etc/mvti/session.key").read_bytes() == key
        eventually(lambda: box.get("/readyz").json()["database"] is True, 20, "the workers may use the database again")
        assert box.state("mvti-nightly.timer") == "inactive", "what an operator disabled stays disabled"
        assert box.state("mvti-sessions.timer") == "active", "what was only stopped runs again"
        assert box.get("/").status == 200 and "nginx" not in box.get("/").body.decode()[:300]


def test_what_is_enabled_by_default():
    """Back-ups and the watch are on after the first time, the page for Prometheus is not; doctor notes what is off."""
    def off(box):
        said = json.loads(box.run("mvti", "doctor", "--json", check=False).stdout)["findings"]
        return {f["text"].split()[0] for f in said if f["id"] == "timers" and f["state"] == "note"}

    with Box() as box:
        box.sh("systemctl disable -q --now mvti.target mvti-watch.timer mvti-backup.timer mvti-metrics.socket")
        assert off(box) == {"mvti-watch.timer", "mvti-backup.timer", "mvti-metrics.socket"}, off(box)
        said = box.run("mvti", "setup", seconds=120).stdout
        for thing in "mvti-backup.timer", "mvti-watch.timer", "into /var/backups/mvti", "mvti-metrics.socket, for Prometheus, stays off":
            assert thing in said, (thing, said)
        assert [box.state(unit) for unit in ("mvti-watch.timer", "mvti-backup.timer", "mvti-metrics.socket")] == ["active", "active", "inactive"]
        assert off(box) == {"mvti-metrics.socket"}, off(box)
        # Where there is no folder for them, none are promised.
        box.sh("systemctl disable -q --now mvti.target mvti-backup.timer; mv /var/backups /var/elsewhere")
        said = box.run("mvti", "setup", seconds=120).stdout
        assert "no back-ups are made here" in said and "mvti-backup.timer" not in said, said
        assert off(box) == {"mvti-backup.timer", "mvti-metrics.socket"}


def test_says_what_is_wrong():
    with Box() as box:
        assert "needs root" in box.run("mvti", "setup", user="mvti_jobs", check=False).stderr
        box.sh("systemctl stop mariadb; systemctl mask --runtime mariadb")
        refused = box.run("mvti", "setup", check=False, seconds=120)
        assert refused.returncode == 1 and "the database at /run/mysqld/mysqld.sock" in refused.stderr, refused
        box.sh("systemctl unmask --runtime mariadb; systemctl start mariadb; echo 'server { nonsense; }' >/etc/nginx/sites-enabled/bad.conf; rm /etc/nginx/sites-enabled/mvti.conf")
        refused = box.run("mvti", "setup", check=False, seconds=120)
        assert refused.returncode == 1 and "nginx does not accept the site" in refused.stderr and "nonsense" in refused.stderr, refused
        assert not (box.root / "etc/nginx/sites-enabled/mvti.conf").is_symlink(), "what nginx refuses is not left enabled"


def test_new_programs():
    """After an installation the workers that run the old program are restarted, one after the other, under traffic."""
    with Box() as box:
        box.run("mvti", "setup", seconds=120)
        before = set(box.workers())
        with Traffic(box, ["/", "/api/v1/movies", "/api/v1/survey", "/c/1"]) as traffic:
            box.sh("cp /usr/bin/mvti-worker /usr/bin/new && mv /usr/bin/new /usr/bin/mvti-worker")
            said = box.run("mvti", "setup", seconds=120).stdout
            traffic.more()
        assert "restarted, one after the other: " in said and "mvti-worker@4" in said, said
        assert len(box.workers()) == 4 and not before & set(box.workers())
        assert not traffic.failed, traffic.failed[:5]
        print(f"{len(traffic.rows)} requests, {len(traffic.failed)} failed")


main(globals())
