#!/usr/bin/env python3
"""The encoder against sentence-transformers on the same texts, and the tokenizer against Hugging Face's:
    bert_cosine.py DIR build/tests/bench/bert_bench [PLOTS.csv.gz]
prints one JSON line: least and mean cosine of the embeddings, and how many texts got other token ids; status 1 if a cosine is
below 0.9999 or a token differs. The texts: Korean, Japanese, Chinese, accents, emoji, control characters, long
words, special tokens, empty and very long texts, 3,000 drawn strings (tokens only), and plots of films where given.
    needs: pip install torch transformers sentence-transformers
"""
import csv
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import numpy as np

ODD = ["", " ", "a", "\t\n", "Hello, world!", "The quick brown fox jumps over the lazy dog.", "don't stop-me now...", "[MASK]",
       "a [MASK] b[SEP]c [CLS]", "[mask] [UNK][PAD] [ MASK ]", "x" * 100, "x" * 101, "가" * 50 + " " + "a" * 300, "naïve café Ångström",
       "İstanbul ŞİŞLİ ΣΊΣΥΦΟΣ ß ﬁ", "e\u0301 n\u0303 a\u0308\u0323", "기억을 잃은 남자가 진실을 찾아 떠나는 이야기.", "해리 포터와 마법사의 돌", "영화 '기생충'은 2019년에 개봉했다.",
       "주인공은 INFP이고, 적은 ENTJ다!", "千と千尋の神隠し", "七人の侍 (1954)", "卧虎藏龙", "豈更車 丽", "👩‍🚀🚀 astronaut 👍🏽", "a\u200bb\u00adc\ufeffd\x01e\x7f", "a\u00a0b\u3000c\u2028d",
       "$5 + 3% = ^_^ `~ |x|", "१२३ हिन्दी", "สวัสดี", "مرحبا بالعالم", "שלום", "Привет, мир! Ёлка", "Việt Nam phở", "ａｂｃ　１２３", "㈜ ½ ™ №", "word " * 400,
       "supercalifragilisticexpialidocious antidisestablishmentarianism", "\ufffd\ue000", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "ᄀ ᄀ\u1161\u11a8", "##ing ## #", "．。、「」", "ː ˈ ʼ", "😀" * 120]
SETS = ["abcdefgh ijk", "ABCÀÉÎõü ñçß", "가나다라마바사아자차카타파하 각힣", "的一是不了人我在有他", "\u0300\u0301\u0323\u0345 ae", ".,!?-()[]'\"#$%^&*@",
        "\x00\x01\x1f\x7f\x85\xa0\xad\u200b\u2028\u3000\ufffd", "😀🚀👍🏽❤️\u200d", "".join(map(chr, range(0x370, 0x600)))]


def drawn(n, seed=1):
    r = random.Random(seed)
    for _ in range(n):
        chars = []
        for _ in range(r.randint(1, 40)):
            k = r.randint(0, len(SETS) + 3)
            if k < len(SETS):
                chars.append(r.choice(SETS[k]))
            elif k == len(SETS):
                chars.append(r.choice(["[MASK]", "[SEP]", "[UNK]", "[CLS", "##"]))
            elif k == len(SETS) + 1:
                chars.append(chr(r.choice([x for x in (r.randint(1, 0x10FFFF),) if not 0xD800 <= x < 0xE000] or [65])))
            else:
                chars.append(r.choice(" aeinorst"))
        yield "".join(chars).replace("\x00", "")


def texts(plots):
    out = list(ODD)
    if plots:
        with gzip.open(plots, "rt", encoding="utf-8", newline="") as f:
            rows = list(csv.DictReader(f))
        out += [row["plot_en"] for row in rows[::12]] + [row["title_en"] for row in rows[:40]]
    else:
        r, words = random.Random(2), " ".join(ODD).split()
        out += [" ".join(r.choices(words, k=r.randint(1, 80))) for _ in range(200)]
    return [t.replace("\x00", "") for t in out]


def bench(binary, what, directory, items):
    with tempfile.TemporaryDirectory() as top:
        source, out = os.path.join(top, "texts"), os.path.join(top, "out")
        with open(source, "wb") as f:
            f.write(b"".join(t.encode() + b"\0" for t in items))
        subprocess.run([binary, what, directory, source, out], check=True)
        return np.fromfile(out, dtype=np.float32 if what == "embed" else np.int32)


def tokens_that_differ(binary, directory, model, items):
    got, at, wrong = bench(binary, "tokens", directory, items), 0, 0
    for text in items:
        n = int(got[at])
        ours, at = got[at + 1:at + 1 + n].tolist(), at + 1 + n
        theirs = model.tokenizer(text, truncation=True, max_length=model.max_seq_length)["input_ids"]
        if ours != theirs:
            wrong += 1
            print(f"{text!r}:\n  {ours}\n  {theirs}", file=sys.stderr)
    return wrong


def main():
    from sentence_transformers import SentenceTransformer, models
    directory, binary, plots = sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else None
    items = texts(plots)
    body = models.Transformer(directory)
    # As SentenceTransformer itself would for a directory with all of its modules.
    with open(os.path.join(directory, "sentence_bert_config.json"), encoding="utf-8") as f:
        body.max_seq_length = json.load(f).get("max_seq_length", body.max_seq_length)
    model = SentenceTransformer(modules=[body, models.Pooling(body.get_word_embedding_dimension()), models.Normalize()], device="cpu")
    want = model.encode(items, batch_size=32)
    got = bench(binary, "embed", directory, items).reshape(want.shape)
    cosine = (want.astype(np.float64) * got).sum(1) / np.linalg.norm(want.astype(np.float64), axis=1) / np.linalg.norm(got.astype(np.float64), axis=1)
    more = items + list(drawn(3000))
    wrong = tokens_that_differ(binary, directory, body, more)
    print(json.dumps({"texts": len(items), "least_cosine": float(cosine.min()), "mean_cosine": float(cosine.mean()),
                      "largest_difference": float(np.abs(want - got).max()), "texts_tokenized": len(more), "texts_with_other_tokens": wrong}))
    return 0 if cosine.min() >= 0.9999 and wrong == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
