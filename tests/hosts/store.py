"""A store of objects between the host that publishes and the others: tools/send-offer brings the offer to an S3 (PyPI's moto stands in), hosts pull it
from there, by its address or by rclone's. Part of run.py, which has hosts up; `hosts` is its Hosts, and db, a and b have the same snapshot live."""
import fcntl
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
VENV = pathlib.Path(os.environ.get("BUILD", ROOT / "build")) / "moto-venv"
STORE = "http://10.77.0.20:9000"
# A bucket that everybody may read, and one that asks for a key.
CONFIG = "".join(f"""[{bucket}-s3]
type = s3
provider = Other
endpoint = {STORE}
region = us-east-1
access_key_id = key
secret_access_key = secret
acl = {acl}
[{bucket}]
type = alias
remote = {bucket}-s3:{bucket}/site
""" for bucket, acl in (("open", "public-read"), ("closed", "private")))
# The machine's own settings for S3 are not the test's.
OWN = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "RCLONE_"))}


def cannot():
    if shutil.which("rclone") is None:
        return "rclone is not installed"
    made = subprocess.run([ROOT / "tests/tools/python-venv", ROOT / "tests/tools/moto.txt", VENV], capture_output=True, text=True)
    return f"moto cannot be installed: {made.stderr.strip()}" if made.returncode else ""


