#include "data/split.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/rng.h"

enum { LEAST_ITEMS = 5 };

/* ---- parts that grow row by row ---- */

struct part {
    uint64_t *start; /* [rows of the whole + 1] */
    int32_t *col;    /* [entries of the whole] */
    size_t n_rows;
    uint64_t n;
};

static bool part_alloc(struct part *p, const struct csr *x)
{
    p->start = calloc(x->n_rows + 1, sizeof *p->start);
    p->col = malloc((csr_count(x) + 1) * sizeof *p->col);
    return p->start != NULL && p->col != NULL;
}

static void end_row(struct part *p)
{
    p->start[++p->n_rows] = p->n;
}

static struct csr as_csr(const struct part *p, const struct csr *x)
{
    return (struct csr){p->n_rows, x->n_cols, p->start, p->col};
}

/* ---- draws ---- */

/* Which part the next of the items goes to, when left[] of them are still to go to each. */
static enum split_part deal(struct rng *rng, size_t left[SPLIT_PARTS])
{
    uint64_t draw = rng_below(rng, left[SPLIT_TRAIN] + left[SPLIT_VALID] + left[SPLIT_TEST]);
    int part = SPLIT_TEST;
    while (part > SPLIT_TRAIN && draw >= left[part])
        draw -= left[part--];
    left[part]--;
    return (enum split_part)part;
}

static void deal_row(const struct csr *x, size_t row, uint64_t seed, size_t left[SPLIT_PARTS],
                     struct part *const to[SPLIT_PARTS])
{
    struct rng rng;
    rng_seed(&rng, seed * 0x9e3779b97f4a7c15u + row);
    for (uint64_t p = x->start[row]; p < x->start[row + 1]; p++) {
        struct part *part = to[deal(&rng, left)];
        part->col[part->n++] = x->col[p];
    }
}

/* ---- items of every user ---- */

/* How many of a user's n items go to each part. */
typedef void count_fn(const double ratio[SPLIT_PARTS], size_t n, size_t left[SPLIT_PARTS]);

static enum err divide(struct csr out[SPLIT_PARTS], const struct csr *x, count_fn *count,
                       const double ratio[SPLIT_PARTS], uint64_t seed, struct fail *why)
{
    struct part parts[SPLIT_PARTS] = {0};
    struct part *const to[SPLIT_PARTS] = {&parts[0], &parts[1], &parts[2]};
    bool ok = true;
    for (int p = 0; p < SPLIT_PARTS; p++)
        ok = part_alloc(&parts[p], x) && ok;
    for (size_t u = 0; u < x->n_rows && ok; u++) {
        size_t left[SPLIT_PARTS];
        count(ratio, csr_row_count(x, u), left);
        deal_row(x, u, seed, left, to);
        for (int p = 0; p < SPLIT_PARTS; p++)
            end_row(&parts[p]);
    }
    for (int p = 0; p < SPLIT_PARTS; p++) {
        out[p] = as_csr(&parts[p], x);
        if (!ok)
            csr_free(&out[p]);
    }
    return ok ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory for the split");
}

static void count_share(const double ratio[SPLIT_PARTS], size_t n, size_t left[SPLIT_PARTS])
{
    size_t take = (size_t)(ratio[SPLIT_TEST] * (double)n);
    if (take == 0)
        take = 1;
    left[SPLIT_TEST] = n < LEAST_ITEMS ? 0 : take;
    left[SPLIT_VALID] = 0;
    left[SPLIT_TRAIN] = n - left[SPLIT_TEST];
}

enum err split_by_user(struct split *out, const struct csr *x, double share, uint64_t seed, struct fail *why)
{
    *out = (struct split){0};
    if (!(share > 0 && share < 1))
        return fail_set(why, ERR_INVALID, "the held-out share must be between 0 and 1, not %g", share);
    struct csr parts[SPLIT_PARTS];
    const double ratio[SPLIT_PARTS] = {[SPLIT_TEST] = share};
    enum err rc = divide(parts, x, count_share, ratio, seed, why);
    if (rc != ERR_OK)
        return rc;
    csr_free(&parts[SPLIT_VALID]);
    *out = (struct split){.train = parts[SPLIT_TRAIN], .held = parts[SPLIT_TEST]};
    return ERR_OK;
}

void split_free(struct split *s)
{
    csr_free(&s->train);
    csr_free(&s->held);
}

