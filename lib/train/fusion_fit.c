#include "train/fusion_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/metric.h"
#include "num/parallel.h"
#include "num/topk.h"

enum { K = 10, ROUNDS = 12 };
static const int NOBODY = -1;

/* The films that compete for one person and what every part says of them. */
struct person {
    size_t n;        /* films */
    int32_t *films;  /* [n] ascending */
    float *features; /* [n_parts × n] */
    const int32_t *held;
    size_t n_held;
};

struct fitting {
    struct fusion *f;
    const struct csr *given, *held;
    uint32_t *rows; /* [n] people with something held out */
    struct person *people;
    size_t n, stride; /* floats of a thread's scratch */
    float *scratch;
    double *sums;   /* [n] per person, added up in order: the same for any number of threads */
    double *slopes; /* [2 × n] of score on content */
    float weight[FUSION_PARTS];
    int left_out; /* people of this fold are not looked at; NOBODY: all are */
    const struct progress *progress;
    bool failed;
};

static int by_number(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* The union of every part's best films and the held-out ones, without those given. */
static size_t competing(const struct fitting *t, size_t row, const float *features, float *masked,
                        int32_t *out)
{
    const struct fusion *f = t->f;
    size_t n = 0;
    for (size_t p = 0; p < f->n_parts; p++) {
        memcpy(masked, features + p * f->n_films, f->n_films * sizeof *masked);
        for (size_t i = 0; i < csr_row_count(t->given, row); i++)
            masked[csr_row(t->given, row)[i]] = -INFINITY;
        n += topk_select(masked, f->n_films, FUSION_FIT_BEST, out + n);
    }
    memcpy(out + n, csr_row(t->held, row), csr_row_count(t->held, row) * sizeof *out);
    n += csr_row_count(t->held, row);
    qsort(out, n, sizeof *out, by_number);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || out[kept - 1] != out[i])
            out[kept++] = out[i];
    return kept;
}

static void look_at(void *arg, size_t block, size_t thread)
{
    struct fitting *t = arg;
    const struct fusion *f = t->f;
    struct person *person = &t->people[block];
    size_t row = t->rows[block];
    float *features = t->scratch + thread * t->stride, *masked = features + f->n_parts * f->n_films;
    const struct scorer_person who = {SCORER_NOBODY, csr_row(t->given, row), csr_row_count(t->given, row)};
    for (size_t p = 0; p < f->n_parts; p++)
        fusion_feature(f, p, &who, features + p * f->n_films, masked);
    person->held = csr_row(t->held, row);
    person->n_held = csr_row_count(t->held, row);
    person->films = malloc((f->n_parts * FUSION_FIT_BEST + person->n_held) * sizeof *person->films);
    if (person->films != NULL)
        person->n = competing(t, row, features, masked, person->films);
    person->features = malloc((f->n_parts * person->n + 1) * sizeof *person->features);
    if (person->films == NULL || person->features == NULL) {
        person->n = 0;
        t->failed = true;
        return;
    }
    for (size_t p = 0; p < f->n_parts; p++)
        for (size_t i = 0; i < person->n; i++)
            person->features[p * person->n + i] = features[p * f->n_films + (size_t)person->films[i]];
    if (thread == 0)
        progress_report(t->progress, "fusion, people", block, t->n);
}

static bool is_left_out(const struct fitting *t, size_t person)
{
    return (int)(person % FUSION_FIT_FOLDS) == t->left_out;
}

static void measure(void *arg, size_t block, size_t thread)
{
    struct fitting *t = arg;
    if (is_left_out(t, block))
        return;
    const struct person *person = &t->people[block];
    float *scores = t->scratch + thread * t->stride;
    int32_t best[K];
    memset(scores, 0, person->n * sizeof *scores);
    for (size_t p = 0; p < t->f->n_parts; p++)
        for (size_t i = 0; t->weight[p] > 0 && i < person->n; i++)
            scores[i] += t->weight[p] * person->features[p * person->n + i];
    size_t n = topk_select(scores, person->n, K, best);
    for (size_t i = 0; i < n; i++)
        best[i] = person->films[best[i]];
    struct metric_sum sum = {0};
    const int k = K;
    metric_add(&sum, &k, 1, &(struct metric_user){best, n, person->held, person->n_held});
    t->sums[block] = metric_mean(&sum, 0, METRIC_NDCG);
}

