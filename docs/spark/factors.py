"""Item factors by Spark's ALS from a copy of MVTI's exports, as `mvti import factors` reads them.

    mvti dataset held >held.csv
    spark-submit docs/spark/factors.py /srv/copy/current factors.csv held.csv
    mvti import factors factors.csv --held-out

The copy is that of load.py. A visitor likes the films they chose in tests and those of the characters with their heart; what else a lake knows
is another `union`. Whom the site holds out of training (held.csv) is left out here too: on them `mvti publish` compares these factors with what is
live. Without held.csv, and without --held-out, it can only refuse what is worse.
"""
import csv
import os
import sys

from pyspark.ml.recommendation import ALS
from pyspark.sql import SparkSession
from pyspark.sql.functions import lit

# Films liked together are what is looked for, not how often: a small alpha. Tuned on MovieLens's small file.
RANK, ITERATIONS, REGULARISATION, ALPHA = 64, 15, 0.1, 1.0


def likes(spark, copy, held):
    """Pairs of visitor and film, each once, without the people of `held` (the file, or None)."""
    table = {name: spark.read.parquet(f"{copy}/{name}") for name in ("v_chosen_film", "v_like", "v_character")}
    chosen = table["v_chosen_film"].select("visitor", "movie_id")
    hearts = table["v_like"].join(table["v_character"].select("character_id", "movie_id"), "character_id").select("visitor", "movie_id")
    pairs = chosen.union(hearts).distinct()
    if held is None:
        return pairs
    people = spark.read.csv(held, header=True).where("source = 'visitors'").selectExpr("CAST(person AS BIGINT) AS visitor")
    return pairs.join(people, "visitor", "left_anti")


def train(spark, copy, out, held=None, rank=RANK):
    """Writes the factors of every film that somebody likes; how many films."""
    als = ALS(rank=rank, maxIter=ITERATIONS, regParam=REGULARISATION, alpha=ALPHA, implicitPrefs=True, seed=1, userCol="visitor", itemCol="movie_id",
              ratingCol="like")
    pairs = likes(spark, copy, held).selectExpr("CAST(visitor AS INT) AS visitor", "CAST(movie_id AS INT) AS movie_id").withColumn("like", lit(1.0))
    n = 0
    with open(f"{out}.part", "w", encoding="ascii", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["movie_id"] + [f"f{i}" for i in range(rank)])
        for film in als.fit(pairs).itemFactors.orderBy("id").toLocalIterator():
            rows.writerow([film["id"], *film["features"]])
            n += 1
    os.replace(f"{out}.part", out)
    return n


if __name__ == "__main__":
    print(train(SparkSession.builder.appName("mvti").getOrCreate(), *sys.argv[1:4]), "films")
