/* How do the forest and exact search grow with the catalog?
 *
 *     build/tests/bench/scale_bench [items] [queries] [folder]     default 62423, 200, /tmp
 *
 * Vectors of 64 dimensions as a factor model leaves them: an item lies around one of 200 tastes, shorter the less it is liked (a power law). A
 * query is the mean of five items of one taste, as of a visitor. Builds what `mvti publish` builds and prints one JSON line: CPU seconds and bytes of the
 * forest, peak of memory while building, CPU milliseconds of a search of ten by the budget of candidates with its recall, and of exact search. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/rng.h"
#include "base/secret.h"
#include "model/forest.h"
#include "model/near.h"
#include "tests/fixture/bench.h"

enum { D = 64, TASTES = 200, GIVEN = 5, K = 10, BUDGETS = 4 };
static const size_t budgets[BUDGETS] = {1000, NEAR_BUDGET, 10000, 30000};

static void check(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "scale_bench: %s\n", what);
    exit(70);
}

/* Item i belongs to taste i mod TASTES. */
static float *draw_vectors(size_t n)
{
    struct rng r;
    float centre[TASTES][D], *v = malloc(n * D * sizeof *v);
    check(v != NULL, "out of memory");
    rng_seed(&r, 1);
    for (size_t i = 0; i < TASTES * D; i++)
        centre[i / D][i % D] = (float)rng_normal(&r);
    for (size_t i = 0; i < n; i++) {
        double length = pow(1 + (double)i / 100, -0.3);
        for (size_t k = 0; k < D; k++)
            v[i * D + k] = (float)(length * ((double)centre[i % TASTES][k] + 0.7 * rng_normal(&r)));
    }
    return v;
}

static void draw_query(struct rng *r, const float *v, size_t n, float *query)
{
    size_t taste = rng_below(r, TASTES), of_taste = n / TASTES;
    memset(query, 0, D * sizeof *query);
    for (size_t g = 0; g < GIVEN; g++) {
        /* What is liked more is chosen more often. */
        size_t place = (size_t)(pow(rng_unit(r), 3) * (double)of_taste);
        for (size_t k = 0; k < D; k++)
            query[k] += v[(place * TASTES + taste) * D + k] / GIVEN;
    }
}

static size_t common(const int32_t *a, size_t n, const int32_t *b)
{
    size_t sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < K; k++)
            sum += a[i] == b[k];
    return sum;
}

/* Searches for each of the queries, and prints what they cost. */
static void measure(const struct forest *f, const float *v, size_t n, size_t queries)
{
    struct forest_scratch *s = forest_scratch_new(f);
    double exact = 0, took[BUDGETS] = {0};
    size_t right[BUDGETS] = {0};
    struct rng r;
    check(s != NULL, "out of memory");
    rng_seed(&r, 2);
    for (size_t q = 0; q < queries; q++) {
        float query[D];
        int32_t want[K], got[K];
        draw_query(&r, v, n, query);
        double start = bench_cpu();
        check(forest_exact(f, s, query, K, want) == K, "too few items");
        exact += bench_cpu() - start;
        for (size_t b = 0; b < BUDGETS; b++) {
            start = bench_cpu();
            size_t found = forest_search(f, s, query, K, budgets[b], got);
            took[b] += bench_cpu() - start;
            right[b] += common(got, found, want);
        }
    }
    for (size_t b = 0; b < BUDGETS; b++)
        printf(",\"ms_%zu\":%.3f,\"recall_%zu\":%.4f", budgets[b], 1e3 * took[b] / (double)queries,
               budgets[b], (double)right[b] / (double)(K * queries));
    printf(",\"exact_ms\":%.3f}\n", 1e3 * exact / (double)queries);
    forest_scratch_free(s);
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 62423;
    size_t queries = argc > 2 ? strtoul(argv[2], NULL, 10) : 200;
    const struct forest_plan plan = {.n_trees = FOREST_TREES, .leaf = FOREST_LEAF, .seed = 1};
    struct forest f;
    struct fail why = {0};
    struct stat size;
    struct rusage usage;
    char path[300];
    if (n < TASTES * (size_t)K || n > INT32_MAX || queries < 1 || secret_init() != ERR_OK)
        return 64;
    snprintf(path, sizeof path, "%s/scale_bench.%d.mvf", argc > 3 ? argv[3] : "/tmp", (int)getpid());
    float *v = draw_vectors(n);
    double start = bench_cpu();
    check(forest_build(v, n, D, &plan, path, &why) == ERR_OK, why.text);
    double built = bench_cpu() - start;
    getrusage(RUSAGE_SELF, &usage);
    bool opened = stat(path, &size) == 0 && forest_open(&f, path, &why) == ERR_OK;
    unlink(path); /* the map keeps it */
    check(opened, why.text);
    printf("{\"bench\":\"scale\",\"items\":%zu,\"queries\":%zu,\"build_seconds\":%.2f,\"file_mb\":%.1f,"
           "\"vectors_mb\":"
           "%.1f,\"build_peak_mb\":%.0f",
           n, queries, built, (double)size.st_size / 1e6, (double)(n * D * sizeof *v) / 1e6,
           (double)usage.ru_maxrss / 1e3);
    measure(&f, v, n, queries);
    forest_close(&f);
    free(v);
    return 0;
}
