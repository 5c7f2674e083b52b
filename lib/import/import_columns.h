/* From a file's columns to those of a kind, and from its fields to the texts that are kept. */
#ifndef MVTI_IMPORT_IMPORT_COLUMNS_H
#define MVTI_IMPORT_IMPORT_COLUMNS_H

#include "data/row_source.h"
#include "import/import_kind.h"

/* Where each column of the kind stands in this file; -1: not there. */
struct import_columns {
    int at[IMPORT_COLUMNS_MAX];
    unsigned given; /* what the columns that are there set (store/catalog.h) */
};

/* ERR_INVALID naming what the kind needs and the file lacks. */
MUST_USE enum err import_columns_find(struct import *im, const struct row_source *s,
                                      struct import_columns *out);
/* Notes which columns of the file are of no use: one with a slip in its name is missed by nobody until it is
 * missed on the site. */
void import_columns_name_unused(const struct import *im, const struct row_source *s,
                                const struct import_columns *columns);
/* The fields of a good row as they are kept, in im->row_arena. False with the reason to reject the row in im, or with im->rc set. */
bool import_columns_take(struct import *im, const struct import_columns *columns, const struct csv_row *row,
                         struct import_row *out);

#endif
