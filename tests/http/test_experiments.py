#!/usr/bin/env python3
"""Experiments as an operator runs them on a running site, and as visitors meet them: through nginx, by workers that notice a file."""
import json
import secrets

import stack
from stack import API, STACK, WRITE, eventually, everybody, films, get, log_size, number, put_back, send, site

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"}


def mvti(*args):
    return stack.mvti(*args).stdout


def noticed(*args):
    """The command, and until every worker serves what it changed."""
    at = log_size()
    mvti("experiment", *args)
    everybody(at, "experiments.loaded")


def start(name, settings, **more):
    path = STACK / f"{name}.json"
    path.write_text(json.dumps({"name": name, "layer": "http", "variants": [
        {"name": "control", "share": 1}, {"name": "other", "share": 1, "settings": settings}], **more}))
    mvti("experiment", "apply", str(path))
    put_back(stop, name)
    noticed("start", name)


def stop(name):
    if number(f"SELECT COUNT(*) FROM experiment WHERE name = '{name}' AND state = 'running'"):
        noticed("stop", name)


RUN = secrets.token_hex(3)  # an experiment that was stopped does not come back
MATCH, WALL, WORDS = (f"http-{word}-{RUN}" for word in ("match", "wall", "words"))


def take(who, **headers):
    answer = send(who, "POST", f"{API}/tests", {"mbti": "INFP", "enneagram": "4w5", "movies": films(3)}, {**WRITE, **PHONE, **headers})
    assert answer.status == 201, answer.body
    return answer.json()


def unequal(a, b):
    """The members in which two answers differ, and how."""
    return {k: (a.get(k), b.get(k)) for k in a.keys() | b.keys() if a.get(k) != b.get(k)}


def exposed(name):
    return number(f"SELECT COUNT(*) FROM experiment_exposure x JOIN experiment e ON e.experiment_id = x.experiment_id WHERE e.name = '{name}'")


def test_new_guests_are_given_variants_and_rows_say_so():
    eventually(lambda: all("experiments" not in take(site()) for _ in range(4)), what="the experiments of other tests are over")
    plain = take(site())
    start(MATCH, {"match": {"film": 5, "enneagram": 90, "certainty": 5}})
    assert get("/readyz").json()["experiments"] == "ready"
    given = {}
    for _ in range(16):
        result = take(site())
        (one,) = result["experiments"]
        assert one["experiment"] == MATCH
        given.setdefault(one["variant"], []).append([c["match"]["percent"] for c in result["same"]])
    assert set(given) == {"control", "other"}, given.keys()
    same = [c["match"]["percent"] for c in plain["same"]]
    assert all(p == same for p in given["control"]) and all(p != same for p in given["other"])
    assert exposed(MATCH) == 16
    crawler = take(site(), **{"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"})
    assert "experiments" not in crawler and exposed(MATCH) == 16
    assert "control" in mvti("experiment", "show", MATCH)
    # A lost answer that is asked for again is the same, its experiments and words included.
    told = {}
    while set(told) != {"control", "other"}:
        who, key = site(), {"Idempotency-Key": secrets.token_urlsafe(24)}
        first, again = take(who, **key), take(who, **key)
        assert again == first, unequal(first, again)
        told[first["experiments"][0]["variant"]] = who, key, first
    noticed("stop", MATCH)
    assert "experiments" not in take(site())
    for who, key, first in told.values():
        again = take(who, **key)
        assert "experiments" not in again, "it is over"
        assert again == {k: v for k, v in first.items() if k != "experiments"}, "but says what it said"


def test_the_wall_is_private_while_an_experiment_runs_on_it():
    who = site()
    take(who)
    target = f"{API}/movies?seed=3&limit=40"
    before = who.ask("GET", target, PHONE)
    assert before.headers["Cache-Control"] == "public, max-age=60"
    start(WALL, {"wall": "even"})
    for _ in range(2):
        now = who.ask("GET", target, PHONE)
        assert now.headers["Cache-Control"] == "private, no-store" and now.json()["experiments"][0]["experiment"] == WALL
        assert exposed(WALL) == 1
    assert site().ask("GET", target, PHONE).body == before.body
    noticed("stop", WALL)
    after = who.ask("GET", target, PHONE)
    assert after.body == before.body and after.headers["Cache-Control"] == "public, max-age=60"


def test_texts_come_with_their_page():
    who = site()
    take(who)
    start(WORDS, {"texts": {"home.title.1": {"ko": "다른 제목", "en": "Another title"}}}, traffic=100)
    home = get(f"{API}/home", who)
    assert "experiments" not in home.json(), "a program is not assigned"
    home = who.ask("GET", f"{API}/home", PHONE).json()
    assert ("texts" in home) == (home["experiments"][0]["variant"] == "other")
    noticed("stop", WORDS)
    assert "experiments" not in who.ask("GET", f"{API}/home", PHONE).json()


if __name__ == "__main__":
    stack.main(globals())
