#!/usr/bin/env python3
"""The test as plain forms: as a browser without scripts sends them, and as somebody sends them who is none."""
import html.parser
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from stack import API, ctl, eventually, films, get, main, number, site, sql, take
from stack import send as send_json

SEND = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"}  # a program gets less of a circle
LANGUAGES = ("ko", ""), ("en", "/en")
# What is said of a comparison that is refused: nothing of answers, buttons and questions that are not there.
SAID = {"": ("이 화면을 연 지 오래돼서 아무것도 바뀌지 않았어요.", "이 결과로 친구와 비교하기는 결과의 주인만 시작할 수 있어요.",
             "14세 미만이라고 답했어요. 14세 미만이면 아무것도 저장하지 않아요."),
        "/en": ("This page was opened too long ago, so nothing has changed.", "Only the person whose result this is can begin a comparison with it.",
                "You said that you are under 14. Of who is under 14 nothing is saved.")}


class Form(html.parser.HTMLParser):
    """The form in the main part of a page: fields as they would be sent, choices by name, and what is said about mistakes."""
    def __init__(self, text):
        super().__init__()
        self.fields, self.choices, self.alert, self.links, self.forms, self.method, self.headings = {}, {}, "", [], 0, "", []
        self.inside = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag not in ("input", "br", "meta", "link", "img"):
            self.inside.append((tag, attrs))
        if tag == "a":
            self.links.append(attrs.get("href"))
        if not any(outer == "main" for outer, _ in self.inside):
            return
        if tag == "form":
            self.forms += 1
            self.method = attrs["method"]
        if tag == "input":
            if attrs["type"] in ("radio", "checkbox"):
                self.choices.setdefault(attrs["name"], []).append(attrs["value"])
            if attrs["type"] not in ("radio", "checkbox") or "checked" in attrs:
                self.fields[attrs["name"]] = attrs["value"]

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if any(attrs.get("role") == "alert" for _, attrs in self.inside):
            self.alert += data
        if self.inside and self.inside[-1][0] == "h1":
            self.headings.append(data)


def form(answer, status=200):
    assert answer.status == status and answer.type == "text/html", (answer.status, answer.body[:300])
    read = Form(answer.body.decode())
    assert len(read.headings) == 1 and read.forms <= 1, (read.headings, read.forms)
    return read


def onward(who, at, read, chosen):
    """The page behind a form with these answers."""
    assert read.method == "get"
    assert all(value in read.choices.get(name, []) or name == "q" for name, value in chosen.items()), (chosen, read.choices)
    return form(get(f"{at}/test?" + urlencode(read.fields | chosen), who))


def to_films(who, at, mbti="INFP"):
    read = form(get(f"{at}/test", who))
    for chosen in {"mbti": mbti}, {"style": "withdrawn"}, {"coping": "reactive"}, {"enneagram": "4w5"}:
        read = onward(who, at, read, chosen)
    return read


def three(read, n=3):
    names = [name for name in read.choices if re.fullmatch(r"m\d+", name)][:n]
    assert len(names) == n, read.choices
    return {name: "1" for name in names} | {"age": "14"}


def send(who, at, fields, headers=None, cookie=True):
    return who.ask("POST", f"{at}/test", SEND | (headers or {}), urlencode(fields).encode(), cookie)


def finish(who, at, fields):
    """Until the ticket is old enough; meanwhile the form comes back with everything in it."""
    def taken():
        answer = send(who, at, fields)
        if answer.status != 429:
            return answer
        again = form(answer, 429)
        assert int(answer.headers["Retry-After"]) > 0 and again.alert
        assert {k: again.fields.get(k) for k in fields if k != "q"} == {k: v for k, v in fields.items() if k != "q"}
        return None
    return eventually(taken, what="the ticket to be old enough")


