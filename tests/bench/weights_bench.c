/* How far do a blend's weights differ from one seed to another, seeds that draw other people to fit on, and what would hold them?
 *
 *     build/tests/bench/weights_bench DATASET.mvd [splits] [nights] [first]          default 2, 6, 0
 *
 * In every split a fifth of the people are set apart: nothing is trained, fitted or chosen on them. Of the others so many nights, a seed
 * each, draw who is held out, train the members of `blend` without them and fit (train/ensemble.h, without variety), in these ways:
 *
 *   half      on the people that are drawn for fitting
 *   again     the mean of four such fits, the people in another order and so in other folds
 *   both      on those that are drawn for fitting and for measuring
 *   three     as both, the mean of this night's fit and of the next two's
 *
 * each with the rule that is best by cross-validation, and with that of standard scores always. The weights then join members that were trained
 * on all the others, as a night's do, and NDCG@10 is measured of those set apart, given at most 3, 5 and 10 films and four fifths of them.
 * Prints a JSON line a night and way, and one a way at the end: the standard deviation between nights of the weights and of NDCG, the share of
 * nights with another rule than the first, and the paired difference of NDCG to the first way with its standard error over the people. Decision
 * 0088. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "data/dataset.h"
#include "train/ensemble.h"
#include "train/evaluate.h"
#include "train/trainers.h"

enum { NIGHTS_MAX = 12, APART = 5, AGAIN = 4, WAYS = 8 };
enum people { HALF, SHUFFLED, BOTH, PEOPLE };
static const struct {
    const char *name;
    enum people people;
    size_t nights;
    bool standard; /* always that rule */
} ways[WAYS] = {
    {"half", HALF, 1, false},          {"again", SHUFFLED, 1, false},
    {"both", BOTH, 1, false},          {"three", BOTH, 3, false},
    {"half, standard", HALF, 1, true}, {"again, standard", SHUFFLED, 1, true},
    {"both, standard", BOTH, 1, true}, {"three, standard", BOTH, 3, true},
};

/* Each rule's weights, and how good it is by cross-validation. */
struct fits {
    float weight[FUSION_RULES][2][FUSION_PARTS];
    double ndcg[FUSION_RULES];
};

struct split {
    struct csr others;
    struct visitor_group apart[ENSEMBLE_LENGTHS];
    size_t n_parts;
};

struct total {
    double *by[WAYS];                            /* [people × ENSEMBLE_LENGTHS] NDCG, the mean over nights */
    double weight[WAYS], ndcg[WAYS], rule[WAYS]; /* sums over splits */
    double sum[WAYS], square[WAYS];
    size_t people, splits;
};

static void check(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "weights_bench: %s\n", what);
    exit(70);
}

/* ---- who ---- */

/* A matrix from keys (row << 32 | column). */
static struct csr made(uint64_t *keys, size_t n, const struct csr *like)
{
    struct csr out;
    check(csr_from_keys(&out, keys, &n, like->n_rows, like->n_cols, NULL) == ERR_OK, "out of memory");
    free(keys);
    return out;
}

static size_t add_row(uint64_t *keys, size_t n, const struct csr *x, size_t from, size_t to)
{
    for (size_t i = 0; i < csr_row_count(x, from); i++)
        keys[n++] = (uint64_t)to << 32 | (uint32_t)csr_row(x, from)[i];
    return n;
}

/* One person's films into what is given and what is held, as data/visitors.h says. */
static void divide(const struct csr *x, size_t row, size_t most, struct rng *rng, uint64_t *keys[2],
                   size_t n[2])
{
    size_t left = csr_row_count(x, row), take = most == SIZE_MAX  ? left * 4 / 5
                                                : left / 2 < most ? left / 2
                                                                  : most;
    for (size_t i = 0; left > 0; i++, left--) {
        int held = rng_below(rng, left) >= take;
        take -= !held;
        keys[held][n[held]++] = (uint64_t)row << 32 | (uint32_t)csr_row(x, row)[i];
    }
}

