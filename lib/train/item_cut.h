/* A catalog cut to its most liked items, for models whose cost grows with the square or cube of the number of
 * items: what is trained on the cut knows nothing of the rest, never recommends it, and evaluation counts it
 * as missed (evaluate_task.cut). */
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
    struct csr x;  /* [users × n] what the users like of it; everybody keeps the row */
};

/* Keeps the n items with the most users, of equals the smaller index; all when there are fewer. n ≥ 1.
 * ERR_NOMEM. item_cut_free it. O(entries + items log items). */
MUST_USE enum err item_cut_make(struct item_cut *out, const struct csr *x, size_t n, struct fail *why);
/* The items of a list that are in the cut, by their index there, into out (room for all); how many. */
size_t item_cut_list(const struct item_cut *cut, const int32_t *items, size_t n, int32_t *out);
void item_cut_free(struct item_cut *cut);

#endif
