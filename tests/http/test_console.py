#!/usr/bin/python3
"""The owner's console through an nginx that includes nginx/admin.conf.in, the admin pool and its account of the database: who gets in, what
others see, that answers are those of docs/admin.openapi.json, and that figures are what the traffic generator did. /usr/bin/python3, for Debian's
jsonschema."""
import functools
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True  # nothing beside the sources

from openapi_document import Document
from provider_control import callback
from site_client import Site
import stack
from stack import API, BUILD, ROOT, STACK, URL, WRITE, eventually, get, main, number, put_back, send, site, sql, take

CONSOLE = f"{API}/admin"
MOVED = {"event": "created_at", "list_view": "created_at", "visitor": "created_at", "first_visit": "created_at", "test": "created_at",
         "character_like": "created_at"}
YESTERDAY = "; ".join(f"UPDATE {table} SET {column} = {column} - INTERVAL 1 DAY" for table, column in MOVED.items())


@functools.cache
def document():
    return Document(os.path.join(ROOT, "docs/admin.openapi.json"))


def console_url():
    return "http://127.0.0.1:" + (STACK / "run/console.port").read_text().strip()


def at_console(who):
    """The same browser at the address where the console is."""
    other = Site(console_url())
    other.jar, other.csrf = who.jar, who.csrf
    return other


def signed_in(name):
    who = site()
    answer = who.ask("GET", callback(who, "dev", name))
    assert answer.status == 303, (answer.status, answer.body[:300])
    return at_console(who)


@functools.cache
def owner():
    return signed_in("owner")


def operations():
    return {op.name: op for op in document().operations()}


def ask(name, path=None, value=None, status=200, who=None):
    """What an operation of the document answers, held to the document."""
    op = operations()[name]
    path = path or op.path
    who = who or owner()
    answer = who.ask("GET", path) if op.method == "GET" else send(who, op.method, path, {} if value is None else value)
    assert answer.status == status, (name, path, answer.status, answer.body[:500])
    assert str(status) in op.responses, (name, status)
    schema = op.responses[str(status)].get("content", {}).get(answer.type, {}).get("schema")
    if schema is None:
        assert answer.body == b"" or answer.type == "text/html", (name, answer.body[:200])
        return None
    faults = document().faults(schema, answer.json())
    assert not faults, (name, faults[:5])
    return answer.json()


def overview():
    return ask(f"GET {CONSOLE}/overview")


def mvti(*words):
    return stack.mvti("--quiet", *words).stdout


def settle():
    """Everything until now lies on days before this one, and is counted."""
    sql(YESTERDAY)
    mvti("rollup")


def example(path):
    return path.replace("{id}", "17").replace("{token}", "A" * 22)


def shape(answer):
    """All that an answer tells but the number of its request."""
    body = answer.json() | {"request_id": ""} if answer.type.endswith("json") else answer.body
    return answer.status, answer.type, body, {k.lower() for k in answer.headers} - {"x-guest-challenge", "date"}


def test_the_document_has_the_routes_of_the_pool():
    said = subprocess.run([BUILD / "mvti-worker", "--routes", "admin"], capture_output=True, text=True, check=True).stdout
    assert set(said.split("\n")) - {""} == set(operations())


def test_the_public_site_has_no_console():
    who = owner()
    public = site()
    public.jar, public.csrf = who.jar, who.csrf
    for op in operations().values():
        answer = public.ask(op.method, example(op.path), {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}, b"{}")
        assert answer.status in (404, 405) and b"console" not in answer.body.lower(), (op.name, answer.status)
    for path in ("/admin/", "/admin.html", "/pages/admin.html", "/admin"):
        assert get(path).status == 404, path


def test_at_the_console_strangers_see_an_unknown_address():
    guest = site()
    take(guest)
    for name, who in (("nobody", Site(console_url())), ("a guest", at_console(guest)), ("an account", signed_in("not-the-owner"))):
        for op in operations().values():
            unknown = f"{API}/nothing" if op.path.startswith("/api/") else "/nothing"
            for method in ("GET", "POST", "DELETE") if op.path != "/admin" else ("GET",):
                answers = [shape(who.ask(method, path, {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}, b"{}"))
                           for path in (example(op.path), unknown)]
                assert answers[0] == answers[1] and answers[0][0] == 404, (name, op.name, answers)


