#!/usr/bin/env python3
"""What is sent to Google Analytics: only where it is configured, only of who agreed to it, each event once, and never a type or the address of
a result. Google is a stand-in that keeps to Google's limits."""
import atexit
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import stack
from google_stand_in import StandIn, faults
from stack import API, WRITE, films, get, number, send, site, sql, take
from test_events import CRAWLER, PHONE

ID, SECRET = "G-TEST123456", "quite a secret/+&="
AGREED = {"X-Analytics-Consent": "google", "User-Agent": PHONE}  # who says nothing of itself is a program
top = pathlib.Path(tempfile.mkdtemp(prefix="mvti-analytics-"))
conf = stack.STACK / "mvti.conf"
plain = conf.read_text()
secret = top / "secret"
google = StandIn(ID, SECRET)


def configure(text):
    conf.write_text(text)
    stack.ctl("stop", "pool")
    stack.ctl("start", "pool")


def with_property():
    return plain.replace("[mvti]", f"[mvti]\nanalytics_id = {ID}\nanalytics_months = 2", 1)


def fresh():
    sql("DELETE FROM outbox; DELETE FROM outbox_session")
    sql("UPDATE outbox_state SET sent = 0, unsure = 0, late = 0, sent_at = NULL, failures = 0, retry_at = NULL, problem = ''")
    google.wrong.clear()


def restore():
    google.close()
    fresh()
    configure(plain)
    shutil.rmtree(top)


def command(*args, url=None, options=()):
    return [stack.BUILD / "mvti", "--quiet", "--config", stack.STACK / "jobs.conf", "--set", f"analytics_id={ID}", "--set",
            f"analytics_secret_file={secret}", "--set", f"analytics_url={url or google.url}", "--set",
            "analytics_timeout_ms=60000", *options, *args]


def mvti(*args, **named):
    return stack.run(command(*args, **named), 90, cwd=stack.STACK)


def sent(*args, **named):
    """Sends, and gives the events that arrived."""
    before = len(google.events)
    run = mvti("analytics", "send", *args, **named)
    assert run.returncode == 0, (run.stdout, run.stderr)
    assert not google.wrong, google.wrong
    return google.events[before:]


def waiting(where="1"):
    return number(f"SELECT COUNT(*) FROM outbox WHERE {where}")


def state(column):
    return sql(f"SELECT {column} FROM outbox_state")


def report(who, events, **headers):
    answer = send(who, "POST", f"{API}/events", events, WRITE | AGREED | headers)
    assert answer.status == 202, (answer.status, answer.body)
    return answer.json()


def clicks(n, first=0):
    return [{"kind": "click", "list": "same", "position": first + i, "view": 99} for i in range(n)]


def visitor_of(token):
    return number(f"SELECT visitor_id FROM test WHERE token = '{token}'")


@contextlib.contextmanager
def answering(answer):
    google.answer = answer
    try:
        yield
    finally:
        google.answer = 204


def test_nothing_waits_where_no_property_is_named():
    stack.put_back(configure, with_property())
    configure(plain)
    assert get(f"{API}/me").json()["analytics"] is None
    report(site(), clicks(2))
    assert waiting() == 0
    configure(plain.replace("[mvti]", f"[mvti]\nanalytics_id = {ID.lower()}", 1))
    assert get(f"{API}/me").json()["analytics"] is None, "a malformed one is none"
    configure(with_property())
    assert get(f"{API}/me").json()["analytics"] == {"months": 2}


def test_the_stand_in_is_strict():
    event = {"name": "x", "params": {"session_id": "1", "engagement_time_msec": 1}}
    good = {"client_id": "1.2", "events": [event]}
    assert faults(good) == []
    for bad in ({"client_id": 7}, {"events": []}, {"events": [event] * 26}, {"events": [{**event, "name": "x" * 41}]},
                {"events": [{**event, "name": "click"}]}, {"events": [{**event, "timestamp_micros": (time.time() - 73 * 3600) * 1e6}]},
                {"events": [{**event, "params": {**event["params"], "a": "x" * 101}}]}, {"events": [{**event, "params": {}}]},
                {"events": [{**event, "params": {**event["params"], **{f"p{i}": 1 for i in range(24)}}}]}, {"user_id": "7"}):
        assert faults({**good, **bad}), bad


