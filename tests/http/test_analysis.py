#!/usr/bin/env python3
"""What analysts read: the statements of docs/analysis.md on generated traffic, and docs/tables.md against the database."""
import json
import os
import re
import subprocess

from stack import BUILD, ROOT, STACK, URL, eventually, get, main, number, site, sql, take

MOVED = {"event": "created_at", "list_view": "created_at", "visitor": "created_at", "first_visit": "created_at", "test": "created_at",
         "character_like": "created_at"}
YESTERDAY = "; ".join(f"UPDATE {table} SET {column} = {column} - INTERVAL 1 DAY" for table, column in MOVED.items())


def statements():
    """{number of the question: [statement, …]}"""
    with open(os.path.join(ROOT, "docs/analysis.md"), encoding="utf-8") as file:
        parts = re.split(r"^## (\d+)\. ", file.read(), flags=re.M)
    return {int(n): re.findall(r"^```sql\n(.*?);?\n```", text, flags=re.M | re.S) for n, text in zip(parts[1::2], parts[2::2])}


def rows(statement):
    lines = sql(statement.rstrip(";")).splitlines()
    return [line.split("\t") for line in lines]


def kinds():
    return {kind: int(n) for kind, n in rows("SELECT kind, COUNT(*) FROM v_event GROUP BY kind")}


def start_an_experiment(name="asked"):
    """In a layer of its own, with two variants, until stop_it()."""
    path = os.path.join(STACK, f"{name}.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"name": name, "layer": name, "goal": "like", "guard": {"alpha": 0}, "variants": [
            {"name": "control", "share": 1}, {"name": "other", "share": 1, "settings": {"diversity": {"film_cap": 2, "mmr": 0}}}]}, file)
    for words in ("apply", path), ("start", name):
        run = subprocess.run([BUILD / "mvti", "--config", "jobs.conf", "experiment", *words], cwd=STACK, capture_output=True, text=True)
        assert run.returncode == 0 or "runs already" in run.stderr, run.stderr
    eventually(lambda: all(get("/readyz").json().get("experiments") == "ready" for _ in range(10)), what="the workers have the experiment")


def stop_it(name="asked"):
    """What comes afterwards is asked of a site without it."""
    subprocess.run([BUILD / "mvti", "--config", "jobs.conf", "experiment", "stop", name], cwd=STACK, check=False, capture_output=True)
    eventually(lambda: all("experiments" not in take(site()) for _ in range(10)), what="the workers know that it is over")


def generate():
    program = os.path.join(ROOT, "tests/tools/traffic.py")
    move = ["--after-day", "mariadb --no-defaults -S '%s' mvti -e '%s'" % (os.path.join(STACK, "run/mysql.sock"), YESTERDAY)]
    said = subprocess.run([program, URL, "--visitors", "40", "--days", "2", *move], check=True, capture_output=True, text=True)
    return json.loads(said.stdout)


def test_the_questions_are_answered_from_generated_traffic():
    try:
        start_an_experiment()
        before, tests = kinds(), number("SELECT COUNT(*) FROM v_test")
        done = generate()
        after = kinds()
        made = number("SELECT COUNT(*) FROM v_test") - tests
    finally:
        stop_it()
    for kind in ("landing", "start", "question", "choose", "impression", "click", "like", "result", "share_start", "share", "share_open", "friend"):
        assert after.get(kind, 0) - before.get(kind, 0) == done.get(kind, 0), (kind, before, after, done)
    assert made == done["tests"]
    subprocess.run([BUILD / "mvti", "--config", "jobs.conf", "rollup"], cwd=STACK, check=True, capture_output=True)
    asked = statements()
    assert sorted(asked) == list(range(1, 16)) and all(asked.values())
    answers = {n: [rows(s) for s in all_of_it] for n, all_of_it in asked.items()}
    assert all(answer for all_of_it in answers.values() for answer in all_of_it), {n: [len(a) for a in s] for n, s in answers.items()}
    # Days: what was generated lies on two of them, which the shift has made yesterday and the day before.
    assert len(answers[2][0]) >= 2
    (funnel,), = answers[3]
    landed, started, answered, chose, result, *_ = map(int, funnel)
    assert landed >= started >= answered >= chose >= result > 0, funnel
    # What is looked at first is opened most.
    ctr = {(name, int(place)): float(share) for name, place, _, _, share in answers[7][0] if share != "NULL" and name == "same"}
    assert ctr["same", 0] > ctr["same", 6], ctr
    # From a rendering to the run behind it: every model of a snapshot that was live has one, and its dataset.
    live, = rows("SELECT snapshot_id FROM v_publication WHERE outcome = 'live' ORDER BY publication_id DESC LIMIT 1")[0]
    lineage = [line for line in answers[8][1] if line[0] == live]
    assert lineage and all(dataset != "NULL" and run != "NULL" and int(views) > 0 for _, _, _, _, dataset, run, views, _ in lineage), lineage
    people = number("SELECT COUNT(*) FROM first_visit")
    assert sum(int(line[2]) for line in answers[13][0]) == sum(int(line[1]) for line in answers[13][1]) == people
    assert sum(int(line[3]) for line in answers[13][0]) == number("SELECT COUNT(DISTINCT t.visitor_id) FROM test t JOIN first_visit f USING (visitor_id)")
    assert {device for device, *_ in answers[13][0]} >= {"phone", "desktop"}
    assert "m.search.naver.com" in {source for source, *_ in answers[13][1]}


def test_the_dictionary_is_that_of_the_database():
    made = subprocess.run([os.path.join(ROOT, "tools/dictionary"), "mvti", os.path.join(STACK, "run/mysql.sock")], check=True, capture_output=True,
                          text=True).stdout
    with open(os.path.join(ROOT, "docs/tables.md"), encoding="utf-8") as file:
        kept = file.read()
    assert "MISSING" not in made
    assert made == kept, "docs/tables.md is old: tools/dictionary mvti %s/run/mysql.sock >docs/tables.md" % STACK


if __name__ == "__main__":
    main(globals())
