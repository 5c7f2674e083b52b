#!/usr/bin/env python3
"""mvti export, read by Spark: the files say to it what they say to others, and a copy kept with docs/spark/load.py is equal to the views."""
import json
import subprocess
import sys

from pyspark.sql import SparkSession
from pyspark.sql.types import DateType, DoubleType, LongType, StringType, StructField, StructType, TimestampType

import factors
import load
import stack
import test_account as account_pages
import test_export as exports
from provider_control import straight
from stack import API, BUILD, send, site
from test_login import logged_in

spark = (SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
         .config("spark.sql.session.timeZone", "UTC").config("spark.sql.shuffle.partitions", "2")
         .config("spark.sql.warehouse.dir", str(exports.top / "warehouse")).getOrCreate())
spark.sparkContext.setLogLevel("ERROR")
# tests/tools/gen_batch.c: every type twice.
TYPES = {"number": LongType(), "real": DoubleType(), "text": StringType(), "time": TimestampType(), "date": DateType()}


class Copy:
    """The folder of a copy, asked as test_export asks DuckDB's."""

    def __init__(self, folder):
        self.folder, self.rows = folder, []

    def load(self, export):
        load.load(spark, export, self.folder)
        for table in (self.folder / "current").iterdir():
            spark.read.parquet(str(table)).createOrReplaceTempView(table.name)

    def execute(self, statement):
        self.rows = [tuple(row) for row in spark.sql(statement).collect()]
        return self

    def fetchall(self):
        return self.rows


def test_spark_reads_what_json_says():
    files = exports.top / "for-spark"
    files.mkdir()
    for seed in range(8):
        subprocess.run([BUILD / "tests/tools/gen_batch", str(seed), files], check=True)
        wanted = [tuple(json.loads(line).values()) for line in (files / f"{seed}.jsonl").read_text(encoding="utf-8").split("\n")[:-1]]
        read = spark.read.parquet(str(files / f"{seed}.parquet"))
        assert read.schema == StructType([StructField(name, TYPES[name.split("_")[1]]) for name in read.columns]), (seed, read.schema)
        found = [tuple(exports.plain(value) for value in row) for row in read.collect()]
        assert found == wanted, (seed, [pair for pair in zip(found, wanted) if pair[0] != pair[1]][:1])


def test_a_copy_in_spark_stays_equal():
    out, copy = exports.top / "exports-for-spark", Copy(exports.top / "spark-copy")
    straight()
    first, second, _ = account_pages.characters(3)
    fickle, forgetful, leaver = site(), site(), logged_in("dev", "spark-leaver")
    tokens = [exports.somebody(who, [first, second], 100 + i) for i, who in enumerate((fickle, forgetful, leaver))]
    exports.count()
    began = exports.export(out)
    copy.load(began)
    seen = exports.equal(copy, began)
    assert seen["event"] and seen["like"] and seen["visitor_day"], seen

    exports.traffic(21)
    assert send(fickle, "DELETE", f"{API}/characters/{first}/like").status == 200
    assert send(forgetful, "DELETE", f"{API}/me/tests/{tokens[1]}").status == 204
    assert send(leaver, "DELETE", f"{API}/me", {"confirm": "delete"}).status == 204
    exports.mvti("rollup")  # count() moves events, which no export is told of
    changed = exports.export(out)
    told = {t["table"]: t for t in exports.manifest(changed)["tables"]}
    assert not told["event"]["whole"] and told["event"]["gone"] and told["visitor_day"]["gone"] and told["like"]["gone"], told
    for _ in range(2):  # loaded twice, it is the same
        copy.load(changed)
    exports.equal(copy, changed)
    assert len(list(copy.folder.iterdir())) == 2, "copies of before are left"


def test_factors_that_spark_trains_are_imported():
    out, copy = exports.top / "exports-for-factors", Copy(exports.top / "factors-copy")
    people = [site() for _ in range(12)]
    films = account_pages.characters(3)
    for i, who in enumerate(people):
        exports.somebody(who, list(films[:2]), 300 + i)
    copy.load(exports.export(out))
    copies = str(copy.folder / "current")
    chosen = {row[0] for row in copy.execute("SELECT DISTINCT movie_id FROM v_chosen_film UNION "
                                             "SELECT c.movie_id FROM v_like JOIN v_character c USING (character_id)").fetchall()}
    held, file, model = (exports.top / name for name in ("held.csv", "factors.csv", "factors.mvm"))
    visitor = copy.execute("SELECT MAX(visitor) FROM v_chosen_film").fetchall()[0][0]
    held.write_text(f"source,person\nmovielens,{visitor - 1}\nvisitors,{visitor}\n", encoding="ascii")
    before = factors.likes(spark, copies, None).count()
    after = factors.likes(spark, copies, str(held)).where(f"visitor <> {visitor}").count()
    gone = factors.likes(spark, copies, None).where(f"visitor = {visitor}").count()
    assert gone and before == after + gone == factors.likes(spark, copies, str(held)).count() + gone, (before, after, gone)
    factors.ITERATIONS = 2  # what comes out is not measured here
    assert factors.train(spark, copies, str(file), rank=8) == len(chosen)
    said = exports.mvti("import", "factors", file, "--out", model).stdout
    assert f"8 factors of each of {len(chosen)} films" in said, said


if __name__ == "__main__":
    stack.main(globals(), lambda: (spark.stop(), sys.stdout.flush()))
