/* A simulated catalog and audience of the shape of MovieLens-25M, for measuring how things grow:
 *     gen_ratings [ROWS [SEED [ratings|movies|characters]]] > FILE.csv
 * (25,000,095, 1 and ratings when left out). The same seed gives the same bytes. 162,541 users and 62,423
 * films at 25,000,095 rows; users are in proportion to ROWS, films to its power 0.75, about as MovieLens
 * grew.
 *
 * Shape: a user has at least 20 ratings, 154 on average (log-normal, the longest list about 31,000); film
 * weights follow rank_weight. At full size, seed 1: the first film has 85,785 ratings (MovieLens-25M:
 * 81,491), half of those with any at most 7 (6), and a fifth of the films 97.9 % of all ratings.
 *
 * Structure: a film belongs to a circle (as of a genre) and, within it, to a niche of films about as popular
 * (as a series or a director's work). A user loves a few circles. A draw is one of the whole catalog by
 * weight, one of a loved circle, or one of the niche of a film already drawn; the latter two are rated
 * higher. That is what a model can learn, so that comparing models on this data means something; how much one
 * model beats another here says nothing about people.
 *
 * Film ids have gaps up to 209,171; genres are named by circle; half stars about in MovieLens's shares;
 * timestamps 1995 to 2019. Three characters a film for the most popular third, with random types. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

enum {
    FULL_USERS = 162541,
    FULL_FILMS = 62423,
    LAST_FILM = 209171,
    LEAST = 20,
    MOST = 32000,
    CIRCLES = 38, /* two of each genre */
    NICHE = 16,   /* films */
    LOVED = 4,    /* circles a user has at most */
    TRIES = 12,   /* draws before the next free film in order of popularity is taken */
    CAST = 3
};
static const uint64_t FULL_ROWS = 25000095;
/* ‰ of the draws: of the whole catalog, of a loved circle; the rest from a niche. */
enum { ANY = 350, CIRCLE = 700 };

/* Films by place: circle after circle, in each by popularity (roughly), so that a niche is a stretch. */
struct world {
    struct rng rng;
    uint64_t rows;
    uint32_t n_users, n_films;
    double *until;           /* [n_films + 1] weights summed up over the places before */
    int32_t *place_of_rank;  /* [n_films] */
    int32_t *rank_of_place;  /* [n_films] */
    int32_t *index_of_place; /* [n_films] index in order of id */
    double *rank_until;      /* [n_films + 1] weights summed up by rank */
    int32_t circle_start[CIRCLES + 1];
    uint32_t *stamp;   /* [n_films] user who drew it last, by place */
    uint32_t *rows_of; /* [n_users] */
    int32_t *drawn;    /* [MOST] places, then indexes × 2 + liked */
};

static void *must(void *p)
{
    if (p == NULL) {
        fputs("gen_ratings: out of memory\n", stderr);
        exit(1);
    }
    return p;
}

static int32_t film_id(const struct world *w, int32_t index)
{
    return w->n_films < 2 ? 1 : 1 + (int32_t)((int64_t)index * (LAST_FILM - 1) / (w->n_films - 1));
}

/* By rank (1 first), straight lines on log-log paper, fitted to MovieLens-25M's counts as far as they are
 * known. Lists are long beside the few films that everybody knows, and each film is in a list once: the first
 * weights have to be far larger than the counts they lead to. */
static double rank_weight(double rank)
{
    static const double at[][2] = {{1, 36000},   {20, 16000},   {200, 2400},   {800, 430},    {3800, 36},
                                   {10300, 2.9}, {24300, 0.19}, {34000, 0.07}, {62424, 0.013}};
    size_t i = 0;
    while (i + 2 < sizeof at / sizeof *at && rank > at[i + 1][0])
        i++;
    double t = (log(rank) - log(at[i][0])) / (log(at[i + 1][0]) - log(at[i][0]));
    return exp(log(at[i][1]) + t * (log(at[i + 1][1]) - log(at[i][1])));
}

struct key {
    double key;
    int32_t rank;
};

