#!/usr/bin/env python3
"""Visitors with tastes, day by day, through the real HTTP API: what tests of the learning loop and of the analysts' questions run on.

    tests/tools/traffic.py URL [--visitors N] [--days D] [--seed S] [--after-day COMMAND] [--plant EXPERIMENT/VARIANT=CHANCE]... [--finish]

Each visitor comes from somewhere on some device, has a type and loves a genre, answers or gives up, is shown films and chooses those of the
genre more often, looks at the result from the top down and opens cards that are high up or of a film of the genre, likes, shares; friends come
by shared results. Nothing but the API is used, so everything that happens is what a browser could have done. One JSON object of what was done,
counted while doing it, is printed at the end. The same seed does the same against the same catalog. COMMAND is run after each day, for
instance to move what is in the database a day back. Who is given that variant likes what they open with that CHANCE in place of 0.4: a difference
that a report on the experiment has to find. With --finish nobody gives up before their result.
Of each variant the visitors who were given it ("given E/V") and those of them who liked something
afterwards ("liked of E/V") are counted, and their likes ("likes of E/V").
"""
import argparse
import collections
import json
import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "../http"))
from site_client import Site  # noqa: E402

API = "/api/v1"
WRITE = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
TYPES = [a + b + c + d for a in "EI" for b in "NS" for c in "FT" for d in "JP"]
DEVICES = {
    "phone": "Mozilla/5.0 (Linux; Android 14; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36",
    "desktop": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
    "tablet": "Mozilla/5.0 (Linux; Android 13; SM-X906N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
}
SOURCES = [(None, 5), ("m.search.naver.com", 3), ("www.google.com", 2), ("l.instagram.com", 2), ("t.co", 1)]
# What of those who have come so far goes on; the same for everybody, so that a test can plant something else.
STARTS, ANSWERS, FINISHES, COMES_BACK, SHARES, FRIEND_COMES = .85, .97, .9, .25, .2, .5
QUESTIONS = [("survey", 0), ("enneagram", 0), ("enneagram", 1), ("enneagram", 2)]
LOOKS_AT = 7
LIKES = .4


class Visitor:
    def __init__(self, url, rng, friend_of=None):
        self.site, self.rng, self.friend_of = Site(url), rng, friend_of
        self.device = rng.choices(list(DEVICES), [7, 2, 1])[0]
        self.referrer = None if friend_of else rng.choices([s for s, _ in SOURCES], [w for _, w in SOURCES])[0]
        self.mbti = rng.choice(TYPES)
        self.genre = rng.choice(["Animation", "Action", "Romance", "Thriller"])
        self.queue, self.landed = [], False
        self.given, self.liked = {}, set()

    def ask(self, method, path, value=None, wanted=(200, 201, 202)):
        body = None if value is None else json.dumps(value).encode()
        answer = self.site.ask(method, API + path, WRITE | {"User-Agent": DEVICES[self.device]} if method != "GET" else None, body)
        if answer.status not in wanted:
            raise SystemExit(f"{method} {path}: {answer.status} {answer.body[:300]!r}")
        return answer.json()

    def record(self, kind, **facts):
        self.queue.append({"kind": kind, **facts})

    def flush(self):
        while self.queue:
            batch, self.queue = self.queue[:50], self.queue[50:]
            told = self.ask("POST", "/events", batch)
            if told["refused"]:
                raise SystemExit(f"refused: {told['refused']} of {batch}")

    def view(self):
        return self.rng.randrange(1, 2**53)


