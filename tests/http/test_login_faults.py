#!/usr/bin/env python3
"""The provider lies, dawdles or is away, the database or the pool is gone, somebody hammers: each costs the visitor one clear
page, and the site nothing. At the end: no secret of all these logins is in any log."""
import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from provider_control import (at_provider, bend, callback, cause, control, counters, local, login, query, start, straight,
                              with_query)
from stack import API, STACK, URL, ctl, eventually, get, log_since, log_size, main, number, put_back, site, sql, within
from test_login import good, logged_in, me, refused, signed_in, stored, visitor

WORKERS = 2  # of the login pool
LIMIT_SECONDS = 5  # for everything that is asked of a provider
BESIDE = 1.5  # and what the machine takes, of the reference


def bends(kind):
    return [name for name in control("GET", "bends") if name.split(".")[0] == kind]


def fresh_pool():
    """Workers that remember neither keys nor addresses of a provider."""
    ctl("stop", "login")
    ctl("start", "login")
    eventually(lambda: site().ask("GET", "/auth/unknown").status == 404, what="the login pool answers")


def failed(provider, why, subject="nobody"):
    """One login that must fail; seconds that its callback took."""
    who = site()
    url = callback(who, provider, subject)
    started = time.monotonic()
    answer = who.ask("GET", url)
    seconds = time.monotonic() - started
    assert cause(answer) in why, (cause(answer), answer.status, answer.headers.get("Location"))
    refused(answer, cause(answer))
    assert who.cookie is None
    return seconds


def test_l5_every_wrong_token_is_refused():
    before, names = stored(), bends("id_token")
    assert len(names) >= 30
    for what in names:
        bend("dev", what)
        try:
            failed("dev", {"provider"})
        except AssertionError as problem:
            raise AssertionError(f"{what}: {problem}") from None
        straight()
    assert stored() == before
    logged_in("dev", "honest")


def test_l20_answers_that_are_no_answers():
    before = stored()
    for provider, kind in ("dev", "token"), ("naver", "token"), ("naver", "profile"):
        for what in bends(kind):
            if what.split(".")[1] in ("slow", "drip"):
                continue
            bend(provider, what, 2)  # one more, for whoever asks again
            who = site()
            answer = login(who, provider, "nobody20")
            assert cause(answer) in causes(what) or what in GOOD_ENOUGH, (what, answer.status, cause(answer))
            if answer.status == 303:
                sql("DELETE FROM identity WHERE subject = 'nobody20'")
            else:
                refused(answer, cause(answer), who)
                assert visitor(provider, "nobody20") == ""
            straight()
    sql("DELETE FROM identity WHERE subject = 'nobody20'")
    assert before.split("\t")[1] == stored().split("\t")[1]


def causes(what):
    """What is ill or busy passes, and the page says to come back; of the rest, either may be said."""
    return ("unavailable",) if ".error_" in what or what.endswith(".reset") else ("provider", "unavailable")


GOOD_ENOUGH = {"token.no_access_token", "token.late"}  # of an OpenID provider, whose id_token says who it is


def test_l20_keys_and_addresses_that_are_none():
    before = stored()
    for kind in "discovery", "jwks":
        for what in bends(kind):
            if what.split(".")[1] in ("slow", "drip"):
                continue
            fresh_pool()
            bend("kakao", what, 2 * WORKERS)
            who = site()
            answer = start(who, "kakao")
            if answer.status == 303:
                assert answer.headers["Location"].startswith(URL.rsplit(":", 1)[0]), (what, answer.headers["Location"])
                answer = who.ask("GET", local(at_provider(answer.headers["Location"], "nobody21")))
            assert cause(answer) in causes(what), (what, answer.status, cause(answer))
            straight()
    assert stored() == before
    fresh_pool()
    logged_in("kakao", "honest")


def test_l20_a_slow_provider_costs_a_page_and_nothing_else():
    fresh_pool()
    logged_in("dev", "honest"), logged_in("naver", "honest")
    before = stored()
    seconds, problems = {}, []

    def one(provider, what):
        try:
            bend(provider, what)
            seconds[what] = failed(provider, {"unavailable"}, "nobody22")
        except Exception as problem:
            problems.append((what, problem))

    for pair in (("dev", "token.slow"), ("naver", "token.drip")), (("naver", "profile.drip"), ("dev", "token.drip")):
        threads = [threading.Thread(target=one, args=p) for p in pair]
        [t.start() for t in threads]
        slowest = 0
        while any(t.is_alive() for t in threads):
            asked = time.monotonic()
            assert get(f"{API}/home").status == 200 and get("/readyz").status == 200
            slowest = max(slowest, time.monotonic() - asked)
            time.sleep(0.1)
        assert within(slowest, 1), slowest
        straight()
    assert not problems, problems
    assert len(seconds) == 3 and within(max(seconds.values()) - LIMIT_SECONDS, BESIDE), seconds
    assert before.split("\t")[1] == stored().split("\t")[1]
    logged_in("dev", "honest")


