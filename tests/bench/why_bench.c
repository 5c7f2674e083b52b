/* Do the shares that visitors are told say what matters? Of a published snapshot:
 *
 *     build/tests/bench/why_bench SNAPSHOT [DRAWS]
 *
 * A draw is a visitor with three to ten films, popular ones more often, and one of the ten films that they are recommended.
 * Whatever is said of "without" is ranked anew, all films, without the films in question. Prints one figure a line:
 *   shares.worst      largest distance of a sum of shares from 1; shares.none: draws in which no chosen film speaks for it
 *   alone.first       draws in which it leaves the ten without the film of the largest share
 *   alone.any, random the same without that chosen film which is best for it, and without one drawn
 *   set.mean          films, largest share first, without which it leaves the ten, and of which none can stay; set.all: it
 *                     never leaves while one is left
 *   curve.first, curve.random, curve.last
 *                     whether it is still among the ten, mean over the steps of taking away one film after the other, all but
 *                     one: largest share first, in random order, smallest share first (Barkan et al. 2024, LXR:
 *                     "positive and negative perturbation")
 * Ends with 1 where a sum of shares is further than 1e-6 from 1, or a set is not minimal. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "base/secret.h"
#include "model/snapshot.h"

enum { TEN = 10, LEAST = 3, MOST = 10, DRAWS = 10000 };

struct draw {
    int32_t films[MOST]; /* chosen, largest share first once told */
    float share[MOST];
    size_t n;
    int32_t film; /* one of the ten */
};

struct tally {
    double worst, none, first, any, random, set, all, curve[3];
    size_t n, sets;
    bool wrong;
};

static const struct fusion *fusion;
static float *features, *scores, *scratch;

static void check(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "why_bench: %s\n", what);
    exit(70);
}

/* Scores for those chosen films of d that are in `kept`. */
static void score(const struct draw *d, unsigned kept)
{
    int32_t films[MOST];
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++)
        if (kept >> i & 1)
            films[n++] = d->films[i];
    fusion_score(fusion, &(struct scorer_person){SCORER_NOBODY, films, n}, features, scores, scratch);
}

static bool is_chosen(const struct draw *d, int32_t film)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->films[i] == film)
            return true;
    return false;
}

/* Films that stand before it; films that were chosen are never recommended, taken away or not. */
static size_t place(const struct draw *d, int32_t film)
{
    size_t before = 0;
    for (int32_t j = 0; j < (int32_t)fusion->n_films; j++)
        before += !is_chosen(d, j) && (scores[j] > scores[film] || (scores[j] == scores[film] && j < film));
    return before;
}

static bool among_ten(const struct draw *d, unsigned kept)
{
    score(d, kept);
    return place(d, d->film) < TEN;
}

/* ---- drawing ---- */

static void draw_films(struct draw *d, const struct snapshot *s, struct rng *r)
{
    size_t want = LEAST + rng_below(r, MOST - LEAST + 1);
    for (d->n = 0; d->n < want;) {
        int32_t film = (int32_t)rng_below(r, s->n_movies);
        if (rng_unit(r) < (double)s->movies[film].popularity && !is_chosen(d, film))
            d->films[d->n++] = film;
    }
}

static void sort_by_share(struct draw *d)
{
    for (size_t i = 1; i < d->n; i++)
        for (size_t k = i; k > 0 && d->share[k] > d->share[k - 1]; k--) {
            float share = d->share[k];
            int32_t film = d->films[k];
            d->share[k] = d->share[k - 1];
            d->films[k] = d->films[k - 1];
            d->share[k - 1] = share;
            d->films[k - 1] = film;
        }
}

/* One of the ten, and why. */
static void tell(struct draw *d, struct rng *r, struct tally *t)
{
    double sum = 0;
    size_t which = rng_below(r, TEN);
    score(d, ~0U);
    for (d->film = 0; is_chosen(d, d->film) || place(d, d->film) != which;)
        d->film++;
    fusion_shares(fusion, features, &(struct scorer_person){SCORER_NOBODY, d->films, d->n}, d->film,
                  d->share);
    for (size_t i = 0; i < d->n; i++)
        sum += (double)d->share[i];
    if (sum == 0)
        t->none++;
    else
        t->worst = fmax(t->worst, fabs(sum - 1));
    sort_by_share(d);
}