def test_other_addresses_than_the_operators_see_nothing():
    """admin.conf.in lets this machine's own addresses in; here it is another file that lets nobody in."""
    text = (STACK / "console-console.conf").read_text()
    try:
        (STACK / "console-console.conf").write_text(text.replace("allow 127.0.0.0/8;", ""))
        restart_console()
        for path in ("/admin", f"{CONSOLE}/overview"):
            assert owner_again().ask("GET", path).status == 404, path
    finally:
        (STACK / "console-console.conf").write_text(text)
        restart_console()
    assert owner_again().ask("GET", "/admin").status == 200


def owner_again():
    other = Site(console_url())
    other.jar, other.csrf = owner().jar, owner().csrf
    return other


def restart_console():
    """The same nginx with another file: reading it again is nginx's own affair, and takes as long as it takes."""
    pid = int((STACK / "run/console.pid").read_text())
    before = workers_of(pid)
    os.kill(pid, 1)
    eventually(lambda: workers_of(pid) and not workers_of(pid) & before, what="new workers of nginx")


def workers_of(pid):
    said = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    return set(said.split())


def test_the_owner_gets_the_page_and_is_recorded():
    page = owner().ask("GET", "/admin")
    assert page.status == 200 and page.type == "text/html" and b"js/admin/main.js" in page.body
    assert page.headers["Cache-Control"] == "no-store" and b"noindex" in page.body
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy and "style-src 'self';" in policy and "unsafe" not in policy
    newest = ask(f"GET {CONSOLE}/actions")["items"]
    assert any(a["action"] == "enter" and a["admin"] == "dev:owner" for a in newest), newest
    assert number("SELECT COUNT(*) FROM admin_action WHERE admin <> 'dev:owner'") == 0


def test_a_visit_ends_after_half_an_hour():
    who = signed_in("owner")
    ask(f"GET {CONSOLE}/overview", who=who)
    sql("UPDATE session SET console_seen_at = console_seen_at - INTERVAL 31 MINUTE ORDER BY session_id DESC LIMIT 1")
    assert "login" in {e["field"] for e in ask(f"GET {CONSOLE}/overview", who=who, status=401)["errors"]}
    page = who.ask("GET", "/admin")
    assert page.status == 303 and page.headers["Location"] == "/login?again=1&return=/admin"


def test_figures_are_what_the_generator_did():
    settle()
    before = overview()
    program = os.path.join(ROOT, "tests/tools/traffic.py")
    made = subprocess.run([program, URL, "--visitors", "25", "--days", "1", "--seed", "14"], check=True, capture_output=True, text=True)
    done = json.loads(made.stdout)
    settle()
    after = overview()

    def grown(figure):
        return sum(d[figure] for d in after["days"]) - sum(d[figure] for d in before["days"])
    for figure, kind in {"visitors": "visitors", "new_visitors": "visitors", "tests": "tests", "likes": "like", "shares": "share",
                         "impressions": "impression", "clicks": "click"}.items():
        assert grown(figure) == done.get(kind, 0), (figure, grown(figure), done)
    assert done["visitors"] >= 25 and done["tests"] > 5 and done["impression"] > 100

    def steps(answer, what):
        return {s["step"]: s[what] for s in answer["funnel"]["this_week"] + answer["funnel"]["last_week"]}
    whole = {s["step"]: s["events"] + t["events"] for s, t in zip(after["funnel"]["this_week"], after["funnel"]["last_week"])}
    was = {s["step"]: s["events"] + t["events"] for s, t in zip(before["funnel"]["this_week"], before["funnel"]["last_week"])}
    for kind in ("landing", "start", "question", "choose", "result", "impression", "click", "like", "share"):
        assert whole[kind] - was[kind] == done.get(kind, 0), (kind, whole, was, done)
    people = steps(after, "people")
    assert people["landing"] >= people["start"] >= people["result"], people


