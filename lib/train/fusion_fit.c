#include "train/fusion_fit.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "num/metric.h"
#include "num/parallel.h"
#include "num/topk.h"

enum { K = 10, ROUNDS = 12 };
static const int NOBODY = -1, ALL = -1; /* no fold; no group */

/* The films that compete for one person and what every part says of them. */
struct person {
    const struct csr *given;
    size_t row, group;
    int fold;
    size_t n;        /* films */
    int32_t *films;  /* [n] ascending */
    float *features; /* [n_parts × n] */
    const int32_t *held;
    size_t n_held;
};

struct fitting {
    struct fusion *f;
    const struct fusion_fit_plan *plan;
    struct person *people; /* [n] with something held out, group by group */
    size_t n, in_group[FUSION_FIT_GROUPS];
    size_t stride; /* floats of a thread's scratch */
    float *scratch;
    double *sums;   /* [n] per person, added up in order: the same for any number of threads */
    double *slopes; /* [2 × n] of score on content */
    double *alone;  /* [n_parts × n] NDCG of each part by itself */
    float weight[FUSION_PARTS];
    float fold_weight[FUSION_FIT_FOLDS][FUSION_PARTS]; /* fitted without the people of each fold */
    int folds, fold; /* people of this fold are not looked at; NOBODY: all are */
    bool its_own;    /* they alone are */
    const struct progress *progress;
    atomic_bool failed; /* set by any thread, looked at when all are joined */
};

static int by_number(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* The union of every part's best films and the held-out ones, without those given. */
static size_t competing(const struct fitting *t, const struct person *who, const float *features,
                        float *masked, int32_t *out)
{
    const struct fusion *f = t->f;
    size_t n = 0;
    for (size_t p = 0; p < f->n_parts; p++) {
        memcpy(masked, features + p * f->n_films, f->n_films * sizeof *masked);
        for (size_t i = 0; i < csr_row_count(who->given, who->row); i++)
            masked[csr_row(who->given, who->row)[i]] = -INFINITY;
        n += topk_select(masked, f->n_films, FUSION_FIT_BEST, out + n);
    }
    memcpy(out + n, who->held, who->n_held * sizeof *out);
    n += who->n_held;
    qsort(out, n, sizeof *out, by_number);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || out[kept - 1] != out[i])
            out[kept++] = out[i];
    return kept;
}

static struct scorer_person known_by(const struct person *p)
{
    return (struct scorer_person){SCORER_NOBODY, csr_row(p->given, p->row), csr_row_count(p->given, p->row)};
}