def test_a_whole_way_by_forms():
    for lang, at in LANGUAGES:
        who = site()
        read = to_films(who, at)
        before = number("SELECT COUNT(*) FROM test")
        answer = finish(who, at, read.fields | three(read))
        assert answer.status == 303 and re.fullmatch(at + r"/r/[A-Za-z0-9_-]{22}", answer.headers["Location"]), answer.headers.items()
        assert who.cookie and number("SELECT COUNT(*) FROM test") == before + 1
        result = get(answer.headers["Location"], who)
        assert result.status == 200 and f'<html lang="{lang}">' in result.body.decode()
        token = answer.headers["Location"].rsplit("/", 1)[1]
        told = get(f"{API}/tests/{token}", who).json()
        assert told["mine"] and told["personality"]["mbti"] == "INFP" and len(told["movies"]) == 3
        # Once more, as somebody who is known now: by a ticket of their session.
        read = to_films(who, at, "ESTJ")
        assert finish(who, at, read.fields | three(read, 4)).status == 303
        assert len(get(f"{API}/me/tests", who).json()["items"]) == 2


def test_the_survey_by_forms():
    who = site()
    first = form(get("/test", who))
    link = next(link for link in first.links if "step=survey" in link)
    page = form(get(link, who))
    names = [name for name in page.choices if re.fullmatch(r"s\d+", name)]
    assert len(names) == len(get(f"{API}/survey").json()["mbti"]["items"])
    half = form(get("/test?" + urlencode(page.fields | {name: "4" for name in names[:5]}), who))
    assert half.alert and [half.fields.get(n) for n in names] == ["4"] * 5 + [None] * (len(names) - 5), "what was answered stays"
    said = form(get("/test?" + urlencode(half.fields | {name: "4" for name in names}), who))
    kind = said.headings[0]
    assert re.fullmatch("[EI][SN][TF][JP]", kind)
    read = form(get(next(link for link in said.links if "step=style" in link), who))
    for chosen in {"style": "compliant"}, {"coping": "positive"}, {"enneagram": "2w3"}:
        read = onward(who, "", read, chosen)
    answer = finish(who, "", read.fields | three(read))
    told = get(f"{API}/tests/{answer.headers['Location'][3:]}", who).json()
    assert told["personality"]["mbti"] == kind and told["personality"]["axes"] and told["personality"]["enneagram"] == "2w3"


def test_the_enneagram_is_skipped_by_a_link_from_each_of_its_pages():
    for _, at in LANGUAGES:
        for given in {}, {"style": "withdrawn"}, {"style": "withdrawn", "coping": "reactive"}, {"known": ""}:
            who = site()
            read = onward(who, at, form(get(f"{at}/test", who)), {"mbti": "INFP"})
            if "known" in given:
                read = form(get(next(link for link in read.links if "step=known" in link), who))
            else:
                for name, value in given.items():
                    read = onward(who, at, read, {name: value})
            past, = [link for link in read.links if "enneagram=skip" in link]
            films = form(get(past, who))
            assert not films.alert and films.fields["enneagram"] == "skip" and not {"style", "coping", "enneagram"} & set(films.choices), films.fields
            # Back to the page that was left; an answer there takes the skipping back.
            last = "style" if "known" in given else ("style", "coping", "wing")[len(given)]
            back = form(get(next(link for link in films.links if f"step={last}" in link), who))
            assert ("enneagram" if last == "wing" else last) in back.choices and "enneagram" not in back.fields, back.fields
            answer = finish(who, at, films.fields | three(films))
            assert answer.status == 303, answer.body
            told = get(f"{API}/tests/{answer.headers['Location'].rsplit('/', 1)[1]}", who).json()
            assert (told["personality"]["mbti"], told["personality"]["enneagram"]) == ("INFP", None)
            assert get(f"{API}/me/export", who).json()["tests"][0]["answers"] is None, "half of an answer is none"


def test_films_are_found_and_kept_while_looking():
    who = site()
    read = to_films(who, "")
    first = three(read, 2)
    movie = get(f"{API}/movies/{films(1)[0]}").json()
    found = onward(who, "", read, first | {"q": movie["title"]["ko"]})
    assert f"m{movie['id']}" in found.choices and first.items() <= found.fields.items() and found.fields["q"] == movie["title"]["ko"]
    other = form(get("/test?" + urlencode(found.fields | {f"m{movie['id']}": "1", "q": "", "other": "7"}), who))
    assert first.items() <= other.fields.items() and other.fields[f"m{movie['id']}"] == "1" and other.fields["seed"] == "7"
    assert len(other.choices) > 10
    nothing = onward(who, "", other, {"q": "zz\x01qq\u202exxyy"})
    assert nothing.fields["q"] == "zzqqxxyy", "without what hides or turns text"
    assert first.items() <= nothing.fields.items()
    assert finish(who, "", nothing.fields).status == 303


