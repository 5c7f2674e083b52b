#include "train/ease_train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "num/dense.h"
#include "num/parallel.h"
#include "train/trainers.h"

enum {
    ROWS = 8,       /* rows of the Gram matrix that a thread takes at a time */
    AHEAD = 8,      /* users whose rows are asked for before they are needed */
    CACHE_LINE = 16 /* items */
};

struct gram_job {
    const struct csr *x, *xt;
    const float *weight; /* [users], or NULL */
    float *g;
};

/* Counts, by the user's weight, the items of one user that are ≥ i, which are the last ones of the row; four
 * at a time. */
static void count_tail(float *row, const int32_t *first, const int32_t *end, int32_t i, float by)
{
    for (; end - first >= 4 && end[-4] >= i; end -= 4) {
        row[end[-1]] += by;
        row[end[-2]] += by;
        row[end[-3]] += by;
        row[end[-4]] += by;
    }
    while (end > first && end[-1] >= i)
        row[*--end] += by;
}

/* Row i of XᵀX from the diagonal on: one row, which stays in the cache, is counted up by all users of item i.
 * Their rows of X lie scattered: asking for the ends of those that come next halves the time. */
static void gram_row(const struct gram_job *job, size_t i)
{
    const struct csr *x = job->x;
    const int32_t *user = job->xt->col + job->xt->start[i], *last = job->xt->col + job->xt->start[i + 1];
    float *row = job->g + i * x->n_cols;
    for (; user < last; user++) {
        if (last - user > AHEAD) {
            const int32_t *soon = x->col + x->start[user[AHEAD] + 1];
            __builtin_prefetch(soon - 1);
            __builtin_prefetch(soon - 1 - CACHE_LINE);
        }
        count_tail(row, x->col + x->start[*user], x->col + x->start[*user + 1], (int32_t)i,
                   job->weight != NULL ? job->weight[*user] : 1);
    }
}

static void gram_block(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct gram_job *job = arg;
    for (size_t i = block * ROWS; i < (block + 1) * ROWS && i < job->x->n_cols; i++)
        gram_row(job, i);
}

void ease_train_gram(const struct csr *x, const struct csr *xt, const float *weight, float *g)
{
    struct gram_job job = {.x = x, .xt = xt, .weight = weight, .g = g};
    parallel_for((x->n_cols + ROWS - 1) / ROWS, gram_block, &job);
}

static void clear_block(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct gram_job *job = arg;
    size_t n = job->x->n_cols, first = block * ROWS, rows = n - first < ROWS ? n - first : ROWS;
    memset(job->g + first * n, 0, rows * n * sizeof *job->g);
}

static enum err gram_plus_lambda(const struct csr *x, double lambda, float *b, struct fail *why)
{
    struct csr xt;
    if (csr_transpose(&xt, x) != ERR_OK)
        return fail_set(why, ERR_NOMEM, "out of memory for the transposed dataset");
    struct gram_job job = {.x = x, .xt = &xt, .g = b};
    parallel_for((x->n_cols + ROWS - 1) / ROWS, clear_block, &job);
    ease_train_gram(x, &xt, NULL, b);
    for (size_t i = 0; i < x->n_cols; i++)
        b[i * x->n_cols + i] += (float)lambda;
    csr_free(&xt);
    return ERR_OK;
}

/* Seconds since *last, which moves on. */
static double lap(double *last)
{
    double now = clock_monotonic(), seconds = now - *last;
    *last = now;
    return seconds;
}

