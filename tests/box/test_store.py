#!/usr/bin/env python3
"""Between hosts: what one publishes comes to a store of objects and from there to another, and is withdrawn where it is worse, by the units of
docs/operating.md (More than one machine) as they are installed. The store is rclone's own server of WebDAV, which asks for a key; that S3 is
spoken to rightly is tests/hosts."""
from http.server import ThreadingHTTPServer
from threading import Thread

from box import Box, eventually, main
from chat import Chat
from steps import cable, edit, settings

STORE = "10.77.1.1"


def offers(box, *more):
    """Makes it a host that publishes for others."""
    box.sh("mvti key --signing /etc/mvti/offer.key && chown mvti_jobs /etc/mvti/offer.key")
    settings(box, "offer_dir = /var/lib/mvti-offer", "offer_key_file = /etc/mvti/offer.key", *more)


def store(box):
    box.run("systemd-run", "--quiet", "--unit=store", "--property=StateDirectory=store",
            "rclone", "serve", "webdav", "/var/lib/store", "--addr", f"{STORE}:9000", "--user", "key", "--pass", "secret")


def knows_the_store(box):
    box.sh("install -m 600 /dev/stdin /etc/mvti/rclone.conf", given=f"""[dav]
type = webdav
vendor = other
url = http://{STORE}:9000
user = key
pass = {box.sh("rclone obscure secret")}
[mvti]
type = alias
remote = dav:BUCKET/PATH
""")


def publish(box):
    """Something new; its name."""
    box.sql("UPDATE movie SET title_en = CONCAT(title_en, '!'), title_ko = CONCAT(title_ko, '!') ORDER BY movie_id LIMIT 1")
    box.run("mvti", "--quiet", "publish", "--force", seconds=180)
    return live(box)


def live(box):
    return box.sh("readlink /var/lib/mvti/snapshots/current")


def whole(box):
    """Whether the store has what is offered, and nothing else."""
    return box.run("diff", "-r", "-x", ".*", "/var/lib/mvti-offer", "/var/lib/store/BUCKET/PATH", check=False).returncode == 0


def pulled(box):
    box.run("systemctl", "start", "mvti-pull", check=False)
    return live(box)


def told(box):
    """Where a chat that operators read hears what they are told."""
    Chat.said = []
    with box.network():
        server = ThreadingHTTPServer(("127.0.0.1", 9099), Chat)
    Thread(target=server.serve_forever, daemon=True).start()
    settings(box, "notify_webhooks_file = notify_webhooks")
    box.sh("install -m 600 /dev/stdin /etc/mvti/notify/webhooks", given="slack http://127.0.0.1:9099/secret-token\n")
    return server


def test_by_a_store():
    with Box() as one, Box() as two:
        cable(one, two)
        store(one)
        offers(one)
        knows_the_store(one)
        one.sh("systemctl enable --now mvti-store.path mvti-store.timer")
        first = publish(one)
        eventually(lambda: whole(one), what="the path unit brings what is published")
        assert one.state("mvti-store", "Result") == "success" and one.state("mvti-store", "DynamicUser") == "yes"

        knows_the_store(two)
        settings(two, "pull_url = http://127.0.0.1:8444", "pull_key_file = /etc/mvti/offer.key.pub")
        (two.root / "etc/mvti/offer.key.pub").write_text((one.root / "etc/mvti/offer.key.pub").read_text())
        two.sh("systemctl enable --now mvti-store-read mvti-pull.timer")
        eventually(lambda: pulled(two) == first, what="another host has it")
        eventually(lambda: two.get("/readyz").json()["snapshot"] in first, what="visitors get it")
        one.run("mvti", "--quiet", "publish", "--rollback")
        eventually(lambda: pulled(two) == live(one) != first, what="and what is gone back to")
        eventually(lambda: whole(one), what="the store has that and nothing else")


def long_a_store_that_is_away():
    """Operators are told once; what is published when it is back comes at once all the same."""
    with Box() as box:
        chat = told(box)
        box.sh(f"ip address add {STORE}/32 dev lo")
        offers(box)
        knows_the_store(box)
        edit(box, "mvti-store.service", "[Service]", "ExecStart=", "ExecStart=/usr/libexec/mvti/send-offer /var/lib/mvti-offer mvti: 5 0.1",
             "Environment=RCLONE_RETRIES=1 RCLONE_LOW_LEVEL_RETRIES=1")
        box.sh("systemctl enable --now mvti-store.path mvti-store.timer")
        publish(box)
        eventually(lambda: [text for text in Chat.said if "wrong: mvti-store.service: has failed" in text], 30, "operators are told")
        store(box)
        publish(box)
        eventually(lambda: whole(box), what="what is published afterwards comes")
        chat.shutdown()


def come(box, first, snapshot, visitors, percent):
    """Visitors of a snapshot, of whom so many in a hundred open a card."""
    these = f"view_id BETWEEN {first + 1} AND {first + visitors}"
    box.sql("INSERT INTO list_view (view_id, list, snapshot_id, created_at) "
            f"SELECT {first} + seq, 'popular', {snapshot}, UTC_TIMESTAMP(3) FROM seq_1_to_{visitors};"
            f"INSERT INTO event (kind, view_id, visitor_id, created_at) SELECT 'impression', view_id, view_id, created_at FROM list_view WHERE {these};"
            f"INSERT INTO event (kind, view_id, visitor_id, created_at) SELECT 'click', view_id, view_id, created_at FROM list_view "
            f"WHERE {these} AND view_id * 37 % 100 < {percent}")


def test_a_canary_that_visitors_do_not_like():
    with Box() as box:
        chat = told(box)
        offers(box, "offer_lead_s = 600")
        first = publish(box)
        second = publish(box)
        now = "(SELECT snapshot_id FROM publication ORDER BY publication_id DESC LIMIT 1)"
        edit(box, "mvti-canary.timer", "[Timer]", "OnCalendar=*:*:0/3")  # else at the minute
        box.sh("systemctl enable --now mvti-canary.timer")
        eventually(lambda: box.state("mvti-canary", "ExecMainExitTimestampMonotonic") not in ("", "0"), what="the timer has it judged")
        assert box.state("mvti-canary", "Result") == "success" and live(box) == second
        come(box, 10_000_000, "'before'", 900, 30)
        come(box, 20_000_000, now, 400, 12)
        eventually(lambda: live(box) == first, what="it is withdrawn")
        said = eventually(lambda: [text for text in Chat.said if "mvti-canary.service" in text], what="operators are told")
        assert "wrong: mvti-canary.service: has failed: " in said[0] and "12.00 % of 400" in said[0], said
        eventually(lambda: box.state("mvti-canary", "Result") == "success", what="and nothing more is wrong")
        assert live(box) == first
        chat.shutdown()


main(globals())
