/* experiments_bench [FILMS [REPEATS]]: what experiments cost a request, without the database: to choose among
 * so many, and to make a result in each way that a variant may ask for. CPU time, the median of REPEATS
 * (201), as rows of a table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/recommend.h"
#include "base/secret.h"
#include "experiment/choice.h"
#include "tests/fixture/small_snapshot.h"
#include "tests/fixture/bench.h"

enum { MOST_REPEATS = 10001, MANY = EXPERIMENT_FILE_MOST };

static struct arena arena;
static double spent[MOST_REPEATS];
static int repeats = 201;

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void say(const char *what)
{
    qsort(spent, (size_t)repeats, sizeof *spent, by_size);
    printf("| %s | %.2f |\n", what, spent[repeats / 2]);
}

/* n experiments, each in a layer of its own and half with everybody in it. */
static void choosing(size_t n, const char *path)
{
    static struct experiment all[MANY];
    static char names[MANY][16];
    static const uint8_t key[SECRET_HASH_BYTES] = {1};
    bool usable[MANY];
    const struct choice_forced none = {0};
    struct experiment_file f;
    char what[64];
    for (size_t i = 0; i < n; i++) {
        snprintf(names[i], sizeof names[i], "e%zu", i);
        usable[i] = true;
        all[i] = (struct experiment){
            .id = (int64_t)i + 1, .name = names[i], .layer = names[i], .salt = names[i], .kind = "split"};
        all[i].slots = i % 2 == 0 ? EXPERIMENT_SLOTS : 1;
        all[i].n = 2;
        all[i].variants[0] = (struct experiment_variant){"control", 0.5, 0.5, "{}", 0, NULL};
        all[i].variants[1] =
            (struct experiment_variant){"other", 0.5, 0.5, "{\"diversity\":{\"film_cap\":1}}", 0, NULL};
    }
    if (experiment_file_write(path, all, n, 1, &arena, NULL) != ERR_OK ||
        experiment_file_open(&f, path, NULL) != ERR_OK)
        exit(1);
    struct choice_ask ask = {
        .file = &f, .forced = &none, .usable = usable, .key = key, .now = 1000, .parts = 63};
    for (int r = 0; r < repeats; r++) {
        struct choice c;
        double from = 1e6 * bench_cpu();
        ask.visitor = r + 1;
        choice_make(&ask, &c);
        spent[r] = 1e6 * bench_cpu() - from;
    }
    experiment_file_close(&f);
    snprintf(what, sizeof what, "choosing among %zu experiments", n);
    say(what);
}

static void making(const struct snapshot *s, const char *what, const char *settings)
{
    const int32_t movies[] = {s->movies[0].id, s->movies[5].id, s->movies[9].id};
    struct recommend_request q = {
        .mbti = 7, .enneagram = 4, .movies = movies, .n_movies = 3, .limit = RECOMMEND_DEFAULT};
    struct variant_settings v;
    struct variant_words words;
    const struct json_value *json;
    if (settings != NULL) {
        if (json_read(&arena, settings, strlen(settings), &json, NULL) != ERR_OK ||
            variant_read(json, "bench", &v, &words, NULL) != ERR_OK)
            exit(1);
        q.settings = &v;
    }
    for (int r = 0; r < repeats; r++) {
        struct arena own = {0};
        struct recommend_result found;
        double from = 1e6 * bench_cpu();
        q.seed = (uint64_t)r;
        if (recommend_run(s, &q, &own, &found, NULL) != ERR_OK)
            exit(1);
        spent[r] = 1e6 * bench_cpu() - from;
        arena_free(&own);
    }
    say(what);
}

int main(int argc, char **argv)
{
    struct small_snapshot small;
    struct snapshot s;
    char path[160];
    int films = argc > 1 ? atoi(argv[1]) : 1182;
    repeats = argc > 2 ? atoi(argv[2]) : repeats;
    if (films < 60 || repeats < 1 || repeats > MOST_REPEATS || secret_init() != ERR_OK) {
        fprintf(stderr, "usage: experiments_bench [FILMS [REPEATS]], of 60 films and 1 to %d repeats\n",
                MOST_REPEATS);
        return 64;
    }
    small_snapshot_make(&small, (size_t)films, 1);
    if (snapshot_open(&s, small.path, NULL) != ERR_OK)
        return 1;
    snprintf(path, sizeof path, "%s/experiments.mve", small.folder);
    printf("| what | µs |\n|---|--:|\n");
    making(&s, "a result as the site is", NULL);
    making(&s, "other parts of the match", "{\"match\":{\"film\":65,\"enneagram\":25,\"certainty\":10}}");
    making(&s, "one model of two", "{\"rankers\":{\"ease\":1}}");
    making(&s, "Maximal Marginal Relevance", "{\"diversity\":{\"mmr\":0.3}}");
    making(&s, "two places of 20 drawn of 10 each", "{\"explore\":{}}");
    choosing(0, path);
    choosing(1, path);
    choosing(10, path);
    choosing(MANY, path);
    remove(path);
    snapshot_close(&s);
    small_snapshot_free(&small);
    arena_free(&arena);
    return 0;
}
