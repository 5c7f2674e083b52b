#include "num/adam.h"

#include <math.h>

#include "num/cpu.h"

void adam_init(struct adam *a, double rate)
{
    *a = (struct adam){.rate = rate, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8};
}

/* Kingma and Ba 2015, algorithm 1: the corrections 1/(1 − βᵗ) of m and √v, once a step instead of once a weight. */
void adam_begin(struct adam *a)
{
    a->t++;
    a->scale = (float)(a->rate / (1 - pow(a->beta1, (double)a->t)));
    a->root = (float)(1 / sqrt(1 - pow(a->beta2, (double)a->t)));
}

CPU_INLINE void update(const struct adam *a, float *restrict theta, float *restrict m, float *restrict v,
                       const float *restrict gradient, size_t n)
{
    const float b1 = (float)a->beta1, c1 = (float)(1 - a->beta1);
    const float b2 = (float)a->beta2, c2 = (float)(1 - a->beta2);
    const float scale = a->scale, root = a->root, epsilon = (float)a->epsilon;
    /* m = β₁m + (1 − β₁)g, v = β₂v + (1 − β₂)g², θ −= rate·m̂/(√v̂ + ε) */
    for (size_t i = 0; i < n; i++) {
        float g = gradient[i];
        m[i] = b1 * m[i] + c1 * g;
        v[i] = b2 * v[i] + c2 * g * g;
        theta[i] -= scale * m[i] / (sqrtf(v[i]) * root + epsilon);
    }
}

CPU_TO_AVX2(void, adam_update, update,
            (const struct adam *a, float *restrict theta, float *restrict m, float *restrict v,
             const float *restrict gradient, size_t n),
            (a, theta, m, v, gradient, n))
