/* The forest of vectors: exact search as its oracle, the file's promises, and the dot product's naive twin.
 */
#include "model/forest.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/map_file.h"
#include "base/rng.h"
#include "base/secret.h"
#include "num/dot.h"
#include "tests/check.h"

enum { N = 6000, D = 64, K = 10, QUERIES = 100 };

static char path[64];

enum { LATENT = 6 };

/* Items of taste i % 60 around a centre in six hidden dimensions, spread over d and a little disturbed:
 * trained embeddings have few directions that matter. */
static float *draw_vectors(size_t n, size_t d, uint64_t seed)
{
    float *x = malloc((n * d + 1) * sizeof *x), *spread = malloc(LATENT * d * sizeof *x);
    double centres[60][LATENT];
    struct rng rng;
    rng_seed(&rng, seed);
    for (size_t i = 0; i < LATENT * d; i++)
        spread[i] = (float)rng_normal(&rng);
    for (size_t i = 0; i < 60; i++)
        for (size_t l = 0; l < LATENT; l++)
            centres[i][l] = rng_normal(&rng);
    for (size_t i = 0; i < n * d; i++)
        x[i] = (float)(0.05 * rng_normal(&rng));
    for (size_t i = 0; i < n; i++)
        for (size_t l = 0; l < LATENT; l++) {
            double z = centres[i % 60][l] + 0.4 * rng_normal(&rng);
            for (size_t c = 0; c < d; c++)
                x[i * d + c] += (float)(z * spread[l * d + c]);
        }
    free(spread);
    return x;
}

static bool build(struct forest *f, const float *x, size_t n, size_t d, uint32_t trees, uint32_t leaf,
                  uint64_t seed)
{
    const struct forest_plan plan = {trees, leaf, seed};
    struct fail why = {0};
    bool ok = forest_build(x, n, d, &plan, path, &why) == ERR_OK && forest_open(f, path, &why) == ERR_OK;
    CHECK_MSG(ok, "%s", why.text);
    return ok;
}

static size_t common(const int32_t *a, size_t n_a, const int32_t *b, size_t n_b)
{
    size_t n = 0;
    for (size_t i = 0; i < n_a; i++)
        for (size_t j = 0; j < n_b; j++)
            n += a[i] == b[j];
    return n;
}

/* The query of LEA: the mean of the vectors of some items of one taste. */
static void draw_query(struct rng *rng, const float *x, size_t n, size_t d, float *query)
{
    memset(query, 0, d * sizeof *query);
    size_t taste = rng_below(rng, 60);
    for (int i = 0; i < 5; i++) {
        const float *row = x + (taste + 60 * rng_below(rng, n / 60)) * d;
        for (size_t c = 0; c < d; c++)
            query[c] += row[c] / 5;
    }
}

static void dot_equals_the_sum(void)
{
    const size_t sizes[] = {0, 1, 7, 8, 31, 32, 33, 64, 100};
    float a[300], b[100], out[3];
    for (size_t i = 0; i < 300; i++)
        a[i] = (float)(i * 37 % 19) / 8 - 1;
    for (size_t i = 0; i < 100; i++)
        b[i] = (float)(i * 11 % 23) / 8 - 1;
    const int32_t index[] = {2, 0, 1};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (int with = 0; with < 2; with++) {
            size_t d = sizes[s];
            dot_rows(a, d, with ? index : NULL, 3, b, out);
            for (size_t r = 0; r < 3; r++) {
                double sum = 0;
                for (size_t c = 0; c < d; c++)
                    sum += (double)a[(with ? (size_t)index[r] : r) * d + c] * b[c];
                CHECK_NEAR(out[r], sum, 1e-4); /* 100 terms below 2 */
            }
        }
    a[1] = NAN;
    dot_rows(a, 2, NULL, 1, b, out);
    CHECK(isnan(out[0]));
}

