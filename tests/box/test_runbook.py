#!/usr/bin/env python3
"""docs/runbook.md: each alert has something to do, and what is written there as a command is one on an installed machine, in these words."""
import re

from box import ROOT, Box, eventually, main

ALERTS = {part.split("\n", 1)[0]: part for part in re.split(r"^## ", (ROOT / "docs/runbook.md").read_text(), flags=re.M)[1:]}
COMMAND = re.compile(r"`((?:mvti|systemctl|journalctl|curl|mariadb|df|ls|ss|top) [^`]+)`")
# What may end with 1, for it looks for something that is not there: lines, or units of a pattern that have said anything.
LOOKS = re.compile(r"^journalctl .*(-g |\*')|\| grep ")
NO_NIGHT = "[Service]\nExecStart=\nExecStart=/bin/true\n"  # the commands of a night take minutes, and are no part of these words
LOOPBACK = "install -D -m 644 /usr/share/mvti/systemd/prometheus/loopback.conf /etc/systemd/system/mvti-metrics.socket.d/loopback.conf"


def test_each_alert_has_something_to_do():
    rules = set(re.findall(r"alert: (\w+)", (ROOT / "systemd/prometheus/alerts.yml").read_text()))
    assert len(rules) > 15 and set(ALERTS) == rules
    nothing = [alert for alert, text in ALERTS.items() if not COMMAND.search(text)]
    assert not nothing, nothing


def test_its_commands_are_accepted():
    commands = list(dict.fromkeys(command for text in ALERTS.values() for command in COMMAND.findall(text)))
    with Box() as box:
        box.sh(f"mkdir -p /etc/systemd/system/mvti-nightly.service.d; cat >/etc/systemd/system/mvti-nightly.service.d/x.conf; {LOOPBACK}; "
               "systemctl daemon-reload; systemctl enable --now mvti-metrics.socket", given=NO_NIGHT)
        box.sql("UPDATE movie SET title_en = CONCAT(title_en, '!') ORDER BY movie_id LIMIT 1")
        box.run("mvti", "--quiet", "publish", "--force")  # so that there is one to go back to
        wrong = []
        for command in commands:
            done = box.run("bash", "-c", command.replace("FILE", "/var/lib/mvti/snapshots/current"), check=False)
            # 3: it does not run now; 66: nothing is pinned.
            good = 1 if LOOKS.search(command) else 3 if command.startswith("systemctl status ") else 66 if command == "mvti publish --unpin" else 0
            if done.returncode not in (0, good) or "not found" in done.stderr:
                wrong.append((command, done.returncode, (done.stdout + done.stderr)[-400:]))
        assert not wrong, wrong
        eventually(lambda: len(box.workers()) == 5, what="the worker more")


if __name__ == "__main__":
    main(globals())
