/* LightGCN's and LightGCN++'s mathematics: from layer-0 vectors E of all users and items to the final vectors
 * Z, and from the gradient of a loss in Z back to E.
 *
 * LightGCN (X. He et al., SIGIR 2020), A = D^−½ (graph) D^−½:
 *   Z = 1/(K+1) · Σ_{k=0…K} Aᵏ E
 * LightGCN++ (G. Lee, K. Kim, K. Shin, RecSys 2024), P = D^−α (graph) D^−β, n(x) = x/‖x‖ by rows:
 *   x₀ = E,  x_{k+1} = P n(x_k),  Z = γ E + (1−γ)/K · Σ_{k=1…K} x_k
 *
 * Loss of a batch of B triples (user, liked item, other item):
 *   1/B · Σ softplus(z_u·z_n − z_u·z_p)  +  l2/2B · Σ (‖e_u‖² + ‖e_p‖² + ‖e_n‖²)
 *
 * Propagation is nearly all of the cost, and the graph part is linear. What is saved:
 *  - Horner's rule, Z = (E + A(E + A(E + …)))/(K+1): K hops, and no layer is kept. A is symmetric, so the
 *    gradient runs through the very same function: nothing is recorded on the way.
 *  - A batch touches few nodes. The last hop forward makes their rows only, and the first hop backward reads
 *    their rows only: of 2K hops over all edges 2(K−1) remain, half of them for K = 2.
 *  - The last hop backward hands each finished row to the optimiser while it is in the cache; the gradient
 *    of E is never stored.
 * All is float32; every row is summed in one order, so results do not depend on the number of threads. */
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
    float *left, *right; /* [n_nodes] d^−α and d^−β (both d^−½ without ++); 0 for a node without neighbours */
    float *e;            /* [n_nodes × dimensions] layer 0: the parameters */
    float *z;            /* [n_nodes × dimensions] final vectors of the nodes asked for */
    float *g;            /* [n_nodes × dimensions] gradient in z; zero for nodes that are not touched */
    float *layer[LIGHTGCN_MAX_LAYERS + 1]; /* plain: [0] and [1], scratch; ++: x_k at [k], k ≥ 1 */
    float *scale[LIGHTGCN_MAX_LAYERS];     /* ++: 1/‖x_k‖; [n_nodes] */
    float *weighted;                       /* ++: scratch [n_nodes] */
    uint32_t *touched;                     /* [n_nodes] how often the batch names a node */
    size_t batch;                          /* triples of the batch */
};

/* Takes x as a view, which must outlive g. E is zero. ERR_INVALID: the shape; ERR_NOMEM.
 * lightgcn_graph_free it, also after an error. */
MUST_USE enum err lightgcn_graph_init(struct lightgcn_graph *g, const struct csr *x,
                                      const struct lightgcn_shape *shape, struct fail *why);
void lightgcn_graph_free(struct lightgcn_graph *g);

/* Final vectors of all nodes into g->z. */
void lightgcn_graph_final(struct lightgcn_graph *g);

/* Forward for a batch: fills g->z for its nodes and g->g, and returns the loss (the sum above). */
double lightgcn_graph_forward(struct lightgcn_graph *g, const struct lightgcn_triple *batch, size_t n);
/* Backward for the batch of the forward before: gives each node's gradient of the loss in e[node] to `use`,
 * which may change that row of e and is called from all threads, once a node. */
void lightgcn_graph_backward(struct lightgcn_graph *g,
                             void (*use)(void *arg, size_t node, const float *gradient), void *arg);

#endif
