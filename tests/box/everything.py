#!/usr/bin/env python3
"""The first process of tests/box/run: prepares what boxes are made of, then runs the tests. A box is a stack of layers:

    packages   on a copy of this machine, the packages that tools/packages.txt lists for `box`; from Debian's servers, once
    data       MVTI installed, the bundled sample imported, trained and published (prepare.sh); anew when what it was made by changes
    programs   `make install` of now, every unit enabled

The first two are kept in BUILD/box. What the machine does not allow, such as mounts in a container, is a reason to skip; a step of ours that
fails is a failure."""
import hashlib
import inspect
import os
import pathlib
import shutil
import subprocess
import sys
import time

BELOW = pathlib.Path(__file__).parent
sys.path.insert(0, str(BELOW))
from box import DIR, ROOT, Box, Missing, Root, allowed

KEPT = ROOT / os.environ["BUILD"] / "box"
# What decides whether today's programs can read what is in the database, the models and the snapshot; how good it is does not matter.
SOURCES = "sql/**/*", "lib/model/*.h", "tests/box/prepare.sh"
POOLS = {"worker": 4, "login": 2, "export": 1, "picture": 1, "admin": 1}
TIMERS = "nightly", "sessions", "experiments", "requests"


def say(text):
    if os.environ.get("VERBOSE"):
        print(text, flush=True)


def digest(*parts):
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part if isinstance(part, bytes) else str(part).encode())
    return whole.hexdigest()[:16]


def step(*command, **how):
    """A step of ours."""
    run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **how)
    if run.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: status {run.returncode}\n{run.stdout[-3000:]}")


def kept(name, key, make):
    """The folder of a layer, as it was kept, or as make() leaves it: a Root."""
    began, file = time.monotonic(), KEPT / f"{name}-{key}.tar"
    tar = ["tar", "--xattrs", "--xattrs-include=*", "--numeric-owner", "--sparse", "--preserve-permissions", "-C"]
    if file.exists():
        upper = DIR / name
        upper.mkdir()
        step(*tar, upper, "-xf", file)
    else:
        KEPT.mkdir(parents=True, exist_ok=True)
        upper = filled(make())
        step(*tar, upper, "-cf", f"{file}.new", ".")
        for old in KEPT.glob(f"{name}-*"):
            if old != pathlib.Path(f"{file}.new"):
                old.unlink()
        os.rename(f"{file}.new", file)
    say(f"layer {name}: {time.monotonic() - began:.1f} s")
    return str(upper)


def filled(root):
    """Of a Root that nobody writes any more, the folder that holds what was written."""
    step("umount", root.root)
    return root.upper


def packages_wanted():
    return [line.split()[1] for line in open(ROOT / "tools/packages.txt") if line.startswith("box ")]


def packages():
    """Nothing of what this machine runs by itself starts in a box."""
    root = Root([], 4000)
    for path in "etc/systemd/system", "etc/nginx/sites-enabled", "etc/mvti", "var/lib/mvti", "var/log/journal":
        shutil.rmtree(root.root / path, ignore_errors=True)
        if not path.endswith("mvti"):
            (root.root / path).mkdir(parents=True)
    (root.root / "etc/fstab").write_text("")
    (root.root / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
    (root.root / "usr/sbin/policy-rc.d").chmod(0o755)
    proxies = [f"--setenv={name}={value}" for name, value in os.environ.items() if name.lower().endswith("_proxy")]
    inside = ["systemd-nspawn", "--quiet", "-D", root.root, "--register=no", "--keep-unit", "--as-pid2", "--setenv=DEBIAN_FRONTEND=noninteractive", *proxies]
    apt = [*inside, "apt-get", "-qy", "-o", "Dpkg::Use-Pty=0"]
    try:
        allowed(*apt, "install", "--no-install-recommends", *packages_wanted())
    except Missing:
        allowed(*apt, "update")
        allowed(*apt, "install", "--no-install-recommends", *packages_wanted())
    (root.root / "usr/sbin/policy-rc.d").unlink()
    (root.root / "var/lib/man-db/auto-update").unlink(missing_ok=True)  # else each package that comes has the manuals of this machine indexed, for minutes
    return root


def install(root):
    step("make", "-s", "install", f"BUILD={os.environ['BUILD']}", "PREFIX=/usr", f"DESTDIR={root}", cwd=ROOT)
    step("chroot", root, "/usr/libexec/mvti/switch-pages", "/usr/share/mvti/pages", "/var/lib/mvti-www", "/usr/share/mvti/www")


def data(below):
    """A machine on which an operator has gone through the operating page once."""
    box = Box(below, 4000, ready=False)
    try:
        install(box.root)
        box.run("bash", "-s", given=(BELOW / "prepare.sh").read_text(), seconds=600)
        box.off()
    except BaseException:
        print(box.says())
        box.stop(pull=True)
        raise
    return box.files


def programs(below):
    root = Root(below)
    install(root.root)
    units = [f"mvti-{pool}.socket" for pool in POOLS] + [f"mvti-{pool}@{n}.service" for pool, many in POOLS.items() for n in range(1, many + 1)]
    units += [f"mvti-{timer}.timer" for timer in TIMERS] + ["mvti.target", "nginx.service", "mariadb.service"]
    step("systemctl", "--quiet", f"--root={root.root}", "enable", *units)
    (root.root / "etc/nginx/sites-enabled/mvti.conf").symlink_to("../sites-available/mvti.conf")
    return str(filled(root))


def prepare():
    sources = sorted(path for pattern in SOURCES for path in ROOT.glob(pattern) if path.is_file())
    have = digest(pathlib.Path("/var/lib/dpkg/status").read_bytes(), *packages_wanted(), inspect.getsource(packages))
    below = [kept("packages", have, packages)]
    with Box(below, ready=False):
        pass  # what fails from here on is ours
    try:
        key = digest(have, *(path.read_bytes() for path in sources))
        below.insert(0, kept("data", key, lambda: data(below)))
        below.insert(0, programs(below))
    except Missing as refused:  # an hour ago it was allowed
        raise AssertionError(str(refused)) from refused
    os.environ["BOX_LAYERS"] = ":".join(below)


def one(test):
    """Passed, failed and skipped of a program, which says what failed."""
    began = time.monotonic()
    run = subprocess.run([test], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    last = run.stdout.splitlines()[-1:] or [""]
    say("\n".join([*run.stdout.splitlines()[:-1], f"{test.name}: {time.monotonic() - began:.0f} s"]))
    words = last[0].split()
    whole = len(words) == 6 and words[1::2] == ["passed,", "failed,", "skipped"]
    good, bad, none = map(int, words[::2]) if whole else (0, 0, 0)
    if run.returncode != 0 or not whole:
        bad = max(bad, 1)
        print(f"== {test.name}\n{'' if os.environ.get('VERBOSE') else run.stdout}", flush=True)
    elif none and not os.environ.get("VERBOSE"):
        print("\n".join(line for line in run.stdout.splitlines() if line.startswith("SKIPPED ")), flush=True)
    return good, bad, none


def main():
    chosen = os.environ.get("BOX", "").split()
    tests = [test for test in sorted(BELOW.glob("test_*.py")) if not chosen or test.stem[5:] in chosen]
    try:
        allowed("mount", "-t", "tmpfs", "-o", "size=2g,mode=755", "mvti-box", DIR)  # a layer may not lie below another one, which / is
        prepare()
    except Missing as reason:
        print(f"SKIPPED box: {' '.join(str(reason).split())}\n0 passed, 0 failed, 1 skipped")
        return 0
    counts = [one(test) for test in tests]
    passed, failed, skipped = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