static void look_at(void *arg, size_t block, size_t thread)
{
    struct fitting *t = arg;
    const struct fusion *f = t->f;
    struct person *person = &t->people[block];
    float *features = t->scratch + thread * t->stride, *masked = features + f->n_parts * f->n_films;
    const struct scorer_person who = known_by(person);
    for (size_t p = 0; p < f->n_parts; p++)
        fusion_feature(f, p, &who, features + p * f->n_films, masked);
    person->films = malloc((f->n_parts * FUSION_FIT_BEST + person->n_held) * sizeof *person->films);
    if (person->films != NULL)
        person->n = competing(t, person, features, masked, person->films);
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

static bool is_asked(const struct fitting *t, size_t person)
{
    return t->fold == NOBODY || (t->people[person].fold == t->fold) == t->its_own;
}

static void measure(void *arg, size_t block, size_t thread)
{
    struct fitting *t = arg;
    if (!is_asked(t, block))
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

/* The mean of the groups' means, which are of different sizes only if something is held out for some alone. */
static double mean_of(const struct fitting *t, const double *sums)
{
    double sum[FUSION_FIT_GROUPS] = {0}, all = 0;
    size_t people[FUSION_FIT_GROUPS] = {0};
    for (size_t i = 0; i < t->n; i++)
        if (is_asked(t, i)) {
            sum[t->people[i].group] += sums[i];
            people[t->people[i].group]++;
        }
    for (size_t g = 0; g < t->plan->n_groups; g++)
        all += people[g] > 0 ? sum[g] / (double)people[g] / (double)t->plan->n_groups : 0;
    return all;
}

/* Each person writes a place of their own, and the sum is made afterwards in their order: no lock, and the same however many threads there are. */
static double mean_ndcg(struct fitting *t, const float weight[FUSION_PARTS])
{
    memcpy(t->weight, weight, sizeof t->weight);
    parallel_for(t->n, measure, t);
    return mean_of(t, t->sums);
}

/* Something has weight: ties in order of number may well be better than every part where all that compete are the parts' best and what is
 * held out. And parts without a link explain nothing, so together they get at most plan->silent of it. */
static bool is_allowed(const struct fitting *t, const float weight[FUSION_PARTS])
{
    const struct fusion *f = t->f;
    float silent = 0, sum = 0;
    bool any = false;
    for (size_t p = 0; p < f->n_parts; p++) {
        bool has_link = f->parts[p].scorer.link != NULL;
        any = any || has_link;
        silent += has_link ? 0 : weight[p];
        sum += weight[p];
    }
    return sum > 0 && (!any || silent <= (float)t->plan->silent * sum * 1.0001f); /* rounding */
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
            double got = is_allowed(t, weight) ? mean_ndcg(t, weight) : 0;
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

/* Fits each fold; weight becomes the mean of the fits. */
static void fit_folds(struct fitting *t, float weight[FUSION_PARTS])
{
    double sum[FUSION_PARTS] = {0};
    t->its_own = false;
    for (int fold = 0; fold < t->folds; fold++) {
        t->fold = t->folds > 1 ? fold : NOBODY;
        climb(t, t->fold_weight[fold]);
        for (size_t p = 0; p < t->f->n_parts; p++)
            sum[p] += (double)t->fold_weight[fold][p];
    }
    t->fold = NOBODY;
    for (size_t p = 0; p < t->f->n_parts; p++)
        weight[p] = (float)(sum[p] / t->folds);
}

/* ---- never worse than the best part ---- */

static void measure_alone(struct fitting *t)
{
    for (size_t p = 0; p < t->f->n_parts; p++) {
        float weight[FUSION_PARTS] = {0};
        weight[p] = 1;
        (void)mean_ndcg(t, weight);
        memcpy(t->alone + p * t->n, t->sums, t->n * sizeof *t->sums);
    }
}

/* The best part that may stand alone: in one group, or (ALL) in the mean of them. */
static size_t best_alone(const struct fitting *t, int group)
{
    size_t best = SIZE_MAX;
    double most = 0;
    for (size_t p = 0; p < t->f->n_parts; p++) {
        float weight[FUSION_PARTS] = {0};
        weight[p] = 1;
        const double *sums = t->alone + p * t->n;
        double sum = group == ALL ? mean_of(t, sums) : 0;
        for (size_t i = 0; group != ALL && i < t->n; i++)
            sum += t->people[i].group == (size_t)group ? sums[i] : 0;
        if (is_allowed(t, weight) && (best == SIZE_MAX || sum > most)) {
            best = p;
            most = sum;
        }
    }
    return best;
}

struct verdict {
    bool better;
    double worst; /* mean difference to the best part of a group, in the group where it is least */
};

/* Is what t->sums says of everybody better than the best part of each group, all groups together, and in none of them worse by more than
 * chance? Each group's best part is the best by what these very people say, which is in its favour. */
static struct verdict judge(const struct fitting *t)
{
    struct verdict v = {.worst = INFINITY};
    double gain = 0;
    bool below = false;
    for (size_t g = 0; g < t->plan->n_groups; g++) {
        const double *alone = t->alone + best_alone(t, (int)g) * t->n;
        double sum = 0, squares = 0, n = (double)t->in_group[g];
        for (size_t i = 0; i < t->n; i++)
            if (t->people[i].group == g) {
                double by = t->sums[i] - alone[i];
                sum += by;
                squares += by * by;
            }
        double error = n > 1 ? sqrt(fmax(squares - sum * sum / n, 0) / (n - 1) / n) : 0;
        gain += sum / n;
        below = below || sum / n < -FUSION_FIT_SURE * error;
        v.worst = fmin(v.worst, sum / n);
    }
    v.better = !below && gain > 0;
    return v;
}

static void draw_towards(const struct fitting *t, const float *from, size_t part, double by,
                         float to[FUSION_PARTS])
{
    for (size_t p = 0; p < FUSION_PARTS; p++)
        to[p] = p < t->f->n_parts ? (float)((1 - by) * (double)from[p] + (p == part ? by : 0)) : 0;
}

/* Everybody with the weights of the folds that they are not in, drawn towards a part. */
static double across_folds(struct fitting *t, size_t part, double by)
{
    t->its_own = true;
    for (int fold = 0; fold < t->folds; fold++) {
        float weight[FUSION_PARTS];
        draw_towards(t, t->fold_weight[fold], part, by, weight);
        t->fold = t->folds > 1 ? fold : NOBODY;
        (void)mean_ndcg(t, weight);
    }
    t->fold = NOBODY;
    return mean_of(t, t->sums);
}

static void find_weights(struct fitting *t, struct fusion_fitted *out)
{
    float fitted[FUSION_PARTS], weight[FUSION_PARTS];
    fit_folds(t, fitted);
    size_t best = best_alone(t, ALL);
    double least = -INFINITY;
    for (int quarter = 0; quarter <= 4 && !out->better; quarter++) {
        double ndcg = across_folds(t, best, quarter / 4.0);
        struct verdict v = judge(t);
        if (v.better || v.worst > least)
            *out = (struct fusion_fitted){.ndcg = ndcg, .better = v.better, .shrunk = quarter / 4.0};
        least = fmax(least, v.worst);
    }
    draw_towards(t, fitted, best, out->shrunk, weight);
    for (size_t p = 0; p < t->f->n_parts; p++)
        t->f->parts[p].weight = weight[p];
}

static void judge_weights(struct fitting *t, struct fusion_fitted *out)
{
    float weight[FUSION_PARTS] = {0};
    for (size_t p = 0; p < t->f->n_parts; p++)
        weight[p] = t->f->parts[p].weight;
    out->ndcg = mean_ndcg(t, weight);
    out->better = judge(t).better;
}

/* What each part is worth. */
static void find_gains(struct fitting *t, struct fusion_fitted *out)
{
    size_t n = t->f->n_parts;
    float weight[FUSION_PARTS] = {0};
    for (size_t p = 0; p < n; p++)
        weight[p] = t->f->parts[p].weight;
    double whole = mean_ndcg(t, weight);
    for (size_t p = 0; p < n; p++) {
        float own = weight[p];
        weight[p] = own > 0 || n < 2 ? 0 : 1 / (float)(n - 1); /* of the new sum an equal share */
        double other = mean_ndcg(t, weight);
        out->gain[p] = own > 0 ? whole - other : other - whole;
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

/* Sums for the slope of least squares through 0 of the blend's scores on the content feature, over the films that a person was not given. */
static void regress(void *arg, size_t block, size_t thread)
{
    struct fitting *t = arg;
    const struct fusion *f = t->f;
    const struct person *person = &t->people[block];
    size_t content;
    float *features = t->scratch + thread * t->stride, *scores = features + f->n_parts * f->n_films;
    const struct fusion_part *part = content_part(f, &content);
    const struct scorer_person who = known_by(person);
    fusion_score(f, &who, features, scores, scores + f->n_films);
    double xy = 0, xx = 0;
    const float *x = features + content * f->n_films;
    for (size_t j = 0; j < f->n_films; j++)
        if ((part->item_of == NULL || part->item_of[j] >= 0) &&
            !csr_has(person->given, person->row, (int32_t)j)) {
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

/* Everybody with something held out; people == NULL: they are only counted. */
static size_t list_people(struct fitting *t, struct person *people)
{
    size_t n = 0;
    for (size_t g = 0; g < t->plan->n_groups; g++) {
        const struct visitor_group *group = &t->plan->groups[g];
        size_t before = n;
        for (size_t u = 0; u < group->held.n_rows; u++) {
            size_t held = csr_row_count(&group->held, u);
            if (held == 0)
                continue;
            if (people != NULL)
                people[n] = (struct person){.given = &group->given,
                                            .row = u,
                                            .group = g,
                                            .fold = (int)((n - before) % FUSION_FIT_FOLDS),
                                            .held = csr_row(&group->held, u),
                                            .n_held = held};
            n++;
        }
        t->in_group[g] = n - before;
    }
    return n;
}

static enum err check(struct fitting *t, struct fail *why)
{
    size_t few = SIZE_MAX;
    bool fits = t->f->n_parts >= 1 && t->plan->n_groups >= 1 && t->plan->n_groups <= FUSION_FIT_GROUPS;
    for (size_t g = 0; fits && g < t->plan->n_groups; g++) {
        const struct visitor_group *group = &t->plan->groups[g];
        fits = group->given.n_cols == t->f->n_films && group->held.n_cols == t->f->n_films &&
               group->given.n_rows == group->held.n_rows;
    }
    if (!fits)
        return fail_set(why, ERR_INVALID, "the people do not match the models");
    t->n = list_people(t, NULL);
    for (size_t g = 0; g < t->plan->n_groups; g++)
        few = t->in_group[g] < few ? t->in_group[g] : few;
    t->folds = few < FUSION_FIT_FEW ? 1 : FUSION_FIT_FOLDS;
    return few > 0 ? ERR_OK
                   : fail_set(why, ERR_INVALID, "nobody to fit the weights on: no one has anything held out");
}

static enum err allocate(struct fitting *t, struct fail *why)
{
    const struct fusion *f = t->f;
    /* features, then room for one row more and the parts' own scratch; measure() needs a person's films. */
    t->stride = (f->n_parts + 1) * f->n_films + fusion_scratch(f) + FUSION_PARTS * FUSION_FIT_BEST + 1;
    t->scratch = malloc(parallel_threads() * t->stride * sizeof *t->scratch);
    t->people = calloc(t->n, sizeof *t->people);
    t->sums = calloc((3 + f->n_parts) * t->n, sizeof *t->sums);
    if (t->scratch == NULL || t->people == NULL || t->sums == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for fitting weights");
    t->slopes = t->sums + t->n;
    t->alone = t->slopes + 2 * t->n;
    (void)list_people(t, t->people);
    return ERR_OK;
}

static void release(struct fitting *t)
{
    for (size_t i = 0; t->people != NULL && i < t->n; i++) {
        free(t->people[i].films);
        free(t->people[i].features);
    }
    free(t->people);
    free(t->scratch);
    free(t->sums);
}

static enum err run(struct fitting *t, bool fits, struct fusion_fitted *out, struct fail *why)
{
    *out = (struct fusion_fitted){0};
    enum err rc = check(t, why);
    if (rc == ERR_OK)
        rc = allocate(t, why);
    if (rc == ERR_OK) {
        parallel_for(t->n, look_at, t);
        rc = t->failed ? fail_set(why, ERR_NOMEM, "out of memory for fitting weights") : ERR_OK;
    }
    if (rc == ERR_OK) {
        measure_alone(t);
        if (fits)
            find_weights(t, out);
        else
            judge_weights(t, out);
        find_gains(t, out);
        find_cold(t);
    }
    release(t);
    return rc;
}

enum err fusion_fit(struct fusion *f, const struct fusion_fit_plan *plan, struct fusion_fitted *out,
                    const struct progress *progress, struct fail *why)
{
    struct fitting t = {.f = f, .plan = plan, .fold = NOBODY, .progress = progress};
    return run(&t, true, out, why);
}

enum err fusion_fit_judge(struct fusion *f, const struct fusion_fit_plan *plan, struct fusion_fitted *out,
                          const struct progress *progress, struct fail *why)
{
    struct fitting t = {.f = f, .plan = plan, .fold = NOBODY, .progress = progress};
    return run(&t, false, out, why);
}
