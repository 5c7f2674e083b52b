#!/usr/bin/env python3
"""What a person owns, through nginx, the pools, the database and a real provider: votes, everything as a file, ways to sign
in, and the end of it all."""
import json

from provider_control import login, straight
from stack import API, STACK, eventually, get, log_since, log_size, main, number, send, site, sql, take
from test_login import good, logged_in, me, visitor

TABLES = "SELECT table_name FROM information_schema.columns WHERE table_schema = 'mvti' AND column_name = 'visitor_id'"


def characters(n):
    return [c["id"] for c in get(f"{API}/home").json()["popular"]][:n]


def vote(who, character, **types):
    return send(who, "PUT", f"{API}/characters/{character}/vote", types)


def about(character, who=None):
    answer = get(f"{API}/characters/{character}", who).json()
    return answer["visitor_votes"], answer["my_vote"]


def make_stale(who_id):
    sql(f"UPDATE session SET signed_in_at = signed_in_at - INTERVAL 11 MINUTE WHERE visitor_id = {who_id}")


def everywhere(visitor_id):
    """Rows that name a visitor, in any table there is."""
    tables = [t for t in sql(TABLES).split() if not t.startswith("v_")]
    assert {"test", "session", "character_vote", "identity", "account", "event", "character_like", "visitor"} <= set(tables)
    return {t: n for t in tables if (n := number(f"SELECT COUNT(*) FROM {t} WHERE visitor_id = {visitor_id}"))}


def test_a_vote_is_one_a_person_and_shows_in_the_distribution():
    character = characters(1)[0]
    before, mine = about(character)
    assert (before, mine) == ({"count": 0, "mbti": [], "enneagram": [], "agreement": 0, "label": "provisional"}, None)
    people = [logged_in("dev", f"voter-{i}") for i in range(5)]
    for who in people:
        answer = vote(who, character, mbti="INTJ", enneagram="5w6")
        assert answer.status == 200, answer.body
    votes = answer.json()["votes"]
    assert votes == {"count": 5, "mbti": [{"mbti": "INTJ", "count": 5}], "enneagram": [{"enneagram": "5w6", "count": 5}],
                     "agreement": 0.566, "label": "agreed"}, votes
    # A change of mind replaces the vote; the Enneagram may be left open.
    votes = vote(people[0], character, mbti="ENFP").json()["votes"]
    assert votes["count"] == 5 and votes["label"] == "contested" and {"mbti": "ENFP", "count": 1} in votes["mbti"]
    assert votes["enneagram"] == [{"enneagram": "5w6", "count": 4}]
    assert about(character, people[0]) == (votes, {"mbti": "ENFP", "enneagram": None})
    assert about(character, people[1])[1] == {"mbti": "INTJ", "enneagram": "5w6"} and about(character)[1] is None
    listed = get(f"{API}/me/votes", people[0]).json()["items"]
    assert [(v["character"]["id"], v["mbti"], v["enneagram"]) for v in listed] == [(character, "ENFP", None)]
    assert me(people[0])["counts"]["votes"] == 1
    for _ in range(2):  # taking it back twice is fine
        votes = send(people[0], "DELETE", f"{API}/characters/{character}/vote").json()["votes"]
        assert votes["count"] == 4 and votes["label"] == "provisional", votes
    assert about(character, people[0])[1] is None and get(f"{API}/me/votes", people[0]).json()["items"] == []


def test_votes_are_for_accounts_and_for_types_that_exist():
    character, guest, who = characters(1)[0], site(), logged_in("dev", "picky")
    take(guest)
    assert vote(guest, character, mbti="INTJ").status == 401 and get(f"{API}/me/votes", guest).status == 401
    assert send(guest, "DELETE", f"{API}/characters/{character}/vote").status == 401
    for wrong, field in (({}, "mbti"), ({"mbti": "ABCD"}, "mbti"), ({"mbti": 4}, "mbti"),
                         ({"mbti": "INTJ", "enneagram": "4w9"}, "enneagram"), ({"mbti": "INTJ", "enneagram": 4}, "enneagram")):
        answer = vote(who, character, **wrong)
        assert answer.status == 400 and [e["field"] for e in answer.json()["errors"]] == [field], (wrong, answer.body)
    assert vote(who, 999999, mbti="INTJ").status == 404
    assert everywhere(visitor("dev", "picky")).get("character_vote") is None


