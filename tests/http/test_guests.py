#!/usr/bin/env python3
"""Who becomes a guest, and requests that are sent again: a cookie is had by a browser that has loaded a page and worked for it, and a
request with an Idempotency-Key is done once, whoever of several workers gets it."""
import json
import secrets
import threading

from site_client import prove
from stack import API, WRITE, films, get, main, number, send, site, sql, take

TEST = {"mbti": "INFP", "enneagram": "4w5"}


def rows():
    return sql("SELECT (SELECT COUNT(*) FROM visitor), (SELECT COUNT(*) FROM session), (SELECT COUNT(*) FROM test), "
               "(SELECT COUNT(*) FROM character_like), (SELECT COUNT(*) FROM event)")


def stranger(method, path, value, headers=None):
    """A write of a program that keeps nothing."""
    return site().ask(method, path, WRITE | (headers or {}), None if value is None else json.dumps(value).encode(), cookie=False)


def wants_work(answer):
    assert answer.status == 403 and answer.fields() == {"X-Guest-Proof"}, (answer.status, answer.body[:200])
    challenge = answer.headers["X-Guest-Challenge"]
    assert challenge.count(".") == 3 and not answer.headers.get("Set-Cookie"), challenge
    return challenge


def test_without_work_nobody_becomes_a_guest():
    ids = films(3)
    character = get(f"{API}/home").json()["popular"][0]["id"]
    before = rows()
    for _ in range(120):
        wants_work(stranger("PUT", f"{API}/characters/{character}/like", {}))
    for method, path, value in (("POST", f"{API}/tests", TEST | {"movies": ids}), ("POST", f"{API}/events", [{"kind": "click"}]),
                                ("DELETE", f"{API}/characters/{character}/like", None)):
        wants_work(stranger(method, path, value))
    assert rows() == before


def test_a_page_brings_the_challenge_and_the_first_write_the_proof():
    who = site()
    seen = get(f"{API}/home", who)
    assert seen.headers["X-Guest-Challenge"] and not seen.headers.get("Set-Cookie")
    assert "X-Guest-Challenge" not in get(f"{API}/types").headers, "what everybody may keep has none"
    take(who)
    assert who.cookie and not get(f"{API}/home", who).headers.get("X-Guest-Challenge"), "a guest needs no other"


def test_a_proof_makes_one_guest():
    ids = films(3)
    body = TEST | {"movies": ids}
    challenge = get(f"{API}/me").headers["X-Guest-Challenge"]
    proof = {"X-Guest-Proof": prove(challenge)}
    assert stranger("POST", f"{API}/tests", body, proof).status == 201
    before = rows()
    again = stranger("POST", f"{API}/tests", body, proof)
    wants_work(again)
    assert again.json()["errors"][0]["message"] == "was used already"
    assert rows() == before


def test_wrong_proofs_are_refused():
    character = get(f"{API}/home").json()["popular"][0]["id"]
    challenge = get(f"{API}/me").headers["X-Guest-Challenge"]
    good = prove(challenge)
    bits, made, random, mac = challenge.split(".")
    numbers = good.split(".")[4:]
    forged = ".".join([bits, made, random, "A" * 43])
    wrong = ["x", challenge, challenge + ".", ".".join([challenge, *numbers[:7]]), good + ".1", good + ".", prove(forged),
             ".".join([challenge, *["0"] * 8]), ".".join(["0", made, random, mac, *["0"] * 8]), "9" * 300, good.replace(".", ",", 1),
             ".".join([bits, str(int(made) + 1), random, mac, *numbers]), ".".join([challenge, *numbers[:7], "-" + numbers[7]])]
    if numbers[0] != numbers[1]:
        wrong.append(".".join([challenge, numbers[1], numbers[0], *numbers[2:]]) if int(bits) > 4 else "x")
    before = rows()
    for proof in wrong:
        wants_work(stranger("PUT", f"{API}/characters/{character}/like", {}, {"X-Guest-Proof": proof}))
    assert rows() == before
    assert stranger("PUT", f"{API}/characters/{character}/like", {}, {"X-Guest-Proof": good}).status == 200


def key():
    return secrets.token_urlsafe(24)


def repeatable(who, value, k, path="tests"):
    return send(who, "POST", f"{API}/{path}", value, WRITE | {"Idempotency-Key": k})


def test_a_lost_answer_asked_again_is_one_test_of_one_guest():
    body, k, first = TEST | {"movies": films(3)}, key(), site()
    before = number("SELECT COUNT(*) FROM test"), number("SELECT COUNT(*) FROM visitor")
    made = repeatable(first, body, k)
    assert made.status == 201
    # The answer was lost, its cookie too: the same request from a browser that knows nothing.
    again = site()
    answer = repeatable(again, body, k)
    assert answer.status == 201 and again.cookie == first.cookie
    assert answer.json() == made.json(), {k: (v, answer.json().get(k)) for k, v in made.json().items() if answer.json().get(k) != v}
    assert get(f"{API}/tests/{made.json()['token']}", again).json()["mine"] is True
    # With the cookie, in quotes as the draft has it, and any number of times.
    for who, spelled in (first, k), (again, f'"{k}"'), (site(), k):
        assert repeatable(who, body, spelled).json() == made.json()
    assert (number("SELECT COUNT(*) FROM test"), number("SELECT COUNT(*) FROM visitor")) == (before[0] + 1, before[1] + 1)


