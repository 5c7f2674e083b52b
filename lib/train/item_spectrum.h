/* The largest eigenvalues of an item graph (train/item_graph.h) and their vectors: the right singular vectors of
 * the normalised users × items matrix.
 *
 * Subspace iteration from random vectors, somewhat more than are wanted, filtered by a Chebyshev polynomial that is
 * small below the smallest wanted eigenvalue (Zhou, Saad, Tiago & Chelikowsky, J. Comput. Phys. 2006), until the
 * residuals ‖S·v − θ·v‖ of the wanted pairs are small. */
#ifndef MVTI_TRAIN_ITEM_SPECTRUM_H
#define MVTI_TRAIN_ITEM_SPECTRUM_H

#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "train/item_graph.h"

struct item_spectrum {
    size_t n_items, n; /* n: pairs found, as many as wanted but at most n_items */
    float *vectors; /* [n_items × n] row-major, orthonormal columns, that of the largest eigenvalue first */
    double *values; /* [n] eigenvalues, descending */
    double next;    /* upper bound on the remaining eigenvalues; 0: there are none */
    size_t rounds;  /* iterations until convergence */
};

struct item_spectrum_plan {
    size_t wanted; /* pairs */
    uint64_t seed;
};

/* ERR_NOMEM; ERR_DIVERGED: the vectors became linearly dependent, or
 * LAPACK's eigensolver failed. item_spectrum_free it, also after an error. The same seed gives the same vectors
 * with one thread of OpenBLAS. */
MUST_USE enum err item_spectrum_find(struct item_spectrum *out, const struct item_graph *g,
                                     const struct item_spectrum_plan *plan, const struct progress *progress,
                                     struct fail *why);
void item_spectrum_free(struct item_spectrum *s);

#endif
