#!/usr/bin/env python3
"""With the workers' limits switched on: how much one visitor may do, that nobody else is held up by it, and that nothing in a
request changes who is counted. And what the log says of those who try."""
import json
import re
import threading

from provider_control import bend, callback, cause, login, start, straight
from site_client import Site
from stack import API, STACK, WRITE, ctl, eventually, films, get, log_since, log_size, main, mvti, number, send, site, sql, take
from test_login import logged_in, logout, signed_in, visitor

REACTIONS, EVENTS, TESTS, GUESTS, COUNTED = 60, 600, 30, 400, 40  # a minute, a minute, an hour; guests of a network in ten minutes, and a day


def workers(limits):
    """Restarts both pools with the limits on or off."""
    conf = STACK / "mvti.conf"
    text = conf.read_text()
    conf.write_text(text.replace(f"rate_limits = {1 - limits}", f"rate_limits = {limits}"))
    assert f"rate_limits = {limits}" in conf.read_text()
    counted = [1000000, COUNTED]
    conf.write_text(conf.read_text().replace(f"guest_counted = {counted[1 - limits]}", f"guest_counted = {counted[limits]}"))
    for pool in "pool", "login":
        ctl("stop", pool)
        ctl("start", pool)
    sql("DELETE FROM arrival")  # the guests of other tests come from the same address
    eventually(lambda: get("/readyz").status == 200 and get("/auth/unknown").status == 404, what="the workers answer")


def limited(answer):
    assert answer.status == 429 and answer.type == "application/problem+json", (answer.status, answer.body[:200])
    assert 0 < int(answer.headers["Retry-After"]) <= 3600 and answer.json()["status"] == 429
    return True


def test_l24_likes_and_thumbs_count_together():
    who, other = site(), site()
    token = take(who)["token"]
    character = get(f"{API}/home").json()["popular"][7]["id"]
    path = f"{API}/characters/{character}/like"
    for i in range(REACTIONS - 10):
        assert send(who, "DELETE" if i % 2 else "PUT", path).status == 200, i
    for i in range(10):
        assert send(who, "PUT", f"{API}/tests/{token}/feedback", {"list": "same", "value": "down" if i % 2 else "up"}).status == 204, i
    likes = number("SELECT COUNT(*) FROM character_like")
    assert limited(send(who, "PUT", path)) and limited(send(who, "PUT", f"{API}/tests/{token}/feedback", {"list": "same", "value": "none"}))
    assert number("SELECT COUNT(*) FROM character_like") == likes
    assert number(f"SELECT COUNT(*) FROM test WHERE token = '{token}' AND feedback = 'down'") == 1
    assert send(other, "PUT", path).status == 200, "another visitor of the same address"
    assert get(f"{API}/home", who).status == 200, "reading goes on"
    sql(f"UPDATE event SET created_at = created_at - INTERVAL 1 MINUTE WHERE visitor_id = (SELECT visitor_id FROM test WHERE token = '{token}')")
    assert send(who, "PUT", path).status == 200, "a minute later"


