"""A week of visitors as the owner tries the service: do the figures add up to what happened, does the night learn what many
visitors love and not what one person makes up, does it refuse what is worse and publish what is better, and can an analyst
answer all questions? `make week` runs it; each check prints what it saw."""
import argparse
import base64
import collections
import hashlib
import itertools
import json
import os
import random
import re
import shlex
import shutil
import statistics
import struct
import subprocess
import sys
import time

import traffic
from stack import API, BUILD, ROOT, STACK, URL, eventually, get, send, site, sql
from test_analysis import YESTERDAY, rows, statements

FANS = .05      # of the visitors love the two planted films,
LOVERS = 75     # or so many: a shorter week has to be loud enough as well
FACES = 500     # that one program makes
PUSHED = 6      # films, each looked at by PEOPLE who have nothing to do with who pushes it
PEOPLE = 40
CERTAIN = 2.571  # standard errors of the mean over the films: 95 %, by Student's t of five degrees
# As how many people guests of so many networks are heard on one day, at most: so many, or that share of all (docs/how-it-decides.md).
HEARD = {1: (2, .0005), 50: (3, .001)}
CARRIER = .3    # of the visitors come from a network that they share with hundreds
EXPOSED = ("experiment_exposure", "first_at"), ("experiment_share", "since"), ("experiment", "started_at")
STEPS = "landing", "start", "question", "choose", "result", "click"  # of docs/analysis.md, question 3

# The variant is the site as it is: that visitors like more where it is named is what is planted.
EXPERIMENT = {"name": "same-site", "layer": "result", "goal": "like", "variants": [
    {"name": "control", "share": 50},
    {"name": "warm", "share": 50, "settings": {"diversity": {"film_cap": 2}}}]}


class Week(traffic.World):
    """Visitors of all kinds from many networks, who are counted at each step once, and some who love two films."""

    def __init__(self, rng, loved, visitors):
        super().__init__(URL, rng, {(EXPERIMENT["name"], "warm"): .8}, finish=False)
        self.loved, self.fans = loved, max(FANS, LOVERS / visitors)
        self.reached = collections.defaultdict(set)

    def visit(self, v):
        if not v.landed:
            networks = 5 if self.rng.random() < CARRIER else 60000
            block = self.rng.randrange(networks)
            v.site.source = f"127.{1 + block // 250}.{block % 250}.{self.rng.randrange(1, 250)}"
            v.fan = self.rng.random() < self.fans
        super().visit(v)
        v.flush()
        if v.site.connection:
            v.site.connection.close()
        v.site.connection = None

    def record(self, v, kind, **facts):
        super().record(v, kind, **facts)
        self.reached[kind].add(v)

    def films(self, v):
        chosen = super().films(v)
        for i, movie in enumerate(self.loved if v.fan else ()):
            if movie not in chosen:
                self.record(v, "choose", movie=movie, position=i, list="search", view=v.view())
                chosen.append(movie)
        return chosen


class Report:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, holds, what):
        self.passed += bool(holds)
        self.failed += not holds
        print(("ok     " if holds else "FAILED ") + what, flush=True)


began = time.monotonic()


def took(what):
    print(f"{time.monotonic() - began:7.0f} s  {what}", flush=True)


