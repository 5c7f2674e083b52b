/* The frame in which `mvti import` stores one kind of catalog rows.
 *
 * A kind is a table of columns and a function that stores one row; the frame opens the file, finds the
 * columns by name, keeps one transaction around everything, and reports. */
#ifndef MVTI_IMPORT_IMPORT_KIND_H
#define MVTI_IMPORT_IMPORT_KIND_H

#include "base/arena.h"
#include "base/id_set.h"
#include "base/vec.h"
#include "import/film_watch.h"
#include "import/import_report.h"
#include "store/db.h"

enum { IMPORT_COLUMNS_MAX = 20 };

enum import_need {
    IMPORT_OPTIONAL,
    IMPORT_REQUIRED,
    IMPORT_ONE_OF /* at least one of the columns marked so */
};

struct import_column {
    const char *names; /* joined by '|', the first that the file has counts */
    enum import_need need;
    unsigned max_chars; /* 0: no limit of its own */
    unsigned given;     /* bit of store/catalog.h that the column sets when the file has it */
};

/* From a row of store/catalog_fields.h: the index of its column, the column, and how a row's text comes into `to` (`right` is false after
 * import_reject). */
#define IMPORT_AT(field, BIT, ...) AT_##BIT,
#define IMPORT_TEXT(field, BIT, NEED, names, characters)                                                     \
    [AT_##BIT] = {names, IMPORT_##NEED, characters, CATALOG_##BIT},
#define IMPORT_NUMBER(field, BIT, NEED, names, ...) [AT_##BIT] = {names, IMPORT_##NEED, 0, CATALOG_##BIT},
#define IMPORT_TAKE_TEXT(field, BIT, ...) to->field = import_text(row->text[AT_##BIT]);
#define IMPORT_TAKE_NUMBER(field, BIT, NEED, names, least, most, unknown)                                    \
    right = right && import_int_or(im, row->text[AT_##BIT],                                                  \
                                   &(struct import_range){#field, least, most, unknown}, &to->field);

/* One row of the file: texts trimmed and in Normalization Form C, by the index of their column, NULL where
 * the file lacks the column. */
struct import_row {
    uint64_t line;
    const char *text[IMPORT_COLUMNS_MAX];
    unsigned given;
};

enum import_verdict {
    IMPORT_NEW,
    IMPORT_CHANGED,
    IMPORT_SAME,
    IMPORT_SKIPPED,
    IMPORT_REJECTED,
    IMPORT_FAILED
};

struct import;

struct import_kind {
    const char *name;
    const struct import_column *columns; /* ended by a row without names */
    bool films;                          /* rows are films: watched by film_watch.h, compared on request */
    const char *dat_columns;             /* names of the columns of a MovieLens .dat file, or NULL */
    /* Stores one row. IMPORT_SKIPPED and IMPORT_REJECTED after import_reject; IMPORT_FAILED with im->rc set.
     */
    enum import_verdict (*put)(struct import *im, const struct import_row *row);
};

struct import {
    struct db *db;
    const struct progress *progress; /* asked to stop, too */
    const struct import_kind *kind;
    const char *path;
    const char *compare;      /* MovieLens's list of films to compare ids with, or NULL */
    struct film_watch *watch; /* of films, else NULL */
    const char *encoding;     /* as a person named it; NULL: UTF-8 */
    double tolerate;          /* percent of rows that may be rejected */
    bool strict;              /* stop at the first rejected row and change nothing */
    struct import_report report;
    struct vec movie_ids; /* int32_t, ascending: films in the catalog before this import */
    struct id_set seen;
    struct arena row_arena; /* emptied after each row */
    const char *reason;     /* of a skipped or rejected row */
    char detail[200];
    enum err rc;
    struct fail why;
};

/* Imports im->path whole or not at all; im->report says what came of the rows. Errors of files and of the database; ERR_INVALID: rows or columns
 * that do not do; ERR_BUSY: stopped. The sentence is in im->why. */
MUST_USE enum err import_run(struct import *im);
void import_close(struct import *im);

/* ---- for the kinds ---- */

/* Remembers why; gives IMPORT_REJECTED. reason is static text. */
enum import_verdict import_reject(struct import *im, const char *reason, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
enum import_verdict import_skip(struct import *im, const char *reason);
/* The row is taken, though not as it stands. reason is static text. */
void import_warn(struct import *im, const struct import_row *row, const char *reason, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* For `return import_stored(im, rc, change)`: what the database said. A value that the column refuses rejects
 * the row only. */
enum import_verdict import_stored(struct import *im, enum err rc, int change);

/* Which whole numbers a column holds. */
struct import_range {
    const char *what; /* for sentences */
    int32_t least, most;
    int32_t unknown;
};

/* A number within the range, perhaps with ".0" behind; range->unknown where the text is import_no_number. False after
 * import_reject. */
bool import_int_or(struct import *im, const char *text, const struct import_range *range, int32_t *out);
/* The id of a row of the catalog, which must be there. */
bool import_id(struct import *im, const char *text, const char *what, int32_t *out);
/* "" and what programs write for a number that is missing: NULL, NaN, N/A, … */
bool import_no_number(const char *text);
/* First of its id in this file? False after import_reject. */
bool import_first(struct import *im, uint64_t id, const char *what);
bool import_has_movie(const struct import *im, int32_t id);
/* "" for NULL. */
const char *import_text(const char *text);

extern const struct import_kind import_movies, import_characters, import_plots, import_links;

#endif
