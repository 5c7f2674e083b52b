/* Rows of a catalog file, whether CSV with a header row or MovieLens .dat (`::` between the fields, no
 * header); compressed or not. All of it is surveyed before the first row is given, so that a file in another
 * encoding is refused whole. */
#ifndef MVTI_DATA_ROW_SOURCE_H
#define MVTI_DATA_ROW_SOURCE_H

#include "base/buf.h"
#include "base/csv.h"
#include "base/text_file.h"

enum { DAT_FIELDS_MAX = 8 };

struct row_source {
    struct csv *csv;
    struct text_file *dat;   /* the one or the other is NULL */
    const char *dat_columns; /* "movieId|title|genres" */
    bool latin1;             /* what is no UTF-8 in a .dat file is Latin-1 */
    struct buf line;         /* of a .dat file, as UTF-8, its fields ended by NUL */
    struct csv_field fields[DAT_FIELDS_MAX];
    size_t n_columns;
    char reason[80];
};

/* dat_columns names the columns of a .dat file (path ends in .dat or .dat.gz); NULL: this kind has none.
 * encoding: what a person named (base/encoding.h), or NULL for UTF-8, UTF-16 and, in a .dat file, the Latin-1
 * of old MovieLens releases. ERR_INVALID names what the file looks like instead. */
MUST_USE enum err row_source_open(struct row_source *s, const char *path, const char *dat_columns,
                                  const char *encoding, struct fail *why);
void row_source_close(struct row_source *s);
/* Index of a column, −1 if there is none. */
int row_source_column(const struct row_source *s, const char *name, size_t n);
/* As csv_next and csv_end. */
bool row_source_next(struct row_source *s, struct csv_row *row);
MUST_USE enum err row_source_end(const struct row_source *s, struct fail *why);
void row_source_position(const struct row_source *s, uint64_t *done, uint64_t *total);

#endif
