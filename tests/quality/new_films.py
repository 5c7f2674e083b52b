#!/usr/bin/env python3
"""How well films that nobody likes yet are found: by L3AE, whose model they are part of, and by the slope that a blend fits
afterwards for what the texts say of them (lib/model/fusion.h: cold). In NumPy, by the definitions of lib/train/l3ae_train.h.
By hand:

    python3 tests/quality/new_films.py BTS.mvm ratings.csv

Ten divisions: a fifth of the people with 15 likes or more is held out, of a fifth of the films all likes are; of each person so
many of the other films are given, and the new films that they like are to be found. Mean of the people, and the 99 % interval
of the difference by a bootstrap over them."""
import csv
import struct
import sys

import numpy as np

LAMBDA, PULL, TEXTS, DIVISIONS, LEAST = 100, 300, 2, 10, 15
GAIN = 1 / np.log2(np.arange(2, 12))


def read_links(path):
    """A sparse model file: ids and W (lib/base/section_file.h, lib/model/model_file.h)."""
    data = open(path, "rb").read()
    parts = {}
    for i in range(struct.unpack_from("<I", data, 12)[0]):
        tag, _, offset, count, _ = struct.unpack_from("<IIQQQ", data, 128 + 32 * i)
        parts[tag] = (count, offset)
    ids, start = np.frombuffer(data, "<i4", *parts[2]), np.frombuffer(data, "<u8", *parts[6]).astype(int)
    column, strength = np.frombuffer(data, "<i4", *parts[7]), np.frombuffer(data, "<f4", *parts[8])
    links = np.zeros((len(ids), len(ids)))
    for row in range(len(ids)):
        links[row, column[start[row] : start[row + 1]]] = strength[start[row] : start[row + 1]]
    return ids, links


def read_likes(path, ids):
    at = {int(film): k for k, film in enumerate(ids)}
    likes = {}
    for row in csv.DictReader(open(path)):
        if float(row["rating"]) >= 3.5 and int(row["movieId"]) in at:
            likes.setdefault(row["userId"], []).append(at[int(row["movieId"])])
    x = np.zeros((len(likes), len(ids)))
    for user, films in enumerate(likes.values()):
        x[user, films] = 1
    return x


def ease(gram, ridge):
    p = np.linalg.inv(gram + ridge * np.eye(len(gram)))
    b = -p / np.diag(p)
    np.fill_diagonal(b, 0)
    return b


def texts_alone(links):
    k = (links + links.T) / 2
    root = 1 / np.sqrt(np.maximum(k.sum(0), 1e-9))
    return ease(root[:, None] * k * root, TEXTS)


def l3ae(gram, s):
    p = np.linalg.inv(gram + (LAMBDA + PULL) * np.eye(len(gram)))
    ps = PULL * p @ s
    b = ps - p * ((1 + np.diag(ps)) / np.diag(p))
    np.fill_diagonal(b, 0)
    return b


def standard(scores, films):
    among = scores[:, films]
    return (scores - among.mean(1)[:, None]) / np.maximum(among.std(1)[:, None], 1e-9)


def figures(scores, given, held, new):
    """NDCG@10 among the new films, and recall@100 among all."""
    scores = np.where(given > 0, -np.inf, scores)
    best = np.argsort(-np.where(new, scores, -np.inf), axis=1, kind="stable")[:, :10]
    ideal = np.cumsum(GAIN)[np.minimum(10, held.sum(1)).astype(int) - 1]
    hundred = np.argsort(-scores, axis=1, kind="stable")[:, :100]
    return (
        np.take_along_axis(held, best, 1) @ GAIN / ideal,
        np.take_along_axis(held, hundred, 1).sum(1) / held.sum(1),
    )


def draw(row, k, rng):
    out = np.zeros_like(row)
    out[rng.permutation(np.flatnonzero(row))[:k]] = 1
    return out


def divide(x, links, s, seed, say):
    rng = np.random.default_rng(seed)
    people = rng.permutation(np.flatnonzero(x.sum(1) >= LEAST))
    test = people[: len(people) // 5]
    films = rng.permutation(np.flatnonzero(x.sum(0) > 0))
    new = np.zeros(x.shape[1], bool)
    new[films[: len(films) // 5]] = True
    learnt = np.delete(x, test, 0)
    learnt[:, new] = 0
    gram = learnt.T @ learnt
    counted = l3ae(gram, s)
    own = counted.copy()
    own[:, new] = PULL / (LAMBDA + PULL) * s[:, new]
    by_likes = ease(gram, LAMBDA)
    for k in (3, 10):
        known = np.where(new, 0, x[test])
        some = (known.sum(1) >= k) & (x[test][:, new].sum(1) > 0)
        given = np.array([draw(row, k, rng) for row in known[some]])
        held = np.where(new, x[test][some], 0)
        score, text = standard(given @ by_likes, ~new), standard(given @ links, np.ones_like(new))
        slope = (score * text)[:, ~new].sum() / (text[:, ~new] ** 2).sum()
        score[:, new] = slope * text[:, new]
        for name, scores in (("l3ae", given @ own), ("slope", score), ("counted as disliked", given @ counted)):
            say.setdefault((k, name), []).append(figures(scores, given, held, new))


def main(texts, ratings):
    ids, links = read_links(texts)
    x = read_likes(ratings, ids)
    say, s = {}, texts_alone(links)
    for seed in range(DIVISIONS):
        divide(x, links, s, seed, say)
    rng = np.random.default_rng(0)
    for k in (3, 10):
        for which, figure in enumerate(("NDCG@10 among new films", "recall@100 among all films")):
            values = {name: np.concatenate([f[which] for f in say[k, name]]) for (given, name) in say if given == k}
            for name, value in values.items():
                less = values["l3ae"] - value
                draws = [less[rng.integers(0, len(less), len(less))].mean() for _ in range(4000)]
                low, high = np.quantile(draws, (0.005, 0.995))
                print(f"{k:2} given  {figure:27} {name:20} {value.mean():.4f}  l3ae {less.mean():+.4f} ({low:+.4f} to {high:+.4f})")


main(*sys.argv[1:])
