/* How many of the ten best films does the forest find, of a trained model and real queries?
 *
 *     build/tests/bench/forest_recall LIGHTGCN.mvm DATASET.mvd CANDIDATES [FOREST.mvf]
 *
 * Builds the forest of the model's vectors as mvti publish does (into FOREST.mvf, by default beside the
 * model) and asks it for the mean of the first ten films of each of 2,000 users at most, looking at so many
 * candidates. Prints "forest.recall@10 X", of exact search. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "data/dataset.h"
#include "model/forest.h"
#include "model/model_file.h"

enum { K = 10, GIVEN = 10, QUERIES = 2000 };

static void must(enum err rc, const struct fail *why)
{
    if (rc == ERR_OK)
        return;
    fprintf(stderr, "forest_recall: %s\n", why->text);
    exit(70);
}

static void mean_of(const struct model *m, const int32_t *films, size_t n, float *query)
{
    size_t d = m->info->n_factors;
    memset(query, 0, d * sizeof *query);
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; c < d; c++)
            query[c] += m->weights[(size_t)films[i] * d + c] / (float)n;
}

static size_t common(const int32_t *a, size_t n_a, const int32_t *b, size_t n_b)
{
    size_t n = 0;
    for (size_t i = 0; i < n_a; i++)
        for (size_t j = 0; j < n_b; j++)
            n += a[i] == b[j];
    return n;
}

static double recall(const struct forest *f, const struct model *m, const struct csr *x, size_t budget)
{
    struct forest_scratch *s = forest_scratch_new(f);
    float query[FOREST_MAX_DIMENSIONS];
    int32_t got[K], want[K];
    size_t hits = 0, asked = 0;
    for (size_t u = 0; s != NULL && u < x->n_rows && u < QUERIES; u++) {
        size_t n = csr_row_count(x, u);
        if (n == 0)
            continue;
        mean_of(m, csr_row(x, u), n < GIVEN ? n : GIVEN, query);
        size_t found = forest_search(f, s, query, K, budget, got);
        size_t best = forest_exact(f, s, query, K, want);
        hits += common(got, found, want, best);
        asked += best;
    }
    forest_scratch_free(s);
    return asked == 0 ? 0 : (double)hits / (double)asked;
}

int main(int argc, char **argv)
{
    struct fail why = {0};
    struct model m;
    struct dataset d;
    struct forest f;
    char path[1024];
    if (argc < 4 || secret_init() != ERR_OK)
        return 64;
    snprintf(path, sizeof path, "%s", argc > 4 ? argv[4] : argv[1]);
    if (argc <= 4)
        snprintf(path, sizeof path, "%s.mvf", argv[1]);
    must(model_open(&m, argv[1], &why), &why);
    must(dataset_open(&d, argv[2], &why), &why);
    if (m.n_items != d.x.n_cols || m.info->n_factors == 0 || m.info->n_factors > FOREST_MAX_DIMENSIONS)
        must(fail_set(&why, ERR_INVALID, "%s has no vectors of this dataset's films", argv[1]), &why);
    const struct forest_plan plan = {FOREST_TREES, FOREST_LEAF, 1};
    must(forest_build(m.weights, m.n_items, m.info->n_factors, &plan, path, &why), &why);
    must(forest_open(&f, path, &why), &why);
    printf("forest.recall@10 %.4f\n", recall(&f, &m, &d.x, strtoul(argv[3], NULL, 10)));
    forest_close(&f);
    dataset_close(&d);
    model_close(&m);
    return 0;
}