/* RecBole's Dataset._calcu_split_ids, in its order: the last part is the first to get its one. */
static void count_ratio(const double ratio[SPLIT_PARTS], size_t n, size_t left[SPLIT_PARTS])
{
    for (int p = SPLIT_VALID; p < SPLIT_PARTS; p++)
        left[p] = (size_t)(ratio[p] * (double)n);
    left[SPLIT_TRAIN] = n - left[SPLIT_VALID] - left[SPLIT_TEST];
    for (int p = SPLIT_TEST; p >= SPLIT_VALID && left[SPLIT_TRAIN] > 1; p--)
        if (left[p] == 0 && ratio[p] > 0) {
            left[p]++;
            left[SPLIT_TRAIN]--;
        }
}

/* The ratios made to sum to 1. */
static enum err share_of(const double ratio[SPLIT_PARTS], double part[SPLIT_PARTS], struct fail *why)
{
    double sum = ratio[SPLIT_TRAIN] + ratio[SPLIT_VALID] + ratio[SPLIT_TEST];
    if (!(ratio[SPLIT_TRAIN] > 0 && ratio[SPLIT_VALID] >= 0 && ratio[SPLIT_TEST] > 0 && isfinite(sum)))
        return fail_set(why, ERR_INVALID,
                        "the split %g,%g,%g: shares for training, validation and test, such as 0.8,0.1,0.1",
                        ratio[SPLIT_TRAIN], ratio[SPLIT_VALID], ratio[SPLIT_TEST]);
    for (int p = 0; p < SPLIT_PARTS; p++)
        part[p] = ratio[p] / sum;
    return ERR_OK;
}

enum err split_by_ratio(struct split_three *out, const struct csr *x, const double ratio[SPLIT_PARTS],
                        uint64_t seed, struct fail *why)
{
    *out = (struct split_three){0};
    double part[SPLIT_PARTS];
    enum err rc = share_of(ratio, part, why);
    if (rc != ERR_OK)
        return rc;
    return divide(out->part, x, count_ratio, part, seed, why);
}

enum err split_times(int64_t until[2], int64_t *times, size_t n, const double ratio[SPLIT_PARTS],
                     struct fail *why)
{
    double part[SPLIT_PARTS];
    enum err rc = share_of(ratio, part, why);
    if (rc != ERR_OK)
        return rc;
    if (n == 0)
        return fail_set(why, ERR_INVALID, "no timestamps to split by");
    /* None is negative, so they sort as keys do. */
    if (csr_sort_keys((uint64_t *)times, n) != ERR_OK)
        return fail_set(why, ERR_NOMEM, "out of memory for the split");
    until[0] = times[(size_t)(part[SPLIT_TRAIN] * (double)n)];
    until[1] = times[(size_t)fmin((part[SPLIT_TRAIN] + part[SPLIT_VALID]) * (double)n, (double)(n - 1))];
    if (until[0] <= times[0])
        return fail_set(
            why, ERR_INVALID,
            "there is no point in time with %.3g of the interactions before it: too many have the "
            "earliest time",
            part[SPLIT_TRAIN]);
    return ERR_OK;
}

static void count_one(const double ratio[SPLIT_PARTS], size_t n, size_t left[SPLIT_PARTS])
{
    (void)ratio;
    left[SPLIT_TEST] = left[SPLIT_VALID] = n >= 3;
    left[SPLIT_TRAIN] = n - left[SPLIT_TEST] - left[SPLIT_VALID];
}

enum err split_leave_one_out(struct split_three *out, const struct csr *x, uint64_t seed, struct fail *why)
{
    *out = (struct split_three){0};
    return divide(out->part, x, count_one, NULL, seed, why);
}

void split_three_free(struct split_three *s)
{
    for (int p = 0; p < SPLIT_PARTS; p++)
        csr_free(&s->part[p]);
}

/* ---- whole users ---- */

static size_t count_users(double asked, size_t n)
{
    if (asked >= 1)
        return asked < (double)SIZE_MAX / 2 ? (size_t)asked : SIZE_MAX / 2;
    size_t share = (size_t)(asked * (double)n);
    return share == 0 && asked > 0 ? 1 : share;
}

/* The items that a user must have to be held out. */
static size_t least_items(const struct split_users_rule *rule)
{
    return rule->given >= rule->least ? rule->given + 1 : rule->least;
}