def test_l20_slow_addresses_and_keys():
    fresh_pool()
    for what in "discovery.slow", "jwks.drip":
        bend("google", what, WORKERS)
        who, began = site(), time.monotonic()
        answer = start(who, "google")
        if answer.status == 303:
            answer = who.ask("GET", local(at_provider(answer.headers["Location"], "nobody23")))
        assert cause(answer) == "unavailable", (what, answer.status)
        assert within(time.monotonic() - began - LIMIT_SECONDS, BESIDE), what
        straight()
    fresh_pool()


def test_l6_a_storm_of_unknown_keys_fetches_once_a_minute():
    logged_in("kakao", "honest")
    before = counters("kakao")["jwks"]
    bend("kakao", "id_token.unknown_kid", 24)
    for _ in range(24):
        failed("kakao", {"provider"})
    straight()
    fetched = counters("kakao")["jwks"] - before
    assert fetched <= WORKERS, fetched
    logged_in("kakao", "honest")  # the honest key is still known


def test_l29_without_the_provider_the_rest_works():
    who = logged_in("dev", "stayer")
    url = callback(site(), "dev", "stayer")
    pending = site()
    pending_url = callback(pending, "dev", "stayer")
    ctl("stop", "provider")
    try:
        refused(pending.ask("GET", pending_url), "unavailable", pending)
        for path in "/", f"{API}/home", f"{API}/me", "/login", "/readyz", f"{API}/types":
            assert get(path, who).status == 200, path
        assert signed_in(who) and url
    finally:
        ctl("start", "provider")
        fresh_pool()
    logged_in("dev", "stayer")


def ends_well(i):
    """A whole login; one that is refused at its start has no address to go to."""
    try:
        return login(site(), "dev", f"early-{i}").status == 303
    except (AssertionError, AttributeError, TypeError):
        return False


def test_without_the_login_pool_or_the_database_nobody_sees_a_bare_error():
    who = site()
    url = callback(who, "dev", "waiter")
    ctl("stop", "login")
    try:
        answer = who.ask("GET", url)
        assert answer.status in (502, 503) and answer.type == "text/html" and int(answer.headers["Retry-After"]) > 0
        assert get(f"{API}/home").status == 200
    finally:
        ctl("start", "login")
        eventually(lambda: site().ask("GET", "/auth/unknown").status == 404, what="the login pool answers")
    ctl("stop", "mariadb")
    try:
        for answer in who.ask("GET", url), start(site(), "dev"):
            refused(answer, "busy")
    finally:
        ctl("start", "mariadb")
        # A worker that met the database away asks it again after a while of its own: wait for every one of them.
        eventually(lambda: all(start(site(), "dev").status == 303 for _ in range(20)), 30, "the database is back")
        eventually(lambda: all(ends_well(i) for i in range(16)), 30, "logins end well again")
    answer = login(who, "dev", "waiter")
    good(answer)


def with_limits():
    """The login pool with its limits, which the stack of the tests has not, until the test ends; the callbacks counted anew."""
    conf = STACK / "mvti.conf"
    text = conf.read_text()
    assert "rate_limits = 0" in text
    put_back(fresh_pool)
    put_back(conf.write_text, text)
    conf.write_text(text.replace("rate_limits = 0", "rate_limits = 1"))
    sql("DELETE FROM login_attempt")
    fresh_pool()


def with_address(who, address):
    who.source = address
    return who


def is_limited(answer):
    refused(answer, "limited")
    return int(answer.headers["Retry-After"]) > 0


def test_l24_hammering_is_slowed_for_the_browser_that_does_it():
    with_limits()
    who = site()
    answers = [start(who, "dev") for _ in range(12)]
    assert [a.status for a in answers] == [303] * 10 + [429] * 2, "counted in the database, whichever worker answers"
    assert is_limited(answers[-1])
    assert is_limited(start(with_address(who, "127.0.0.2"), "dev")), "another address makes no other browser of it"
    assert start(site(), "dev").status == 303, "another browser behind the address is not slowed"
    bad = "/auth/dev/callback?code=x&state=" + "s" * 43
    answers = [who.ask("GET", bad) for _ in range(30 * WORKERS)]
    passed, slowed = [a for a in answers if a.status == 400], [a for a in answers if a.status == 429]
    # Each worker counts for itself, and which one answers is the system's choice: the last may have passed.
    assert 20 <= len(passed) <= 20 * WORKERS and len(passed) + len(slowed) == len(answers) and is_limited(slowed[-1]), len(passed)
    assert site().ask("GET", bad).status == 400 and start(site(), "dev").status == 303


def test_l24_two_hundred_people_behind_one_address_all_come_in():
    with_limits()
    def come(i):
        who = site()
        url = callback(who, "dev", f"pupil-{i}", "/test")
        answer = who.ask("GET", url)
        return answer.status, cause(answer), who.ask("GET", url).status
    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(come, range(200)))
    assert came == [(303, None, 303)] * 200, [c for c in came if c != (303, None, 303)][:5]
    assert number("SELECT COUNT(DISTINCT browser_hash) FROM login_attempt") == 200
    assert number("SELECT COUNT(DISTINCT address_hash) FROM login_attempt") == 1


