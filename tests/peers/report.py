"""results/*.json → results/results.md. Prints each comparison and last "passed failed" as two numbers.

A file has one line a seed; figures are means over them, seconds medians."""
import json
import pathlib
import statistics
import sys

ORDER = ["Pop", "ItemKNN", "EASE", "ADMMSLIM", "RecVAE", "CDAE", "BPR", "LightGCN"]
ASKED = {"EASE": 3, "ADMMSLIM": 3, "RecVAE": 2, "LightGCN": 5}
SHOWN = ("recall@10", "ndcg@10", "hit@10", "mrr@10")
JUDGED = ("recall@10", "ndcg@10")
folder = pathlib.Path(sys.argv[1])
passed = failed = 0


def lines_of(name):
    path = folder / f"{name}.json"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def judge(name, good, text):
    global passed, failed
    passed += good
    failed += not good
    print(f"{'ok  ' if good else 'MISS'} {name}: {text}")


def figures(line, metric):
    kind, k = metric.split("@")
    return line["mvti"][kind][k], line["recbole"]["reported"][metric]


def ratio_row(name, asked, a, b):
    met = "" if asked is None or b == 0 else " (met)" if a / b >= asked else " (**missed**)"
    return f"| {name} | {a:.3f} | {b:.3f} | {f'{a / b:.1f}x' if b > 0 else '–'} | {f'{asked}x' if asked else '–'}{met} |"


def accuracy_row(name, lines):
    cells, good = [], True
    for metric in SHOWN:
        pairs = [figures(line, metric) for line in lines]
        ours, theirs = (statistics.mean(p[i] for p in pairs) for i in (0, 1))
        spread = "" if len(pairs) < 2 else " (±{:.4f} / ±{:.4f})".format(*(statistics.stdev(p[i] for p in pairs) for i in (0, 1)))
        cells.append(f"{ours:.4f} / {theirs:.4f}{spread}")
        good = good and (metric not in JUDGED or ours >= 0.99 * theirs)
    judge(name, good, ", ".join(f"{m} {c}" for m, c in zip(JUDGED, cells)))
    epochs = ", ".join(str(line["recbole"]["best_epoch"]) for line in lines)
    return f"| {name} | `{lines[0]['mvti']['model']}` | " + " | ".join(cells) + f" | {len(lines)} | {epochs} | {'yes' if good else '**no**'} |"


def speed_row(name, lines):
    iterative = lines[0]["recbole"]["epochs"] > 1
    a = statistics.median(x["recbole"]["epoch_seconds" if iterative else "build_seconds"] for x in lines)
    b = statistics.median(x["mvti"]["train_seconds"] / (x["recbole"]["best_epoch"] if iterative else 1) for x in lines)
    # ADMM-SLIM is asked for its result, not for its iterations: the row from the objective says whether it is met.
    return ratio_row(name + (", the same 100 iterations" if name == "ADMMSLIM" else ""), None if name == "ADMMSLIM" else ASKED.get(name), a, b)


def objective(out):
    peer, lines = lines_of("ADMMSLIM"), lines_of("admm_objective")
    if not peer or not lines:
        return []
    own, theirs = lines[0], lines[0]["peer_objective"]
    judge("ADMMSLIM's objective", own["objective"] <= theirs, f"{own['objective']:.2f} after {own['iterations']} iterations, RecBole's 100 leave {theirs:.2f}")
    print(f"\n## ADMM-SLIM: how near to the minimum\n\nThe same objective of both results (½‖X − XB‖² + ½ Σ λ₂ᵢ‖B[i,:]‖² + λ₁‖B‖₁, less is better): "
          f"RecBole's {theirs:.2f}; ours with its own ρ and stop {own['objective']:.2f} after {own['iterations']} iterations in the mean, at RecBole's ρ "
          f"and 100 iterations {lines[1]['objective']:.2f}.", file=out)
    return [ratio_row("ADMMSLIM, to an objective not above RecBole's", ASKED["ADMMSLIM"], peer[0]["recbole"]["build_seconds"], own["seconds"])]