def test_the_document_has_every_kind_and_its_name():
    """docs/events.md and the table of the program are one; a kind of the API is in both."""
    written = {}
    for line in (stack.ROOT / "docs/events.md").read_text().splitlines():
        if line.startswith("| `") and line.count("|") == 5:
            cells = [re.findall(r"`(\w+)`", cell) for cell in line.split("|")]
            written |= dict(zip(cells[1], cells[4], strict=True))
    program = dict(re.findall(r'\{"(\w+)", "(\w+)", (?:true|false)\}', (stack.ROOT / "lib/analytics/google_event.c").read_text()))
    assert written == program and len(program) >= 21, set(written.items()) ^ set(program.items())
    kinds = json.loads((stack.ROOT / "www/openapi.json").read_text())["components"]["schemas"]["Event"]["properties"]["kind"]["enum"]
    assert set(kinds) <= set(program)


def test_only_what_was_agreed_to_waits():
    fresh()
    for headers in ({"X-Analytics-Consent": ""}, {"X-Analytics-Consent": "1"}, {"DNT": "1"}, {"Sec-GPC": "1"}, {"User-Agent": CRAWLER}):
        report(site(), clicks(12), **headers)
    assert waiting() == 0
    who = site()
    report(who, clicks(23))
    send(who, "POST", f"{API}/events", clicks(3), WRITE)
    assert waiting() == 23
    assert waiting("event_id IN (SELECT event_id FROM event WHERE kind = 'click' AND view_id = 99)") == 23
    assert len(sent()) == 23 and waiting() == 0 and google.requests.count("/mp/collect") == 1


def test_every_kind_has_a_name_there_and_nothing_else_goes_out():
    fresh()
    who = site()
    made = take(who, mbti="ENTJ", enneagram="8w7")
    token, character = made["token"], made["same"][0]["id"]
    film = films(1)[0]
    kinds = ["landing", "start", "question", "choose", "unchoose", "result", "impression", "click", "watch", "share_start", "share",
             "share_open", "friend", "retake"]
    events = [{"kind": k, "movie": film, "test": token, "at": int(time.time() * 1000) - 5000} for k in kinds]
    events[0]["source"] = {"path": "/r", "locale": "ko", "referrer": "news.example", "utm_source": "campaign of ours"}
    events[2] |= {"list": "survey", "position": 3, "took": 1234}
    for shown in events[6:8]:  # as pages say it: in a list
        shown |= {"list": "same", "position": 0}
    events[8]["value"] = "My own words"
    events[10]["value"] = "copy"
    told = report(who, events)
    assert told["refused"] == [], told
    place = {"list": "same", "position": 0, "view": 98, "test": token}
    for method, path, body in (("PUT", "like", place), ("DELETE", "like", place), ("PUT", "mark", {**place, "mark": "not_me"}),
                               ("DELETE", "mark", {**place, "mark": "not_me"})):
        answer = send(who, method, f"{API}/characters/{character}/{path}", body, WRITE | AGREED)
        assert answer.status in (200, 204), (path, answer.status, answer.body)
    answer = send(who, "PUT", f"{API}/tests/{token}/feedback", {"list": "same", "value": "up"}, WRITE | AGREED)
    assert answer.status in (200, 204), answer.body
    got = sent()
    names = [e["name"] for e in got]
    assert len(got) == len(kinds) + 5 == len(set(names)), names
    assert {"page_view", "character_like", "card_mark", "list_feedback"} <= set(names), names
    by = {e["name"]: e for e in got}
    assert by["test_question"]["params"] | {"list": "survey", "position": 3, "took_ms": 1234} == by["test_question"]["params"]
    assert by["share"]["params"]["answer"] == "copy" and by["card_mark"]["params"]["answer"] == "not_me"
    page = by["page_view"]["params"]
    assert page["page_location"] == f"{stack.URL}/r" and page["page_referrer"] == "https://news.example/", page
    assert by["page_view"]["device"] == {"category": "mobile", "language": "ko"}
    text = repr(got)
    for never in (token, "ENTJ", "8w7", "campaign of ours", "My own words", f"'{visitor_of(token)}'"):
        assert never not in text, never
    assert len({e["client"] for e in got}) == 1 and len({e["params"]["session_id"] for e in got}) == 1
    assert all(abs(e["timestamp_micros"] / 1e6 - time.time()) < 600 for e in got)
    # The same person is the same client; another one is another.
    report(who, clicks(1))
    report(site(), clicks(1))
    same, other = sorted(sent(), key=lambda e: e["client"] != got[0]["client"])
    assert same["client"] == got[0]["client"] != other["client"]


