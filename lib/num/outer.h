/* What least squares of a row of factors is made of: a vector times the sum of its rows' outer products. */
#ifndef MVTI_NUM_OUTER_H
#define MVTI_NUM_OUTER_H

#include <stddef.h>
#include <stdint.h>

struct outer {
    const float *rows;    /* [… × d] row-major */
    size_t d;             /* may be 0 */
    const int32_t *index; /* [n]: which rows */
    size_t n;             /* may be 0 */
    float bias, by;
};

/* out[d] += Σ_{i<n} (bias + by · (rows[index[i]] · v)) rows[index[i]]; v [d]. Nothing overlaps; no alignment
 * needed. Each row is read once from memory. The widest registers that the processor has, all with the same
 * order of sums and the same roundings. */
void outer_add(const struct outer *o, const float *v, float *out);

#endif
