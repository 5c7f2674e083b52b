"""What an operator does to machines, for several tests: boxes that reach each other, settings, changes of units."""
import subprocess


def cable(one, two):
    """Between the networks of two boxes; .1 and .2 are their addresses. It is gone with them."""
    subprocess.run(["ip", "link", "add", "between", "netns", str(one.pid), "type", "veth", "peer", "name", "between", "netns", str(two.pid)], check=True)
    for n, box in enumerate((one, two), 1):
        box.sh(f"ip address add 10.77.1.{n}/24 dev between && ip link set between up")


def settings(box, *lines):
    box.sh("sed -i '/^.mvti.$/a " + "\\n".join(lines) + "' /etc/mvti/mvti.conf")


def edit(box, unit, *lines):
    """As `systemctl edit` does."""
    box.sh(f"mkdir -p /etc/systemd/system/{unit}.d; cat >/etc/systemd/system/{unit}.d/override.conf; systemctl daemon-reload", given="\n".join(lines) + "\n")
