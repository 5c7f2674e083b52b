/* How far do weights of a blend move when only the training's seed changes, and what would it cost to hold them?
 *
 *     build/tests/bench/fusion_bench DATASET.mvd [divisions] [seeds]          default 2, 3
 *
 * For every division of the people (data/visitors.h) the members of `blend` are trained with every seed on the same
 * people, and the weights fitted. Then these are drawn towards equal ones (of the members that have a weight) as far as
 * the mean of the differences in NDCG@10, person by person of those fitted on, stays above minus so many standard
 * errors: 1, and 0.1. Prints one JSON line a training: the three weights and their NDCG@10 on people that neither has
 * seen; and one line at the end: the mean range of a weight over the seeds of a division, and the paired differences
 * to the fitted weights, with their standard errors over all people. Decision 0028. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/dataset.h"
#include "data/visitors.h"
#include "num/topk.h"
#include "train/ensemble.h"
#include "train/evaluate.h"
#include "train/fusion_fit.h"
#include "train/trainers.h"

enum { SEEDS_MAX = 20, KINDS = 3, K = 10 };
static const double tolerance[KINDS] = {-1, 1, 0.1}; /* the first kind is the fitted weights */
static const char *const names[KINDS] = {"fitted", "one", "tenth"};

static void check(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "fusion_bench: %s\n", what);
    exit(70);
}

/* NDCG@10 of every person of the group. */
static void measure(const struct fusion *f, const struct visitor_group *group, double *ndcg)
{
    float *scores = malloc((f->n_films * (f->n_parts + 1) + fusion_scratch(f)) * sizeof *scores);
    check(scores != NULL, "out of memory");
    float *features = scores + f->n_films, *scratch = features + f->n_parts * f->n_films;
    for (size_t u = 0; u < group->held.n_rows; u++) {
        const int32_t *given = csr_row(&group->given, u);
        size_t n = csr_row_count(&group->given, u), held = csr_row_count(&group->held, u);
        struct metric_sum sum = {0};
        const int k = K;
        int32_t best[K];
        ndcg[u] = NAN;
        if (held == 0)
            continue;
        fusion_score(f, &(struct scorer_person){SCORER_NOBODY, given, n}, features, scores, scratch);
        for (size_t i = 0; i < n; i++)
            scores[given[i]] = -INFINITY;
        const struct metric_user person = {best, topk_select(scores, f->n_films, K, best),
                                           csr_row(&group->held, u), held};
        metric_add(&sum, &k, 1, &person);
        ndcg[u] = metric_mean(&sum, 0, METRIC_NDCG);
    }
    free(scores);
}

struct total {
    double sum[KINDS], square[KINDS], range[KINDS];
    size_t n, ranges;
};

static double mean_of(const double *x, size_t n)
{
    double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(x[i])) {
            sum += x[i];
            count++;
        }
    return sum / (double)count;
}

/* Mean and standard error of after − before. */
static double difference(const double *before, const double *after, size_t n, double *error)
{
    double sum = 0, square = 0, people = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(before[i])) {
            double d = after[i] - before[i];
            sum += d;
            square += d * d;
            people++;
        }
    *error = sqrt(fmax(0, square / people - sum / people * sum / people) / people);
    return sum / people;
}

static void set_weights(struct fusion *f, const float *weight)
{
    for (size_t p = 0; p < f->n_parts; p++)
        f->parts[p].weight = weight[p];
}

/* The most equal weights that cost the people fitted on no more than so many standard errors. */
static void draw_together(struct fusion *f, const struct visitor_group *group, const float *fitted,
                          double errors, float *out)
{
    size_t n = group->held.n_rows, kept = 0;
    double *before = malloc(2 * n * sizeof *before);
    check(before != NULL, "out of memory");
    for (size_t p = 0; p < f->n_parts; p++)
        kept += fitted[p] > 0;
    set_weights(f, fitted);
    measure(f, group, before);
    for (int share = 10; share >= 0; share--) {
        double error;
        for (size_t p = 0; p < f->n_parts; p++)
            out[p] =
                (float)(10 - share) / 10 * fitted[p] + (fitted[p] > 0 ? (float)share / 10 / (float)kept : 0);
        set_weights(f, out);
        measure(f, group, before + n);
        if (difference(before, before + n, n, &error) >= -errors * error)
            break;
    }
    free(before);
}

