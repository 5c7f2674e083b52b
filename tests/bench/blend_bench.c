/* What does the complete online blend cost for one visitor?
 *
 *     build/tests/bench/blend_bench [films] [rounds]     default 1182, 7
 *
 * A snapshot of drawn models in the shapes of real ones: EASE by length of history (dense up to 4,000 films, 200 links a film
 * beyond), ADMM-SLIM (100 links a film; it knows 20,000 films at most), LightGCN (64 dimensions, with its forest from 10,000 films on) and BTS
 * (60 neighbours), four characters a film. Each round answers 200 different visitors with five films. Prints one JSON line: milliseconds of
 * CPU time a visitor, median of the rounds, all of it and the films' scores alone. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/recommend.h"
#include "base/secret.h"
#include "model/near.h"
#include "model/by_length.h"
#include "tests/fixture/bench.h"
#include "tests/fixture/small_snapshot.h"

enum { VISITORS = 200, FILMS = 5, ROUNDS_MAX = 31, DENSE = 4000, CUT = 20000, DIMENSIONS = 64, PARTS = 4 };

static char folder[256];

/* At every exit: what a failure left behind goes with the folder. */
static void remove_folder(void)
{
    DIR *dir = opendir(folder);
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;)
        (void)unlinkat(dirfd(dir), e->d_name, 0);
    if (dir != NULL)
        closedir(dir);
    rmdir(folder);
}

static void check(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "blend_bench: %s\n", what);
    exit(70);
}

static float *drawn(struct rng *r, size_t n)
{
    float *x = malloc((n + 1) * sizeof *x);
    check(x != NULL, "out of memory");
    for (size_t i = 0; i < n; i++)
        x[i] = (float)(rng_unit(r) - 0.4) * 0.1f;
    return x;
}

static void finish(struct model *out, const struct model *m)
{
    char path[300];
    struct fail why = {0};
    snprintf(path, sizeof path, "%s/%s.mvm", folder, m->info->kind);
    check(model_write(m, path, NULL, &why) == ERR_OK && model_open(out, path, &why) == ERR_OK, why.text);
    unlink(path); /* the map keeps it */
}

static int32_t *ids(size_t n)
{
    int32_t *out = malloc((n + 1) * sizeof *out);
    check(out != NULL, "out of memory");
    for (size_t i = 0; i < n; i++)
        out[i] = (int32_t)(101 + i);
    return out;
}

static void make_dense(struct model *out, const char *kind, struct rng *r, size_t n, size_t n_weights,
                       size_t n_factors)
{
    struct model_info info = {.n_factors = (uint32_t)n_factors};
    float *weights = drawn(r, n_weights);
    int32_t *items = ids(n);
    snprintf(info.kind, sizeof info.kind, "%s", kind);
    finish(out,
           &(struct model){
               .info = &info, .item_ids = items, .n_items = n, .weights = weights, .n_weights = n_weights});
    free(weights);
    free(items);
}

static void make_sparse(struct model *out, const char *kind, struct rng *r, size_t n, size_t each)
{
    struct model_info info = {0};
    uint64_t *start = calloc(n + 1, sizeof *start);
    int32_t *col = malloc((n * each + 1) * sizeof *col), *items = ids(n);
    float *strength = drawn(r, n * each);
    check(start != NULL && col != NULL, "out of memory");
    snprintf(info.kind, sizeof info.kind, "%s", kind);
    uint64_t k = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t e = 0; e < each && e < n; e++) /* one in each of as many stretches: ascending */
            col[k++] = (int32_t)(e * n / each + rng_below(r, (e + 1) * n / each - e * n / each + (n < each)));
        start[i + 1] = k;
    }
    finish(out, &(struct model){.info = &info,
                                .item_ids = items,
                                .n_items = n,
                                .links = {n, n, start, col},
                                .strength = strength});
    free(start);
    free(col);
    free(items);
    free(strength);
}

static void make_models(struct model models[PARTS], size_t n, struct rng *r)
{
    if (n <= DENSE)
        make_dense(&models[0], "ease-by-length", r, n, BY_LENGTH * n * n, 0);
    else
        make_sparse(&models[0], "item-knn", r, n, 200);
    make_sparse(&models[1], "admm-slim", r, n < CUT ? n : CUT, 100);
    make_dense(&models[2], "lightgcn++", r, n, n * DIMENSIONS, DIMENSIONS);
    make_sparse(&models[3], "bts", r, n, 60);
}

