#include "experiment/bandit.h"

#include <math.h>

/* Gamma of shape a ≥ 1 and scale 1 (Marsaglia & Tsang 2000): d·v is accepted by the ratio of densities, in logarithms; 1 − u is never 0. */
static double gamma_draw(struct rng *r, double a)
{
    double d = a - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = rng_normal(r), v = 1 + c * x;
        if (v <= 0)
            continue;
        v = v * v * v;
        if (log(1 - rng_unit(r)) < 0.5 * x * x + d - d * v + d * log(v))
            return d * v;
    }
}

/* X/(X + Y) of two gammas of shapes a and b is Beta(a, b). */
static double beta_draw(struct rng *r, double a, double b)
{
    double x = gamma_draw(r, a);
    return x / (x + gamma_draw(r, b));
}

void bandit_weights(const struct bandit_arm *arms, size_t n, double floor, struct rng *r, double *weights)
{
    int64_t best[BANDIT_ARMS] = {0};
    n = n < BANDIT_ARMS ? n : BANDIT_ARMS;
    for (int draw = 0; draw < BANDIT_DRAWS; draw++) {
        size_t winner = 0;
        double most = -1;
        for (size_t i = 0; i < n; i++) {
            double rate = beta_draw(r, 1 + (double)arms[i].wins, 1 + (double)(arms[i].views - arms[i].wins));
            if (rate > most) {
                most = rate;
                winner = i;
            }
        }
        best[winner]++;
    }
    for (size_t i = 0; i < n; i++)
        weights[i] = floor + (1 - (double)n * floor) * (double)best[i] / BANDIT_DRAWS;
}
