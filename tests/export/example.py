#!/usr/bin/env python3
"""The worked example for analysts, docs/duckdb: an export loaded into DuckDB, and the fifteen questions asked there and of the site's database.

    example.py EXPORT       one JSON object: how many statements were asked, and which have no rows or other ones than the database
"""
import json
import re
import subprocess
import sys

import duckdb

import test_analysis as questions
from stack import ROOT, STACK

LOAD = (ROOT / "docs/duckdb/load.sql").read_text(encoding="utf-8")
ASKED = [part.split("\n", 1) for part in
         re.split(r"^-- (?=\d)", (ROOT / "docs/duckdb/questions.sql").read_text(encoding="utf-8"), flags=re.M)[1:]]


def load(copy, folder):
    copy.execute(f"SET VARIABLE export = '{folder}'")
    copy.execute(LOAD)


def answer(statement):
    """Rows with all that is in them; stack.sql takes empty ends away."""
    run = subprocess.run(["mariadb", "--no-defaults", "--socket=run/mysql.sock", "-N", "-B", "--raw", "mvti", "-e", statement], cwd=STACK, check=True,
                         capture_output=True, encoding="utf-8")
    return [line.split("\t") for line in run.stdout.split("\n")[:-1]]


def alike(one, other):
    """Answers of both databases; of a mean SQL says four digits."""
    try:
        return abs(float(one) - float(other)) < 1.01e-4 * max(1, abs(float(other)))
    except (TypeError, ValueError):
        return ("NULL" if one is None else str(one)) == other


def unlike(copy):
    """(question, first pairs of rows that differ, rows here, rows there) of each statement that is not answered as the site's database answers it."""
    site = [s for n, all_of_it in sorted(questions.statements().items()) for s in all_of_it]
    assert len(site) == len(ASKED)
    for (question, statement), other in zip(ASKED, site):
        found, wanted = copy.execute(statement).fetchall(), answer(other)
        wrong = [pair for pair in zip(found, wanted) if not all(map(alike, *pair))]
        if len(found) != len(wanted) or not found or wrong:
            yield question, wrong[:2], len(found), len(wanted)


if __name__ == "__main__":
    example = duckdb.connect()
    load(example, sys.argv[1])
    print(json.dumps({"asked": len(ASKED), "unlike": list(unlike(example))}, default=str))
