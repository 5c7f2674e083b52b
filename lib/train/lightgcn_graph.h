/* The propagation of LightGCN and LightGCN++: from layer-0 vectors E of all users and items to the final vectors
 * Z, and from the gradient of a loss in Z back to that in E.
 *
 * LightGCN (X. He et al., SIGIR 2020), A = D^−½ (graph) D^−½:
 *   Z = 1/(K+1) · Σ_{k=0…K} Aᵏ E
 * LightGCN++ (G. Lee, K. Kim, K. Shin, RecSys 2024), P = D^−α (graph) D^−β, n(x) = x/‖x‖ by rows:
 *   x₀ = E,  x_{k+1} = P n(x_k),  Z = γ E + (1−γ)/K · Σ_{k=1…K} x_k
 *
 * Loss of a batch of B triples (user, liked item, other item):
 *   1/B · Σ softplus(z_u·z_n − z_u·z_p)  +  l2/2B · Σ (‖e_u‖² + ‖e_p‖² + ‖e_n‖²)
 *
 * Propagation is nearly all of the cost, and it is linear. This is how it is reduced:
 *  - Horner's rule, Z = (E + A(E + A(E + …)))/(K+1): K hops, and no layer is stored. A is symmetric, so the
 *    gradient is propagated by the same function, and nothing is recorded on the way forward.
 *  - A batch touches few nodes. The last hop forward computes only their rows, and the first hop backward reads
 *    only their rows: of 2K hops over all edges 2(K−1) remain, for K = 2 half of them.
 *  - The last hop backward passes each finished row to the optimiser while it is in the cache; the gradient
 *    in E is never stored.
 * Everything is float32; every row is summed in a fixed order, so results do not depend on the number of threads. */
#ifndef MVTI_TRAIN_LIGHTGCN_GRAPH_H
#define MVTI_TRAIN_LIGHTGCN_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "num/csr.h"

enum { LIGHTGCN_MAX_DIMENSIONS = 256, LIGHTGCN_MAX_LAYERS = 8 };

struct lightgcn_shape {
    size_t dimensions;         /* 1…LIGHTGCN_MAX_DIMENSIONS */
    size_t layers;             /* K, 0…LIGHTGCN_MAX_LAYERS; at least 1 for ++ */
    bool plus;                 /* LightGCN++ */
    double alpha, beta, gamma; /* of ++ */
    double l2;
};

struct lightgcn_triple {
    int32_t user, liked, other; /* item indexes for the latter two */
};

struct lightgcn_graph {
    struct lightgcn_shape shape;
    const struct csr *x;
    struct csr xt;
    size_t n_users, n_nodes;
    /* [n_nodes] degree^−α and degree^−β (both ^−½ without ++); 0 for a node without neighbours */
    float *left, *right;
    float *e; /* [n_nodes × dimensions] layer 0: the parameters */
    float *z; /* [n_nodes × dimensions] final vectors: of the batch's nodes, or of all */
    float *g; /* [n_nodes × dimensions] gradient in z; zero for nodes outside the batch */
    float *layer[LIGHTGCN_MAX_LAYERS + 1]; /* plain: [0] and [1], scratch; ++: x_k at [k], k ≥ 1 */
    float *scale[LIGHTGCN_MAX_LAYERS];     /* ++: 1/‖x_k‖; [n_nodes] */
    float *weighted;                       /* ++: scratch [n_nodes] */
    uint32_t *touched;                     /* [n_nodes] how often a node occurs in the batch */
    size_t batch;                          /* triples in the batch */
};

/* Keeps a pointer to x, which must outlive g. E is zero. ERR_INVALID: the shape; ERR_NOMEM.
 * lightgcn_graph_free it, also after an error. */
MUST_USE enum err lightgcn_graph_init(struct lightgcn_graph *g, const struct csr *x,
                                      const struct lightgcn_shape *shape, struct fail *why);
void lightgcn_graph_free(struct lightgcn_graph *g);

/* Final vectors of all nodes into g->z. */
void lightgcn_graph_final(struct lightgcn_graph *g);

/* Forward for a batch of n triples: fills g->z for its nodes and g->g, and returns the loss above. */
double lightgcn_graph_forward(struct lightgcn_graph *g, const struct lightgcn_triple *batch, size_t n);
/* Backward for the batch of the last forward: passes the gradient [dimensions] of the loss in each row of e to `use`,
 * which may change that row and is called from all threads, once for each node. */
void lightgcn_graph_backward(struct lightgcn_graph *g,
                             void (*use)(void *arg, size_t node, const float *gradient), void *arg);

#endif
