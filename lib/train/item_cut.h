/* A catalog reduced to its most liked items, for models whose cost grows with the square or cube of the number of
 * items. A model trained on the cut does not know the other items and never recommends them; evaluation counts them
 * as misses (evaluate_task.cut). */
#ifndef MVTI_TRAIN_ITEM_CUT_H
#define MVTI_TRAIN_ITEM_CUT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "num/csr.h"

struct item_cut {
    size_t n, n_whole;
    int32_t *kept; /* [n] index in the whole of each item of the cut, ascending */
    int32_t *at;   /* [n_whole] index in the cut, or −1 */
    struct csr x;  /* [users × n] the likes of these items; users keep their row numbers */
};

/* Keeps the n items with the most users (ties: smaller index), or all if there are fewer. n ≥ 1.
 * ERR_NOMEM. item_cut_free it. O(entries + items log items). */
MUST_USE enum err item_cut_make(struct item_cut *out, const struct csr *x, size_t n, struct fail *why);
/* Writes the cut's indexes of those of items[n] that are in the cut to out, which has room for n; returns how many. */
size_t item_cut_list(const struct item_cut *cut, const int32_t *items, size_t n, int32_t *out);
void item_cut_free(struct item_cut *cut);

#endif
