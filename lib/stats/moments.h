/* What an experiment needs to remember of the visitors of one variant: sums, whatever their number.
 *
 * A visitor has an outcome y (converted: 1 or 0), COVARIATES figures of before they saw the variant (for CUPED, stats/difference.h), and the
 * probability p > 0 with which they were given it. Each counts 1/p, so that a variant whose share was changed on the way (a bandit) is not
 * judged by the days on which it had most visitors: D. G. Horvitz, D. J. Thompson, "A generalization of sampling without replacement from a
 * finite universe", 1952; divided by the sum of 1/p and not by the number of visitors (J. Hájek, 1971). With equal p it is the plain mean. */
#ifndef MVTI_STATS_MOMENTS_H
#define MVTI_STATS_MOMENTS_H

#include <stdint.h>

enum { MOMENTS_COVARIATES = 2, MOMENTS_WIDTH = 2 + MOMENTS_COVARIATES };

/* Of z = (1, y, x₁, x₂). Zero-initialised is empty. */
struct moments {
    int64_t n;                                   /* visitors */
    int64_t events;                              /* those with y > 0 */
    double weight[MOMENTS_WIDTH][MOMENTS_WIDTH]; /* Σ z zᵀ / p */
    double square[MOMENTS_WIDTH][MOMENTS_WIDTH]; /* Σ z zᵀ / p² */
};

void moments_add(struct moments *m, double p, double y, const double x[MOMENTS_COVARIATES]);
/* Weighted mean of c·z, and the square of its standard error (of a ratio of two sums, by the delta method); 0 and 0 without visitors. */
double moments_mean(const struct moments *m, const double c[MOMENTS_WIDTH]);
double moments_variance(const struct moments *m, const double c[MOMENTS_WIDTH]);

#endif
