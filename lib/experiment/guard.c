#include "experiment/guard.h"

#include <math.h>
#include <stdbool.h>

static double share(int64_t n, int64_t of)
{
    return (double)n / (double)of;
}

/* Of the share, times by². */
static double variance(int64_t n, int64_t of, double by)
{
    double p = (double)(n + 1) / (double)(of + 2);
    return by * by * p * (1 - p) / (double)of;
}

static bool is_beyond(double d, double v, double alpha)
{
    if (d >= 0)
        return false;
    double t = GUARD_TAU * GUARD_TAU;
    return 0.5 * log(v / (v + t)) + t * d * d / (2 * v * (v + t)) >= -log(alpha);
}

enum guard_verdict guard_judge(const struct guard_rule *rule, const struct guard_arm *control,
                               const struct guard_arm *variant)
{
    const struct guard_arm *c = control, *x = variant;
    if (rule->alpha <= 0 || c->tests < rule->tests || x->tests < rule->tests || c->tests < 1 || x->tests < 1)
        return GUARD_FINE;
    double kept = 1 - rule->like_drop;
    if (is_beyond(share(x->liked, x->tests) - kept * share(c->liked, c->tests),
                  variance(x->liked, x->tests, 1) + variance(c->liked, c->tests, kept), rule->alpha / 2))
        return GUARD_LIKES;
    if (is_beyond(share(c->down, c->tests) + rule->down_rise - share(x->down, x->tests),
                  variance(x->down, x->tests, 1) + variance(c->down, c->tests, 1), rule->alpha / 2))
        return GUARD_DOWN;
    return GUARD_FINE;
}
