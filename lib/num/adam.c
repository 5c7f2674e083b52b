#include "num/adam.h"

#include <math.h>

void adam_init(struct adam *a, double rate)
{
    *a = (struct adam){.rate = rate, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-8};
}

void adam_begin(struct adam *a)
{
    a->t++;
    a->scale = (float)(a->rate / (1 - pow(a->beta1, (double)a->t)));
    a->root = (float)(1 / sqrt(1 - pow(a->beta2, (double)a->t)));
}

static inline __attribute__((always_inline)) void update(const struct adam *a, float *restrict theta,
                                                         float *restrict m, float *restrict v,
                                                         const float *restrict gradient, size_t n)
{
    const float b1 = (float)a->beta1, c1 = (float)(1 - a->beta1);
    const float b2 = (float)a->beta2, c2 = (float)(1 - a->beta2);
    const float scale = a->scale, root = a->root, epsilon = (float)a->epsilon;
    for (size_t i = 0; i < n; i++) {
        float g = gradient[i];
        m[i] = b1 * m[i] + c1 * g;
        v[i] = b2 * v[i] + c2 * g * g;
        theta[i] -= scale * m[i] / (sqrtf(v[i]) * root + epsilon);
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void update_avx2(const struct adam *a, float *theta, float *m,
                                                        float *v, const float *gradient, size_t n)
{
    update(a, theta, m, v, gradient, n);
}
#endif

void adam_update(const struct adam *a, float *restrict theta, float *restrict m, float *restrict v,
                 const float *restrict gradient, size_t n)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        update_avx2(a, theta, m, v, gradient, n);
        return;
    }
#endif
    update(a, theta, m, v, gradient, n);
}
