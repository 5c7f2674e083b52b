/* One hop over the bipartite graph of a users × items matrix: every node's row becomes a weighted sum of its
 * neighbours' rows. Nodes are the users 0 … U−1, then the items U … U+I−1; the graph is never stored as a
 * square matrix. */
#ifndef MVTI_NUM_HOP_H
#define MVTI_NUM_HOP_H

#include <stddef.h>
#include <stdint.h>

#include "num/csr.h"

struct hop {
    const struct csr *x, *xt; /* [users × items] and its transpose */
    const float *target;      /* [nodes] factor of the row that is made */
    const float *source;      /* [nodes] factor of the rows that are summed */
    const float *in;          /* [nodes × width] */
    const uint32_t *sparse;   /* NULL, or [nodes]: 0 says that the row of `in` is zero and need not be read */
    size_t width;
};

/* out[width] = target[node] · Σ_{w neighbour of node} source[w] · in[w], summed in the order of the
 * neighbours' numbers: the same bits whoever computes the other rows. `out` must not lie in `in`. AVX2 where
 * the processor has it, with the same roundings. */
void hop_row(const struct hop *h, size_t node, float *restrict out);

#endif