def request(action, subject=None):
    """Asked for, carried out as the timer does, and what is said of it."""
    number_of = ask(f"POST {CONSOLE}/requests", value={"action": action} | ({"subject": subject} if subject else {}), status=202)["id"]
    mvti("admin", "--work")
    return next(a for a in ask(f"GET {CONSOLE}/actions")["items"] if a["id"] == number_of)


def live():
    return ask(f"GET {CONSOLE}/live")


def linked(name):
    try:
        return os.path.basename(os.readlink(STACK / "state/snapshots" / name))
    except FileNotFoundError:
        return None


def test_what_is_live_is_pinned_and_unpinned():
    before = live()
    assert linked("current") == f"mvti-{before['live']}.mvs" and before["models"] and before["history"][0]["kept"], before
    assert any(m["weight"] is not None and m["run"] for m in before["models"]), before["models"]
    put_back((STACK / "state/snapshots/pinned").unlink, True)
    done = request("pin")
    assert done["outcome"] == "done" and done["admin"] == "dev:owner" and done["before"] == done["after"] == before["live"], done
    assert linked("pinned") == linked("current") and live()["pinned"] == before["live"]
    done = request("unpin")
    assert done["outcome"] == "done" and linked("pinned") is None and live()["pinned"] is None, done
    failed = request("unpin")
    assert failed["outcome"] == "failed" and failed["said"], failed
    failed = request("rollback", "no-such-snapshot")
    assert failed["outcome"] == "failed" and "no snapshot no-such-snapshot" in failed["said"] and live()["live"] == before["live"], failed


def test_it_goes_back_and_forward():
    """Another snapshot: the live one with one film more popular."""
    first = live()["live"]
    film, popularity = sql("SELECT movie_id, popularity FROM movie ORDER BY movie_id LIMIT 1").split("\t")
    put_back(sql, f"UPDATE movie SET popularity = {popularity} WHERE movie_id = {film}")
    try:
        sql("UPDATE movie SET popularity = COALESCE(popularity, 0) + 1 ORDER BY movie_id LIMIT 1")
        mvti("publish", "--force")
        second = live()["live"]
        assert second != first
        done = request("rollback")
        assert done["outcome"] == "done" and done["before"] == second and done["after"] == live()["live"] != second, done
        assert linked("current") == f"mvti-{done['after']}.mvs"
        done = request("forward")
        assert done["outcome"] == "done" and live()["live"] == second, done
    finally:
        request("rollback", first)
    assert live()["live"] == first


def test_lists_are_what_was_seen_and_opened():
    lists = ask(f"GET {CONSOLE}/lists", f"{CONSOLE}/lists?days=90")
    counted = dict(line.split("\t") for line in sql("SELECT kind, SUM(n) FROM event_day WHERE day > DATE(CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', '+09:00')) - "
                                                    "INTERVAL 90 DAY AND kind IN ('impression', 'click') GROUP BY kind").splitlines())
    assert sum(f["impressions"] for f in lists["lists"]) == int(counted["impression"]), (lists["lists"], counted)
    assert sum(f["clicks"] for f in lists["lists"]) == int(counted["click"])
    for name in ("same", "compatible"):
        whole, = [f for f in lists["lists"] if f["list"] == name]
        places = [f for f in lists["positions"] if f["list"] == name]
        first = number(f"SELECT SUM(impressions) FROM list_day WHERE list = '{name}' AND position < 20 AND day > DATE(CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', "
                       "'+09:00')) - INTERVAL 90 DAY")
        assert sum(f["impressions"] for f in places) == first <= whole["impressions"] and max(f["position"] for f in places) < 20, (first, whole, places)
        assert [f["position"] for f in places] == sorted(f["position"] for f in places), places
    assert any(f["snapshot"] == live()["live"] for f in lists["snapshots"]), lists["snapshots"]
    assert sum(f["impressions"] for f in lists["rankers"]) == number(
        "SELECT COUNT(*) FROM event e JOIN list_view v ON v.view_id = e.view_id WHERE e.kind = 'impression' AND v.ranker IS NOT NULL AND e.created_at < "
        "UTC_TIMESTAMP() - INTERVAL 61 SECOND") > 0, lists["rankers"]
    for wrong in ("0", "91", "x", "1.5"):
        assert owner().ask("GET", f"{CONSOLE}/lists?days={wrong}").fields() == {"days"}


