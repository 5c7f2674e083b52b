#!/usr/bin/env python3
"""What containers run (containers/), as process 1 of process identifiers of their own, against a real database and the installed programs and units."""
from box import ROOT, Box, main

SECRETS = "/run/mvti-private"
SLOW = "/usr/lib/systemd/system/mvti-slow.service"


def take(box, name):
    (box.root / f"usr/libexec/mvti/{name}").write_text((ROOT / "containers" / name).read_text())
    box.sh(f"chmod 755 /usr/libexec/mvti/{name}")


def password(box, account, word):
    """Whether the database lets the account in with it."""
    return box.run("mariadb", f"--user={account}", f"--password={word}", "-e", "SELECT 1", user="nobody", check=False).returncode == 0


def test_a_secret_that_is_changed_is_taken():
    with Box() as box:
        take(box, "first")
        old, new, root = "a" * 20, "b" * 20, "r" * 20
        box.sql(f"ALTER USER root@localhost IDENTIFIED VIA unix_socket OR mysql_native_password USING PASSWORD('{root}')", database="mysql")

        def first(**words):
            for name, word in {"root": root, **words}.items():
                box.run("install", "-D", "-m", "400", "-o", "mvti_jobs", "/dev/stdin", f"{SECRETS}/db.{name}.password", given=word)
            box.sh("MVTI_CONFIG=/etc/mvti/mvti.conf /usr/libexec/mvti/first", user="mvti_jobs", seconds=120)
        box.sh(f"chmod 711 /run && install -d -o mvti_jobs {SECRETS}")
        first(worker=old, jobs=old)
        assert password(box, "mvti_worker", old) and password(box, "mvti_jobs", old)
        first(worker=new, jobs=old)
        assert password(box, "mvti_worker", new) and not password(box, "mvti_worker", old) and password(box, "mvti_jobs", old)


def unit(box, *commands):
    (box.root / SLOW[1:]).write_text("[Service]\n" + "".join(f"ExecStart={command}\n" for command in commands))


def ended(box, *words, signal="TERM"):
    """The status of run-unit as process 1, which is told to end while it sleeps; nothing of it is left."""
    return box.sh(f"unshare --pid --fork --mount-proc --kill-child /usr/libexec/mvti/run-unit {' '.join(words)} >/tmp/said 2>&1 & p=$!\n"
                  f"until s=$(pgrep -f '^[a-z/]*sleep 333$'); do kill -0 $p; done; kill -{signal} $(pgrep -P $p); wait $p; echo $?; pgrep -f '^[a-z/]*sleep 333$' || cat /tmp/said", seconds=20)


def test_a_container_that_is_told_to_end_ends():
    with Box(ready=False) as box:
        take(box, "run-unit")
        unit(box, "/bin/true", "-/bin/sleep 333", "/bin/touch /tmp/went-on")
        assert ended(box, "slow").split()[0] == "143" and not box.inside("/tmp/went-on").exists(), "the one at work is ended, and no other begun"
        assert ended(box, "--every", "333", "slow").split()[0] == "0"
        unit(box, "/bin/false", "/bin/touch /tmp/went-on")
        said = ended(box, "--every", "333", "slow")  # it waits for the next time by the same words
        assert said.split()[0] == "0" and "again in 333 s" in said, said
        assert box.run("/usr/libexec/mvti/run-unit", "slow", check=False).returncode == 1 and not box.inside("/tmp/went-on").exists()
        unit(box, "-/bin/false", "/bin/touch /tmp/went-on")
        box.run("/usr/libexec/mvti/run-unit", "slow")
        assert box.inside("/tmp/went-on").exists()


main(globals())
