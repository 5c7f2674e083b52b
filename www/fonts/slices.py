"""Which characters go into which font file. Prints "name<TAB>unicodes" a line: first `ui` (the words of the first page and of the
test, and the names of the types), then `words` (what the other words of the interface need besides), then slices of what the catalog may
hold besides, the most frequent first, so that a page of names touches few of them."""
import collections
import csv
import json
import os
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SLICE = 40
LATIN = "".join(map(chr, range(0x20, 0x7F))) + "·×…“”‘’『』「」–—←→↗✓©°é"


def read(*parts):
    with open(os.path.join(ROOT, *parts), encoding="utf-8") as f:
        return f.read()


def hangul(text):
    return [c for c in text if "가" <= c <= "힣"]


def ksx1001():
    """The 2,350 syllables of KS X 1001, and the Latin, Greek and other letters that titles use."""
    out = []
    for lead in range(0xB0, 0xC9):
        for trail in range(0xA1, 0xFF):
            out.append(bytes((lead, trail)).decode("euc_kr", "ignore"))
    return [c for c in out if c]


def rows_of(file):
    with open(os.path.join(ROOT, "sql", "sample", file), encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def known():
    """Korean names and titles of the sample, twice as heavy with each step of their film's fame (tastes.csv, 1 to 10)."""
    weight = {t["movie_id"]: 2 ** int(t["fame"]) for t in rows_of("tastes.csv")}
    return [(r[column], weight[r["movie_id"]]) for file, column in (("movies.csv", "title_ko"), ("characters.csv", "name_ko")) for r in rows_of(file)]


def main():
    types = json.loads(read("sql", "reference", "personality.json"))["types"]
    names = "".join(t["name"]["ko"] for t in types)
    ui = set(hangul(read("www", "js", "i18n", "ko.site.js") + read("www", "js", "i18n", "en.site.js") + names)) | set(LATIN)
    words = set(hangul(read("www", "js", "i18n", "ko.result.js") + read("www", "js", "i18n", "ko.js"))) - ui
    catalog = "".join(read("sql", "sample", f) for f in ("movies.csv", "characters.csv"))
    texts = read("sql", "reference", "personality.json") + read("sql", "reference", "survey.json")
    # A syllable of a name weighs most: names and titles stand on every page, sentences on one; and the first pages show those that everybody knows.
    count = collections.Counter(hangul(catalog) + hangul(texts) * 3)
    for name, weight in known():
        for c in hangul(name):
            count[c] += weight
    rest = [c for c, _ in count.most_common() if c not in ui | words]
    rest += [c for c in ksx1001() if c not in ui | words and c not in count]
    extra = [chr(c) for c in list(range(0xA1, 0x180)) if chr(c) not in ui]
    rows = [("ui", sorted(ui)), ("words", sorted(words))]
    rows += [(f"k{i // SLICE:02d}", rest[i : i + SLICE]) for i in range(0, len(rest), SLICE)]
    rows.append(("latin", extra))
    for name, chars in rows:
        print(name, ",".join(f"U+{ord(c):04X}" for c in sorted(chars)), sep="\t")


if __name__ == "__main__":
    sys.exit(main())