static void exact_is_the_best(void)
{
    float *x = draw_vectors(500, 20, 1), query[20];
    struct forest f;
    struct rng rng;
    rng_seed(&rng, 2);
    if (build(&f, x, 500, 20, 3, 8, 1)) {
        struct forest_scratch *s = forest_scratch_new(&f);
        for (int q = 0; q < 20; q++) {
            int32_t best = 0, got[K], all[500];
            draw_query(&rng, x, 500, 20, query);
            double top = -INFINITY;
            for (int32_t i = 0; i < 500; i++) {
                double sum = 0;
                for (int c = 0; c < 20; c++)
                    sum += (double)x[i * 20 + c] * query[c];
                if (sum > top) {
                    top = sum;
                    best = i;
                }
            }
            CHECK_INT(forest_exact(&f, s, query, K, got), K);
            CHECK_INT(got[0], best);
            /* with a budget for everything, the forest is exact */
            CHECK_INT(forest_search(&f, s, query, 500, 500, all), 500);
            CHECK(common(all, K, got, K) == K && all[0] == best);
        }
        forest_scratch_free(s);
        forest_close(&f);
    }
    free(x);
}

static double recall(const struct forest *f, const float *x, size_t budget)
{
    struct forest_scratch *s = forest_scratch_new(f);
    struct rng rng;
    size_t hits = 0;
    rng_seed(&rng, 4);
    for (int q = 0; q < QUERIES; q++) {
        float query[D];
        int32_t got[K], want[K];
        draw_query(&rng, x, N, D, query);
        size_t n = forest_search(f, s, query, K, budget, got);
        hits += common(got, n, want, forest_exact(f, s, query, K, want));
    }
    forest_scratch_free(s);
    return (double)hits / (QUERIES * K);
}

/* More budget, more hits; an eighth of the items is enough for 0.95, of which a chance draw finds 0.125. */
static void finds_most_of_the_best(void)
{
    float *x = draw_vectors(N, D, 3);
    struct forest f;
    if (build(&f, x, N, D, 20, 64, 7)) {
        double few = recall(&f, x, 30), many = recall(&f, x, N / 8);
        CHECK_MSG(many >= 0.95, "%.3f", many);
        CHECK_MSG(few > 0.3 && few < many, "%.3f", few);
        forest_close(&f);
    }
    free(x);
}

/* Tastes that fill all dimensions, and lengths that differ without telling anything: here Bachrach's
 * transform as it stands finds little more than chance does. */
static void lengths_that_tell_nothing(void)
{
    float *x = malloc(N * D * sizeof *x), centre[60 * D];
    struct forest f;
    struct rng rng;
    rng_seed(&rng, 9);
    for (size_t i = 0; i < 60 * D; i++)
        centre[i] = (float)rng_normal(&rng);
    for (size_t i = 0; i < N; i++) {
        double size = exp(0.3 * rng_normal(&rng));
        for (size_t c = 0; c < D; c++)
            x[i * D + c] = (float)(size * ((double)centre[i % 60 * D + c] + 0.8 * rng_normal(&rng)));
    }
    if (build(&f, x, N, D, 20, 64, 7)) {
        double many = recall(&f, x, N / 8);
        CHECK_MSG(many >= 0.95, "%.3f", many);
        forest_close(&f);
    }
    free(x);
}

static void same_seed_same_bytes(void)
{
    float *x = draw_vectors(300, 8, 5);
    struct forest a, b;
    uint8_t hash[32];
    if (build(&a, x, 300, 8, 4, 10, 1)) {
        memcpy(hash, a.file.header->content, sizeof hash);
        forest_close(&a);
        for (uint64_t seed = 1; seed <= 2; seed++)
            if (build(&b, x, 300, 8, 4, 10, seed)) {
                CHECK((memcmp(hash, b.file.header->content, sizeof hash) == 0) == (seed == 1));
                forest_close(&b);
            }
    }
    free(x);
}