static bool is_apart(const struct csr *x, size_t row, size_t split)
{
    return row % APART == split % APART && csr_row_count(x, row) >= VISITORS_LEAST;
}

static uint64_t *room_for(size_t n)
{
    uint64_t *keys = malloc((n + 1) * sizeof *keys);
    check(keys != NULL, "out of memory");
    return keys;
}

static void split_make(struct split *s, const struct csr *x, size_t split)
{
    size_t n = 0;
    uint64_t *keys = room_for(csr_count(x));
    for (size_t u = 0; u < x->n_rows; u++)
        n = is_apart(x, u, split) ? n : add_row(keys, n, x, u, u);
    s->others = made(keys, n, x);
    for (size_t l = 0; l < ENSEMBLE_LENGTHS; l++) {
        uint64_t *both[2] = {room_for(csr_count(x)), room_for(csr_count(x))};
        size_t m[2] = {0};
        struct rng rng;
        rng_seed(&rng, 1000 + split);
        for (size_t u = 0; u < x->n_rows; u++)
            if (is_apart(x, u, split))
                divide(x, u, ensemble_lengths[l], &rng, both, m);
        s->apart[l] = (struct visitor_group){made(both[0], m[0], x), made(both[1], m[1], x), 0};
    }
}

/* The rows of one matrix or two that share none, in this order. */
static struct csr gather(const struct csr *a, const struct csr *b, const int32_t *order)
{
    uint64_t *keys = room_for(csr_count(a) + (b == NULL ? 0 : csr_count(b)));
    size_t n = 0;
    for (size_t u = 0; u < a->n_rows; u++) {
        n = add_row(keys, n, a, (size_t)order[u], u);
        n = b == NULL ? n : add_row(keys, n, b, (size_t)order[u], u);
    }
    return made(keys, n, a);
}

/* ---- the fits ---- */

static void fit(struct trained *m, const struct ensemble_people *people, const int32_t *order, bool both,
                struct fits *add)
{
    struct ensemble_people own = {0};
    struct ensemble_choice choices[ENSEMBLE_CHOICES];
    struct fail why = {0};
    size_t best;
    for (size_t l = 0; l < ENSEMBLE_LENGTHS; l++) {
        const struct visitors *v = &people->visitors[l];
        own.fitting[l].given = gather(&v->fitting.given, both ? &v->testing.given : NULL, order);
        own.fitting[l].held = gather(&v->fitting.held, both ? &v->testing.held : NULL, order);
    }
    check(ensemble_fit(m, &own, choices, &best, NULL, &why) == ERR_OK, why.text);
    for (size_t r = 0; r < FUSION_RULES; r++) {
        add->ndcg[r] += choices[1 + r].fitted.ndcg;
        for (size_t p = 0; p < m->fusion->n_parts; p++) {
            add->weight[r][0][p] += choices[1 + r].fusion.parts[p].weight;
            add->weight[r][1][p] += choices[1 + r].fusion.parts[p].weight_long;
        }
    }
    for (size_t l = 0; l < ENSEMBLE_LENGTHS; l++) {
        csr_free(&own.fitting[l].given);
        csr_free(&own.fitting[l].held);
    }
}

/* All of them are sums; a fusion's scores only order films. */
static void night(const struct csr *x, uint64_t seed, struct fits out[PEOPLE])
{
    struct ensemble_people people;
    struct trained m = {.trainer = trainers_find("blend")};
    struct fail why = {0};
    struct rng rng;
    int32_t *order = malloc(x->n_rows * sizeof *order);
    check(order != NULL && ensemble_people_draw(&people, x, VISITORS_MOST, seed, &why) == ERR_OK, why.text);
    const struct train_task task = {.x = &people.visitors[0].train, .seed = seed};
    check(ensemble_members(&task, &m, &why) == ERR_OK, why.text);
    for (size_t u = 0; u < x->n_rows; u++)
        order[u] = (int32_t)u;
    fit(&m, &people, order, false, &out[HALF]);
    fit(&m, &people, order, true, &out[BOTH]);
    rng_seed(&rng, seed);
    for (int i = 0; i < AGAIN; i++) {
        rng_shuffle(&rng, order, x->n_rows);
        fit(&m, &people, order, false, &out[SHUFFLED]);
    }
    free(order);
    trained_free(&m);
    ensemble_people_free(&people);
}

