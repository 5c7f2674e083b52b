#!/usr/bin/env python3
"""Everything of a machine is lost but its back-up, and is back as it was: rows, views, rights, keys; who was known before is known again."""
import json
import re
import shutil
import time

from box import LONG, ROOT, Box, Skipped, eventually, main

DIRS = "/var/backups/mvti", "/var/backups/mvti-keys"
EVENTS = 1_000_000 if LONG else 0


def rows_and_rights(box):
    """Checksums of all tables, and who may do what."""
    tables = box.sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'mvti' AND table_type = 'BASE TABLE' "
                     "AND table_name NOT IN ('schema_lock', 'session') ORDER BY 1").split()
    said = box.sql("; ".join(f"CHECKSUM TABLE `{name}` EXTENDED" for name in tables))
    views = box.sql("SELECT table_name, view_definition, definer FROM information_schema.views WHERE table_schema = 'mvti' ORDER BY 1")
    rights = [sorted(box.sql(f"SHOW GRANTS FOR {name}@localhost").splitlines()) for name in ("mvti_worker", "mvti_jobs", "mvti_analyst", "mvti_admin")]
    assert len(tables) > 50 and views and all(rights)
    return said, views, rights


def stop(box):
    box.sh("systemctl stop mvti.target 'mvti-*.timer'")


def lose_everything(box):
    box.sh("rm -r /var/lib/mvti/* /etc/mvti/*; systemd-tmpfiles --create")
    box.sql("DROP DATABASE mvti; CREATE DATABASE mvti DEFAULT CHARACTER SET utf8mb4; "
            "DROP USER mvti_worker@localhost, mvti_jobs@localhost, mvti_analyst@localhost, mvti_admin@localhost", database="mysql")


def likes(who):
    return who.ask("GET", "/api/v1/me/likes").json()


def somebody(box):
    """A visitor who likes a character."""
    with box.network():
        who = box.site()
        character = int(box.sql("SELECT MIN(character_id) FROM film_character"))
        answer = who.ask("PUT", f"/api/v1/characters/{character}/like", {"Content-Type": "application/json", "Origin": "http://localhost"}, b"{}")
        assert answer.status == 200, (answer.status, answer.body)
        assert str(character) in json.dumps(likes(who))
    return who, character


def test_the_drill():
    with Box(megabytes=2800 if LONG else 1500) as box:
        if EVENTS:
            box.sql(f"INSERT INTO event (visitor_id, kind, character_id) SELECT seq % 9000, 'impression', seq % 400 FROM seq_1_to_{EVENTS}")
        who, liked = somebody(box)
        stop(box)
        before = rows_and_rights(box)
        began = time.monotonic()
        box.run("systemctl", "start", "mvti-backup.service", seconds=600)
        took = time.monotonic() - began
        folders = [box.sh(f"ls -d {where}/mvti-*") for where in DIRS]
        lose_everything(box)
        began = time.monotonic()
        # The configuration names the database: what stands there again by itself is what a fresh installation has.
        box.sh(f"cp {folders[1]}/keys/mvti.conf /etc/mvti/")
        said = box.run("mvti", "--set", "db_user=root", "restore", folders[0], "--keys", folders[1], seconds=600).stdout
        assert "restored mvti" in said, said
        assert rows_and_rights(box) == before
        box.sh("systemctl start mvti.target")
        eventually(box.is_ready, 60, "the site answers")
        back = time.monotonic() - began
        with box.network():
            assert str(liked) in json.dumps(likes(who)), likes(who)
        box.sh("rm -rf /var/cache/mvti/*")
        eventually(lambda: box.get("/t/INFP.png?lang=en").headers.get("Content-Type") == "image/png", 30, "pictures are drawn again")
        size = box.sh(f"du -sm {folders[0]}").split()[0]
        print(f"{EVENTS} events: back-up {took:.1f} s, {size} MB; from nothing to an answering site {back:.1f} s")
        assert box.sh(f"stat -c %a {folders[0]} {folders[1]}/keys/session.key").split() == ["700", "600"]
        assert box.sh("stat -c %U:%a /var/lib/mvti/snapshots/*.mvs | sort -u").startswith("mvti_jobs:")


