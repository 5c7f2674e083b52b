#include "num/paired.h"

#include <stdlib.h>

#include "base/rng.h"

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

enum err paired_compare(const double *before, const double *after, size_t n, struct paired *out,
                        struct fail *why)
{
    enum { OUTSIDE = (int)(PAIRED_ROUNDS * (1 - PAIRED_LEVEL) / 2 + 0.5) };
    struct rng rng;
    double *means = malloc(PAIRED_ROUNDS * sizeof *means);
    *out = (struct paired){.n = n};
    if (means == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    for (size_t i = 0; i < n; i++) {
        out->before += before[i] / (double)n;
        out->after += after[i] / (double)n;
        out->difference += (after[i] - before[i]) / (double)n;
    }
    rng_seed(&rng, PAIRED_SEED);
    /* Percentile bootstrap: each round draws n people with replacement, and with each both of their figures. */
    for (size_t r = 0; n > 0 && r < PAIRED_ROUNDS; r++) {
        means[r] = 0;
        for (size_t i = 0; i < n; i++) {
            size_t who = rng_below(&rng, n);
            means[r] += (after[who] - before[who]) / (double)n;
        }
    }
    if (n > 0) {
        qsort(means, PAIRED_ROUNDS, sizeof *means, by_value);
        out->low = means[OUTSIDE];
        out->high = means[PAIRED_ROUNDS - 1 - OUTSIDE];
    }
    free(means);
    return ERR_OK;
}
