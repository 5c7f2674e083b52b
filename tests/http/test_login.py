#!/usr/bin/env python3
"""Logging in, linking and logging out through nginx, the login pool, the main pool, the database and a real provider
(tests/provider). L1 to L29 are rows of tests/security/README.md."""
import json
import subprocess
import threading

from provider_control import (BASE, PROVIDERS, at_provider, bend, callback, cause, counters, local, login, query, rotate, start,
                              with_query)
from return_paths import GOOD, PAYLOADS
from stack import API, STACK, URL, WRITE, eventually, get, main, number, run, send, site, sql, take

CAP = 7  # attempts of one browser that may be open at once


def me(who):
    answer = get(f"{API}/me", who)
    assert answer.status == 200, (answer.status, answer.body[:300])
    return answer.json()


def signed_in(who):
    return me(who)["signed_in"]


def visitor(provider, subject):
    """The visitor that an identity belongs to; "" if there is none."""
    return sql(f"SELECT visitor_id FROM identity WHERE provider = '{provider}' AND subject = '{subject}'")


def stored():
    """What a login that fails must leave as it is."""
    return sql("SELECT (SELECT COUNT(*) FROM account), (SELECT COUNT(*) FROM identity), "
               "(SELECT COUNT(*) FROM session WHERE signed_in_at IS NOT NULL)")


def good(answer, back="/"):
    assert answer.status == 303 and answer.headers["Location"] == back, (
        answer.status, answer.headers.get("Location"), cause(answer), answer.body[:300])
    return answer


def refused(answer, why, who=None):
    """The page of a failed login, with this cause; nobody is signed in by it."""
    status = {"denied": (403,), "expired": (400,), "elsewhere": (400,), "provider": (502,), "unavailable": (503,), "taken": (409,), "stale": (403,),
              "limited": (429,), "request": (400,), "busy": (503,)}[why]
    assert cause(answer) == why and answer.status in status, (cause(answer), answer.status, answer.body[-300:])
    assert "mvti=" not in " ".join(answer.headers.get_all("Set-Cookie") or []), "no session is made"
    assert answer.headers["Cache-Control"] == "no-store"
    assert who is None or not signed_in(who)


def logged_in(provider, subject):
    who = site()
    good(login(who, provider, subject))
    return who


def test_l1_a_good_login_at_each_of_them():
    for provider in PROVIDERS:
        who = site()
        first = start(who, provider, "/liked")
        assert first.status == 303 and first.headers["Cache-Control"] == "no-store"
        cookie = next(c for c in first.headers.get_all("Set-Cookie") if c.startswith("mvti-login="))
        for wanted in "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600":
            assert wanted in cookie, cookie
        asked = query(first.headers["Location"])
        assert asked["response_type"] == "code" and len(asked["state"]) >= 22
        assert asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) == 43, "L3"
        assert provider == "naver" or len(asked["nonce"]) >= 22, "L4"
        before = counters(provider)
        good(who.ask("GET", local(at_provider(first.headers["Location"], "l1"))), "/liked")
        assert counters(provider)["token"] == before["token"] + 1 and counters(provider)["most_a_code"] == 1
        told = me(who)
        assert told["signed_in"] and [i["provider"] for i in told["account"]["identities"]] == [provider]
        assert told["account"]["fresh"] is True
        assert number(f"SELECT COUNT(*) FROM identity WHERE provider = '{provider}' AND issuer = '{BASE}/{provider}' AND subject = 'l1'") == 1
        again = logged_in(provider, "l1")
        assert signed_in(again) and number(f"SELECT COUNT(*) FROM identity WHERE provider = '{provider}' AND subject = 'l1'") == 1


