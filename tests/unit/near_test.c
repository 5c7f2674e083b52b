#include "model/near.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/recommend.h"
#include "base/rng.h"
#include "base/secret.h"
#include "model/factors.h"
#include "model/fusion.h"
#include "tests/check.h"
#include "tests/fixture/file.h"
#include "tests/fixture/forge.h"
#include "tests/fixture/small_snapshot.h"

enum { N = 20000, D = 16, TASTES = 40 };
static float *vectors;
static char folder[64], path[128];

/* Vectors around some centres, with lengths that vary as popularity does. */
static void make_vectors(void)
{
    float centre[TASTES][D];
    struct rng r;
    rng_seed(&r, 21);
    vectors = malloc((size_t)N * D * sizeof *vectors);
    for (size_t t = 0; t < TASTES; t++)
        for (size_t c = 0; c < D; c++)
            centre[t][c] = (float)rng_normal(&r);
    for (size_t i = 0; i < N; i++) {
        float length = 0.3f + (float)rng_unit(&r);
        for (size_t c = 0; c < D; c++)
            vectors[i * D + c] = length * (centre[i % TASTES][c] + 0.5f * (float)rng_normal(&r));
    }
}

static void open_near(struct near *near, float *moments)
{
    const struct forest_plan plan = {.n_trees = 20, .leaf = 64, .seed = 1};
    struct forest forest;
    struct fail why = {0};
    CHECK_MSG(forest_build(vectors, N, D, &plan, path, &why) == ERR_OK, "%s", why.text);
    CHECK_MSG(forest_open(&forest, path, &why) == ERR_OK, "%s", why.text);
    near_moments(vectors, N, D, moments);
    CHECK(near_init(near, &forest, moments, &why) == ERR_OK);
}

static void mean_and_deviation_are_those_of_all_items(void)
{
    float moments[D + D * D];
    struct near near;
    open_near(&near, moments);
    struct rng r;
    rng_seed(&r, 22);
    for (int round = 0; round < 20; round++) {
        int32_t history[3] = {(int32_t)rng_below(&r, N / 2), N / 2 + (int32_t)rng_below(&r, N / 2 - 1),
                              N - 1};
        double sum = 0, squares = 0, mean, deviation;
        for (int32_t j = 0; j < N; j++) {
            double x = 0;
            for (size_t i = 0; i < 3; i++)
                for (size_t c = 0; c < D; c++)
                    x += (double)vectors[(size_t)history[i] * D + c] * (double)vectors[(size_t)j * D + c] / 3;
            if (j == history[0] || j == history[1] || j == history[2])
                continue;
            sum += x;
            squares += x * x;
        }
        near_spread(&near, history, 3, &mean, &deviation);
        double want = sum / (N - 3);
        /* float32 moments: seven digits of sums of 16 and 256 products */
        CHECK_NEAR(mean, want, 1e-4 * (1 + fabs(want)));
        CHECK_NEAR(deviation, sqrt(squares / (N - 3) - want * want), 1e-3 * deviation);
    }
    near_free(&near);
}

/* A part with a search says the same of the best items as one that looks at all of them, and nothing of the
 * others. */
static void features_of_the_best_are_exact(void)
{
    float moments[D + D * D];
    struct near near;
    open_near(&near, moments);
    struct rng r;
    rng_seed(&r, 23);
    size_t missed = 0, rounds = 40;
    float *memory = malloc((6 * (size_t)N) * sizeof *memory);
    for (int rule = 0; rule < FUSION_RULES; rule++) {
        struct fusion f = {.rule = (enum fusion_rule)rule, .n_films = N, .n_parts = 1};
        f.parts[0].scorer =
            (struct scorer){.weights = vectors, .n_items = N, .n_factors = D, .score = factors_score};
        for (size_t round = 0; round < rounds; round++) {
            int32_t history[2] = {(int32_t)rng_below(&r, N - 1), N - 1};
            float *exact = memory, *found = memory + N, *scratch = memory + 2 * N;
            f.parts[0].near = NULL;
            fusion_feature(&f, 0, &(struct scorer_person){SCORER_NOBODY, history, 2}, exact, scratch);
            f.parts[0].near = &near;
            fusion_feature(&f, 0, &(struct scorer_person){SCORER_NOBODY, history, 2}, found, scratch);
            size_t best = 0;
            for (size_t j = 0; j < N; j++) {
                if (rule == FUSION_STANDARD && found[j] != 0)
                    CHECK_NEAR(found[j], exact[j], 2e-3 * (1 + fabs((double)exact[j])));
                if (exact[j] > exact[best] && j != (size_t)history[0])
                    best = j;
            }
            missed += found[best] == 0;
        }
    }
    CHECK_MSG(missed <= 3 * rounds / 20, "the best item was missed %zu times", missed);
    free(memory);
    near_free(&near);
}

static void flat_vectors_have_no_spread(void)
{
    float same[300 * 2], moments[6];
    for (size_t i = 0; i < 600; i++)
        same[i] = 1;
    const struct forest_plan plan = {.n_trees = 2, .leaf = 8, .seed = 1};
    struct forest forest;
    struct near near;
    double mean, deviation;
    CHECK(forest_build(same, 300, 2, &plan, path, NULL) == ERR_OK);
    CHECK(forest_open(&forest, path, NULL) == ERR_OK);
    near_moments(same, 300, 2, moments);
    CHECK(near_init(&near, &forest, moments, NULL) == ERR_OK);
    near_spread(&near, (int32_t[]){0, 5}, 2, &mean, &deviation);
    CHECK(mean == 2 && deviation == 0);
    near_free(&near);
}