static void add_fits(struct fits *to, const struct fits *from)
{
    for (size_t r = 0; r < FUSION_RULES; r++) {
        to->ndcg[r] += from->ndcg[r];
        for (size_t i = 0; i < 2; i++)
            for (size_t p = 0; p < FUSION_PARTS; p++)
                to->weight[r][i][p] += from->weight[r][i][p];
    }
}

/* ---- what they are worth ---- */

/* Weights that sum to 1, of the rule that is best. */
static void take(struct fusion *f, const struct fits *fits, bool standard)
{
    size_t best = FUSION_STANDARD;
    for (size_t r = 0; r < FUSION_RULES && !standard; r++)
        best = fits->ndcg[r] > fits->ndcg[best] ? r : best;
    f->rule = (enum fusion_rule)best;
    for (size_t i = 0; i < 2; i++) {
        float sum = 0;
        for (size_t p = 0; p < f->n_parts; p++)
            sum += fits->weight[best][i][p];
        for (size_t p = 0; p < f->n_parts; p++)
            *(i == 0 ? &f->parts[p].weight : &f->parts[p].weight_long) = fits->weight[best][i][p] / sum;
    }
}

/* NDCG@10 of everybody, length by length, added to `to`; returns the mean. */
static double measure(const struct fusion *f, const struct split *s, double *to, double nights)
{
    const int k = 10;
    size_t n = s->others.n_rows;
    double *each = malloc(n * sizeof *each), mean = 0;
    check(each != NULL, "out of memory");
    for (size_t l = 0; l < ENSEMBLE_LENGTHS; l++) {
        const struct evaluate_task task = {.scorer = fusion_scorer(f),
                                           .unseen = true,
                                           .history = &s->apart[l].given,
                                           .held = &s->apart[l].held,
                                           .k = &k,
                                           .n_cuts = 1,
                                           .each = each};
        struct evaluate_result r;
        check(evaluate_run(&task, &r, NULL, NULL) == ERR_OK, "cannot measure");
        for (size_t u = 0; u < n; u++)
            to[l * n + u] += each[u] / nights;
        mean += metric_mean(&r.metrics, 0, METRIC_NDCG) / ENSEMBLE_LENGTHS;
    }
    free(each);
    return mean;
}

static double deviation(const double *x, size_t n)
{
    double sum = 0, square = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    for (size_t i = 0; i < n; i++)
        square += (x[i] - sum / (double)n) * (x[i] - sum / (double)n);
    return sqrt(square / (double)(n - 1));
}

static void one_way(struct fusion *f, size_t way, const struct fits fits[][PEOPLE], size_t nights,
                    const struct split *s, struct total *t)
{
    double weight[2 * FUSION_PARTS][NIGHTS_MAX], ndcg[NIGHTS_MAX], spread = 0, other = 0;
    enum fusion_rule first = FUSION_STANDARD;
    for (size_t i = 0; i < nights; i++) {
        struct fits own = {0};
        for (size_t j = 0; j < ways[way].nights; j++)
            add_fits(&own, &fits[(i + j) % nights][ways[way].people]);
        take(f, &own, ways[way].standard);
        first = i == 0 ? f->rule : first;
        other += f->rule != first;
        ndcg[i] = measure(f, s, t->by[way], (double)nights);
        printf("{\"way\":\"%s\",\"night\":%zu,\"rule\":\"%s\",\"weights\":[", ways[way].name, i + 1,
               fusion_rule_name(f->rule));
        for (size_t p = 0; p < 2 * f->n_parts; p++) {
            weight[p][i] = (double)(p % 2 == 0 ? f->parts[p / 2].weight : f->parts[p / 2].weight_long);
            printf("%s%.3f", p > 0 ? "," : "", weight[p][i]);
        }
        printf("],\"ndcg\":%.4f}\n", ndcg[i]);
    }
    for (size_t p = 0; p < 2 * f->n_parts; p++)
        spread += deviation(weight[p], nights) / (2 * (double)f->n_parts);
    t->weight[way] += spread;
    t->ndcg[way] += deviation(ndcg, nights);
    t->rule[way] += other / (double)nights;
    fflush(stdout);
}

