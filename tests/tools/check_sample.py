#!/usr/bin/env python3
"""Holds sql/sample and sql/reference to what sql/sample/README.md says of them.

Each check is one test; the last line counts them. Run from anywhere; needs only Python."""
import collections
import csv
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "sql" / "sample"
REFERENCE = ROOT / "sql" / "reference"
GENRES = set("Action Adventure Animation Comedy Crime Documentary Drama Family Fantasy History Horror Music Musical "
             "Mystery Romance Sci-Fi Sport Thriller War Western".split())
WINGS = "1w9 1w2 2w1 2w3 3w2 3w4 4w3 4w5 5w4 5w6 6w5 6w7 7w6 7w8 8w7 8w9 9w8 9w1".split()
HANGUL = re.compile("[가-힣]")
results = []


def check(name, problems):
    problems = list(problems)
    results.append(not problems)
    if problems:
        print(f"FAILED {name}: {len(problems)}: {'; '.join(map(str, problems[:8]))}")


def rows(name):
    with open(SAMPLE / name, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def types():
    return {a + b + c + d for a in "EI" for b in "SN" for c in "TF" for d in "JP"}


movies, characters, plots = rows("movies.csv"), rows("characters.csv"), rows("plots.csv")
ids = [m["movie_id"] for m in movies]
korean = [m for m in movies if m["country"] == "KR"]
check("at least 300 films", [] if len(movies) >= 300 else [len(movies)])
check("at least 40 Korean films", [] if len(korean) >= 40 else [len(korean)])
check("at least 1,200 characters", [] if len(characters) >= 1200 else [len(characters)])
check("film ids are unique", [i for i, n in collections.Counter(ids).items() if n > 1])
check("films are unique", [t for t, n in collections.Counter((m["title_en"], m["year"]) for m in movies).items() if n > 1])
check("years are 1970 to 2025", [m["title_en"] for m in movies if not 1970 <= int(m["year"]) <= 2025])
check("genres are known", [m["title_en"] for m in movies if not m["genres"] or set(m["genres"].split("|")) - GENRES])
check("countries are codes", [m["title_en"] for m in movies if not re.fullmatch("[A-Z]{2}", m["country"])])
check("titles are in both languages", [m["movie_id"] for m in movies if not m["title_ko"] or not m["title_en"]])
check("every film has one plot", set(ids) ^ {p["movie_id"] for p in plots})
check("plots are in both languages",
      [p["movie_id"] for p in plots if not HANGUL.search(p["plot_ko"]) or HANGUL.search(p["plot_en"]) or len(p["plot_en"]) < 40])
tastes = rows("tastes.csv")
check("every film has one taste", [] if sorted(ids) == sorted(t["movie_id"] for t in tastes) else ["other films"])
check("tastes name films as films do", set((m["movie_id"], m["title_en"]) for m in movies) ^ set((t["movie_id"], t["title_en"]) for t in tastes))
check("fame must be from 1 to 10, tone from -2 to 2",
      [t["movie_id"] for t in tastes if not 1 <= int(t["fame"]) <= 10 or not -2 <= int(t["tone"]) <= 2])
fandoms = collections.Counter(f for t in tastes for f in t["fandoms"].split("|"))
check("every film has a fandom", [t["movie_id"] for t in tastes if not t["fandoms"]])
check("every fandom has two films", [f for f, n in fandoms.items() if n < 2])
check("fandoms are no more than the model keeps, and their names fit", [f for f in fandoms if len(f) > 31] + list(fandoms)[128:])
check("characters belong to a film", [c["character_id"] for c in characters if c["movie_id"] not in set(ids)])
check("character ids are unique",
      [i for i, n in collections.Counter(c["character_id"] for c in characters).items() if n > 1])
check("types are valid", [c["name_en"] for c in characters if c["mbti"] not in types() or c["enneagram"] not in WINGS])
check("descriptions are in both languages", [c["name_en"] for c in characters
      if not HANGUL.search(c["description_ko"]) or HANGUL.search(c["description_en"]) or len(c["description_en"]) < 30])
PRESENTATION = re.compile(r"(woman|man|neither|creature|robot)(\|(child|old))?")
check("every character says how it is drawn", [c["name_en"] for c in characters if not PRESENTATION.fullmatch(c["presentation"])])
check("three tags in both languages", [c["name_en"] for c in characters
      if len(re.findall(r"#\S+", c["hashtags"])) != 3 or len(re.findall(r"#\S+", c["hashtags_en"])) != 3])
check("no vote is invented, no image borrowed", [c["name_en"] for c in characters if c["votes"] or c["image_url"]])
per_type = collections.Counter(c["mbti"] for c in characters)
check("each type has 40 characters", [t for t in types() if per_type[t] < 40])
check("each wing type has 30 characters",
      [w for w in WINGS if sum(c["enneagram"] == w for c in characters) < 30])

personality = json.loads((REFERENCE / "personality.json").read_text(encoding="utf-8"))
with open(REFERENCE / "mbti_compatibility.csv", encoding="utf-8", newline="") as f:
    grades = {(r["mbti"], r["other"]): r for r in csv.DictReader(f)}
partner = {a: b for (a, b), r in grades.items() if r["partner"] == "1"}
check("compatibility is symmetric", [k for k, r in grades.items() if grades[k[1], k[0]]["grade"] != r["grade"]])
check("partners are pairs", [a for a in types() if partner.get(partner.get(a)) != a])
check("the partner has the best grade", [k for k, r in grades.items()
      if k[0] != k[1] and int(r["grade"]) > int(grades[k[0], partner[k[0]]]["grade"])])
check("the texts name the partner of the table",
      [t["mbti"] for t in personality["types"] if partner[t["mbti"]] not in t["compatible"]["ko"]])

failed = results.count(False)
print(f"{len(results) - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