/* Each person writes a place of their own, and the sum is made afterwards in their order: no lock, and the same
 * number however many threads there are. */
static double mean_ndcg(struct fitting *t, const float weight[FUSION_PARTS])
{
    memcpy(t->weight, weight, sizeof t->weight);
    parallel_for(t->n, measure, t);
    double sum = 0;
    size_t people = 0;
    for (size_t i = 0; i < t->n; i++)
        if (!is_left_out(t, i)) {
            sum += t->sums[i];
            people++;
        }
    return sum / (double)people;
}

/* Parts without a link explain nothing, so together they get at most FUSION_FIT_SILENT of the weight. */
static bool gives_reasons(const struct fusion *f, const float weight[FUSION_PARTS])
{
    float silent = 0, sum = 0;
    bool any = false;
    for (size_t p = 0; p < f->n_parts; p++) {
        bool has_link = f->parts[p].scorer.link != NULL;
        any = any || has_link;
        silent += has_link ? 0 : weight[p];
        sum += weight[p];
    }
    return !any || silent <= (float)FUSION_FIT_SILENT * sum * 1.0001f; /* rounding */
}

/* One turn over all parts; true if anything improved. */
static bool improve(struct fitting *t, float best[FUSION_PARTS], double *ndcg)
{
    static const float factors[] = {0, 0.5f, 0.7f, 0.85f, 1.18f, 1.4f, 2};
    bool improved = false;
    for (size_t p = 0; p < t->f->n_parts; p++) {
        float from = best[p] > 0 ? best[p] : 0.1f;
        for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
            float weight[FUSION_PARTS];
            memcpy(weight, best, sizeof weight);
            weight[p] = from * factors[i];
            double got = gives_reasons(t->f, weight) ? mean_ndcg(t, weight) : 0;
            if (got > *ndcg + FUSION_FIT_GAIN) {
                *ndcg = got;
                best[p] = weight[p];
                improved = true;
            }
        }
    }
    return improved;
}

/* The best weights for the people who are not left out, summing to 1. */
static void climb(struct fitting *t, float best[FUSION_PARTS])
{
    float sum = 0;
    for (size_t p = 0; p < FUSION_PARTS; p++)
        best[p] = p < t->f->n_parts ? 1 / (float)t->f->n_parts : 0;
    double ndcg = mean_ndcg(t, best);
    for (int round = 0; round < ROUNDS && improve(t, best, &ndcg); round++)
        progress_report(t->progress, "fusion, rounds", (uint64_t)round + 1, ROUNDS);
    for (size_t p = 0; p < t->f->n_parts; p++)
        sum += best[p];
    for (size_t p = 0; p < t->f->n_parts; p++)
        best[p] = sum > 0 ? best[p] / sum : best[p];
}

static void find_weights(struct fitting *t)
{
    int folds = t->n < FUSION_FIT_FEW ? 1 : FUSION_FIT_FOLDS;
    double sum[FUSION_PARTS] = {0};
    for (int fold = 0; fold < folds; fold++) {
        float best[FUSION_PARTS];
        t->left_out = folds > 1 ? fold : NOBODY;
        climb(t, best);
        for (size_t p = 0; p < t->f->n_parts; p++)
            sum[p] += (double)best[p];
    }
    t->left_out = NOBODY;
    for (size_t p = 0; p < t->f->n_parts; p++)
        t->f->parts[p].weight = (float)(sum[p] / folds);
}

/* What each part is worth. */
static void find_gains(struct fitting *t, struct fusion_fitted *out)
{
    size_t n = t->f->n_parts;
    float weight[FUSION_PARTS] = {0};
    for (size_t p = 0; p < n; p++)
        weight[p] = t->f->parts[p].weight;
    out->ndcg = mean_ndcg(t, weight);
    for (size_t p = 0; p < n; p++) {
        float own = weight[p];
        weight[p] = own > 0 || n < 2 ? 0 : 1 / (float)(n - 1); /* of the new sum an equal share */
        double other = mean_ndcg(t, weight);
        out->gain[p] = own > 0 ? out->ndcg - other : other - out->ndcg;
        weight[p] = own;
    }
}

