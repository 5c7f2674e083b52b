#!/usr/bin/env python3
"""What visitors say of themselves, films that they want no more of, and a result with other films."""
from provider_control import login
from stack import API, films, get, main, number, send, site, sql, take
from test_account import everywhere
from test_login import logged_in, visitor


def say(who, **words):
    return send(who, "PUT", f"{API}/me/profile", words)


def profile(who):
    return get(f"{API}/me", who).json()["profile"]


def test_a_name_is_one_line_that_shows_and_is_cut_between_characters():
    who = site()
    assert profile(who) == {"name": None, "locale": None}
    assert say(who, name="  봄날\n").json() == {"name": "봄날", "locale": None}
    family = "👨‍👩‍👧"  # three people in five code points: whole or not at all
    for typed, kept in (("가" * 30, "가" * 20), ("a\u202eb\u200bc\u0007", "abc"), ("e\u0301", "é"), ("나" * 18 + family, "나" * 18), ("<b>", "<b>")):
        assert say(who, name=typed).json()["name"] == kept, typed
    assert say(who, locale="en").json() == {"name": "<b>", "locale": "en"}
    assert profile(who) == {"name": "<b>", "locale": "en"}
    for nothing in (None, "", " \u200b\u202e "):
        say(who, name="봄")
        assert say(who, name=nothing).json() == {"name": None, "locale": "en"}, repr(nothing)
    for wrong, field in (({}, "name"), ({"name": 5}, "name"), ({"name": "a" * 201}, "name"), ({"locale": "fr"}, "locale"), ({"locale": None}, "locale")):
        answer = say(who, **wrong)
        assert answer.status == 400 and answer.fields() == {field}, (wrong, answer.body)


def test_a_profile_follows_its_guest_is_exported_and_goes():
    guest = site()
    take(guest)
    say(guest, name="손님", locale="en")
    login(guest, "dev", "profile-new")
    assert profile(guest) == {"name": "손님", "locale": "en"}
    # What the account has said stays; what it has not comes with the guest.
    who = logged_in("dev", "profile-old")
    say(who, name="주인")
    other = site()
    take(other)
    say(other, name="손님", locale="en")
    login(other, "dev", "profile-old")
    assert profile(other) == profile(who) == {"name": "주인", "locale": "en"}
    mine = visitor("dev", "profile-old")
    assert number(f"SELECT COUNT(*) FROM profile WHERE visitor_id = {mine}") == 1
    assert get(f"{API}/me/export", who).json()["profile"] == {"name": "주인", "locale": "en"}
    assert send(who, "DELETE", f"{API}/me", {"confirm": "delete"}).status == 204
    assert everywhere(mine) == {} and number("SELECT COUNT(*) FROM profile p LEFT JOIN visitor v USING (visitor_id) WHERE v.visitor_id IS NULL") == 0


def test_friends_see_the_name_where_no_other_is_typed():
    who, friend, shy = site(), site(), site()
    say(who, name="봄")
    say(friend, name="여름")
    say(shy, name="가을")
    circle = send(who, "POST", f"{API}/circles", {"test": take(who)["token"]}).json()["circle"]
    for one, more in ((friend, {"name": "바다"}), (shy, {"name": ""})):
        assert send(one, "PUT", f"{API}/circles/{circle}/me", {"test": take(one)["token"]} | more).status == 200
    assert [m["name"] for m in get(f"{API}/circles/{circle}").json()["members"]] == ["봄", "바다", None]


def shown(result):
    return {c["movie"]["id"] for c in result["same"] + result["compatible"]}


