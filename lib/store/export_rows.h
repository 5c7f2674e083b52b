/* The rows of a view, all of them or those that have changed, in pieces, so that memory does not grow with the table.
 *
 * Inside a transaction all tables are those of one moment: that of the transaction's first question. */
#ifndef MVTI_STORE_EXPORT_ROWS_H
#define MVTI_STORE_EXPORT_ROWS_H

#include "base/arena.h"
#include "store/export_table.h"

struct export_range {
    int64_t after, until; /* batches of store/change.h: what changed in after + 1 … until */
    bool whole;           /* all rows instead */
};

struct export_question {
    const struct export_table *table;
    const struct export_columns *columns;
    struct export_range range;
    struct arena *arena; /* for statements, which the connection knows as long as it lives */
};

/* Where rows go. Either may end the reading with an error. */
struct export_sink {
    void *arg;
    /* A row as it is: its columns in the order of `columns`, from `first` on. */
    enum err (*row)(void *arg, struct db_rows *rows, unsigned first, struct fail *why);
    /* The key a (and b) of a change of which there are no rows, perhaps never were. */
    enum err (*gone)(void *arg, int64_t a, int64_t b, struct fail *why);
};

/* Each row once, each key once. */
MUST_USE enum err export_rows(struct db *db, const struct export_question *q, const struct export_sink *sink,
                              struct fail *why);

#endif
