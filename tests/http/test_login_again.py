#!/usr/bin/env python3
"""A callback that is asked again: back, reload, two at once, after a logout, by another browser. It ends where the first one
ended, nobody is signed in by it, and the provider is not asked a second time."""
import threading
import time

from provider_control import at_provider, bend, callback, cause, counters, local, login, start, straight, with_query
from stack import eventually, main, number, site, sql
from test_login import Holding, good, logged_in, logout, refused, signed_in, stored, visitor


def sessions(subject):
    return number(f"SELECT COUNT(*) FROM session WHERE visitor_id = {visitor('dev', subject)}")


def exchanges(provider="dev"):
    return counters(provider)["token"]


def makes_no_session(answer):
    assert "mvti=" not in " ".join(answer.headers.get_all("Set-Cookie") or [])
    return answer


def shift(column, seconds):
    """The login that ended (or was taken) last, so many seconds earlier."""
    sql(f"UPDATE login_attempt SET {column} = {column} - INTERVAL {seconds} SECOND ORDER BY created_at DESC LIMIT 1")


def test_back_and_reload_go_where_the_login_went():
    who = site()
    url = callback(who, "dev", "again", "/liked")
    good(who.ask("GET", url), "/liked")
    before = exchanges(), sessions("again"), who.cookie
    for again in url, url, with_query(url, code="another"):
        makes_no_session(good(who.ask("GET", again), "/liked"))
    assert (exchanges(), sessions("again"), who.cookie) == before and signed_in(who)
    good(login(who, "dev", "again"))  # the same person once more: the old callback still leads on
    makes_no_session(good(who.ask("GET", url), "/liked"))
    shift("finished_at", 0)
    sql("UPDATE login_attempt SET finished_at = finished_at - INTERVAL 595 SECOND WHERE return_path = '/liked'")
    good(who.ask("GET", url), "/liked")
    sql("UPDATE login_attempt SET finished_at = finished_at - INTERVAL 10 SECOND WHERE return_path = '/liked'")
    refused(who.ask("GET", url), "expired")
    assert signed_in(who), "the session that is there goes on"


def test_another_browser_gets_nothing_from_it():
    who, other = site(), logged_in("dev", "again.other")
    url = callback(who, "dev", "again", "/liked")
    good(who.ask("GET", url), "/liked")
    begun = who.jar.kept[("mvti-login", "/")]
    refused(site().ask("GET", url), "elsewhere")
    refused(other.ask("GET", url), "elsewhere")
    refused(Holding(who.cookie).ask("GET", url), "elsewhere")  # signed in here, but not begun here
    assert signed_in(other)
    sql("UPDATE login_attempt SET expires_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND")
    refused(site().ask("GET", url), "expired")
    other.jar.kept[("mvti-login", "/")] = begun  # begun here, and somebody else since
    refused(other.ask("GET", url), "expired")
    for provider in "google", "naver":
        refused(who.ask("GET", url.replace("/dev/", f"/{provider}/").replace("%2Fdev", f"%2F{provider}")), "expired")


def test_after_a_logout_it_signs_nobody_in():
    for everywhere in False, True:
        who = site()
        url = callback(who, "dev", "again.out", "/liked")
        good(who.ask("GET", url), "/liked")
        signed_in(who)  # brings the token
        assert logout(who, everywhere).status == 204
        before = exchanges(), sessions("again.out"), stored()
        refused(who.ask("GET", url), "expired", who)
        assert (exchanges(), sessions("again.out"), stored()) == before


def test_after_somebody_else_has_signed_in_here_it_is_over():
    who = site()
    url = callback(who, "dev", "again.first")
    good(who.ask("GET", url))
    good(login(who, "dev", "again.second"))
    cookie = who.cookie
    refused(who.ask("GET", url), "expired")
    assert who.cookie == cookie and signed_in(who)


def test_an_answer_that_never_arrived_is_followed_for_half_a_minute():
    who = site()
    url = callback(who, "dev", "again.lost", "/liked")
    lost = Holding(who.jar.header("/"))
    good(lost.ask("GET", url), "/liked")
    for seconds in 0, 25:
        shift("finished_at", seconds)
        makes_no_session(good(who.ask("GET", url), "/liked"))
        assert not signed_in(who)
    shift("finished_at", 10)
    refused(who.ask("GET", url), "expired", who)


