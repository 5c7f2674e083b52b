/* The best items for a mean of vectors among very many, without looking at all of them: a forest
 * (model/forest.h), and the moments of the vectors, from which the mean and the deviation of all items'
 * scores follow exactly:
 *
 *   mean of q·v over all items = q·m,   mean of (q·v)² = qᵀ S q,   m = mean of v, S = mean of v vᵀ */
#ifndef MVTI_MODEL_NEAR_H
#define MVTI_MODEL_NEAR_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/forest.h"

/* Items that a search returns at most, and candidates that it scores for that: on vectors of LightGCN
 * recall@10 is above 0.98 with them. */
enum { NEAR_BEST = 500, NEAR_BUDGET = 3000 };

struct near {
    struct forest forest;
    struct forest_scratch *scratch; /* one search at a time */
    const float *moments;           /* [d + d × d]: m, then S; borrowed */
};

/* Floats of the moments of vectors of length d. */
size_t near_moments_count(size_t d);
/* moments[d + d × d] of vectors [n × d], summed in double. */
void near_moments(const float *vectors, size_t n, size_t d, float *moments);

/* Takes over an open forest, also after an error. ERR_NOMEM. */
MUST_USE enum err near_init(struct near *near, const struct forest *forest, const float *moments,
                            struct fail *why);
/* Safe on a zeroed struct. */
void near_free(struct near *near);

/* The best items for the mean of the history's vectors, best first, into found[NEAR_BEST], with their scores
 * (the inner products, exact); how many. The history's own items are among them. n ≥ 1. */
size_t near_search(struct near *near, const int32_t *history, size_t n, int32_t found[NEAR_BEST],
                   float scores[NEAR_BEST]);
/* Mean and deviation of the scores of all items outside the history; the deviation is 0 if there is no
 * spread. */
void near_spread(const struct near *near, const int32_t *history, size_t n, double *mean, double *deviation);

#endif
