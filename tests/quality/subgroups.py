#!/usr/bin/env python3
"""Is a model worse than popularity for somebody's group? Reads what `mvti evaluate popularity,… --each FILE` wrote. By hand:

    python3 tests/quality/subgroups.py FILE CATALOG.csv

Groups are by what people gave: few raters (the quarter whose films are liked by the fewest), old films (a third of them or more of
before 1990), Korean films (at least one), and all. A line a group and model: people, mean NDCG, and the difference to
popularity's with its 99 % interval, a bootstrap over people. Ends with 1 where a model is worse with certainty."""
import csv
import sys

import numpy as np

OLD, ROUNDS, FEW = 1990, 4000, 20


def read(path):
    """Of each model its figures, and of each person measured what they gave: people are the same in each."""
    figures, people = {}, {}
    for row in csv.DictReader(open(path)):
        person = (int(row["seed"]), int(row["person"]))
        figures.setdefault(row["model"], {})[person] = float(row["ndcg"])
        people[person] = (float(row["raters"]), [int(film) for film in row["given"].split()])
    return figures, people


def groups_of(people, catalog):
    films = {int(row["movie_id"]): row for row in csv.DictReader(open(catalog))}
    few = np.quantile([raters for raters, _ in people.values()], 0.25)

    def old(given):
        return 3 * sum(int(films[film]["year"] or OLD) < OLD for film in given) >= len(given)

    def korean(given):
        return any("한국" in films[film]["country"] for film in given)

    yield "all", list(people)
    yield "few raters", [p for p, (raters, _) in people.items() if raters <= few]
    yield "old films", [p for p, (_, given) in people.items() if old(given)]
    yield "Korean films", [p for p, (_, given) in people.items() if korean(given)]


def main(path, catalog):
    figures, people = read(path)
    rng, worse = np.random.default_rng(0), False
    for group, members in groups_of(people, catalog):
        base = np.array([figures["popularity"][p] for p in members])
        print(f"{group:13} popularity       {len(members):5} people  {base.mean() if len(base) else 0:.4f}")
        for model in figures:
            if model == "popularity" or not members:
                continue
            value = np.array([figures[model][p] for p in members])
            more = value - base
            draws = [more[rng.integers(0, len(more), len(more))].mean() for _ in range(ROUNDS)]
            low, high = np.quantile(draws, (0.005, 0.995))
            said = "too few to say" if len(members) < FEW else "worse" if high < 0 else "better" if low > 0 else ""
            worse = worse or said == "worse"
            print(f"{'':13} {model:16} {'':12}  {value.mean():.4f}  {more.mean():+.4f} ({low:+.4f} to {high:+.4f})  {said}")
    return worse


sys.exit(main(*sys.argv[1:]))