static void make_snapshot(struct snapshot *s, size_t n)
{
    static struct model models[PARTS];
    struct snapshot_builder b;
    struct forest forest;
    struct rng r;
    struct fail why = {0};
    char path[400], forest_path[300];
    const struct forest_plan plan = {.n_trees = 20, .leaf = 64, .seed = 1};
    rng_seed(&r, 1);
    small_snapshot_catalog(&b, n, &r);
    make_models(models, n, &r);
    b.blend = (struct snapshot_blend){
        .n_parts = PARTS, .weight = {0.4f, 0.25f, 0.25f, 0.1f}, .is_content = {0, 0, 0, 1}, .cold = 0.3f};
    for (size_t p = 0; p < PARTS; p++)
        b.models[p] = &models[p];
    snprintf(forest_path, sizeof forest_path, "%s/forest", folder);
    if (n >= FOREST_WORTH) {
        check(forest_build(models[2].weights, n, DIMENSIONS, &plan, forest_path, &why) == ERR_OK &&
                  forest_open(&forest, forest_path, &why) == ERR_OK,
              why.text);
        unlink(forest_path);
        b.blend.searched = 3;
        b.forest = &forest;
    }
    check(snapshot_writer_build(&b, folder, 0, path, sizeof path, &why) == ERR_OK, why.text);
    check(snapshot_open(s, path, &why) == ERR_OK, why.text);
    unlink(path);
    snapshot_builder_free(&b);
    for (size_t p = 0; p < PARTS; p++)
        model_close(&models[p]);
    if (n >= FOREST_WORTH)
        forest_close(&forest);
}

static void draw_films(struct rng *r, const struct snapshot *s, int32_t movies[FILMS], int32_t films[FILMS])
{
    for (size_t i = 0; i < FILMS; i++) { /* one in each fifth: distinct */
        films[i] = (int32_t)(i * s->n_movies / FILMS + rng_below(r, s->n_movies / FILMS));
        movies[i] = s->movies[films[i]].id;
    }
}

/* Seconds of CPU of all visitors; *scores: of the films' scores alone. */
static double one_round(const struct snapshot *s, struct arena *a, uint64_t seed, double *scores)
{
    struct rng r;
    double all = 0;
    rng_seed(&r, seed);
    *scores = 0;
    for (int v = 0; v < VISITORS; v++) {
        int32_t movies[FILMS], films[FILMS];
        struct recommend_result result;
        draw_films(&r, s, movies, films);
        const struct recommend_request q = {.mbti = (uint8_t)rng_below(&r, 16),
                                            .enneagram = (uint8_t)rng_below(&r, 18),
                                            .movies = movies,
                                            .n_movies = FILMS,
                                            .limit = RECOMMEND_DEFAULT};
        double start = bench_cpu();
        check(recommend_run(s, &q, a, &result, NULL) == ERR_OK, "no recommendation");
        all += bench_cpu() - start;
        arena_reset(a);
        const struct fusion *f = &s->fusion;
        float *features = arena_array(a, f->n_parts * f->n_films, sizeof *features);
        float *sum = arena_array(a, f->n_films, sizeof *sum), *scratch = arena_array(a, fusion_scratch(f), 4);
        check(features != NULL && sum != NULL && scratch != NULL, "out of memory");
        start = bench_cpu();
        fusion_score(f, &(struct scorer_person){SCORER_NOBODY, films, FILMS}, features, sum, scratch);
        *scores += bench_cpu() - start;
        arena_reset(a);
    }
    return all;
}

/* Of one visitor, from the rounds' seconds. */
static double median_ms(double *seconds, size_t rounds)
{
    return 1e3 * bench_median(seconds, rounds) / VISITORS;
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 1182,
           rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : 7;
    static struct snapshot s;
    double all[ROUNDS_MAX], scores[ROUNDS_MAX];
    struct arena a = {0};
    if (n < 500 || n > 1 << 20 || rounds < 1 || rounds > ROUNDS_MAX)
        return 64;
    const char *top = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/mvti-blend-XXXXXX", top != NULL ? top : "/tmp");
    check(secret_init() == ERR_OK && mkdtemp(folder) != NULL && atexit(remove_folder) == 0,
          "no temporary folder");
    make_snapshot(&s, n);
    (void)one_round(&s, &a, 0, &scores[0]);
    for (size_t i = 0; i < rounds; i++)
        all[i] = one_round(&s, &a, i + 1, &scores[i]);
    printf(
        "{\"bench\":\"blend\",\"films\":%zu,\"characters\":%zu,\"rounds\":%zu,\"forest\":%s,\"cpu_ms\":%.3f,"
        "\"scores_cpu_ms\":%.3f,\"snapshot_mb\":%.1f}\n",
        n, s.n_characters, rounds, s.near != NULL ? "true" : "false", median_ms(all, rounds),
        median_ms(scores, rounds), (double)s.size / 1e6);
    snapshot_close(&s);
    arena_free(&a);
    return 0;
}
