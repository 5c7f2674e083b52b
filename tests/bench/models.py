#!/usr/bin/env python3
"""models.py BUILD RESULTS [DATA]: every model on the same people and protocols, as one table.

Each cell is `mvti evaluate MODEL` with the model's defaults, one process that is measured by itself (tests/bench/measure.c): NDCG, its 99 %
interval over people, seconds of training and peak memory. A cell that was measured is kept in RESULTS/models.json, one line each; remove a line to
measure it anew. ONLY_MODELS="ease dan" and ONLY_COLUMNS="3 10" pick some, CELL_SECONDS (600) is the most that one may take. What is not there, in time
or as data, stays empty. The table goes to RESULTS/models.md and to the terminal. DATA is where Gowalla, LastFM and ml-latest-small are (default
../shared/data); MovieLens-100K is RecBole's file at ML100K."""
import json
import os
import pathlib
import signal
import subprocess
import sys

MODELS = ("popularity item-knn ease ease-by-length ease-sparse edlae rdlae dan chebycf admm-slim slim-sparse ials bpr cdae lightgcn lightgcn++ "
          "recvae ader ader-fitted blend").split()
# Whose scores are not sums over what is given, or only in part.
NOT_SUMS = {"popularity": "no", "ials": "no", "cdae": "no", "recvae": "no", "ader": "two of three members", "ader-fitted": "two of three members"}
SERVED = "blend"


def columns(data, ml100k):
    """Name: (what it is called, k, the options)."""
    people = ["--protocol", "strong", "--hold-out-users", "0.2", "--min-user", "15", "--repeat", "5", "--seed", "1"]
    small = ["--data", str(data / "ml-latest-small/ratings.csv"), "--format", "movielens", "--catalog", str(data / "mvti/movies.csv"), *people]
    hundred = ["--data", str(ml100k), "--format", "inter", *people]

    def split(name):
        return ["--train", str(data / name / "train.txt"), "--test", str(data / name / "test.txt"), "--format", "lists"]

    found = {n: (f"{n} given", 10, [*small, "--given", n]) for n in ("3", "5", "10")}
    found["half"] = "half given", 10, [*small, "--fold-in", "0.5"]
    found |= {f"100k-{n}": (f"100K, {n} given", 10, [*hundred, "--given", n]) for n in ("3", "10")}
    found["100k-half"] = "100K, half given", 10, [*hundred, "--fold-in", "0.5"]
    found["lastfm"] = "LastFM", 20, split("lastfm")
    found["gowalla"] = "Gowalla", 20, split("gowalla-m1")
    return found


def measure(build, model, k, options, seconds):
    """What one cell says, or the reason why it is empty."""
    if not pathlib.Path(options[1]).exists():
        return {"empty": f"no {pathlib.Path(options[1]).name}"}
    command = [build / "tests/bench/measure", build / "mvti", "--quiet", "--set", "track_runs=0", "evaluate", model, *options, "--k", str(k), "--json"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        out, told = run.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)  # what is measured too, which would go on
        run.wait()
        return {"empty": f"more than {seconds:.0f} s"}
    if run.returncode != 0:
        return {"empty": told.strip().splitlines()[-1]}
    said, own = json.loads(told.strip().splitlines()[-1]), json.loads(out)
    return {"ndcg": said["ndcg"][str(k)], "low": said["ndcg_interval"]["low"], "high": said["ndcg_interval"]["high"],
            "train_seconds": said["train_seconds"]} | own


def cell(got):
    if got is None:
        return "–"
    if "empty" in got:
        return f"– ({got['empty']})"
    return f"{got['ndcg']:.4f} ({got['low']:.3f}–{got['high']:.3f})".replace("0.", ".")


def table(wanted, found):
    lines = ["# Every model", "",
             "NDCG@10 of people held out of ml-latest-small's catalog films and of MovieLens-100K, five divisions each, and NDCG@20 of the splits of "
             "LastFM and",
             "Gowalla, each with its 99 % interval (bootstrap over people); defaults. Seconds of training and peak memory are those of the first "
             "column that was",
             "measured. The served one is bold. – was not measured. `make bench ONLY=models`.", ""]
    lines.append("| model | " + " | ".join(title for title, _, _ in wanted.values()) + " | seconds | MiB | exact shares |")
    lines.append("|---|" + "---|" * (len(wanted) + 3))
    for model in MODELS:
        cells = [found.get((model, name)) for name in wanted]
        first = next((c for c in cells if c and "ndcg" in c), None)
        cost = [f"{first['train_seconds']:.1f}", f"{first['peak_mib']:.0f}"] if first else ["–", "–"]
        name = f"**{model}**" if model == SERVED else model
        lines.append(f"| {name} | " + " | ".join(map(cell, cells)) + f" | {' | '.join(cost)} | {NOT_SUMS.get(model, 'yes')} |")
    return "\n".join(lines) + "\n"


def main():
    build, results = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    data = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else "../shared/data")
    wanted = columns(data, os.environ.get("ML100K", build / "peers/ml-100k.inter"))
    path = results / "models.json"
    lines = [json.loads(text) for text in path.read_text().splitlines()] if path.exists() else []
    found = {(line["model"], line["column"]): line for line in lines}
    for name in os.environ.get("ONLY_COLUMNS", " ".join(wanted)).split():
        _, k, options = wanted[name]
        for model in os.environ.get("ONLY_MODELS", " ".join(MODELS)).split():
            if (model, name) in found:
                continue
            found[model, name] = {"model": model, "column": name} | measure(build, model, k, options, float(os.environ.get("CELL_SECONDS", "600")))
            path.write_text("".join(json.dumps(line) + "\n" for line in found.values()))
            print(model, name, cell(found[model, name]), flush=True)
    (results / "models.md").write_text(table(wanted, found))


if __name__ == "__main__":
    main()
