/* The inner loops of a transformer encoder, once for each width of registers: products of small blocks with
 * the step behind them fused in, softmax and layer normalisation. A row's result depends on that row alone,
 * never on the block it was computed in. The ways differ in the last bits (fused multiplication, order of
 * sums).
 *
 * Why not OpenBLAS: the weights are packed once and not for each batch, products may run in many threads each
 * for itself, and its AVX-512 kernels are not to be relied upon on each processor. */
#ifndef MVTI_NUM_WIDE_H
#define MVTI_NUM_WIDE_H

#include <stddef.h>

enum { WIDE_COLS = 32, WIDE_ROWS_MAX = 12 };

enum wide_then {
    WIDE_AS_IS,
    WIDE_GELU /* x·Φ(x), Φ the normal distribution's function; off by at most 3e-7·|x| */
};

/* out[r][c] = then(bias[c] + Σ_k a[k·a_step + r] · b[k·b_step + c]) for r < rows ≤ the way's, c < cols ≤
 * WIDE_COLS. Of a the way's rows and of b and bias WIDE_COLS are read at each k, whatever rows and cols are.
 */
struct wide_block {
    const float *a, *b, *bias; /* bias NULL: 0 */
    size_t a_step, b_step, inner;
    float *out; /* out[r · out_step + c] */
    size_t out_step, rows, cols;
    enum wide_then then;
};

struct wide {
    const char *name;
    size_t rows; /* of a block, at most WIDE_ROWS_MAX */
    void (*product)(const struct wide_block *p);
    /* Softmax down each of WIDE_COLS columns of x [n × WIDE_COLS], of scale · x; n ≥ 1. In place. */
    void (*softmax)(float *x, size_t n, float scale);
    /* x[n] = gain · (y − mean y) / √(var y + eps) + shift with y = x + add; the variance divides by n. */
    void (*norm)(float *x, const float *add, const float *gain, const float *shift, size_t n, float eps);
};

/* The ways this processor can go, the widest first: i = 0, 1, …; NULL behind the last. */
const struct wide *wide_way(size_t i);

#endif
