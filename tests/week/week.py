"""A week of visitors as the owner tries the service: do the figures add up to what happened, does the night learn what many
visitors love and not what one person makes up, does it refuse what is worse and publish what is better, and can an analyst
answer all questions? `make week` runs it; each check prints what it saw."""
import argparse
import collections
import itertools
import json
import os
import random
import re
import shlex
import statistics
import subprocess
import sys

import traffic
from stack import API, BUILD, ROOT, STACK, URL, eventually, get, send, site, sql
from test_analysis import YESTERDAY, rows, statements

FANS = .05      # of the visitors love the two planted films
FACES = 500     # that one program makes
# What docs/how-it-decides.md says that they move: of 50 places, and of 30 people who see the film among ten.
BOUNDS = {1: (10, 0), 50: (30, 3)}
CARRIER = .3    # of the visitors come from a network that they share with hundreds
EXPOSED = ("experiment_exposure", "first_at"), ("experiment_share", "since"), ("experiment", "started_at")
STEPS = "landing", "start", "question", "choose", "result", "click"  # of docs/analysis.md, question 3

# The variant is the site as it is: that visitors like more where it is named is what is planted.
EXPERIMENT = {"name": "same-site", "layer": "result", "goal": "like", "variants": [
    {"name": "control", "share": 50},
    {"name": "warm", "share": 50, "settings": {"diversity": {"film_cap": 2}}}]}


class Week(traffic.World):
    """Visitors of all kinds from many networks, who are counted at each step once, and some who love two films."""

    def __init__(self, rng, loved):
        super().__init__(URL, rng, {(EXPERIMENT["name"], "warm"): .8}, finish=False)
        self.loved = loved
        self.reached = collections.defaultdict(set)

    def visit(self, v):
        if not v.landed:
            networks = 5 if self.rng.random() < CARRIER else 60000
            block = self.rng.randrange(networks)
            v.site.source = f"127.{1 + block // 250}.{block % 250}.{self.rng.randrange(1, 250)}"
            v.fan = self.rng.random() < FANS
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


