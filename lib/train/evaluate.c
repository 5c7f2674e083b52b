#include "train/evaluate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "num/parallel.h"
#include "num/topk.h"

enum { USERS = 32 }; /* users of a block: the unit of work and of summation, fixed so that sums are too */

/* One thread's room. */
struct scratch {
    float *scores;    /* [n_items] */
    float *of_cut;    /* [cut->n] */
    float *own;       /* [scorer_scratch] the model's own */
    int32_t *history; /* [n_items] */
    uint64_t *given;  /* [n_cuts × n_items] how often each was recommended; with `learnt` */
};

/* Sums over the users of a block. */
struct block_sums {
    struct metric_sum metrics;
    double apart[METRIC_MAX_CUTS]; /* num/calibration.h */
    size_t n_apart[METRIC_MAX_CUTS];
};

struct evaluation {
    const struct evaluate_task *task;
    size_t n_users, n_items;
    struct scratch scratch[PARALLEL_MAX];
    struct block_sums *blocks; /* [n_blocks] */
    const struct progress *progress;
};

static void mask_row(float *scores, const struct csr *x, size_t user)
{
    for (uint64_t p = x->start[user]; p < x->start[user + 1]; p++)
        scores[x->col[p]] = -INFINITY;
}

/* −inf for all that is neither in held nor in candidates, both ascending. */
static void keep_candidates(float *scores, size_t n_items, const struct evaluate_task *t, size_t user)
{
    uint64_t h = t->held->start[user], c = t->candidates->start[user];
    uint64_t h_end = t->held->start[user + 1], c_end = t->candidates->start[user + 1];
    for (size_t i = 0; i < n_items; i++) {
        bool held = h < h_end && (size_t)t->held->col[h] == i;
        bool candidate = c < c_end && (size_t)t->candidates->col[c] == i;
        h += held;
        c += candidate;
        if (!held && !candidate)
            scores[i] = -INFINITY;
    }
}

static void score_user(const struct evaluation *e, size_t user, const struct scratch *s)
{
    const struct evaluate_task *t = e->task;
    struct scorer_person who = {.row = t->unseen ? SCORER_NOBODY : user,
                                .history = csr_row(t->history, user),
                                .n = csr_row_count(t->history, user)};
    if (t->cut == NULL) {
        scorer_score(&t->scorer, &who, s->scores, s->own);
        return;
    }
    who.n = item_cut_list(t->cut, who.history, who.n, s->history);
    who.history = s->history;
    scorer_score(&t->scorer, &who, s->of_cut, s->own);
    for (size_t i = 0; i < e->n_items; i++)
        s->scores[i] = t->cut->at[i] < 0 ? -INFINITY : s->of_cut[t->cut->at[i]];
}

/* Counts the items of a list at each cut-off. */
static void count_list(const struct evaluation *e, const struct scratch *s, const int32_t *ranked, size_t n)
{
    const struct evaluate_task *t = e->task;
    for (size_t c = 0; c < t->n_cuts && s->given != NULL; c++)
        for (size_t i = 0; i < n && i < (size_t)t->k[c]; i++)
            s->given[c * e->n_items + (size_t)ranked[i]]++;
}

/* How far the genres of the list are from those of what is known, at each cut-off. */
static void add_apart(const struct evaluation *e, size_t user, const int32_t *ranked, size_t n,
                      struct block_sums *sum)
{
    const struct evaluate_task *t = e->task;
    for (size_t c = 0; c < t->n_cuts && t->genres != NULL; c++) {
        size_t length = n < (size_t)t->k[c] ? n : (size_t)t->k[c];
        double apart = calibration_of(t->genres, csr_row(t->history, user), csr_row_count(t->history, user),
                                      ranked, length);
        sum->apart[c] += isnan(apart) ? 0 : apart;
        sum->n_apart[c] += !isnan(apart);
    }
}

/* NDCG at the first cut-off of this user alone. */
static double own_figure(const struct evaluate_task *t, const struct metric_user *user)
{
    struct metric_sum alone = {.recall_min = t->recall_min};
    metric_add(&alone, t->k, 1, user);
    return user->n_held == 0 ? (double)NAN : metric_mean(&alone, 0, METRIC_NDCG);
}

static void measure_user(const struct evaluation *e, size_t user, const struct scratch *s,
                         struct block_sums *sum)
{
    const struct evaluate_task *t = e->task;
    int32_t ranked[METRIC_MAX_K];
    size_t n_held = csr_row_count(t->held, user);
    if (n_held == 0 && t->each != NULL)
        t->each[user] = (double)NAN;
    if (n_held == 0)
        return;
    score_user(e, user, s);
    if (t->candidates != NULL) {
        keep_candidates(s->scores, e->n_items, t, user);
    } else {
        mask_row(s->scores, t->history, user);
        if (t->mask != NULL)
            mask_row(s->scores, t->mask, user);
    }
    size_t n = topk_select(s->scores, e->n_items, (size_t)t->k[t->n_cuts - 1], ranked);
    const struct metric_user found = {ranked, n, csr_row(t->held, user), n_held};
    metric_add(&sum->metrics, t->k, t->n_cuts, &found);
    count_list(e, s, ranked, n);
    add_apart(e, user, ranked, n, sum);
    if (t->each != NULL)
        t->each[user] = own_figure(t, &found);
}