def test_encrypted_on_its_way():
    """The two pipes of the operating page in their words: what comes back is the back-up, and another key does not open it."""
    if shutil.which("age") is None:
        raise Skipped("age is not installed")
    out, back = re.search(r"`(tar [^`]*\| age -r [^`]*)`, and back `(age -d [^`]*)`", (ROOT / "docs/operating.md").read_text()).groups()
    with Box() as box:
        box.run("systemctl", "start", "mvti-backup.service", seconds=300)
        folder = box.sh(f"ls -d {DIRS[0]}/mvti-*")
        name = folder.rpartition("/")[2]
        box.sh("install -d -m 700 /root/away; cd /root/away; age-keygen -o KEY 2>/dev/null; age-keygen -o OTHER 2>/dev/null")
        box.sh("cd /root/away; set -o pipefail; " + out.replace("mvti-TIME", name).replace("age1…", box.sh("age-keygen -y /root/away/KEY")))
        assert box.run("grep", "-qa", "database.sql", f"/root/away/{name}.tar.age", check=False).returncode == 1
        again = "cd /root/away; set -o pipefail; " + back.replace("mvti-TIME", name)
        other = box.run("bash", "-c", again.replace("KEY", "OTHER"), check=False)
        assert other.returncode != 0 and "no identity matched" in other.stderr and box.sh("ls -d /root/away/mvti-*/ || true") == "", other
        box.sh(again)
        assert box.sh(f"diff -r {folder} /root/away/{name}") == "" and ": whole; " in box.run("mvti", "restore", "--check", f"/root/away/{name}").stdout


def test_while_visitors_write():
    """A back-up of a site in use is whole, and refused where it is not."""
    with Box() as box:
        for _ in range(3):
            somebody(box)
        box.run("systemctl", "start", "mvti-backup.service", seconds=300)
        counted = box.run("mvti", "--set", "db_user=mvti_jobs", "metrics", user="mvti_jobs").stdout
        assert 'mvti_job_runs_total{command="backup",outcome="success"} 1\n' in counted, counted
        assert not [m for m in box.journal("-u", "mvti-backup") if "job.unrecorded" in m]
        folder = box.sh(f"ls -d {DIRS[0]}/mvti-*")
        assert ": whole; " in box.run("mvti", "restore", "--check", folder).stdout
        box.sh(f"printf X | dd of={folder}/database.sql.gz bs=1 seek=500 conv=notrunc status=none")
        bad = box.run("mvti", "--set", "db_user=root", "restore", "--replace", folder, check=False)
        assert bad.returncode == 65 and "database.sql.gz" in bad.stderr, bad
        assert box.is_ready()


def test_a_restore_that_is_killed_is_repeated():
    """In its middle, where the database is half there; and one below workers is refused."""
    with Box() as box:
        somebody(box)
        box.run("systemctl", "start", "mvti-backup.service", seconds=300)
        folder = box.sh(f"ls -d {DIRS[0]}/mvti-*")
        refused = box.run("mvti", "restore", "--replace", folder, check=False, seconds=120)
        assert refused.returncode == 75 and "mvti_worker" in refused.stderr and box.is_ready(), refused
        stop(box)
        before = rows_and_rights(box)
        tables = "$(mariadb -NBe \"SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'mvti'\")"
        all_of_them = box.sh(f"echo {tables}")
        killed = box.run("bash", "-c", f"mvti restore --replace {folder} & p=$!; until n={tables}; [ $n -gt 3 ] && [ $n -lt {all_of_them} ]; do kill -0 $p || exit 9; done; kill -9 $p; wait $p",
                         check=False, seconds=120)
        assert killed.returncode == 137, killed
        # What it had started, the client of the database, comes to its own end first.
        said = []

        def comes_through():
            said[:] = [box.run("mvti", "restore", "--replace", folder, check=False, seconds=120)]
            return said[0].returncode == 0
        try:
            eventually(comes_through, 60, "the second one")
        except AssertionError as e:
            raise AssertionError(said) from e
        assert rows_and_rights(box) == before


# What leaves the restore no room, and what gives it some again: the state folder's disk, and that of everything.
FULL = [
    ("mount -t tmpfs -o size=200k,mode=750 full /var/lib/mvti && chown mvti_jobs:mvti /var/lib/mvti", "umount /var/lib/mvti"),
    ("fallocate -l 2T /srv/filler 2>/dev/null; cat /dev/zero >/srv/filler 2>/dev/null", "rm -f /srv/filler"),
]


def test_a_restore_on_a_full_disk_says_so_and_is_repeated():
    with Box() as box:
        somebody(box)
        box.run("systemctl", "start", "mvti-backup.service", seconds=300)
        folder = box.sh(f"ls -d {DIRS[0]}/mvti-*")
        stop(box)
        before = rows_and_rights(box)
        for fill, free in FULL if LONG else FULL[:1]:
            box.sh(fill, check=False, seconds=120)
            full = box.run("mvti", "restore", "--replace", "--forget", folder, check=False, seconds=120)
            box.sh(free)
            assert full.returncode != 0 and ("No space left" in full.stderr or "full" in full.stderr), (fill, full)
            box.run("mvti", "restore", "--replace", "--forget", folder, seconds=120)
            assert rows_and_rights(box) == before, fill


main(globals())
