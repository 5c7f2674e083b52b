#!/usr/bin/env python3
"""The Debian package on machines of its own: installed over a site that runs, upgraded under traffic, removed, purged; and, as long test, from an empty
machine to a site."""
import json
import os
import pathlib
import re
import subprocess
import tempfile

from box import ROOT, Box, Traffic, bare, eventually, main
from packages import NEXT, dpkg, install, package, repack

NOT_OURS_TO_REMOVE = "/var/lib/mysql/mvti", "/var/log/journal", "/srv/", "/tmp/"
PATHS = ["/", "/about", "/api/v1/movies", "/api/v1/survey", "/t/INFP", "/test"]


def edit(box):
    """What an administrator does to the files that are theirs."""
    settings, site = box.root / "etc/mvti/mvti.conf", box.root / "etc/nginx/sites-available/mvti.conf"
    settings.write_text(settings.read_text() + "# mine\n")
    site.write_text(site.read_text().replace("server_name _;", "server_name films.example.org;"))
    return {path: path.read_text() for path in (settings, site)}


def script_of(box):
    return re.search(r'src="(/assets/[0-9a-f]+/js/main\.js)"', box.get("/").body.decode())[1]


def release(file, top):
    """The next release: a higher version, other programs by their bytes, and pages whose scripts are in a folder of another name."""
    new = "0123456789abcdef"

    def rename(tree):
        pages = tree / "usr/share/mvti/pages"
        old = pages / "assets" / re.search(r"/assets/([0-9a-f]+)/", (pages / "index.html").read_text())[1]
        old.rename(old.with_name(new))
        for path in [*pages.rglob("*.html"), *pages.glob("*.js"), pages / "manifest.webmanifest"]:
            path.write_text(path.read_text().replace(old.name, new))
    return repack(file, top, NEXT, rename), new


def upgrade_under_traffic(box, after, new):
    edited = edit(box)
    box.run("systemctl", "reload", "nginx")
    script, workers = script_of(box), set(box.workers())
    with Traffic(box, [*PATHS, script]) as traffic:
        said = install(box, after)
        traffic.more(100)
    answered = [row for row in traffic.rows if row[2] != 429]  # as fast as they ask, they are one network too many for nginx
    wrong = [row for row in answered if row[2] != 200]
    print(f"upgrade under traffic: {len(answered)} requests, {len(wrong)} failed, the longest {max(row[1] for row in answered):.2f} s")
    assert not wrong, wrong[:5]
    assert "restarted, one after the other" in said, said
    assert len(box.workers()) == 4 and not workers & set(box.workers())
    assert box.run("dpkg-query", "-W", "-f=${Version}", "mvti").stdout == NEXT
    eventually(lambda: f"/assets/{new}/" in script_of(box) and box.get(script_of(box)).status == 200, 20, "the new pages and their scripts")
    assert box.get(script).status == 200, "a page that is open finds its scripts"
    for path, text in edited.items():
        assert path.read_text() == text, f"{path} is no longer what the administrator wrote"


def named_after_us(box):
    """What has been written in the box or prepared for it, is called after MVTI and is there: not what the machine below has."""
    found = set()
    for layer in (box.files.upper, *box.layers):
        for folder, folders, files in os.walk(layer):
            found |= {os.path.join(folder, name)[len(str(layer)):] for name in folders + files if "mvti" in name.lower()}
    return sorted(path for path in found if os.path.lexists(f"{box.root}{path}"))


def leave(box):
    """Removed: nginx goes on without it, state and settings stay; purged: nothing stays but the accounts of the system, and the database."""
    assert dpkg(box, "-r", "mvti").returncode == 0
    assert not box.workers() and box.run("nginx", "-t", check=False).returncode == 0
    assert box.state("nginx") == "active" and (box.root / "var/lib/mvti/snapshots/current").is_symlink() and (box.root / "etc/mvti/session.key").exists()
    said = dpkg(box, "--purge", "mvti")
    assert said.returncode == 0 and "not empty" not in said.stdout + said.stderr, said
    left = [path for path in named_after_us(box) if not path.startswith(NOT_OURS_TO_REMOVE)]
    assert not left, left
    assert not box.sh("systemctl list-units --all --plain --no-legend 'mvti*' | grep -v not-found || true")


def check_materials(box):
    """The bill of materials names what the programs load, in the versions that dpkg has, and what is bundled."""
    bill = json.loads((box.root / "usr/share/doc/mvti/sbom.cdx.json").read_text())
    parts = {part["name"]: part for part in bill["components"]}
    assert bill["bomFormat"] == "CycloneDX" and len(parts) == len(bill["components"]) > 40, len(parts)
    for name in "libcurl4", "libsodium23", "libopenblas0-pthread", "librsvg2-2", "libc6":
        assert parts[name]["version"] == box.run("dpkg-query", "-W", "-f=${Version}", name).stdout, parts[name]
    assert parts["lit-html"]["version"] and parts["pretendard"]["licenses"], parts["lit-html"]
    known = {part["bom-ref"] for part in bill["components"]}
    edges = {edge["ref"]: edge["dependsOn"] for edge in bill["dependencies"]}
    assert all(known >= set(to) for to in edges.values()) and len(edges["mvti-worker"]) >= 10, edges


def test_over_a_site():
    """A site that was installed by make is taken over, and upgraded."""
    first = package()
    with Box() as box, tempfile.TemporaryDirectory() as top:
        install(box, first)
        for mine in "doc/mvti/LICENSE", "man/man1/mvti.1", "man/man1/mvti-draw.1", "man/man8/mvti-worker.8":
            (box.root / "usr/share" / mine).unlink()  # of `make install`, and not of the package
        check_materials(box)
        upgrade_under_traffic(box, *release(first, top))
        leave(box)


def long_from_an_empty_machine():
    first = package()
    with Box(bare(), 4000, ready=False) as box, tempfile.TemporaryDirectory() as top:
        assert 'run "mvti setup"' in install(box, first)
        said = box.run("mvti", "setup", seconds=900).stdout
        assert "publishing the first snapshot" in said and "MVTI is set up" in said, said
        assert box.run("mvti", "setup", seconds=100).stdout == "nothing to do: everything is set up\n"
        box.until_ready()
        assert all(box.get(path).status == 200 for path in PATHS)
        second, new = release(first, top)
        upgrade_under_traffic(box, second, new)
        assert dpkg(box, "-r", "mvti").returncode == 0
        install(box, second)
        box.until_ready()
        leave(box)


def long_two_builds_are_equal():
    """Of the same tree in two folders, each compiled anew: the same bytes, and nothing that lintian finds."""
    files = []
    with tempfile.TemporaryDirectory() as top:
        for name in "one", "another":
            env = {key: value for key, value in os.environ.items() if key != "MAKEFLAGS"} | {"BUILD": f"{top}/{name}"}
            said = subprocess.run([ROOT / "tools/deb"], cwd=ROOT, env=env, capture_output=True, text=True)
            assert said.returncode == 0, said.stdout + said.stderr
            files.append(next(pathlib.Path(top, name, "deb").glob("mvti_*.deb")).read_bytes())
    assert files[0] == files[1]


main(globals())
