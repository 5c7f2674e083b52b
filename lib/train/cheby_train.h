/* ChebyCF: a closed-form filter of the item graph (Kim, Sung, Han & Lee, SIGIR 2025, "Graph spectral filtering with
 * Chebyshev interpolation for recommendation"), without any gradient steps. With S the item graph
 * (train/item_graph.h), c(i) the users of item i, D = diag(c) and V the `eta` largest eigenvectors of S:
 *
 *   s = D^β [h(S) + α·VVᵀ] D^−β x,   h(σ) = Σ_k a_k T_k(1 − 2σ), k ≤ order
 *
 * where the a_k interpolate the plateau y(t) = ½ − ½·sign(t)·|t|^φ of the graph frequency t = 1 − 2σ, which falls from
 * 1 at σ = 1 to 0 at σ = 0. As in the authors' code, the targets are those at the extrema of T_order, placed at the
 * roots of T_{order+1}. φ sets how flat the plateau is, α adds an ideal low-pass filter, β damps popular items.
 *
 * The operator is linear in what a visitor chose, so it is written as a matrix over the items, which the scorer of
 * EASE serves with exact shares; the file contains nobody's likes. V also makes the matrix cheaper: the
 * eigenvalues below those of V lie in a narrow interval, where a polynomial q of low degree approximates h, so
 *
 *   h(S) = q(S) + V·diag(h(σ) − q(σ))·Vᵀ
 *
 * takes two or three passes over the graph instead of eight. Memory: n² float32, and a few times n × eta. */
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
    size_t eta;   /* eigenvectors, capped at the number of items; may be 0 */
    double alpha; /* ≥ 0 */
    double beta;  /* 0 … 1 */
    uint64_t seed;
};

struct cheby_report {
    size_t degree, rounds;   /* of q; of the search for V */
    double spectrum, matrix; /* seconds */
};

/* a [order + 1]: the interpolation's coefficients in the T_k. */
void cheby_train_coefficients(size_t order, double phi, double *a);
struct cheby_result {
    float *b; /* [n × n] row-major, n = x->n_cols, row = history item, diagonal 0; need not be initialised */
    struct cheby_report *report; /* may be NULL */
};
/* Uses all cores; progress may be NULL. ERR_INVALID: options; ERR_TOO_LARGE: n² does not fit; ERR_NOMEM. */
MUST_USE enum err cheby_train(const struct csr *x, const struct cheby_options *options,
                              const struct cheby_result *out, const struct progress *progress,
                              struct fail *why);

#endif