static void measure_block(void *arg, size_t block, size_t thread)
{
    const struct evaluation *e = arg;
    size_t end = (block + 1) * USERS < e->n_users ? (block + 1) * USERS : e->n_users;
    for (size_t user = block * USERS; user < end; user++)
        measure_user(e, user, &e->scratch[thread], &e->blocks[block]);
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
    if (t->learnt != NULL && t->learnt->n_cols != t->history->n_cols)
        return fail_set(why, ERR_INVALID, "the training data does not match the history");
    const struct csr *others[] = {t->held, t->mask, t->candidates};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i] != NULL && !same_shape(others[i], t->history))
            return fail_set(why, ERR_INVALID, "history, held-out and mask items do not match each other");
    size_t whole = t->cut != NULL ? t->cut->n_whole : t->scorer.n_items;
    if (whole != t->history->n_cols || (t->cut != NULL && t->cut->n != t->scorer.n_items))
        return fail_set(why, ERR_INVALID, "history, held-out and mask items do not match the model");
    return ERR_OK;
}

static bool alloc_scratch(struct evaluation *e)
{
    const struct item_cut *cut = e->task->cut;
    bool ok = true;
    for (size_t i = 0; i < parallel_threads(); i++) {
        struct scratch *s = &e->scratch[i];
        s->scores = malloc((e->n_items + 1) * sizeof *s->scores);
        s->own = malloc((scorer_scratch(&e->task->scorer) + 1) * sizeof *s->own);
        ok = ok && s->scores != NULL && s->own != NULL;
        if (e->task->learnt != NULL) {
            s->given = calloc(e->task->n_cuts * e->n_items + 1, sizeof *s->given);
            ok = ok && s->given != NULL;
        }
        if (cut == NULL)
            continue;
        s->of_cut = malloc((cut->n + 1) * sizeof *s->of_cut);
        s->history = malloc((e->n_items + 1) * sizeof *s->history);
        ok = ok && s->of_cut != NULL && s->history != NULL;
    }
    return ok;
}

static void free_scratch(struct evaluation *e)
{
    for (size_t i = 0; i < PARALLEL_MAX; i++) {
        free(e->scratch[i].scores);
        free(e->scratch[i].own);
        free(e->scratch[i].of_cut);
        free(e->scratch[i].history);
        free(e->scratch[i].given);
    }
}

/* Adds up what the threads counted. */
static enum err find_variety(const struct evaluation *e, struct evaluate_result *out, struct fail *why)
{
    const struct evaluate_task *t = e->task;
    if (t->learnt == NULL)
        return ERR_OK;
    uint64_t *given = e->scratch[0].given, *liked = calloc(e->n_items + 1, sizeof *liked);
    enum err rc = liked == NULL ? ERR_NOMEM : ERR_OK;
    for (size_t thread = 1; thread < parallel_threads(); thread++)
        for (size_t i = 0; i < t->n_cuts * e->n_items; i++)
            given[i] += e->scratch[thread].given[i];
    if (rc == ERR_OK)
        csr_column_counts(t->learnt, liked);
    for (size_t c = 0; c < t->n_cuts && rc == ERR_OK; c++)
        rc = variety_of(given + c * e->n_items, liked, e->n_items, t->learnt->n_rows, out->variety[c]);
    free(liked);
    return rc == ERR_OK ? rc : fail_set(why, rc, "out of memory for evaluation");
}

/* Block by block, in order: the same to the last bit however many threads there were. */
static void add_blocks(const struct evaluation *e, size_t n_blocks, struct evaluate_result *out)
{
    size_t n[METRIC_MAX_CUTS] = {0};
    for (size_t b = 0; b < n_blocks; b++) {
        metric_merge(&out->metrics, &e->blocks[b].metrics);
        for (size_t c = 0; c < e->task->n_cuts; c++) {
            out->miscalibration[c] += e->blocks[b].apart[c];
            n[c] += e->blocks[b].n_apart[c];
        }
    }
    for (size_t c = 0; c < e->task->n_cuts; c++)
        out->miscalibration[c] /= n[c] > 0 ? (double)n[c] : 1;
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
                           .n_items = task->history->n_cols,
                           .progress = progress};
    size_t n_blocks = (e.n_users + USERS - 1) / USERS;
    e.blocks = calloc(n_blocks + 1, sizeof *e.blocks);
    out->metrics.recall_min = task->recall_min;
    if (alloc_scratch(&e) && e.blocks != NULL) {
        for (size_t b = 0; b < n_blocks; b++)
            e.blocks[b].metrics.recall_min = task->recall_min;
        parallel_for(n_blocks, measure_block, &e);
        add_blocks(&e, n_blocks, out);
        rc = find_variety(&e, out, why);
    } else {
        rc = fail_set(why, ERR_NOMEM, "out of memory for evaluation");
    }
    free_scratch(&e);
    free(e.blocks);
    out->seconds = clock_monotonic() - start;
    return rc;
}
