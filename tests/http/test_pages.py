#!/usr/bin/env python3
"""Pages as a crawler reads them: without scripts, from the HTML alone."""
import html.parser
import json
import urllib.parse

from stack import API, URL, films, get, main, site, sql, take

VOID = {"meta", "link", "img", "input", "br"}


class Page(html.parser.HTMLParser):
    """Text, links and heads of a page; open: elements that were not closed in order."""
    def __init__(self, text):
        super().__init__()
        self.text, self.links, self.titles, self.meta, self.rel, self.data, self.tags = [], [], [], {}, [], [], []
        self.open, self.lang, self.wrong = [], None, []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        if tag == "html":
            self.lang = attrs.get("lang")
        if tag == "a":
            self.links.append(attrs.get("href"))
        if tag == "link":
            self.rel.append((attrs.get("rel"), attrs.get("hreflang"), attrs.get("href")))
        if tag == "meta" and "content" in attrs:
            self.meta[attrs.get("property") or attrs.get("name")] = attrs["content"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.wrong.append(tag)

    def handle_data(self, data):
        inside = self.open[-1] if self.open else ""
        if inside == "title":
            self.titles.append(data)
        elif inside == "script":
            self.data.append(data)
        elif "main" in self.open:
            self.text.append(data)

    def said(self):
        return " ".join(" ".join(self.text).split())


def page(path, status=200):
    answer = get(path)
    assert answer.status == status and answer.type == "text/html", (path, answer.status, answer.type)
    read = Page(answer.body.decode())
    assert not read.wrong and not read.open, (path, read.wrong, read.open)
    return read


def nodes(read):
    graphs = [json.loads(d) for d in read.data if d.strip()]
    assert all(g["@context"] == "https://schema.org" for g in graphs)
    return {n["@type"]: n for g in graphs for n in g["@graph"]}


LANGUAGES = ("ko", ""), ("en", "/en")


def a_character():
    return json.loads(get(f"{API}/characters/{json.loads(get(f'{API}/home').body)['popular'][0]['id']}").body)


def test_a_character_is_told_in_the_html():
    who = a_character()
    for lang, at in LANGUAGES:
        read = page(f"{at}/c/{who['id']}")
        said = read.said()
        for text in who["name"][lang], who["description"][lang], who["movie"]["title"][lang], who["mbti"], who["enneagram"], who["plot"][lang]:
            assert text in said, text
        for other in who["others"] + who["similar"]:
            assert other["name"][lang] in said and f"{at}/c/{other['id']}" in read.links, other["name"]
        assert {f"{at}/m/{who['movie']['id']}", f"{at}/t/{who['mbti']}"} <= set(read.links)
        person = nodes(read)["Person"]
        assert person["name"] == who["name"][lang] and person["url"] == f"{URL}{at}/c/{who['id']}"
        assert person["subjectOf"]["@type"] == "Movie"
        way = nodes(read)["BreadcrumbList"]["itemListElement"]
        assert [s["position"] for s in way] == [1, 2, 3] and way[2]["item"] == f"{URL}{at}/c/{who['id']}"


def test_a_film_is_told_in_the_html():
    movie = json.loads(get(f"{API}/movies/{films(1)[0]}").body)
    for lang, at in LANGUAGES:
        read = page(f"{at}/m/{movie['id']}")
        said = read.said()
        for text in movie["title"][lang], movie["plot"][lang], str(movie["year"]):
            assert text in said, text
        for who in movie["characters"]:
            assert who["name"][lang] in said and f"{at}/c/{who['id']}" in read.links
        for link in movie["links"]:
            assert link["url"] in read.links
        told = nodes(read)["Movie"]
        assert told["name"] == movie["title"][lang] and told["datePublished"] == str(movie["year"])
        assert len(told["character"]) == len(movie["characters"])


def test_a_type_is_told_in_the_html():
    kind = json.loads(get(f"{API}/types/INFP").body)
    best = sorted((g for g in kind["grades"] if g["mbti"] != "INFP"), key=lambda g: -g["grade"])[:6]
    for lang, at in LANGUAGES:
        read = page(f"{at}/t/INFP")
        said = read.said()
        for text in kind["name"][lang], kind["summary"][lang], kind["in_films"][lang], kind["compatible"]["text"][lang], *kind["description"][lang]:
            assert text in said, text
        for who in kind["items"]:
            assert f"{at}/c/{who['id']}" in read.links
        assert {f"{at}/t/{g['mbti']}" for g in best} <= set(read.links)
        assert [i["item"]["url"] for i in nodes(read)["ItemList"]["itemListElement"]] == [f"{URL}{at}/c/{w['id']}" for w in kind["items"]]


def a_result(who):
    token = take(who)["token"]
    return token, json.loads(get(f"{API}/tests/{token}", who).body)


def test_a_result_is_told_in_the_html():
    owner = site()
    token, told = a_result(owner)
    for lang, at in LANGUAGES:
        read = page(f"{at}/r/{token}")
        said = read.said()
        kind = told["personality"]
        for text in kind["name"][lang], kind["summary"][lang], kind["compatible"][lang], *kind["description"][lang], kind["mbti"], kind["enneagram"]:
            assert text in said, text
        for who in told["same"] + told["compatible"]:
            assert who["name"][lang] in said and {f"{at}/c/{who['id']}", f"{at}/m/{who['movie']['id']}"} <= set(read.links)
        for film in told["movies"]:
            assert film["title"][lang] in said and f"{at}/m/{film['id']}" in read.links
        percents = [tag[1]["aria-label"] for tag in read.tags if tag[1].get("class") == "ring"]
        assert len(percents) == 40 and all(str(who["match"]["percent"]) in p for who, p in zip(told["same"] + told["compatible"], percents))
        whys = [i for i, (tag, attrs) in enumerate(read.tags) if attrs.get("class") == "because"]
        assert len(whys) == 40 and "[" not in said, "every card says why, with its particles"
        assert read.meta["robots"] == "noindex"


def test_a_result_says_you_to_its_owner_alone():
    owner = site()
    token, _ = a_result(owner)
    lists = {"": ("나와 닮은 인물", "이 사람과 닮은 인물"), "/en": ("Like you", "Like them")}
    for at, mine, theirs in ("", "당신은", "이 사람은"), ("/en", "You are", "This person is"):
        own, other = Page(get(f"{at}/r/{token}", owner).body.decode()).said(), page(f"{at}/r/{token}").said()
        assert own.startswith(mine), own[:200]
        assert other.startswith(theirs), other[:200]
        for said, mark, not_said in (own, *lists[at]), (other, *lists[at][::-1]):
            assert mark in said and not_said not in said, (at, mark)


def test_an_enneagram_type_is_told_in_the_html():
    kind = json.loads(get(f"{API}/enneagrams/4w5").body)
    assert [m["characters"] for m in kind["types"]] == sorted((m["characters"] for m in kind["types"]), reverse=True)
    assert sum(m["characters"] for m in kind["types"]) == kind["characters"]
    for lang, at in LANGUAGES:
        read = page(f"{at}/e/4w5")
        said = read.said()
        for text in kind["name"][lang], kind["statement"][lang], kind["core"][lang], *kind["description"][lang], *(w["text"][lang] for w in kind["with"]):
            assert text in said, text
        for who in kind["items"]:
            assert f"{at}/c/{who['id']}" in read.links
        assert {f"{at}/t/{m['mbti']}/4w5" for m in kind["types"]} | {f"{at}/e/{s['enneagram']}" for s in kind["similar"]} <= set(read.links)
        way = nodes(read)["BreadcrumbList"]["itemListElement"]
        assert [s["item"] for s in way] == [f"{URL}{at or '/'}", f"{URL}{at}/e/4w5"]


def test_a_pair_is_told_in_the_html():
    for mbti, enneagram in ("INFP", "4w5"), ("ESTJ", "4w5"):
        pair = json.loads(get(f"{API}/types/{mbti}/{enneagram}").body)
        who = pair["personality"]
        for lang, at in LANGUAGES:
            read = page(f"{at}/t/{mbti}/{enneagram}")
            said = read.said()
            assert " ".join(who["description"][lang]) in said and who["summary"][lang] in said and who["wing_name"][lang] in said
            for other in pair["items"] + pair["near"]:
                assert f"{at}/c/{other['id']}" in read.links
            assert {f"{at}/t/{mbti}", f"{at}/e/{enneagram}", f"{at}/t/{who['partner']}"} <= set(read.links)
            way = nodes(read)["BreadcrumbList"]["itemListElement"]
            assert [s["item"] for s in way][1:] == [f"{URL}{at}/t/{mbti}", f"{URL}{at}/t/{mbti}/{enneagram}"]
            assert ("ItemList" in nodes(read)) == (pair["characters"] > 0) == bool(pair["items"])
            assert read.meta["og:image"].endswith(f"&enneagram={enneagram}") and get(read.meta["og:image"].removeprefix(URL)).type == "image/png"
        assert all(other["mbti"] == mbti and other["enneagram"] != enneagram for other in pair["near"]) and pair["near"]
    assert pair["characters"] == 0, "the catalog has an ESTJ 4w5 now: choose another pair without anybody"
    assert f"{mbti} {enneagram}" in said and "no ESTJ 4w5 character yet" in said


def languages(read):
    return {lang: href for rel, lang, href in read.rel if rel == "alternate"}


def test_each_language_has_an_address_and_knows_the_other():
    who = a_character()["id"]
    for path in f"/c/{who}", f"/m/{films(1)[0]}", "/t/ENFJ", "/t/ENFJ/2w3", "/e/9w1":
        korean, english = page(path), page("/en" + path)
        both = {"ko": URL + path, "en": f"{URL}/en{path}", "x-default": URL + path}
        assert languages(korean) == languages(english) == both, path
        for read, lang, locale, own in (korean, "ko", "ko_KR", path), (english, "en", "en_US", "/en" + path):
            assert read.lang == lang and read.meta["og:locale"] == locale and read.meta["og:url"] == URL + own, (path, lang)
            assert [href for rel, _, href in read.rel if rel == "canonical"] == [URL + own]
            assert read.meta["og:locale:alternate"] != locale
        assert "/en" + path in korean.links and path in english.links, "the switch of the language"


def test_what_is_shown_elsewhere_is_so_in_the_same_language():
    for asked, to in (("/t/infp", "/t/INFP"), ("/en/t/infp", "/en/t/INFP"), ("/e/4W5", "/e/4w5"), ("/en/t/infp/4W5", "/en/t/INFP/4w5"),
                      ("/t/INFP/4w5/", "/t/INFP/4w5")):
        answer = get(asked)
        assert answer.status == 301 and answer.headers["Location"].removeprefix(URL) == to


def test_what_visitors_think_of_a_type_is_told_in_the_html():
    who = json.loads(get(f"{API}/types/ISTP?limit=20").body)["items"][17]["id"]  # of whom no other test says anything
    words = {"ko": ("아직 투표한 사람이 없어요", "잠정 유형이에요", "의견이 갈려요", "의견이 모였어요"),
             "en": ("No visitor of this site has voted", "Provisional", "Contested", "Agreed")}

    def votes(**counts):
        for part, n in counts.items():
            sql(f"INSERT INTO counter (kind, subject, part, slot, n) VALUES ('votes', {who}, '{part}', 0, {n}) ON DUPLICATE KEY UPDATE n = VALUES(n)")

    def says(n):
        for lang, at in LANGUAGES:
            said = page(f"{at}/c/{who}").said()
            assert words[lang][n] in said, (lang, n, said[-900:])
        return page(f"/c/{who}").said()

    says(0)
    votes(INFP=1, ESTJ=1)
    assert "공동 1위" in says(1)
    votes(INFP=2, ESTJ=2, ENFP=1)
    assert "의견이 갈려요" in says(2)
    votes(INFP=32)
    assert "91%" in says(3) and "1위 INFP 91%, 2위 ESTJ 6%" in says(3)
    sql(f"DELETE FROM counter WHERE kind = 'votes' AND subject = {who}")


def asked(word, at=""):
    return page(f"{at}/search?q={urllib.parse.quote(word)}")


def test_everything_is_found_by_a_plain_form():
    who = a_character()
    film = json.loads(get(f"{API}/movies/{films(1)[0]}").body)
    for lang, at in LANGUAGES:
        for word, link in ((who["name"][lang], f"{at}/c/{who['id']}"), (film["title"][lang], f"{at}/m/{film['id']}"), ("infp", f"{at}/t/INFP"),
                           ("4W5", f"{at}/e/4w5"), ("INFP 4w5", f"{at}/t/INFP/4w5"), ("중재자", f"{at}/t/INFP"),
                           ("4w5 인프피", f"{at}/t/INFP/4w5"), ("INFP 유형", f"{at}/t/INFP")):
            read = asked(word, at)
            assert link in read.links and word in read.said(), (word, at, read.links)
            assert read.meta["robots"] == "noindex"
            other = "/search" if at else "/en/search"
            assert f"{other}?q={urllib.parse.quote(word, safe='~')}" in read.links, "the other language asks the same"
        form = next(attrs for tag, attrs in asked("x", at).tags if tag == "form")
        assert form["action"] == f"{at}/search" and form.get("method", "get") == "get"


def test_what_is_typed_becomes_no_markup_and_is_forgiven_a_slip():
    film = json.loads(get(f"{API}/movies/{films(1)[0]}").body)
    read = asked('"><script>alert(1)</script>')
    assert '"><script>alert(1)</script>' in next(attrs["value"] for tag, attrs in read.tags if attrs.get("id") == "search-q")
    long = film["title"]["en"]
    slip = long[:3] + long[4:] if len(long) > 6 else long
    assert f"/m/{film['id']}" in asked(slip).links, slip
    for word in "zzzqqq", "!?", "가" * 200:
        assert not [to for to in asked(word).links if to.startswith(("/c/", "/m/", "/t/", "/e/"))], word
    assert get("/search?q=%ff").status == 200, "an address that is no text"


def test_the_first_page_tells_search_engines_where_to_search():
    for _, at in LANGUAGES:
        action = nodes(page(at or "/"))["WebSite"]["potentialAction"]
        to = action["target"]["urlTemplate"].removeprefix(URL)
        assert action["@type"] == "SearchAction" and to.startswith(f"{at}/search?q=")
        assert f"{at}/t/INFP" in page(to.replace("{search_term_string}", "infp")).links


def test_what_is_typed_is_said_again_as_it_is():
    for q in "대부[을]", "{q}[과]":
        assert q in "".join(page("/search?q=" + urllib.parse.quote(q)).text), q
    assert "/t/INFP" in page("/search?q=%20%20").links, "blanks are no word"


def test_what_hides_or_turns_text_is_not_said_again():
    unseen = "\x01\x07\x1b\u202e\u200b\u2066"
    shown = page("/search?q=" + urllib.parse.quote(unseen.join("zzz대부")))
    said = "".join(shown.text) + "".join(str(value) for _, attrs in shown.tags for value in attrs.values())
    assert "zzz대부" in said and not set(unseen) & set(said), said


def test_what_is_not_there_is_said_in_words():
    for lang, at in LANGUAGES:
        for path in "/c/999999999", "/m/999999999", "/t/XXXX", "/t/INFP/4w6", "/t/INFP/x", "/e/4w6", "/e/1", "/nowhere":
            answer = get(at + path)
            assert answer.status == 404 and f'<html lang="{lang}">' in answer.body.decode(), (at, path)


if __name__ == "__main__":
    main(globals())
