#!/usr/bin/env python3
"""Pages as a crawler reads them: without scripts, from the HTML alone."""
import html.parser
import json

from stack import API, URL, films, get, main

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


def a_character():
    return json.loads(get(f"{API}/characters/{json.loads(get(f'{API}/home').body)['popular'][0]['id']}").body)


def test_a_character_is_told_in_the_html():
    who = a_character()
    read = page(f"/c/{who['id']}")
    said = read.said()
    for text in who["name"]["ko"], who["description"]["ko"], who["movie"]["title"]["ko"], who["mbti"], who["enneagram"], who["plot"]["ko"]:
        assert text in said, text
    for other in who["others"] + who["similar"]:
        assert other["name"]["ko"] in said and f"/c/{other['id']}" in read.links, other["name"]
    assert {f"/m/{who['movie']['id']}", f"/t/{who['mbti']}"} <= set(read.links)
    person = nodes(read)["Person"]
    assert person["name"] == who["name"]["ko"] and person["url"] == f"{URL}/c/{who['id']}"
    assert person["subjectOf"]["@type"] == "Movie"
    way = nodes(read)["BreadcrumbList"]["itemListElement"]
    assert [s["position"] for s in way] == [1, 2, 3] and way[2]["item"] == f"{URL}/c/{who['id']}"


def test_a_film_is_told_in_the_html():
    movie = json.loads(get(f"{API}/movies/{films(1)[0]}").body)
    read = page(f"/m/{movie['id']}")
    said = read.said()
    for text in movie["title"]["ko"], movie["plot"]["ko"], str(movie["year"]):
        assert text in said, text
    for who in movie["characters"]:
        assert who["name"]["ko"] in said and f"/c/{who['id']}" in read.links
    for link in movie["links"]:
        assert link["url"] in read.links
    told = nodes(read)["Movie"]
    assert told["name"] == movie["title"]["ko"] and told["datePublished"] == str(movie["year"])
    assert len(told["character"]) == len(movie["characters"])


def test_a_type_is_told_in_the_html():
    kind = json.loads(get(f"{API}/types/INFP").body)
    read = page("/t/INFP")
    said = read.said()
    for text in kind["name"]["ko"], kind["summary"]["ko"], kind["in_films"]["ko"], kind["compatible"]["text"]["ko"], *kind["description"]["ko"]:
        assert text in said, text
    for who in kind["items"]:
        assert f"/c/{who['id']}" in read.links
    best = sorted((g for g in kind["grades"] if g["mbti"] != "INFP"), key=lambda g: -g["grade"])[:6]
    assert {f"/t/{g['mbti']}" for g in best} <= set(read.links)
    assert [i["item"]["url"] for i in nodes(read)["ItemList"]["itemListElement"]] == [f"{URL}/c/{w['id']}" for w in kind["items"]]


def test_what_is_not_there_is_said_in_words():
    for path in "/c/999999999", "/m/999999999", "/t/XXXX":
        assert get(path).status == 404, path


if __name__ == "__main__":
    main(globals())