def test_l24_an_address_has_an_end_too():
    with_limits()
    start(site(), "dev")
    # As many as 1,199 in this minute, of browsers that come with no cookie.
    sql("INSERT INTO login_attempt (state_hash, browser_hash, address_hash, provider, return_path, expires_at) "
        "SELECT UNHEX(SHA2(seq, 256)), UNHEX(SHA2(seq, 256)), a.address_hash, 'dev', '/', UTC_TIMESTAMP() + INTERVAL 5 MINUTE "
        "FROM seq_1_to_1198 JOIN (SELECT address_hash FROM login_attempt LIMIT 1) AS a")
    sql("UPDATE login_attempt SET created_at = UTC_TIMESTAMP(6)")
    assert start(site(), "dev").status == 303
    assert is_limited(start(site(), "dev"))
    assert start(with_address(site(), "127.0.0.2"), "dev").status == 303, "another address is not slowed"
    sql("UPDATE login_attempt SET created_at = UTC_TIMESTAMP(6) - INTERVAL 61 SECOND")
    assert start(site(), "dev").status == 303


def entries(at):
    return log_since(at, "login") + log_since(at)


def test_l26_what_happens_is_logged_and_nothing_can_be_forged_into_it():
    at = log_size("login")
    who = logged_in("dev", "logged")
    login(who, "kakao", "logged.k", "/me", "link")
    failed_url = callback(site(), "dev", "logged")
    site().ask("GET", failed_url)
    for text in "a%0d%0a{\"event\":\"forged\"}", "a%0a%0aforged", "%1b[31m", "\xff".encode().hex():
        site().ask("GET", f"/auth/dev/callback?error={text}&state={'s' * 43}")
        site().ask("GET", f"/auth/dev?return=/{text}", {"User-Agent": "x\"}{\"event\":\"forged\""})
    lines = (STACK / "log" / "login.log").read_bytes()[at:].decode().splitlines()
    told = [json.loads(line) for line in lines]  # every line is one entry
    events = [e["event"] for e in told]
    assert "forged" not in events, events
    for wanted in "login.success", "login.failure", "login.link":
        found = [e for e in told if e["event"] == wanted]
        assert found and all(e.get("request_id") and e.get("time", "").endswith("Z") for e in found), (wanted, set(events))


def test_l22_no_secret_is_in_any_log():
    """Goes last: what every login so far knew, and what these know, is looked for in all logs of the site."""
    secrets = set()

    def remember(url):
        secrets.update(v for k, v in query(url).items() if k in ("code", "state", "nonce", "code_challenge"))

    for provider in "dev", "google", "kakao", "naver":
        who = site()
        first = start(who, provider)
        remember(first.headers["Location"])
        back = at_provider(first.headers["Location"], "canary." + provider)
        remember(back)
        secrets.update(v for v in who.jar.kept.values())
        good(who.ask("GET", local(back)))
        secrets.add(me(who)["account"]["link_proof"])
        start(who, provider, "/me", "link", {}, proof=me(who)["account"]["link_proof"])
        secrets.update(v for v in who.jar.kept.values())
        secrets.add(who.csrf)
        who.ask("GET", local(back))
        who.ask("GET", with_query(local(back), state="canary-state-0123456789", code="canary-code-0123456789"))
        site().ask("GET", local(back) + "&state=canary-state-0123456789")
        secrets.add((STACK / "secrets" / f"provider-{provider}").read_text().strip())
        secrets.add("canary." + provider)
    secrets |= {"canary-state-0123456789", "canary-code-0123456789", (STACK / "secrets" / "worker").read_text().strip()}
    who, url = site(), None
    url = callback(who, "dev", "canary.dev")
    remember(url)
    ctl("stop", "login")  # nginx has something to complain about
    try:
        assert who.ask("GET", url).status >= 500
    finally:
        ctl("start", "login")
        eventually(lambda: site().ask("GET", "/auth/unknown").status == 404, what="the login pool answers")
    secrets.discard(None)
    assert len(secrets) > 30 and all(len(s) > 8 for s in secrets)
    logs = [p for p in (STACK / "log").iterdir() if p.is_file() and not p.name.startswith("provider")]
    assert {"pool.log", "login.log", "nginx-access.log", "nginx-error.log"} <= {p.name for p in logs}
    found = []
    for path in logs:
        text = path.read_bytes().decode(errors="replace")
        found += [(path.name, s) for s in secrets if s in text or quote(s, safe="") in text]
        # Of all logins before: nothing that looks like a parameter of a login is there at all.
        found += [(path.name, m) for m in re.findall(r"(?:state|code|nonce|code_verifier|id_token|access_token)=[\w.%-]{8,}", text)[:3]]
        found += [(path.name, m) for m in re.findall(r"eyJ[\w-]{10,}\.eyJ", text)[:3]]
    assert not found, found[:10]


def test_l23_secrets_are_for_their_owner_alone():
    for path in (STACK / "secrets").iterdir():
        assert path.stat().st_mode & 0o077 == 0, path
    assert (STACK / "secrets").stat().st_mode & 0o077 == 0


if __name__ == "__main__":
    main(globals())