def test_the_export_has_everything_and_is_nobody_elses():
    who, other = logged_in("dev", "exporter"), logged_in("kakao", "somebody-else")
    token = take(who, "ENTP", "7w8", 4)["token"]
    strange = take(other)["token"]
    first, second = characters(2)
    for act in (send(who, "PUT", f"{API}/characters/{first}/like"), vote(who, second, mbti="ISFP", enneagram="4w3"),
                send(who, "PUT", f"{API}/characters/{second}/mark", {"mark": "not_me"}), send(who, "PUT", f"{API}/characters/{first}/mark", {"mark": "seen"}),
                send(who, "PUT", f"{API}/tests/{token}/feedback", {"value": "up"})):
        assert act.status < 300, act.body
    answer = get(f"{API}/me/export", who)
    assert answer.status == 200 and answer.headers["Content-Disposition"] == 'attachment; filename="mvti-export.json"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    all_of_it = answer.json()
    assert [(i["provider"], i["subject"]) for i in all_of_it["account"]["identities"]] == [("dev", "exporter")]
    test, = all_of_it["tests"]
    assert (test["token"], test["mbti"], test["enneagram"], test["feedback"], len(test["movies"])) == (
        token, "ENTP", "7w8", {"same": "up", "compatible": "up"}, 4)
    assert test["percent"] is None and test["movies"][0]["title"]["en"] and test["shown"][0]["character"]["name"]["ko"]
    assert [like["character"]["id"] for like in all_of_it["likes"]] == [first]
    assert [(v["character"]["id"], v["mbti"], v["enneagram"]) for v in all_of_it["votes"]] == [(second, "ISFP", "4w3")]
    seen, unlike = all_of_it["marks"]
    assert (seen["mark"], unlike["mark"], unlike["character"]["id"]) == ("seen", "not_me", second) and seen["movie"]["title"]["ko"]
    assert [s["provider"] for s in all_of_it["sessions"]] == ["dev"]
    assert {"like", "vote", "feedback"} <= {e["kind"] for e in all_of_it["events"]}
    assert strange not in json.dumps(all_of_it)
    rows = everywhere(visitor("dev", "exporter"))
    assert {"tests": rows["test"], "likes": rows["character_like"], "votes": rows["character_vote"], "marks": rows["mark"], "sessions": rows["session"],
            "first_visit": rows.get("first_visit", 0), "experiments": rows.get("experiment_exposure", 0), "events": rows["event"]} == {
                k: len(v) for k, v in all_of_it.items() if isinstance(v, list)}
    # A guest has one too, a stranger has nothing.
    guest = site()
    take(guest)
    assert get(f"{API}/me/export", guest).json()["account"] is None and len(get(f"{API}/me/export", guest).json()["tests"]) == 1
    assert get(f"{API}/me/export").status == 404


def films_of(visitor_id):
    return sql(f"SELECT m.movie_id FROM test t JOIN test_movie m USING (test_id) WHERE t.visitor_id = {visitor_id} "
               "ORDER BY t.test_id, m.position")


def test_deleting_an_account_leaves_films_and_likes_of_nobody():
    who, second_browser = logged_in("dev", "leaver"), logged_in("dev", "leaver")
    tokens = [take(who, "ENTP", "7w8", n)["token"] for n in (3, 4)]
    first, second = characters(2)
    vote(who, first, mbti="ISFP")
    send(who, "PUT", f"{API}/characters/{second}/like")
    assert send(who, "PUT", f"{API}/characters/{first}/mark", {"mark": "seen"}).status == 200
    likes, _ = get(f"{API}/characters/{second}").json()["likes"], send(who, "PUT", f"{API}/tests/{tokens[0]}/feedback", {"value": "up"})
    seen = site()  # somebody else looked at the shared result
    assert send(seen, "POST", f"{API}/events", [{"kind": "impression", "test": tokens[0], "list": "same", "position": 0,
                                                "character": first}]).status == 202
    old, tests = visitor("dev", "leaver"), sql("SELECT COALESCE(MAX(test_id), 0) FROM test")
    films, newest = films_of(old), sql("SELECT MAX(visitor_id) FROM visitor")
    mark = log_size()
    for wrong in ({}, {"confirm": "yes"}, {"confirm": True}):
        assert send(who, "DELETE", f"{API}/me", wrong).status == 400
    make_stale(old)
    answer = send(who, "DELETE", f"{API}/me", {"confirm": "delete"})
    assert answer.status == 403 and [e["field"] for e in answer.json()["errors"]] == ["login"] and me(who)["signed_in"]
    good(login(who, "dev", "leaver"))
    answer = send(who, "DELETE", f"{API}/me", {"confirm": "delete"})
    assert answer.status == 204 and answer.headers["Clear-Site-Data"] == '"storage"', answer.body
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert everywhere(old) == {} and visitor("dev", "leaver") == ""
    assert not me(second_browser)["signed_in"] and not me(who)["signed_in"]
    assert [get(f"{API}/tests/{t}").status for t in tokens] == [404, 404] and get(f"/r/{tokens[0]}").status == 404
    nobody = sql(f"SELECT visitor_id FROM test WHERE visitor_id > {newest} ORDER BY visitor_id DESC LIMIT 1")
    assert films_of(nobody) == films and number(f"SELECT MIN(test_id) FROM test WHERE visitor_id = {nobody}") > int(tests)
    assert number(f"SELECT COUNT(*) FROM test WHERE visitor_id = {nobody} AND answers IS NULL AND axis_ei IS NULL AND "
                  "feedback = 'none' AND TIME(created_at) = '00:00:00'") == 2
    assert number(f"SELECT COUNT(*) FROM test_result r JOIN test t USING (test_id) WHERE t.visitor_id = {nobody}") == 0
    assert set(everywhere(nobody)) == {"test", "character_like"}
    assert number("SELECT COUNT(*) FROM event e LEFT JOIN test t USING (test_id) WHERE e.test_id IS NOT NULL AND t.test_id IS NULL") == 0
    assert get(f"{API}/characters/{second}").json()["likes"] == likes, "the heart stays, nobody's"
    assert about(first)[0]["count"] == 0 or not any(v["mbti"] == "ISFP" for v in about(first)[0]["mbti"])
    eventually(lambda: any(line.get("event") == "visitor.deleted" for line in log_since(mark)), what="a log line")
    # Who comes back begins anew.
    good(login(who, "dev", "leaver"))
    assert get(f"{API}/me/tests", who).json()["items"] == [] and visitor("dev", "leaver") != old