def test_l24_events_are_stored_whole_up_to_the_limit():
    who = site()
    token = take(who)["token"]
    mine = f"SELECT COUNT(*) FROM event WHERE visitor_id = (SELECT visitor_id FROM test WHERE token = '{token}')"
    batch = [{"kind": "impression", "list": "same", "position": i} for i in range(50)]
    for _ in range((EVENTS - number(mine)) // 50):
        assert send(who, "POST", f"{API}/events", batch).status == 202
    stored = number(mine)
    assert EVENTS - 50 <= stored <= EVENTS
    if stored + 50 > EVENTS:
        limited(send(who, "POST", f"{API}/events", batch))
        assert number(mine) == stored, "none of them"
    assert send(who, "POST", f"{API}/events", batch[:EVENTS - stored] or batch[:1]).status == (202 if stored < EVENTS else 429)
    limited(send(who, "POST", f"{API}/events", batch[:1]))
    assert number(mine) == EVENTS
    assert send(site(), "POST", f"{API}/events", batch).status == 202


def test_l24_tests_an_hour():
    who = site()
    body = {"mbti": "INFP", "enneagram": "4w5", "movies": films(3)}
    for i in range(TESTS):
        assert send(who, "POST", f"{API}/tests", body).status == 201, i
    limited(send(who, "POST", f"{API}/tests", body))
    assert send(site(), "POST", f"{API}/tests", body).status == 201


def test_retry_after_is_true_and_the_log_names_the_limit():
    who, at = site(), log_size()
    body = {"mbti": "INFP", "enneagram": "4w5", "movies": films(3)}
    token = take(who)["token"]
    mine = f"visitor_id = (SELECT visitor_id FROM (SELECT visitor_id FROM test WHERE token = '{token}') AS me)"
    for _ in range(TESTS - 1):
        assert send(who, "POST", f"{API}/tests", body).status == 201
    sql(f"UPDATE test SET created_at = created_at - INTERVAL 50 MINUTE WHERE {mine}")
    refused = send(who, "POST", f"{API}/tests", body)
    limited(refused)
    wait = int(refused.headers["Retry-After"])
    assert 500 < wait <= 600, wait
    sql(f"UPDATE test SET created_at = created_at - INTERVAL {wait} SECOND WHERE {mine}")
    assert send(who, "POST", f"{API}/tests", body).status == 201, "when it was said"
    said = eventually(lambda: [e for e in log_since(at) if e["event"] == "limit.reached"], what="a line in the log")
    assert said[0]["text"] == f"tests: at most {TESTS} tests of a visitor an hour; retry in {wait} s"
    assert said[0]["request_id"] == refused.headers["X-Request-Id"]


def test_two_hundred_behind_one_address_are_not_refused():
    """A class opens the site at once: the whole journey of each, faster than people are, with every limit on, through one address."""
    ctl("start", "edge")
    url = f"http://127.0.0.1:{(STACK / 'run/edge.port').read_text().strip()}"
    ids, refused, done = films(3), [], []

    def one(browser):
        def ask(*what):
            answer = send(browser, *what) if what[0] != "GET" else get(what[1], browser)
            if answer.status == 429 or answer.status >= 500:
                refused.append((what[:2], answer.status, answer.body[:100]))
            return answer

        for path in "/", f"{API}/home", f"{API}/survey", f"{API}/movies?q=a", f"{API}/movies?q=an", f"{API}/movies?limit=20":
            ask("GET", path)
        ask("POST", f"{API}/events", [{"kind": "impression", "list": "popular", "position": 1}])
        made = ask("POST", f"{API}/tests", {"mbti": "INFP", "enneagram": "4w5", "movies": ids})
        if made.status != 201:
            return
        ask("GET", f"{API}/tests/{made.json()['token']}")
        for person in made.json()["same"][:3]:
            ask("PUT", f"{API}/characters/{person['id']}/like", {})
        ask("PUT", f"{API}/tests/{made.json()['token']}/feedback", {"value": "up"})
        done.append(browser.cookie)

    def some(browsers):
        for browser in browsers:
            one(browser)

    try:
        crowd = [Site(url) for _ in range(200)]
        for browser in crowd:
            browser.source = "127.0.0.20"
        threads = [threading.Thread(target=some, args=(crowd[i::20],)) for i in range(20)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
    finally:
        ctl("stop", "edge")
    assert not refused and len(done) == len(set(done)) == 200, (len(done), refused[:5])


def test_the_likes_of_a_crowd_of_guests_count_up_to_forty():
    """500 faces of one script, which does all that a page does: 40 of a network and day move the number, the others have to sign in."""
    character = get(f"{API}/home").json()["popular"][6]["id"]
    def likes(who=None):
        return get(f"{API}/characters/{character}", who).json()["likes"]

    before, crowd = likes(), [site() for _ in range(COUNTED + 10)]
    for who in crowd:
        who.source = "127.0.0.30"
        take(who)
        assert send(who, "PUT", f"{API}/characters/{character}/like").status == 200
    assert likes() == before + COUNTED
    assert get(f"{API}/me/likes", crowd[-1]).json()["items"], "kept all the same"
    assert likes(crowd[-1]) == before + COUNTED + 1
    sql("UPDATE arrival SET created_at = created_at - INTERVAL 25 HOUR")
    who = site()
    who.source = "127.0.0.30"
    take(who)
    assert send(who, "PUT", f"{API}/characters/{character}/like").status == 200
    assert likes() == before + COUNTED + 1, "another day"


def test_a_network_makes_so_many_guests_and_is_told_when_there_is_room():
    def guest():
        who = site()
        who.source = "127.0.0.21"
        return send(who, "POST", f"{API}/tests", {"mbti": "INFP", "enneagram": "4w5", "movies": ids})

    ids = films(3)
    assert guest().status == 201
    sql("DELETE FROM arrival")
    assert guest().status == 201
    sql("INSERT INTO arrival (proof_hash, network_hash, created_at) SELECT UNHEX(SHA2(seq, 256)), "
        f"(SELECT network_hash FROM arrival LIMIT 1), UTC_TIMESTAMP() - INTERVAL 500 SECOND FROM seq_1_to_{GUESTS - 1}")
    visitors = number("SELECT COUNT(*) FROM visitor")
    answer = guest()
    limited(answer)
    assert 60 < int(answer.headers["Retry-After"]) <= 100, answer.headers["Retry-After"]
    assert number("SELECT COUNT(*) FROM visitor") == visitors
    other = site()
    assert send(other, "POST", f"{API}/tests", {"mbti": "INFP", "enneagram": "4w5", "movies": ids}).status == 201, "another network"
    sql(f"UPDATE arrival SET created_at = created_at - INTERVAL {answer.headers['Retry-After']} SECOND")
    assert guest().status == 201, "when it was said"


ADDRESS = 1200  # logins begun a minute from one address
FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "Remote-Addr", "Remote_Addr",
             "X-Originating-IP", "Client-IP", "Via")


def test_l18_the_address_is_the_one_that_nginx_saw():
    """Whatever a browser says of where it comes from, its logins are counted by its connection."""
    def come(i, **headers):
        who = site()
        who.source = "127.0.0.3"
        return start(who, "dev", headers=headers).status
    sql("DELETE FROM login_attempt")
    assert come(0) == 303
    sql("INSERT INTO login_attempt (state_hash, browser_hash, address_hash, provider, return_path, expires_at) "
        "SELECT UNHEX(SHA2(seq, 256)), UNHEX(SHA2(seq, 256)), a.address_hash, 'dev', '/', UTC_TIMESTAMP() + INTERVAL 5 MINUTE "
        f"FROM seq_1_to_{ADDRESS - 1} JOIN (SELECT address_hash FROM login_attempt LIMIT 1) AS a")
    for i in range(12):
        headers = {name: f"192.0.2.{i}" if name != "Forwarded" else f"for=192.0.2.{i}" for name in FORWARDED}
        assert come(i, **headers) == 429
    assert number("SELECT COUNT(DISTINCT address_hash) FROM login_attempt") == 1
    sql("DELETE FROM login_attempt")


def test_l19_no_browser_is_let_by_for_its_name():
    """Probes of load balancers and engines of searching get what everybody gets."""
    who = site()
    who.source = "127.0.0.4"
    for agent in "kube-probe/1.30", "GoogleHC/1.0", "ELB-HealthChecker/2.0", "Googlebot/2.1", "", "Uptime-Kuma", "curl/8":
        headers = WRITE | {"User-Agent": agent}
        for method, path in (("GET", f"{API}/me/sessions"), ("DELETE", f"{API}/me/sessions/1")):
            assert site().ask(method, path, headers, b"{}" if method == "DELETE" else None).status == 401, (agent, path)
        assert site().ask("POST", f"{API}/tests", {"Content-Type": "application/json", "User-Agent": agent}, b"{}").status == 403, agent
    statuses = [start(who, "dev", headers={"User-Agent": "kube-probe/1.30"}).status for _ in range(30)]
    assert statuses.count(429) >= 10, statuses


def test_nobody_learns_who_has_an_account():
    """Sessions, tests and results of others answer as those that are nobody's do, word for word but for the request id."""
    owner, stranger = logged_in("dev", "owned"), logged_in("dev", "stranger")
    token = take(owner)["token"]
    session = get(f"{API}/me/sessions", owner).json()["items"][0]["id"]

    def told(method, path, value=None):
        answer = send(stranger, method, path, value)
        return answer.status, {k: v for k, v in answer.json().items() if k != "request_id"}

    assert told("DELETE", f"{API}/me/sessions/{session}") == told("DELETE", f"{API}/me/sessions/2147483647")
    assert told("DELETE", f"{API}/me/tests/{token}") == told("DELETE", f"{API}/me/tests/{'A' * 22}")
    assert told("PUT", f"{API}/tests/{token}/feedback", {"value": "up"}) == told("PUT", f"{API}/tests/{'A' * 22}/feedback", {"value": "up"})
    # A wrong session is as good as none.
    for cookie in "mvti=" + "A" * 43, "mvti=", "mvti=" + "x" * 5000, "mvti=%00", f"{owner.cookie}; {owner.cookie}", "":
        answer = site().ask("GET", f"{API}/me/sessions", {"Cookie": cookie})
        assert answer.status in (400, 401) and "sign in first" in answer.body.decode() or answer.status == 400, (cookie[:20], answer.status)


def test_l15_an_administrator_ends_sessions():
    def ends(*options):
        done = mvti("sessions", *options)
        return done.stdout + done.stderr

    one, same, other = logged_in("dev", "ended"), logged_in("dev", "ended"), logged_in("dev", "going on")
    assert "ended 2 sessions" in ends("--end", visitor("dev", "ended"))
    assert not signed_in(one) and not signed_in(same) and signed_in(other)
    ends("--end-all")
    assert not signed_in(other) and number("SELECT COUNT(*) FROM session") == 0


def test_l21_tokens_of_providers_are_not_kept():
    """Nothing of a provider is worth anything to whoever has a copy of the database: no token, no code, no secret."""
    who = logged_in("google", "kept")
    take(who)
    columns = sql("SELECT CONCAT(table_name, '.', column_name) FROM information_schema.columns WHERE table_schema = 'mvti' AND "
                  "column_name REGEXP 'token|secret|code|key$|password|verifier|nonce'").split()
    # client_key makes the numbers by which Google Analytics knows visitors (lib/store/outbox.h): it opens nothing here.
    assert set(columns) == {"session.token_hash", "test.token", "outbox_state.client_key"}, columns
    tables = sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'mvti' AND table_type = 'BASE TABLE'").split()
    secrets = [p.read_text().strip() for p in (STACK / "secrets").iterdir() if p.name.startswith("provider-")]
    assert secrets and {"identity", "login_attempt", "session"} <= set(tables)
    for table in tables:
        dump = sql(f"SELECT * FROM {table} LIMIT 100000")
        assert not re.search(r"eyJ[\w-]{10,}\.eyJ", dump), table  # "eyJ" alone is in one random token of ten thousand
        for secret in secrets:
            assert secret not in dump, table


def test_l26_ends_and_refusals_are_in_the_log():
    here, there = logged_in("dev", "ender"), logged_in("dev", "ender")
    sessions = get(f"{API}/me/sessions", here).json()["items"]
    at, at_login = log_size(), log_size("login")
    assert send(here, "DELETE", f"{API}/me/sessions/{next(s['id'] for s in sessions if not s['current'])}").status == 204
    assert there.ask("GET", f"{API}/me/sessions", {"User-Agent": 'x"\t{"event":"forged"}'}).status == 401
    assert here.ask("POST", "/auth/logout", {"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"}, b"{}").status == 403
    assert logout(here, True).status == 204
    assert here.ask("POST", f"{API}/tests", WRITE, b'{"mbti":"a\\r\\n{\\"event\\":\\"forged\\"}"}').status == 400
    who = site()
    url = callback(who, "dev", "ender")
    assert cause(site().ask("GET", url)) == "elsewhere"
    bend("dev", "id_token.unknown_kid")
    assert cause(login(site(), "dev", "ender")) == "provider"
    straight()

    def entries():
        told = log_since(at) + log_since(at_login, "login")
        wanted = "session.ended", "logout", "login.failure"
        whole = all(any(e["event"] == w for e in told) for w in wanted) and any(e["text"].startswith("dev provider") for e in told)
        return told if whole else None

    told = eventually(entries, what="events in the log")
    assert "forged" not in {e["event"] for e in told}
    for entry in told:
        assert entry["time"].endswith("Z") and set(entry) >= {"time", "level", "event", "text"}, entry
        assert entry["event"].startswith(("worker", "snapshot")) or entry["request_id"], entry
    failures = [e["text"] for e in told if e["event"] == "login.failure"]
    assert failures[0] == "dev elsewhere: it was started in another browser" and failures[1].startswith("dev provider: ") and len(failures[1]) > 20, failures
    asked = [e["text"] for e in told if e["event"] == "request"]
    for wanted in "GET /api/v1/me/sessions 401 ", "POST /auth/logout 403 ", "POST /auth/logout 204 ", "POST /api/v1/tests 400 ":
        assert any(t.startswith(wanted) for t in asked), (wanted, asked)
    for line in (STACK / "log" / "pool.log").read_bytes()[at:].decode().splitlines():
        json.loads(line)  # every line is one entry


if __name__ == "__main__":
    try:
        workers(1)
        main(globals())
    finally:
        workers(0)
