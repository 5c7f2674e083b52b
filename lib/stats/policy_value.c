#include "stats/policy_value.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"

const char *policy_value_name(enum policy_value_kind kind)
{
    static const char *const names[] = {"ips", "snips", "dm", "dr"};
    return names[kind];
}

/* How often a round counts a visitor: Poisson with mean 1, by inversion. */
static int times(struct rng *rng)
{
    double left = rng_unit(rng), p = exp(-1);
    int k = 0;
    while (left >= p && k < 20) {
        left -= p;
        p /= ++k;
    }
    return k;
}

static void add(struct policy_value_sum *to, const struct policy_value_sum *row, double k)
{
    to->n += k * row->n;
    to->w += k * row->w;
    to->wr += k * row->wr;
    to->v += k * row->v;
    to->wrq += k * row->wrq;
}

void policy_value_add(struct policy_value *p, const struct policy_value_row *row)
{
    double w = row->wanted / row->logged;
    if (p->clip > 0 && w > p->clip) {
        p->clipped++;
        p->clipped_weight += w - p->clip;
        w = p->clip;
    }
    struct policy_value_sum one = {
        .n = 1, .w = w, .wr = w * row->reward, .v = row->value, .wrq = w * (row->reward - row->guess)};
    add(&p->all, &one, 1);
    p->ww += w * w;
    p->wrwr += one.wr * one.wr;
    p->rewards += row->reward;
    struct rng rng;
    rng_seed(&rng, (uint64_t)row->visitor * UINT64_C(0x9E3779B97F4A7C15) + POLICY_VALUE_SEED);
    for (int i = 0; i < POLICY_VALUE_ROUNDS; i++) {
        int k = times(&rng);
        if (k > 0)
            add(&p->round[i], &one, k);
    }
}

static double value_of(const struct policy_value_sum *s, enum policy_value_kind kind)
{
    switch (kind) {
    case POLICY_VALUE_IPS:
        return s->wr / s->n;
    case POLICY_VALUE_SNIPS:
        return s->wr / s->w;
    case POLICY_VALUE_DM:
        return s->v / s->n;
    default:
        return (s->v + s->wrq) / s->n;
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* b NULL: of a alone. */
static enum err estimate(const struct policy_value *a, const struct policy_value *b,
                         enum policy_value_kind kind, struct policy_value_estimate *out, struct fail *why)
{
    double *values = malloc(POLICY_VALUE_ROUNDS * sizeof *values);
    if (values == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    size_t n = 0;
    for (int i = 0; i < POLICY_VALUE_ROUNDS; i++) {
        double v = value_of(&a->round[i], kind) - (b != NULL ? value_of(&b->round[i], kind) : 0);
        if (isfinite(v)) /* a round may have drawn nobody of a handful */
            values[n++] = v;
    }
    qsort(values, n, sizeof *values, by_value);
    /* Percentiles of the rounds, as many cut off at either end. */
    size_t outside = (size_t)((double)n * (1 - POLICY_VALUE_LEVEL) / 2);
    *out = (struct policy_value_estimate){.value = value_of(&a->all, kind) -
                                                   (b != NULL ? value_of(&b->all, kind) : 0),
                                          .low = n > 0 ? values[outside] : NAN,
                                          .high = n > 0 ? values[n - 1 - outside] : NAN};
    free(values);
    return ERR_OK;
}

enum err policy_value_estimate(const struct policy_value *p, enum policy_value_kind kind,
                               struct policy_value_estimate *out, struct fail *why)
{
    return estimate(p, NULL, kind, out, why);
}

enum err policy_value_difference(const struct policy_value *a, const struct policy_value *b,
                                 enum policy_value_kind kind, struct policy_value_estimate *out,
                                 struct fail *why)
{
    return estimate(a, b, kind, out, why);
}

/* Kong's effective sample size, of w and of w·r. */
double policy_value_rows(const struct policy_value *p)
{
    return p->ww > 0 ? p->all.w * p->all.w / p->ww : 0;
}

double policy_value_rewards(const struct policy_value *p)
{
    return p->wrwr > 0 ? p->all.wr * p->all.wr / p->wrwr : 0;
}

double policy_value_support(const struct policy_value *p)
{
    return p->all.n > 0 ? p->all.w / p->all.n : 0;
}

enum err policy_value_check(const struct policy_value *p, struct fail *why)
{
    double rows = policy_value_rows(p), rewards = policy_value_rewards(p), support = policy_value_support(p);
    if (rows < POLICY_VALUE_ROWS)
        return fail_set(
            why, ERR_INVALID,
            "the log is too small for this: its %.0f rows are worth %.0f of the other ranker's, and %d are "
            "needed; let it explore longer, or with larger shares",
            p->all.n, rows, POLICY_VALUE_ROWS);
    if (rewards < POLICY_VALUE_REWARDS)
        return fail_set(
            why, ERR_INVALID,
            "too little came of what the other ranker would have shown: %.0f effective conversions, and %d "
            "are needed; wait for more visitors",
            rewards, POLICY_VALUE_REWARDS);
    if (fabs(support - 1) > POLICY_VALUE_SUPPORT)
        return fail_set(
            why, ERR_INVALID,
            "the log lacks what the other ranker would show: the mean weight of its rows is %.2f and should "
            "be 1; explore with larger shares%s",
            support, p->clipped > 0 ? ", or cut weights less" : "");
    return ERR_OK;
}
