/* Rows in columns, as they wait to become a file: values lie one behind the other without those that are NULL, just as a page of
 * Parquet has them, so that writing one copies nothing. */
#ifndef MVTI_EXPORT_BATCH_H
#define MVTI_EXPORT_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum batch_type {
    BATCH_INT,  /* int64_t */
    BATCH_REAL, /* double */
    BATCH_TEXT, /* uint32_t length, then so many bytes of UTF-8 */
    BATCH_TIME, /* int64_t microseconds since 1970 UTC */
    BATCH_DATE, /* int32_t days since 1970-01-01 */
    BATCH_TYPES
};

struct batch_kind {
    const char *name;
    enum batch_type type;
};

struct batch_column {
    struct buf there;  /* [n_rows] 1, or 0 where the value is NULL */
    struct buf values; /* those that are there; little-endian */
};

struct batch {
    const struct batch_kind *kinds; /* [n_columns], the caller's */
    size_t n_columns;
    size_t n_rows;
    struct batch_column *columns; /* [n_columns] */
};

/* A value of a column. */
struct batch_value {
    bool null;
    int64_t integer; /* of BATCH_INT, BATCH_TIME and BATCH_DATE */
    double real;
    const char *text; /* [n]; until the next value is taken */
    size_t n;
};

MUST_USE enum err batch_open(struct batch *b, const struct batch_kind *kinds, size_t n_columns);
void batch_close(struct batch *b);
/* Appends a row of n_columns values. ERR_NOMEM: the batch is of no further use; ERR_TOO_LARGE: a text of 2 GiB. */
MUST_USE enum err batch_add(struct batch *b, const struct batch_value *row);
/* Bytes that it holds. */
size_t batch_bytes(const struct batch *b);

/* Walks over a column from its first row on: as many calls as rows. */
struct batch_reader {
    const struct batch_column *column;
    enum batch_type type;
    size_t row, at;
};
struct batch_reader batch_read(const struct batch *b, size_t column);
struct batch_value batch_next(struct batch_reader *r);

/* "2026-05-01" → days since 1970-01-01; "2026-05-01 12:00:00.123456" → microseconds since then. False: neither. */
bool batch_parse_date(const char *text, int64_t *days);
bool batch_parse_time(const char *text, int64_t *microseconds);
enum { BATCH_TIME_TEXT = 32 };
/* The other way: "2026-05-01" and "2026-05-01 12:00:00.123456", without a fraction where there is none. */
void batch_date_text(int64_t days, char out[BATCH_TIME_TEXT]);
void batch_time_text(int64_t microseconds, char out[BATCH_TIME_TEXT]);

#endif
