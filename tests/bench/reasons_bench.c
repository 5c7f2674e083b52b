/* Can RecVAE's part of a score be divided among the chosen films, as the sums over them are (fusion_shares)?
 *
 *     build/tests/bench/reasons_bench RECVAE.mvm DATASET.mvd
 *
 * Visitors with 5 films of one user, and the 40 best films for each that the choice speaks for. A score here
 * is a film's logit less the mean of all; gain = score with all chosen films − score with none. Two ways:
 *
 *   leave one out   the score less the score without the film; one more pass a chosen film
 *   Shapley         a film's mean difference over all orders; its terms sum to the gain; 2⁵ passes
 *
 * Prints one JSON line: what the leave-one-out terms sum to, as a part of the gain (5th, 50th, 95th of a
 * hundred); the share (of terms > 0, as the site shows) that they give to other films than Shapley's do, and
 * how often both name the same film first; milliseconds of CPU time of the passes a visitor. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "base/secret.h"
#include "data/dataset.h"
#include "model/model_file.h"
#include "model/recvae.h"
#include "num/topk.h"
#include "tests/fixture/bench.h"

enum { FILMS = 5, SETS = 1 << FILMS, ALL = SETS - 1, BEST = 40, VISITORS = 400 };

struct tally {
    double part[VISITORS * BEST];
    size_t n, same_first;
    double moved, seconds;
};

static float *scores[SETS]; /* [items] of each set of chosen films, bit i film i */

static void check(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "reasons_bench: %s\n", what);
    exit(70);
}

static void score_set(const struct model *m, const int32_t films[FILMS], int set)
{
    int32_t chosen[FILMS];
    size_t n = 0;
    double mean = 0;
    for (int i = 0; i < FILMS; i++)
        if (set >> i & 1)
            chosen[n++] = films[i];
    recvae_score(m->weights, m->n_items, chosen, n, scores[set]);
    for (size_t j = 0; j < m->n_items; j++)
        mean += (double)scores[set][j] / (double)m->n_items;
    for (size_t j = 0; j < m->n_items; j++)
        scores[set][j] -= (float)mean;
}

static double gain(int with, int without, int32_t film)
{
    return (double)scores[with][film] - (double)scores[without][film];
}

static double shapley(int i, int32_t film)
{
    static const double orders[] = {1, 1, 2, 6, 24, 120};
    double sum = 0;
    for (int set = 0; set < SETS; set++)
        if (!(set >> i & 1)) {
            int before = __builtin_popcount((unsigned)set);
            sum += orders[before] * orders[FILMS - before - 1] * gain(set | 1 << i, set, film);
        }
    return sum / orders[FILMS];
}

/* Terms > 0 to shares that sum to 1; the first of them. */
static int divide(double term[FILMS])
{
    double sum = 0;
    int first = 0;
    for (int i = 0; i < FILMS; i++) {
        first = term[i] > term[first] ? i : first;
        sum += term[i] > 0 ? term[i] : 0;
    }
    for (int i = 0; i < FILMS; i++)
        term[i] = term[i] > 0 ? term[i] / sum : 0;
    return first;
}

static void compare(int32_t film, struct tally *t)
{
    double without[FILMS], exact[FILMS], sum = 0, exact_sum = 0, all = gain(ALL, 0, film);
    for (int i = 0; i < FILMS; i++) {
        without[i] = gain(ALL, ALL & ~(1 << i), film);
        exact[i] = shapley(i, film);
        sum += without[i];
        exact_sum += exact[i];
    }
    check(fabs(exact_sum - all) < 1e-4 * (1 + fabs(all)), "Shapley's terms do not sum to the gain");
    t->part[t->n++] = sum / all;
    t->same_first += divide(without) == divide(exact);
    for (int i = 0; i < FILMS; i++)
        t->moved += fabs(without[i] - exact[i]) / 2;
}

static void one_visitor(const struct model *m, const int32_t films[FILMS], struct tally *t)
{
    int32_t best[BEST];
    double start = bench_cpu();
    for (int i = 0; i < FILMS; i++)
        score_set(m, films, ALL & ~(1 << i));
    t->seconds += bench_cpu() - start;
    for (int set = 0; set < SETS; set++)
        score_set(m, films, set);
    float *chosen_out = malloc(m->n_items * sizeof *chosen_out);
    check(chosen_out != NULL, "out of memory");
    memcpy(chosen_out, scores[ALL], m->n_items * sizeof *chosen_out);
    for (int i = 0; i < FILMS; i++)
        chosen_out[films[i]] = -INFINITY;
    size_t n = topk_select(chosen_out, m->n_items, BEST, best);
    for (size_t i = 0; i < n; i++)
        if (gain(ALL, 0, best[i]) > 0)
            compare(best[i], t);
    free(chosen_out);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    static struct tally t;
    struct model m;
    struct dataset d;
    struct fail why = {0};
    struct rng rng;
    if (argc != 3)
        return 64;
    check(secret_init() == ERR_OK && model_open(&m, argv[1], &why) == ERR_OK &&
              dataset_open(&d, argv[2], &why) == ERR_OK,
          why.text);
    check(strcmp(m.info->kind, "recvae") == 0 && m.n_items == d.x.n_cols, "not a RecVAE of this dataset");
    for (int set = 0; set < SETS; set++)
        check((scores[set] = malloc(m.n_items * sizeof *scores[set])) != NULL, "out of memory");
    rng_seed(&rng, 1);
    size_t visitors = 0;
    for (size_t tries = 0; tries < 10 * VISITORS && visitors < VISITORS; tries++) {
        size_t user = rng_below(&rng, d.x.n_rows), n = csr_row_count(&d.x, user);
        int32_t *films = malloc((n + 1) * sizeof *films);
        check(films != NULL, "out of memory");
        memcpy(films, csr_row(&d.x, user), n * sizeof *films);
        rng_shuffle(&rng, films, n);
        if (n >= FILMS) {
            one_visitor(&m, films, &t);
            visitors++;
        }
        free(films);
    }
    check(t.n > 0, "nobody to ask");
    qsort(t.part, t.n, sizeof *t.part, by_value);
    printf("{\"bench\":\"reasons\",\"films\":%zu,\"visitors\":%zu,\"recommended\":%zu,\"sum_5\":%.2f,\"sum_"
           "50\":%."
           "2f,\"sum_95\":%.2f,\"moved\":%.3f,\"same_first\":%.3f,\"cpu_ms\":%.3f}\n",
           m.n_items, visitors, t.n, t.part[t.n / 20], t.part[t.n / 2], t.part[t.n * 19 / 20],
           t.moved / (double)t.n, (double)t.same_first / (double)t.n, 1e3 * t.seconds / (double)visitors);
    for (int set = 0; set < SETS; set++)
        free(scores[set]);
    model_close(&m);
    dataset_close(&d);
    return 0;
}
