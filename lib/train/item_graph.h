/* The graph of items with users in common, as a linear operator on vectors over the items, and polynomials of it.
 * With X the users × items 0/1 matrix, D_u and D_i the diagonal matrices of its row and column sums:
 *
 *   R = D_u^−½ X D_i^−½,   S = RᵀR
 *
 * S is symmetric with eigenvalues from 0 to 1 (I − S is the graph's normalised Laplacian) and is never formed:
 * S·z is two passes over the likes, 4 flops a like in all. Items without users are rows of zeros. */
#ifndef MVTI_TRAIN_ITEM_GRAPH_H
#define MVTI_TRAIN_ITEM_GRAPH_H

#include <stddef.h>

#include "base/err.h"
#include "num/csr.h"

enum { ITEM_GRAPH_WIDTH = 64 }; /* columns that are multiplied at a time */

struct item_graph {
    const struct csr *x; /* borrowed */
    struct csr xt;
    size_t n_users, n_items;
    float *by;      /* [users + items] row and column sums^−½, 0 where the sum is 0 */
    float *ones;    /* [users + items] all 1 */
    float *scratch; /* one area for each thread */
};

/* The polynomial Σ_k c_k T_k(2S/top − 1) in Chebyshev's T_k, for eigenvalues from 0 to top. */
struct item_polynomial {
    const double *c; /* [degree + 1] */
    size_t degree;
    double top; /* above 0 */
};

/* x must outlive g. ERR_NOMEM. item_graph_close it, also after an error. */
MUST_USE enum err item_graph_open(struct item_graph *g, const struct csr *x, struct fail *why);
void item_graph_close(struct item_graph *g);

/* A polynomial times n_blocks blocks of columns [n_items × ITEM_GRAPH_WIDTH]: `fill` writes the columns of a block,
 * `take` receives the product. Both are called from all threads, for one block by the same thread. */
struct item_graph_blocks {
    const struct item_graph *graph;
    struct item_polynomial polynomial;
    size_t n_blocks;
    void (*fill)(void *arg, size_t block, float *columns);
    void (*take)(void *arg, size_t block, const float *columns);
    void *arg;
};

/* 4·degree flops a like and column, 4·(degree − 1) if the columns of `fill` are mostly zero. The result does not depend
 * on the number of threads. */
void item_graph_apply(const struct item_graph_blocks *b);

#endif
