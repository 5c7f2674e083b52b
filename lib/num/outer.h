/* What least squares of a row of factors is made of: a vector times the sum of its rows' outer products. */
#ifndef MVTI_NUM_OUTER_H
#define MVTI_NUM_OUTER_H

#include <stddef.h>
#include <stdint.h>

/* out[d] += Σ_{i<n} (bias + by · (rows[index[i]] · v)) rows[index[i]]; rows [… × d] row-major, v [d]. Nothing
 * overlaps; no alignment needed; d and n may be 0. Each row is read once from memory. The widest registers
 * that the processor has, all with the same order of sums and the same roundings. */
void outer_add(const float *rows, size_t d, const int32_t *index, size_t n, const float *v, float bias,
               float by, float *out);

#endif
