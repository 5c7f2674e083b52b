"""Box: a throw-away machine with systemd as PID 1, in seconds: a copy of this one (an overlay of /) and of what was prepared (everything.py), which is
MVTI installed, a real mariadb.service and nginx, the bundled sample published, every unit enabled.

    with Box() as box:
        box.run("systemctl", "stop", "mariadb")
        assert box.get("/readyz").status == 200

It has a network of its own that leads nowhere, an address of its own on loopback, and a control group of its own. `with box.network():` is the calling
thread inside that network, so that http://127.0.0.1/ is the box's nginx. Files: box.root, but /run and /tmp, which are box.inside(PATH). What a box
writes is in memory and gone with it. Tests of this folder end with main(globals())."""
import contextlib
import ctypes
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))
from site_client import Site
from waiting import ended, eventually, fine, run, within  # noqa: F401

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIR = pathlib.Path(os.environ["BOX_DIR"])
LONG = bool(os.environ.get("BOX_LONG"))
ENV = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "OPENBLAS_NUM_THREADS=1"]
CLONE_NEWNET = 0x40000000
libc = ctypes.CDLL(None, use_errno=True)


class Missing(Exception):
    """What this machine, not MVTI, does not let a box do: a reason to skip."""


class Skipped(Exception):
    """Why a test is skipped: a program that this machine does not have."""


def allowed(*command):
    """A command that the kernel or the machine may refuse."""
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        raise Missing(f"{' '.join(map(str, command))[:160]}: {(run.stderr or run.stdout).strip()[-300:]}")


def prepared():
    """The layers of a whole site, the uppermost first; the last one is a machine with MariaDB and no MVTI."""
    return os.environ["BOX_LAYERS"].split(":")


def bare():
    return prepared()[-1:]


