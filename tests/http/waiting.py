"""Waiting for conditions, in seconds of the reference machine; and steps of which none keeps another from being taken."""
import os
import pathlib
import subprocess
import sys
import time
import traceback

BUILD = pathlib.Path(__file__).resolve().parents[2] / os.environ.get("BUILD", "build")


def slowness(again=False):
    """How much slower than the reference this machine is: as tests/run measured it, or at the moment."""
    if again:
        said = subprocess.run([BUILD / "tests/harness/patience", "measure"], capture_output=True, text=True, check=True).stdout
        os.environ["MVTI_TEST_SLOWNESS"] = str(max(slowness(), float(said)))
    return max(1.0, float(os.environ.get("MVTI_TEST_SLOWNESS", "1")))


def eventually(check, seconds=15, what="condition"):
    """The first value of check() that is true. Seconds of the reference machine, measured again before it is too late."""
    began = time.monotonic()
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() - began > seconds * slowness() and time.monotonic() - began > seconds * slowness(again=True):
            raise AssertionError(f"not within {time.monotonic() - began:.0f} s ({seconds} s of the reference machine): {what}")
        time.sleep(0.1)


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
