"""results/*.json → results/results.md. Prints each comparison and last "passed failed" as two numbers."""
import json
import pathlib
import sys

ORDER = ["Pop", "ItemKNN", "EASE", "ADMMSLIM", "RecVAE", "CDAE", "BPR", "LightGCN"]
ASKED = {"EASE": 3, "ADMMSLIM": 3, "RecVAE": 2, "LightGCN": 5}
JUDGED = ("recall@10", "ndcg@10")
folder = pathlib.Path(sys.argv[1])
passed = failed = 0
accuracy, speed = [], []
for name in ORDER:
    path = folder / f"{name}.json"
    if not path.exists():
        continue
    line = json.loads(path.read_text())
    theirs, ours = line["recbole"], line["mvti"]
    figures = []
    good = True
    for metric in ("recall@10", "ndcg@10", "hit@10", "mrr@10"):
        kind, k = metric.split("@")
        got, want = ours[kind][k], theirs["reported"][metric]
        figures.append(f"{got:.4f} / {want:.4f}")
        if metric in JUDGED and got < 0.99 * want:
            good = False
    passed += good
    failed += not good
    print(f"{'ok  ' if good else 'MISS'} {name}: " + ", ".join(f"{m} {f}" for m, f in zip(("recall@10", "ndcg@10"), figures)))
    accuracy.append(f"| {name} | `{ours['model']}` | " + " | ".join(figures) + f" | {theirs['best_epoch']} | {'yes' if good else '**no**'} |")
    iterative = theirs["epochs"] > 1
    a = theirs["epoch_seconds"] if iterative else theirs["build_seconds"]
    b = ours["train_seconds"] / (theirs["best_epoch"] if iterative else 1)
    asked = f"{ASKED[name]}x" if name in ASKED else "–"
    ratio = f"{a / b:.1f}x" if b > 0 else "–"
    met = "" if name not in ASKED or b == 0 else " (met)" if a / b >= ASKED[name] else " (**missed**)"
    speed.append(f"| {name} | {a:.3f} | {b:.3f} | {ratio} | {asked}{met} |")
with open(folder / "results.md", "w") as out:
    print("# MVTI beside RecBole\n\nMovieLens-100K from RecBole's package, divided once: 0.8/0.1/0.1 by user, every rating an interaction. RecBole 1.2.1 with its "
          "own defaults and early stopping; MVTI with the same settings and as many epochs as RecBole kept. Both on the same two cores, one after "
          "the other, by `make peers`. The raw lines lie beside this page.\n", file=out)
    print("## Accuracy: MVTI / RecBole, each by its own metric code\n\n| RecBole | `mvti evaluate` | recall@10 | NDCG@10 | hit@10 | MRR@10 | epochs | within 1 % or better |\n"
          "|---|---|---|---|---|---|---|---|", *accuracy, sep="\n", file=out)
    print("\n## Speed: seconds, of an epoch where there are any, else of the whole training\n\n| model | RecBole | MVTI | ratio | asked for |\n|---|---|---|---|---|",
          *speed, sep="\n", file=out)
    encoder = folder / "encoder.json"
    if encoder.exists():
        e = json.loads(encoder.read_text())
        print(f"\n## Encoder: all-MiniLM-L6-v2 against sentence-transformers\n\n{e['texts']} texts: least cosine {e['least_cosine']:.7f}, largest difference of a number "
              f"{e['largest_difference']:.2e}; {e['texts_tokenized']} texts tokenized, {e['texts_with_other_tokens']} with other tokens.", file=out)
print(passed, failed)
