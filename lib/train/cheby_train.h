/* ChebyCF: a filter of the item graph in closed form (Kim, Sung, Han & Lee, SIGIR 2025, "Graph spectral filtering with
 * Chebyshev interpolation for recommendation"). Nothing is learned step by step. With S the item graph
 * (train/item_graph.h), c(i) the users of item i, D = diag(c) and V the `eta` largest eigenvectors of S:
 *
 *   s = D^β [h(S) + α·VVᵀ] D^−β x,   h(σ) = Σ_k a_k T_k(1 − 2σ), k ≤ order
 *
 * where a_k interpolates the plateau y(t) = ½ − ½·sign(t)·|t|^φ of the graph's frequency t = 1 − 2σ, from 1 where σ is
 * 1 to 0 where it is 0, as the authors' code does: targets at the extrema of T_order, set at the roots of
 * T_{order+1}. φ says how flat it is in the middle, α adds an ideal low-pass, β takes from what many know.
 *
 * The operator is linear in what a visitor chose, so it is delivered as what it is: a matrix over the items, which
 * the scorer of EASE serves, with exact shares, and without anybody's likes in the file. To make it, V does twice the work:
 * below its eigenvalues, which leave a narrow interval, a polynomial q of a few degrees is as good as h, so
 *
 *   h(S) = q(S) + V·diag(h(σ) − q(σ))·Vᵀ
 *
 * and two or three passes over the graph do for eight. Memory: n² float32, and some n × eta. */
#ifndef MVTI_TRAIN_CHEBY_TRAIN_H
#define MVTI_TRAIN_CHEBY_TRAIN_H

#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "num/csr.h"
#include "train/trainer.h"

enum { CHEBY_MAX_ORDER = 32 };

struct cheby_options {
    size_t order; /* 1 … CHEBY_MAX_ORDER */
    double phi;   /* φ > 0 */
    size_t eta;   /* eigenvectors; at most as many as there are items are taken; may be 0 */
    double alpha; /* ≥ 0 */
    double beta;  /* 0 … 1 */
    uint64_t seed;
};

struct cheby_report {
    size_t degree, rounds;   /* of q; of the search for V */
    double spectrum, matrix; /* seconds */
};

/* a[order + 1] */
void cheby_train_coefficients(size_t order, double phi, double *a);
/* b [n × n] row-major, n = x->n_cols, row = history item, diagonal 0; what it held before does not matter.
 * report and progress may be NULL. ERR_INVALID: options; ERR_TOO_LARGE; ERR_NOMEM. All cores. */
struct cheby_result {
    float *b;
    struct cheby_report *report;
};
MUST_USE enum err cheby_train(const struct csr *x, const struct cheby_options *options,
                              const struct cheby_result *out, const struct progress *progress,
                              struct fail *why);

#endif
