/* What was shown, opened and liked in which list, from the rollups by day, list, position and snapshot (sql/migrations/0035), and by what ordered
 * the list and the variant that made it (0068). */
#ifndef MVTI_STORE_LIST_FIGURES_H
#define MVTI_STORE_LIST_FIGURES_H

#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

enum { LIST_FIGURES_MOST = 400, LIST_FIGURES_POSITIONS = 20 };

enum list_figures_by {
    LIST_FIGURES_LIST,
    LIST_FIGURES_POSITION,
    LIST_FIGURES_SNAPSHOT,
    LIST_FIGURES_RANKER,
    LIST_FIGURES_VARIANT,
    LIST_FIGURES_KINDS
};

struct list_figure {
    char list[13];
    int64_t position; /* from 0; -1 where rows are not told apart by it */
    /* The snapshot, ranker or variant; "" likewise, or where no snapshot that was live made the list. */
    char by[65];
    char experiment[41]; /* of a variant */
    int64_t experiment_id;
    int64_t impressions, clicks, likes;
    int64_t chosen; /* 0 by ranker and variant */
};
struct list_figures {
    struct list_figure *items; /* [n], in the arena */
    size_t n;
};

/* Of the last `days` days, today included. By position: the first LIST_FIGURES_POSITIONS places. */
MUST_USE enum err list_figures_read(struct db *db, int64_t days, enum list_figures_by by, struct arena *a,
                                    struct list_figures *out, struct fail *why);

#endif
