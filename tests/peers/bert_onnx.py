#!/usr/bin/env python3
"""Texts a second: our encoder beside onnxruntime's float32 on the same model, texts and cores.
    bert_onnx.py DIR build/tests/bench/bert_bench
prints one JSON line. 300 texts in the lengths of films' plots (20 to 120 words, drawn from the vocabulary), from text to normed
embedding on both sides. onnxruntime: the model exported by torch, pooling included, all of its graph optimisations, Hugging Face's
fast tokenizer, texts sorted by length, the best of three batch sizes. Three runs in turns, medians. Status 1 where a
cosine is below 0.9999 or where ours is slower.
"""
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import numpy as np

RUNS, BATCHES = 3, (1, 8, 32)


def texts(directory, n=300):
    with open(os.path.join(directory, "vocab.txt"), encoding="utf-8") as f:
        words = [w for w in f.read().split("\n")[2000:12000] if w.isascii() and w.isalpha()]
    r = random.Random(1)
    return [" ".join(r.choices(words, k=r.randint(20, 120))) for _ in range(n)]


def export(directory, path):
    import torch
    from transformers import AutoModel

    class Pooled(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.body = AutoModel.from_pretrained(directory, attn_implementation="eager").eval()

        def forward(self, ids, mask):
            hidden = self.body(input_ids=ids, attention_mask=mask).last_hidden_state
            weight = mask.unsqueeze(-1).to(hidden.dtype)
            return torch.nn.functional.normalize((hidden * weight).sum(1) / weight.sum(1).clamp(min=1e-9))

    ids = torch.ones(2, 7, dtype=torch.long)
    axes = {0: "batch", 1: "tokens"}
    torch.onnx.export(Pooled(), (ids, torch.ones_like(ids)), path, dynamo=False, input_names=["ids", "mask"], output_names=["out"],
                      dynamic_axes={"ids": axes, "mask": axes}, opset_version=17)


class Peer:
    def __init__(self, path, directory):
        import onnxruntime
        from tokenizers import Tokenizer
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.intra_op_num_threads = len(os.sched_getaffinity(0))
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_file(os.path.join(directory, "tokenizer.json"))
        with open(os.path.join(directory, "sentence_bert_config.json"), encoding="utf-8") as f:
            self.tokenizer.enable_truncation(json.load(f)["max_seq_length"])
        self.tokenizer.no_padding()

    def encode(self, items, batch):
        coded = [e.ids for e in self.tokenizer.encode_batch(items)]
        order, out = sorted(range(len(coded)), key=lambda i: len(coded[i])), None
        for at in range(0, len(order), batch):
            rows = order[at:at + batch]
            width = max(len(coded[i]) for i in rows)
            ids = np.zeros((len(rows), width), np.int64)
            mask = np.zeros_like(ids)
            for r, i in enumerate(rows):
                ids[r, :len(coded[i])] = coded[i]
                mask[r, :len(coded[i])] = 1
            got = self.session.run(None, {"ids": ids, "mask": mask})[0]
            out = np.empty((len(coded), got.shape[1]), np.float32) if out is None else out
            out[rows] = got
        return out


def main():
    directory, binary = sys.argv[1], sys.argv[2]
    items = texts(directory)
    with tempfile.TemporaryDirectory() as top:
        model, source, out = (os.path.join(top, n) for n in ("model.onnx", "texts", "out"))
        export(directory, model)
        peer = Peer(model, directory)
        with open(source, "wb") as f:
            f.write(b"".join(t.encode() + b"\0" for t in items))
        subprocess.run([binary, "embed", directory, source, out], check=True)
        want = peer.encode(items, 32)
        cosine = (want * np.fromfile(out, np.float32).reshape(want.shape)).sum(1).min()
        theirs, ours = {b: [] for b in BATCHES}, []
        for _ in range(RUNS):
            ours.append(json.loads(subprocess.run([binary, "speed", directory, source], check=True, capture_output=True).stdout))
            for b in BATCHES:
                start = time.perf_counter()
                peer.encode(items, b)
                theirs[b].append(len(items) / (time.perf_counter() - start))
    best = max(BATCHES, key=lambda b: np.median(theirs[b]))
    a, b = float(np.median([o["texts_per_second"] for o in ours])), float(np.median(theirs[best]))
    print(json.dumps({"texts": len(items), "tokens": ours[0]["tokens"], "least_cosine": float(cosine), "mvti_texts_per_second": round(a, 1),
                      "onnxruntime_texts_per_second": round(b, 1), "onnxruntime_batch": best, "kernels": ours[0]["kernels"]}))
    return 0 if cosine >= 0.9999 and a >= b else 1


if __name__ == "__main__":
    sys.exit(main())
