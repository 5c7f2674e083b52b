#include "stats/difference.h"

#include <math.h>
#include <string.h>

#include "stats/normal.h"
#include "stats/sequence.h"

static const double OUTCOME[MOMENTS_WIDTH] = {0, 1};

/* The side with one more visitor who converted and one who did not, each of the mean weight. */
static struct moments with_two_more(const struct moments *m)
{
    struct moments more = *m;
    static const double nothing[MOMENTS_COVARIATES];
    double p = m->n > 0 ? (double)m->n / m->weight[0][0] : 1;
    moments_add(&more, p, 1, nothing);
    moments_add(&more, p, 0, nothing);
    return more;
}

/* The squared standard error that n visitors with the spread of n + 2 have. */
static double careful_variance(const struct moments *m)
{
    struct moments more = with_two_more(m);
    return moments_variance(&more, OUTCOME) * (double)(m->n + 2) / (double)(m->n > 0 ? m->n : 1);
}

static bool early(const struct moments *a, const struct moments *b)
{
    int64_t n = a->n + b->n, events = a->events + b->events;
    return a->n < DIFFERENCE_VISITORS || b->n < DIFFERENCE_VISITORS || events < DIFFERENCE_EVENTS ||
           n - events < DIFFERENCE_EVENTS;
}

/* Everything that follows from two rates, the standard error and the number of visitors. */
static void conclude(struct difference *d, int64_t n, bool too_early, double alpha)
{
    double width = sequence_width(n > 0 ? (double)n : 1, SEQUENCE_PLAN, alpha);
    d->by = d->variant - d->control;
    d->low = fmax(d->by - width * d->error, -1);
    d->high = fmin(d->by + width * d->error, 1);
    d->detectable = (width + normal_point(1 - DIFFERENCE_POWER)) * d->error;
    d->verdict = too_early     ? DIFFERENCE_EARLY
                 : d->low > 0  ? DIFFERENCE_BETTER
                 : d->high < 0 ? DIFFERENCE_WORSE
                               : DIFFERENCE_OPEN;
}

struct difference difference_of(const struct moments *control, const struct moments *variant, double alpha)
{
    struct difference d = {.control = moments_mean(control, OUTCOME),
                           .variant = moments_mean(variant, OUTCOME)};
    d.error = sqrt(careful_variance(control) + careful_variance(variant));
    conclude(&d, control->n + variant->n, early(control, variant), alpha);
    return d;
}

/* Adds a side's sums of products about its own means. */
static void add_spread(const struct moments *m, double spread[MOMENTS_WIDTH][MOMENTS_WIDTH])
{
    for (int i = 1; m->n > 0 && i < MOMENTS_WIDTH; i++)
        for (int j = 1; j < MOMENTS_WIDTH; j++)
            spread[i][j] += m->weight[i][j] - m->weight[0][i] * m->weight[0][j] / m->weight[0][0];
}

/* θ of two covariates by least squares; of one, where the other says nothing beside it. false: neither says anything. */
static bool fit(const double spread[MOMENTS_WIDTH][MOMENTS_WIDTH], double theta[MOMENTS_COVARIATES])
{
    double a = spread[2][2], b = spread[2][3], c = spread[3][3], ya = spread[1][2], yc = spread[1][3];
    double determinant = a * c - b * b;
    theta[0] = theta[1] = 0;
    if (a > 0 && c > 0 && determinant > 1e-9 * a * c) {
        theta[0] = (c * ya - b * yc) / determinant;
        theta[1] = (a * yc - b * ya) / determinant;
    } else if (c > 0) {
        theta[1] = yc / c;
    } else if (a > 0) {
        theta[0] = ya / a;
    }
    return a > 0 || c > 0;
}

/* y − θ·(x − x̄) as weights of z = (1, y, x₁, x₂), with x̄ of both sides together. The careful variance is of y alone, so it is scaled by the share
 * of variance that is left. */
bool difference_cuped(const struct moments *control, const struct moments *variant, double alpha,
                      struct difference *out, double *kept)
{
    double spread[MOMENTS_WIDTH][MOMENTS_WIDTH] = {{0}}, theta[MOMENTS_COVARIATES];
    add_spread(control, spread);
    add_spread(variant, spread);
    if (!fit(spread, theta))
        return false;
    double adjusted[MOMENTS_WIDTH] = {0, 1, -theta[0], -theta[1]};
    double all = control->weight[0][0] + variant->weight[0][0];
    for (int i = 0; i < MOMENTS_COVARIATES; i++)
        adjusted[0] += theta[i] * (control->weight[0][2 + i] + variant->weight[0][2 + i]) / all;
    double plain = moments_variance(control, OUTCOME) + moments_variance(variant, OUTCOME);
    double left = moments_variance(control, adjusted) + moments_variance(variant, adjusted);
    *kept = plain > 0 ? fmin(left / plain, 1) : 1;
    *out = (struct difference){.control = moments_mean(control, adjusted),
                               .variant = moments_mean(variant, adjusted)};
    out->error = sqrt((careful_variance(control) + careful_variance(variant)) * *kept);
    conclude(out, control->n + variant->n, early(control, variant), alpha);
    return true;
}

double difference_people(const struct difference *d, int64_t n, double by, double alpha)
{
    if (!(by > 0) || n == 0 || !(d->error > 0))
        return INFINITY;
    double one = d->error * sqrt((double)n), reserve = normal_point(1 - DIFFERENCE_POWER);
    double people = sequence_people(one, by, SEQUENCE_PLAN, alpha);
    /* the width is nearly constant there, so the reserve for power is a share of it */
    double width = isfinite(people) ? sequence_width(people, SEQUENCE_PLAN, alpha) : 1;
    return sequence_people(one * (width + reserve) / width, by, SEQUENCE_PLAN, alpha);
}