def test_back_keeps_what_was_answered():
    read = to_films(site(), "")
    query = dict(parse_qsl(urlsplit(next(link for link in read.links if "step=wing" in link)).query))
    assert query["mbti"] == "INFP" and query["style"] == "withdrawn" and query["coping"] == "reactive" and query["ticket"] == read.fields["ticket"]


def test_any_step_with_any_answers_is_a_page():
    for step in "mbti", "survey", "axes", "style", "coping", "wing", "known", "films", "result", "none":
        for enneagram in "", "skip", "4w5", "9w9":
            for more in "", "&style=withdrawn", "&coping=reactive", "&style=zz&coping=zz", "&style=withdrawn&coping=reactive":
                path = f"/test?ticket=x&mbti=INFP&enneagram={enneagram}&step={step}{more}"
                form(get(path))


def page(answer, status=200):
    """A page whose form is not all of it."""
    assert answer.status == status and answer.type == "text/html", (answer.status, answer.body[:300])
    return Form(answer.body.decode())


def test_who_has_a_result_begins_a_circle_by_its_form():
    for _, at in LANGUAGES:
        one, other = site(), site()
        result = f"{at}/r/{take(one)['token']}"
        take(other)
        assert page(get(result, other)).forms == 0, "nobody compares by another's result"
        read = page(get(result, one))
        assert read.method == "post" and read.fields["ticket"]

        def begin(who, fields, headers=None):
            return who.ask("POST", result, SEND | (headers or {}), urlencode(fields).encode(), "Cookie" not in (headers or {}))
        answer = begin(one, read.fields)
        assert answer.status == 303 and re.fullmatch(at + r"/w/[A-Za-z0-9_-]{22}", answer.headers["Location"]), answer.status
        assert begin(one, read.fields).headers["Location"] == answer.headers["Location"], "pressed twice"
        members = get(f"{API}/circles/{answer.headers['Location'].rsplit('/', 1)[1]}", one).json()["members"]
        assert len(members) == 1 and members[0]["mine"] and members[0]["founder"]
        before = number("SELECT COUNT(*) FROM circle_member")
        old, not_theirs, young = SAID[at]
        assert page(begin(one, {"ticket": "x"}), 403).alert == old
        assert page(begin(other, read.fields), 403).alert == not_theirs, "a ticket of somebody else"
        assert begin(one, read.fields, {"Sec-Fetch-Site": "cross-site"}).status == 403
        theirs = form(get(f"{at}/test", other)).fields["ticket"]
        assert page(begin(other, {"ticket": theirs}), 400).alert == not_theirs, "a result of somebody else"
        assert page(begin(one, read.fields, {"Cookie": f"{one.cookie}; mvti-over14=no"}), 400).alert == young
        assert number("SELECT COUNT(*) FROM circle_member") == before
    assert one.ask("POST", "/r/aaaaaaaaaaaaaaaaaaaaaa", SEND, urlencode(read.fields).encode()).status == 404


