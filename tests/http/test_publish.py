#!/usr/bin/env python3
"""mvti publish, snapshot and recommend as an operator runs them, on the running stack's database, in a state folder of
the test's own. Expected orders are computed here from SQL and the documented formulas, not by our code."""
import atexit
import collections
import concurrent.futures
import csv
import json
import math
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import urllib.request

import stack

ROOT = pathlib.Path(__file__).resolve().parents[2]
STACK = pathlib.Path(os.environ["MVTI_TEST_STACK"])
BUILD = ROOT / os.environ.get("BUILD", "build")
URL = os.environ["MVTI_TEST_URL"]
state = pathlib.Path(tempfile.mkdtemp(prefix="mvti-publish-"))


def mvti(*args, state_dir=state):
    return stack.mvti("--set", f"state_dir={state_dir}", *args, check=False)


def good(*args):
    run = mvti(*args)
    assert run.returncode == 0, (args, run.returncode, run.stderr)
    return run.stdout


def current():
    return os.readlink(state / "snapshots" / "current")


def snapshots():
    return sorted(p.name for p in (state / "snapshots").glob("*.mvs"))


def fresh_state(blend=False):
    """The stack's models; without the blend, EASE is what is published."""
    shutil.rmtree(state, ignore_errors=True)
    shutil.copytree(STACK / "state" / "models", state / "models")
    shutil.copytree(STACK / "state" / "datasets", state / "datasets")
    shutil.copy(STACK / "state" / "panel.key", state)
    if not blend:
        (state / "models/blend.mvm").unlink()
        good("train", "ease", "--dataset", str(STACK / "state/datasets/current.mvd"))


def one_published():
    """What the tests below begin with."""
    fresh_state()
    good("publish")


def retrain(setting):
    """Another model over the same data, so that another snapshot comes of it."""
    good("train", "ease", "--dataset", str(STACK / "state/datasets/current.mvd"), "--set", setting)