static void odd_shapes(void)
{
    const size_t sizes[] = {0, 1, 2, 3, 65};
    float x[65 * 3], query[3] = {1, 0, 0};
    int32_t got[80];
    for (size_t i = 0; i < 65 * 3; i++)
        x[i] = i < 40 * 3 ? 0.5f : 0; /* all alike, or zero: no plane can divide them */
    for (size_t i = 0; i < 5; i++) {
        struct forest f;
        if (!build(&f, x, sizes[i], 3, 2, 1, 1))
            continue;
        struct forest_scratch *s = forest_scratch_new(&f);
        CHECK_INT(forest_search(&f, s, query, 80, 80, got), sizes[i]);
        CHECK_INT(forest_exact(&f, s, query, 80, got), sizes[i]);
        CHECK_INT(forest_search(&f, s, query, 2, 0, got), sizes[i] < 2 ? sizes[i] : 2);
        forest_scratch_free(s);
        forest_close(&f);
    }
    const struct forest_plan good = {1, 1, 1}, no_tree = {0, 1, 1}, no_leaf = {1, 0, 1};
    CHECK(forest_build(x, 3, 3, &no_tree, path, NULL) == ERR_INVALID);
    CHECK(forest_build(x, 3, 3, &no_leaf, path, NULL) == ERR_INVALID);
    CHECK(forest_build(x, 3, 0, &good, path, NULL) == ERR_INVALID);
    x[4] = NAN;
    CHECK(forest_build(x, 3, 3, &good, path, NULL) == ERR_INVALID);
}

/* Whatever byte behind the header is changed, with the checksums repaired: refused, or as safe as before. */
static void forged_files(void)
{
    float *x = draw_vectors(40, 4, 6), query[4] = {1, 1, 1, 1};
    struct forest f;
    struct map_file map;
    int32_t got[40];
    if (build(&f, x, 40, 4, 2, 5, 1))
        forest_close(&f);
    CHECK(map_file_open(&map, path, NULL) == ERR_OK);
    uint8_t *bytes = aligned_alloc(64, (map.size + 63) / 64 * 64);
    size_t refused = 0;
    for (size_t at = sizeof(struct section_header); at < map.size; at += 3) {
        struct section_header *h = (void *)bytes;
        memcpy(bytes, map.data, map.size);
        bytes[at] ^= 0xff;
        CHECK(forest_parse(&f, &(struct named_bytes){bytes, map.size, "x"}, NULL) == ERR_CORRUPT);
        secret_hash(h->content, bytes + sizeof *h, map.size - sizeof *h);
        section_file_seal(h);
        if (forest_parse(&f, &(struct named_bytes){bytes, map.size, "x"}, NULL) != ERR_OK) {
            refused++;
            continue;
        }
        struct forest_scratch *s = forest_scratch_new(&f);
        CHECK(forest_search(&f, s, query, 10, 20, got) <= 10);
        forest_scratch_free(s);
        forest_close(&f);
    }
    CHECK(refused > 50);
    free(bytes);
    map_file_close(&map);
    free(x);
}

enum { FORGED_RIGHT, FORGED_FIRST, FORGED_COUNT, FORGED_MEMBERS };

/* One member of one node is another, and the checksums are right: a split whose right child begins elsewhere, a leaf that has items of
 * its neighbour's, or of nobody's. None of it is followed. */
static void forged_trees_are_refused(void)
{
    static const int32_t by[] = {1, -1, 2, INT32_MIN, INT32_MAX};
    float *x = draw_vectors(40, 4, 6);
    struct forest f;
    struct map_file map;
    if (build(&f, x, 40, 4, 2, 5, 1))
        forest_close(&f);
    CHECK(map_file_open(&map, path, NULL) == ERR_OK);
    uint8_t *bytes = aligned_alloc(64, (map.size + 63) / 64 * 64);
    memcpy(bytes, map.data, map.size);
    CHECK(forest_parse(&f, &(struct named_bytes){bytes, map.size, "x"}, NULL) == ERR_OK);
    struct forest_node *nodes = (void *)(bytes + ((const uint8_t *)f.nodes - bytes));
    size_t n = f.n_nodes;
    forest_close(&f);
    CHECK(n > 10);
    for (size_t i = 0; i < n; i++)
        for (int member = 0; member < FORGED_MEMBERS; member++)
            for (size_t k = 0; k < sizeof by / sizeof *by; k++) {
                struct forest_node kept = nodes[i];
                nodes[i].right =
                    (int32_t)((uint32_t)kept.right + (member == FORGED_RIGHT ? (uint32_t)by[k] : 0));
                nodes[i].first += member == FORGED_FIRST ? (uint32_t)by[k] : 0;
                nodes[i].count += member == FORGED_COUNT ? (uint32_t)by[k] : 0;
                struct section_header *h = (void *)bytes;
                secret_hash(h->content, bytes + sizeof *h, map.size - sizeof *h);
                section_file_seal(h);
                bool taken = forest_parse(&f, &(struct named_bytes){bytes, map.size, "x"}, NULL) == ERR_OK;
                CHECK_MSG(!taken, "node %zu, member %d, by %d", i, member, by[k]);
                if (taken)
                    forest_close(&f);
                nodes[i] = kept;
            }
    free(bytes);
    map_file_close(&map);
    free(x);
}

