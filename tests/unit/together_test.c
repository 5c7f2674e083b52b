#include "app/together.h"

#include <math.h>
#include <stdlib.h>

#include "app/browse.h"
#include "base/rng.h"
#include "tests/check.h"
#include "tests/fixture/affinity.h"
#include "tests/fixture/small_snapshot.h"

static struct small_snapshot file;
static struct snapshot snap;

static struct together_person somebody(struct rng *r, int32_t movies[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        movies[i] = snap.movies[(rng_below(r, snap.n_movies / n)) * n + i].id; /* no two alike */
    return (struct together_person){(uint8_t)rng_below(r, 16), (uint8_t)rng_below(r, 18), movies, n};
}

static bool has(const struct together_person *p, size_t movie)
{
    for (size_t i = 0; i < p->n_movies; i++)
        if (p->movies[i] == snap.movies[movie].id)
            return true;
    return false;
}

/* The twin: f of recommend.h for each film, those that were chosen 0. */
static double *affinities(const struct together_person *p)
{
    const struct fusion *f = &snap.fusion;
    int32_t films[16];
    double *out = calloc(snap.n_movies, sizeof *out);
    float *scores = calloc(f->n_films + f->n_parts * f->n_films + fusion_scratch(f), sizeof *scores);
    for (size_t i = 0; i < p->n_movies; i++)
        films[i] = (int32_t)snapshot_movie_index(&snap, p->movies[i]);
    float *features = scores + f->n_films;
    fusion_score(f, &(struct scorer_person){SCORER_NOBODY, films, p->n_movies}, features, scores,
                 features + f->n_parts * f->n_films);
    bool *chosen = calloc(snap.n_movies, sizeof *chosen);
    for (size_t j = 0; j < snap.n_movies; j++)
        chosen[j] = has(p, j);
    affinity_naive(scores, chosen, snap.n_movies, out);
    free(chosen);
    free(scores);
    return out;
}

static double match(const struct together_person *p, const double *f, uint32_t character)
{
    const struct snapshot_character *c = &snap.characters[character];
    double film = has(p, c->movie) ? 1 : f[c->movie];
    double sum = RECOMMEND_FILM * film + RECOMMEND_CERTAINTY * (double)c->certainty +
                 RECOMMEND_FAME * (double)recommend_fame(&snap, c);
    double of = RECOMMEND_FILM + RECOMMEND_CERTAINTY + RECOMMEND_FAME;
    if (p->enneagram != ENNEAGRAM_NONE) {
        sum += RECOMMEND_ENNEAGRAM * (double)snap.similarity[p->enneagram * ENNEAGRAM_COUNT + c->enneagram];
        of += RECOMMEND_ENNEAGRAM;
    }
    return (1 - 0.15 * mbti_distance(p->mbti, c->mbti)) * sum / of;
}

static int downwards(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* The films are those with the greatest products, and say which chosen film speaks for them. */
static void check_movies(const struct together_person who[2], double *const f[2], const struct together *t)
{
    double *products = calloc(snap.n_movies, sizeof *products);
    for (size_t j = 0; j < snap.n_movies; j++)
        products[j] = f[0][j] * f[1][j];
    qsort(products, snap.n_movies, sizeof *products, downwards);
    for (size_t i = 0; i < t->n_movies; i++) {
        const struct together_movie *m = &t->movies[i];
        CHECK_NEAR((double)(m->affinity[0] * m->affinity[1]), products[i], 1e-5);
        for (int k = 0; k < 2; k++) {
            CHECK_NEAR((double)m->affinity[k], f[k][m->movie], 1e-5);
            CHECK(!has(&who[k], m->movie));
            CHECK(m->because[k] < 0 || has(&who[k], (size_t)m->because[k]));
        }
    }
    CHECK(t->n_movies == TOGETHER_MOVIES || products[t->n_movies] <= 0);
    free(products);
}

/* The greatest sum of a film by trying all pairs. */
static double best_of(const struct together_person who[2], double *const f[2], size_t movie)
{
    const struct snapshot_movie *m = &snap.movies[movie];
    double best = -1;
    for (uint32_t i = 0; i < m->cast_count; i++)
        for (uint32_t k = 0; k < m->cast_count; k++)
            if (i != k)
                best = fmax(best, match(&who[0], f[0], snap.cast[m->cast_start + i]) +
                                      match(&who[1], f[1], snap.cast[m->cast_start + k]));
    return best;
}

static void check_pairs(const struct together_person who[2], double *const f[2], const struct together *t)
{
    double *sums = calloc(snap.n_movies, sizeof *sums);
    for (size_t j = 0; j < snap.n_movies; j++)
        sums[j] = best_of(who, f, j);
    qsort(sums, snap.n_movies, sizeof *sums, downwards);
    CHECK_INT(t->n_pairs, TOGETHER_PAIRS);
    for (size_t i = 0; i < t->n_pairs; i++) {
        const uint32_t *c = t->pairs[i].character;
        CHECK(c[0] != c[1] && snap.characters[c[0]].movie == snap.characters[c[1]].movie);
        for (size_t k = 0; k < i; k++)
            CHECK(snap.characters[t->pairs[k].character[0]].movie != snap.characters[c[0]].movie);
        CHECK_NEAR(match(&who[0], f[0], c[0]) + match(&who[1], f[1], c[1]), sums[i], 1e-5);
        CHECK(abs(t->pairs[i].percent - (int)lround(50 * sums[i])) <= 1);
    }
    free(sums);
}

static void what_two_have_is_the_best_there_is(void)
{
    struct rng r;
    rng_seed(&r, 5);
    for (int round = 0; round < 60; round++) {
        int32_t movies[2][8];
        struct together_person who[2];
        struct arena a = {0};
        struct together t;
        for (int k = 0; k < 2; k++)
            who[k] = somebody(&r, movies[k], 3 + rng_below(&r, 5));
        for (int k = 0; k < 2; k++)
            if ((round >> k) % 2 == 1) /* of four rounds in one neither, in two one of them, in one both */
                who[k].enneagram = ENNEAGRAM_NONE;
        double *f[2] = {affinities(&who[0]), affinities(&who[1])};
        CHECK_INT(together_find(&snap, who, &a, &t, NULL), ERR_OK);
        check_movies(who, f, &t);
        check_pairs(who, f, &t);
        free(f[0]);
        free(f[1]);
        arena_free(&a);
    }
}

static void it_does_not_matter_who_is_first(void)
{
    struct rng r;
    int32_t movies[2][3];
    struct arena a = {0};
    struct together t[2];
    rng_seed(&r, 6);
    struct together_person who[2] = {somebody(&r, movies[0], 3), somebody(&r, movies[1], 3)};
    struct together_person turned[2] = {who[1], who[0]};
    CHECK_INT(together_find(&snap, who, &a, &t[0], NULL), ERR_OK);
    CHECK_INT(together_find(&snap, turned, &a, &t[1], NULL), ERR_OK);
    CHECK_INT(t[0].n_movies, t[1].n_movies);
    for (size_t i = 0; i < t[0].n_movies; i++)
        CHECK_INT(t[0].movies[i].movie, t[1].movies[i].movie);
    for (size_t i = 0; i < t[0].n_pairs; i++) {
        CHECK_INT(t[0].pairs[i].character[0], t[1].pairs[i].character[1]);
        CHECK_INT(t[0].pairs[i].percent, t[1].pairs[i].percent);
    }
    arena_free(&a);
}

static void films_that_left_the_catalog_count_no_more(void)
{
    static const int32_t gone[] = {101, 999999, 102, 103, 101}, few[] = {101, 999999, 999998};
    struct together_person who[2] = {{3, 4, gone, 5}, {5, 6, gone, 5}};
    struct arena a = {0};
    struct together t;
    CHECK_INT(together_find(&snap, who, &a, &t, NULL), ERR_OK);
    CHECK(t.n_movies > 0 && t.n_pairs > 0);
    who[1] = (struct together_person){5, 6, few, 3}; /* too few to know a taste by */
    CHECK_INT(together_find(&snap, who, &a, &t, NULL), ERR_OK);
    CHECK(t.n_movies == 0 && t.n_pairs == 0);
    arena_free(&a);
}

/* Its models give films to those who chose others: what they say most of comes first, what they say least of comes too, chosen films never, and nothing twice. */
static void a_wall_learns_from_what_is_chosen(void)
{
    const uint32_t chosen[] = {3, 5};
    size_t n = snap.n_movies, shown = 0;
    float *scores = calloc(n, sizeof *scores),
          *features = calloc(snap.fusion.n_parts * snap.fusion.n_films, sizeof *features);
    float *scratch = calloc(fusion_scratch(&snap.fusion) + 1, sizeof *scratch);
    uint8_t *seen = calloc(n, 1);
    struct arena a = {0};
    const int32_t history[] = {3, 5};
    double plain = 0, learned = 0;
    fusion_score(&snap.fusion, &(struct scorer_person){SCORER_NOBODY, history, 2}, features, scores, scratch);
    for (uint64_t seed = 0; seed < 50; seed++) {
        struct browse_page page;
        CHECK(browse_wall(&snap, &(struct browse_ask){seed, 0, 10, WALL_EVEN, NULL, 0}, &a, &page) == ERR_OK);
        for (size_t i = 0; i < page.n; i++)
            plain += (double)scores[page.items[i]];
        CHECK(browse_wall(&snap, &(struct browse_ask){seed, 0, 10, WALL_EVEN, chosen, 2}, &a, &page) ==
              ERR_OK);
        for (size_t i = 0; i < page.n; i++)
            learned += (double)scores[page.items[i]];
    }
    CHECK_MSG(learned > plain, "mean score %g, without choices %g", learned / 500, plain / 500);
    for (size_t offset = 0; offset < n; offset += 7) {
        struct browse_page page;
        CHECK(browse_wall(&snap, &(struct browse_ask){42, offset, 7, WALL_STEEP, chosen, 2}, &a, &page) ==
              ERR_OK);
        for (size_t i = 0; i < page.n; i++, shown++)
            CHECK_MSG(seen[page.items[i]]++ == 0, "film %u twice", page.items[i]);
        CHECK(page.more == (shown < n - 2));
    }
    CHECK_INT(shown, n - 2);
    CHECK(!seen[3] && !seen[5]);
    free(scores);
    free(features);
    free(scratch);
    free(seen);
    arena_free(&a);
}

int main(void)
{
    small_snapshot_open(&file, 150, 9, &snap);
    RUN(what_two_have_is_the_best_there_is);
    RUN(it_does_not_matter_who_is_first);
    RUN(films_that_left_the_catalog_count_no_more);
    RUN(a_wall_learns_from_what_is_chosen);
    snapshot_close(&snap);
    small_snapshot_free(&file);
    return check_done();
}
