/* The parts of small neural networks, one row (one person) at a time, forward and backward. Plain loops that
 * the compiler vectorises, beside those of num/kernel.h; no BLAS: workers use them too. Arrays do not overlap unless said. Any width. */
#ifndef MVTI_NUM_LAYER_H
#define MVTI_NUM_LAYER_H

#include <stddef.h>
#include <stdint.h>

/* y[width] += Σ by[i] · w[i · width …] over i < n, in that order: a row times a matrix. AVX2 where the
 * processor has it, with the same roundings; so layer_gather. */
void layer_product(float *y, const float *by, size_t n, const float *w, size_t width);

/* A linear layer on a sparse row that is `scale` at items[n] and 0 elsewhere:
 * out[width] = bias + scale · Σ w[item · width …]. */
struct layer_sparse {
    const float *w, *bias; /* [inputs × width], [width] */
    size_t width;
};
void layer_gather(const struct layer_sparse *l, const int32_t *items, size_t n, float scale, float *out);
/* LayerNorm(swish(a)) with swish(a) = a·σ(a):
 *   s = swish(a), x = (s − mean s)/√(var s + eps), y = gain·x + shift; the variance divides by n. */
struct layer_norm {
    const float *gain, *shift; /* [width] */
    size_t width;
    float eps;
};
/* y[width]; x[width] and *inverse (1/√…) are what the way back needs, NULL both when there is none. */
void layer_norm_forward(const struct layer_norm *l, const float *a, float *y, float *x, float *inverse);
/* From dy, and what the way forward read and gave: da[width] is set, the slopes are added to. */
struct layer_norm_kept {
    const float *a, *x; /* [width] */
    float inverse;
};
struct layer_norm_slopes {
    float *gain, *shift; /* [width] */
};
void layer_norm_backward(const struct layer_norm *l, const struct layer_norm_kept *kept, const float *dy,
                         float *da, const struct layer_norm_slopes *slopes);

/* Multinomial likelihood: returns Σ over items[n] of log softmax(logits)[item] and turns logits[width] into
 * `by` · d(−that)/d(logits) = by·(n·softmax − 1 at the items). */
double layer_softmax_loss(float *logits, size_t width, const int32_t *items, size_t n, float by);
/* Logistic likelihood: the items are ones, all others zeros; returns Σ log of the probability of each and
 * turns logits into `by` · d(−that)/d(logits) = by·(σ − target). */
double layer_logistic_loss(float *logits, size_t width, const int32_t *items, size_t n, float by);

#endif
