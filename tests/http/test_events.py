#!/usr/bin/env python3
"""Reports of events, through nginx and the workers: a bad row takes no other with it, what came with them is stored, and who asks not to be
tracked is not."""
from stack import API, WRITE, get, main, number, send, site, take

PHONE = "Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36"
CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def mine(token, what="COUNT(*)", table="event", where="1"):
    return number(f"SELECT {what} FROM {table} WHERE visitor_id = (SELECT visitor_id FROM test WHERE token = '{token}') AND {where}")


def report(who, events, **headers):
    return send(who, "POST", f"{API}/events", events, WRITE | headers)


def test_the_rest_of_a_report_is_stored():
    who = site()
    token = take(who)["token"]
    before = mine(token)
    events = [{"kind": "impression", "list": "same", "position": i, "view": 4711} for i in range(50)]
    events[7] = {"kind": "like", "character": 1}
    events[20] = {"kind": "click", "movie": 2147483647}
    answer = report(who, events)
    assert answer.status == 202
    told = answer.json()
    assert told["stored"] == 48 and [(r["index"], r["field"]) for r in told["refused"]] == [(7, "kind"), (20, "movie")], told
    assert mine(token) == before + 48 and number("SELECT COUNT(*) FROM list_view WHERE view_id = 4711") == 1
    answer = report(who, [{"kind": "like"}, {"kind": "click", "position": -1}])
    assert answer.status == 400 and [e["message"] for e in answer.json()["errors"]][0].startswith("event 0: kind"), answer.body
    assert mine(token) == before + 48


def test_who_asks_not_to_be_tracked_is_not():
    stranger = site()
    visitors = number("SELECT COUNT(*) FROM visitor")
    for header in ("DNT", "Sec-GPC"):
        answer = report(stranger, [{"kind": "click"}], **{header: "1"})
        assert answer.status == 202 and answer.json()["stored"] == 0, answer.body
        assert not answer.headers.get("Set-Cookie")
    assert number("SELECT COUNT(*) FROM visitor") == visitors, "nobody came to be"
    who = site()
    token = take(who)["token"]
    before = mine(token)
    assert report(who, [{"kind": "click"}], DNT="0").json()["stored"] == 1
    assert report(who, [{"kind": "click"}], DNT="1").json()["stored"] == 0
    assert mine(token) == before + 1


def test_the_first_visit_is_kept_and_bots_are_flagged():
    landing = [{"kind": "landing", "source": {"path": "/c", "locale": "ko", "referrer": "news.example:8080", "utm_source": "편지"}}]
    for agent, device, bot in ((PHONE, "phone", 0), (CRAWLER, "desktop", 1)):
        who = site()
        token = take(who)["token"]
        assert report(who, landing, **{"User-Agent": agent}).status == 202
        assert mine(token, table="first_visit", where=f"device = '{device}' AND bot = {bot} AND referrer = 'news.example:8080'") == 1
        export = get("/api/v1/me/export", who).json()
        assert [v["utm_source"] for v in export["first_visit"]] == ["편지"], export["first_visit"]


if __name__ == "__main__":
    main(globals())
