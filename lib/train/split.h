/* Dividing a dataset into what a model sees and what it should find. */
#ifndef MVTI_TRAIN_SPLIT_H
#define MVTI_TRAIN_SPLIT_H

#include <stdint.h>

#include "base/err.h"
#include "num/csr.h"

struct split {
    struct csr train, held; /* same shape as the whole, disjoint, together the whole */
};

/* Weak generalisation: of every user with at least 5 items, floor(share × items), but at least one, drawn
 * without replacement, goes to `held`; others stay whole in `train`. The draw depends on the seed and the
 * user's row only. 0 < share < 1. ERR_INVALID, ERR_NOMEM. split_free it. */
MUST_USE enum err split_by_user(struct split *out, const struct csr *x, double share, uint64_t seed,
                                struct fail *why);
void split_free(struct split *s);

#endif