class Root:
    """The file system of a box: layers below, and an empty one above, which is written."""

    def __init__(self, layers, megabytes=1500):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="box.", dir=DIR))
        self.upper, self.root = self.top / "upper", self.top / "root"
        try:
            allowed("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "mvti-box", self.top)
            for folder in (self.upper, self.top / "work", self.root):
                folder.mkdir()
            below = ":".join([*map(str, layers), "/"])
            allowed("mount", "-t", "overlay", "mvti-box", "-o", f"lowerdir={below},upperdir={self.upper},workdir={self.top / 'work'}", self.root)
        except BaseException:
            self.close()
            raise

    def close(self):
        for mounted in (self.root, self.top):
            if os.path.ismount(mounted):
                subprocess.run(["umount", "--lazy", mounted], check=True)
        self.top.rmdir()


def control_groups():
    """Folders of the hierarchies that systemd keeps its units in, where this process is (cgroups(7))."""
    mine = dict(line.split(":", 2)[1:] for line in open("/proc/self/cgroup").read().splitlines())
    found = []
    for line in open("/proc/self/mounts"):
        _, where, kind, options = line.split()[:4]
        name = "name=systemd" if kind == "cgroup" and "name=systemd" in options.split(",") else "" if kind == "cgroup2" else None
        if name in mine:
            found.append(pathlib.Path(where + mine[name]))
    if not found:
        raise Missing("no control groups of systemd here")
    return found


class Box:
    count = 0

    def __init__(self, layers=None, megabytes=1500, ready=True):
        """ready: waits until the site answers."""
        self.layers = prepared() if layers is None else layers
        self.files = Root(self.layers, megabytes)
        self.root, self.nspawn, self.groups = self.files.root, None, []
        Box.count += 1
        self.name = f"box{os.getpid()}n{Box.count}"
        try:
            self.boot()
            if ready and layers is None:
                self.until_ready()
        except BaseException:
            self.stop(pull=True)
            raise

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            print(self.says())
        self.stop(pull=True)

    # ---- power ----

    def group(self):
        """A control group of the box's own: with a common one its units would be those of another box."""
        try:
            for at in control_groups():
                group = at / os.environ["BOX_GROUP"] / self.name
                group.mkdir(parents=True, exist_ok=True)
                self.groups.append(group)
        except OSError as error:
            raise Missing(f"no control group of its own: {error}") from error

    def boot(self):
        self.groups = []
        self.group()
        groups = list(self.groups)

        def enter():
            for group in groups:
                (group / "cgroup.procs").write_text("0")
        command = ["systemd-nspawn", "--quiet", "-D", self.root, "--boot", "--register=no", "--keep-unit", "--private-network", f"--machine={self.name}"]
        with open(self.files.top / "console", "ab") as console:
            try:
                self.nspawn = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=console, stderr=console, preexec_fn=enter)
            except (OSError, subprocess.SubprocessError) as error:
                raise Missing(f"systemd-nspawn: {error}") from error
        try:
            self.pid = eventually(self.first_process, 20, "the box's first process")
            eventually(self.up, 60, "the box has booted")
        except AssertionError as late:
            raise Missing(f"a box does not boot: {late}; {(self.files.top / 'console').read_text(errors='replace')[-600:]}") from late

    def first_process(self):
        if self.nspawn.poll() is not None:
            raise AssertionError(f"systemd-nspawn ended with {self.nspawn.returncode}")
        for task in subprocess.run(["pgrep", "-P", str(self.nspawn.pid)], capture_output=True, text=True).stdout.split():
            with contextlib.suppress(OSError):
                status = open(f"/proc/{task}/status").read()
                if any(line.startswith("NSpid:") and line.split()[-1] == "1" for line in status.splitlines()):
                    return int(task)
        return None

    def up(self):
        if self.nspawn.poll() is not None:
            raise AssertionError(f"systemd-nspawn ended with {self.nspawn.returncode}")
        return self.run("systemctl", "is-system-running", check=False).stdout.strip() in ("running", "degraded")

    def until_ready(self, seconds=30):
        """Until the site answers through nginx."""
        eventually(self.is_ready, seconds, "the site answers")

    def is_ready(self):
        with contextlib.suppress(OSError):
            return self.get("/readyz").status == 200
        return False

    def off(self, pull=False):
        """Shuts down, or as if the plug were pulled."""
        if self.nspawn is None or self.nspawn.poll() is not None:
            return
        if pull:
            with contextlib.suppress(ProcessLookupError, AttributeError):
                os.kill(self.pid, signal.SIGKILL)
            self.nspawn.kill() if not hasattr(self, "pid") else None
        else:
            self.run("systemctl", "poweroff", check=False)
        ended(self.nspawn)

    def reboot(self, pull=False):
        self.off(pull)
        self.boot()
        self.until_ready()

    def stop(self, pull=False):
        self.off(pull)
        for group in self.groups:
            subprocess.run(["find", group, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"], stderr=subprocess.DEVNULL)
        self.files.close()

    # ---- inside ----

    def run(self, *command, user=None, check=True, given=None, seconds=60):
        """A command inside, as root or another user; its status and what it said, as text."""
        who = ["runuser", "-u", user, "--"] if user else []
        enter = ["nsenter", "-t", str(self.pid), "-m", "-u", "-i", "-n", "-p", "-C", "-r", *ENV, f"--chdir={'/'}", *who]
        done = run([*enter, *map(str, command)], seconds, given if given is not None else "")
        assert not check or done.returncode == 0, f"{' '.join(map(str, command))}: status {done.returncode}\n{done.stdout}{done.stderr}"
        return done

    def sh(self, script, **how):
        """The same of lines for bash; what they said."""
        return self.run("bash", "-c", script, **how).stdout.strip()

    def jobs(self, *command, **how):
        """A command of mvti, as the account that runs the jobs."""
        return self.run("mvti", "--set", "db_user=mvti_jobs", *command, user="mvti_jobs", **how)

    def sql(self, text, database="mvti"):
        return self.run("mariadb", "-N", "-B", database, "-e", text).stdout.strip()

    def journal(self, *matches):
        """Messages, oldest first; matches as of journalctl: "-u", "mvti-worker@*"."""
        return self.run("journalctl", "--no-pager", "-o", "cat", *matches).stdout.splitlines()

    def state(self, unit, what="ActiveState"):
        return self.run("systemctl", "show", "-P", what, unit).stdout.strip()

    def workers(self, pool="worker"):
        """Process ids inside, of the workers of a pool that run."""
        return [int(n) for n in self.run("systemctl", "show", "-P", "MainPID", f"mvti-{pool}@*").stdout.split() if n != "0"]

    def inside(self, path):
        """The path of a file of the box that is not below box.root: of /run, /tmp, /proc."""
        return pathlib.Path(f"/proc/{self.pid}/root{path}")

    def says(self):
        """What to look at after a failure."""
        try:
            return f"---- {self.name}\n{self.sh('systemctl --failed --no-legend --plain; journalctl --no-pager -o short-precise -n 60', check=False)}\n----"
        except Exception as error:
            return f"---- {self.name} says nothing: {error}"

    # ---- network ----

    @contextlib.contextmanager
    def network(self):
        """The calling thread in the box's network (setns(2))."""
        with open("/proc/thread-self/ns/net") as home, open(f"/proc/{self.pid}/ns/net") as box:
            enter_network(box)
            try:
                yield
            finally:
                enter_network(home)

    def site(self):
        """A visitor; asks within `with box.network()`."""
        return Site("http://127.0.0.1")

    def get(self, path):
        with self.network():
            return self.site().ask("GET", path)


def enter_network(file):
    if libc.setns(file.fileno(), CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


class Traffic:
    """Visitors who ask for PATHS in turn, each after its answer, while `with` lasts. rows: (when it began, seconds, status or None, path)."""

    def __init__(self, box, paths, visitors=4):
        self.box, self.paths, self.rows, self.ended = box, paths, [], threading.Event()
        self.threads = [threading.Thread(target=self.visit, args=(n,), daemon=True) for n in range(visitors)]

    def visit(self, n):
        with self.box.network():
            who = self.box.site()
            while not self.ended.is_set():
                path = self.paths[n % len(self.paths)]
                n += 1
                began = time.monotonic()
                try:
                    status = who.ask("GET", path, cookie=False).status
                except OSError:
                    status, who = None, self.box.site()
                self.rows.append((began, time.monotonic() - began, status, path))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        eventually(lambda: len(self.rows) >= len(self.threads), what="traffic")
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def more(self, n=50):
        """Waits for so many more answers."""
        least = len(self.rows) + n
        eventually(lambda: len(self.rows) >= least, 60, f"{n} more answers")

    @property
    def failed(self):
        return [row for row in self.rows if row[2] is None or row[2] >= 500]


class Writers:
    """Guests who take tests and like characters while `with` lasts. tests: (guest, token) of each that was acknowledged, likes: (guest, id); failed: what
    was not, as (status, answer)."""
    WRITE = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
    TESTS_OF_ONE = 15  # of the 30 writes that nginx lets one session do at once

    def __init__(self, box, guests=2):
        self.box, self.ended, self.tests, self.likes, self.failed = box, threading.Event(), [], [], []
        self.films = [int(n) for n in box.sql("SELECT movie_id FROM movie ORDER BY movie_id LIMIT 40").split()]
        self.characters = [int(n) for n in box.sql("SELECT character_id FROM film_character ORDER BY character_id LIMIT 40").split()]
        self.threads = [threading.Thread(target=self.visit, args=(random.Random(n),), daemon=True) for n in range(guests)]

    def write(self, who, method, path, value=None):
        """The answer of an acknowledged write, or None."""
        try:
            answer = who.ask(method, path, self.WRITE, json.dumps(value).encode() if value is not None else None)
        except OSError as error:
            self.failed.append((path, type(error).__name__, b""))
            return None
        if answer.status in (200, 201, 204) and not (answer.status == 200 and method == "POST"):  # a test that could not be stored is answered with 200
            return answer
        self.failed.append((path, answer.status, answer.body[:200]))
        return None

    def visit(self, rng):
        with self.box.network():
            while not self.ended.is_set():
                who = self.box.site()
                for character in rng.sample(self.characters, self.TESTS_OF_ONE):
                    if self.ended.is_set():
                        break
                    if taken := self.write(who, "POST", "/api/v1/tests", {"mbti": "INFP", "enneagram": "4w5", "movies": rng.sample(self.films, 3)}):
                        self.tests.append((who, taken.json()["token"]))
                    if self.write(who, "PUT", f"/api/v1/characters/{character}/like", {}):
                        self.likes.append((who, character))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def more(self, n=10):
        """Waits for so many more acknowledged tests."""
        least = len(self.tests) + n
        eventually(lambda: len(self.tests) >= least, 60, f"{n} more tests; failed: {self.failed[:3]}")

    def lost(self):
        """Acknowledged writes that the site does not know afterwards."""
        with self.box.network():
            who = self.box.site()
            gone = [token for _, token in self.tests if who.ask("GET", f"/api/v1/tests/{token}").status != 200]
            mine = {}
            for guest, character in self.likes:
                if id(guest) not in mine:
                    mine[id(guest)] = guest.ask("GET", "/api/v1/me/likes?limit=100").body.decode()
                if f'"id":{character}' not in mine[id(guest)].replace(" ", ""):
                    gone.append(character)
        return gone


def main(names):
    """Runs every test_ function of a module, with BOX_LONG also every long_ one, in their order; ends in "N passed, N failed, N skipped"."""
    failed = passed = skipped = 0
    for name, test in [(n, t) for n, t in names.items() if n.startswith(("test_", "long_") if LONG else "test_")]:
        if not any(word in name for word in os.environ.get("BOX_TEST", name).split()):
            continue
        began, why = time.monotonic(), []

        def step(test=test, why=why):
            try:
                test()
            except Skipped as reason:
                why.append(reason)
        good = fine(name, step)
        if why:
            skipped += 1
            print(f"SKIPPED {name}: {why[0]}")
        elif good:
            passed += 1
            if os.environ.get("VERBOSE"):
                print(f"ok {name} ({time.monotonic() - began:.1f} s)")
        else:
            failed += 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 0)