def test_runs_are_those_of_the_night():
    runs = ask(f"GET {CONSOLE}/runs")["items"]
    blend = next(r for r in runs if r["model"] == "blend")
    assert blend["status"] == "finished" and blend["ndcg"] is None or blend["ndcg"] > 0
    whole = ask(f"GET {CONSOLE}/runs/{{id}}", f"{CONSOLE}/runs/{blend['id']}")
    assert whole["dataset"] == blend["dataset"] and len(whole["values"]) > 3
    learned = next(r for r in runs if number(f"SELECT COUNT(*) FROM training_curve WHERE run_id = {r['id']}") > 0)
    curves = ask(f"GET {CONSOLE}/runs/{{id}}", f"{CONSOLE}/runs/{learned['id']}")["curves"]
    points = sql(f"SELECT name, step, ROUND(value, 6) FROM training_curve WHERE run_id = {learned['id']} ORDER BY 1, 2")
    stored = [line.split("\t") for line in points.splitlines()]
    assert [[c["name"], str(step), value] for c in curves for step, value in c["points"]] == [[n, s, float(v)] for n, s, v in stored] and len(stored) > 1
    assert [r["id"] for r in ask(f"GET {CONSOLE}/runs", f"{CONSOLE}/runs?model=blend")["items"]] == [r["id"] for r in runs if r["model"] == "blend"]
    ask(f"GET {CONSOLE}/runs/{{id}}", f"{CONSOLE}/runs/2147483647", status=404)


