#include "stats/moments.h"

#include <string.h>

void moments_add(struct moments *m, double p, double y, const double x[MOMENTS_COVARIATES])
{
    double z[MOMENTS_WIDTH] = {1, y};
    memcpy(z + 2, x, MOMENTS_COVARIATES * sizeof *x);
    m->n++;
    m->events += y > 0;
    for (int i = 0; i < MOMENTS_WIDTH; i++)
        for (int j = 0; j < MOMENTS_WIDTH; j++) {
            m->weight[i][j] += z[i] * z[j] / p;
            m->square[i][j] += z[i] * z[j] / (p * p);
        }
}

/* Hájek's estimator: Σ (c·z)/p over Σ 1/p, the [0][0] of the weights. */
double moments_mean(const struct moments *m, const double c[MOMENTS_WIDTH])
{
    double sum = 0;
    for (int i = 0; i < MOMENTS_WIDTH; i++)
        sum += c[i] * m->weight[0][i];
    return m->n > 0 ? sum / m->weight[0][0] : 0;
}

/* Of a ratio of two sums, by the delta method: Σ (c·z − mean)²/p² over (Σ 1/p)². With d = c − mean·e₀ that is dᵀ(Σ zzᵀ/p²)d. */
double moments_variance(const struct moments *m, const double c[MOMENTS_WIDTH])
{
    double d[MOMENTS_WIDTH], sum = 0;
    if (m->n == 0)
        return 0;
    memcpy(d, c, sizeof d);
    d[0] -= moments_mean(m, c);
    for (int i = 0; i < MOMENTS_WIDTH; i++)
        for (int j = 0; j < MOMENTS_WIDTH; j++)
            sum += d[i] * d[j] * m->square[i][j];
    return sum > 0 ? sum / (m->weight[0][0] * m->weight[0][0]) : 0;
}
