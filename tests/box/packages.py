"""Debian packages of the programs that are built, for boxes."""
import os
import pathlib
import re
import subprocess
import tempfile

from box import ROOT

NEXT = "0.9.99"


def package():
    """The file of a package of the programs that are built."""
    said = subprocess.run([ROOT / "tools/deb", "--built"], cwd=ROOT, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr[-3000:]
    return ROOT / os.environ["BUILD"] / "deb" / re.search(r"(mvti_\S+\.deb)$", said.stdout.strip())[1]


def repack(file, folder, version, change):
    """The same under a higher version, after change(folder of its files): a file in folder."""
    made = pathlib.Path(folder, f"mvti_{version}_all.deb")
    with tempfile.TemporaryDirectory() as top:
        tree = pathlib.Path(top, "tree")
        subprocess.run(["dpkg-deb", "--raw-extract", file, tree], check=True)
        change(tree)
        control = tree / "DEBIAN/control"
        control.write_text(re.sub(r"^Version: .*$", f"Version: {version}", control.read_text(), flags=re.M))
        (tree / "DEBIAN/md5sums").unlink()
        subprocess.run(["dpkg-deb", "--root-owner-group", "--build", "-Znone", tree, made], check=True, capture_output=True)
    return made


def dpkg(box, *words):
    return box.run("dpkg", *words, seconds=300, check=False)


def install(box, file):
    (box.root / "srv" / file.name).write_bytes(file.read_bytes())
    said = dpkg(box, "--force-confold", "-i", f"/srv/{file.name}")
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout
