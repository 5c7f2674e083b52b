/* ChebyCF against an independent NumPy implementation (fixtures/make_cheby.py), and what it is made of. */
#include "train/cheby_train.h"

#include "base/rng.h"
#include "num/dense.h"
#include "tests/check.h"
#include "tests/fixture/numbers.h"
#include "train/item_graph.h"
#include "train/item_spectrum.h"
#include "train/trainers.h"

enum { OPTION_SETS = 3 };

static struct csr x;
static struct cheby_options options[OPTION_SETS];
static double coefficient[OPTION_SETS][CHEBY_MAX_ORDER + 1];
static double *expected[OPTION_SETS]; /* [n × n] */

static bool fixture_read(void)
{
    FILE *f = numbers_open("tests/unit/fixtures/cheby.txt", &x);
    CHECK_MSG(f != NULL, "run from the top of the repository");
    if (f == NULL)
        return false;
    size_t n = x.n_cols;
    for (size_t s = 0; s < OPTION_SETS; s++) {
        struct cheby_options *o = &options[s];
        o->seed = 1;
        CHECK(fscanf(f, "%zu %lf %zu %lf %lf", &o->order, &o->phi, &o->eta, &o->alpha, &o->beta) == 5);
        for (size_t k = 0; k <= o->order; k++)
            CHECK(fscanf(f, "%lf", &coefficient[s][k]) == 1);
        expected[s] = calloc(n * n, sizeof *expected[s]);
        CHECK(numbers_read(f, expected[s], n * n));
    }
    fclose(f);
    return true;
}

static void fixture_free(void)
{
    csr_free(&x);
    for (size_t s = 0; s < OPTION_SETS; s++)
        free(expected[s]);
}

/* Entries are below 3. The eigenvectors are found to 2e-3 of their eigenvalue, and the error of what is made of
 * them is of its square, times the ideal filter's weight. */
static void equals_numpy(void)
{
    size_t n = x.n_cols;
    for (size_t s = 0; s < OPTION_SETS; s++) {
        float *b = dense_square(n);
        struct cheby_report report;
        memset(b, 0xff, n * n * sizeof *b); /* what it held before must not matter */
        CHECK(cheby_train(&x, &options[s], &(struct cheby_result){b, &report}, NULL, NULL) == ERR_OK);
        CHECK_NEAR(numbers_worst(b, expected[s], n * n), 0, 1e-4);
        CHECK(report.degree <= options[s].order);
        free(b);
    }
}

static void coefficients_equal_numpy(void)
{
    double a[CHEBY_MAX_ORDER + 1];
    for (size_t s = 0; s < OPTION_SETS; s++) {
        cheby_train_coefficients(options[s].order, options[s].phi, a);
        for (size_t k = 0; k <= options[s].order; k++)
            CHECK_NEAR(a[k], coefficient[s][k], 1e-9);
    }
}

/* S·v by the definition, in double. */
static void times_graph(const double *v, double *out)
{
    double *users = calloc(x.n_rows, sizeof *users);
    uint64_t *count = calloc(x.n_cols, sizeof *count);
    csr_column_counts(&x, count);
    for (size_t i = 0; i < x.n_cols; i++)
        out[i] = 0;
    for (size_t u = 0; u < x.n_rows; u++)
        for (uint64_t p = x.start[u]; p < x.start[u + 1]; p++)
            users[u] += v[x.col[p]] / sqrt((double)count[x.col[p]] * (double)csr_row_count(&x, u));
    for (size_t u = 0; u < x.n_rows; u++)
        for (uint64_t p = x.start[u]; p < x.start[u + 1]; p++)
            out[x.col[p]] += users[u] / sqrt((double)count[x.col[p]] * (double)csr_row_count(&x, u));
    free(users);
    free(count);
}

/* The eigenvectors are such, orthonormal, and descend; some of them, all of them, and more than there are. */
static void eigenvectors_are_such(void)
{
    const size_t wanted[] = {1, 12, 80, 200};
    size_t n = x.n_cols;
    struct item_graph g;
    double *v = malloc(n * sizeof *v), *sv = malloc(n * sizeof *sv);
    CHECK(item_graph_open(&g, &x, NULL) == ERR_OK);
    for (size_t w = 0; w < 4; w++) {
        struct item_spectrum s;
        CHECK(item_spectrum_find(&s, &g, &(struct item_spectrum_plan){wanted[w], 3}, NULL, NULL) == ERR_OK);
        CHECK_INT(s.n, wanted[w] < n ? wanted[w] : n);
        CHECK_NEAR(s.values[0], 1, 1e-5); /* of D^½·1 */
        CHECK(s.n == n ? s.next == 0 : s.next <= s.values[s.n - 1]);
        for (size_t k = 0; k < s.n; k++) {
            for (size_t i = 0; i < n; i++)
                v[i] = s.vectors[i * s.n + k];
            times_graph(v, sv);
            for (size_t i = 0; i < n; i++)
                CHECK_NEAR(sv[i], s.values[k] * v[i], 2e-3);
            CHECK(k == 0 || s.values[k] <= s.values[k - 1]);
            for (size_t l = 0; l <= k; l++) {
                double sum = 0;
                for (size_t i = 0; i < n; i++)
                    sum += v[i] * (double)s.vectors[i * s.n + l];
                CHECK_NEAR(sum, l == k, 1e-5);
            }
        }
        item_spectrum_free(&s);
    }
    free(v);
    free(sv);
    item_graph_close(&g);
}

static void refuses_bad_options(void)
{
    float b[1];
    const struct cheby_options good = {.order = 8, .phi = 1.5, .eta = 4, .alpha = 0.2, .beta = 0.4};
    struct cheby_options bad[] = {good, good, good, good, good};
    bad[0].order = 0;
    bad[1].order = CHEBY_MAX_ORDER + 1;
    bad[2].phi = NAN;
    bad[3].alpha = -1;
    bad[4].beta = 1.5;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK(cheby_train(&x, &bad[i], &(struct cheby_result){b, NULL}, NULL, NULL) == ERR_INVALID);
    const struct csr empty = {0};
    CHECK(cheby_train(&empty, &good, &(struct cheby_result){b, NULL}, NULL, NULL) == ERR_OK);
}

/* The operator is linear: what a history is worth is the sum of its films. */
static void scores_are_sums(void)
{
    const struct trainer *t = trainers_find("chebycf");
    const struct trainer_values v = {0};
    struct trained m;
    float scores[128];
    CHECK(trainer_run(t, &v, &(struct train_task){.x = &x, .seed = 1}, &m, NULL) == ERR_OK);
    const struct scorer s = trained_scorer(&m);
    const int32_t history[] = {0, 2, 5};
    s.score(&s, history, 3, scores);
    for (size_t j = 0; j < x.n_cols; j++)
        CHECK_NEAR(scores[j],
                   s.link(&s, 0, (int32_t)j) + s.link(&s, 2, (int32_t)j) + s.link(&s, 5, (int32_t)j), 1e-6);
    trained_free(&m);
}

int main(void)
{
    if (!fixture_read())
        return check_done();
    RUN(coefficients_equal_numpy);
    RUN(eigenvectors_are_such);
    RUN(equals_numpy);
    RUN(refuses_bad_options);
    RUN(scores_are_sums);
    fixture_free();
    return check_done();
}
