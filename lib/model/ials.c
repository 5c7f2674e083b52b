#include "model/ials.h"

#include <math.h>
#include <string.h>

#include "num/dot.h"
#include "num/kernel.h"

/* λ·(n + α₀·items)^ν: regularisation that grows with how much is known of the row (Rendle et al. 2022). */
double ials_ridge(double lambda, double alpha0, double nu, size_t n, size_t n_items)
{
    return lambda * pow((double)n + alpha0 * (double)n_items, nu);
}

/* p = (α₀YᵀY + Σ y yᵀ + ridge·I)⁻¹ Σ y over the history's y: half a step of training, with the items held
 * (Hu et al. 2008). `gram` is α₀YᵀY; the lower triangle is enough for Cholesky.
 * Zero without history. */
static void fold_in(const struct scorer *s, const int32_t *history, size_t n, float *person)
{
    size_t d = s->n_factors;
    const float *gram = s->weights + s->n_items * d, *scalar = gram + d * d;
    float a[IALS_MAX_FACTORS * IALS_MAX_FACTORS];
    memset(person, 0, d * sizeof *person);
    memcpy(a, gram, d * d * sizeof *a);
    for (size_t h = 0; h < n; h++) {
        const float *y = s->weights + (size_t)history[h] * d;
        for (size_t i = 0; i < d; i++)
            kernel_axpy(a + i * d, y[i], y, i + 1);
        kernel_axpy(person, 1, y, d);
    }
    double ridge = ials_ridge((double)scalar[1], (double)scalar[0], (double)scalar[2], n, s->n_items);
    for (size_t i = 0; i < d; i++)
        a[i * d + i] += (float)ridge;
    /* Training refuses what cannot be solved; a file made elsewhere gives everybody the same scores. */
    if (!kernel_solve(a, person, d) || !kernel_within(person, d, 1e9f))
        memset(person, 0, d * sizeof *person);
}

void ials_score(const struct scorer *s, const int32_t *history, size_t n, float *scores)
{
    float person[IALS_MAX_FACTORS];
    fold_in(s, history, n, person);
    dot_rows(s->weights, s->n_factors, NULL, s->n_items, person, scores);
}
