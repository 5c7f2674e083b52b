/* The rows of a query as an array: one reader for every list of a visitor's things. */
#ifndef MVTI_STORE_DB_LIST_H
#define MVTI_STORE_DB_LIST_H

#include <stddef.h>

#include "base/arena.h"
#include "store/db.h"

struct db_list {
    const struct db_sql *sql;
    const struct db_params *params;
    size_t most; /* rows that are looked at; the statement has a LIMIT of its own */
    size_t item; /* bytes of one */
    /* Turns the current row into *item, which is zeroed; texts go into the arena. */
    enum err (*read)(struct db_rows *rows, struct arena *a, void *item, struct fail *why);
};

struct db_items {
    void *at; /* [n] of struct db_list's item bytes, in the arena; may be NULL where n is 0 */
    size_t n;
};

/* ERR_NOMEM, what read says, and as db_query; *out holds what was read until then. */
MUST_USE enum err db_list_read(struct db *db, const struct db_list *l, struct arena *a, struct db_items *out,
                               struct fail *why);

/* What read returns for texts that may not have found room in the arena. */
enum err db_list_stored(bool stored, struct fail *why);

#endif
