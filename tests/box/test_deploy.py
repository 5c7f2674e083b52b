#!/usr/bin/env python3
"""tools/deploy over SSH: a package comes to hosts one after the other, and a bad one goes back."""
import http.server
import os
import subprocess
import tempfile
import threading
from pathlib import Path

from box import ROOT, Box, Traffic, main, run
from chat import Chat
from packages import NEXT, install, package, repack

PATHS = ["/", "/about", "/api/v1/movies", "/t/INFP", "/test"]
# SSH comes into a box by a program that runs in the box's network, for that leads nowhere else.
PIPE = """
import selectors, socket, sys, os
s = socket.create_connection(("127.0.0.1", 22)); w = selectors.DefaultSelector()
w.register(0, 1); w.register(s, 1)
while True:
    for key, _ in w.select():
        data = os.read(0, 65536) if key.fileobj == 0 else s.recv(65536)
        if not data: sys.exit()
        s.sendall(data) if key.fileobj == 0 else os.write(1, data)
"""


def ssh_to(folder, boxes):
    """A configuration of ssh for boxes by name; each gets a key of its own and lets the deploying account in."""
    folder = Path(folder)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "key"], check=True)
    (folder / "pipe.py").write_text(PIPE)
    lines, known = [], []
    for name, box in boxes.items():
        box.sh("ssh-keygen -A >/dev/null; install -d -m 700 /root/.ssh; mkdir -p /run/sshd")
        (box.root / "root/.ssh/authorized_keys").write_text((folder / "key.pub").read_text())
        box.run("systemctl", "start", "ssh")
        known.append(f"{name} {(box.root / 'etc/ssh/ssh_host_ed25519_key.pub').read_text().strip()}")
        lines.append(f"Host {name}\n  User root\n  ProxyCommand nsenter -t {box.pid} -n python3 {folder}/pipe.py\n")
    (folder / "known").write_text("\n".join(known) + "\n")
    (folder / "config").write_text("".join(lines) + f"Host *\n  IdentityFile {folder}/key\n  UserKnownHostsFile {folder}/known\n  StrictHostKeyChecking yes\n")
    return f"-F {folder}/config"


def deploy(ssh, *words):
    chat = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Chat)
    threading.Thread(target=chat.serve_forever, daemon=True).start()
    Chat.said = []
    env = os.environ | {"MVTI_NOTICE_URL": f"http://127.0.0.1:{chat.server_port}/hook"}
    try:
        done = run([ROOT / "tools/deploy", "--ssh", ssh, "--watch", "2", *map(str, words)], 900, env=env)
    finally:
        chat.shutdown()
    return done.returncode, done.stdout + done.stderr, Chat.said


def version(box):
    return box.run("dpkg-query", "-W", "-f=${Version}", "mvti").stdout


def empty(tree):
    """A release whose first page is gone: its workers start, and visitors get nothing."""
    pages = tree / "usr/share/mvti/pages"
    for path in pages / "index.html", pages / "home.html":
        path.unlink()


def refused(tree):
    """A release that nginx does not accept."""
    with open(tree / "usr/share/mvti/nginx/headers.conf", "a") as headers:
        headers.write("nonsense;\n")


def cut(tree):
    """A release during whose installation dpkg is killed, once."""
    script = tree / "DEBIAN/postinst"
    first, rest = script.read_text().split("\n", 1)
    script.write_text(f"{first}\n[ -e /var/tmp/cut ] || {{ touch /var/tmp/cut; kill -KILL $PPID; }}\n{rest}")


def long_a_bad_package_goes_back():
    first = package()
    with Box() as box, tempfile.TemporaryDirectory() as folder:
        install(box, first)
        before = version(box)
        ssh = ssh_to(folder, {"alone": box})
        status, said, chat = deploy(ssh, first, "alone")
        assert status == 1 and "its package is not kept" in said and version(box) == before, said
        for n, (change, why) in enumerate(((empty, "was not well with it"), (refused, "could not install it"), (cut, "could not install it"))):
            worse = repack(first, folder, f"0.9.{n + 1}", change)
            with Traffic(box, PATHS) as traffic:
                status, said, chat = deploy(ssh, "--previous", first, worse, "alone", "never-asked")
                traffic.more()
            assert status == 1 and len(chat) == 1 and f"{why} and runs the version from before again" in chat[0], (said, chat)
            assert "never-asked:" not in said and "never-asked" not in chat[0], said
            assert version(box) == before and box.get("/").status == 200 and len(box.workers()) == 4, said
            print(f"went back from what {why}: {len(traffic.rows)} requests, {len(traffic.failed)} failed")


def long_hosts_one_after_the_other():
    first = package()
    with Box() as one, Box() as two, tempfile.TemporaryDirectory() as folder:
        second, bad = repack(first, folder, NEXT, lambda tree: None), repack(first, folder, "0.9.100", empty)
        for box in one, two:
            install(box, first)
        ssh = ssh_to(folder, {"one": one, "two": two})
        with Traffic(one, PATHS) as to_one, Traffic(two, PATHS) as to_two:
            status, said, chat = deploy(ssh, "--previous", first, second, "one", "two")
            to_one.more()
        assert status == 0 and version(one) == version(two) == NEXT, said
        assert len(chat) == 1 and "runs on 2 host(s)" in chat[0], chat
        assert said.index("one: runs") < said.index("two: shipping"), said
        rows = to_one.rows + to_two.rows
        wrong = [row for row in rows if row[2] not in (200, 429)]
        print(f"deployed to two hosts under traffic: {len(rows)} requests, {len(wrong)} failed")
        assert not wrong, wrong[:5]
        status, said, chat = deploy(ssh, bad, "one", "two")
        assert status == 1 and version(one) == version(two) == NEXT and "two: shipping" not in said, said
        status, said, chat = deploy(ssh, second, "one", "no-such-host")
        assert status == 1 and "no-such-host could not be reached" in said and version(one) == NEXT, said


main(globals())