/* A description that is right but for one number. */
static void forged_descriptions_are_refused(void)
{
    static const struct forest_info rows[] = {
        {.dimensions = 0, .n_items = 40, .n_trees = 2},
        {.dimensions = FOREST_MAX_DIMENSIONS + 1, .n_items = 40, .n_trees = 2},
        {.dimensions = 4, .n_items = 40, .n_trees = 0},
        {.dimensions = 4, .n_items = 40, .n_trees = 1},
        {.dimensions = 4, .n_items = 40, .n_trees = FOREST_MAX_TREES + 1},
        {.dimensions = 4, .n_items = 39, .n_trees = 2},
        {.dimensions = 4, .n_items = 0, .n_trees = 2},
        {.dimensions = 4, .n_items = UINT32_MAX, .n_trees = 2},
    };
    float *x = draw_vectors(40, 4, 6);
    struct forest f;
    struct map_file map;
    if (build(&f, x, 40, 4, 1, 5, 1)) /* one tree is a forest */
        forest_close(&f);
    if (build(&f, x, 40, 4, 2, 5, 1))
        forest_close(&f);
    CHECK(map_file_open(&map, path, NULL) == ERR_OK);
    uint8_t *bytes = aligned_alloc(64, (map.size + 63) / 64 * 64);
    memcpy(bytes, map.data, map.size);
    CHECK(forest_parse(&f, &(struct named_bytes){bytes, map.size, "x"}, NULL) == ERR_OK);
    struct forest_info *info = (void *)(bytes + ((const uint8_t *)f.info - bytes)), kept = *info;
    float *numbers[] = {(void *)(bytes + ((const uint8_t *)f.vectors - bytes)),
                        (void *)(bytes + ((const uint8_t *)f.planes - bytes))};
    const float wrong[] = {NAN, INFINITY, -INFINITY};
    forest_close(&f);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct section_header *h = (void *)bytes;
        *info = kept;
        info->dimensions = rows[i].dimensions;
        info->n_items = rows[i].n_items;
        info->n_trees = rows[i].n_trees;
        secret_hash(h->content, bytes + sizeof *h, map.size - sizeof *h);
        section_file_seal(h);
        CHECK_MSG(forest_parse(&f, &(struct named_bytes){bytes, map.size, "x"}, NULL) == ERR_CORRUPT,
                  "row %zu", i);
    }
    *info = kept;
    for (size_t i = 0; i < 6; i++) {
        struct section_header *h = (void *)bytes;
        float was = numbers[i % 2][3];
        numbers[i % 2][3] = wrong[i / 2];
        secret_hash(h->content, bytes + sizeof *h, map.size - sizeof *h);
        section_file_seal(h);
        CHECK_MSG(forest_parse(&f, &(struct named_bytes){bytes, map.size, "x"}, NULL) == ERR_CORRUPT,
                  "number %zu", i);
        numbers[i % 2][3] = was;
    }
    free(bytes);
    map_file_close(&map);
    free(x);
}

int main(void)
{
    CHECK(secret_init() == ERR_OK);
    snprintf(path, sizeof path, "/tmp/mvti-forest-%ld.mvf", (long)getpid());
    RUN(dot_equals_the_sum);
    RUN(exact_is_the_best);
    RUN(finds_most_of_the_best);
    RUN(lengths_that_tell_nothing);
    RUN(same_seed_same_bytes);
    RUN(odd_shapes);
    RUN(forged_files);
    RUN(forged_trees_are_refused);
    RUN(forged_descriptions_are_refused);
    unlink(path);
    return check_done();
}
