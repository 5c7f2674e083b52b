#!/usr/bin/env python3
"""A host whose database is on another machine (docs/operating.md, More than one machine): its units reach that one and are well, and metrics reach
the replica that replica_host names, by the drop-in (docs/cluster.md). How a replica follows is tests/cluster/replica; here a second address of the
database stands for it."""
from box import Box, eventually, main
from steps import cable, edit, settings

DATABASE, REPLICA = "10.77.1.1", "10.77.1.3"
SERVER = f"""cd /etc/mysql
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=database -addext subjectAltName=IP:{DATABASE},IP:{REPLICA} -keyout key.pem -out cert.pem 2>/dev/null
chown mysql key.pem; printf '[mariadbd]\\nbind-address = 0.0.0.0\\nssl-cert = /etc/mysql/cert.pem\\nssl-key = /etc/mysql/key.pem\\n' >mariadb.conf.d/90-remote.cnf
ip address add {REPLICA}/24 dev between; systemctl restart mariadb
for who in worker jobs admin; do echo "CREATE USER mvti_$who@'10.77.1.2' IDENTIFIED BY '$who-secret' REQUIRE SSL;"; done | mariadb
cd /usr/share/mvti/sql; ./for-host 10.77.1.2 database.sql grants.sql grants_admin.sql | mariadb mvti"""
HOST = f"""systemctl stop mariadb
for who in worker jobs admin; do echo $who-secret | install -m 600 /dev/stdin /etc/mvti/db.$who.password; done
/usr/share/mvti/systemd/remote-database {DATABASE}; systemctl daemon-reload
systemctl restart 'mvti-*@*'; systemctl enable --now mvti-metrics.socket"""


def told(host):
    """What metrics tell of the database and its replica."""
    page = host.run("curl", "-sf", "--unix-socket", "/run/mvti/metrics.sock", "http://localhost/metrics").stdout
    values = dict(line.split() for line in page.splitlines() if line.startswith(("mvti_database_up", "mvti_replica_")))
    return values["mvti_database_up"], values["mvti_replica_up"], "mvti_replica_lag_seconds" in values


def test_a_replica_is_looked_after():
    with Box() as database, Box() as host:
        cable(database, host)
        database.sh(SERVER)
        (host.root / "etc/mvti/ca.pem").write_text((database.root / "etc/mysql/cert.pem").read_text())
        settings(host, f"db_host = {DATABASE}", "db_ca_file = /etc/mvti/ca.pem", "db_password_file = db.password", f"replica_host = {REPLICA}")
        host.sh(HOST)
        eventually(host.is_ready, what="the site answers by the other machine's database")
        host.run("systemctl", "start", "mvti-sessions")
        edit(host, "mvti-metrics@.service", "[Service]", f"IPAddressAllow={REPLICA}")
        # Not every machine lets a box filter addresses: that both are let through is read from the unit.
        assert {f"{DATABASE}/32", f"{REPLICA}/32"} <= set(host.state("mvti-metrics@x.service", "IPAddressAllow").split())
        assert set(host.state("mvti-metrics@x.service", "IPAddressDeny").split()) == {"0.0.0.0/0", "::/0"}
        assert told(host) == ("1", "0", True), (told(host), host.journal("-t", "mvti", "-n", "5"))
        said = host.run("mvti", "--set", "db_user=mvti_jobs", "--set", "db_password_file=/etc/mvti/db.jobs.password", "doctor", check=False).stdout
        assert f"{REPLICA} does not follow any more, it is 0 s behind" in said, said
        host.run("systemctl", "start", "mvti-watch")
        assert any(f"{REPLICA} does not follow any more" in line for line in host.journal("-u", "mvti-watch")), host.journal("-u", "mvti-watch")


main(globals())
