/* Writes a ratings.csv of the shape of MovieLens-25M to stdout:
 *     gen_ratings [ROWS [SEED]] > ratings.csv      (25,000,095 and 1 when left out)
 * 162,541 users in order of id, each with at least 20 ratings (log-normal, longest about 30,000), of 62,423
 * films with gaps in their ids up to 209,171 and a long tail (Zipf-Mandelbrot); a user's films in order of
 * id, each once; half stars in MovieLens's shares; timestamps 1995 to 2019. The same seed gives the same
 * bytes. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

enum { USERS = 162541, FILMS = 62423, LAST_FILM = 209171, LEAST = 20, MOST = 32000 };

static int32_t film_id[FILMS];   /* ascending */
static double film_until[FILMS]; /* cumulative popularity of the films in random order */
static int32_t film_at_rank[FILMS];
static uint32_t stamp[FILMS]; /* user who drew it last */
static uint32_t rows_of[USERS];
static int32_t drawn[MOST];

static void *must(void *p)
{
    if (p == NULL)
        exit(1);
    return p;
}

static void make_films(struct rng *rng)
{
    double total = 0;
    for (int i = 0; i < FILMS; i++) {
        film_id[i] = 1 + (int32_t)((int64_t)i * (LAST_FILM - 1) / (FILMS - 1));
        film_at_rank[i] = i;
    }
    for (int i = FILMS - 1; i > 0; i--) {
        int k = (int)rng_below(rng, (uint64_t)i + 1);
        int32_t swap = film_at_rank[i];
        film_at_rank[i] = film_at_rank[k];
        film_at_rank[k] = swap;
    }
    for (int i = 0; i < FILMS; i++)
        film_until[i] = total += pow(i + 150.0, -1.6);
}

/* Popularity rank by bisection in the cumulative weights. */
static int draw_rank(struct rng *rng)
{
    double x = rng_unit(rng) * film_until[FILMS - 1];
    int low = 0, high = FILMS - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (film_until[middle] <= x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Shares `rows` among n users; what rounding and the limit leave over goes round, one each. */
static void make_counts(struct rng *rng, uint64_t rows, uint32_t n)
{
    double *weight = must(calloc(n, sizeof *weight)), total = 0;
    uint64_t left = rows;
    uint32_t least = rows / n < LEAST ? (uint32_t)(rows / n) : LEAST;
    for (uint32_t i = 0; i < n; i++)
        total += weight[i] = exp(1.6 * rng_normal(rng));
    for (uint32_t i = 0; i < n; i++) {
        double share = (double)(rows - (uint64_t)least * n) * weight[i] / total;
        rows_of[i] = least + (uint32_t)(share > MOST - 2 * LEAST ? MOST - 2 * LEAST : share);
        left -= rows_of[i];
    }
    for (uint32_t i = 0; left > 0; i = (i + 1) % n)
        if (rows_of[i] < MOST) {
            rows_of[i]++;
            left--;
        }
    free(weight);
}

static int ascending(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* The user's films by index; the unpopular are reached sooner when the popular are used up. */
static void draw_films(struct rng *rng, uint32_t user, uint32_t n)
{
    for (uint32_t i = 0; i < n;) {
        int rank = draw_rank(rng);
        while (stamp[rank] == user)
            rank = (int)rng_below(rng, FILMS);
        stamp[rank] = user;
        drawn[i++] = film_at_rank[rank];
    }
    qsort(drawn, n, sizeof *drawn, ascending);
}

static void write_user(struct rng *rng, uint32_t user, uint32_t n)
{
    static const char *const stars[] = {"0.5", "1.0", "1.5", "2.0", "2.5", "3.0", "3.5", "4.0", "4.5", "5.0"};
    static const unsigned until[] = {16, 47, 63, 129, 179, 375, 502, 768, 856, 1000}; /* ‰ of ml-25m */
    uint64_t start = 789652009 + rng_below(rng, 784000000);
    draw_films(rng, user, n);
    for (uint32_t i = 0; i < n; i++) {
        unsigned x = (unsigned)rng_below(rng, 1000), k = 0;
        while (x >= until[k])
            k++;
        printf("%u,%d,%s,%llu\n", user, film_id[drawn[i]], stars[k],
               (unsigned long long)(start + rng_below(rng, 500000)));
    }
}

int main(int argc, char **argv)
{
    uint64_t rows = argc > 1 ? strtoull(argv[1], NULL, 10) : 25000095;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    uint32_t users = rows / LEAST < USERS ? (uint32_t)(rows / LEAST) + (rows < LEAST) : USERS;
    if (rows == 0 || rows > (uint64_t)USERS * 1000) {
        fputs("usage: gen_ratings [ROWS [SEED]] > ratings.csv\n", stderr);
        return 64;
    }
    struct rng rng;
    rng_seed(&rng, seed);
    setvbuf(stdout, NULL, _IOFBF, 1 << 20);
    make_films(&rng);
    make_counts(&rng, rows, users);
    puts("userId,movieId,rating,timestamp");
    for (uint32_t u = 0; u < users; u++)
        write_user(&rng, u + 1, rows_of[u]);
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 74;
}