def mvti(*words, wanted=(0,)):
    run = subprocess.run([BUILD / "mvti", "--config", "jobs.conf", "--quiet", *words], cwd=STACK, capture_output=True, text=True)
    if run.returncode not in wanted:
        raise SystemExit(f"mvti {shlex.join(words)}: {run.returncode}\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
    return run


def night():
    """What the installed night runs (systemd/mvti-nightly.service.in), in its order; the blend as it is trained for a made-up audience, and without
    the pictures, which nothing here looks at."""
    unit = (ROOT / "systemd/mvti-nightly.service.in").read_text()
    for words in re.findall(r"^ExecStart=.*@PREFIX@/bin/mvti --config \S+ --set db_user=\S+ (.*)$", unit, re.M):
        if words == "pictures":
            continue
        words = shlex.split(words) + (shlex.split(os.environ["WEEK_BLEND"]) if words.endswith("train blend") else [])
        took(f"night: mvti {shlex.join(words)}")
        mvti(*words)


def catalog():
    """{film: (type, Enneagram type) of its best known character}, of the films that have one."""
    best = {}
    for movie, mbti, enneagram, *_ in rows("SELECT movie_id, mbti, enneagram FROM film_character ORDER BY movie_id, character_id"):
        best.setdefault(int(movie), (mbti, enneagram))
    return best


def place(film, whose, given):
    """Where the film's first character stands among those like a visitor of their own type who loves `given`; 50: not in the list."""
    found = get(f"{API}/recommendations?mbti={whose[0]}&enneagram={whose[1]}&movies={','.join(map(str, given))}&limit=50").json()
    return next((i for i, who in enumerate(found["same"]) if who["movie"]["id"] == film), 50)


def served():
    """Until every worker answers from the snapshot that is live; each looks for a new one every second."""
    address = f"{API}/recommendations?mbti=INFP&enneagram=4w5&movies={','.join(m for m, in rows('SELECT movie_id FROM movie LIMIT 3'))}"
    eventually(lambda: all(get(address).json()["snapshot"] == live()[0] for _ in range(8)), what="the workers have the live snapshot")


class Watched:
    """A film, and visitors of its character's type who have nothing to do with whoever pushes it."""

    def __init__(self, film, whose, others, block=0, known=()):
        """block: the second byte of the networks of who pushes it; known: two films that they name with it, of which the others love the first."""
        self.film, self.whose, self.others, self.block, self.known = film, whose, others, block, known

    def places(self):
        return [place(self.film, self.whose, given) for given in self.others]

    def look(self):
        served()
        places = self.places()
        return statistics.mean(places), sum(p < 10 for p in places)


def worst_liked(best, given, skip):
    """The films that stand last for who loves `given`, seen by visitors of their own characters' types."""
    places = {film: place(film, whose, given) for film, whose in best.items() if film not in skip and film not in given}
    return sorted(places, key=lambda film: (-places[film], film))


def quick_night():
    """The dataset as every night builds it, and the one model that takes a second."""
    mvti("dataset", "build")
    mvti("train", "ease", "--holdout", "0")
    mvti("publish", "--model", "state/models/ease.mvm", "--force")


def newest():
    return int(sql("SELECT MAX(visitor_id) FROM visitor"))


def held_out():
    """Whether no model is trained on a visitor, by the rule of lib/data/panel.h: one of eight, by a hash with this site's key."""
    with open(os.path.join(STACK, "state/panel.key"), encoding="ascii") as file:
        key = base64.urlsafe_b64decode(file.read().strip() + "=")

    def is_held_out(visitor):
        who = b"mvti panel person\0" + struct.pack("<II", 0, visitor)
        return struct.unpack("<I", hashlib.blake2b(who, key=key, digest_size=32).digest()[:4])[0] < 2**32 // 8
    return is_held_out


def push(watched, besides, people, networks):
    """Tests, each of a new face, with the films that besides(watched, i) says. So many of whom a model may learn: whoever is held out of training goes,
    and another one comes, so that what is compared does not turn on luck."""
    is_held_out, left, made = held_out(), 0, 0
    while left < people:
        last = newest()
        for i in range(made, made + people - left):
            face = site()
            face.source = f"127.{watched.block}.{i % networks}.{1 + i // networks % 250}"
            answer = send(face, "POST", f"{API}/tests", {"mbti": "INFP", "enneagram": "4w5", "movies": [watched.film, *besides(watched, i)]})
            assert answer.status == 201, (answer.status, answer.body[:300])
            face.connection.close()
        came = [int(v) for v, in rows(f"SELECT visitor_id FROM visitor WHERE visitor_id > {last}")]
        made, gone = made + people - left, [v for v in came if is_held_out(v)]
        left += len(came) - len(gone)
        forget(",".join(map(str, gone or [0])))


def forget(visitors):
    sql(f"DELETE test, test_movie FROM test JOIN test_movie USING (test_id) WHERE visitor_id IN ({visitors}); "
        f"DELETE FROM account WHERE visitor_id IN ({visitors}); DELETE FROM visitor WHERE visitor_id IN ({visitors})")


def honest(watched, besides, people):
    """So many whom a provider knows, so that they are heard."""
    last = newest()
    push(watched, besides, people, 1)
    sql(f"INSERT INTO account (visitor_id) SELECT visitor_id FROM visitor WHERE visitor_id > {last}")


def heard_as(networks):
    least, share = HEARD[networks]
    (people,), = rows("SELECT (SELECT SUM(n_users) FROM rating_source) + COUNT(DISTINCT visitor_id) / 4 FROM test")
    return max(least, int(share * (float(people) + PUSHED * FACES / 4)))


class Moved:
    """How far those who push a film bring it: the place that each uninvolved person of each film sees it at."""

    def __init__(self, places):
        self.places = places

    def __str__(self):
        every = list(itertools.chain(*self.places))
        return f"place {statistics.mean(every):.1f}, among ten of {sum(p < 10 for p in every)} of {len(every)}"

    def beyond(self, other, of=float):
        """How much more than the other, in of(place): the mean over films and people, and what of that may be chance: of which films and people these are."""
        more = [statistics.mean(of(b) - of(a) for a, b in zip(*pair)) for pair in zip(self.places, other.places)]
        return statistics.mean(more), CERTAIN * statistics.stdev(more) / len(more) ** .5


def brought_to(attacked, whoever):
    """The night after whoever(film) pushed each film; they have nothing to do with each other, so one night serves all."""
    last = newest()
    for watched in attacked:
        whoever(watched)
    quick_night()
    served()
    places = [watched.places() for watched in attacked]
    forget(",".join(v for v, in rows(f"SELECT visitor_id FROM visitor WHERE visitor_id > {last}")) or "0")
    return Moved(places)


def is_as(report, name, pushed, others):
    """A film may stand no further up than others bring it, beyond chance: on average, and among how many people's first ten."""
    (places, chance), (tens, chance_of_tens) = pushed.beyond(others), pushed.beyond(others, lambda p: -float(p < 10))
    report.check(places <= chance and tens <= chance_of_tens,
                 f"{name}: {pushed}; {places:+.1f} ± {chance:.1f} places more than they, "
                 f"{100 * tens:+.1f} ± {100 * chance_of_tens:.1f} % more see it among ten")


def attacks_move_little(report, attacked, known):
    """What 500 faces move in one day, by the same three films or by changing ones, is what as many honest people move as guests are heard as."""
    named = {film for w in attacked for film in (w.film, *w.known)}
    changing = [film for film in known if film not in named]
    one_trio, trios = lambda w, i: w.known, lambda w, i: (w.known[0], changing[i % len(changing)])
    print(f"       nobody pushes: {brought_to(attacked, lambda w: None)}", flush=True)
    for name, besides, networks in (("the same films", one_trio, 1), ("changing films", trios, 1), ("changing films", trios, 50)):
        people = heard_as(networks)
        few = brought_to(attacked, lambda w: honest(w, besides, people))
        print(f"       {people} honest people, {name}: {few}", flush=True)
        many = brought_to(attacked, lambda w: push(w, besides, FACES, networks))
        is_as(report, f"attack, {FACES} faces of {networks} networks, {name}", many, few)
    others = brought_to(attacked, lambda w: honest(w, trios, people + 2))
    more, chance = others.beyond(few)
    report.check(more > chance, f"what is compared can tell: {people + 2} honest people bring it to {others}, "
                                f"{more:.1f} ± {chance:.1f} places more than {people}")


def funnel_adds_up(report, week):
    (funnel,), = [rows(s) for s in statements()[3]]
    for step, seen in zip(STEPS, map(int, funnel)):
        report.check(seen == len(week.reached[step]), f"funnel, {step}: {seen} visitors, {len(week.reached[step])} were made")
    for kind in ("impression", "like", "share", "friend"):
        kept = int(sql(f"SELECT COUNT(*) FROM v_event WHERE kind = '{kind}'"))
        report.check(kept == week.done[kind], f"events, {kind}: {kept} kept, {week.done[kind]} were made")
    for name in (v["name"] for v in EXPERIMENT["variants"]):
        (counted,), = rows(f"SELECT COALESCE(CAST(SUM(d.likes) AS SIGNED), 0) FROM v_variant_day d JOIN v_experiment_variant v USING (experiment_id, position) "
                           f"WHERE v.name = '{name}'")
        made = week.done[f"likes of {EXPERIMENT['name']}/{name}"]
        report.check(int(counted) == made, f"likes by variant, {name}: {counted} counted, {made} were made")


def analyst_answers(report):
    asked = statements()
    silent = [n for n, every in asked.items() if not all(rows(s) for s in every)]
    report.check(sorted(asked) == list(range(1, 16)) and not silent, f"analyst: {len(asked)} questions, without an answer: {silent}")


def example_answers(report, work):
    """The worked example of docs/duckdb on an export of the week: the same answers as the site's database gives."""
    python = BUILD / "readers-venv/bin/python"
    made = subprocess.run([ROOT / "tests/tools/python-venv", ROOT / "tests/tools/readers.txt", BUILD / "readers-venv"], capture_output=True, text=True)
    if made.returncode != 0:
        print(f"SKIPPED the example: DuckDB cannot be installed: {made.stderr.strip()[-200:]}", flush=True)
        return
    exports = os.path.join(work, "export")
    shutil.rmtree(exports, ignore_errors=True)
    mvti("export", "all", "--out", exports)
    (folder,) = (f for f in os.scandir(exports) if f.is_dir())
    run = subprocess.run([python, ROOT / "tests/export/example.py", folder.path], capture_output=True, text=True)
    told = json.loads(run.stdout) if run.returncode == 0 else {"asked": 0, "unlike": run.stderr[-1000:]}
    report.check(told["asked"] > 0 and not told["unlike"], f"the example: {told['asked']} statements asked of DuckDB, answered otherwise: {told['unlike']}")


def experiment_starts(work):
    path = os.path.join(work, "experiment.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(EXPERIMENT, file)
    mvti("experiment", "apply", path)
    mvti("experiment", "start", EXPERIMENT["name"])
    eventually(lambda: all(get("/readyz").json().get("experiments") == "ready" for _ in range(8)), what="the workers have the experiment")


def better_variant_wins(report):
    found = json.loads(mvti("experiment", "report", EXPERIMENT["name"], "--json").stdout)
    warm = next(v for v in found["variants"] if v["name"] == "warm")
    report.check(warm["plain"]["verdict"] == "better", f"the planted variant: {found['verdict']}")


def live():
    return sql("SELECT snapshot_id, decision FROM publication WHERE outcome = 'live' ORDER BY publication_id DESC LIMIT 1").split("\t")


def worse_is_refused(report):
    before = live()[0]
    mvti("train", "bpr", "--set", "epochs=1", "--holdout", "0")
    mvti("publish", "--model", "state/models/bpr.mvm", wanted=(0, 65))
    outcome, decision, reason = sql("SELECT outcome, decision, reason FROM publication ORDER BY publication_id DESC LIMIT 1").split("\t")
    report.check(outcome == "refused" and decision == "worse" and live()[0] == before, f"a worse model: {outcome}, {decision}: {reason}")


def better_is_published(report):
    mvti("publish", "--model", "state/models/bpr.mvm", "--force")
    mvti("publish")
    _, decision = live()
    report.check(decision == "better", f"the better one after it: live, {decision}")


def main():
    words = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    words.add_argument("--visitors", type=int, default=3000)
    words.add_argument("--days", type=int, default=7)
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    rng, report = random.Random(asked.seed), Report()
    best = catalog()
    known = [int(m) for m, in rows("SELECT movie_id FROM movie ORDER BY movie_id")]
    last = worst_liked(best, known[:3], known[:2 * PUSHED])
    root, pushed = last[0], last[1:1 + PUSHED]
    famous, rest = known[:2 * PUSHED], known[2 * PUSHED:2 * PUSHED + 40]
    loved = worst_liked(best, [root, *rest[:2]], [*famous, *pushed])[0]
    others = [pair for pair in itertools.combinations(rest, 2) if not {root, loved, *pushed} & set(pair)]
    rng.shuffle(others)
    planted = Watched(loved, best[loved], [(root, *pair) for pair in others[:30]])
    attacked = [Watched(film, best[film], [(famous[2 * i], *pair) for pair in others[30 + PEOPLE * i:30 + PEOPLE * (i + 1)]],
                        200 + i, famous[2 * i:2 * i + 2]) for i, film in enumerate(pushed)]
    before = planted.look()

    experiment_starts(os.environ["WEEK_WORK"])
    week = Week(rng, (root, loved), asked.visitors)
    for day in range(asked.days):
        week.day(asked.visitors // asked.days)
        took(f"day {day + 1} of {asked.days}: {week.done['visits']} visits, {week.done['tests']} tests")
        sql(YESTERDAY)
        sql("; ".join(f"UPDATE {table} SET {column} = {column} - INTERVAL 1 DAY" for table, column in EXPOSED))
    took("rollup --anew")
    mvti("rollup", "--anew")
    took("funnel and questions")
    funnel_adds_up(report, week)
    analyst_answers(report)
    example_answers(report, os.environ["WEEK_WORK"])
    better_variant_wins(report)
    night()
    took("what was learned")
    after = planted.look()
    report.check(after[1] > 20 and after[0] < before[0] / 2,
                 f"planted love, loved by {100 * week.fans:g} %: place {before[0]:.1f} → {after[0]:.1f}, among ten of {before[1]} → {after[1]} of 30")
    report.check(live()[1] in ("better", "same"), f"the night: live, {live()[1]}")
    took("a worse model, a better one")
    worse_is_refused(report)
    better_is_published(report)
    took("attacks")
    attacks_move_little(report, attacked, known)
    took("done")
    print(f"{report.passed} passed, {report.failed} failed")
    sys.exit(report.failed > 0)


if __name__ == "__main__":
    os.environ.setdefault("MVTI_TEST_SLOWNESS", "3")
    main()
