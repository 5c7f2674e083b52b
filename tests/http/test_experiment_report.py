#!/usr/bin/env python3
"""`mvti experiment report` on generated traffic: three experiments at once, each in a layer of its own. In one a variant is truly better, in one both are
the same, and of one a variant loses half of its visitors before they are counted."""
import functools
import json
import os
import subprocess

import stack
from stack import ROOT, STACK, URL, eventually, get, main, sql

EXPERIMENTS = {
    "planted": {"layer": "report-a", "settings": {"match": {"film": 65, "enneagram": 25, "certainty": 10}}},
    "alike": {"layer": "report-b", "settings": {"diversity": {"film_cap": 2, "mmr": 0}}},
    "lossy": {"layer": "report-c", "settings": {"explore": {"share": 0.2, "pool": 4, "temperature": 0.2}}},
}
CHANCE_ALONE = 1e-6  # below this a refusal of an honest experiment is no accident


def mvti(*words):
    return stack.mvti("--quiet", "experiment", *words, check=False)


def good(*words):
    run = mvti(*words)
    assert run.returncode == 0, (words, run.returncode, run.stdout, run.stderr)
    return run.stdout


def report(name, *words):
    return json.loads(good("report", name, "--json", *words))


def start():
    for name, e in EXPERIMENTS.items():
        path = STACK / f"{name}.json"
        path.write_text(json.dumps({"name": name, "layer": e["layer"], "goal": "like", "guard": {"alpha": 0},
                                    "variants": [{"name": "control", "share": 1}, {"name": "other", "share": 1, "settings": e["settings"]}]}))
        good("apply", str(path))
        good("start", name)
    eventually(lambda: get("/readyz").json().get("experiments") == "ready", 20, "workers look for another file once a second")


@functools.cache
def traffic():
    """What the visitors of all these experiments did, once for all tests."""
    program = os.path.join(ROOT, "tests/tools/traffic.py")
    said = subprocess.run([program, URL, "--visitors", "280", "--days", "1", "--seed", "3", "--finish",
                           "--plant", "planted/control=0.1", "--plant", "planted/other=0.8"],
                          check=True, capture_output=True, text=True)
    return json.loads(said.stdout)


def test_before_anybody_was_shown_it():
    assert "Nobody has been shown it yet" in good("report", "planted")
    unknown, wrong = mvti("report", "none"), mvti("report", "planted", "--goal", "money")
    assert unknown.returncode != 0 and "mvti experiment list" in unknown.stderr
    assert wrong.returncode == 65 and "goals are like" in wrong.stderr


def test_visitors_and_conversions_are_those_of_the_traffic():
    done = traffic()
    for name in EXPERIMENTS:
        found = report(name)
        assert found["visitors"] == sum(v["visitors"] for v in found["variants"]) > 0, found
        for v in found["variants"]:
            assert v["visitors"] == done[f"given {name}/{v['name']}"], (name, v, done)
            assert v["converted"] == done.get(f"liked of {name}/{v['name']}", 0), (name, v, done)
        assert abs(sum(v["expected"] for v in found["variants"]) - found["visitors"]) < 1e-6


def test_a_better_variant_wins():
    traffic()
    found = report("planted")
    if found["shares"]["refused"] and found["shares"]["p"] > CHANCE_ALONE:
        return
    other = found["variants"][1]
    assert other["plain"]["verdict"] == "better" and other["cuped"]["verdict"] == "better", found
    assert other["plain"]["low"] > 0 and "other is better than control" in found["verdict"], found
    text = good("report", "planted")
    assert "other is better than control" in text and "can be for everybody" in text, text


def test_of_two_alike_nothing_is_said():
    traffic()
    found = report("alike")
    assert "better" not in found["verdict"] and "worse" not in found["verdict"], found
    assert found["shares"]["p"] > CHANCE_ALONE


def test_a_variant_that_loses_its_visitors_is_refused():
    traffic()
    sql("DELETE x FROM experiment_exposure x JOIN experiment e USING (experiment_id) WHERE e.name = 'lossy' AND x.position = 1 AND x.visitor_id % 4 <> 0")
    found = report("lossy")
    assert found["shares"]["refused"] and found["shares"]["p"] < 0.001, found
    assert found["verdict"].startswith("No verdict: visitors were not divided"), found
    assert "REFUSED" in good("report", "lossy")


def test_an_estimate_is_refused_where_the_log_is_too_small():
    policy = STACK / "policy.json"
    policy.write_text('{"match": {"film": 20, "enneagram": 70, "certainty": 10}}')
    small = mvti("estimate", "lossy", "--policy", str(policy))
    assert small.returncode == 65 and "the log is too small" in small.stderr, small.stderr
    for words, said in ((("--policy", "nobody"), "neither a variant of lossy nor a file"), ((), "--policy is missing"),
                        (("--policy", "other", "--goal", "up"), "of a whole result")):
        run = mvti("estimate", "lossy", *words)
        assert run.returncode != 0 and said in run.stderr, (words, run.stderr)


def test_what_comes_after_the_end_does_not_count():
    traffic()
    good("stop", "alike", "--reason", "seen enough")
    before = report("alike")
    of = "FROM experiment_exposure x JOIN experiment e USING (experiment_id) LEFT JOIN first_visit f ON f.visitor_id = x.visitor_id WHERE e.name = 'alike' " \
         "AND COALESCE(f.bot, 0) = 0 AND NOT EXISTS (SELECT 1 FROM event v WHERE v.visitor_id = x.visitor_id AND v.kind = 'like')"
    for which, microseconds in (("MIN", -1), ("MAX", 0)):
        sql(f"INSERT INTO event (visitor_id, kind, created_at) "
            f"SELECT {which}(x.visitor_id), 'like', MIN(e.stopped_at) + INTERVAL {microseconds} MICROSECOND {of}")
    after = report("alike")
    assert sum(v["converted"] for v in after["variants"]) == sum(v["converted"] for v in before["variants"]) + 1, (before, after)
    assert after["visitors_per_day"] == 0


def stop_all():
    """Other tests start where no experiment runs, whatever became of these."""
    for name in EXPERIMENTS:
        mvti("stop", name)


if __name__ == "__main__":
    try:
        start()
    except BaseException:
        stop_all()
        raise
    main(globals(), at_end=stop_all)
