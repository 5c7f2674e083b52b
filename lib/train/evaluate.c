#include "train/evaluate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "num/parallel.h"
#include "num/topk.h"

enum { USERS = 32 }; /* users of a block: the unit of work and of summation, fixed so that sums are too */

struct evaluation {
    const struct evaluate_task *task;
    size_t n_users, n_items;
    size_t stride;             /* floats of a thread: scores [n_items], then scratch */
    float *scores;             /* [threads × stride] */
    struct metric_sum *blocks; /* [n_blocks] */
    const struct progress *progress;
};

static void mask_row(float *scores, const struct csr *x, size_t user)
{
    for (uint64_t p = x->start[user]; p < x->start[user + 1]; p++)
        scores[x->col[p]] = -INFINITY;
}

static void measure_user(const struct evaluation *e, size_t user, float *scores, struct metric_sum *sum)
{
    const struct evaluate_task *t = e->task;
    int32_t ranked[METRIC_MAX_K];
    size_t n_held = csr_row_count(t->held, user);
    if (n_held == 0)
        return;
    scorer_score(&t->scorer, user, csr_row(t->history, user), csr_row_count(t->history, user), scores,
                 scores + e->n_items);
    mask_row(scores, t->history, user);
    if (t->mask != NULL)
        mask_row(scores, t->mask, user);
    size_t n = topk_select(scores, e->n_items, (size_t)t->k[t->n_cuts - 1], ranked);
    metric_add(sum, t->k, t->n_cuts, ranked, n, csr_row(t->held, user), n_held);
}

static void measure_block(void *arg, size_t block, size_t thread)
{
    const struct evaluation *e = arg;
    size_t end = (block + 1) * USERS < e->n_users ? (block + 1) * USERS : e->n_users;
    for (size_t user = block * USERS; user < end; user++)
        measure_user(e, user, e->scores + thread * e->stride, &e->blocks[block]);
    if (thread == 0)
        progress_report(e->progress, "evaluate", end, e->n_users);
}

static bool same_shape(const struct csr *a, const struct csr *b)
{
    return a->n_rows == b->n_rows && a->n_cols == b->n_cols;
}

static enum err check_task(const struct evaluate_task *t, struct fail *why)
{
    if (t->n_cuts < 1 || t->n_cuts > METRIC_MAX_CUTS)
        return fail_set(why, ERR_INVALID, "k: from 1 to %d cut-offs", METRIC_MAX_CUTS);
    for (size_t c = 0; c < t->n_cuts; c++)
        if (t->k[c] < 1 || t->k[c] > METRIC_MAX_K || (c > 0 && t->k[c] <= t->k[c - 1]))
            return fail_set(why, ERR_INVALID, "k: ascending numbers from 1 to %d", METRIC_MAX_K);
    const struct csr *other = t->mask != NULL ? t->mask : t->held;
    if (t->history->n_cols != t->scorer.n_items || !same_shape(t->held, t->history) ||
        !same_shape(other, t->history))
        return fail_set(why, ERR_INVALID, "history, held-out and mask items do not fit the model");
    return ERR_OK;
}

enum err evaluate_run(const struct evaluate_task *task, struct evaluate_result *out,
                      const struct progress *progress, struct fail *why)
{
    *out = (struct evaluate_result){0};
    enum err rc = check_task(task, why);
    if (rc != ERR_OK)
        return rc;
    double start = clock_monotonic();
    struct evaluation e = {.task = task,
                           .n_users = task->history->n_rows,
                           .n_items = task->scorer.n_items,
                           .progress = progress};
    size_t n_blocks = (e.n_users + USERS - 1) / USERS;
    e.stride = e.n_items + scorer_scratch(&task->scorer) + 1;
    e.scores = malloc(parallel_threads() * e.stride * sizeof *e.scores);
    e.blocks = calloc(n_blocks + 1, sizeof *e.blocks);
    if (e.scores != NULL && e.blocks != NULL) {
        parallel_for(n_blocks, measure_block, &e);
        for (size_t b = 0; b < n_blocks; b++)
            metric_merge(&out->metrics, &e.blocks[b]);
    } else {
        rc = fail_set(why, ERR_NOMEM, "out of memory for evaluation");
    }
    free(e.scores);
    free(e.blocks);
    out->seconds = clock_monotonic() - start;
    return rc;
}
