#include "num/calibration.h"

#include <math.h>
#include <stdbool.h>

static const double SMOOTH = 0.01;

/* The mean of p(g|i): each item counts once, divided among its genres, and one without any is left out. False where no item has a genre. */
static bool shares_of(const uint64_t *genres, const int32_t *items, size_t n,
                      double share[CALIBRATION_GENRES])
{
    double with = 0;
    for (size_t g = 0; g < CALIBRATION_GENRES; g++)
        share[g] = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t set = genres[items[i]];
        double each = set != 0 ? 1.0 / __builtin_popcountll(set) : 0;
        with += set != 0;
        for (; set != 0; set &= set - 1)
            share[__builtin_ctzll(set)] += each;
    }
    for (size_t g = 0; g < CALIBRATION_GENRES && with > 0; g++)
        share[g] /= with;
    return with > 0;
}

double calibration_of(const uint64_t *genres, const int32_t *given, size_t n_given, const int32_t *list,
                      size_t n_list)
{
    double p[CALIBRATION_GENRES], q[CALIBRATION_GENRES], sum = 0;
    if (!shares_of(genres, given, n_given, p) || !shares_of(genres, list, n_list, q))
        return (double)NAN;
    /* KL(p ‖ q̃); a genre with p = 0 adds 0, the limit of x ln x, and q̃ keeps the divisor above 0 where p is. */
    for (size_t g = 0; g < CALIBRATION_GENRES; g++)
        if (p[g] > 0)
            sum += p[g] * log(p[g] / ((1 - SMOOTH) * q[g] + SMOOTH * p[g]));
    return sum;
}