def encoder(out):
    for e in lines_of("encoder"):
        judge("encoder", e["least_cosine"] >= 0.9999 and e["texts_with_other_tokens"] == 0, f"least cosine {e['least_cosine']:.7f}, {e['texts_with_other_tokens']} texts with other tokens")
        print(f"\n## Encoder: all-MiniLM-L6-v2 against sentence-transformers\n\n{e['texts']} texts: least cosine {e['least_cosine']:.7f}, largest difference of a number "
              f"{e['largest_difference']:.2e}; {e['texts_tokenized']} texts tokenized, {e['texts_with_other_tokens']} with other tokens.", file=out)
    for e in lines_of("onnx"):
        a, b = e["mvti_texts_per_second"], e["onnxruntime_texts_per_second"]
        judge("onnxruntime", a >= b and e["least_cosine"] >= 0.9999, f"{a} texts/s, onnxruntime {b}, least cosine {e['least_cosine']:.7f}")
        print(f"\n## Encoder: speed beside onnxruntime, float32\n\n{e['texts']} texts of {e['tokens']} tokens, from text to embedding: {a} texts a second (kernels: "
              f"{e['kernels']}), onnxruntime {b} with batches of {e['onnxruntime_batch']}, its best: {a / b:.2f}x. Least cosine {e['least_cosine']:.7f}.", file=out)


def ials(out):
    for e in lines_of("implicit"):
        a, b = e["implicit"], e["mvti"]
        good = all(b[m] >= 0.99 * a[m] for m in JUDGED) and b["iteration_seconds"] <= a["iteration_seconds"]
        judge("implicit's ALS", good, f"recall@10 {b['recall@10']:.4f} / {a['recall@10']:.4f}, ndcg@10 {b['ndcg@10']:.4f} / {a['ndcg@10']:.4f}, "
              f"an iteration {b['iteration_seconds']:.3f} / {a['iteration_seconds']:.3f} s")
        print(f"\n## iALS beside implicit's ALS\n\n{e['factors']} factors, {e['iterations']} iterations of 3 conjugate-gradient steps, float32, two threads; the weights of both "
              f"chosen on the validation part from a grid of the same size ({e['grid']} points). Iteration: drawn interactions of MovieLens-1M's size.\n\n| | recall@10 | NDCG@10 | "
              f"seconds an iteration | settings chosen |\n|---|---|---|---|---|", file=out)
        for name, row in (("`mvti evaluate ials`", b), ("implicit", a)):
            print(f"| {name} | {row['recall@10']:.4f} | {row['ndcg@10']:.4f} | {row['iteration_seconds']:.3f} | {row['settings']} |", file=out)
        print(f"\nSpeed: {a['iteration_seconds'] / b['iteration_seconds']:.2f}x (asked for: 1).", file=out)


def forest(out):
    for e in lines_of("annoy") + lines_of("annoy_gowalla"):
        judge(f"Annoy, {e['vectors']}", e["mvti_at"] >= e["annoy_at"], f"{e['mvti_at']:,.0f} queries/s at recall@10 of {e['recall']}, Annoy {e['annoy_at']:,.0f}")
        print(f"\n## Forest beside Annoy: {e['vectors']}\n\n{e['items']:,} vectors of {e['dimensions']} ({e['vectors']}), {e['trees']} trees, inner product, ten best of {e['queries']:,} queries, one thread; medians of "
              f"three runs. At recall@10 of {e['recall']}, between the measured points: {e['mvti_at']:,.0f} queries a second, Annoy {e['annoy_at']:,.0f}: "
              f"{e['mvti_at'] / e['annoy_at']:.2f}x.\n\n| budget | recall@10 | queries/s | Annoy's search_k | recall@10 | queries/s |\n|---|---|---|---|---|---|", file=out)
        for m, a in zip(e["mvti"], e["annoy"]):
            print(f"| {m[0]} | {m[1]:.4f} | {m[2]:,.0f} | {a[0]} | {a[1]:.4f} | {a[2]:,.0f} |", file=out)


def main():
    models = [(name, lines_of(name)) for name in ORDER if lines_of(name)]
    with open(folder / "results.md", "w") as out:
        print("# MVTI beside its peers\n\nMovieLens-100K from RecBole's package, divided once: 0.8/0.1/0.1 by user, every rating an interaction. RecBole 1.2.1 with its "
              "own defaults and early stopping; MVTI with the same settings and as many epochs as RecBole kept. Both on the same two cores, one after "
              "the other, by `make peers`. The raw lines lie beside this page.\n", file=out)
        print("## Accuracy: MVTI / RecBole, each by its own metric code\n\nMeans over the seeds, standard deviations in brackets.\n\n| RecBole | `mvti evaluate` | recall@10 | "
              "NDCG@10 | hit@10 | MRR@10 | seeds | epochs | within 1 % or better |\n|---|---|---|---|---|---|---|---|---|", file=out)
        for name, lines in models:
            print(accuracy_row(name, lines), file=out)
        speed = [speed_row(name, lines) for name, lines in models] + objective(out)
        print("\n## Speed: seconds, of an epoch where there are any, else of the whole training\n\n| model | RecBole | MVTI | ratio | asked for |\n|---|---|---|---|---|",
              *speed, sep="\n", file=out)
        for part in (ials, forest, encoder):
            part(out)
    print(passed, failed)


main()