def test_a_guest_can_be_forgotten_too():
    guest = site()
    token = take(guest)["token"]
    old = sql(f"SELECT visitor_id FROM test WHERE token = '{token}'")
    assert send(guest, "DELETE", f"{API}/me", {"confirm": "delete"}).status == 204
    assert everywhere(old) == {} and get(f"{API}/tests/{token}").status == 404
    assert send(site(), "DELETE", f"{API}/me", {"confirm": "delete"}).status == 404


def test_unlinking_keeps_the_last_way_in():
    who = logged_in("dev", "two-ways")
    good(login(who, "kakao", "two-ways-kakao", action="link"))
    elsewhere = logged_in("kakao", "two-ways-kakao")
    old = visitor("dev", "two-ways")
    assert visitor("kakao", "two-ways-kakao") == old and me(elsewhere)["signed_in"]
    assert send(who, "DELETE", f"{API}/me/identities/naver").status == 404
    make_stale(old)
    answer = send(who, "DELETE", f"{API}/me/identities/kakao")
    assert answer.status == 403 and [e["field"] for e in answer.json()["errors"]] == ["login"]
    good(login(who, "dev", "two-ways"))
    assert send(who, "DELETE", f"{API}/me/identities/kakao").status == 204
    assert visitor("kakao", "two-ways-kakao") == "" and me(who)["signed_in"]
    assert not me(elsewhere)["signed_in"], "a browser that came in that way is out"
    answer = send(who, "DELETE", f"{API}/me/identities/dev")
    assert answer.status == 409 and [e["field"] for e in answer.json()["errors"]] == ["provider"], answer.body
    assert visitor("dev", "two-ways") == old
    assert send(site(), "DELETE", f"{API}/me/identities/dev").status == 401


def cut(query, key=None, method="GET"):
    headers = {"Authorization": "KakaoAK " + ((STACK / "secrets/provider-kakao-admin").read_text().strip() if key is None else key)}
    if method == "GET":
        return site().ask("GET", f"/auth/kakao/unlink?{query}", headers)
    return site().ask("POST", "/auth/kakao/unlink", headers | {"Content-Type": "application/x-www-form-urlencoded"}, query.encode())


def test_who_unlinks_us_at_kakao_is_forgotten_here():
    for method in "GET", "POST":
        alone, both = logged_in("kakao", f"alone-{method}"), logged_in("dev", f"both-{method}")
        token = take(alone)["token"]
        good(login(both, "kakao", f"both-kakao-{method}", action="link"))
        ids = visitor("kakao", f"alone-{method}"), visitor("dev", f"both-{method}")
        ask = f"app_id=1&referrer_type=UNLINK_FROM_APPS&user_id=alone-{method}"
        right = (STACK / "secrets/provider-kakao-admin").read_text().strip()
        for wrong in "", "x", "A" * 32, right + "x", right + right, right[:-1], right[:8], " " + right, right[1:], right.swapcase(), right[:-1] + "~":
            assert cut(ask, wrong, method).status == 403, wrong
        assert cut("app_id=1", None, method).status == 400 and cut(f"{ask}&user_id=x", None, method).status == 400
        assert visitor("kakao", f"alone-{method}") == ids[0] and me(alone)["signed_in"]
        for _ in range(2):  # told twice, or of somebody who is not here: the same answer
            answer = cut(ask, None, method)
            assert (answer.status, answer.body) == (200, b"{}"), answer.body
        assert everywhere(ids[0]) == {} and not me(alone)["signed_in"] and get(f"{API}/tests/{token}").status == 404
        # Somebody with another way in keeps the account.
        assert cut(f"user_id=both-kakao-{method}", None, method).status == 200
        assert visitor("kakao", f"both-kakao-{method}") == "" and visitor("dev", f"both-{method}") == ids[1]
        good(login(both, "dev", f"both-{method}"))
    # Only where the operator has named a key; and no key stands in a log.
    headers = {"Authorization": "KakaoAK " + (STACK / "secrets/provider-kakao-admin").read_text().strip()}
    assert site().ask("GET", "/auth/google/unlink?user_id=1", headers).status == 404
    for log in (STACK / "log").iterdir():
        assert headers["Authorization"][8:] not in log.read_text(errors="replace"), log


if __name__ == "__main__":
    straight()
    main(globals())