def test_a_friend_joins_a_circle_by_forms_and_leaves():
    for at in "", "/en":
        one, friend = site(), site()
        circle = send_json(one, "POST", f"{API}/circles", {"test": take(one)["token"]}).json()["circle"]
        path = f"{at}/w/{circle}"
        nobody = form(friend.ask("GET", path, PERSON))
        assert nobody.forms == 0 and f"{at}/test" in nobody.links, "first the test"
        read = to_films(friend, at)
        assert finish(friend, at, read.fields | three(read)).status == 303
        asked = form(friend.ask("GET", path, PERSON))
        assert asked.forms == 1 and asked.method == "post" and asked.choices == {"age": ["14"]}

        def join(fields):
            return friend.ask("POST", path, SEND | PERSON, urlencode(fields).encode())

        def names():
            return [m["name"] for m in get(f"{API}/circles/{circle}").json()["members"]]
        assert "age" not in form(friend.ask("GET", path + "?age=14", PERSON)).fields, "whoever passes a link on could have ticked it"
        assert join(asked.fields | {"name": "바다", "age": "no"}).status == 400
        again = form(join(asked.fields | {"name": "바다"}), 400)
        assert again.alert and again.fields["name"] == "바다" and names() == [None], "nothing is stored of who has not said how old they are"
        assert join(asked.fields | {"name": "바다", "age": "14"}).headers["Location"] == path
        led = Form(friend.ask("GET", path + "?age=14&name=X", PERSON).body.decode())
        assert led.forms == 2 and led.fields["name"] == "바다", "an address says nothing for anybody"
        joined = join({k: v for k, v in led.fields.items() if k != "leave"}).headers["Location"]
        assert joined == path and names() == [None, "바다"], "the age was said when they joined"
        assert names() == [None, "바다"] and "바다" in friend.ask("GET", path, PERSON).body.decode()
        for _ in range(2):  # a double click leaves once
            assert join({"ticket": asked.fields["ticket"], "leave": "1"}).headers["Location"] == (at or "/")
            assert names() == [None]


def test_a_form_to_what_is_gone_says_so():
    one, other, none = site(), site(), "A" * 22
    test = take(one)["token"]
    circle = send_json(one, "POST", f"{API}/circles", {"test": test}).json()["circle"]
    ticket = form(get("/test", one)).fields["ticket"]
    valid = {"ticket": ticket, "test": test, "name": "바다", "age": "14"}
    assert send_json(one, "DELETE", f"{API}/circles/{circle}/me", {}).status == 204
    for at in "", "/en":
        for path in f"{at}/w/{none}", f"{at}/w/{circle}", f"{at}/r/{none}":
            for fields in valid, valid | {"ticket": "x"}, valid | {"age": "no"}, valid | {"test": "x"}, valid | {"name": "x" * 99}, {}:
                for who in one, other:
                    page(who.ask("POST", path, SEND | PERSON, urlencode(fields).encode()), 404)
                crossed = one.ask("POST", path, SEND | {"Sec-Fetch-Site": "cross-site"}, urlencode(fields).encode())
                assert crossed.status == 403, (path, fields, crossed.status)


def test_a_form_of_another_joins_nobody():
    one, friend, other = site(), site(), site()
    circle = send_json(one, "POST", f"{API}/circles", {"test": take(one)["token"]}).json()["circle"]
    theirs = take(friend)["token"]
    take(other)
    ticket = form(friend.ask("GET", f"/w/{circle}", PERSON)).fields["ticket"]
    for who, test in (other, theirs), (site(), theirs):
        assert who.ask("POST", f"/w/{circle}", SEND, urlencode({"ticket": ticket, "test": test, "age": "14"}).encode()).status == 403
    own = form(other.ask("GET", f"/w/{circle}", PERSON)).fields["ticket"]
    assert other.ask("POST", f"/w/{circle}", SEND, urlencode({"ticket": own, "test": theirs, "age": "14"}).encode()).status == 400
    crossed = SEND | {"Sec-Fetch-Site": "cross-site"}
    assert friend.ask("POST", f"/w/{circle}", crossed, urlencode({"ticket": ticket, "test": theirs, "age": "14"}).encode()).status == 403
    young = SEND | {"Cookie": friend.cookie + "; mvti-over14=no"}
    assert friend.ask("POST", f"/w/{circle}", young, urlencode({"ticket": ticket, "test": theirs, "age": "14"}).encode(), False).status == 400
    assert len(get(f"{API}/circles/{circle}").json()["members"]) == 1


def test_what_was_said_of_the_age_goes_back_and_forth():
    for at in "", "/en":
        who = site()
        said = onward(who, at, to_films(who, at), {"age": "14", "q": "a"})
        assert said.fields["age"] == "14", "the search leads back to the films"
        back = form(get(next(link for link in said.links if "step=wing" in link), who))
        assert back.fields["age"] == "14" and back.choices.keys() == {"enneagram"}
        assert onward(who, at, back, {"enneagram": "4w5"}).fields["age"] == "14"
        assert "age" not in to_films(who, at).fields, "nobody is said to be 14 who has not said so"