/* A person's difference is the mean over the lengths. */
static void compare(struct total *t, size_t n)
{
    for (size_t u = 0; u < n; u++) {
        double of[WAYS] = {0};
        bool seen = true;
        for (size_t way = 0; way < WAYS; way++)
            for (size_t l = 0; l < ENSEMBLE_LENGTHS; l++) {
                double more = t->by[way][l * n + u] - t->by[0][l * n + u];
                of[way] += more / ENSEMBLE_LENGTHS;
                seen = seen && !isnan(more);
            }
        t->people += seen;
        for (size_t way = 0; way < WAYS && seen; way++) {
            t->sum[way] += of[way];
            t->square[way] += of[way] * of[way];
        }
    }
}

static void one_split(const struct csr *x, size_t split, size_t nights, struct total *t)
{
    static struct fits fits[NIGHTS_MAX][PEOPLE];
    struct split s = {0};
    struct trained whole = {.trainer = trainers_find("blend")};
    struct fail why = {0};
    memset(fits, 0, sizeof fits);
    split_make(&s, x, split);
    for (size_t i = 0; i < nights; i++)
        night(&s.others, split * 100 + i + 1, fits[i]);
    check(ensemble_members(&(struct train_task){.x = &s.others, .seed = split}, &whole, &why) == ERR_OK,
          why.text);
    for (size_t way = 0; way < WAYS; way++) {
        t->by[way] = calloc(ENSEMBLE_LENGTHS * x->n_rows, sizeof *t->by[way]);
        check(t->by[way] != NULL, "out of memory");
        one_way(whole.fusion, way, fits, nights, &s, t);
    }
    compare(t, x->n_rows);
    t->splits++;
    for (size_t way = 0; way < WAYS; way++)
        free(t->by[way]);
    trained_free(&whole);
    csr_free(&s.others);
    for (size_t l = 0; l < ENSEMBLE_LENGTHS; l++) {
        csr_free(&s.apart[l].given);
        csr_free(&s.apart[l].held);
    }
}

int main(int argc, char **argv)
{
    size_t splits = argc > 2 ? strtoul(argv[2], NULL, 10) : 2,
           nights = argc > 3 ? strtoul(argv[3], NULL, 10) : 6,
           first = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;
    struct total t = {0};
    struct dataset d;
    struct fail why = {0};
    check(argc > 1 && nights >= 3 && nights <= NIGHTS_MAX,
          "usage: weights_bench DATASET.mvd [splits] [nights] [first]");
    check(dataset_open(&d, argv[1], &why) == ERR_OK, why.text);
    for (size_t i = first; i < first + splits; i++)
        one_split(&d.x, i, nights, &t);
    for (size_t way = 0; way < WAYS; way++) {
        double n = (double)t.people, mean = t.sum[way] / n, s = (double)t.splits;
        printf("{\"way\":\"%s\",\"weights_differ\":%.3f,\"other_rule\":%.2f,\"ndcg_differs\":%.4f,\"gain\":%."
               "5f,\"error\":%.5f,\"people\":%zu}\n",
               ways[way].name, t.weight[way] / s, t.rule[way] / s, t.ndcg[way] / s, mean,
               sqrt(fmax(0, t.square[way] / n - mean * mean) / n), t.people);
    }
    dataset_close(&d);
    return 0;
}
