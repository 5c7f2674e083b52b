/* How many queries a second does the forest answer, and how well?
 *
 *     build/tests/bench/forest_bench FOLDER DIMENSIONS TREES RUNS BUDGET…
 *
 * FOLDER holds vectors and queries, float32 rows, and exact, int32 [queries × 10]: the ten best. Prints one
 * JSON line a budget: the mean recall of ten and the queries a second of the median run, on one thread. For
 * tests/peers/annoy_peer.py. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/map_file.h"
#include "base/secret.h"
#include "model/forest.h"

enum { K = 10, RUNS_MAX = 100 };

struct task {
    struct map_file vectors, queries, exact;
    size_t d, n_queries, runs;
    struct forest forest;
    struct forest_scratch *scratch;
};

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static size_t hits(const int32_t *found, size_t n, const int32_t *exact)
{
    size_t sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < K; k++)
            sum += found[i] == exact[k];
    return sum;
}

static void measure(struct task *t, size_t budget)
{
    double took[RUNS_MAX];
    size_t right = 0;
    for (size_t run = 0; run < t->runs; run++) {
        double start = clock_monotonic();
        right = 0;
        for (size_t q = 0; q < t->n_queries; q++) {
            int32_t found[K];
            const float *query = (const float *)t->queries.data + q * t->d;
            size_t n = forest_search(&t->forest, t->scratch, query, K, budget, found);
            right += hits(found, n, (const int32_t *)t->exact.data + q * K);
        }
        took[run] = clock_monotonic() - start;
    }
    qsort(took, t->runs, sizeof *took, by_value);
    printf("{\"budget\":%zu,\"recall\":%.5f,\"per_second\":%.1f}\n", budget,
           (double)right / (double)(K * t->n_queries), (double)t->n_queries / took[t->runs / 2]);
}

static enum err map(struct map_file *file, const char *folder, const char *name, struct fail *why)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return fail_set(why, ERR_INVALID, "%s: too long", folder);
    return map_file_open(file, path, why);
}

static enum err prepare(struct task *t, const char *folder, uint32_t trees, struct fail *why)
{
    char path[4096];
    const struct forest_plan plan = {.n_trees = trees, .leaf = 64, .seed = 1};
    enum err rc = map(&t->vectors, folder, "vectors", why);
    rc = rc == ERR_OK ? map(&t->queries, folder, "queries", why) : rc;
    rc = rc == ERR_OK ? map(&t->exact, folder, "exact", why) : rc;
    if (rc != ERR_OK)
        return rc;
    t->n_queries = t->queries.size / sizeof(float) / t->d;
    if (t->n_queries == 0 || t->exact.size != t->n_queries * K * sizeof(int32_t))
        return fail_set(why, ERR_INVALID, "%s: queries and exact do not fit", folder);
    (void)snprintf(path, sizeof path, "%s/forest.mvf", folder);
    rc = forest_build((const float *)t->vectors.data, t->vectors.size / sizeof(float) / t->d, t->d, &plan,
                      path, why);
    rc = rc == ERR_OK ? forest_open(&t->forest, path, why) : rc;
    if (rc != ERR_OK)
        return rc;
    t->scratch = forest_scratch_new(&t->forest);
    return t->scratch == NULL ? ERR_NOMEM : ERR_OK;
}

int main(int argc, char **argv)
{
    struct fail why = {0};
    struct task t = {0};
    if (argc < 6 || secret_init() != ERR_OK)
        return 64;
    t.d = strtoul(argv[2], NULL, 10);
    t.runs = strtoul(argv[4], NULL, 10);
    if (t.d < 1 || t.runs < 1 || t.runs > RUNS_MAX)
        return 64;
    enum err rc = prepare(&t, argv[1], (uint32_t)strtoul(argv[3], NULL, 10), &why);
    for (int i = 5; rc == ERR_OK && i < argc; i++)
        measure(&t, strtoul(argv[i], NULL, 10));
    if (rc != ERR_OK)
        fprintf(stderr, "forest_bench: %s %s\n", err_name(rc), why.text);
    forest_scratch_free(t.scratch);
    forest_close(&t.forest);
    map_file_close(&t.vectors);
    map_file_close(&t.queries);
    map_file_close(&t.exact);
    return err_exit_status(rc);
}
