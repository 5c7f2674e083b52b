#!/usr/bin/python3
"""growth.py nightly.json growth.svg: how time and memory of each stage of the nightly run grow with the ratings.

Reads what tests/bench/nightly measured, one line of JSON a stage and size. Debian's python3-matplotlib. The picture
has a background of its own, so that it can be read on light and on dark pages, and no date: the same numbers
give the same bytes.
"""
import json
import math
import sys

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({"svg.hashsalt": "mvti", "font.family": "DejaVu Sans", "font.size": 10})
import matplotlib.pyplot as plt  # noqa: E402

# One colour a stage (Okabe and Ito's, that everybody can tell apart, then darker ones) and a marker of its own.
STYLES = {
    "import-ratings": ("import ratings", "#7f7f7f", "s", "--"),
    "dataset": ("dataset build", "#404040", "D", "--"),
    "train-popularity": ("popularity", "#999933", ".", ":"),
    "train-item-knn": ("item-knn", "#56b4e9", "o", "-"),
    "train-ease": ("ease (dense)", "#d55e00", "^", "-"),
    "train-ease-sparse": ("ease-sparse", "#e69f00", "v", "-"),
    "train-ials": ("ials", "#009e73", "P", "-"),
    "train-admm-slim": ("admm-slim", "#882255", "<", "-"),
    "train-slim-sparse": ("slim-sparse", "#aa4499", "p", "-"),
    "train-lightgcn++": ("lightgcn++", "#0072b2", "X", "-"),
    "train-recvae": ("recvae", "#cc79a7", "h", "-"),
    "train-ader": ("ader", "#661100", "*", "-"),
    "train-bts": ("bts", "#117733", "+", "--"),
    "train-blend": ("blend", "#332288", ">", "-"),
    "publish": ("publish", "#000000", "d", "--"),
}


def read(path):
    """{stage: [(rows, line), …] ascending}"""
    stages = {}
    for text in open(path):
        line = json.loads(text)
        if line["stage"] in STYLES and line["status"] == 0:
            stages.setdefault(line["stage"], []).append((line["rows"], line))
    return {stage: sorted(points, key=lambda p: p[0]) for stage, points in stages.items()}


def spread(wanted, gap):
    """Heights near the wanted ones, at least gap apart, in the same order."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = list(wanted)
    for _ in range(200):
        for low, high in zip(order, order[1:]):
            lack = gap - (placed[high] - placed[low])
            if lack > 0:
                placed[low] -= lack / 2
                placed[high] += lack / 2
    return placed


def short(rows):
    return f"{rows / 1e6:.1f}".rstrip("0").rstrip(".") + " M"


def draw(axes, stages, value, title, ticks, tick_text):
    """The lines, each named at its end; a thin leader where the name had to move."""
    every = sorted({rows for points in stages.values() for rows, _ in points})
    names = []
    for stage, style in STYLES.items():
        points = [(rows, value(line)) for rows, line in stages.get(stage, [])]
        if not points:
            continue
        name, colour, marker, line = style
        axes.plot(*zip(*points), line, color=colour, marker=marker, markersize=5.5, linewidth=1.7, label=name)
        names.append((name, colour, *points[-1]))
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(every[0] / 1.15, every[-1] * 1.15)
    axes.set_xticks(every, [short(rows) for rows in every])
    axes.minorticks_off()
    axes.grid(True, which="major", color="#dddddd", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold")
    axes.set_xlabel("ratings")
    low, high = axes.get_ylim()
    axes.set_yticks([t for t in ticks if low <= t])
    axes.set_ylim(low, max(high, 1.1 * max(ticks[0], min([t for t in ticks if t >= high], default=high))))
    axes.yaxis.set_major_formatter(tick_text)
    low, high = axes.get_ylim()
    heights = spread([math.log(y / low) / math.log(high / low) for *_, y in names], 0.052)
    for (name, colour, x, y), height in zip(names, heights):
        axes.annotate(name, (x, y), (1.03, height), textcoords="axes fraction", color=colour, va="center",
                      arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 0.6, "alpha": 0.6, "shrinkB": 4})


def seconds(tick, _):
    return f"{tick:g} s" if tick < 60 else f"{tick / 60:.0f} min" if tick < 3600 else f"{tick / 3600:.0f} h"


def mebibytes(tick, _):
    return f"{tick:.0f} MiB" if tick < 1024 else f"{tick / 1024:.0f} GiB"


def main():
    stages = read(sys.argv[1])
    figure, (time, memory) = plt.subplots(1, 2, figsize=(13, 5.4), facecolor="white")
    draw(time, stages, lambda line: line["seconds"], "Time of each stage", (0.1, 1, 10, 60, 600, 3600), seconds)
    draw(memory, stages, lambda line: line["peak_mib"], "Peak of resident memory", (16, 64, 256, 1024, 4096, 16384),
         mebibytes)
    memory.set_ylim(top=20000)
    memory.axhline(16384, color="#bb0000", linewidth=1, linestyle=(0, (6, 3)))
    memory.text(memory.get_xlim()[0] * 1.05, 16384 * 0.93, "allowed: 16 GiB", color="#bb0000", fontsize=9, va="top")
    figure.suptitle("The nightly run on simulated data shaped like MovieLens-25M (162,541 users × 62,423 films at 25 M); "
                    "two cores", x=0.01, ha="left", fontsize=11)
    figure.tight_layout(rect=(0, 0, 1, 0.97), w_pad=2.5)
    figure.savefig(sys.argv[2], metadata={"Date": None, "Creator": "tests/bench/growth.py"})


if __name__ == "__main__":
    main()
