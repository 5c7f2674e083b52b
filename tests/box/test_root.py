#!/usr/bin/env python3
"""Root may run every command by its name: it goes on as the account that the command needs, and what it writes is that account's."""
from box import LONG, Box, main

SAMPLE = "/usr/share/mvti/sql/sample"
# What doctor and docs/operating.md name, in an order in which each finds what it needs. A folder of root's, which nobody else may open, serves as well. Lines
# that begin with a space take seconds, or another one of its kind stands here.
COMMANDS = f"""
migrate
import movies /root/mine/movies.csv
import characters {SAMPLE}/characters.csv
 import plots {SAMPLE}/plots.csv
 simulate audience --movies {SAMPLE}/movies.csv --tastes {SAMPLE}/tastes.csv --users 300 --out /root/mine/ratings.csv
 import ratings --simulated /root/mine/ratings.csv
 dataset build
 dataset build --without visitor:17@2026-11-01..2026-11-03
dataset build --without 203.0.113.9@2026-11-01..2026-11-03
dataset info
dataset kept
dataset without
dataset with all
train popularity
 train bts
recount
ban add visitor:17
ban votes visitor:17
ban purge visitor:17
ban add 203.0.113.0/24 --for 36h
ban list
ban lift 203.0.113.0/24
rollup
 rollup --anew
publish --force
publish --rollback
 publish --forward
publish --pin
publish --unpin
 publish --keep 3
 pictures
snapshot history
snapshot verify /var/lib/mvti/snapshots/current
recommend --mbti INFP --movies FILMS
runs
runs show 1
runs --published
experiment list
experiment refresh
admin
admin --work
analytics status
sessions --end 17
 sessions
 sessions --end-all
 export all --out /root/mine/export
export film --out /root/mine/export
report
report --html /root/mine/week.html
metrics
backup /root/mine/backup --keys /root/mine/keys --keep 7
doctor
""".strip("\n").splitlines()


def test_every_command():
    with Box(megabytes=2000) as box:
        box.sh(f"mkdir -m 700 /root/mine; sed 's/The Godfather/The Godfather!/' {SAMPLE}/movies.csv >/root/mine/movies.csv; chmod 600 /root/mine/movies.csv; mariadb mvti -e 'INSERT INTO visitor (visitor_id) VALUES (17)'")
        films, refused = ",".join(box.sql("SELECT movie_id FROM movie LIMIT 3").split()), {}
        for command in [c.strip().replace("FILMS", films) for c in COMMANDS if LONG or not c.startswith(" ")]:
            run = box.run("mvti", "--quiet", *command.split(), check=False, seconds=180)
            if run.returncode != 0 or "enied" in run.stderr:
                refused[command] = (run.returncode, run.stdout[-300:], run.stderr[-500:])
        assert not refused, "\n".join(f"{command}: {said}" for command, said in refused.items())
        piped = box.sh("{ echo userId,movieId,rating; for i in {1..40}; do echo $i,90000$((1 + i % 5)),4.5; done; } | mvti --quiet import ratings /dev/stdin --name piped")
        assert "40 ratings" in piped, piped
        assert ": whole; " in box.sh("mvti restore --check /root/mine/backup/mvti-*")
        assert "mvti_worker" in box.sh("cat /root/mine/backup/mvti-*/accounts"), "a back-up sees the accounts"
        foreign = box.sh("find /var/lib/mvti ! -user mvti_jobs")
        assert foreign == "", foreign
        assert box.sh("stat -c %U /root/mine/week.html /root/mine/export") == "mvti_jobs\nmvti_jobs"
        assert box.sh("stat -c %U /root/mine/keys") == "root"
        assert box.is_ready()


# What whoever has become mvti_jobs may leave for root in the state folder, what root then does, and how it is put right.
TRAPS = [
    ("mv models away && ln -s /root/trap models", "train popularity", "rm models && mv away models"),
    ("mv snapshots away && mkdir snapshots && ln -s /root/trap snapshots/link", "export film --out /var/lib/mvti/snapshots/link/it", "rm -r snapshots && mv away snapshots"),
    ("ln -s /root/trap out", "export film --out /var/lib/mvti/out", "rm out"),
    ("ln -s /root/trap/file week.html", "report --html /var/lib/mvti/week.html", "rm week.html"),
]


def test_links_of_the_jobs_lead_root_nowhere():
    with Box() as box:
        box.sh("mkdir /root/trap /root/mine; echo kept >/root/trap/file; ln -s /root/mine /root/link; chmod 711 /root")
        for trap, command, heal in TRAPS:
            box.sh(f"cd /var/lib/mvti && {trap}", user="mvti_jobs")
            run = box.run("mvti", "--quiet", *command.split(), check=False)
            assert box.sh("ls /root/trap; cat /root/trap/file; stat -c %U /root/trap/file") == "file\nkept\nroot", (command, run)
            box.sh(f"cd /var/lib/mvti && {heal}", user="mvti_jobs")
        for where in "/root/mine/a", "/root/link/b":  # a link of root's own is no trap
            box.run("mvti", "--quiet", "export", "film", "--out", where)
        assert box.sh("ls /root/mine") == "a\nb"
        box.run("mvti", "--quiet", "train", "popularity")


def test_who_else_is_asked_for():
    """Another account of the database stays whom db_user names, and settings elsewhere are not the installation's."""
    with Box(ready=False) as box:
        who = box.run("mvti", "--set", "db_user=root", "runs", check=False)
        assert "enied" not in who.stderr, who
        box.sh("cp /etc/mvti/mvti.conf /root/other.conf")
        other = box.run("mvti", "--config", "/root/other.conf", "runs", check=False)
        assert "mvti_worker" in other.stderr and other.returncode != 0, other


main(globals())