def test_l1_state_is_single_use_and_bound_to_its_browser():
    who, other = site(), site()
    before = stored()
    url = callback(who, "dev", "nobody")
    start(other, "dev")
    refused(other.ask("GET", url), "elsewhere", other)  # another browser, with a login of its own open
    refused(site().ask("GET", url), "elsewhere")  # a browser without any
    for state in None, "", "B" * 43, "b" * 2000, query(url)["state"][:-1]:
        answer = who.ask("GET", with_query(url, state=state))
        assert cause(answer) in ("expired", "request") and answer.status == 400, (state, cause(answer), answer.status)
    assert not signed_in(who) and stored() == before
    good(who.ask("GET", url))
    refused(Holding(who.jar.header("/").replace("mvti=", "x=")).ask("GET", with_query(url, state="B" * 43)), "expired")
    late = site()
    url = callback(late, "dev", "nobody")
    sql("UPDATE login_attempt SET expires_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE used_at IS NULL")
    refused(late.ask("GET", url), "expired", late)
    refused(site().ask("GET", url), "expired")  # nor is it said of what is over that another browser began it


def test_l2_three_tabs_in_any_order_and_the_eighth():
    for order in (2, 0, 1), (1, 2, 0):
        who = site()
        urls = [callback(who, "dev", "tabs", f"/t/{t}") for t in ("INFP", "ENTP", "ISTJ")]
        for i in order:
            good(who.ask("GET", urls[i]), f"/t/{('INFP', 'ENTP', 'ISTJ')[i]}")
            assert signed_in(who)
    who = site()
    urls = [callback(who, "dev", "tabs") for _ in range(CAP + 1)]
    answers = [who.ask("GET", url) for url in urls]
    assert answers[0].status != 303 and cause(answers[0]) == "expired", "the oldest gives way"
    assert [a.status for a in answers[1:]] == [303] * CAP
    assert signed_in(who)


def test_l3_another_verifier_fails():
    who = site()
    first = start(who, "dev").headers["Location"]
    before = stored()
    url = local(at_provider(with_query(first, code_challenge="C" * 43), "nobody3"))
    refused(who.ask("GET", url), "provider", who)
    assert stored() == before


def test_l6_a_new_key_of_the_provider_is_fetched():
    logged_in("google", "rotation")
    rotate("google")
    before = counters("google")["jwks"]
    for _ in range(4):
        logged_in("google", "rotation")
    assert 1 <= counters("google")["jwks"] - before <= 2, "once a worker"


def test_l7_a_code_belongs_to_the_provider_that_was_asked():
    before = stored()
    for path in "/auth/kakao/callback", "/auth/naver/callback", "/auth/dev/callback":
        who = site()
        url = callback(who, "google", "mixup")
        refused(who.ask("GET", url.replace("/auth/google/callback", path)), "expired", who)
    for what in "answer.iss", "answer.no_iss":
        bend("google", what)
        who = site()
        answer = login(who, "google", "mixup")
        assert cause(answer) in ("provider", "request") or what == "answer.no_iss", (what, answer.status)
    sql("DELETE FROM identity WHERE subject = 'mixup'")
    assert before.split("\t")[1] == stored().split("\t")[1]


def test_l8_repeated_parameters_are_refused():
    before = stored()
    for what in "answer.two_state", "answer.two_code", "answer.two_iss":
        bend("dev", what)
        who = site()
        refused(login(who, "dev", "nobody8"), "request", who)
    who = site()
    url = callback(who, "dev", "nobody8")
    for extra in "&code=x", "&state=x", "&error=a&error=b", "&%63ode=x":
        refused(who.ask("GET", url + extra), "request", who)
    for bad in "", "?", "?code=x", "?state=x", "?code=%00&state=x", "?code=a%0d%0ab&state=c", "?" + "a=b&" * 400, "?code=" + "x" * 9000:
        answer = site().ask("GET", "/auth/dev/callback" + bad)
        assert answer.status in (400, 414), (bad[:40], answer.status)
    assert stored() == before


