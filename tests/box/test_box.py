#!/usr/bin/env python3
"""The box itself: a whole site, its power switch, and that two of them do not meet."""
import os
import pathlib
import signal
import subprocess

from box import ROOT, Box, Traffic, eventually, main


def test_whole_site():
    with Box() as box:
        assert box.get("/readyz").json()["status"] == "ready", box.get("/readyz").body
        assert box.get("/healthz").status == 200 and box.get("/").status == 200
        assert box.sql("SELECT COUNT(*) > 50 FROM movie") == "1"
        assert not box.sh("systemctl list-units --state=failed --no-legend 'mvti*' 'nginx*' 'mariadb*'"), box.says()
        with Traffic(box, ["/", "/api/v1/movies", "/api/v1/survey"]) as traffic:
            traffic.more()
        assert not traffic.failed, traffic.failed[:5]


def test_reboots():
    with Box() as box:
        box.sql("CREATE TABLE mark_of_ours (n INT)")
        box.reboot()
        assert box.sql("SHOW TABLES LIKE 'mark_of_ours'") == "mark_of_ours"
        box.reboot(pull=True)


def test_two_do_not_meet():
    with Box() as one, Box() as two:
        one.run("systemctl", "stop", "mvti-worker@*", "nginx")
        assert two.get("/readyz").status == 200 and len(two.workers()) == 4 and not one.workers()
        two.sql("CREATE TABLE mark_of_ours (n INT)")
        assert not one.sql("SHOW TABLES LIKE 'mark_of_ours'")


def left_of(run):
    """Folders and control groups of a run of tests/box/run."""
    groups = [group for top in pathlib.Path("/sys/fs/cgroup").glob(f"**/mvti-box.{run.pid}") for group in (top, *top.iterdir())]
    return [*groups, *pathlib.Path("/tmp").glob(f"mvti-box.{run.pid}.*")]


def long_nothing_is_left():
    """Of a run that is interrupted, or killed, in the middle of a test: no process, mount, folder or control group; after a kill what is empty."""
    only = {"BOX": "box", "BOX_TEST": "test_reboots", "BOX_LONG": ""}
    for how in signal.SIGINT, signal.SIGTERM, signal.SIGKILL:
        run = subprocess.Popen([ROOT / "tests/box/run"], env=os.environ | only, stdout=subprocess.DEVNULL, start_new_session=True)
        eventually(lambda run=run: any(path.name.startswith("box") for path in left_of(run)), 90, "its box")
        os.killpg(run.pid, how)
        run.wait()
        processes = subprocess.run(["pgrep", "-fc", f"/mvti-box[.]{run.pid}[.]"], capture_output=True, text=True).stdout.strip()
        assert processes == "0", (how, processes)
        assert how == signal.SIGKILL or not left_of(run), (how, left_of(run))


main(globals())
