/* Rows become files: rows/day=2026-05-01/0001.parquet, one folder a day as Hive, Spark, DuckDB, Polars and BigQuery take it, without the
 * column `day` in the files, whose value the folder is. Rows without a day lie in rows/0001.parquet.
 *
 * Days may come in any order: each gathers rows until there are enough of them for a file, or until all days together hold more than
 * memory is meant to, when the largest ones are written. There is always a file, if need be one without rows, so that a reader finds
 * the columns. */
#ifndef MVTI_EXPORT_PARTS_H
#define MVTI_EXPORT_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "export/batch.h"

enum parts_format { PARTS_PARQUET, PARTS_CSV, PARTS_JSONL, PARTS_FORMATS };

/* "parquet"; PARTS_FORMATS for an unknown word. */
const char *parts_format_name(enum parts_format format);
enum parts_format parts_format_of(const char *word);

enum { PARTS_PATH = 1024, PARTS_NAME = 64, PARTS_FILE_BYTES = 16 << 20, PARTS_ALL_BYTES = 128 << 20 };

struct parts_file {
    char name[PARTS_NAME]; /* below the folder: day=2026-05-01/0001.parquet */
    int64_t rows, bytes;
};

struct parts {
    const char *folder; /* exists; the caller's */
    enum parts_format format;
    const struct batch_kind *kinds; /* [n], without the day */
    size_t n;
    bool by_day;
    size_t most; /* bytes that all days may hold together */
    size_t held;
    size_t latest;    /* place of the day that had the last row */
    struct vec days;  /* struct parts_day, by day */
    struct vec files; /* struct parts_file, as they were written */
    int64_t rows;
};

/* Everything but folder, format, kinds, n and by_day is set here. */
void parts_open(struct parts *p);
void parts_close(struct parts *p);
/* A row of n values, of that day (INT64_MIN: none is known; ignored where rows are not by day). ERR_IO, ERR_NOMEM. */
MUST_USE enum err parts_add(struct parts *p, int64_t day, const struct batch_value *row, struct fail *why);
/* What is held becomes files. */
MUST_USE enum err parts_finish(struct parts *p, struct fail *why);

#endif