def test_a_hidden_film_never_comes_again_until_it_is_taken_back():
    who = site()
    first = take(who)
    film = first["same"][0]["movie"]["id"]
    for _ in range(2):
        assert send(who, "PUT", f"{API}/movies/{film}/mark", {"mark": "hidden"}).json() == {"mark": "hidden", "marked": True}
    assert number(f"SELECT COUNT(*) FROM v_mark WHERE mark = 'hidden' AND movie_id = {film} AND character_id IS NULL "
                  "AND visitor = (SELECT visitor_id FROM test WHERE token = '%s')" % first["token"]) == 1
    without = take(who)
    assert film not in shown(without) and without["left_out"] == {"characters": 0, "movies": 1}
    mark, = get(f"{API}/me/marks", who).json()["items"]
    assert (mark["mark"], mark["movie"]["id"], mark["character"]["movie"]["id"]) == ("hidden", film, film)
    exported, = get(f"{API}/me/export", who).json()["marks"]
    assert exported["mark"] == "hidden" and exported["movie"]["id"] == film and "character" not in exported
    assert send(who, "DELETE", f"{API}/movies/{film}/mark", {"mark": "hidden"}).json() == {"mark": "hidden", "marked": False}
    assert film in shown(take(who)) and get(f"{API}/me/marks", who).json()["items"] == []
    # The same by one of its characters; and of a film nobody says that it is unlike them.
    character = first["same"][0]["id"]
    assert send(who, "PUT", f"{API}/characters/{character}/mark", {"mark": "hidden"}).status == 200
    assert send(who, "DELETE", f"{API}/movies/{film}/mark", {"mark": "hidden"}).status == 200 and get(f"{API}/me/marks", who).json()["items"] == []
    assert send(who, "PUT", f"{API}/movies/{film}/mark", {"mark": "not_me"}).fields() == {"mark"}
    assert send(who, "PUT", f"{API}/movies/999999/mark", {"mark": "seen"}).status == 404


def test_other_films_make_a_new_result_of_the_same_answers():
    who, chosen = site(), films(6)
    answers = {"survey": [2, -2, 1, 0] * 3, "answers": ["withdrawn", "reactive", "4w5"]}
    first = send(who, "POST", f"{API}/tests", answers | {"movies": chosen[:3]}).json()
    second = send(who, "POST", f"{API}/tests", {"from": first["token"], "movies": chosen[3:]})
    assert second.status == 201, second.body
    second = second.json()
    assert second["personality"] == first["personality"] and second["token"] != first["token"]
    assert [m["id"] for m in second["movies"]] == chosen[3:]
    new, old = get(f"{API}/me/export", who).json()["tests"]
    for member in "mbti", "enneagram", "percent", "answers":
        assert new[member] == old[member], member
    rows = sql("SELECT GROUP_CONCAT(DISTINCT survey_version) FROM test WHERE token IN ('%s', '%s')" % (first["token"], second["token"]))
    assert rows and "," not in rows, "of the same questions"
    # The list of tests has the axes for the picture; a chosen type has none.
    chosen_type = take(who)
    listed = get(f"{API}/me/tests", who).json()["items"]
    assert [t["axes"] for t in listed] == [None, first["personality"]["axes"], first["personality"]["axes"]] and listed[0]["token"] == chosen_type["token"]
    again = send(who, "POST", f"{API}/tests", {"from": chosen_type["token"], "movies": chosen[3:]}).json()
    assert again["personality"] == chosen_type["personality"]


def test_only_ones_own_test_is_begun_from():
    who, other = site(), site()
    token, strange = take(who)["token"], take(other)["token"]
    for wrong in (strange, "A" * 22, "short", 5, None):
        answer = send(who, "POST", f"{API}/tests", {"from": wrong, "movies": films(3)})
        assert answer.status == 400 and answer.fields() == {"from"}, (wrong, answer.body)
    for more in ({"mbti": "INFP"}, {"survey": [0] * 12}, {"enneagram": "4w5"}, {"answers": []}):
        assert send(who, "POST", f"{API}/tests", {"from": token, "movies": films(3)} | more).fields() == {"from"}, more
    assert "movies" in send(who, "POST", f"{API}/tests", {"from": token, "movies": films(2)}).fields()
    assert send(site(), "POST", f"{API}/tests", {"from": token, "movies": films(3)}).fields() == {"from"}


if __name__ == "__main__":
    main(globals())
