#!/usr/bin/env python3
"""What only units show of the metrics: who may ask for them, that counts outlive workers, and what the commands of timers leave."""
import re

from box import Box, eventually, main

POOLS = {"main": 4, "login": 2, "export": 1, "picture": 1, "admin": 1}


def page(box, *how, user=None):
    """The page, or None for who may not ask."""
    run = box.run("curl", "-sf", *(how or ("--unix-socket", "/run/mvti/metrics.sock", "http://localhost/metrics")), user=user, check=False)
    return run.stdout if run.returncode == 0 else None


def value(text, name, labels=""):
    """The sum of a metric over what has these labels."""
    return sum(float(line.rpartition(" ")[2]) for line in text.splitlines() if re.match(rf"{name}(\{{|\s)", line) and all(one in line for one in labels.split()))


def who_may_ask(box):
    assert value(page(box), "mvti_database_up") == 1
    for user in "www-data", "mvti_worker", "mvti_jobs", "nobody":
        assert page(box, user=user) is None, user
    assert box.get("/metrics").status == 404
    box.sh("install -D -m 644 /usr/share/mvti/systemd/prometheus/loopback.conf /etc/systemd/system/mvti-metrics.socket.d/loopback.conf; "
           "systemctl daemon-reload; systemctl restart mvti-metrics.socket")
    assert value(page(box, "http://127.0.0.1:9469/metrics", user="nobody"), "mvti_database_up") == 1
    assert box.sh("ss -Hltn 'sport = 9469'").split()[3] == "127.0.0.1:9469"


def counts_outlive_workers(box):
    def counts():
        text = page(box)
        return value(text, "mvti_http_requests_total", 'pool="main" route="/about"'), value(text, "mvti_worker_starts_total", 'pool="main"')

    for pool, many in POOLS.items():
        eventually(lambda p=pool, n=many: value(page(box), "mvti_workers", f'pool="{p}"') == n, what=f"workers of {pool}")
    for n in range(5):
        assert box.get(f"/about?n={n}").status == 200  # another address each: nginx keeps the page
    requests, starts = counts()
    box.sh(f"kill -KILL {box.workers()[0]}")
    eventually(lambda: counts() == (requests, starts + 1) and value(page(box), "mvti_workers", 'pool="main"') == 4, what="one start more")
    box.run("systemctl", "restart", "mvti-worker@*")
    eventually(lambda: counts() == (requests, starts + 5), what="four more")
    assert requests >= 5


def jobs_are_told(box):
    def at(outcome, command):
        return value(page(box), f"mvti_job_last_{outcome}_timestamp_seconds", f'command="{command}"')

    box.run("systemctl", "start", "mvti-sessions")
    first = at("success", "sessions"), at("success", "rollup")
    assert min(first) > 1.7e9 and at("failure", "sessions") == 0, first
    box.run("systemctl", "stop", "mariadb")
    assert box.run("systemctl", "start", "mvti-sessions", check=False).returncode != 0
    assert at("failure", "sessions") >= first[0] and at("success", "sessions") == first[0] and value(page(box), "mvti_database_up") == 0
    box.run("systemctl", "start", "mariadb")
    box.run("systemctl", "start", "mvti-sessions")
    assert at("success", "sessions") > first[0]


def test_metrics():
    with Box() as box:
        box.run("systemctl", "enable", "--now", "mvti-metrics.socket")
        who_may_ask(box)
        counts_outlive_workers(box)
        jobs_are_told(box)


if __name__ == "__main__":
    main(globals())