/* P to B */
static enum err scale(float *b, size_t n, struct fail *why)
{
    float *by = malloc(n * sizeof *by);
    if (by == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    enum err rc = dense_one_by_diagonal(b, n, by, why);
    for (size_t j = 0; rc == ERR_OK && j < n; j++)
        by[j] = -by[j];
    if (rc == ERR_OK)
        dense_scale_columns(b, n, by);
    free(by);
    return rc;
}

/* Σ = (XᵀX + λI)⁻¹ by Cholesky, then B = I − Σ·diag(1/diag Σ) (Steck 2019). */
static enum err run_steps(const struct csr *x, double lambda, float *b, struct ease_times *t,
                          const struct progress *progress, struct fail *why)
{
    double last = clock_monotonic();
    size_t n = x->n_cols;
    progress_report(progress, "ease", 0, 4);
    enum err rc = gram_plus_lambda(x, lambda, b, why);
    t->gram = lap(&last);
    if (rc != ERR_OK)
        return rc;
    progress_report(progress, "ease", 1, 4);
    rc = dense_cholesky_upper(b, n, why);
    t->factor = lap(&last);
    if (rc != ERR_OK)
        return rc;
    progress_report(progress, "ease", 2, 4);
    rc = dense_cholesky_inverse_upper(b, n, why);
    t->inverse = lap(&last);
    if (rc != ERR_OK)
        return rc;
    progress_report(progress, "ease", 3, 4);
    rc = scale(b, n, why);
    t->scale = lap(&last);
    progress_report(progress, "ease", 4, 4);
    return rc;
}

enum err ease_train(const struct csr *x, double lambda, float *b, struct ease_times *times,
                    const struct progress *progress, struct fail *why)
{
    struct ease_times unused;
    if (!(lambda > 0) || !(lambda <= 1e9))
        return fail_set(why, ERR_INVALID, "lambda must be above 0 and at most 1e9, not %g", lambda);
    if (x->n_cols > DENSE_MAX)
        return fail_set(why, ERR_TOO_LARGE, "EASE of %zu items is too large; at most %d", x->n_cols,
                        DENSE_MAX);
    if (x->n_cols == 0)
        return ERR_OK;
    return run_steps(x, lambda, b, times == NULL ? &unused : times, progress, why);
}

double ease_train_default_lambda(const struct csr *x)
{
    if (x->n_cols == 0)
        return 100;
    return fmin(500, fmax(100, 4 * (double)csr_count(x) / (double)x->n_cols));
}

/* ---- as a trainer ---- */

/* The 20 is what keeps films of a few users from coming first by their count alone. */
enum { DISCOUNT_USERS = 20 };

/* Column j of b [n × n] divided by (users of j + 20)^discount, so that scores stay sums over the history; b as it is for 0, to the byte. */
static enum err take_discount(const struct csr *x, double discount, float *b, struct fail *why)
{
    size_t n = x->n_cols;
    if (discount == 0 || n == 0)
        return ERR_OK;
    float *factor = malloc(n * sizeof *factor);
    if (factor == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    for (size_t j = 0; j < n; j++)
        factor[j] = DISCOUNT_USERS;
    for (size_t k = 0; k < csr_count(x); k++)
        factor[x->col[k]] += 1;
    for (size_t j = 0; j < n; j++)
        factor[j] = powf(factor[j], -(float)discount);
    for (size_t i = 0; i < n * n; i++)
        b[i] *= factor[i % n];
    free(factor);
    return ERR_OK;
}

TRAINER_FIXED(default_discount, 0)

enum { LAMBDA, DISCOUNT, SETTINGS };
static const struct trainer_setting settings[SETTINGS] = {
    [LAMBDA] = {"lambda", 1e-3, 1e6, ease_train_default_lambda,
                "L2 regularisation; default 4 x users per item, from 100 to 500", "log 10..5000"},
    [DISCOUNT] = {"discount", 0, 1, default_discount,
                  "scores are divided by (users per item + 20)^discount: favours little-known films", NULL},
};

static enum err train(const struct train_task *task, struct trained *out, struct fail *why)
{
    enum err rc = trained_alloc(out, 0, why);
    if (rc == ERR_OK)
        rc = ease_train(task->x, out->value[LAMBDA], out->weights, NULL, task->progress, why);
    return rc == ERR_OK ? take_discount(task->x, out->value[DISCOUNT], out->weights, why) : rc;
}

const struct trainer ease_trainer = {.name = "ease",
                                     .help = "item-item weights in closed form (Steck 2019)",
                                     .settings = settings,
                                     .n_settings = SETTINGS,
                                     .train = train};