def rows():
    """How many rows each table has."""
    tables = sql("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE'").split()
    return dict(line.split() for line in sql(" UNION ALL ".join(f"SELECT '{t}', COUNT(*) FROM {t}" for t in tables)).splitlines())


def test_who_is_under_14_gets_the_result_and_leaves_nothing():
    for lang, at in LANGUAGES:
        who, before = site(), rows()
        read = to_films(who, at)
        assert read.choices["age"] == ["14", "no"] and "age" not in read.fields
        sent = read.fields | three(read) | {"age": "no"}
        answer = finish(who, at, sent)
        assert answer.status == 303 and answer.headers["Location"].startswith(f"{at}/test?step=result&"), answer.headers.items()
        for _ in range(2):  # as often as it is loaded
            shown = get(answer.headers["Location"], who)
            read = page(shown)
            text = shown.body.decode()
            assert "no-store" in shown.headers["Cache-Control"] and f'<html lang="{lang}">' in text and 'content="noindex"' in text
            assert read.forms == 0 and not read.alert and shown.body.count(b"<h1") == 1
            assert ("만 14세 미만이라고" if lang == "ko" else "You told us that you are under 14") in text
            people = re.findall(r'href="(?:/en)?/c/(\d+)"', text.split("<main", 1)[1])
            assert ".png?" not in text.split("<main", 1)[1] and "/r/" not in text, "nothing to share"
        assert rows() == before and not who.cookie and not shown.headers.get("Set-Cookie")
        chosen = ",".join(sorted(name[1:] for name in sent if re.fullmatch(r"m\d+", name)))
        told = get(f"{API}/recommendations?mbti=INFP&enneagram=4w5&movies={chosen}").json()
        assert set(map(int, people)) >= {c["id"] for c in told["same"] + told["compatible"]}, "the lists of everybody"


def test_the_result_of_who_is_under_14_needs_every_answer():
    who = site()
    sent = (read := to_films(who, "")).fields | three(read) | {"age": "no", "step": "result"}
    page(get("/test?" + urlencode(sent), who))
    for lacking in {"age": "14"}, {"age": ""}, {"mbti": ""}, {"enneagram": ""}, {name: "" for name in sent if re.fullmatch(r"m\d+", name)}:
        again = form(get("/test?" + urlencode({k: v for k, v in (sent | lacking).items() if v}), who))
        assert again.alert and again.fields["ticket"], lacking
    assert page(get("/test?" + urlencode(sent | {"ticket": "x"}), who)).forms == 0, "it admits to nothing, so it need not be one"


def test_what_the_browser_has_said_of_the_age_holds():
    who, before = site(), rows()
    who.jar.kept[("mvti-over14", "/")] = "no"
    read = to_films(who, "")
    assert read.fields["age"] == "no"
    answer = finish(who, "", read.fields | three(read) | {"age": "no"})
    assert answer.headers["Location"].startswith("/test?step=result&") and rows() == before
    unsaid = to_films(site(), "")
    again = form(finish(site(), "", unsaid.fields | {k: v for k, v in three(unsaid).items() if k != "age"}), 400)
    assert "한 번만 물어볼게요" in again.alert and rows() == before


def test_mistakes_are_said_and_lose_nothing():
    for at, few in ("", "편 더 골라"), ("/en", "more"):
        who = site()
        read = to_films(who, at)
        chosen = three(read, 2)
        again = form(finish(who, at, read.fields | chosen), 400)
        assert few in again.alert and chosen.items() <= again.fields.items(), again.alert
        assert not who.cookie, "nothing was stored, so nobody is remembered"
        missing = form(get(f"{at}/test?" + urlencode({"step": "films", "ticket": read.fields["ticket"], "mbti": "INFP"} | chosen), who))
        assert missing.alert and "style" in missing.choices and chosen.items() <= missing.fields.items()