def rows(name):
    with open(ROOT / "sql/sample" / name, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def test_publishing_makes_a_whole_snapshot_and_points_to_it():
    fresh_state()
    said = good("publish")
    assert re.search(r"published [0-9a-f]{16}: \d+ films, \d+ characters", said), said
    path = state / "snapshots" / "current"
    assert "intact" in good("snapshot", "verify", str(path))
    info = good("snapshot", "info", str(path))
    assert '"simulated":true' in info and '"model":"ease"' in info, info
    assert f"films       {len(rows('movies.csv'))} " in info and f"characters  {len(rows('characters.csv'))}" in info, info


def test_the_same_content_has_the_same_name():
    first = current()
    good("publish")
    assert current() == first and snapshots() == [first]


def test_rollback_goes_one_back_and_only_as_far_as_there_is():
    first = current()
    assert mvti("publish", "--rollback").returncode == 66 and current() == first
    retrain("lambda=111")
    good("publish", "--margin", "1")
    assert current() != first and len(snapshots()) == 2
    good("publish", "--rollback")
    assert current() == first
    assert mvti("publish", "--rollback").returncode == 66 and current() == first


def test_old_snapshots_are_removed_but_never_the_current_one():
    for strength in range(200, 206):
        retrain(f"lambda={strength}")
        good("publish", "--margin", "1", "--keep", "3")
    left = snapshots()
    assert 3 <= len(left) <= 4 and current() in left, left


def test_what_a_new_snapshot_takes_the_place_of_stays_however_old_it_is():
    while mvti("publish", "--rollback").returncode == 0:
        pass
    replaced = current()
    retrain("lambda=206")
    good("publish", "--margin", "1", "--keep", "2")
    assert current() != replaced and replaced in snapshots(), (replaced, snapshots())


def test_a_rollback_does_not_lead_to_what_was_rolled_back_before():
    fresh_state()
    names = []
    for strength in (301, 302, 303):
        retrain(f"lambda={strength}")
        good("publish", "--margin", "1")
        names.append(current())
        if strength == 302:
            good("publish", "--rollback")
    first, left, last = names
    good("publish", "--rollback")
    assert current() == first, (current(), names)
    good("publish", "--forward")
    assert current() == last, (current(), names)


def test_a_rollback_of_content_that_came_back_leads_to_what_it_replaced():
    fresh_state()
    names, models, model = [], [], state / "models" / "ease.mvm"
    for strength in (311, 312, None):  # None: the first one's model again
        if strength:
            retrain(f"lambda={strength}")
            models.append(model.read_bytes())
        else:
            model.write_bytes(models[0])
        good("publish", "--margin", "1")
        names.append(current())
    a, b, again = names
    assert again == a != b, names
    for wanted in b, a:
        good("publish", "--rollback")
        assert current() == wanted, (current(), names)
    assert mvti("publish", "--rollback").returncode == 66 and current() == a
    retrain("lambda=313")
    for more in False, True:
        if more:
            good("publish", "--margin", "1")
            names.append(current())
            for wanted in a, b, a:
                good("publish", "--rollback")
                assert current() == wanted, (current(), names)
        for wanted in names[1:]:
            good("publish", "--forward")
            assert current() == wanted, (current(), names)
        end = mvti("publish", "--forward")
        assert end.returncode == 66 and "no newer" in end.stderr and current() == names[-1], (end.stderr, names)


def test_a_snapshot_that_is_worse_is_refused():
    fresh_state()
    retrain("lambda=200")  # the stack's own was measured as a part of the blend
    assert "nothing to compare it with" in mvti("publish").stderr
    before, files = current(), snapshots()
    good("train", "bpr", "--dataset", str(STACK / "state/datasets/current.mvd"), "--set", "epochs=1")
    worse = "--model", str(state / "models/bpr.mvm")
    run = mvti("publish", *worse)
    assert run.returncode == 65, (run.returncode, run.stderr)
    assert re.search(r"worse: NDCG@10 of \d+ people is 0\.\d{4} .*99% interval .*margin is 0\.01.*--force", run.stderr), run.stderr
    assert re.search(r"people of imported ratings +\d+, NDCG@10 0", run.stdout), run.stdout
    assert current() == before and snapshots() == files
    good("publish", *worse, "--margin", "1")
    assert current() != before
    good("publish", "--rollback")
    good("publish", *worse, "--force")
    assert current() != before
    step = json.loads(good("snapshot", "history", "--json"))[0]
    assert step["outcome"] == "live" and step["decision"] == "worse" and "--force" in step["reason"], step


def test_a_failed_publish_leaves_the_published_one():
    before = current()
    for damage in ("missing", "cut"):
        model = state / "models" / "ease.mvm"
        whole = model.read_bytes()
        model.unlink() if damage == "missing" else model.write_bytes(whole[: len(whole) // 2])
        run = mvti("publish")
        assert run.returncode != 0 and ("mvti train" if damage == "missing" else "ease.mvm") in run.stderr, run.stderr
        assert current() == before
        model.write_bytes(whole)
    run = mvti("--set", "reference_dir=/nonexistent", "publish")
    assert run.returncode != 0 and "personality.json" in run.stderr and current() == before, run.stderr


def test_damaged_reference_tables_are_named_by_line():
    before = current()
    damages = [("mbti_compatibility.csv", "INTJ,INTP,84", "INTJ,INTP,840", "mbti_compatibility.csv:3"),
               ("enneagram_similarity.csv", "0.56", "0.57", "not symmetric"),
               ("personality.json", '"core": 9', '"core": 10', "core 1 to 9"),
               ("survey.json", '"tiebreak": true', '"tiebreak": false', "tiebreak")]
    for name, old, new, expected in damages:
        folder = pathlib.Path(tempfile.mkdtemp(prefix="mvti-reference-"))
        shutil.copytree(ROOT / "sql/reference", folder, dirs_exist_ok=True)
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, (name, old)
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
        run = mvti("--set", f"reference_dir={folder}", "publish")
        assert run.returncode == 65 and expected in run.stderr, (name, run.returncode, run.stderr)
        assert current() == before
        shutil.rmtree(folder)


def test_a_blend_is_published_with_the_parts_it_was_made_with():
    fresh_state(blend=True)
    good("publish")
    info = good("snapshot", "info", str(state / "snapshots" / current()))
    kinds = re.findall(r"^model +(\S+), ", info, re.M)
    assert kinds == ["ease-by-length", "admm-slim", "lightgcn++", "bts"], info
    weights = [float(w) for w in re.findall(r"weight ([0-9.]+)$", info, re.M)]
    # Fitted ones add up to 1; where nothing fitted is better, those of the report are taken, 1 and 0.7, less what variety took.
    assert abs(sum(weights) - 1) < 0.01 or 1 < sum(weights) <= 1.71, info
    before = current()
    good("train", "ease-by-length", "--dataset", str(STACK / "state/datasets/current.mvd"), "--set", "lambda3=300")
    run = mvti("publish")
    assert run.returncode == 65 and "ease-by-length.mvm is not the one that blend was made with" in run.stderr, run.stderr
    assert current() == before
    retrain("lambda=300")
    good("publish", "--margin", "1", "--model", str(state / "models/ease.mvm"))
    assert current() != before
    # The content model alone may be made anew: that is how new films come in.
    fresh_state(blend=True)
    good("train", "bts", "--holdout", "0", "--set", "neighbours=30")
    good("publish", "--margin", "1")
    (state / "models/lightgcn++.mvm").unlink()
    run = mvti("publish")
    assert run.returncode == 66 and "lightgcn++.mvm is missing" in run.stderr, run.stderr
    fresh_state()


def test_two_publishers_do_not_meet():
    with concurrent.futures.ThreadPoolExecutor() as pool:
        runs = list(pool.map(lambda _: mvti("publish"), range(6)))
    assert any(r.returncode == 0 for r in runs)
    for r in runs:
        assert r.returncode == 0 or (r.returncode == 75 and "another mvti publish" in r.stderr), r.stderr
    assert "intact" in good("snapshot", "verify", str(state / "snapshots" / "current"))


def test_a_damaged_snapshot_is_named_as_such():
    copy = state / "damaged.mvs"
    data = bytearray((state / "snapshots" / "current").read_bytes())
    data[len(data) // 2] ^= 1
    copy.write_bytes(data)
    run = mvti("snapshot", "verify", str(copy))
    assert run.returncode == 65 and "checksum" in run.stderr, run.stderr
    assert mvti("snapshot", "dance", str(copy)).returncode == 64


def test_the_command_answers_as_the_site_does():
    movies = [m["movie_id"] for m in rows("movies.csv")][5:60:13]
    args = ("--mbti", "enfp", "--enneagram", "7w6", "--movies", ",".join(movies))
    run = mvti("recommend", *args, "--json", state_dir=STACK / "state")
    assert run.returncode == 0, run.stderr
    ours = json.loads(run.stdout)
    with urllib.request.urlopen(f"{URL}/api/v1/recommendations?mbti=ENFP&enneagram=7w6&movies={','.join(movies)}") as a:
        site = json.load(a)
    assert ours["snapshot"] == site["snapshot"]
    for name in ("same", "compatible"):
        assert [c["character_id"] for c in ours[name]] == [c["id"] for c in site[name]]
        assert [c["percent"] for c in ours[name]] == [c["match"]["percent"] for c in site[name]]
        for c in ours[name]:
            assert not c["because"] or abs(sum(b["share"] for b in c["because"]) - 1) < 1e-4


def test_wrong_requests_say_what_is_wrong():
    ids = [m["movie_id"] for m in rows("movies.csv")][:3]
    wrong = [(("--mbti", "XXXX", "--enneagram", "4w5", "--movies", ",".join(ids)), "mbti"),
             (("--mbti", "INFP", "--enneagram", "4w6", "--movies", ",".join(ids)), "enneagram"),
             (("--mbti", "INFP", "--enneagram", "4w5", "--movies", ",".join(ids[:2])), "movies"),
             (("--mbti", "INFP", "--enneagram", "4w5", "--movies", "1,x,3"), "--movies"),
             (("--mbti", "INFP", "--enneagram", "4w5", "--movies", ids[0] + ",2,3"), "no film 2")]
    for args, word in wrong:
        run = mvti("recommend", *args, state_dir=STACK / "state")
        assert run.returncode == (65 if word == "no film 2" else 64) and word in run.stderr, (args, run.returncode, run.stderr)


def sql(query):
    client = ["mariadb", f"--socket={STACK}/run/mysql.sock", "-N", "-B", "-e", query, "mvti"]
    return [line.split("\t") for line in subprocess.run(client, capture_output=True, text=True, check=True).stdout.splitlines()]


def test_rankings_equal_the_documented_formula():
    """F5 of the first service: its ranking was a fixed list. Here it is recomputed from the data."""
    ratings = collections.Counter()
    users = collections.defaultdict(set)
    with open(STACK / "run/tmp/simulated.csv", encoding="utf-8", newline="") as f:
        for r in csv.DictReader(f):
            if float(r["rating"]) >= 3.5:
                users[r["userId"]].add(r["movieId"])
    for liked in users.values():
        ratings.update(liked)
    most = max(ratings.values())
    film = {m["movie_id"]: math.log1p(ratings[m["movie_id"]]) / math.log1p(most) for m in rows("movies.csv")}
    for mbti in ("INFP", "ESTJ"):
        with urllib.request.urlopen(f"{URL}/api/v1/types/{mbti}?limit=50") as a:
            shown = [c["id"] for c in json.load(a)["items"]]
        wanted = sorted((c for c in rows("characters.csv") if c["mbti"] == mbti),
                        key=lambda c: (-round(0.25 * film[c["movie_id"]], 6), int(c["character_id"])))
        assert shown == [int(c["character_id"]) for c in wanted[: len(shown)]], (mbti, shown[:5])


if __name__ == "__main__":
    atexit.register(shutil.rmtree, state, ignore_errors=True)
    before = stack.number("SELECT MAX(publication_id) FROM publication")
    stack.main(dict(globals()), after_failure=one_published, at_end=lambda: stack.forget_publications(before))
