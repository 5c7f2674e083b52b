"""Waiting for conditions and for programs, in seconds of the reference machine, counted as they pass (tests/fixture/patience.h says how); and steps of
which none keeps another from being taken."""
import os
import pathlib
import subprocess
import sys
import time
import traceback

BUILD = pathlib.Path(__file__).resolve().parents[2] / os.environ.get("BUILD", "build")
STRETCHES, SHORTEST = 4, 5  # as in tests/fixture/patience.c


def slowness(again=False):
    """How much slower than the reference this machine is: as it was measured last, or at the moment."""
    if again:
        os.environ["MVTI_TEST_SLOWNESS"] = subprocess.run(
            [BUILD / "tests/harness/patience", "measure"], capture_output=True, text=True, check=True).stdout.strip()
    return max(1.0, float(os.environ.get("MVTI_TEST_SLOWNESS", "1")))


def within(took, seconds):
    """Whether what took so many seconds of the clock took less than so many of the reference machine."""
    return took < seconds * slowness() or took < seconds * slowness(again=True)


def share(pid):
    """What a process has had of the processors so far: seconds, seconds in the queue, and whether it runs or would at the moment."""
    try:
        ran, queued, _ = pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return int(ran) * 1e-9, int(queued) * 1e-9, state == "R"
    except (OSError, ValueError):
        return 0, 0, False


class Patience:
    """So many seconds of the reference machine; pid: what is waited for is what this process does."""

    def __init__(self, seconds, pid=None):
        self.seconds, self.left, self.pid = seconds, seconds, pid
        self.longest = max(seconds / STRETCHES, SHORTEST)
        self.began = self.counted = time.monotonic()
        self.slow, self.share = slowness(), share(pid)

    def stretch(self):
        """Seconds of the clock that can pass before lasts() has anything to count."""
        return max(0, self.counted + min(self.left, self.longest) * self.slow - time.monotonic())

    def lasts(self):
        """Counts what has passed; false once all of it is used up."""
        if self.stretch() > 0:
            return True
        passed, before, slow = time.monotonic() - self.counted, self.share, self.slow
        self.share, self.slow = share(self.pid), slowness(again=True)
        self.counted = time.monotonic()
        ran, queued, wants = self.share
        given = ran - before[0] if wants else passed - (queued - before[1])
        self.left -= min(passed / max(slow, self.slow), max(0, given))
        return self.left > 0

    def said(self, what):
        return f"not within {time.monotonic() - self.began:.0f} s ({self.seconds} s of the reference machine): {what}"


def eventually(check, seconds=15, what="condition"):
    """The first value of check() that is true."""
    patience = Patience(seconds)
    while True:
        value = check()
        if value:
            return value
        if not patience.lasts():
            raise AssertionError(patience.said(what))
        time.sleep(0.1)


def _patiently(step, process, seconds):
    """What step(timeout) gives when the program has ended; it is killed when the time is over."""
    patience = Patience(seconds, process.pid)
    try:
        while True:
            try:
                return step(timeout=patience.stretch())
            except subprocess.TimeoutExpired:
                if not patience.lasts():
                    raise AssertionError(patience.said(process.args)) from None
    except BaseException:
        process.kill()
        process.wait()
        raise


def ended(process, seconds=60):
    """The status of a program of which nothing is heard."""
    return _patiently(process.wait, process, seconds)


def heard(process, seconds=60, given=None):
    """What a program says until it ends, and what it says of errors."""
    rest = [given]  # it is to be given once, however often it is asked (Popen.communicate)
    return _patiently(lambda timeout: process.communicate(rest.pop() if rest else None, timeout), process, seconds)


def run(command, seconds=60, given=None, said=subprocess.PIPE, **how):
    """A program to its end, as subprocess.run() with what it said; said: where that goes instead."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL if given is None else subprocess.PIPE, stdout=said, stderr=said,
                               encoding="utf-8", errors="replace", **how)
    out, err = heard(process, seconds, given)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def fine(name, *steps):
    """Runs them all; whether none failed."""
    good = True
    for step in steps:
        try:
            step()
        except Exception:
            if good:
                print(f"FAILED {name}")
            good = False
            traceback.print_exc(file=sys.stdout)
    return good
