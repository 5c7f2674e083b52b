#include "num/layer.h"

#include <math.h>

float layer_dot(const float *a, const float *b, size_t n)
{
    float part[8] = {0}, sum = 0;
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (size_t c = 0; c < 8; c++)
            part[c] += a[i + c] * b[i + c];
    for (; i < n; i++)
        sum += a[i] * b[i];
    for (size_t c = 0; c < 8; c++)
        sum += part[c];
    return sum;
}

void layer_add(float *restrict y, float by, const float *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] += by * x[i];
}

void layer_gather(const float *w, const float *bias, size_t width, const int32_t *items, size_t n,
                  float scale, float *out)
{
    for (size_t c = 0; c < width; c++)
        out[c] = bias[c];
    for (size_t i = 0; i < n; i++)
        layer_add(out, scale, w + (size_t)items[i] * width, width);
}

void layer_scatter(float *dw, size_t width, const int32_t *items, size_t n, float scale, const float *dout)
{
    for (size_t i = 0; i < n; i++)
        layer_add(dw + (size_t)items[i] * width, scale, dout, width);
}

float layer_sigmoid(float x)
{
    return 1 / (1 + expf(-x));
}

void layer_norm_forward(const struct layer_norm *l, const float *a, float *y, float *x, float *inverse)
{
    size_t n = l->width;
    double sum = 0, squares = 0;
    for (size_t c = 0; c < n; c++) {
        y[c] = a[c] * layer_sigmoid(a[c]);
        sum += y[c];
    }
    float mean = (float)(sum / (double)n);
    for (size_t c = 0; c < n; c++)
        squares += (double)(y[c] - mean) * (y[c] - mean);
    float by = (float)(1 / sqrt(squares / (double)n + l->eps));
    for (size_t c = 0; c < n; c++) {
        float value = (y[c] - mean) * by;
        if (x != NULL)
            x[c] = value;
        y[c] = l->gain[c] * value + l->shift[c];
    }
    if (inverse != NULL)
        *inverse = by;
}

void layer_norm_backward(const struct layer_norm *l, const float *a, const float *x, float inverse,
                         const float *dy, float *da, float *dgain, float *dshift)
{
    size_t n = l->width;
    double sum = 0, along = 0;
    for (size_t c = 0; c < n; c++) {
        float dx = dy[c] * l->gain[c];
        sum += dx;
        along += (double)dx * x[c];
        dgain[c] += dy[c] * x[c];
        dshift[c] += dy[c];
    }
    float mean = (float)(sum / (double)n), slope = (float)(along / (double)n);
    for (size_t c = 0; c < n; c++) {
        float ds = inverse * (dy[c] * l->gain[c] - mean - x[c] * slope), s = layer_sigmoid(a[c]);
        da[c] = ds * s * (1 + a[c] * (1 - s));
    }
}

double layer_softmax_loss(float *logits, size_t width, const int32_t *items, size_t n, float by)
{
    float largest = -INFINITY;
    double sum = 0, found = 0;
    for (size_t j = 0; j < width; j++)
        largest = fmaxf(largest, logits[j]);
    for (size_t i = 0; i < n; i++)
        found += logits[items[i]] - largest;
    for (size_t j = 0; j < width; j++) {
        logits[j] = expf(logits[j] - largest);
        sum += logits[j];
    }
    float share = (float)((double)by * (double)n / sum);
    for (size_t j = 0; j < width; j++)
        logits[j] *= share;
    for (size_t i = 0; i < n; i++)
        logits[items[i]] -= by;
    return n == 0 ? 0 : found - (double)n * log(sum); /* no 0 · log 0 without items */
}

/* log(1 + eˣ) is summed as max(x, 0) + log(1 + e^−|x|), which neither overflows nor loses small values. */
double layer_logistic_loss(float *logits, size_t width, const int32_t *items, size_t n, float by)
{
    double total = 0;
    for (size_t i = 0; i < n; i++)
        total += logits[items[i]];
    for (size_t j = 0; j < width; j++) {
        float e = expf(-fabsf(logits[j])), q = 1 / (1 + e);
        total -= fmaxf(logits[j], 0) + log1pf(e);
        logits[j] = by * (logits[j] >= 0 ? q : e * q);
    }
    for (size_t i = 0; i < n; i++)
        logits[items[i]] -= by;
    return total;
}
