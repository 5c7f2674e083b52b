#include "num/kernel.h"
#include "num/layer.h"

#include <math.h>
#include <string.h>

#include "num/cpu.h"
#include "num/exp.h"

enum { LANES = 16, SPAN = 256 };

/* Rows of a matrix, index[i] or i where index is NULL, times by[i · by_step]. */
struct rows {
    const float *w, *by;
    const int32_t *index;
    size_t n, width, by_step;
};

CPU_INLINE const float *row_of(const struct rows *r, size_t i)
{
    return r->w + (r->index != NULL ? (size_t)r->index[i] : i) * r->width;
}

/* Four rows at a time: y is read and written once for them. Row by row the sums are the same. */
CPU_INLINE void sum_rows(const struct rows *r, float *restrict y)
{
    size_t i = 0;
    for (; i + 4 <= r->n; i += 4) {
        const float *w0 = row_of(r, i), *w1 = row_of(r, i + 1), *w2 = row_of(r, i + 2),
                    *w3 = row_of(r, i + 3);
        const float *by = r->by + i * r->by_step;
        float b0 = by[0], b1 = by[r->by_step], b2 = by[2 * r->by_step], b3 = by[3 * r->by_step];
        for (size_t c = 0; c < r->width; c++)
            y[c] = y[c] + b0 * w0[c] + b1 * w1[c] + b2 * w2[c] + b3 * w3[c];
    }
    for (; i < r->n; i++) {
        const float *w = row_of(r, i);
        float by = r->by[i * r->by_step];
        for (size_t c = 0; c < r->width; c++)
            y[c] += by * w[c];
    }
}

static void add_rows(const struct rows *r, float *y);
CPU_TO_AVX2(void, add_rows, sum_rows, (const struct rows *r, float *y), (r, y))

void layer_product(float *y, const float *by, size_t n, const float *w, size_t width)
{
    add_rows(&(struct rows){.w = w, .by = by, .by_step = 1, .n = n, .width = width}, y);
}

void layer_gather(const struct layer_sparse *l, const int32_t *items, size_t n, float scale, float *out)
{
    memcpy(out, l->bias, l->width * sizeof *out);
    add_rows(&(struct rows){.w = l->w, .by = &scale, .index = items, .n = n, .width = l->width}, out);
}

/* Σ x[c], in partial sums that the compiler can keep in registers. */
static float sum_of(const float *x, size_t n)
{
    float part[LANES] = {0}, sum = 0;
    size_t c = 0;
    for (; c + LANES <= n; c += LANES)
        for (size_t i = 0; i < LANES; i++)
            part[i] += x[c + i];
    for (; c < n; c++)
        sum += x[c];
    for (size_t i = 0; i < LANES; i++)
        sum += part[i];
    return sum;
}

/* σ(a[c]) for n ≤ SPAN values */
static void sigmoids(const float *a, size_t n, float *out)
{
    exp_each(a, -1, out, n);
    for (size_t c = 0; c < n; c++)
        out[c] = 1 / (1 + out[c]);
}

void layer_norm_forward(const struct layer_norm *l, const float *a, float *y, float *x, float *inverse)
{
    size_t n = l->width;
    sigmoids(a, n, y);
    for (size_t c = 0; c < n; c++)
        y[c] *= a[c];
    float mean = sum_of(y, n) / (float)n;
    for (size_t c = 0; c < n; c++)
        y[c] -= mean;
    float by = 1 / sqrtf(kernel_dot(y, y, n) / (float)n + l->eps);
    for (size_t c = 0; c < n; c++) {
        float value = y[c] * by;
        if (x != NULL)
            x[c] = value;
        y[c] = l->gain[c] * value + l->shift[c];
    }
    if (inverse != NULL)
        *inverse = by;
}