def test_l9_an_e_mail_address_never_makes_two_people_one():
    logged_in("google", "same.mail"), logged_in("kakao", "same.mail")
    assert visitor("google", "same.mail") != visitor("kakao", "same.mail") != ""
    columns = sql("SELECT GROUP_CONCAT(column_name) FROM information_schema.columns WHERE table_schema = 'mvti'")
    assert "mail" not in columns
    dump = sql("SELECT * FROM identity") + sql("SELECT * FROM account") + sql("SELECT * FROM session")
    assert "@example.com" not in dump, "no e-mail address is kept"


def test_l10_linking_adds_a_way_in():
    who = logged_in("dev", "linker")
    good(login(who, "kakao", "linker.k", "/me", "link"), "/me")
    assert visitor("dev", "linker") == visitor("kakao", "linker.k") != ""
    assert sorted(i["provider"] for i in me(who)["account"]["identities"]) == ["dev", "kakao"]
    other = logged_in("kakao", "linker.k")
    assert sorted(i["provider"] for i in me(other)["account"]["identities"]) == ["dev", "kakao"]
    good(login(who, "kakao", "linker.k", "/me", "link"), "/me")  # once more changes nothing
    assert number("SELECT COUNT(*) FROM identity WHERE subject = 'linker.k'") == 1


def test_l10_linking_wants_a_fresh_login_and_a_free_identity():
    owner, who = logged_in("google", "owner.g"), logged_in("dev", "wanting")
    before = stored()
    answer = login(who, "google", "owner.g", "/me", "link")
    assert cause(answer) == "taken" and answer.status == 409, (cause(answer), answer.status)
    assert signed_in(who) and signed_in(owner) and stored() == before
    assert visitor("google", "owner.g") != visitor("dev", "wanting")
    late = callback(who, "naver", "free.n", "/me", "link")
    sql(f"UPDATE session SET signed_in_at = UTC_TIMESTAMP() - INTERVAL 11 MINUTE WHERE visitor_id = {visitor('dev', 'wanting')}")
    for answer in start(who, "naver", "/me", "link"), who.ask("GET", late), start(site(), "naver", "/me", "link"):
        assert cause(answer) == "stale" and answer.status == 403, (cause(answer), answer.status)
    assert visitor("naver", "free.n") == "" and stored() == before
    good(login(who, "dev", "wanting"))
    good(login(who, "naver", "free.n", "/me", "link"), "/me")
    assert visitor("naver", "free.n") == visitor("dev", "wanting")


def test_l10_a_link_is_only_for_the_account_that_asked():
    who = logged_in("dev", "asker.a")
    url = callback(who, "kakao", "swapped.k", "/me", "link")
    good(login(who, "dev", "asker.b"))  # the browser is someone else now
    answer = who.ask("GET", url)
    assert answer.status in (400, 403) and visitor("kakao", "swapped.k") == "", (answer.status, cause(answer))


def test_l10_a_link_begins_on_a_page_of_ours():
    who, other = logged_in("dev", "linking"), logged_in("dev", "linking.not")
    proof, before = me(who)["account"]["link_proof"], stored()
    assert len(proof) == 43 and proof != who.csrf and proof != me(other)["account"]["link_proof"]
    for site_said in "cross-site", "same-site", "none", "Same-Origin", "same-origin, cross-site":
        for more in {}, {"proof": proof}:
            refused(start(who, "kakao", "/me", "link", {"Sec-Fetch-Site": site_said}, **more), "request")
    # A browser that does not say where the request comes from.
    wrong = "", "A" * 43, proof[:-1], proof + "A", who.csrf, who.cookie.split("=")[1], me(other)["account"]["link_proof"]
    for more in ({}, *({"proof": w} for w in wrong)):
        refused(start(who, "kakao", "/me", "link", {}, **more), "request")
    refused(start(site(), "kakao", "/me", "link", {}, proof=proof), "request")
    assert stored() == before
    assert start(who, "kakao", "/me", "link", {}, proof=proof).status == 303
    assert start(who, "kakao", "/me", "link", {"Sec-Fetch-Site": "same-origin"}).status == 303
    # To sign in is everybody's, from wherever they come; and the proof is for nothing else.
    for site_said in "cross-site", "none":
        assert start(site(), "kakao", "/me", None, {"Sec-Fetch-Site": site_said}).status == 303
    assert send(who, "DELETE", f"{API}/me/identities/dev", None, WRITE | {"X-CSRF-Token": proof}).status == 403
    url = local(at_provider(start(who, "kakao", "/me", "link", {}, proof=proof).headers["Location"], "linking.k"))
    good(who.ask("GET", url), "/me")
    assert visitor("kakao", "linking.k") == visitor("dev", "linking")
    assert me(who)["account"]["link_proof"] != proof, "a new session has a new one"
    refused(start(who, "naver", "/me", "link", {}, proof=proof), "request")


