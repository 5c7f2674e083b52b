#include "train/admm_slim_step.h"

#include <stdint.h>

#include "num/cpu.h"

enum { LANES = 16, SUMS = 5 };

/* Over-relaxation (Boyd et al. 2011, 3.4.3): B counts as a step so many times as long from C. */
static const float RELAX = 1.7f;

/* Said outright, for the compiler makes scalars of the loop. `stored` is the same where it lies in memory. */
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t masks __attribute__((vector_size(LANES * sizeof(float))));
typedef float stored __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float)), may_alias));

/* max(0, x) of each; no function, for its result would need a register that not every processor has. */
#define POSITIVE(x) ((lanes)(((x) > 0) & (masks)(x)))

/* By address: a vector as an argument would have another place on every kind of processor. */
CPU_INLINE void some(const struct admm_slim_step *a, lanes *w, const lanes *product, const lanes *p, lanes *v,
                     lanes sum[SUMS])
{
    lanes c_before = *w - a->kappa;
    c_before = POSITIVE(c_before);
    lanes gamma = *w - c_before, b = a->rho * *product - a->s * *p;
    lanes moved = c_before + RELAX * (b - c_before) + gamma, c = moved - a->kappa;
    c = POSITIVE(c);
    *w = moved;
    *v = 2 * c - moved; /* C − Γ, for Γ is what is left of B + Γ without C */
    sum[0] += (b - c) * (b - c);
    sum[1] += (c - c_before) * (c - c_before);
    sum[2] += b * b;
    sum[3] += c * c;
    sum[4] += (moved - c) * (moved - c);
}

CPU_INLINE void all(const struct admm_slim_step *step, float total[SUMS])
{
    const struct admm_slim_step a = *step;
    lanes sum[SUMS] = {{0}}, v;
    size_t i = 0;
    for (; i + LANES <= a.n; i += LANES) {
        lanes w = *(const stored *)(a.w + i), product = *(const stored *)(a.product + i),
              p = *(const stored *)(a.p + i);
        some(&a, &w, &product, &p, &v, sum);
        *(stored *)(a.w + i) = w;
        *(stored *)(a.v + i) = v;
    }
    lanes w = {0}, product = {0}, p = {0}; /* what is left, and zeros, of which nothing comes */
    for (size_t k = 0; i + k < a.n; k++) {
        w[k] = a.w[i + k];
        product[k] = a.product[i + k];
        p[k] = a.p[i + k];
    }
    some(&a, &w, &product, &p, &v, sum);
    for (size_t k = 0; i + k < a.n; k++) {
        a.w[i + k] = w[k];
        a.v[i + k] = v[k];
    }
    for (size_t s = 0; s < SUMS; s++) {
        total[s] = 0;
        for (size_t k = 0; k < LANES; k++)
            total[s] += sum[s][k];
    }
}

static void widest(const struct admm_slim_step *step, float total[SUMS]);
CPU_TO_AVX512(void, widest, all, (const struct admm_slim_step *step, float total[SUMS]), (step, total))

struct admm_slim_residual admm_slim_step_iterate(const struct admm_slim_step *step)
{
    float sum[SUMS];
    widest(step, sum);
    return (struct admm_slim_residual){sum[0], sum[1], sum[2], sum[3], sum[4]};
}
