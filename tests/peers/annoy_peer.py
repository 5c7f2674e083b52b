#!/usr/bin/env python3
"""Queries a second at the same recall on the same vectors: our forest beside Annoy.
    annoy_peer.py build/tests/bench/forest_bench [TRAIN.txt]
prints one JSON line. The vectors are those of implicit's BPR, 64 long, trained on the lists `user item item …` of TRAIN.txt or, without
it, on 20,000 drawn people who like items of a few of 200 groups, popular ones more. A query is the mean of five items of a person. Both
with 20 trees, inner product, one thread, the ten best; recall against the exact ten. Status 1 where ours is slower at recall
0.95 (interpolated between budgets, in the logarithm of the rate; where one side never reaches it, at its largest budget).
"""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import numpy as np
import scipy.sparse as sp

D, QUERIES, TREES, RUNS, K, RECALL = 64, 2000, 20, 3, 10, 0.95
BUDGETS = (250, 500, 1000, 2000, 4000, 8000, 16000)
PEOPLE, ITEMS, GROUPS = 20000, 20000, 200


def people(path):
    if path:
        with open(path) as f:
            return [[int(i) for i in line.split()[1:]] for line in f]
    r = np.random.default_rng(1)
    group = r.integers(GROUPS, size=ITEMS)
    weight = r.pareto(1.2, ITEMS) + 0.05
    of = [np.flatnonzero(group == g) for g in range(GROUPS)]
    chance = [weight[i] / weight[i].sum() for i in of]
    out = []
    for _ in range(PEOPLE):
        liked = set()
        for g in r.choice(GROUPS, 3, replace=False):
            liked.update(r.choice(of[g], min(len(of[g]), int(r.integers(5, 25))), replace=False, p=chance[g]).tolist())
        out.append(sorted(liked))
    return out


def draw(path):
    from implicit.bpr import BayesianPersonalizedRanking
    lists = people(path)
    rows = np.repeat(np.arange(len(lists)), [len(x) for x in lists])
    x = sp.csr_matrix((np.ones(len(rows), np.float32), (rows, np.concatenate([np.asarray(i, int) for i in lists]))))
    model = BayesianPersonalizedRanking(factors=D - 1, iterations=50, random_state=1, num_threads=1)  # its 64th entry is the item's bias
    model.fit(x, show_progress=False)
    v, r = np.ascontiguousarray(model.item_factors, np.float32), np.random.default_rng(1)
    known = [i for i in lists if len(i) >= 5]
    q = np.stack([v[r.choice(known[u], 5, replace=False)].mean(0) for u in r.integers(len(known), size=QUERIES)])
    return v, q.astype(np.float32)


def annoys(x, q, exact, path):
    from annoy import AnnoyIndex
    index = AnnoyIndex(x.shape[1], "dot")
    index.set_seed(1)
    for i, v in enumerate(x):
        index.add_item(i, v)
    index.build(TREES, n_jobs=1)
    index.save(path)
    rows = [v.tolist() for v in q]
    out = []
    for budget in BUDGETS:
        took = []
        for _ in range(RUNS):
            start = time.perf_counter()
            found = [index.get_nns_by_vector(v, K, search_k=budget) for v in rows]
            took.append(time.perf_counter() - start)
        hits = sum(len(set(f) & set(e)) for f, e in zip(found, exact))
        out.append((budget, hits / (K * len(q)), len(q) / statistics.median(took)))
    return out


def rate_at(points, recall):
    known = sorted((r, np.log(rate)) for _, r, rate in points)  # np.interp stays at the ends
    return float(np.exp(np.interp(recall, *zip(*known))))


def main():
    x, q = draw(sys.argv[2] if len(sys.argv) > 2 else None)
    score = q @ x.T
    best = np.argpartition(-score, K, 1)[:, :K]
    with tempfile.TemporaryDirectory() as top:
        at = lambda name: os.path.join(top, name)
        x.tofile(at("vectors"))
        q.tofile(at("queries"))
        best.astype(np.int32).tofile(at("exact"))
        ran = subprocess.run([sys.argv[1], top, str(x.shape[1]), str(TREES), str(RUNS), *map(str, BUDGETS)], check=True, capture_output=True)
        ours = [(p["budget"], p["recall"], p["per_second"]) for p in map(json.loads, ran.stdout.splitlines())]
        theirs = annoys(x, q, best.tolist(), at("annoy"))
    a, b = rate_at(ours, RECALL), rate_at(theirs, RECALL)
    print(json.dumps({"items": len(x), "vectors": "BPR of " + ("Gowalla" if len(sys.argv) > 2 else "drawn people"), "dimensions": x.shape[1], "trees": TREES, "queries": QUERIES, "recall": RECALL, "mvti_at": round(a, 1), "annoy_at": round(b, 1),
                      "mvti": ours, "annoy": theirs}))
    return 0 if a >= b else 1


if __name__ == "__main__":
    sys.exit(main())
