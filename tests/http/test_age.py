#!/usr/bin/env python3
"""Who says that they are under 14 gets results, and nothing of them is stored; what the others say stands on their row."""
from provider_control import cause, login
from stack import API, films, get, main, number, send, site
from test_account import characters

TEST = {"mbti": "INFP", "enneagram": "4w5", "locale": "ko"}
STORED = "SELECT SUM(n) FROM (" + " UNION ALL ".join(
    f"SELECT COUNT(*) n FROM {t}" for t in ("visitor", "session", "test", "character_like", "mark", "event", "first_visit", "profile",
                                            "circle_member", "character_vote", "login_attempt")) + ") x"


def aged(answer, who=None):
    who = who or site()
    who.jar.kept[("mvti-over14", "/")] = answer
    return who


def test_a_child_gets_the_result_and_leaves_nothing():
    child, before = aged("no"), number(STORED)
    answer = send(child, "POST", f"{API}/tests", TEST | {"movies": films(3)})
    assert answer.status == 200, answer.body
    result = answer.json()
    assert result["saved"] is False and result["token"] is None and len(result["same"]) >= 10 and result["same"][0]["reasons"]
    assert child.cookie is None and answer.headers.get("Set-Cookie") is None
    grown = send(aged("yes"), "POST", f"{API}/tests", TEST | {"movies": films(3)})
    assert grown.status == 201
    assert [c["id"] for c in result["same"]] == [c["id"] for c in grown.json()["same"]], "the same lists as everybody's"
    assert number(STORED) > before
    before, character = number(STORED), characters(1)[0]
    for method, path, body in (("PUT", f"characters/{character}/like", {}), ("DELETE", f"characters/{character}/like", {}),
                               ("PUT", f"characters/{character}/mark", {"mark": "not_me"}), ("PUT", f"movies/{films(1)[0]}/mark", {"mark": "hidden"}),
                               ("PUT", f"characters/{character}/vote", {"mbti": "INFP"}), ("PUT", "me/profile", {"name": "봄"}),
                               ("POST", "circles", {"test": grown.json()["token"]}), ("PUT", f"tests/{grown.json()['token']}/feedback", {"value": "up"}),
                               ("POST", "events", [{"kind": "landing", "source": {"path": "/"}}])):
        answer = send(child, method, f"{API}/{path}", body)
        assert answer.status == 403 and answer.fields() == {"age"}, (method, path, answer.body)
        assert answer.headers.get("Set-Cookie") is None
    assert number(STORED) == before
    assert get(f"{API}/recommendations?mbti=INFP&enneagram=4w5&movies={','.join(map(str, films(3)))}", child).status == 200


def test_a_child_does_not_sign_in():
    child, before = aged("no"), number("SELECT COUNT(*) FROM login_attempt")
    answer = get("/auth/dev?return=/me", child)
    assert (answer.status, cause(answer)) == (403, "young"), answer.body[:300]
    assert number("SELECT COUNT(*) FROM login_attempt") == before
    # Nor where the answer came between the way out and the way back.
    late = site()
    out = get("/auth/dev?return=/me", late)
    assert out.status == 303, out.body[:300]
    back = get("/auth/dev/callback?state=" + "A" * 43 + "&code=x", aged("no", late))
    assert (back.status, cause(back)) == (403, "young")


def test_what_was_stored_before_can_be_taken_away_by_a_child():
    who = aged("yes")
    token = send(who, "POST", f"{API}/tests", TEST | {"movies": films(3)}).json()["token"]
    aged("no", who)
    assert send(who, "DELETE", f"{API}/me/tests/{token}", {}).status == 204
    assert send(who, "DELETE", f"{API}/me", {"confirm": "delete"}).status == 204


def test_a_yes_stands_on_the_row_and_in_the_export():
    who = aged("yes")
    send(who, "POST", f"{API}/tests", TEST | {"movies": films(3)})
    assert get(f"{API}/me", who).json()["over_14"] is True
    assert get(f"{API}/me/export", who).json()["over_14"].startswith("20")
    # Who was not asked yet has none, until the next thing that they store says it.
    unasked = site()
    send(unasked, "POST", f"{API}/tests", TEST | {"movies": films(3)})
    assert get(f"{API}/me", unasked).json()["over_14"] is False and get(f"{API}/me/export", unasked).json()["over_14"] is None
    aged("yes", unasked)
    assert send(unasked, "PUT", f"{API}/characters/{characters(1)[0]}/like", {}).status == 200
    assert get(f"{API}/me", unasked).json()["over_14"] is True
    # A login says it of the account, and a guest's goes with the guest.
    guest = aged("yes")
    send(guest, "POST", f"{API}/tests", TEST | {"movies": films(3)})
    guest.jar.kept.pop(("mvti-over14", "/"))
    login(guest, "dev", "age-later")
    assert get(f"{API}/me", guest).json()["over_14"] is True
    other = site()
    login(other, "dev", "age-never")
    assert get(f"{API}/me", other).json()["over_14"] is False
    again = aged("yes")
    login(again, "dev", "age-never")
    assert get(f"{API}/me", again).json()["over_14"] is True


def test_nonsense_is_no_answer():
    for said in ("maybe", "", "noo"):
        assert send(aged(said), "POST", f"{API}/tests", TEST | {"movies": films(3)}).status == 201, said


if __name__ == "__main__":
    main(globals())