def test_l11_a_planted_cookie_is_worth_nothing_after_login():
    victim, attacker = site(), site()
    take(attacker)
    planted = attacker.cookie
    victim.jar.kept[("mvti", "/")] = planted.split("=", 1)[1]
    good(login(victim, "dev", "victim"))
    assert victim.cookie != planted and signed_in(victim)
    assert not signed_in(attacker), "the planted session is not the victim's"
    made_up = site()
    made_up.jar.kept[("mvti", "/")] = "A" * 43
    good(login(made_up, "dev", "victim"))
    assert made_up.cookie != "mvti=" + "A" * 43
    first = made_up.cookie
    good(login(made_up, "dev", "victim"))
    assert made_up.cookie != first
    assert not get(f"{API}/me", Holding(first)).json()["signed_in"], "a new login ends the session before"


class Holding:
    """A browser that holds one cookie, whatever it is answered."""

    def __init__(self, cookie):
        self.cookie, self.site = cookie, site()

    def ask(self, method, target, headers=None, body=None):
        return self.site.ask(method, target, {"Cookie": self.cookie} | (headers or {}), body, cookie=False)


def test_l12_the_database_holds_no_cookie():
    who = logged_in("dev", "dumped")
    value = who.cookie.split("=", 1)[1]
    cookie = [c for c in login(who, "dev", "dumped").headers.get_all("Set-Cookie") if c.startswith("mvti=")][0]
    for wanted in "HttpOnly", "SameSite=Lax", "Path=/":
        assert wanted in cookie, cookie
    dump = "".join(sql(f"SELECT * FROM {t}") for t in ("session", "login_attempt", "identity", "account"))
    assert value not in dump and len(value) == 43


def test_l13_idle_and_absolute_end():
    for column in "expires_at", "ends_at":
        who = logged_in("dev", "sleeper")
        assert signed_in(who)
        sql(f"UPDATE session SET {column} = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE visitor_id = {visitor('dev', 'sleeper')}")
        assert not signed_in(who), column
        assert get(f"{API}/me/sessions", who).status == 401
    logged_in("dev", "sleeper")
    days = sql(f"SELECT TIMESTAMPDIFF(DAY, created_at, expires_at), TIMESTAMPDIFF(DAY, created_at, ends_at) FROM session "
               f"WHERE visitor_id = {visitor('dev', 'sleeper')} ORDER BY session_id DESC LIMIT 1")
    assert days == "14\t90", days


def logout(who, everywhere=False, headers=WRITE):
    return send(who, "POST", "/auth/logout", {"everywhere": everywhere}, headers)


def test_l14_logout_ends_the_session_here_and_everywhere():
    phone, desk, tablet = (logged_in("dev", "leaver") for _ in range(3))
    held = Holding(phone.cookie)
    answer = logout(phone)
    assert answer.status == 204 and "Max-Age=0" in answer.headers["Set-Cookie"] and answer.headers["Clear-Site-Data"]
    assert phone.cookie is None
    for _ in range(8):  # whichever worker answers
        assert not held.ask("GET", f"{API}/me").json()["signed_in"]
        assert held.ask("GET", f"{API}/me/sessions").status == 401
    assert signed_in(desk) and signed_in(tablet)
    held = Holding(tablet.cookie)
    assert logout(desk, True).status == 204
    assert not held.ask("GET", f"{API}/me").json()["signed_in"]
    assert number(f"SELECT COUNT(*) FROM session WHERE visitor_id = {visitor('dev', 'leaver')}") == 0


