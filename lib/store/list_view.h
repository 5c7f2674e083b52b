/* Renderings of lists: what made the list that events happened in (sql/migrations/0020). */
#ifndef MVTI_STORE_LIST_VIEW_H
#define MVTI_STORE_LIST_VIEW_H

#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

/* Numbers of views go up to this: what JSON carries exactly everywhere (RFC 8259, 6). */
#define LIST_VIEW_MOST ((INT64_C(1) << 53) - 1)

struct list_view {
    int64_t view_id; /* 1 to LIST_VIEW_MOST, drawn at random by a browser */
    const char *list;
    const char *snapshot_id, *ranker; /* NULL: the list was not made from a snapshot; nothing ordered it */
};

/* Stores those that are new, inside the caller's transaction; of two with one number the first stays. */
MUST_USE enum err list_view_store(struct db *db, const struct list_view *views, size_t n, struct fail *why);

#endif