def test_a_key_is_for_one_request_and_one_visitor():
    body, k, who, other = TEST | {"movies": films(3)}, key(), site(), site()
    take(who)
    take(other)
    assert repeatable(who, body, k).status == 201
    before = rows()
    for asker, value, path in ((who, body | {"locale": "en"}, "tests"), (site(), body | {"mbti": "ESTJ"}, "tests"), (who, [{"kind": "click"}], "events"),
                               (other, body, "tests"), (site(), body, "tests")):
        answer = repeatable(asker, value, k, path)
        assert answer.status == 422 and answer.fields() == {"Idempotency-Key"}, (answer.status, answer.body[:200])
        assert not answer.headers.get("Set-Cookie"), "a key gives nobody the session of somebody who had one"
    for bad in "", '""', "short", "x" * 129, "a b c d e f g h i j k l", '"' + "x" * 20, "x" * 20 + '"', "ä" * 20, "x" * 20 + ";":
        answer = send(who, "POST", f"{API}/tests", body, WRITE | {"Idempotency-Key": bad.encode().decode("latin-1")})
        assert answer.status == 400 and answer.fields() == {"Idempotency-Key"}, (bad, answer.status)
    assert rows() == before
    # The session of the first request is over: its key does not bring it back.
    guest, k = site(), key()
    assert repeatable(guest, body, k).status == 201
    assert send(guest, "POST", "/auth/logout", {}).status == 204
    assert repeatable(site(), body, k).status == 422


def test_what_failed_may_be_sent_again_with_its_key():
    who, k = site(), key()
    assert repeatable(who, TEST | {"movies": [1]}, k).status == 400
    assert repeatable(who, TEST | {"movies": films(3)}, k).status == 201


def test_a_test_that_no_page_was_open_for_is_hasty():
    """Known without consent: the challenge says when the page was answered. A guest who came earlier is not hasty, whatever they send."""
    def hasty(token):
        return sql(f"SELECT hasty, entered FROM test JOIN visitor USING (visitor_id) WHERE token = '{token}'").split("\t")

    who, body = site(), TEST | {"movies": films(3)}
    get(f"{API}/me", who)
    first = send(who, "POST", f"{API}/tests", body).json()["token"]
    assert hasty(first)[0] == "1" and int(hasty(first)[1]) < 10, hasty(first)
    sql(f"UPDATE visitor SET created_at = created_at - INTERVAL 9 SECOND, entered = 1 WHERE visitor_id = (SELECT visitor_id FROM test WHERE token = '{first}')")
    assert hasty(send(who, "POST", f"{API}/tests", body).json()["token"])[0] == "0"


def test_two_at_once_are_one():
    """Both answers say the same, however many workers get them."""
    ids = films(3)
    for turn in range(12):
        k, body, answers, before = key(), TEST | {"movies": ids}, [], number("SELECT COUNT(*) FROM test")
        visitors = number("SELECT COUNT(*) FROM visitor")
        known = site()
        if turn % 2:
            take(known)
            before += 1
            visitors += 1
        shared = known.entry() if not turn % 2 else {}

        def ask(who):
            answers.append(send(who, "POST", f"{API}/tests", body, WRITE | {"Idempotency-Key": k} | shared))

        twins = []
        for _ in range(4):
            twin = site()
            twin.jar.kept, twin.csrf, twin.challenge = dict(known.jar.kept), known.csrf, ""
            twins.append(twin)
        threads = [threading.Thread(target=ask, args=(twin,)) for twin in twins]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        assert [a.status for a in answers] == [201] * 4, [(a.status, a.body[:200]) for a in answers]
        assert len({a.json()["token"] for a in answers}) == 1 and len({twin.cookie for twin in twins}) == 1
        assert number("SELECT COUNT(*) FROM test") == before + 1
        assert number("SELECT COUNT(*) FROM visitor") == visitors + (0 if turn % 2 else 1)


def test_events_of_a_key_are_stored_once():
    who, k = site(), key()
    take(who)
    batch = [{"kind": "impression", "list": "same", "position": i} for i in range(13)]
    before = number("SELECT COUNT(*) FROM event")
    for _ in range(3):
        answer = repeatable(who, batch, k, "events")
        assert answer.status == 202 and answer.json()["stored"] == 13
    assert number("SELECT COUNT(*) FROM event") == before + 13
    assert repeatable(who, batch[:5], k, "events").status == 422
    guest, other, k = site(), site(), key()
    assert repeatable(guest, batch, k, "events").status == repeatable(other, batch, k, "events").status == 202
    assert guest.cookie == other.cookie and number("SELECT COUNT(*) FROM event") == before + 26


def likes(character, who=None):
    return get(f"{API}/characters/{character}", who).json()["likes"]


def test_likes_of_guests_count_after_their_test():
    """A like alone moves nothing that others see; its giver sees it; the test makes it count."""
    character = get(f"{API}/home").json()["popular"][5]["id"]
    path, before, who = f"{API}/characters/{character}/like", likes(character), site()
    liked = send(who, "PUT", path).json()
    assert liked["liked"] and liked["likes"] == before + 1 == likes(character, who), "the visitor's own"
    for _ in range(30):
        assert send(site(), "PUT", path).status == 200
    assert likes(character) == before, "nobody else's"
    take(who)
    assert likes(character) == before + 1, "after the test"
    assert send(who, "DELETE", path).json()["likes"] == before == likes(character)
    assert send(who, "PUT", path).json()["likes"] == before + 1 == likes(character), "from then on at once"


def test_nothing_of_a_key_or_a_proof_is_in_the_database():
    who, k = site(), key()
    challenge = get(f"{API}/me", who).headers["X-Guest-Challenge"]
    assert repeatable(who, TEST | {"movies": films(3)}, k).status == 201
    for table in "repeated", "arrival", "visitor", "session":
        dump = sql(f"SELECT * FROM {table} LIMIT 100000")
        for secret in k, challenge.split(".")[3], challenge.split(".")[2], "127.0.0.1":
            assert secret not in dump, (table, secret)


if __name__ == "__main__":
    main(globals())
