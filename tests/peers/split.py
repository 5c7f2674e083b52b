"""MovieLens-100K, divided once, in files that both sides read.

    split.py ML-100K.inter OUT     from RecBole's package: recbole/dataset_example/ml-100k/ml-100k.inter

RecBole's default protocol (RO_RS 0.8/0.1/0.1 by user, every rating an interaction): each user's rows are shuffled, then cut
where recbole.data.Dataset._calcu_split_ids would cut. OUT/ml100k/ml100k.{train,valid,test}.inter is RecBole's
benchmark_filename (a data set called ml-100k it would look for in its own package); MVTI reads the same three files with --format inter --threshold 0.
"""
import pathlib
import sys

import numpy as np

RATIOS = (0.8, 0.1, 0.1)
SEED = 2020  # RecBole's default


def counts(total):
    parts = [int(r * total) for r in RATIOS]
    parts[0] = total - sum(parts[1:])
    for i in range(1, len(RATIOS)):
        if parts[0] <= 1:
            break
        if 0 < RATIOS[-i] * total < 1:
            parts[-i] += 1
            parts[0] -= 1
    return parts


def main(source, out):
    lines = pathlib.Path(source).read_text().splitlines()
    head, rows = lines[0], lines[1:]
    by_user = {}
    for row in rows:
        by_user.setdefault(int(row.split("\t")[0]), []).append(row)
    rng = np.random.RandomState(SEED)
    parts = ([], [], [])
    for user in sorted(by_user):
        mine = by_user[user]
        order, at = rng.permutation(len(mine)), 0
        for part, n in zip(parts, counts(len(mine))):
            part.extend(mine[i] for i in order[at:at + n])
            at += n
    folder = pathlib.Path(out) / "ml100k"
    folder.mkdir(parents=True, exist_ok=True)
    for name, part in zip(("train", "valid", "test"), parts):
        (folder / f"ml100k.{name}.inter").write_text("\n".join([head, *part]) + "\n")
    print({"train": len(parts[0]), "valid": len(parts[1]), "test": len(parts[2])}, file=sys.stderr)


main(*sys.argv[1:])
