#!/usr/bin/env python3
"""Estimates of policies that were never live, beside those of obp on the Open Bandit data that it carries (Y. Saito et al., "Open Bandit Dataset
and Pipeline", NeurIPS 2021): 10,000 rows of each policy and campaign, with the probabilities of what was shown.

    open_bandit.py PROGRAM      (policy_value_bench, run by a Python that has obp and NumPy: tests/tools/obp)

Both get the same lines. The wanted policies: the uniform one from the log of Thompson sampling, one that shows the items by their position in
the log of Thompson sampling from the uniform log, and one that prefers a few items. The guesses of the direct method are the items' rates in the
other half of the log. Ends with "N passed, N failed"."""
import csv
import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile
import types

import numpy as np

CAMPAIGNS = ("all", "men", "women")
CLOSE = 1e-6  # relative: six digits


def load_obp():
    """obp.ope.estimators without the package's other parts, and with empty modules in place of what these need alone."""
    for name, contents in {
        "torch": {"Tensor": type("Tensor", (), {})},
        "pandas": {"DataFrame": type("DataFrame", (), {})},
        "sklearn": {},
        "sklearn.utils": {"check_random_state": np.random.RandomState},
    }.items():
        sys.modules.setdefault(name, types.ModuleType(name)).__dict__.update(contents)
    root = pathlib.Path(importlib.util.find_spec("obp").submodule_search_locations[0])
    package = types.ModuleType("obp.ope")
    package.__path__ = [str(root / "ope")]
    sys.modules["obp.ope"] = package
    return root, importlib.import_module("obp.ope.estimators")


def read(root, behaviour, campaign):
    with open(root / f"dataset/obd/{behaviour}/{campaign}/{campaign}.csv", newline="") as f:
        rows = list(csv.DictReader(f))
    column = lambda name, kind: np.array([kind(r[name]) for r in rows])  # noqa: E731
    return {
        "action": column("item_id", int),
        "position": column("position", int) - 1,
        "reward": column("click", float),
        "pscore": column("propensity_score", float),
    }


def policies(log, other, n_items):
    """name: probabilities [row, item, position]"""
    n = len(log["action"])
    flat = np.full((n_items, 3), 1 / n_items)
    seen = np.zeros((n_items, 3))
    np.add.at(seen, (other["action"], other["position"]), 1)
    few = np.where(np.arange(n_items) < 5, 8.0, 1.0)[:, None].repeat(3, axis=1)
    for name, table in (("uniform", flat), ("as the other log", (seen + 1) / (seen + 1).sum(axis=0)), ("a few items", few / few.sum(axis=0))):
        yield name, np.broadcast_to(table, (n, n_items, 3))


def guesses(log, n_items):
    """Of each row, the rates of all items in the half of the log that it is not in."""
    half = np.arange(len(log["action"])) % 2
    rates = []
    for h in (0, 1):
        shown = np.bincount(log["action"][half != h], minlength=n_items)
        clicked = np.bincount(log["action"][half != h], log["reward"][half != h], n_items)
        rates.append((clicked + 0.5) / (shown + 100))
    return np.array(rates)[half][:, :, None].repeat(3, axis=2)


def theirs(ope, log, wanted, guess):
    given = {**log, "action_dist": wanted, "estimated_rewards_by_reg_model": guess}
    kinds = {
        "ips": ope.InverseProbabilityWeighting(),
        "snips": ope.SelfNormalizedInverseProbabilityWeighting(),
        "dm": ope.DirectMethod(),
        "dr": ope.DoublyRobust(),
    }
    return {name: float(kind.estimate_policy_value(**given)) for name, kind in kinds.items()}


def ours(program, log, wanted, guess):
    rows, position = np.arange(len(log["action"])), log["position"]
    lines = np.column_stack(
        [
            log["pscore"],
            wanted[rows, log["action"], position],
            log["reward"],
            guess[rows, log["action"], position],
            (wanted[rows, :, position] * guess[rows, :, position]).sum(axis=1),
        ]
    )
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as f:
        np.savetxt(f, lines, fmt="%.17g")
        f.flush()
        return json.loads(subprocess.run([program, f.name], check=True, capture_output=True, text=True).stdout)


def main():
    program = sys.argv[1]
    root, ope = load_obp()
    passed = failed = 0
    for behaviour, other in (("bts", "random"), ("random", "bts")):
        for campaign in CAMPAIGNS:
            log, of_other = read(root, behaviour, campaign), read(root, other, campaign)
            n_items = int(max(log["action"].max(), of_other["action"].max())) + 1
            guess = guesses(log, n_items)
            for name, wanted in policies(log, of_other, n_items):
                want, got = theirs(ope, log, wanted, guess), ours(program, log, wanted, guess)
                off = {k: abs(got[k]["value"] - v) for k, v in want.items() if abs(got[k]["value"] - v) > CLOSE * abs(v)}
                inside = all(got[k]["low"] <= got[k]["value"] <= got[k]["high"] for k in want)
                # a log of Thompson sampling with one display in a hundred for the least is too small for the uniform policy
                refused = got["refused"] or behaviour != "bts" or name != "uniform"
                good = not off and inside and refused and got["lines"] == len(log["action"])
                passed, failed = passed + good, failed + (not good)
                words = " ".join(f"{k} {v:.6f}/{got[k]['value']:.6f}" for k, v in want.items())
                print(f"{'as obp' if good else 'NOT as obp'}: {behaviour} {campaign}, {name}: {words}, rows {got['rows']:.0f}, "
                      f"conversions {got['rewards']:.1f}{', refused' if got['refused'] else ''}")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
