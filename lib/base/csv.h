/* CSV (RFC 4180) read row by row over libcsv, whose only home this is; compressed files too.
 *
 *     rc = csv_open(&r, path, why);  rc = csv_need(r, (const char *const[]){"movie_id", NULL}, why);
 *     int title = csv_column(r, "title_ko");
 *     while (csv_next(r, &row))
 *         if (row.verdict == CSV_OK) use(row.fields[title]); else report(row.line, row.reason);
 *     rc = csv_end(r, why);  csv_close(r);
 *
 * The first row names the columns; they are separated by what it has most of: comma, semicolon, tab or bar,
 * or by what Excel's line "sep=;" before it says. Its names count without regard to case, blanks around them
 * and
 * "_", "-" and blanks inside. A byte order mark, CRLF and blank lines are accepted; blanks around a field
 * belong to it; a quote may stand only around a whole field or doubled inside one. A rejected row costs
 * itself only: after one whose quotes do not add up, reading goes on with the line behind the one it began
 * on, so a stray quote does not swallow the rest. Memory is bounded: about 4 MiB. */
#ifndef MVTI_BASE_CSV_H
#define MVTI_BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct csv;
struct text_file;

enum { CSV_COLUMNS_MAX = 256, CSV_FIELD_MAX = 64 << 10 }; /* a row: TEXT_ROW_MAX of base/text_file.h */

enum csv_verdict {
    CSV_OK,
    CSV_WRONG_COUNT, /* more or fewer fields than the header */
    CSV_WRONG_UTF8,  /* or in what else the file is read; `reason` names it */
    CSV_HAS_NUL,
    CSV_TOO_LONG,    /* a field over CSV_FIELD_MAX bytes, or a line or row over its limit */
    CSV_WRONG_QUOTE, /* a quote inside a plain field or text behind a closing quote */
    CSV_CUT,         /* the file ends inside this row */
    CSV_N_VERDICTS
};

struct csv_field {
    const char *text; /* valid UTF-8 without NUL, n bytes and a NUL; good until the next csv_next */
    size_t n;
};

struct csv_row {
    const struct csv_field *fields; /* [n]; NULL when rejected */
    size_t n;                       /* the number of columns */
    uint64_t line;                  /* physical line the row begins on, from 1 */
    enum csv_verdict verdict;
    const char *reason; /* why it is rejected, without file and line; "" for CSV_OK */
};

/* Opens and reads the header. ERR_NOT_FOUND, ERR_IO, ERR_NOMEM; ERR_INVALID for an unusable header. */
MUST_USE enum err csv_open(struct csv **out, const char *path, struct fail *why);
/* The same on an open file, which is taken over and closed on failure too. */
MUST_USE enum err csv_open_on(struct csv **out, struct text_file *text, struct fail *why);
/* Safe on NULL. */
void csv_close(struct csv *r);

/* Number of columns. */
size_t csv_columns(const struct csv *r);
/* Index of the column with exactly this name, else of the first that is it but for case, "_", "-" and blanks
 * (movieId, movie_id, "Movie ID"); −1 if there is none. */
int csv_column(const struct csv *r, const char *name);
/* What separates the columns. */
char csv_delimiter(const struct csv *r);
/* The name of a column as the file has it. */
const char *csv_name(const struct csv *r, size_t column);
/* The names as the file has them, "a, b, c", into text [size]; what does not fit is "…". */
void csv_names(const struct csv *r, char *text, size_t size);
/* ERR_INVALID naming all of `names` (ended by NULL) that the header lacks. */
MUST_USE enum err csv_need(const struct csv *r, const char *const *names, struct fail *why);

/* The next row, good or rejected; false at the end or after a failure, which csv_end tells apart. */
bool csv_next(struct csv *r, struct csv_row *row);
MUST_USE enum err csv_end(const struct csv *r, struct fail *why);

/* A few words for a verdict, such as "wrong number of columns", for summaries. */
const char *csv_verdict_name(enum csv_verdict verdict);
/* Bytes of the file read so far and in all (0 unknown), for progress. */
void csv_position(const struct csv *r, uint64_t *done, uint64_t *total);

#endif