class Store:
    def __init__(self, hosts):
        self.hosts, self.config = hosts, hosts.top / "rclone.conf"
        self.offer = hosts.top / "db/offer"
        self.config.write_text(CONFIG)
        self.log = open(hosts.top / "moto.log", "w")
        self.start("db", VENV / "bin/moto_server", "-H", "10.77.0.20", "-p", "9000", stdout=self.log, stderr=self.log)

    def start(self, host, *command, **more):
        """In the network of a host; whatever is left of it ends with that."""
        env = OWN | {"RCLONE_CONFIG": str(self.config)} | more.pop("env", {})
        return subprocess.Popen(["ip", "netns", "exec", self.hosts.net.name(host), *map(str, command)], env=env, start_new_session=True, **more)

    def rclone(self, *command, check=True):
        done = self.start("db", "rclone", "--retries", 1, "--low-level-retries", 1, *command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, said = done.communicate()
        if check and done.returncode:
            raise RuntimeError(f"rclone {command}: {said.decode()}")
        return out if done.returncode == 0 else None

    def send(self, to="open:"):
        done = self.start("db", ROOT / "tools/send-offer", self.offer, to, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = done.communicate()[0]
        if done.returncode:
            raise RuntimeError(f"send-offer: {said}")

    def holds(self):
        """Bytes of each object, by name."""
        return {each["Path"]: each["Size"] for each in json.loads(self.rclone("lsjson", "open:", "--files-only") or b"[]")}

    def offered(self):
        return {each.name: each.stat().st_size for each in self.offer.iterdir() if not each.name.startswith(".")}


def publish_another(hosts):
    hosts.at("db", "sql", "-e", "UPDATE movie SET title_ko = CONCAT(title_ko, '!') LIMIT 1")
    hosts.at("db", "publish")
    return hosts.live("db")


def pull(store, host, source):
    done = store.start(host, ROOT / "tests/hosts/host.sh", store.hosts.top, host, "mvti", "pull", source,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = done.communicate()[0]
    return done.returncode, said


def killed_half_way(store, before, until):
    """Ends the sender when some of the new pieces are there: a request a second, so that it has more to do for long."""
    sending = store.start("db", ROOT / "tools/send-offer", store.offer, "open:", env={"RCLONE_TPSLIMIT": "1", "RCLONE_TRANSFERS": "1"})
    until(60, "a new piece is in the store", lambda: set(store.holds()) - set(before))
    os.killpg(sending.pid, signal.SIGKILL)
    sending.wait()


def two_at_once(store, check, until):
    """A second one waits for the lock that the first has on the folder, and does nothing meanwhile."""
    at = os.open(store.offer, os.O_RDONLY)
    fcntl.flock(at, fcntl.LOCK_EX)
    waits = store.start("db", ROOT / "tools/send-offer", store.offer, "open:", stdout=subprocess.DEVNULL, stderr=store.log)
    inode = f":{os.stat(store.offer).st_ino} "
    until(20, "a second send-offer waits", lambda: any("->" in line and inode in line for line in open("/proc/locks")))
    check("it does nothing while it waits", not store.holds(), store.holds())
    os.close(at)
    check("and goes on when it may", waits.wait(60) == 0 and store.holds() == store.offered(), (store.holds(), store.offered()))
    for words in ("", "open:"), (store.offer, ""):
        check(f"{words}: nothing named is not /", store.start("db", ROOT / "tools/send-offer", *words, stderr=store.log).wait(20) == 2, words)


def story(hosts, check, until):
    store, address = Store(hosts), f"{STORE}/open/site"
    until(30, "the store answers", lambda: store.rclone("lsd", "open-s3:", check=False) is not None)
    store.rclone("mkdir", "open-s3:open")
    store.rclone("mkdir", "closed-s3:closed")
    two_at_once(store, check, until)
    first, before = hosts.live("db"), store.holds()
    check("the store holds what is offered", before == store.offered(), (before, store.offered()))
    check("a host finds there what it has", "is live already" in pull(store, "b", address)[1])

    second = publish_another(hosts)
    killed_half_way(store, before, until)
    half = store.holds()
    check("new pieces came before the manifest", set(before) < set(half) and half.keys() != store.offered().keys() | before.keys(), half)
    check("a host stays on what is whole", "is live already" in pull(store, "b", address)[1] and hosts.live("b") == first)

    store.send()
    came = {name: size for name, size in store.holds().items() if name not in before}
    whole = (hosts.top / "db/state/snapshots" / second).stat().st_size
    print(f"the store got {sum(came.values())} bytes in {len(came)} objects for a snapshot of {whole}: {100 * sum(came.values()) / whole:.1f} %")
    check("another snapshot costs the store 30 % of its bytes at most", came and sum(came.values()) <= 0.3 * whole, came)

    changed = max(came, key=came.get)
    other = hosts.top / "other"
    other.write_bytes(b"x" * came[changed])
    store.rclone("copyto", other, f"open:{changed}")
    status, said = pull(store, "b", address)
    check("what somebody changed in the store is refused and said", status and "is not what the manifest names" in said and hosts.live("b") == first, said)
    store.send()
    status, said = pull(store, "b", address)
    check("the next run mends the store, and the host switches", status == 0 and hosts.live("b") == second, said)

    store.send("closed:")
    status, said = pull(store, "a", f"{STORE}/closed/site")
    check("a store that asks for a key refuses who has none", status and "status 403" in said and hosts.live("a") == first, said)
    # As mvti-store-read.service runs it.
    store.start("a", "rclone", "serve", "http", "--read-only", "--addr", "127.0.0.1:8444", "--dir-cache-time", "1s", "--no-modtime", "closed:",
                stderr=store.log)
    until(20, "a host with a key switches too", lambda: pull(store, "a", "http://127.0.0.1:8444")[0] == 0 and hosts.live("a") == second)

    hosts.at("db", "mvti", "publish", "--rollback")
    store.send()
    store.send("closed:")
    for host, source in ("a", "http://127.0.0.1:8444"), ("b", address):
        began = time.monotonic()
        until(20, f"{host} goes back by the store", lambda h=host, s=source: pull(store, h, s)[0] == 0 and hosts.live(h) == first)
        print(f"{host} went back {time.monotonic() - began:.1f} s after the store said so")
    third = publish_another(hosts)
    store.send()
    check("what no host asks for any more is gone", store.holds() == store.offered() and third != second, (store.holds(), store.offered()))
    hosts.at("db", "mvti", "publish", "--rollback")
