/* A linear layer for inference: y = then(x · Wᵀ + bias), W packed once for the processor's registers. One
 * thread; may run in many at once. */
#ifndef MVTI_NUM_LINEAR_H
#define MVTI_NUM_LINEAR_H

#include <stdbool.h>
#include <stddef.h>

#include "num/wide.h"

struct linear {
    size_t inner, cols;
    float *packed; /* [⌈cols/32⌉ × inner × 32], columns past the last are 0; 64-byte aligned */
    float *bias;   /* [⌈cols/32⌉ × 32] */
};

/* All weights zero. false: out of memory. */
bool linear_open(struct linear *l, size_t inner, size_t cols);
/* Safe on a zeroed struct. */
void linear_close(struct linear *l);
/* Sets what gives output `col`: w[inner] and its bias. */
void linear_put(struct linear *l, size_t col, const float *w, float bias);

struct linear_rows {
    const float *x; /* [rows × inner] row-major */
    size_t rows;
    enum wide_then then;
    float *out;     /* [rows × cols] row-major */
    float *scratch; /* [linear_scratch(inner, rows)]; nothing of these overlaps */
};
void linear_apply(const struct linear *l, const struct wide *way, const struct linear_rows *r);
size_t linear_scratch(size_t inner, size_t rows);

/* x[rows × inner] with `step` from row to row → out, blocks of `block` rows [⌈rows/block⌉ × inner × block],
 * rows past the last 0: what a wide_block reads as a. */
void linear_pack_rows(const float *x, size_t step, size_t rows, size_t inner, size_t block, float *out);

#endif