def at_once(who, url, n=2):
    """The same callback n times at the same moment, each with the cookies of now."""
    answers, tabs = [None] * n, [Holding(who.jar.header("/")) for _ in range(n)]

    def ask(i):
        answers[i] = tabs[i].ask("GET", url)
    threads = [threading.Thread(target=ask, args=(i,)) for i in range(n)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    return answers


def test_two_at_once_are_one_login():
    who = site()
    url = callback(who, "dev", "again.twice", "/liked")
    bend("dev", "token.late")
    before = exchanges()
    answers = at_once(who, url)
    straight()
    assert [(a.status, a.headers["Location"], cause(a)) for a in answers] == [(303, "/liked", None)] * 2
    assert exchanges() == before + 1 and sessions("again.twice") == 1
    assert sum("mvti=" in " ".join(a.headers.get_all("Set-Cookie") or []) for a in answers) == 1


def test_what_failed_fails_in_the_same_words():
    for what, why in ("id_token.nonce", "provider"), ("token.error_503", "unavailable"):
        who = site()
        url = callback(who, "dev", "again.failed")
        bend("dev", what)
        before = exchanges()
        for _ in range(3):
            refused(who.ask("GET", url), why, who)
        straight()
        assert exchanges() == before + 1, "the provider is asked once"
    who = site()
    url = callback(who, "dev", "again.failed")
    bend("dev", "token.late"), bend("dev", "id_token.nonce")
    answers = at_once(who, url)
    straight()
    causes = [cause(a) for a in answers]
    assert len(set(causes)) == 1 and causes[0] in ("provider", None), causes
    who = site()
    url = local(at_provider(start(who, "dev").headers["Location"], press="cancel"))
    for _ in range(2):
        refused(who.ask("GET", url), "denied", who)
    url = callback(who, "dev", "again.failed")
    for _ in range(2):
        refused(who.ask("GET", with_query(url, iss="https://elsewhere.example")), "provider", who)
    # An error for a login that went well is no login.
    url = callback(who, "dev", "again.well")
    good(who.ask("GET", url))
    refused(who.ask("GET", with_query(url, code=None, error="access_denied")), "expired")


def test_linking_twice_links_once():
    who = logged_in("dev", "again.linker")
    url = callback(who, "kakao", "again.linked", "/me", "link")
    before = exchanges("kakao")
    for _ in range(3):
        good(who.ask("GET", url), "/me")
    assert exchanges("kakao") == before + 1
    assert visitor("kakao", "again.linked") == visitor("dev", "again.linker")


def test_nobody_waits_for_a_worker_that_is_no_more():
    who = site()
    url = callback(who, "dev", "again.died")
    last = "ORDER BY created_at DESC LIMIT 1"
    sql(f"UPDATE login_attempt SET used_at = UTC_TIMESTAMP(6) - INTERVAL 31 SECOND {last}")
    began = time.monotonic()
    refused(who.ask("GET", url), "expired", who)
    assert time.monotonic() - began < 3
    url = callback(who, "dev", "again.died")
    sql(f"UPDATE login_attempt SET used_at = UTC_TIMESTAMP(6) {last}")
    began = time.monotonic()
    answer = who.ask("GET", url)
    refused(answer, "unavailable", who)
    assert time.monotonic() - began > 3 and int(answer.headers["Retry-After"]) > 0
    # The first is done while the second waits.
    url = callback(who, "dev", "again.died")
    sql(f"UPDATE login_attempt SET used_at = UTC_TIMESTAMP(6) {last}")
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(Holding(who.jar.header("/")).ask("GET", url)))
    waiting.start()
    time.sleep(0.5)
    assert not answers
    sql(f"UPDATE login_attempt SET outcome = 'taken', finished_at = UTC_TIMESTAMP(6) {last}")
    waiting.join()
    refused(answers[0], "taken")


def test_nothing_that_is_kept_could_finish_a_login():
    who = site()
    url = callback(who, "dev", "again.kept", "/liked")
    good(who.ask("GET", url), "/liked")
    kept = sql("SELECT * FROM login_attempt ORDER BY created_at DESC LIMIT 1")
    for secret in [v for v in who.jar.kept.values()] + [url.split("state=")[1].split("&")[0], url.split("code=")[1].split("&")[0]]:
        assert len(secret) > 20 and secret not in kept


if __name__ == "__main__":
    eventually(lambda: start(site(), "dev").status == 303, 40, what="signing in, which other tests have stopped")
    main(globals())