def test_sessions_end_after_half_an_hour_and_late_reports_keep_their_time():
    fresh()
    who = site()
    report(who, clicks(2))
    ids = sql("SELECT event_id FROM outbox ORDER BY event_id").split()
    sql(f"UPDATE event SET created_at = UTC_TIMESTAMP(3) - INTERVAL 40 MINUTE WHERE event_id = {ids[0]}")
    before, after = sent()
    assert before["params"]["session_id"] != after["params"]["session_id"]
    assert after["params"]["engagement_time_msec"] == 1
    report(who, clicks(1))
    again, = sent()
    assert again["params"]["session_id"] == after["params"]["session_id"] and 0 < again["params"]["engagement_time_msec"] <= 60000
    def hours(n):
        return int((time.time() - n * 3600) * 1000)

    report(who, [{"kind": "click", "list": "same", "position": 0, "at": hours(h)} for h in (20, -1, 90)])
    times = [round((time.time() - e["timestamp_micros"] / 1e6) / 3600) for e in sent()]
    assert sorted(times) == [0, 0, 20], times


def test_what_is_too_old_is_not_sent_and_said():
    fresh()
    report(site(), clicks(3))
    sql("UPDATE event e JOIN outbox o ON o.event_id = e.event_id SET e.created_at = UTC_TIMESTAMP(3) - INTERVAL 75 HOUR WHERE position = 1")
    run = mvti("analytics", "send")
    assert run.returncode == 0 and "1 events were too old" in run.stderr and "sent 2 events" in run.stdout, run
    report(site(), clicks(2))
    sql("UPDATE outbox SET queued_at = UTC_TIMESTAMP(3) - INTERVAL 75 HOUR")
    assert "deleted 2 events that were not sent" in mvti("sessions").stdout and waiting() == 0


def test_who_takes_it_back_or_leaves_is_not_sent():
    fresh()
    who, other, third = site(), site(), site()
    report(who, clicks(30))
    report(other, clicks(4))
    report(third, clicks(5))
    answer = send(who, "DELETE", f"{API}/me/analytics")
    assert answer.status == 204, answer.body
    assert send(site(), "DELETE", f"{API}/me/analytics").status == 204
    assert send(third, "DELETE", f"{API}/me", {"confirm": "delete"}).status == 204
    assert len(sent()) == 4 and waiting() == 0
    report(who, clicks(1))
    assert len(sent()) == 1, "and may agree again"


def test_answers_that_are_none():
    """Refused: it waits. Not answered: it may have been heard, so it is not sent again."""
    fresh()
    report(site(), clicks(5))
    for status in (500, 503, 429):
        with answering(status):
            run = mvti("analytics", "send", "--now")
        assert run.returncode == 69 and f"status {status}" in run.stderr and SECRET not in run.stderr, run.stderr
        assert waiting("taken_at IS NULL") == 5
    assert state("failures") == "3" and "status 429" in state("problem")
    run = mvti("analytics", "send")
    assert run.returncode == 0 and "the next attempt is in" in run.stderr and waiting() == 5, run.stderr
    with socket.create_server(("127.0.0.1", 0)) as s:
        port = s.getsockname()[1]
    assert mvti("analytics", "send", "--now", url=f"http://127.0.0.1:{port}").returncode == 69
    assert waiting("taken_at IS NULL") == 5 and len(sent("--now")) == 5
    assert (state("failures"), state("problem"), int(state("sent"))) == ("0", "", 5)
    for broken in (lambda handler, keep: google.gate.wait(), lambda handler, keep: handler.connection.close(),
                   lambda handler, keep: (keep(), handler.wfile.write(b"what?\r\n\r\n"), handler.connection.close())):
        unsure = int(state("unsure"))
        report(site(), clicks(5))
        with answering(broken):
            run = mvti("analytics", "send", "--now", options=("--set", "analytics_timeout_ms=2000"))
        assert run.returncode != 0 and "without an answer" in run.stderr, run
        assert waiting() == 0 and int(state("unsure")) == unsure + 5
        assert sent("--now") == []


