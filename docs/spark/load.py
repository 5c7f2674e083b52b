"""One export of MVTI into a copy that Spark reads: what is gone goes, what is new or changed comes, all or nothing.

    spark-submit docs/spark/load.py /srv/exports/0000000000-0000000042-all-parquet /srv/copy

Exports are loaded in the order of their names; each once is enough, and twice does no harm. /srv/copy/current/v_event and so on are
folders of Parquet with the columns of docs/tables.md. A load writes every table anew and then moves the link `current`, so readers
have all of an export or nothing of it. Where a copy is too large for that, keep the tables in Delta or Iceberg and let `kept` be a DELETE of
its keys and an INSERT.
"""
import json
import os
import pathlib
import shutil
import sys
import tempfile

from pyspark.sql import SparkSession
from pyspark.sql.types import DateType, DoubleType, LongType, StringType, StructField, StructType, TimestampType

TYPES = {"int64": LongType(), "double": DoubleType(), "string": StringType(), "timestamp": TimestampType(), "date": DateType()}


def read(spark, folder, told, which, names=None):
    """The files of a table with the types of the manifest: `day` is the name of a folder, and a table without rows has none."""
    shape = StructType([StructField(c["name"], TYPES[c["type"]]) for c in told["columns"] if names is None or c["name"] in names])
    return spark.read.schema(shape).parquet(str(folder / told["table"] / which))


def kept(spark, folder, told, before):
    """A table after the export. `before`: its folder in the copy, which need not be there."""
    rows, key = read(spark, folder, told, "rows"), told["key"]
    if told["whole"] or not before.exists():
        return rows
    changed = read(spark, folder, told, "gone", key).select(key).union(rows.select(key))
    return spark.read.schema(rows.schema).parquet(str(before)).join(changed, key, "left_anti").unionByName(rows)


def load(spark, folder, copy):
    folder, copy = pathlib.Path(folder), pathlib.Path(copy)
    current = copy / "current"
    old = current.resolve() if current.exists() else None
    copy.mkdir(parents=True, exist_ok=True)
    fresh = pathlib.Path(tempfile.mkdtemp(prefix=f"{folder.name}-", dir=copy))
    for told in json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["tables"]:
        kept(spark, folder, told, current / told["view"]).write.parquet(str(fresh / told["view"]))
    link = copy / ".current"
    link.unlink(missing_ok=True)
    link.symlink_to(fresh.name)
    os.replace(link, current)
    if old is not None:
        shutil.rmtree(old)


if __name__ == "__main__":
    load(SparkSession.builder.appName("mvti").getOrCreate(), *sys.argv[1:])