/* With g = dy·gain (what reaches x) and s = swish(a), as LayerNorm's variance depends on all of a row:
 *   ds = inverse · (g − mean g − x · mean(g·x)),  da = ds · swish′(a),  swish′(a) = σ(a)·(1 + a·(1 − σ(a))). */
void layer_norm_backward(const struct layer_norm *l, const struct layer_norm_kept *kept, const float *dy,
                         float *da, const struct layer_norm_slopes *slopes)
{
    size_t n = l->width;
    const float *a = kept->a, *x = kept->x;
    float inverse = kept->inverse, *dgain = slopes->gain, *dshift = slopes->shift;
    for (size_t c = 0; c < n; c++) {
        da[c] = dy[c] * l->gain[c];
        dgain[c] += dy[c] * x[c];
        dshift[c] += dy[c];
    }
    float mean = sum_of(da, n) / (float)n, slope = kernel_dot(da, x, n) / (float)n, s[SPAN];
    for (size_t from = 0; from < n; from += SPAN) {
        size_t many = n - from < SPAN ? n - from : SPAN;
        sigmoids(a + from, many, s);
        for (size_t c = from; c < from + many; c++)
            da[c] = inverse * (da[c] - mean - x[c] * slope) * s[c - from] * (1 + a[c] * (1 - s[c - from]));
    }
}

/* NaN is passed over, and found by the exponentials. Not fmaxf, which is a call for each. */
static float largest_of(const float *x, size_t n)
{
    float part[LANES], largest = -INFINITY;
    for (size_t i = 0; i < LANES; i++)
        part[i] = -INFINITY;
    size_t j = 0;
    for (; j + LANES <= n; j += LANES)
        for (size_t i = 0; i < LANES; i++)
            part[i] = x[j + i] > part[i] ? x[j + i] : part[i];
    for (; j < n; j++)
        largest = x[j] > largest ? x[j] : largest;
    for (size_t i = 0; i < LANES; i++)
        largest = part[i] > largest ? part[i] : largest;
    return largest;
}

double layer_softmax_loss(float *logits, size_t width, const int32_t *items, size_t n, float by)
{
    float largest = largest_of(logits, width);
    double found = 0;
    for (size_t i = 0; i < n; i++)
        found += logits[items[i]] - largest;
    double sum = exp_sum(logits, largest, width);
    float share = (float)((double)by * (double)n / sum);
    for (size_t j = 0; j < width; j++)
        logits[j] *= share;
    for (size_t i = 0; i < n; i++)
        logits[items[i]] -= by;
    return n == 0 ? 0 : found - (double)n * log(sum); /* no 0 · log 0 without items */
}

/* Σ log(1 + eˣ) as max(x, 0) + log(1 + e^−|x|), which neither overflows nor loses small values; the second as
 * the log of a product, at most 2^SPAN. x becomes by·σ(x). n ≤ SPAN. */
static double softplus_sum(float *x, size_t n, float by)
{
    float e[SPAN], positive[SPAN];
    double product = 1;
    for (size_t c = 0; c < n; c++) {
        e[c] = -fabsf(x[c]);
        positive[c] = 0.5f * (x[c] + fabsf(x[c]));
    }
    exp_each(e, 1, e, n);
    for (size_t c = 0; c < n; c++) {
        float above = (float)(x[c] >= 0), below = (float)(x[c] < 0);
        product *= 1 + (double)e[c];
        x[c] = by * (above + below * e[c]) / (1 + e[c]);
    }
    return (double)sum_of(positive, n) + log(product);
}

double layer_logistic_loss(float *logits, size_t width, const int32_t *items, size_t n, float by)
{
    double total = 0;
    for (size_t i = 0; i < n; i++)
        total += logits[items[i]];
    for (size_t from = 0; from < width; from += SPAN)
        total -= softplus_sum(logits + from, width - from < SPAN ? width - from : SPAN, by);
    for (size_t i = 0; i < n; i++)
        logits[items[i]] -= by;
    return total;
}
