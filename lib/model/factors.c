#include "model/factors.h"

#include <string.h>

#include "num/dot.h"
#include "num/kernel.h"

/* p = 1/n Σ q_i: a visitor is the middle of the films they chose. */
void factors_mean(const float *items, size_t d, const int32_t *history, size_t n, float *person)
{
    memset(person, 0, d * sizeof *person);
    for (size_t h = 0; h < n; h++)
        kernel_axpy(person, 1 / (float)n, items + (size_t)history[h] * d, d);
}

void factors_score(const struct scorer *s, const int32_t *history, size_t n, float *scores)
{
    float person[FACTORS_MAX];
    factors_mean(s->weights, s->n_factors, history, n, person);
    dot_rows(s->weights, s->n_factors, NULL, s->n_items, person, scores);
}

float factors_link(const struct scorer *s, int32_t from, int32_t to)
{
    size_t d = s->n_factors;
    return kernel_dot(s->weights + (size_t)from * d, s->weights + (size_t)to * d, d);
}