def test_a_process_that_is_killed_loses_nothing_and_sends_nothing_twice():
    fresh()
    people = [site() for _ in range(4)]
    for who in people:
        report(who, clicks(40))
    all_of_them, before = waiting(), len(google.events)
    seen = []

    def hold(handler, keep):
        keep()
        seen.append(1)
        if len(seen) == 3:
            google.gate.wait()
        google.reply(handler, 204)
    with answering(hold):
        process = subprocess.Popen(command("analytics", "send"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=stack.STACK)
        stack.put_back(process.kill)
        stack.eventually(lambda: len(seen) == 3, 60, "the third request is there")
        process.send_signal(signal.SIGKILL)
        process.wait()
    google.gate.set()
    taken = waiting("taken_at IS NOT NULL")
    assert 0 < taken <= 25
    sent()
    assert waiting() == taken, "those of the request that was cut off: not again"
    sql("UPDATE outbox SET taken_at = taken_at - INTERVAL 3 MINUTE")
    unsure = int(state("unsure"))
    sent()
    assert waiting() == 0 and int(state("unsure")) == unsure + taken
    keys = google.keys()[before:]
    assert len(keys) == len(set(keys)) == all_of_them, (len(keys), len(set(keys)), all_of_them)


def test_the_time_is_bounded_and_a_signal_ends_it():
    fresh()
    for _ in range(4):
        report(site(), clicks(2))
    def slow(handler, keep):
        return keep(), time.sleep(0.7), google.reply(handler, 204)

    with answering(slow):
        run = mvti("analytics", "send", "--seconds", "1")
        assert run.returncode == 0 and 0 < waiting() < 8, run
        process = subprocess.Popen(command("analytics", "send"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=stack.STACK)
        stack.put_back(process.kill)
        stack.eventually(lambda: waiting("taken_at IS NOT NULL") > 0, 30, "it is sending")
        process.send_signal(signal.SIGTERM)
        stack.ended(process, 30)
    assert waiting("taken_at IS NOT NULL") == 0, "what was under way was awaited"
    assert len(sent()) + waiting() < 8 and waiting() == 0


def test_doctor_and_status_say_what_is_wrong():
    fresh()
    report(site(), clicks(1))
    sent()
    def line(**named):
        return next((x for x in mvti("doctor", **named).stdout.splitlines() if "Google" in x), "")

    assert line().startswith("✓") and "0 events wait, last sent" in line(), line()
    assert "/debug/mp/collect" in google.requests
    assert "✗" in line(options=("--set", "analytics_id=UA-1234-1")) and "measurement ID" in line(options=("--set", "analytics_id=UA-1234-1"))
    assert "✗" in line(options=("--set", f"analytics_secret_file={top}/none"))
    stack.put_back(os.chmod, secret, 0o600)
    os.chmod(secret, 0o644)
    assert "✗" in line() and str(secret) in line(), line()
    os.chmod(secret, 0o600)
    with socket.create_server(("127.0.0.1", 0)) as s:
        port = s.getsockname()[1]
    away = f"http://127.0.0.1:{port}"
    assert "✗" in line(url=away) and "analytics_url" in line(url=away)
    assert "not Google Analytics" in line(url=f"{stack.URL}/healthz?") or "status" in line(url=stack.URL)
    assert line(options=("--set", "analytics_id=")) == ""
    report(site(), clicks(1))
    sql("UPDATE outbox SET queued_at = UTC_TIMESTAMP(3) - INTERVAL 3 HOUR")
    assert "✗" in line() and "mvti-analytics.timer" in line(), line()
    with answering(500):
        mvti("analytics", "send", "--now")
    assert "✗" in line() and "status 500" in line(), line()
    said = mvti("analytics", "status").stdout
    assert ID in said and "waiting   1 events" in said and "status 500" in said, said
    assert mvti("analytics", "sing").returncode == 64


def test_where_the_property_is_gone_what_waits_is_forgotten():
    fresh()
    report(site(), clicks(1))
    run = mvti("analytics", "send", options=("--set", "analytics_id="))
    assert run.returncode == 0 and "dropped 1 events" in run.stdout and waiting() == 0, run


if __name__ == "__main__":
    secret.touch(0o600)
    secret.write_text(SECRET + "\n")
    atexit.register(restore)
    fresh()
    configure(with_property())
    stack.main(dict(globals()))