/* ---- in a snapshot ---- */

static void add_lightgcn(struct snapshot_builder *b, struct model *m, size_t n, bool with_forest,
                         struct forest *forest)
{
    const struct model_info info = {.kind = "lightgcn", .n_factors = D};
    int32_t ids[60];
    for (size_t i = 0; i < n; i++)
        ids[i] = (int32_t)(101 + i);
    const struct model out = {
        .info = &info, .item_ids = ids, .n_items = n, .weights = vectors, .n_weights = n * D};
    const struct forest_plan plan = {.n_trees = 4, .leaf = 8, .seed = 1};
    CHECK(model_write(&out, path, NULL, NULL) == ERR_OK && model_open(m, path, NULL) == ERR_OK);
    b->models[2] = m;
    b->blend.n_parts = 3;
    b->blend.weight[2] = 0.5f;
    if (!with_forest)
        return;
    CHECK(forest_build(vectors, n, D, &plan, path, NULL) == ERR_OK &&
          forest_open(forest, path, NULL) == ERR_OK);
    b->blend.searched = 3;
    b->forest = forest;
}

static void a_snapshot_with_a_forest_answers_as_one_without(void)
{
    struct recommend_result answers[2];
    struct arena a = {0};
    int32_t movies[] = {101, 109, 118};
    struct recommend_request q = {.mbti = 7, .enneagram = 4, .movies = movies, .n_movies = 3, .limit = 20};
    for (int with = 0; with < 2; with++) {
        struct small_snapshot f;
        struct snapshot_builder b;
        struct model m;
        struct forest forest;
        struct snapshot s;
        struct fail why = {0};
        char made[192];
        small_snapshot_fill(&b, &f, 60, 4);
        add_lightgcn(&b, &m, 60, with == 1, &forest);
        CHECK_MSG(snapshot_writer_build(&b, folder, 0, made, sizeof made, &why) == ERR_OK, "%s", why.text);
        CHECK_MSG(snapshot_open(&s, made, &why) == ERR_OK, "%s", why.text);
        CHECK((s.near != NULL) == (with == 1));
        CHECK(recommend_run(&s, &q, &a, &answers[with], &why) == ERR_OK);
        snapshot_close(&s);
        unlink(made);
        model_close(&m);
        if (with == 1)
            forest_close(&forest);
        snapshot_builder_free(&b);
        small_snapshot_free(&f);
    }
    for (size_t i = 0; i < 20; i++) {
        CHECK_INT(answers[0].same.items[i].character, answers[1].same.items[i].character);
        CHECK_INT(answers[0].same.items[i].match.percent, answers[1].same.items[i].match.percent);
    }
    arena_free(&a);
}

/* Checksums right, but not of the model beside it. */
static void a_forest_that_does_not_fit_is_refused(void)
{
    struct small_snapshot f;
    struct snapshot_builder b;
    struct model m;
    struct forest forest;
    struct map_file whole;
    struct snapshot s;
    struct fail why = {0};
    char made[192];
    small_snapshot_fill(&b, &f, 60, 4);
    add_lightgcn(&b, &m, 60, true, &forest);
    CHECK(snapshot_writer_build(&b, folder, 0, made, sizeof made, &why) == ERR_OK);
    CHECK(map_file_open(&whole, made, &why) == ERR_OK);
    uint8_t *copy = malloc(whole.size);
    memcpy(copy, whole.data, whole.size);
    const float nan = NAN;
    memcpy(forge_section(copy, SNAP_MOMENTS).bytes, &nan, sizeof nan);
    forge_seal(copy, whole.size, NULL, 0);
    CHECK(file_put(path, copy, whole.size));
    CHECK(snapshot_open(&s, path, &why) == ERR_CORRUPT);
    CHECK_MSG(strstr(why.text, "the forest does not match its model") != NULL, "%s", why.text);
    free(copy);
    static const struct {
        uint32_t tag;
        uint64_t count;
        const char *says;
    } rows[] = {{SNAP_MOMENTS, 1, "the forest does not match its model"},
                {SNAP_FOREST, 1000, "file: holds 1000 bytes of "},
                {SNAP_FOREST, 0, "file: not a "}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n;
        copy = forge_resize(whole.data, whole.size, rows[i].tag, rows[i].count, &n);
        CHECK(copy != NULL && file_put(path, copy, n));
        free(copy);
        CHECK(snapshot_open(&s, path, &why) == ERR_CORRUPT);
        CHECK_MSG(strstr(why.text, rows[i].says) != NULL, "%s", why.text);
    }
    map_file_close(&whole);
    unlink(made);
    forest_close(&forest);
    model_close(&m);
    snapshot_builder_free(&b);
    small_snapshot_free(&f);
}

int main(void)
{
    snprintf(folder, sizeof folder, "/tmp/mvti-near-XXXXXX");
    if (secret_init() != ERR_OK || mkdtemp(folder) == NULL)
        return 1;
    snprintf(path, sizeof path, "%s/file", folder);
    make_vectors();
    RUN(mean_and_deviation_are_those_of_all_items);
    RUN(features_of_the_best_are_exact);
    RUN(flat_vectors_have_no_spread);
    RUN(a_snapshot_with_a_forest_answers_as_one_without);
    RUN(a_forest_that_does_not_fit_is_refused);
    free(vectors);
    unlink(path);
    rmdir(folder);
    return check_done();
}