def mvti(*words, wanted=(0,)):
    run = subprocess.run([BUILD / "mvti", "--config", "jobs.conf", "--quiet", *words], cwd=STACK, capture_output=True, text=True)
    if run.returncode not in wanted:
        raise SystemExit(f"mvti {shlex.join(words)}: {run.returncode}\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
    return run


def night():
    """What the installed night runs (systemd/mvti-nightly.service.in), in its order."""
    unit = (ROOT / "systemd/mvti-nightly.service.in").read_text()
    for words in re.findall(r"^ExecStart=.*@PREFIX@/bin/mvti --config \S+ --set db_user=\S+ (.*)$", unit, re.M):
        print(f"  night: mvti {words}", flush=True)
        said = mvti(*shlex.split(words)).stderr
    return said


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

    def __init__(self, film, whose, others):
        self.film, self.whose, self.others = film, whose, others

    def look(self):
        served()
        places = [place(self.film, self.whose, given) for given in self.others]
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


def push(film, besides, faces, networks):
    """One program, a new face for each of its tests, with the films that besides(i) says."""
    for i in range(faces):
        face = site()
        face.source = f"127.200.{i % networks}.{1 + i // networks % 250}"
        answer = send(face, "POST", f"{API}/tests", {"mbti": "INFP", "enneagram": "4w5", "movies": [film, *besides(i)]})
        assert answer.status == 201, (answer.status, answer.body[:300])
        face.connection.close()


def forget(last):
    sql(f"DELETE test, test_movie FROM test JOIN test_movie USING (test_id) WHERE visitor_id > {last}; DELETE FROM account WHERE visitor_id > {last}; "
        f"DELETE FROM visitor WHERE visitor_id > {last}")


def attacks_move_little(report, attacked, famous, known):
    """What 500 faces move in one day, by the same three films or by changing ones; for comparison, six people with accounts."""
    last = int(sql("SELECT MAX(visitor_id) FROM visitor"))
    quick_night()
    before = attacked.look()
    push(attacked.film, lambda i: famous, 6, 1)
    sql(f"INSERT INTO account (visitor_id) SELECT visitor_id FROM visitor WHERE visitor_id > {last}")
    quick_night()
    six = attacked.look()
    print(f"       six accounts: place {before[0]:.1f} → {six[0]:.1f}, among ten of {before[1]} → {six[1]}", flush=True)
    forget(last)
    changing = [film for film in known if film not in (attacked.film, famous[0])]
    for networks, name, besides in ((1, "the same films", lambda i: famous), (1, "changing films", lambda i: (famous[0], changing[i % len(changing)])),
                                    (50, "changing films", lambda i: (famous[0], changing[i % len(changing)]))):
        push(attacked.film, besides, FACES, networks)
        quick_night()
        after, (places, people) = attacked.look(), BOUNDS[networks]
        report.check(after[0] >= before[0] - places and after[1] <= before[1] + people,
                     f"attack, {FACES} faces of {networks} networks, {name}: place {before[0]:.1f} → {after[0]:.1f}, "
                     f"among ten of {before[1]} → {after[1]} of 30 uninvolved")
        forget(last)


def funnel_adds_up(report, week):
    (funnel,), = [rows(s) for s in statements()[3]]
    for step, seen in zip(STEPS, map(int, funnel)):
        report.check(seen == len(week.reached[step]), f"funnel, {step}: {seen} visitors, {len(week.reached[step])} were made")
    for kind in ("impression", "like", "share", "friend"):
        kept = int(sql(f"SELECT COUNT(*) FROM v_event WHERE kind = '{kind}'"))
        report.check(kept == week.done[kind], f"events, {kind}: {kept} kept, {week.done[kind]} were made")


def analyst_answers(report):
    asked = statements()
    silent = [n for n, every in asked.items() if not all(rows(s) for s in every)]
    report.check(sorted(asked) == list(range(1, 16)) and not silent, f"analyst: {len(asked)} questions, without an answer: {silent}")


def experiment_starts(work):
    path = os.path.join(work, "experiment.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(EXPERIMENT, file)
    mvti("experiment", "apply", path)
    mvti("experiment", "start", EXPERIMENT["name"])


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
    famous = known[:2]
    last = worst_liked(best, famous + known[2:3], ())
    root, loved, pushed = last[0], last[1], last[2]
    others = [pair for pair in itertools.combinations(known[3:40], 2) if not {root, loved, pushed} & set(pair)]
    rng.shuffle(others)
    planted = Watched(loved, best[loved], [(root, *pair) for pair in others[:30]])
    attacked = Watched(pushed, best[pushed], [(famous[0], *pair) for pair in others[30:60]])
    before = planted.look()

    experiment_starts(os.environ["WEEK_WORK"])
    week = Week(rng, (root, loved))
    for day in range(asked.days):
        week.day(asked.visitors // asked.days)
        print(f"  day {day + 1} of {asked.days}: {week.done['visits']} visits, {week.done['tests']} tests", flush=True)
        sql(YESTERDAY)
        sql("; ".join(f"UPDATE {table} SET {column} = {column} - INTERVAL 1 DAY" for table, column in EXPOSED))
    mvti("rollup", "--anew")
    funnel_adds_up(report, week)
    analyst_answers(report)
    better_variant_wins(report)
    night()
    after = planted.look()
    report.check(after[1] > 20 and after[0] < before[0] / 2,
                 f"planted love, loved by {100 * FANS:g} %: place {before[0]:.1f} → {after[0]:.1f}, among ten of {before[1]} → {after[1]} of 30")
    report.check(live()[1] in ("better", "same"), f"the night: live, {live()[1]}")
    worse_is_refused(report)
    better_is_published(report)
    attacks_move_little(report, attacked, famous, known)
    print(f"{report.passed} passed, {report.failed} failed")
    sys.exit(report.failed > 0)


if __name__ == "__main__":
    os.environ.setdefault("MVTI_TEST_SLOWNESS", "3")
    main()