def test_more_films_than_a_test_takes_are_said_and_kept():
    every = sql("SELECT DISTINCT movie_id FROM film_character ORDER BY movie_id LIMIT 180").split()
    for at, take_away in ("", "{}편을 빼"), ("/en", "take {} away"):
        who = site()
        read = {k: v for k, v in to_films(who, at).fields.items() if k != "q"} | {"age": "14"}
        over = read | {f"m{i}": "1" for i in every[:103]}
        for again in form(finish(who, at, over), 400), form(get(f"{at}/test?" + urlencode(over), who)):
            assert take_away.format(3) in again.alert and "100" in again.alert, again.alert
            assert over.items() <= again.fields.items() and len(again.choices) == 103 + 1, "chosen ones, the age, and no more to choose"
        # More than are read of a form: nothing that was answered before is lost.
        crowded = read | {f"m{i}": "1" for i in every[:180]}
        for again in form(send(who, at, crowded), 400), form(get(f"{at}/test?" + urlencode(crowded), who)):
            assert "100" in again.alert and read.items() <= again.fields.items(), again.alert
        fits = {k: v for k, v in over.items() if k not in {f"m{i}" for i in every[:3]}}
        told = get(f"{API}/tests/{finish(who, at, fits).headers['Location'].rsplit('/', 1)[1]}", who).json()
        assert len(told["movies"]) == 100


def test_other_sites_and_forgers_get_nothing():
    who = site()
    read = to_films(who, "")
    fields = read.fields | three(read)
    rows = "SELECT (SELECT COUNT(*) FROM visitor), (SELECT COUNT(*) FROM test)"
    before = sql(rows)
    for headers in {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "", "Origin": "https://elsewhere.example"}, \
            {"Sec-Fetch-Site": "", "Origin": "null"}, {"Sec-Fetch-Site": ""}:
        assert form(send(who, "", fields, headers), 403).alert
    moment, random, mac = fields["ticket"].split(".")
    for forged in "", "x", f"{int(moment) - 60:012d}.{random}.{mac}", f"{moment}.{random[::-1]}.{mac}", f"{moment}.{random}.{mac[::-1]}", "9" * 79, "A" * 5000:
        again = form(send(who, "", fields | {"ticket": forged}), 403)
        assert again.fields["ticket"] not in (forged, fields["ticket"]) and three(read).items() <= again.fields.items()
    assert send(who, "", {"q": "x" * 20000}).status == 413
    assert who.ask("POST", "/test", SEND | {"Content-Type": "application/json"}, b"{}").status == 415
    for broken in b"ticket=%zz", b"a=1&a=2", b"ticket=%ff", b"&".join(b"m%d=1" % i for i in range(400)):
        assert form(who.ask("POST", "/test", SEND, broken), 400).alert
    assert sql(rows) == before and not who.cookie


def test_a_ticket_is_for_one_test():
    who = site()
    read = to_films(who, "")
    fields = read.fields | three(read)
    first = finish(who, "", fields)
    before = sql("SELECT (SELECT COUNT(*) FROM visitor), (SELECT COUNT(*) FROM test)")
    again = send(site(), "", fields, cookie=False)
    assert again.status == 303 and again.headers["Location"] == first.headers["Location"], "the same answers: the same result"
    other = form(send(site(), "", fields | {"mbti": "ESTJ"}, cookie=False), 409)
    assert other.alert and other.fields["ticket"] != fields["ticket"]
    assert form(send(who, "", fields | {"mbti": "ESTJ"}), 403).alert, "of nobody, from somebody"
    assert sql("SELECT (SELECT COUNT(*) FROM visitor), (SELECT COUNT(*) FROM test)") == before


def test_with_the_database_away_nothing_is_lost():
    who = site()
    read = to_films(who, "/en")
    fields = read.fields | three(read)
    ctl("stop", "mariadb")
    try:
        answer = eventually(lambda: (lambda a: a if a.status != 429 else None)(send(who, "/en", fields)), what="an answer")
        again = form(answer, 503)
        assert again.alert and int(answer.headers["Retry-After"]) > 0
        assert {k: v for k, v in fields.items() if k != "q"}.items() <= again.fields.items(), "also the ticket"
        assert not who.cookie
    finally:
        ctl("start", "mariadb")
    assert eventually(lambda: (lambda a: a if a.status == 303 else None)(send(who, "/en", fields)), 60, "tests are saved again")


if __name__ == "__main__":
    main(globals())
