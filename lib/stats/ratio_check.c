#include "stats/ratio_check.h"

#include <math.h>

#include "stats/normal.h"

/* Of the Dirichlet distribution: shares around the wanted ones, of which a half strays by about 0.05. */
static const double CONCENTRATION = 100;

/* ln of the Bayes factor of other shares against these: a Dirichlet-multinomial likelihood over a multinomial one, whose coefficients cancel
 * (Lindon and Malek 2022, equation 8). */
static double log_factor(const double *counts, const double *expected, size_t n, double all)
{
    double sum = lgamma(CONCENTRATION) - lgamma(CONCENTRATION + all);
    for (size_t i = 0; i < n; i++) {
        double share = expected[i] / all, prior = CONCENTRATION * share;
        if (share > 0)
            sum += lgamma(prior + counts[i]) - lgamma(prior) - counts[i] * log(share);
        else if (counts[i] > 0)
            return INFINITY;
    }
    return sum;
}

struct ratio_check ratio_check(const double *counts, const double *expected, size_t n)
{
    struct ratio_check c = {.p = 1, .always = 1};
    double all = 0;
    int degrees = -1;
    for (size_t i = 0; i < n; i++) {
        double off = counts[i] - expected[i];
        all += expected[i];
        degrees += expected[i] > 0;
        if (expected[i] > 0)
            c.chi_square += off * off / expected[i];
        else if (counts[i] > 0)
            c.chi_square = INFINITY;
    }
    if (!(all > 0))
        return c;
    c.p = degrees > 0 || c.chi_square > 0 ? normal_chi_square_above(c.chi_square, degrees > 0 ? degrees : 1)
                                          : 1;
    c.always = fmin(1, exp(-log_factor(counts, expected, n, all)));
    c.refused = c.p < RATIO_CHECK_REFUSED;
    return c;
}