class World:
    def __init__(self, url, rng, planted, finish):
        self.url, self.rng, self.planted, self.finish = url, rng, planted, finish
        self.done = collections.Counter()
        self.known, self.shared = [], []

    def day(self, newcomers):
        back = [v for v in self.known if self.rng.random() < COMES_BACK]
        friends, self.shared = [t for t in self.shared if self.rng.random() < FRIEND_COMES], []
        fresh = [Visitor(self.url, self.rng) for _ in range(newcomers)] + [Visitor(self.url, self.rng, t) for t in friends]
        for v in back + fresh:
            self.visit(v)
            v.flush()
        self.known = [v for v in self.known + fresh if v.landed]

    def visit(self, v):
        """Counts people for whom it is the first time, and what they do; a step is in `done` as often as in the events."""
        self.done["visits"] += 1
        if not v.landed:
            self.done["visitors"] += 1
            self.done[f"device {v.device}"] += 1
        source = {"path": "/r" if v.friend_of else "/", "locale": "ko"} | ({"referrer": v.referrer} if v.referrer else {})
        self.record(v, "landing", source=source)
        v.landed = True
        if v.friend_of:
            self.record(v, "share_open", test=v.friend_of)
        if self.goes_on(STARTS):
            self.record(v, "start")
            self.test(v)

    def goes_on(self, chance):
        return self.rng.random() < chance or self.finish

    def record(self, v, kind, **facts):
        self.done[kind] += 1
        v.record(kind, **facts)

    def test(self, v):
        for name, position in QUESTIONS:
            if not self.goes_on(ANSWERS):
                return
            self.record(v, "question", list=name, position=position, took=self.rng.randrange(900, 9000))
        chosen = self.films(v)
        if not self.goes_on(FINISHES) or len(chosen) < 3:
            return
        result = v.ask("POST", "/tests", {"mbti": v.mbti, "enneagram": "4w5", "movies": chosen, "locale": "ko"})
        self.done["tests"] += 1
        token = result["token"]
        self.give(v, result.get("experiments", []))
        self.record(v, "result", test=token)
        if v.friend_of:
            self.record(v, "friend", test=v.friend_of)
            v.friend_of = None
        for name in ("same", "compatible"):
            self.look(v, result, name)
        if self.rng.random() < SHARES:
            self.record(v, "share_start", test=token)
            self.record(v, "share", test=token, value="copy")
            self.shared.append(token)

    def give(self, v, made):
        """The variant that a visitor was shown first is the one that they count for."""
        for e in made:
            if e["experiment"] not in v.given:
                v.given[e["experiment"]] = e["variant"]
                self.done[f"given {e['experiment']}/{e['variant']}"] += 1

    def like(self, v):
        for given in v.given.items():
            if given not in v.liked:
                v.liked.add(given)
                self.done["liked of %s/%s" % given] += 1

    def films(self, v):
        wall = v.ask("GET", f"/movies?seed={self.rng.randrange(1, 10**9)}&limit=40")
        place = {"list": "wall", "view": v.view(), "snapshot": wall["snapshot"]}
        chosen = []
        for i, movie in enumerate(wall["items"]):
            self.record(v, "impression", movie=movie["id"], position=i, **place)
            if len(chosen) < 5 and self.rng.random() < (.5 if v.genre in movie["genres"] else .05):
                chosen.append(movie["id"])
                self.record(v, "choose", movie=movie["id"], position=i, **place)
        left = [(i, m) for i, m in enumerate(wall["items"]) if m["id"] not in chosen] if self.finish else []
        for i, movie in left[:max(0, 3 - len(chosen))]:  # whoever does not give up finds three
            chosen.append(movie["id"])
            self.record(v, "choose", movie=movie["id"], position=i, **place)
        return chosen

    def look(self, v, result, name):
        place = {"list": name, "view": v.view(), "snapshot": result["snapshot"], "ranker": result["ranker"], "test": result["token"]}
        likes = next((self.planted[g] for g in v.given.items() if g in self.planted), LIKES)
        for i, who in enumerate(result[name][:LOOKS_AT]):
            self.record(v, "impression", character=who["id"], position=i, **place)
            if self.rng.random() < .5 / (i + 1):
                self.record(v, "click", character=who["id"], position=i, **place)
                if self.rng.random() < likes:
                    v.flush()
                    self.like(v)
                    new = not v.ask("GET", f"/characters/{who['id']}")["liked"]
                    for counted in ("like", *("likes of %s/%s" % given for given in v.given.items())):
                        self.done[counted] += new
                    v.ask("PUT", f"/characters/{who['id']}/like", place | {"position": i})


def planted(text):
    given, chance = text.rsplit("=", 1)
    experiment, variant = given.split("/")
    return (experiment, variant), float(chance)


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    words.add_argument("url")
    words.add_argument("--visitors", type=int, default=100, help="who come for the first time, a day")
    words.add_argument("--days", type=int, default=7)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--after-day")
    words.add_argument("--plant", type=planted, action="append", default=[], metavar="EXPERIMENT/VARIANT=CHANCE")
    words.add_argument("--finish", action="store_true")
    asked = words.parse_args()
    rng = random.Random(asked.seed)
    world = World(asked.url, rng, dict(asked.plant), asked.finish)
    for day in range(asked.days):
        world.day(asked.visitors)
        print(f"day {day + 1} of {asked.days}: {world.done['visits']} visits, {world.done['tests']} tests", file=sys.stderr)
        if asked.after_day:
            subprocess.run(asked.after_day, shell=True, check=True)
    print(json.dumps(dict(sorted(world.done.items()))))


if __name__ == "__main__":
    main()