def test_tables_and_jobs():
    system = ask(f"GET {CONSOLE}/system")
    sizes = {t["name"]: t["bytes"] for t in system["tables"]}
    assert set(sizes) == set(sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'mvti' AND table_type = 'BASE TABLE'").split())
    assert sizes["event"] > 0 and system["trained"] and system["published"] and system["counted_until"]


def voter(name, character, mbti="INTJ"):
    name += os.urandom(4).hex()  # whoever it is, it is for the first time
    who = site()
    assert who.ask("GET", callback(who, "dev", name)).status == 303
    assert send(who, "PUT", f"{API}/characters/{character}/vote", {"mbti": mbti}).status == 200
    return who, number(f"SELECT visitor_id FROM identity WHERE provider = 'dev' AND subject = '{name}'")


def test_a_banned_visitor_reads_and_counts_no_more():
    character = get(f"{API}/home").json()["popular"][0]["id"]
    who, visitor = voter("console-bad", character)
    token = take(who)["token"]
    assert send(who, "PUT", f"{API}/characters/{character}/like").status == 200
    told = ask(f"GET {CONSOLE}/visitors/{{id}}", f"{CONSOLE}/visitors/{visitor}")
    assert (told["n_tests"], told["n_likes"], told["n_votes"], told["banned"]) == (1, 1, 1, None) and told["account"], told
    choices, likes = rows_of_the_night(visitor)
    done = request("ban", str(visitor))
    assert done["outcome"] == "done" and (done["before"], done["after"]) == ("not banned", "banned"), done
    for method, path, value in (("PUT", f"{API}/characters/{character}/like", None), ("PUT", f"{API}/characters/{character}/vote", {"mbti": "ENFP"}),
                                ("PUT", f"{API}/tests/{token}/feedback", {"value": "up"})):
        answer = send(who, method, path, value)
        assert answer.status == 403 and answer.fields() == {"visitor"}, (path, answer.status, answer.body[:300])
    test = {"mbti": "INFP", "enneagram": "4w5", "movies": [m["id"] for m in get(f"{API}/movies?seed=1&limit=3").json()["items"]]}
    refused = send(who, "POST", f"{API}/tests", test)
    assert refused.status == 403 or refused.json().get("saved") is False, (refused.status, refused.body[:300])
    assert get(f"{API}/me/tests", who).status == 200 and get(f"{API}/tests/{token}", who).status == 200
    assert ask(f"GET {CONSOLE}/visitors/{{id}}", f"{CONSOLE}/visitors/{visitor}")["banned"]
    assert choices > 0 and likes == 1 and number(f"SELECT COUNT(*) FROM character_like WHERE visitor_id = {visitor}") == 1
    done = request("unban", str(visitor))
    assert done["outcome"] == "done" and send(who, "PUT", f"{API}/tests/{token}/feedback", {"value": "up"}).status == 204
    assert request("ban", "2147483646")["outcome"] == "failed"


def test_a_ban_does_not_end_with_the_account():
    put_back(sql, "DELETE FROM ban_identity")
    character = get(f"{API}/home").json()["popular"][0]["id"]
    name = "console-back" + os.urandom(4).hex()
    numbers = []
    for _ in range(2):  # a second time, for the ban goes on
        who = site()
        assert who.ask("GET", callback(who, "dev", name)).status == 303
        numbers.append(number(f"SELECT visitor_id FROM identity WHERE provider = 'dev' AND subject = '{name}'"))
        liked = send(who, "PUT", f"{API}/characters/{character}/like").status
        assert liked == (403 if len(numbers) > 1 else 200), (numbers, liked)
        if len(numbers) == 1:
            assert request("ban", str(numbers[0]))["outcome"] == "done"
        assert number("SELECT COUNT(*) FROM ban_identity") == 0
        assert send(who, "DELETE", f"{API}/me", {"confirm": "delete"}).status == 204
        assert number("SELECT COUNT(*) FROM ban_identity") == 1
    assert numbers[0] != numbers[1]
    assert number(f"SELECT COUNT(*) FROM ban_identity WHERE identity_hash LIKE '%{name}%'") == 0
    # Nobody else is banned for it, and the owner can end it.
    other, visitor = voter("console-fine", character)
    assert ask(f"GET {CONSOLE}/visitors/{{id}}", f"{CONSOLE}/visitors/{visitor}")["banned"] is None
    who = site()
    assert who.ask("GET", callback(who, "dev", name)).status == 303
    visitor = number(f"SELECT visitor_id FROM identity WHERE provider = 'dev' AND subject = '{name}'")
    assert ask(f"GET {CONSOLE}/visitors/{{id}}", f"{CONSOLE}/visitors/{visitor}")["banned"]
    assert request("unban", str(visitor))["outcome"] == "done"
    assert send(who, "PUT", f"{API}/characters/{character}/like").status == 200
    assert send(who, "DELETE", f"{API}/me", {"confirm": "delete"}).status == 204
    assert number("SELECT COUNT(*) FROM ban_identity") == 0


def test_a_way_in_that_a_banned_account_loses_stays_banned():
    put_back(sql, "DELETE FROM ban_identity")
    who, visitor = voter("console-two", get(f"{API}/home").json()["popular"][0]["id"])
    name = "console-way" + os.urandom(4).hex()
    sql(f"INSERT INTO identity (visitor_id, provider, issuer, subject, created_at) SELECT visitor_id, 'dev2', CONCAT(issuer, '/2'), '{name}', NOW() FROM "
        f"identity WHERE visitor_id = {visitor}")
    put_back(sql, f"UPDATE visitor SET banned_at = NULL WHERE visitor_id = {visitor}")
    assert request("ban", str(visitor))["outcome"] == "done"
    assert send(who, "DELETE", f"{API}/me/identities/dev").status == 204
    assert number("SELECT COUNT(*) FROM ban_identity") == 1
    # It is forgotten after a year.
    for days, left in ((-364, 1), (-2, 0)):
        sql(f"UPDATE ban_identity SET kept_at = kept_at + INTERVAL {days} DAY")
        mvti("sessions")
        assert number("SELECT COUNT(*) FROM ban_identity") == left, days


def rows_of_the_night(visitor):
    return (number(f"SELECT COUNT(*) FROM test_movie m JOIN test t ON t.test_id = m.test_id WHERE t.visitor_id = {visitor}"),
            number(f"SELECT COUNT(*) FROM character_like WHERE visitor_id = {visitor}"))


def test_an_admin_is_not_banned():
    mine = number("SELECT visitor_id FROM identity WHERE provider = 'dev' AND subject = 'owner'")
    failed = request("ban", str(mine))
    assert failed["outcome"] == "failed" and "is an admin" in failed["said"], failed
    put_back(sql, f"UPDATE visitor SET banned_at = NULL WHERE visitor_id = {mine}")
    sql(f"UPDATE visitor SET banned_at = UTC_TIMESTAMP() WHERE visitor_id = {mine}")  # by hand
    assert owner().ask("GET", f"{CONSOLE}/overview").status == 404
    sql(f"UPDATE visitor SET banned_at = NULL WHERE visitor_id = {mine}")
    ask(f"GET {CONSOLE}/overview")


def test_what_visitors_report_waits_until_it_is_closed():
    character = get(f"{API}/home").json()["popular"][0]
    said = "이름이 틀렸어요 <b>" + os.urandom(4).hex()
    assert send(site(), "POST", f"{API}/reports", {"about": "character", "id": character["id"], "kind": "text", "text": said}).status == 204
    seen = next(r for r in ask(f"GET {CONSOLE}/reports")["items"] if r["said"] == said)
    assert (seen["about"], seen["id"], seen["kind"], seen["name"]) == ("character", character["id"], "text", character["name"]), seen
    done = request("close_report", str(seen["report"]))
    assert done["outcome"] == "done" and done["said"] == f"report {seen['report']} is closed", done
    assert all(r["said"] != said for r in ask(f"GET {CONSOLE}/reports")["items"])
    assert request("close_report", str(seen["report"]))["outcome"] == "failed"


def test_votes_that_stand_out_are_seen_and_taken_away():
    character = get(f"{API}/home").json()["popular"][1]["id"]
    before = get(f"{API}/characters/{character}").json()["visitor_votes"]["count"]
    who, visitor = voter("console-voter", character)
    votes = ask(f"GET {CONSOLE}/votes")
    about = next(c for c in votes["characters"] if c["character_id"] == character)
    assert about["fresh"] >= 1 and about["votes"] >= about["agreed"] >= 1, about
    assert any(v["visitor"] == visitor and v["votes"] == 1 for v in votes["voters"]) or len(votes["voters"]) == 30
    done = request("take_votes", str(visitor))
    assert (done["outcome"], done["before"], done["after"]) == ("done", "1 votes", "0 votes"), done
    assert get(f"{API}/characters/{character}").json()["visitor_votes"]["count"] == before
    assert number(f"SELECT COUNT(*) FROM character_vote WHERE visitor_id = {visitor}") == 0


def test_why_this_list():
    who = site()
    made = take(who, n=4)
    test = number(f"SELECT test_id FROM test WHERE token = '{made['token']}'")
    why = ask(f"GET {CONSOLE}/tests/{{id}}", f"{CONSOLE}/tests/{test}")
    assert why == ask(f"GET {CONSOLE}/tests/{{token}}", f"{CONSOLE}/tests/{made['token']}")
    assert why["test"] == test and [m["movie_id"] for m in why["movies"]] == [m["id"] for m in get(f"{API}/movies?seed=1&limit=4").json()["items"]]
    assert why["kept"] and why["same"] and why["ranker"], (why["kept"], why["same"])
    for name in ("same", "compatible"):
        shown = [c["id"] for c in made[name]]
        assert [i["character_id"] for i in why["items"] if i["list"] == name] == shown
    w = why["weights"]
    for item in why["items"]:
        again = item["again"]
        assert again["percent"] == item["percent"], item
        points = sum(w[part] * again[part] for part in ("film", "enneagram", "certainty", "fame"))
        assert abs(points - again["points"]) <= .02, (points, item)
        assert not again["because"] or abs(sum(b["share"] for b in again["because"]) - 1) < .01, item
    # A snapshot that is gone is said to be.
    sql(f"UPDATE test SET snapshot_id = 'gone' WHERE test_id = {test}")
    why = ask(f"GET {CONSOLE}/tests/{{id}}", f"{CONSOLE}/tests/{test}")
    assert not why["kept"] and not why["same"] and why["ranker"] is None and all(i["again"] is None for i in why["items"])
    ask(f"GET {CONSOLE}/tests/{{token}}", f"{CONSOLE}/tests/{'A' * 22}", status=404)
    looked = [a for a in ask(f"GET {CONSOLE}/actions")["items"] if a["action"] == "why"]
    assert looked and looked[0]["subject"] == f"test {test}", looked


def test_why_this_list_of_who_skipped_the_enneagram():
    made = take(site(), enneagram=None, n=4)
    why = ask(f"GET {CONSOLE}/tests/{{token}}", f"{CONSOLE}/tests/{made['token']}")
    assert why["enneagram"] is None and why["kept"] and why["same"]
    w, rest = why["weights"], ("film", "certainty", "fame")
    for item in why["items"]:
        again = item["again"]
        assert again["percent"] == item["percent"] and (again["enneagram"] is None) == (item["list"] == "same"), item
        if item["list"] == "same":
            points = 100 * sum(w[part] * again[part] for part in rest) / sum(w[part] for part in rest)
            assert abs(points - again["points"]) <= .02, (points, item)


def take_on_a_phone():
    """Nobody is given a variant who may be a program."""
    value = {"mbti": "INFP", "enneagram": "4w5", "movies": [m["id"] for m in get(f"{API}/movies?seed=1&limit=3").json()["items"]]}
    answer = send(site(), "POST", f"{API}/tests", value, {**WRITE, "User-Agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0.0.0 "
                                                          "Mobile Safari/537.36"})
    assert answer.status == 201, (answer.status, answer.body[:300])
    return True


def experiment(name):
    """The one with this name, as the list has it."""
    one, = [e for e in ask(f"GET {CONSOLE}/experiments")["items"] if e["name"] == name]
    return one


def whole(name):
    return ask(f"GET {CONSOLE}/experiments/{{id}}", f"{CONSOLE}/experiments/{experiment(name)['id']}")


def test_an_experiment_is_started_watched_and_stopped():
    name = "console-" + os.urandom(4).hex()
    path = STACK / f"{name}.json"
    path.write_text(json.dumps({"name": name, "layer": name, "kind": "bandit", "goal": "engage", "traffic": 50, "bandit": {"min_views": 1},
                                "variants": [{"name": "control", "share": 3}, {"name": "other", "share": 1, "settings": {"diversity": {"film_cap": 1}}}]}))
    mvti("experiment", "apply", str(path))
    draft = experiment(name)
    assert (draft["state"], draft["kind"], draft["traffic"], draft["started"]) == ("draft", "bandit", .5, None), draft
    assert [(v["name"], v["share"], v["tests"]) for v in draft["variants"]] == [("control", .75, 0), ("other", .25, 0)] and not draft["served"], draft
    try:
        done = request("start_experiment", name)
        assert (done["outcome"], done["before"], done["after"], done["admin"]) == ("done", "draft", "running", "dev:owner"), done
        again = request("start_experiment", name)
        assert again["outcome"] == "failed" and "runs already" in again["said"] and again["after"] == "running", again
        eventually(lambda: experiment(name)["served"], what="the workers to know of it")
        made = f"SELECT COUNT(*) FROM test_experiment WHERE experiment_id = {draft['id']}"
        eventually(lambda: take_on_a_phone() and number(made) >= 6, what="results of it")
        mvti("experiment", "refresh")
        now = whole(name)
        tests = [number(f"SELECT COUNT(*) FROM test_experiment WHERE experiment_id = {now['id']} AND position = {i}") for i in (0, 1)]
        assert sum(tests) > 0 and [v["tests"] for v in now["variants"]] == tests, (tests, now["variants"])
        assert [sum(d["tests"] for d in now["days"] if d["position"] == i) for i in (0, 1)] == tests, now["days"]
        assert now["report"] == json.loads(mvti("experiment", "report", name, "--json")) and now["report"]["visitors"] > 0, now["report"]
        one = number(f"SELECT MIN(test_id) FROM test_experiment WHERE experiment_id = {now['id']}")
        position = number(f"SELECT position FROM test_experiment WHERE experiment_id = {now['id']} AND test_id = {one}")
        sql(f"INSERT INTO event (test_id, kind, character_id, list, position, created_at) SELECT {one}, kind, 1, 'same', 0, UTC_TIMESTAMP() - INTERVAL 2 "
            "MINUTE FROM (SELECT 'impression' AS kind UNION ALL SELECT 'impression' UNION ALL SELECT 'click') k")
        sql("UPDATE event SET created_at = created_at - INTERVAL 2 MINUTE WHERE created_at > UTC_TIMESTAMP() - INTERVAL 2 MINUTE")  # those before them, too
        mvti("rollup")
        shown, = [f for f in ask(f"GET {CONSOLE}/lists", f"{CONSOLE}/lists?days=90")["variants"] if f["experiment"] == name]
        assert (shown["variant"], shown["list"], shown["impressions"], shown["clicks"], shown["likes"]) == (("control", "other")[position], "same", 2, 1, 0)
        sql(f"DELETE FROM event WHERE test_id = {one} AND visitor_id IS NULL")
        last = sql(f"SELECT weight FROM experiment_share WHERE experiment_id = {now['id']} ORDER BY since DESC, position LIMIT 2").split()
        assert [round(float(w), 6) for w in last] == now["weights"][0]["weights"] == [v["weight"] for v in now["variants"]], now["weights"]
    finally:
        done = request("stop_experiment", name)
    assert (done["outcome"], done["before"], done["after"]) == ("done", "running", "stopped"), done
    stopped = experiment(name)
    assert stopped["state"] == "stopped" and stopped["stop_reason"] == "stopped in the owner's console", stopped
    eventually(lambda: not experiment(name)["served"], what="the workers to know that it has ended")
    failed = request("start_experiment", name)
    assert failed["outcome"] == "failed" and "does not come back" in failed["said"], failed


def test_an_experiment_that_is_none_is_said_to_be():
    failed = request("start_experiment", "no-such-experiment")
    assert failed["outcome"] == "failed" and "there is no experiment no-such-experiment" in failed["said"], failed
    ask(f"GET {CONSOLE}/experiments/{{id}}", f"{CONSOLE}/experiments/2147483647", status=404)
    for value in ({"action": "stop_experiment"}, {"action": "start_experiment", "subject": "../x"}, {"action": "start_experiment", "subject": ""}):
        answer = send(owner(), "POST", f"{CONSOLE}/requests", value)
        assert answer.status == 400 and answer.fields() == {"subject"}, (value, answer.status, answer.body)


def test_weights_of_hours_are_the_last_of_each():
    """A bandit that was weighed often: the console shows the last weights of an hour."""
    name = "console-" + os.urandom(4).hex()
    path = STACK / f"{name}.json"
    path.write_text(json.dumps({"name": name, "layer": name, "kind": "bandit", "variants": [
        {"name": "control", "share": 1}, {"name": "other", "share": 1, "settings": {"diversity": {"film_cap": 1}}}]}))
    mvti("experiment", "apply", str(path))
    number_of = experiment(name)["id"]
    for at, weight in (("01:10", .5), ("01:40", .625), ("02:05", .75), ("02:59:59", .875)):
        sql(f"INSERT INTO experiment_share VALUES ({number_of}, '2026-01-02 {at}', 0, {weight}), ({number_of}, '2026-01-02 {at}', 1, {1 - weight})")
    assert [(w["since"][11:16], w["weights"]) for w in whole(name)["weights"]] == [("02:59", [.875, .125]), ("01:40", [.625, .375])]
    mvti("experiment", "stop", name)


def test_nobody_elses_token_asks_for_anything():
    for headers in ({"X-CSRF-Token": "A" * 43}, {"Sec-Fetch-Site": "cross-site"}):
        wanted = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"} | headers
        answer = owner().ask("POST", f"{CONSOLE}/requests", wanted, b'{"action":"unpin"}')
        assert answer.status == 403, (headers, answer.status)
    assert number("SELECT COUNT(*) FROM admin_action WHERE outcome = 'asked'") == 0


if __name__ == "__main__":
    main(globals())
