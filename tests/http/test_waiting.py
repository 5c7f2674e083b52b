#!/usr/bin/env python3
"""What tests wait with: a program that gets no processor is not slow, one that does nothing is, and what one says is heard whole."""
import contextlib
import os
import subprocess
import sys

import waiting
from stack import main, put_back
from waiting import Patience, ended, eventually, run

SPIN = [sys.executable, "-c", "while True: pass"]
SLEEP = ["sleep", "1000"]


def started(command, idle=False):
    """On the processor of this process; idle: only when nobody else wants it (sched(7), SCHED_IDLE)."""
    process = subprocess.Popen(command)
    put_back(process.wait)
    put_back(process.kill)
    if idle:
        os.sched_setscheduler(process.pid, os.SCHED_IDLE, os.sched_param(0))
    return process


def one_processor():
    all_of_them = os.sched_getaffinity(0)
    put_back(os.sched_setaffinity, 0, all_of_them)
    os.sched_setaffinity(0, {min(all_of_them)})


def test_what_gets_no_processor_is_waited_for():
    one_processor()
    busy, starved, asleep = started(SPIN), started(SPIN, idle=True), started(SLEEP)
    idle, resting = Patience(0.3, starved.pid), Patience(0.3, asleep.pid)
    eventually(lambda: not resting.lasts(), what="who does nothing is given up")
    assert idle.lasts() and idle.left > 0.1, idle.left
    busy.kill()
    eventually(lambda: not idle.lasts(), what="from now on it has the processor, and does not end")


def test_a_program_is_heard_whole_however_often_it_is_looked_after():
    put_back(setattr, waiting, "SHORTEST", waiting.SHORTEST)
    waiting.SHORTEST = 0.1
    text = "가" * 200000
    echo = "import sys, time; t = sys.stdin.read(); time.sleep(1); print(t); print('wrong', file=sys.stderr); sys.exit(3)"
    done = run([sys.executable, "-c", echo], 20, text, env=os.environ | {"PYTHONUTF8": "1"})
    assert (done.returncode, done.stdout, done.stderr) == (3, text + "\n", "wrong\n")
    assert run(["true"]).returncode == 0


def test_a_program_that_does_not_end_is_ended():
    for wait in run, lambda command, seconds: ended(subprocess.Popen(command), seconds):
        with contextlib.suppress(AssertionError):
            wait(SLEEP, 0.2)
            raise RuntimeError("it was waited for")
    left = subprocess.run(["pgrep", "-P", str(os.getpid()), "sleep"], capture_output=True, text=True).stdout
    assert not left, left


if __name__ == "__main__":
    main(globals())
