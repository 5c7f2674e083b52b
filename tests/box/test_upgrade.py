#!/usr/bin/env python3
"""Tables change while workers serve: the release before this one goes on with the tables of this one, and both serve together while workers are replaced."""
import os
import shutil
import subprocess

from box import ROOT, Box, Traffic, Writers, bare, main
from everything import KEPT, POOLS
from packages import package

READS = ["/", "/about", "/api/v1/movies", "/api/v1/home", "/api/v1/survey", "/t/INFP", "/test"]


def more(traffic, writers):
    traffic.more()
    writers.more()


def judge(what, traffic, writers):
    """429: as fast as they ask, they are one network too many for nginx."""
    rows = [row for row in traffic.rows if row[2] != 429]
    wrong, lost = [row for row in rows if row[2] != 200], writers.lost()
    print(f"{what}: {len(rows)} reads, {len(wrong)} failed; {len(writers.tests)} tests and {len(writers.likes)} likes acknowledged, {len(writers.failed)} writes "
          f"failed, {len(lost)} lost; the longest read {max(row[1] for row in rows):.2f} s")
    assert not wrong and not writers.failed and not lost, (wrong[:5], writers.failed[:5], lost[:5])


def test_tables_grow_under_traffic():
    """Each table has a column more than the programs know, as after the next release's migration, which is added while they read and write."""
    with Box() as box:
        tables = box.sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'mvti' AND table_type = 'BASE TABLE'").split()
        assert len(tables) > 40, tables
        with Traffic(box, READS, 2) as traffic, Writers(box) as writers:
            more(traffic, writers)
            for table in tables:
                box.sql(f"ALTER TABLE {table} ADD COLUMN of_the_next_release INT NOT NULL DEFAULT 0, ALGORITHM=INPLACE, LOCK=NONE")
            more(traffic, writers)
        judge(f"{len(tables)} tables got a column", traffic, writers)
        box.jobs("sessions")
        box.jobs("recount")


def git(*words):
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def tree_before():
    """The sources of the commit before the newest migration, built; its folder."""
    newest = sorted((ROOT / "sql/migrations").glob("*.sql"))[-1]
    commit = git("log", "-1", "--format=%h", "--diff-filter=A", "--", newest)
    tree = KEPT / f"before-{commit}"
    if not (tree / "built").exists():
        for old in KEPT.glob("before-*"):
            shutil.rmtree(old)
        tree.mkdir(parents=True)
        subprocess.run(f"git archive {commit}^ | tar -x -C '{tree}'", shell=True, cwd=ROOT, check=True)
        env = {name: value for name, value in os.environ.items() if name not in ("BUILD", "MAKEFLAGS", "MAKELEVEL")}
        said = subprocess.run(["make", "-s", "-j2"], cwd=tree, env=env, capture_output=True, text=True)
        assert said.returncode == 0, said.stderr[-3000:]
        (tree / "built").touch()
    return tree, newest.stem


def set_up(box, tree):
    """As tests/box/everything.py does with this tree."""
    subprocess.run(["make", "-s", "install", "BUILD=build", "PREFIX=/usr", f"DESTDIR={box.root}"], cwd=tree, check=True, capture_output=True)
    subprocess.run(["chroot", box.root, "/usr/libexec/mvti/switch-pages", "/usr/share/mvti/pages", "/var/lib/mvti-www", "/usr/share/mvti/www"], check=True,
                   capture_output=True)
    (box.root / "etc/nginx/sites-enabled/mvti.conf").symlink_to("../sites-available/mvti.conf")
    box.run("bash", "-s", given=(tree / "tests/box/prepare.sh").read_text(), seconds=1800)
    units = [f"mvti-{pool}.socket" for pool in POOLS] + [f"mvti-{pool}@{n}.service" for pool, many in POOLS.items() for n in range(1, many + 1)]
    box.run("systemctl", "--quiet", "enable", "--now", *units, "mvti.target", "mariadb", seconds=120)
    box.run("systemctl", "restart", "nginx")
    box.until_ready()


def long_the_release_before_serves_until_it_is_replaced():
    tree, newest = tree_before()
    made = package()
    with Box(bare(), 4000, ready=False) as box:
        set_up(box, tree)
        (box.root / "srv/mvti.deb").write_bytes(made.read_bytes())
        before = set(box.workers())
        with Traffic(box, READS, 2) as traffic, Writers(box) as writers:
            more(traffic, writers)
            box.run("dpkg", "--unpack", "/srv/mvti.deb", seconds=300)
            said = box.jobs("migrate").stdout
            assert newest in said, said
            box.sh("mariadb mvti </usr/share/mvti/sql/grants.sql")
            more(traffic, writers)
            assert set(box.workers()) == before, "this was the release before, with the tables of this one"
            for pool, many in POOLS.items():
                for n in range(1, many + 1):
                    box.run("systemctl", "restart", f"mvti-{pool}@{n}")
                    more(traffic, writers)
            assert len(box.workers()) == 4 and not before & set(box.workers())
            box.run("dpkg", "--force-confold", "--configure", "mvti", seconds=300)
            more(traffic, writers)
        judge(f"from the commit before {newest} to this one", traffic, writers)


main(globals())
