/* EASE, training (H. Steck, WWW 2019). With X the users × items 0/1 matrix:
 *   G = XᵀX,   P = (G + λI)⁻¹,   B[i,j] = −P[i,j] / P[j,j] for i ≠ j,   B[j,j] = 0
 * in float32 and in a single matrix: G's upper triangle is counted into it from the sparse
 * rows, inverted in place by Cholesky (num/dense.h) and scaled to B in place. Memory: 4·n² bytes plus
 * X and its transpose. Time: n³ flops; at n = 20,000 counting takes a few percent of it.
 *
 * Counts stay exact in float32 up to 2²⁴ = 16.7 million users of one pair of items. */
#ifndef MVTI_TRAIN_EASE_TRAIN_H
#define MVTI_TRAIN_EASE_TRAIN_H

#include <stddef.h>

#include "base/err.h"
#include "base/progress.h"
#include "num/csr.h"
#include "train/trainer.h"

/* Seconds of each step. */
struct ease_times {
    double gram, factor, inverse, scale;
};

/* b [n × n] row-major, n = x->n_cols, row = history item, receives B and need not be initialised. lambda > 0.
 * ERR_INVALID: lambda; ERR_TOO_LARGE: n² does not fit; ERR_DIVERGED: not positive definite or not finite; ERR_NOMEM.
 * times and progress may be NULL. Uses all cores. */
MUST_USE enum err ease_train(const struct csr *x, double lambda, float *b, struct ease_times *times,
                             const struct progress *progress, struct fail *why);

/* Default λ: 4 × the mean number of users an item, at least 100 and at most 500. Measured optimum for whole histories:
 * 100 to 200 on ml-latest-small (7 users an item), 500 on the simulated audience (270). Published: 500 for MovieLens-1M
 * and -20M, 80 for Gowalla (20). A λ that is off by a factor of two costs about one percent of NDCG. */
double ease_train_default_lambda(const struct csr *x);

/* Adds the upper triangle of Xᵀ·diag(weight)·X, diagonal included, to g [n × n] row-major, which must be zero there;
 * xt = xᵀ. weight [users]; NULL: all 1. */
void ease_train_gram(const struct csr *x, const struct csr *xt, const float *weight, float *g);

#endif