static int by_key(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

/* Circle by circle, in each nearly by popularity: the noise makes niches that mix ranks a little. */
static void place_films(struct world *w, const double *weight)
{
    struct key *keys = must(calloc(w->n_films, sizeof *keys));
    memset(w->circle_start, 0, sizeof w->circle_start);
    for (uint32_t r = 0; r < w->n_films; r++) {
        uint64_t circle = rng_below(&w->rng, CIRCLES);
        keys[r] =
            (struct key){1000.0 * (double)circle + log(r + 1.0) + 0.3 * rng_normal(&w->rng), (int32_t)r};
        w->circle_start[circle + 1]++;
    }
    for (int c = 0; c < CIRCLES; c++)
        w->circle_start[c + 1] += w->circle_start[c];
    qsort(keys, w->n_films, sizeof *keys, by_key);
    for (uint32_t p = 0; p < w->n_films; p++) {
        w->rank_of_place[p] = keys[p].rank;
        w->place_of_rank[keys[p].rank] = (int32_t)p;
        w->until[p + 1] = w->until[p] + weight[keys[p].rank];
    }
    free(keys);
}

static void make_films(struct world *w)
{
    double *weight = must(calloc(w->n_films, sizeof *weight));
    for (uint32_t r = 0; r < w->n_films; r++)
        weight[r] = rank_weight(r + 1.0);
    place_films(w, weight);
    for (uint32_t r = 0; r < w->n_films; r++) {
        w->rank_until[r + 1] = w->rank_until[r] + weight[r];
        w->index_of_place[r] = (int32_t)r;
    }
    for (uint32_t i = w->n_films - 1; i > 0; i--) {
        uint64_t k = rng_below(&w->rng, (uint64_t)i + 1);
        int32_t swap = w->index_of_place[i];
        w->index_of_place[i] = w->index_of_place[k];
        w->index_of_place[k] = swap;
    }
    free(weight);
}

/* Of the stretch [low, high) by weight: bisection in the sums. */
static int32_t draw_between(struct rng *rng, const double *until, int32_t low, int32_t high)
{
    double x = until[low] + rng_unit(rng) * (until[high] - until[low]);
    for (high--; low < high;) {
        int32_t middle = (low + high) / 2;
        if (until[middle + 1] <= x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Shares the rows among the users; what rounding and the limit leave over goes round, one each. */
static void make_counts(struct world *w)
{
    uint32_t n = w->n_users, most = w->n_films < 2 * MOST ? w->n_films / 2 : MOST;
    double *weight = must(calloc(n, sizeof *weight)), total = 0;
    uint64_t left = w->rows;
    for (uint32_t i = 0; i < n; i++)
        total += weight[i] = exp(1.5 * rng_normal(&w->rng));
    for (uint32_t i = 0; i < n; i++) {
        double share = (double)(w->rows - (uint64_t)LEAST * n) * weight[i] / total;
        w->rows_of[i] = LEAST + (uint32_t)fmin(share, most - 2 * LEAST);
        left -= w->rows_of[i];
    }
    for (uint32_t i = 0; left > 0; i = (i + 1) % n)
        if (w->rows_of[i] < most) {
            w->rows_of[i]++;
            left--;
        }
    free(weight);
}

/* A place that the user has not drawn; *liked: by taste. n are drawn already. */
static int32_t draw_film(struct world *w, uint32_t user, const int32_t *loved, uint32_t n, bool *liked)
{
    int32_t place = 0;
    for (int try = 0; try < TRIES; try++) {
        uint64_t how = rng_below(&w->rng, 1000);
        *liked = how >= ANY;
        if (how < ANY) {
            place = w->place_of_rank[draw_between(&w->rng, w->rank_until, 0, (int32_t)w->n_films)];
        } else if (how < CIRCLE || n == 0) {
            int32_t c = loved[rng_below(&w->rng, LOVED)];
            place = draw_between(&w->rng, w->until, w->circle_start[c], w->circle_start[c + 1]);
        } else {
            int32_t first = w->drawn[rng_below(&w->rng, n)] / NICHE * NICHE;
            int32_t end = first + NICHE < (int32_t)w->n_films ? first + NICHE : (int32_t)w->n_films;
            place = draw_between(&w->rng, w->until, first, end);
        }
        if (w->stamp[place] != user)
            return place;
    }
    uint32_t rank = (uint32_t)w->rank_of_place[place];
    while (w->stamp[w->place_of_rank[rank]] == user)
        rank = rank + 1 < w->n_films ? rank + 1 : 0;
    return w->place_of_rank[rank];
}

static int ascending(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* Half stars: 1…10 in MovieLens's shares, the better of two draws for what is to the user's taste. */
static unsigned draw_stars(struct rng *rng, bool liked)
{
    static const unsigned until[] = {16, 47, 63, 129, 179, 375, 502, 768, 856, 1000}; /* ‰ of ml-25m */
    double x = rng_unit(rng);
    x = liked ? pow(x, 0.78) : 1 - pow(1 - x, 0.6);
    unsigned k = 0;
    while ((unsigned)(x * 1000) >= until[k])
        k++;
    return k + 1;
}

static void write_user(struct world *w, uint32_t user, uint32_t n)
{
    static bool liked[MOST];
    int32_t loved[LOVED];
    uint64_t start = 789652009 + rng_below(&w->rng, 784000000);
    uint64_t circles = 1 + rng_below(&w->rng, LOVED);
    for (uint64_t i = 0; i < LOVED; i++)
        loved[i] = i < circles ? (int32_t)rng_below(&w->rng, CIRCLES) : loved[i - circles];
    for (uint32_t i = 0; i < n; i++) {
        w->drawn[i] = draw_film(w, user, loved, i, &liked[i]);
        w->stamp[w->drawn[i]] = user;
    }
    for (uint32_t i = 0; i < n; i++)
        w->drawn[i] = w->index_of_place[w->drawn[i]] * 2 + liked[i];
    qsort(w->drawn, n, sizeof *w->drawn, ascending);
    for (uint32_t i = 0; i < n; i++) {
        unsigned stars = draw_stars(&w->rng, w->drawn[i] & 1);
        printf("%u,%d,%u.%u,%llu\n", user, film_id(w, w->drawn[i] / 2), stars / 2, stars % 2 * 5,
               (unsigned long long)(start + rng_below(&w->rng, 500000)));
    }
}

static void write_ratings(struct world *w)
{
    puts("userId,movieId,rating,timestamp");
    for (uint32_t u = 0; u < w->n_users; u++)
        write_user(w, u + 1, w->rows_of[u]);
}

static void write_movies(struct world *w)
{
    static const char *const genres[CIRCLES / 2] = {
        "Action",  "Adventure", "Animation", "Children", "Comedy",  "Crime",   "Documentary",
        "Drama",   "Fantasy",   "Film-Noir", "History",  "Horror",  "Musical", "Mystery",
        "Romance", "Sci-Fi",    "Thriller",  "War",      "Western",
    };
    int32_t *place = must(calloc(w->n_films, sizeof *place));
    puts("movie_id,title_en,title_ko,year,genres,country");
    for (uint32_t p = 0; p < w->n_films; p++)
        place[w->index_of_place[p]] = (int32_t)p;
    for (uint32_t i = 0; i < w->n_films; i++) {
        int circle = 0;
        while (place[i] >= w->circle_start[circle + 1])
            circle++;
        printf("%d,Simulated %u,가상 영화 %u,%u,%s|%s,US\n", film_id(w, (int32_t)i), i + 1, i + 1,
               1920 + (unsigned)(100 * sqrt(rng_unit(&w->rng))), genres[circle / 2],
               genres[rng_below(&w->rng, CIRCLES / 2)]);
    }
    free(place);
}

static void write_characters(struct world *w)
{
    static const char *const wings[] = {"1w9", "1w2", "2w1", "2w3", "3w2", "3w4", "4w3", "4w5", "5w4",
                                        "5w6", "6w5", "6w7", "7w6", "7w8", "8w7", "8w9", "9w8", "9w1"};
    puts("character_id,movie_id,name_en,name_ko,mbti,enneagram,votes");
    for (uint32_t r = 0; r < (w->n_films + CAST - 1) / CAST; r++)
        for (int c = 0; c < CAST; c++) {
            uint64_t type = rng_below(&w->rng, 16);
            unsigned n = r * CAST + (unsigned)c + 1;
            printf("%u,%d,Simulated Person %u,가상 인물 %u,%c%c%c%c,%s,%u\n", n,
                   film_id(w, w->index_of_place[w->place_of_rank[r]]), n, n, "EI"[type & 1],
                   "SN"[type >> 1 & 1], "TF"[type >> 2 & 1], "JP"[type >> 3], wings[rng_below(&w->rng, 18)],
                   (unsigned)exp(7 * rng_unit(&w->rng)));
        }
}

static void make_world(struct world *w, uint64_t rows, uint64_t seed)
{
    double part = (double)rows / (double)FULL_ROWS;
    w->rows = rows;
    w->n_users = (uint32_t)ceil(part * FULL_USERS);
    w->n_films = (uint32_t)ceil(pow(part, 0.75) * FULL_FILMS);
    rng_seed(&w->rng, seed);
    w->until = must(calloc(w->n_films + 1, sizeof *w->until));
    w->rank_until = must(calloc(w->n_films + 1, sizeof *w->rank_until));
    w->place_of_rank = must(calloc(w->n_films, sizeof *w->place_of_rank));
    w->rank_of_place = must(calloc(w->n_films, sizeof *w->rank_of_place));
    w->index_of_place = must(calloc(w->n_films, sizeof *w->index_of_place));
    w->stamp = must(calloc(w->n_films, sizeof *w->stamp));
    w->rows_of = must(calloc(w->n_users, sizeof *w->rows_of));
    w->drawn = must(calloc(MOST, sizeof *w->drawn));
    make_films(w);
    make_counts(w);
}

static void free_world(struct world *w)
{
    free(w->until);
    free(w->rank_until);
    free(w->place_of_rank);
    free(w->rank_of_place);
    free(w->index_of_place);
    free(w->stamp);
    free(w->rows_of);
    free(w->drawn);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*write)(struct world *w);
    } kinds[] = {{"ratings", write_ratings}, {"movies", write_movies}, {"characters", write_characters}};
    uint64_t rows = argc > 1 ? strtoull(argv[1], NULL, 10) : FULL_ROWS;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    size_t kind = 0, n_kinds = sizeof kinds / sizeof *kinds;
    while (argc > 3 && kind < n_kinds && strcmp(argv[3], kinds[kind].name) != 0)
        kind++;
    if (rows < 50000 || rows > 4 * FULL_ROWS || kind == n_kinds) {
        fputs("usage: gen_ratings [ROWS [SEED [ratings|movies|characters]]] > FILE.csv   (ROWS from 50000)\n",
              stderr);
        return 64;
    }
    struct world w = {0};
    setvbuf(stdout, NULL, _IOFBF, 1 << 20);
    make_world(&w, rows, seed);
    kinds[kind].write(&w);
    free_world(&w);
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 74;
}