def test_l14_one_session_of_several_can_be_ended():
    here, there = logged_in("dev", "lister"), logged_in("dev", "lister")
    listed = get(f"{API}/me/sessions", here).json()["items"]
    assert len(listed) == 2 and [s["current"] for s in listed].count(True) == 1
    other = next(s for s in listed if not s["current"])
    assert other["provider"] == "dev" and other["created"] and other["last_seen"]
    stranger = logged_in("dev", "lister.not")
    assert send(stranger, "DELETE", f"{API}/me/sessions/{other['id']}").status == 404
    assert signed_in(there)
    assert send(here, "DELETE", f"{API}/me/sessions/{other['id']}").status == 204
    assert not signed_in(there) and signed_in(here)


def test_l16_no_return_address_leads_outside():
    assert len(set(PAYLOADS)) >= 800, len(set(PAYLOADS))
    sql("DELETE FROM login_attempt")
    who = site()
    for payload in PAYLOADS:
        who.jar.kept.clear()
        answer = who.ask("GET", "/auth/dev?return=" + payload)
        assert answer.status in (303, 400, 414), (payload, answer.status)
        if answer.status == 303:
            assert answer.headers["Location"].startswith(BASE + "/dev/auth?"), (payload, answer.headers["Location"])
    paths = sql("SELECT DISTINCT return_path FROM login_attempt").splitlines()
    # Where a browser goes from there, as the URL standard says it.
    went = run(["node", "-e", "const [base, ...paths] = JSON.parse(require('fs').readFileSync(0));"
                "for (const p of paths) console.log(new URL(p, base + '/auth/dev/callback').origin)"], 30, json.dumps([URL, *paths]))
    assert went.returncode == 0, went.stderr
    outside = [p for p, origin in zip(paths, went.stdout.splitlines(), strict=True) if origin != URL]
    assert not outside, outside[:10]
    for path in GOOD:
        who = site()
        good(login(who, "dev", "returning", path), path)
    for payload in PAYLOADS[::60]:
        who = site()
        answer = who.ask("GET", "/auth/dev?return=" + payload)
        if answer.status == 303:
            local(who.ask("GET", local(at_provider(answer.headers["Location"], "returning"))).headers["Location"])


def routes():
    said = subprocess.run([STACK.parent / "mvti-worker", "--routes"], capture_output=True, text=True, check=True).stdout
    found = []
    for line in said.splitlines():
        words = line.split()
        if len(words) >= 2 and words[0] in ("PUT", "POST", "DELETE"):
            found.append((words[0], words[1]))
    assert len(found) >= 7, said
    return found


def test_l17_other_sites_cannot_write_for_somebody():
    who = logged_in("dev", "victim17")
    me(who)
    token, before = who.csrf, stored()
    assert token
    for method, path in routes():
        if path.endswith("/unlink"):
            continue  # a provider calls it, with a key of its own
        target = path.replace("{id}", "1").replace("{token}", "a" * 22).replace("{provider}", "dev")
        body = b"{}"
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"},
                        {"Origin": "null"}, {}):
            answer = who.ask(method, target, {"Content-Type": "application/json"} | headers, body)
            assert answer.status == 403, (method, target, headers, answer.status)
        for wrong in "", "A" * 43, token[:-1], token + "A":
            if path.removeprefix("/en") in ("/test", "/r/{token}", "/w/{token}"):  # forms, whose ticket stands in place of the token
                form = who.ask(method, target, WRITE | {"Content-Type": "application/x-www-form-urlencoded"}, f"ticket={wrong}".encode())
                assert form.status != 303, (wrong, form.status)
                continue
            answer = who.ask(method, target, WRITE | {"X-CSRF-Token": wrong}, body)
            assert answer.status == 403 or path.endswith("/events"), (method, target, wrong, answer.status)
    assert signed_in(who) and stored() == before
    other = logged_in("dev", "victim17")
    me(other)
    assert logout(who, headers=WRITE | {"X-CSRF-Token": other.csrf}).status == 403, "another session's token"
    assert logout(who).status == 204