static void print_weights(const char *name, const float *weight, size_t n)
{
    printf("\"%s\":[", name);
    for (size_t p = 0; p < n; p++)
        printf("%s%.3f", p > 0 ? "," : "", (double)weight[p]);
    printf("],");
}

static size_t one_training(const struct visitors *people, size_t division, size_t seed,
                           float weight[KINDS][FUSION_PARTS], struct total *t)
{
    const struct train_task task = {.x = &people->train, .seed = seed};
    struct trained m = {.trainer = trainers_find("blend")};
    struct fusion_fitted found;
    struct fail why = {0};
    size_t n = people->testing.held.n_rows;
    double *ndcg = malloc(KINDS * n * sizeof *ndcg);
    check(ndcg != NULL && ensemble_members(&task, &m, &why) == ERR_OK, why.text);
    struct fusion *f = m.fusion;
    f->rule = FUSION_STANDARD;
    check(fusion_fit(f, &(struct fusion_fit_plan){&people->fitting, 1, 0.5}, &found, NULL, &why) == ERR_OK,
          why.text);
    size_t parts = f->n_parts;
    for (size_t p = 0; p < parts; p++)
        weight[0][p] = f->parts[p].weight;
    printf("{\"division\":%zu,\"seed\":%zu,", division, seed);
    for (int k = 0; k < KINDS; k++) {
        double error;
        if (k > 0)
            draw_together(f, &people->fitting, weight[0], tolerance[k], weight[k]);
        set_weights(f, weight[k]);
        measure(f, &people->testing, ndcg + (size_t)k * n);
        double d = difference(ndcg, ndcg + (size_t)k * n, n, &error);
        for (size_t i = 0; i < n; i++)
            if (!isnan(ndcg[i])) {
                double one = ndcg[(size_t)k * n + i] - ndcg[i];
                t->sum[k] += one;
                t->square[k] += one * one;
                t->n += k == 0;
            }
        print_weights(names[k], weight[k], parts);
        printf("\"ndcg_%s\":%.4f,\"difference_%s\":%.4f%s", names[k], mean_of(ndcg + (size_t)k * n, n),
               names[k], d, k + 1 < KINDS ? "," : "}\n");
    }
    fflush(stdout);
    free(ndcg);
    trained_free(&m);
    return parts;
}

static void one_division(const struct csr *x, size_t division, size_t seeds, struct total *t)
{
    float weight[SEEDS_MAX][KINDS][FUSION_PARTS];
    struct visitors people;
    struct fail why = {0};
    size_t parts = 0;
    check(visitors_draw(&people, x, VISITORS_MOST, VISITORS_GIVEN, division, &why) == ERR_OK, why.text);
    for (size_t s = 0; s < seeds; s++)
        parts = one_training(&people, division, s + 1, weight[s], t);
    for (int kind = 0; kind < KINDS; kind++)
        for (size_t p = 0; p < parts; p++) {
            float least = 1, most = 0;
            for (size_t s = 0; s < seeds; s++) {
                least = fminf(least, weight[s][kind][p]);
                most = fmaxf(most, weight[s][kind][p]);
            }
            t->range[kind] += (double)(most - least);
            t->ranges += kind == 0;
        }
    visitors_free(&people);
}

int main(int argc, char **argv)
{
    size_t divisions = argc > 2 ? strtoul(argv[2], NULL, 10) : 4,
           seeds = argc > 3 ? strtoul(argv[3], NULL, 10) : 3;
    struct total t = {0};
    struct dataset d;
    struct fail why = {0};
    check(argc > 1 && seeds >= 1 && seeds <= SEEDS_MAX,
          "usage: fusion_bench DATASET.mvd [divisions] [seeds]");
    check(dataset_open(&d, argv[1], &why) == ERR_OK, why.text);
    for (size_t i = 1; i <= divisions; i++)
        one_division(&d.x, i, seeds, &t);
    for (int k = 0; k < KINDS; k++) {
        double n = (double)t.n, mean = t.sum[k] / n;
        printf("%s\"range_%s\":%.3f,\"difference_%s\":%.5f,\"error_%s\":%.5f", k == 0 ? "{" : ",", names[k],
               t.range[k] / (double)t.ranges, names[k], mean, names[k],
               sqrt(fmax(0, t.square[k] / n - mean * mean) / n));
    }
    printf(",\"people\":%zu}\n", t.n);
    dataset_close(&d);
    return 0;
}
