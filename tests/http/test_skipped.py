#!/usr/bin/env python3
"""Who skips the Enneagram: matched by type and films alone, and nothing anywhere says of them what they have not said."""
import json
import re

from stack import API, ROOT, URL, films, get, main, mvti, number, send, site, sql, take
from test_pages import Page

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36"}  # programs are shown no circle


def skip(who, n=3):
    return take(who, enneagram=None, n=n)


def lists(made):
    return made["same"] + made["compatible"]


def test_a_test_without_an_enneagram_is_kept_and_told_as_it_is():
    who = site()
    made = skip(who)
    kind = get(f"{API}/types/INFP").json()
    told = made["personality"]
    assert told["enneagram"] is None and told["wing_name"] is None
    assert told["tags"] == kind["tags"] and told["description"] == kind["description"], "what is said of the type alone"
    assert all(c["match"]["enneagram"] is None and c["match"]["by"] == (None if c in made["same"] else "grade") for c in lists(made))
    assert not any(r["kind"] == "enneagram" for c in lists(made) for r in c["reasons"])
    again = get(f"{API}/tests/{made['token']}", who).json()
    assert (again["personality"], again["same"], again["compatible"]) == (told, made["same"], made["compatible"])
    asked = f"{API}/recommendations?mbti=INFP&movies={','.join(map(str, films(3)))}"
    fresh = get(asked).json()
    assert (fresh["personality"], fresh["same"], fresh["compatible"]) == (told, made["same"], made["compatible"])
    assert get(f"{API}/home", who).json()["mine"]["enneagram"] is None
    assert get(f"{API}/me/tests", who).json()["items"][0]["enneagram"] is None
    assert get(f"{API}/me/export", who).json()["tests"][0]["enneagram"] is None
    test = number(f"SELECT test_id FROM test WHERE token = '{made['token']}' AND enneagram IS NULL AND answers IS NULL")
    assert sql(f"SELECT COUNT(*), COUNT(enneagram_similarity) FROM test_result WHERE test_id = {test}").split() == [str(len(lists(made))), "0"]
    assert sql(f"SELECT COUNT(*), COUNT(enneagram) FROM v_test WHERE test_id = {test}").split() == ["1", "0"]


def test_a_match_keeps_its_meaning():
    """By the formula: what is not known takes no part, and the best there can be is 100 percent."""
    made = skip(site())
    header = (ROOT / "lib/app/recommend.h").read_text()
    weights = [int(re.search(rf"RECOMMEND_{part} = (\d+)", header)[1]) for part in ("FILM", "CERTAINTY", "FAME")]
    for c in made["same"]:
        certainty = next(r["certainty"] for r in c["reasons"] if r["kind"] == "votes")
        parts = c["match"]["film"], certainty, c["match"]["fame"]
        points = 100 * sum(weight * part for weight, part in zip(weights, parts)) / sum(weights)
        assert abs(points - c["match"]["points"]) <= 1.1, (points, c["match"])
    one = get(f"{API}/characters/{made['same'][0]['id']}?mbti=INFP&movies={','.join(map(str, films(3)))}").json()
    assert one["match"]["percent"] == made["same"][0]["match"]["percent"], "one number for one pair"


def test_the_page_of_such_a_result():
    made = skip(site())
    for lang, at in ("ko", ""), ("en", "/en"):
        answer = get(f"{at}/r/{made['token']}")
        read = Page(answer.body.decode())
        assert answer.status == 200 and not read.wrong and not read.open
        said = read.said()
        assert " ".join(made["personality"]["description"][lang]) in said
        assert f"{at}/t/INFP" in read.links and not any(re.search(r"/t/INFP/|/e/", link or "") for link in read.links)
        head = said[:said.index(made["same"][0]["name"][lang])]
        assert "INFP" in head and not re.search(r"\b\dw\d\b", head), head
        assert read.titles == [t for t in read.titles if not re.search(r"\dw\d", t) and "INFP · " in t] and read.titles
        assert not re.search(r"\dw\d", read.meta["og:image:alt"]) and "INFP" in read.meta["og:image:alt"]
        assert get(read.meta["og:image"].removeprefix(URL)).type == "image/png"
        for sentence in re.findall(r'class="because">([^<]*)<', answer.body.decode()):
            assert "에니어그램" not in sentence and "Enneagram" not in sentence, sentence


def test_its_answers_count_again_for_other_films():
    who = site()
    first = skip(who)
    again = send(who, "POST", f"{API}/tests", {"from": first["token"], "movies": films(6)[3:]})
    assert again.status == 201 and again.json()["personality"] == first["personality"], again.body[:300]


def test_two_are_compared_of_whom_one_skipped():
    founder, friend = site(), site()
    mine, theirs = skip(founder), take(friend, mbti="ENFJ", enneagram="2w3", n=4)
    circle = send(founder, "POST", f"{API}/circles", {"test": mine["token"]}).json()["circle"]
    assert send(friend, "PUT", f"{API}/circles/{circle}/me", {"test": theirs["token"]}).status == 200
    told = get(f"{API}/circles/{circle}", founder).json()
    assert [m["enneagram"] for m in told["members"]] == [None, "2w3"]
    assert told["pairs"][0]["enneagram"] is None and told["two"]["enneagram"] is None and told["two"]["grade"] > 0
    assert len(told["two"]["roles"]) == 5 and len(told["two"]["movies"]) > 0
    for at in "", "/en":
        said = Page(founder.ask("GET", f"{at}/w/{circle}", PHONE).body.decode()).said()
        assert "에니어그램" not in said and "Enneagram" not in said and "2w3" in said, said[:500]


def test_a_request_has_to_say_so():
    body = {"mbti": "INFP", "movies": films(3)}
    answer = send(site(), "POST", f"{API}/tests", body)
    assert answer.status == 400 and answer.fields() == {"enneagram"}, "nothing is not null"


def test_the_command_line_can_do_without():
    run = mvti("recommend", "--mbti", "INFP", "--movies", ",".join(map(str, films(3))), "--json")
    said, shown = json.loads(run.stdout), skip(site())
    assert said["enneagram"] is None and [c["character_id"] for c in said["same"]] == [c["id"] for c in shown["same"]]


if __name__ == "__main__":
    main(globals())