static const struct fusion_part *content_part(const struct fusion *f, size_t *at)
{
    for (*at = 0; *at < f->n_parts; ++*at)
        if (f->parts[*at].content)
            return &f->parts[*at];
    return NULL;
}

static void regress(void *arg, size_t block, size_t thread)
{
    struct fitting *t = arg;
    const struct fusion *f = t->f;
    size_t content, row = t->rows[block];
    float *features = t->scratch + thread * t->stride, *scores = features + f->n_parts * f->n_films;
    const struct fusion_part *part = content_part(f, &content);
    const struct scorer_person who = {SCORER_NOBODY, csr_row(t->given, row), csr_row_count(t->given, row)};
    fusion_score(f, &who, features, scores, scores + f->n_films);
    double xy = 0, xx = 0;
    const float *x = features + content * f->n_films;
    for (size_t j = 0; j < f->n_films; j++)
        if ((part->item_of == NULL || part->item_of[j] >= 0) && !csr_has(t->given, row, (int32_t)j)) {
            xy += (double)x[j] * (double)scores[j];
            xx += (double)x[j] * (double)x[j];
        }
    t->slopes[2 * block] = xy;
    t->slopes[2 * block + 1] = xx;
}

static void find_cold(struct fitting *t)
{
    size_t content;
    double xy = 0, xx = 0;
    t->f->cold = 0;
    if (content_part(t->f, &content) == NULL)
        return;
    parallel_for(t->n, regress, t);
    for (size_t i = 0; i < t->n; i++) {
        xy += t->slopes[2 * i];
        xx += t->slopes[2 * i + 1];
    }
    t->f->cold = xx > 0 && xy > 0 ? (float)(xy / xx) : 0;
}

static enum err allocate(struct fitting *t, struct fail *why)
{
    const struct fusion *f = t->f;
    t->rows = malloc((t->held->n_rows + 1) * sizeof *t->rows);
    if (t->rows == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for fitting weights");
    for (size_t u = 0; u < t->held->n_rows; u++)
        if (csr_row_count(t->held, u) > 0)
            t->rows[t->n++] = (uint32_t)u;
    if (t->n == 0)
        return fail_set(why, ERR_INVALID, "nobody to fit the weights on: no one has anything held out");
    /* features, then room for one row more and the parts' own scratch; measure() needs a person's films. */
    t->stride = (f->n_parts + 1) * f->n_films + fusion_scratch(f) + FUSION_PARTS * FUSION_FIT_BEST + 1;
    t->scratch = malloc(parallel_threads() * t->stride * sizeof *t->scratch);
    t->people = calloc(t->n, sizeof *t->people);
    t->sums = calloc(3 * t->n, sizeof *t->sums);
    if (t->scratch == NULL || t->people == NULL || t->sums == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for fitting weights");
    t->slopes = t->sums + t->n;
    return ERR_OK;
}

enum err fusion_fit(struct fusion *f, const struct csr *given, const struct csr *held,
                    struct fusion_fitted *out, const struct progress *progress, struct fail *why)
{
    struct fitting t = {.f = f, .given = given, .held = held, .left_out = NOBODY, .progress = progress};
    *out = (struct fusion_fitted){0};
    if (f->n_parts < 1 || given->n_cols != f->n_films || held->n_cols != f->n_films ||
        given->n_rows != held->n_rows)
        return fail_set(why, ERR_INVALID, "the people do not fit the models");
    enum err rc = allocate(&t, why);
    if (rc == ERR_OK) {
        parallel_for(t.n, look_at, &t);
        rc = t.failed ? fail_set(why, ERR_NOMEM, "out of memory for fitting weights") : ERR_OK;
    }
    if (rc == ERR_OK) {
        find_weights(&t);
        find_gains(&t, out);
        find_cold(&t);
    }
    for (size_t i = 0; t.people != NULL && i < t.n; i++) {
        free(t.people[i].films);
        free(t.people[i].features);
    }
    free(t.people);
    free(t.rows);
    free(t.scratch);
    free(t.sums);
    return rc;
}
