/* The largest eigenvalues of an item graph (train/item_graph.h) and their vectors: the right singular vectors of
 * the normalised users × items matrix.
 *
 * Subspace iteration from random vectors, more than are wanted, filtered by a Chebyshev polynomial that is small
 * below the least of them (Zhou, Saad, Tiago & Chelikowsky, J. Comput. Phys. 2006), until the residuals
 * ‖S·v − θ·v‖ of the wanted are small. */
#ifndef MVTI_TRAIN_ITEM_SPECTRUM_H
#define MVTI_TRAIN_ITEM_SPECTRUM_H

#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "train/item_graph.h"

struct item_spectrum {
    size_t n_items, n; /* n: pairs found, the wanted or as many as there are items */
    float *vectors;    /* [n_items × n] orthonormal columns, the largest eigenvalue's first */
    double *values;    /* [n] descending */
    double next;       /* bound on what is left: the eigenvalue behind the last; 0: nothing is left */
    size_t rounds;     /* it took */
};

struct item_spectrum_plan {
    size_t wanted; /* pairs */
    uint64_t seed;
};

/* ERR_NOMEM; ERR_DIVERGED. item_spectrum_free it, also after an error. The same seed gives the same
 * vectors with one thread of OpenBLAS. */
MUST_USE enum err item_spectrum_find(struct item_spectrum *out, const struct item_graph *g,
                                     const struct item_spectrum_plan *plan, const struct progress *progress,
                                     struct fail *why);
void item_spectrum_free(struct item_spectrum *s);

#endif