def test_l18_l19_nothing_in_a_request_stands_for_a_login():
    who = site()
    for headers in ({"X-Forwarded-User": "1", "X-User": "1", "X-Remote-User": "1", "Remote-User": "1"},
                    {"User-Agent": "kube-probe/1.30"}, {"User-Agent": "GoogleHC/1.0"}, {"Authorization": "Bearer x"},
                    {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}):
        for path in ("me/sessions",):
            assert who.ask("GET", f"{API}/{path}", headers).status == 401, (path, headers)
        first = who.ask("GET", "/auth/dev?return=/", headers)
        assert query(first.headers["Location"])["redirect_uri"] == f"{URL}/auth/dev/callback"
    assert site().ask("GET", "/auth/unknown").status == 404 and site().ask("GET", "/auth/unknown/callback").status == 404


def test_a_guests_tests_follow_them_once():
    guest = site()
    tokens = {take(guest)["token"] for _ in range(3)}
    urls = [callback(guest, "dev", "mover") for _ in range(2)]
    tabs = [Holding(guest.jar.header("/")) for _ in urls]
    answers = [None, None]

    def finish(i):
        answers[i] = tabs[i].ask("GET", urls[i])
    threads = [threading.Thread(target=finish, args=(i,)) for i in range(2)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert [a.status for a in answers] == [303, 303], [(a.status, cause(a)) for a in answers]
    assert number("SELECT COUNT(*) FROM identity WHERE subject = 'mover'") == 1
    mine = logged_in("dev", "mover")
    assert {t["token"] for t in get(f"{API}/me/tests", mine).json()["items"]} == tokens
    assert number("SELECT COUNT(*) FROM test WHERE token IN (%s)" % ",".join(f"'{t}'" for t in tokens)) == 3
    # A second browser brings its own tests to the same account, and takes none away.
    other = site()
    tokens.add(take(other)["token"])
    character = get(f"{API}/home").json()["popular"][2]["id"]
    for who in mine, other:
        assert send(who, "PUT", f"{API}/characters/{character}/like").status == 200
    likes = get(f"{API}/characters/{character}").json()["likes"]
    good(login(other, "dev", "mover"))
    assert {t["token"] for t in get(f"{API}/me/tests", mine).json()["items"]} == tokens
    assert get(f"{API}/characters/{character}").json()["likes"] == likes - 1, "one person likes once"


def test_cancelling_is_told_and_changes_nothing():
    for provider in PROVIDERS:
        who, before = site(), stored()
        url = local(at_provider(start(who, provider).headers["Location"], press="cancel"))
        refused(who.ask("GET", url), "denied", who)
        assert stored() == before


def test_a_login_begun_under_another_name_of_the_site_begins_at_its_own():
    """The cookies of localhost are not those of 127.0.0.1, where the provider sends people back to."""
    who = site()
    there = start(who, "google", "/me?x=1", headers={"Host": URL.split("//")[1].replace("127.0.0.1", "localhost")})
    assert there.status == 303 and there.headers["Location"].startswith(f"{URL}/auth/google?return="), (there.status, there.headers["Location"])
    assert there.headers.get("Set-Cookie") is None, "a cookie of the wrong name"
    begun = who.ask("GET", local(there.headers["Location"]))
    good(who.ask("GET", local(at_provider(begun.headers["Location"], "another-name"))), "/me?x=1")
    assert signed_in(who)


if __name__ == "__main__":
    eventually(lambda: all(site().ask("GET", f"{API}/me", {"Cookie": "mvti=" + "A" * 43}).status == 200 for _ in range(20)), 40,
               what="the database, which other tests have stopped")
    main(globals())
