#!/usr/bin/env python3
"""iALS beside implicit's ALS on the same two cores: how good on MovieLens-100K, how long an iteration.
    implicit_peer.py BUILD WORK     WORK/ml100k/ml100k.{train,valid,test}.inter as split.py left them
prints one JSON line. Both: 64 factors, 16 iterations of three conjugate-gradient steps, float32. Each side's two weights (how much a like counts
and the regularisation) are chosen on the validation part by NDCG@10 from a grid of the same size, then the test part is ranked,
training and validation masked. Time: drawn interactions of MovieLens-1M's size, medians of five runs in turns. Status 1 where ours
is more than 1 % worse or slower.
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as implicit asks: its own threads work
import numpy as np
import scipy.sparse as sp

FACTORS, ITERATIONS, RUNS, K = 64, 16, 5, 10
THEIRS = [(alpha, reg) for alpha in (1, 1.5, 2, 4, 8) for reg in (1, 5, 10, 20, 40)]
OURS = [(alpha0, reg) for alpha0 in (0.03, 0.1, 0.2, 0.3, 0.5) for reg in (0.003, 0.01, 0.02, 0.03, 0.06)]


def matrix(path):
    with open(path) as f:
        next(f)
        pairs = np.array([[int(x) for x in line.split("\t")[:2]] for line in f])
    return sp.csr_matrix((np.ones(len(pairs), np.float32), pairs.T), shape=(944, 1683))


def als(x, alpha, reg, iterations=ITERATIONS):
    from implicit.als import AlternatingLeastSquares
    model = AlternatingLeastSquares(factors=FACTORS, regularization=reg, alpha=alpha, iterations=iterations, random_state=1,
                                    num_threads=len(os.sched_getaffinity(0)))
    model.fit(x, show_progress=False)
    return model


def figures(model, masked, test):
    score = model.user_factors @ model.item_factors.T
    score[masked.nonzero()] = -np.inf
    score[:, 0] = -np.inf  # no item has number 0
    best = np.argsort(-score, 1, kind="stable")[:, :K]
    recall, ndcg, discount = [], [], 1 / np.log2(np.arange(2, K + 2))
    for u in np.flatnonzero(np.diff(test.indptr)):
        held = test.indices[test.indptr[u]:test.indptr[u + 1]]
        hit = np.isin(best[u], held)
        recall.append(hit.sum() / len(held))
        ndcg.append((hit * discount).sum() / discount[:min(K, len(held))].sum())
    return float(np.mean(recall)), float(np.mean(ndcg))


def ours(build, at, setting, test):
    command = [f"{build}/mvti", "--quiet", "--set", "track_runs=0", "evaluate", "ials", "--train", f"{at}.train.inter", "--test", f"{at}.{test}.inter",
               "--format", "inter", "--threshold", "0", "--k", str(K), "--seed", "1", "--json"]
    command += ["--mask", f"{at}.valid.inter"] if test == "test" else []
    for name, value in zip(("factors", "iterations", "alpha0", "lambda"), (FACTORS, ITERATIONS, *setting)):
        command += ["--set", f"{name}={value}"]
    got = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return got["recall"][str(K)], got["ndcg"][str(K)]


def drawn(users=6040, items=3706, n=1000209):
    r = np.random.default_rng(1)
    weight, busy = 1 / np.arange(20, items + 20) ** 0.9, r.weibull(0.7, users) + 0.1
    u = r.choice(users, 2 * n, p=busy / busy.sum())
    pairs = np.unique(u.astype(np.int64) * items + r.choice(items, 2 * n, p=weight / weight.sum()))
    pairs = np.sort(r.choice(pairs, min(n, len(pairs)), replace=False))
    return sp.csr_matrix((np.ones(len(pairs), np.float32), (pairs // items, pairs % items)), shape=(users, items))


def seconds_of_ours(build, x):
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as f:
        c = x.tocoo()
        np.savetxt(f, np.column_stack([c.row, c.col]), "%d")
        f.flush()
        ran = subprocess.run([f"{build}/tests/bench/ials_bench", f.name, str(FACTORS), "6"], check=True, capture_output=True)
    return json.loads(ran.stdout)["iteration_seconds"]


def seconds_of_theirs(x):
    begun = []
    from implicit.als import AlternatingLeastSquares
    model = AlternatingLeastSquares(factors=FACTORS, regularization=0.01, iterations=6, random_state=1, num_threads=len(os.sched_getaffinity(0)))
    model.fit(x, show_progress=False, callback=lambda *a: begun.append(time.perf_counter()))
    return statistics.median(np.diff(begun))


def main():
    build, at = sys.argv[1], f"{sys.argv[2]}/ml100k/ml100k"
    train, valid, test = (matrix(f"{at}.{part}.inter") for part in ("train", "valid", "test"))
    theirs = max(THEIRS, key=lambda s: figures(als(train, *s), train, valid)[1])
    mine = max(OURS, key=lambda s: ours(build, at, s, "valid")[1])
    a, b = figures(als(train, *theirs), train + valid, test), ours(build, at, mine, "test")
    x, took = drawn(), ([], [])
    for _ in range(RUNS):
        took[0].append(seconds_of_theirs(x))
        took[1].append(seconds_of_ours(build, x))
    row = lambda f, t, s: {"recall@10": f[0], "ndcg@10": f[1], "iteration_seconds": round(statistics.median(t), 4), "settings": s}
    line = {"factors": FACTORS, "iterations": ITERATIONS, "grid": len(THEIRS), "interactions": int(x.nnz),
            "implicit": row(a, took[0], f"alpha {theirs[0]}, regularization {theirs[1]}"), "mvti": row(b, took[1], f"alpha0 {mine[0]}, lambda {mine[1]}")}
    print(json.dumps(line))
    good = all(line["mvti"][m] >= 0.99 * line["implicit"][m] for m in ("recall@10", "ndcg@10"))
    return 0 if good and line["mvti"]["iteration_seconds"] <= line["implicit"]["iteration_seconds"] else 1


if __name__ == "__main__":
    sys.exit(main())