/* ---- what matters ---- */

static unsigned all_of(const struct draw *d)
{
    return (1U << d->n) - 1;
}

static void each_alone(const struct draw *d, struct rng *r, struct tally *t)
{
    size_t drawn = rng_below(r, d->n);
    bool any = false;
    for (size_t i = 0; i < d->n; i++) {
        bool leaves = !among_ten(d, all_of(d) & ~(1U << i));
        any = any || leaves;
        t->first += i == 0 && leaves;
        t->random += i == drawn && leaves;
    }
    t->any += any;
}

/* Films are taken away, largest share first, until it leaves the ten, and given back where it is gone without. */
static void smallest_set(const struct draw *d, struct tally *t)
{
    unsigned kept = all_of(d);
    for (size_t i = 0; i + 1 < d->n && among_ten(d, kept); i++)
        kept &= ~(1U << i);
    if (among_ten(d, kept)) {
        t->all++;
        return;
    }
    for (unsigned before = 0; before != kept;) { /* what is given back may let another one be given back */
        before = kept;
        for (size_t i = 0; i < d->n; i++)
            if (!(kept >> i & 1) && !among_ten(d, kept | 1U << i))
                kept |= 1U << i;
    }
    bool minimal = !among_ten(d, kept);
    for (size_t i = 0; i < d->n; i++)
        minimal = minimal && (kept >> i & 1 || among_ten(d, kept | 1U << i));
    t->wrong = t->wrong || !minimal;
    t->set += (double)d->n - __builtin_popcount(kept);
    t->sets++;
}

static double curve(const struct draw *d, const int32_t *order)
{
    unsigned kept = all_of(d);
    double still = 0;
    for (size_t i = 0; i + 1 < d->n; i++) {
        kept &= ~(1U << order[i]);
        still += among_ten(d, kept);
    }
    return still / (double)(d->n - 1);
}

static void curves(const struct draw *d, struct rng *r, struct tally *t)
{
    int32_t order[MOST];
    for (size_t i = 0; i < d->n; i++)
        order[i] = (int32_t)i;
    t->curve[0] += curve(d, order);
    for (size_t i = 0; i < d->n; i++)
        order[i] = (int32_t)(d->n - 1 - i);
    t->curve[2] += curve(d, order);
    rng_shuffle(r, order, d->n);
    t->curve[1] += curve(d, order);
}

static void print(const char *name, double sum, double n)
{
    printf("%s %.4f\n", name, n > 0 ? sum / n : 0);
}

static void report(const struct tally *t)
{
    double n = (double)t->n;
    printf("shares.worst %.2e\n", t->worst);
    print("shares.none", t->none, n);
    print("alone.first", t->first, n);
    print("alone.any", t->any, n);
    print("alone.random", t->random, n);
    print("set.mean", t->set, (double)t->sets);
    print("set.all", t->all, n);
    print("curve.first", t->curve[0], n);
    print("curve.random", t->curve[1], n);
    print("curve.last", t->curve[2], n);
}

int main(int argc, char **argv)
{
    struct snapshot s;
    struct fail why = {0};
    struct tally t = {0};
    struct rng r;
    check(argc >= 2 && secret_init() == ERR_OK, "usage: why_bench SNAPSHOT [DRAWS]");
    check(snapshot_open(&s, argv[1], &why) == ERR_OK, why.text);
    size_t draws = argc > 2 ? strtoul(argv[2], NULL, 10) : DRAWS;
    fusion = &s.fusion;
    features = calloc(fusion->n_parts * fusion->n_films + 1, sizeof *features);
    scores = calloc(fusion->n_films + 1, sizeof *scores);
    scratch = calloc(fusion_scratch(fusion) + 1, sizeof *scratch);
    check(features != NULL && scores != NULL && scratch != NULL, "out of memory");
    rng_seed(&r, 1);
    for (; t.n < draws; t.n++) {
        struct draw d = {0};
        draw_films(&d, &s, &r);
        tell(&d, &r, &t);
        each_alone(&d, &r, &t);
        smallest_set(&d, &t);
        curves(&d, &r, &t);
    }
    report(&t);
    free(features);
    free(scores);
    free(scratch);
    snapshot_close(&s);
    return t.worst > 1e-6 || t.wrong;
}
