/* The best of very many items for the mean of a history's vectors, without scoring all of them: a forest
 * (model/forest.h), and the moments of the vectors, which give the exact mean and deviation of all items'
 * scores:
 *
 *   mean of q·v over all items = q·m,   mean of (q·v)² = qᵀ S q,   m = mean of v, S = mean of v vᵀ */
#ifndef MVTI_MODEL_NEAR_H
#define MVTI_MODEL_NEAR_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/forest.h"

/* The most items that a search returns, and the candidates that it scores to find them; with these
 * recall@10 is above 0.98 on vectors of LightGCN. */
enum { NEAR_BEST = 500, NEAR_BUDGET = 3000 };

struct near {
    struct forest forest;
    struct forest_scratch *scratch; /* one search at a time */
    const float *moments;           /* [d + d × d]: m, then S; borrowed */
};

/* Size in floats of the moments of vectors of length d: d + d². */
size_t near_moments_count(size_t d);
/* Writes m and S of vectors [n × d] to moments[d + d × d]; sums are in double. */
void near_moments(const float *vectors, size_t n, size_t d, float *moments);

/* Takes ownership of an open forest, also after an error; moments are borrowed. ERR_NOMEM. near_free it. */
MUST_USE enum err near_init(struct near *near, const struct forest *forest, const float *moments,
                            struct fail *why);
/* Safe on a zeroed struct. */
void near_free(struct near *near);

/* Writes the best items for the mean of the vectors of history[n], n ≥ 1, to found[NEAR_BEST], best first, with their
 * exact inner products; returns how many. They may include items of the history. */
size_t near_search(struct near *near, const int32_t *history, size_t n, int32_t found[NEAR_BEST],
                   float scores[NEAR_BEST]);
/* Mean and standard deviation of the scores of all items outside the history; the deviation is 0 if all are equal. */
void near_spread(const struct near *near, const int32_t *history, size_t n, double *mean, double *deviation);

#endif
