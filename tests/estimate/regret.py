#!/usr/bin/env python3
"""The bandit's regret beside that of mabwiser's Thompson sampling, on the same streams of rewards.

    regret.py PROGRAM [STREAMS]      (bandit_bench, run by a Python that has mabwiser and NumPy: tests/tools/obp)

Both learn after every BATCH rounds. Ours shows each arm FLOOR of the time at least, whatever it has learnt, which costs FLOOR times the sum of
the arms' distances to the best one, each round: that is added to the peer's regret before they are compared. Regret is what was lost against always
showing the best arm, by the true rates. Ends with "N passed, N failed"."""
import subprocess
import sys
import types

import numpy as np

sys.modules.setdefault("scipy", types.ModuleType("scipy"))  # base_mab takes cdist from it, for warm starts alone
sys.modules.setdefault("scipy.spatial", types.ModuleType("scipy.spatial"))
distance = types.ModuleType("scipy.spatial.distance")
distance.cdist = None
sys.modules.setdefault("scipy.spatial.distance", distance)
from mabwiser.thompson import _ThompsonSampling  # noqa: E402
from mabwiser.utils import create_rng  # noqa: E402

ROUNDS, BATCH, FLOOR = 4000, 100, 0.02
CASES = {"five arms": [.05, .06, .07, .08, .12], "two arms": [.10, .14], "all alike": [.1, .1, .1]}


def theirs(rewards, rates, seed):
    arms = list(range(len(rates)))
    bandit = _ThompsonSampling(create_rng(seed), arms, 1, None)
    bandit.fit(np.array([]), np.array([]))
    chosen = []
    for start in range(0, len(rewards), BATCH):
        batch = np.array([bandit.predict() for _ in range(BATCH)])
        bandit.partial_fit(batch, rewards[np.arange(start, start + BATCH), batch])
        chosen += list(batch)
    return sum(max(rates) - rates[a] for a in chosen)


def ours(program, rewards, rates, seed):
    text = f"{rewards.shape[0]} {rewards.shape[1]}\n" + "\n".join(" ".join(map(str, row)) for row in rewards)
    said = subprocess.run([program, str(FLOOR), str(BATCH), str(seed)], input=text, check=True, capture_output=True, text=True).stdout
    return sum(n * (max(rates) - r) for n, r in zip(map(int, said.split()), rates))


def main():
    program, streams = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 6
    passed = failed = 0
    for name, rates in CASES.items():
        draw = np.random.default_rng(1)
        mine, peer = [], []
        for seed in range(1, streams + 1):
            rewards = (draw.random((ROUNDS, len(rates))) < rates).astype(int)
            mine.append(ours(program, rewards, rates, seed))
            peer.append(theirs(rewards, rates, seed))
        floor = FLOOR * ROUNDS * sum(max(rates) - r for r in rates)
        even = ROUNDS * float(np.mean([max(rates) - r for r in rates]))
        # as good as the peer: within three standard errors of the difference
        error = float(np.std(np.subtract(mine, peer), ddof=1)) / streams ** .5
        good = np.mean(mine) <= np.mean(peer) + floor + 3 * error and np.mean(mine) <= even
        passed, failed = passed + good, failed + (not good)
        print(f"{'as good as' if good else 'NOT as good as'} mabwiser: {name}: regret {np.mean(mine):.1f} with a floor that costs {floor:.1f}, "
              f"mabwiser {np.mean(peer):.1f}, showing all alike {even:.1f}; {streams} streams of {ROUNDS}, standard error of the difference {error:.1f}")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
