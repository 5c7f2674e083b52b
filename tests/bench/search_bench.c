/* What a query costs, in CPU time, in a catalog of MovieLens-25M's size: 62,423 films whose titles are halves
 * of real ones. search_bench MOVIES.csv…      CSV of films (movie_id, title_en, title_ko, year, or
 * MovieLens's) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/search.h"
#include "base/rng.h"
#include "tests/fixture/ime.h"
#include "tests/fixture/titles.h"
#include "tests/fixture/bench.h"

enum { FILMS = 62423, QUERIES = 2000 };

static const char *half(char *out, size_t size, const char *title, bool second)
{
    size_t n = strlen(title), middle = n / 2;
    while (middle < n && title[middle] != ' ')
        middle++;
    if (second)
        snprintf(out, size, "%s", title + middle);
    else
        snprintf(out, size, "%.*s", (int)middle, title);
    return out;
}

static void mix(struct titles *real, struct titles *out)
{
    struct rng r;
    rng_seed(&r, 1);
    for (int32_t i = 0; i < FILMS; i++) {
        const struct snapshot_movie *a = &real->s.movies[i % (int32_t)real->s.n_movies];
        const struct snapshot_movie *b = &real->s.movies[rng_below(&r, (uint32_t)real->s.n_movies)];
        char ko[1024], en[1024], one[512], two[512];
        snprintf(ko, sizeof ko, "%s%s", half(one, sizeof one, snapshot_text(&real->s, a->title_ko), false),
                 half(two, sizeof two, snapshot_text(&real->s, b->title_ko), true));
        snprintf(en, sizeof en, "%s%s", half(one, sizeof one, snapshot_text(&real->s, a->title_en), false),
                 half(two, sizeof two, snapshot_text(&real->s, b->title_en), true));
        titles_add(out, i + 1, a->year, ko, en, rng_unit(&r));
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double took(const struct titles *t, struct arena *a, const char *query)
{
    struct search_result found;
    double start = bench_cpu();
    if (search_movies(&t->s, query, 0, 20, a, &found) != ERR_OK)
        exit(1);
    double seconds = bench_cpu() - start;
    arena_reset(a);
    return seconds * 1000;
}

/* The i-th query of a kind, from the titles of the catalog. */
typedef void make(const struct titles *t, struct rng *r, size_t i, struct buf *out);

static const char *a_title(const struct titles *t, struct rng *r, bool ko)
{
    const struct snapshot_movie *m = &t->s.movies[rng_below(r, (uint32_t)t->s.n_movies)];
    return snapshot_text(&t->s, ko ? m->title_ko : m->title_en);
}

static void keystrokes(const struct titles *t, struct rng *r, size_t i, struct buf *out)
{
    uint32_t keys[2048];
    size_t n = ime_keys(a_title(t, r, i % 2 == 0), keys);
    ime_show(out, keys, 1 + rng_below(r, (uint32_t)n));
}

static void single(const struct titles *t, struct rng *r, size_t i, struct buf *out)
{
    static const char letters[] = "etaoinshrdlucmfwypvbgkjqxz0123456789";
    static const char *const jamo[] = {"ㄱ", "ㄴ", "ㄷ", "ㄹ", "ㅁ", "ㅂ",
                                       "ㅅ", "ㅇ", "ㅈ", "ㅎ", "이", "스"};
    (void)t;
    (void)r;
    if (i % 2 == 0)
        buf_putc(out, letters[i / 2 % (sizeof letters - 1)]);
    else
        buf_puts(out, jamo[i / 2 % 12]);
}

static void mistyped(const struct titles *t, struct rng *r, size_t i, struct buf *out)
{
    uint32_t keys[2048];
    size_t n = ime_keys(a_title(t, r, i % 2 == 0), keys), at = rng_below(r, (uint32_t)n);
    keys[at] = i % 2 == 0 ? 0x3160 : 'q';
    ime_show(out, keys, n < 40 ? n : 40);
}

static void words(const struct titles *t, struct rng *r, size_t i, struct buf *out)
{
    static const char *const small[] = {"the", "a", "of", "in", "e", "s", "i", "o", "to", "and", "m", "19"};
    (void)t;
    for (size_t k = 0; k < 2 + i % 8; k++)
        buf_printf(out, "%s ", small[rng_below(r, 12)]);
}

static void nonsense(const struct titles *t, struct rng *r, size_t i, struct buf *out)
{
    (void)t;
    for (size_t k = 0; k < 4 + i % 50; k++)
        buf_putc(out, "etaoinsh"[rng_below(r, 8)]);
}

static void report(const struct titles *t, const char *name, make *kind)
{
    static double ms[QUERIES];
    struct arena a = {0};
    struct buf query = {0}, worst = {0};
    struct rng r;
    double most = 0;
    rng_seed(&r, 7);
    for (size_t i = 0; i < QUERIES; i++) {
        buf_reset(&query);
        kind(t, &r, i, &query);
        ms[i] = took(t, &a, buf_str(&query));
        if (ms[i] > most) {
            most = ms[i];
            buf_reset(&worst);
            buf_puts(&worst, buf_str(&query));
        }
    }
    qsort(ms, QUERIES, sizeof *ms, by_value);
    printf("%-10s p50 %.3f ms, p99 %.3f ms, worst %.3f ms (%s)\n", name, ms[QUERIES / 2],
           ms[QUERIES * 99 / 100], ms[QUERIES - 1], buf_str(&worst));
    arena_free(&a);
    buf_free(&query);
    buf_free(&worst);
}

int main(int argc, char **argv)
{
    struct titles real, t;
    titles_start(&real);
    for (int i = 1; i < argc; i++)
        if (!titles_add_csv(&real, argv[i], 1)) {
            fprintf(stderr, "search_bench: %s: cannot be read\n", argv[i]);
            return 66;
        }
    if (argc < 2)
        return fprintf(stderr, "search_bench MOVIES.csv...\n"), 64;
    titles_open(&real);
    titles_start(&t);
    mix(&real, &t);
    titles_open(&t);
    printf("%zu films, search keys %.1f MB\n", t.s.n_movies,
           ((double)t.s.file.count[SNAP_KEYS] + (double)t.s.file.count[SNAP_FINDER] * sizeof *t.s.finder) /
               1e6);
    report(&t, "keystrokes", keystrokes);
    report(&t, "single", single);
    report(&t, "mistyped", mistyped);
    report(&t, "words", words);
    report(&t, "nonsense", nonsense);
    titles_free(&t);
    titles_free(&real);
    return 0;
}
