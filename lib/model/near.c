#include "model/near.h"

#include <math.h>
#include <string.h>

#include "model/factors.h"
#include "num/dot.h"
#include "num/kernel.h"

size_t near_moments_count(size_t d)
{
    return d + d * d;
}

void near_moments(const float *vectors, size_t n, size_t d, float *moments)
{
    double sum[FACTORS_MAX];
    for (size_t a = 0; a <= d; a++) { /* row 0 is the mean, row a the products with entry a − 1 */
        for (size_t b = 0; b < d; b++)
            sum[b] = 0;
        for (size_t i = 0; i < n; i++) {
            const float *v = vectors + i * d;
            double by = a == 0 ? 1 : (double)v[a - 1];
            for (size_t b = 0; b < d; b++)
                sum[b] += by * (double)v[b];
        }
        for (size_t b = 0; b < d; b++)
            moments[a * d + b] = n == 0 ? 0 : (float)(sum[b] / (double)n);
    }
}

enum err near_init(struct near *near, const struct forest *forest, const float *moments, struct fail *why)
{
    *near = (struct near){.forest = *forest, .moments = moments};
    near->scratch = forest_scratch_new(&near->forest);
    if (near->scratch != NULL)
        return ERR_OK;
    near_free(near);
    return fail_set(why, ERR_NOMEM, "out of memory for searching among vectors");
}

void near_free(struct near *near)
{
    forest_scratch_free(near->scratch);
    forest_close(&near->forest);
    *near = (struct near){0};
}

size_t near_search(struct near *near, const int32_t *history, size_t n, int32_t found[NEAR_BEST],
                   float scores[NEAR_BEST])
{
    float query[FACTORS_MAX];
    size_t d = near->forest.info->dimensions;
    factors_mean(near->forest.vectors, d, history, n, query);
    size_t n_found = forest_search(&near->forest, near->scratch, query, NEAR_BEST, NEAR_BUDGET, found);
    dot_rows(near->forest.vectors, d, found, n_found, query, scores);
    return n_found;
}

/* Σs = N·qᵀm and Σs² = N·qᵀMq over all N items, from their mean m and second moments M, so that no item is
 * looked at; the chosen ones are taken out of both sums. A variance that is all rounding counts as none. */
void near_spread(const struct near *near, const int32_t *history, size_t n, double *mean, double *deviation)
{
    float query[FACTORS_MAX];
    size_t d = near->forest.info->dimensions;
    double all = (double)near->forest.info->n_items, squares = 0;
    factors_mean(near->forest.vectors, d, history, n, query);
    double sum = all * (double)kernel_dot(query, near->moments, d);
    for (size_t a = 0; a < d; a++)
        squares += (double)query[a] * (double)kernel_dot(query, near->moments + (a + 1) * d, d);
    squares *= all;
    for (size_t i = 0; i < n; i++) {
        float x = kernel_dot(query, near->forest.vectors + (size_t)history[i] * d, d);
        sum -= (double)x;
        squares -= (double)x * (double)x;
    }
    double left = all - (double)n;
    *mean = left > 0 ? sum / left : 0;
    double variance = left > 0 ? squares / left - *mean * *mean : 0;
    *deviation = variance > 1e-9 * *mean * *mean && variance > 0 ? sqrt(variance) : 0;
}