static enum err deal_users(const struct csr *x, const struct split_users_rule *rule, size_t left[SPLIT_PARTS],
                           struct fail *why)
{
    size_t n = 0;
    for (size_t u = 0; u < x->n_rows; u++)
        n += csr_row_count(x, u) >= least_items(rule);
    left[SPLIT_VALID] = count_users(rule->valid, n);
    left[SPLIT_TEST] = count_users(rule->test, n);
    if (left[SPLIT_TEST] < 1 || left[SPLIT_VALID] + left[SPLIT_TEST] >= n)
        return fail_set(why, ERR_INVALID,
                        "%zu users for test and %zu for validation cannot be held out of %zu with at least "
                        "%zu items each: at least one for test, and one must be left to learn from",
                        left[SPLIT_TEST], left[SPLIT_VALID], n, least_items(rule));
    left[SPLIT_TRAIN] = n - left[SPLIT_VALID] - left[SPLIT_TEST];
    return ERR_OK;
}

/* 1e-9: (1 − 0.8) × 5 is a little below 1. */
static void fold(const struct csr *x, size_t user, const struct split_users_rule *rule, struct part *known,
                 struct part *held)
{
    size_t n = csr_row_count(x, user);
    size_t hidden = (size_t)((1 - rule->fold_in) * (double)n + 1e-9);
    if (rule->given > 0)
        hidden = n - rule->given;
    hidden = hidden < 1 ? 1 : hidden >= n ? n - 1 : hidden;
    size_t left[SPLIT_PARTS] = {[SPLIT_TRAIN] = n - hidden, [SPLIT_TEST] = hidden};
    deal_row(x, user, rule->seed, left, (struct part *const[SPLIT_PARTS]){known, NULL, held});
    end_row(known);
    end_row(held);
}

static void divide_users(const struct csr *x, const struct split_users_rule *rule, size_t left[SPLIT_PARTS],
                         struct part *train, struct part known[SPLIT_PARTS], struct part held[SPLIT_PARTS])
{
    struct rng rng;
    rng_seed(&rng, rule->seed * 0x9e3779b97f4a7c15u + x->n_rows); /* no user's own draw has this seed */
    for (size_t u = 0; u < x->n_rows; u++) {
        enum split_part part = csr_row_count(x, u) >= least_items(rule) ? deal(&rng, left) : SPLIT_TRAIN;
        if (part != SPLIT_TRAIN) {
            fold(x, u, rule, &known[part], &held[part]);
            continue;
        }
        for (uint64_t p = x->start[u]; p < x->start[u + 1]; p++)
            train->col[train->n++] = x->col[p];
        end_row(train);
    }
}

enum err split_by_users(struct split_users *out, const struct csr *x, const struct split_users_rule *rule,
                        struct fail *why)
{
    size_t left[SPLIT_PARTS] = {0};
    *out = (struct split_users){0};
    if (!(rule->fold_in > 0 && rule->fold_in < 1) || rule->least < 2 ||
        !(rule->test >= 0 && rule->valid >= 0))
        return fail_set(why, ERR_INVALID,
                        "held-out users: the share of items folded in is between 0 and 1, and they have at "
                        "least 2 items");
    enum err rc = deal_users(x, rule, left, why);
    if (rc != ERR_OK)
        return rc;
    struct part train = {0}, known[SPLIT_PARTS] = {0}, held[SPLIT_PARTS] = {0};
    bool ok = part_alloc(&train, x);
    for (int p = SPLIT_VALID; p < SPLIT_PARTS; p++)
        ok = part_alloc(&known[p], x) && part_alloc(&held[p], x) && ok;
    if (ok)
        divide_users(x, rule, left, &train, known, held);
    out->train = as_csr(&train, x);
    for (int p = SPLIT_VALID; p < SPLIT_PARTS; p++) {
        out->known[p] = as_csr(&known[p], x);
        out->held[p] = as_csr(&held[p], x);
    }
    if (ok)
        return ERR_OK;
    split_users_free(out);
    return fail_set(why, ERR_NOMEM, "out of memory for the split");
}

void split_users_free(struct split_users *s)
{
    csr_free(&s->train);
    for (int p = 0; p < SPLIT_PARTS; p++) {
        csr_free(&s->known[p]);
        csr_free(&s->held[p]);
    }
}
