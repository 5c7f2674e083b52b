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

static bool options_read(FILE *f, size_t s)
{
    struct cheby_options *o = &options[s];
    o->seed = 1;
    bool ok = fscanf(f, "%zu %lf %zu %lf %lf", &o->order, &o->phi, &o->eta, &o->alpha, &o->beta) == 5;
    return ok && numbers_read(f, coefficient[s], o->order + 1);
}

static const struct numbers_cases cases = {.path = "tests/unit/fixtures/cheby.txt",
                                           .options = options_read,
                                           .n = OPTION_SETS,
                                           .x = &x,
                                           .expected = expected};

static enum err trained_with(size_t s, float *b)
{
    struct cheby_report report;
    memset(b, 0xff, x.n_cols * x.n_cols * sizeof *b); /* what it held before must not matter */
    enum err rc = cheby_train(&x, &options[s], &(struct cheby_result){b, &report}, NULL, NULL);
    CHECK(report.degree <= options[s].order);
    return rc;
}

/* Entries are below 3. The eigenvectors are found to 2e-3 of their eigenvalue, and the error of what is made of
 * them is of its square, times the ideal filter's weight. */
static void equals_numpy(void)
{
    numbers_cases_check(&cases, trained_with, 1e-4);
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

struct columns {
    float *in, *out; /* [items × ITEM_GRAPH_WIDTH] */
};

static void give_columns(void *arg, size_t block, float *columns)
{
    const struct columns *c = arg;
    CHECK_INT(block, 0);
    memcpy(columns, c->in, x.n_cols * ITEM_GRAPH_WIDTH * sizeof *columns);
}

static void take_columns(void *arg, size_t block, const float *columns)
{
    const struct columns *c = arg;
    CHECK_INT(block, 0);
    memcpy(c->out, columns, x.n_cols * ITEM_GRAPH_WIDTH * sizeof *columns);
}

/* A polynomial of the operator by the naive one, of columns that are nearly all 0, as unit vectors are, and of full ones. */
static void polynomials_of_few_and_many(void)
{
    enum { DEGREE = 3 };
    const double c[DEGREE + 1] = {0.5, -1, 0.25, 0.75};
    const size_t filled[] = {3, x.n_cols};
    size_t n = x.n_cols;
    struct item_graph g;
    struct rng r;
    struct columns cols = {malloc(n * ITEM_GRAPH_WIDTH * sizeof(float)),
                           malloc(n * ITEM_GRAPH_WIDTH * sizeof(float))};
    double *t[3], *sv = malloc(n * sizeof *sv);
    for (int k = 0; k < 3; k++)
        t[k] = malloc(n * sizeof *t[k]);
    CHECK(item_graph_open(&g, &x, NULL) == ERR_OK);
    rng_seed(&r, 5);
    for (size_t f = 0; f < 2; f++) {
        for (size_t i = 0; i < n * ITEM_GRAPH_WIDTH; i++)
            cols.in[i] = i / ITEM_GRAPH_WIDTH % n < filled[f] ? (float)rng_normal(&r) : 0;
        item_graph_apply(&(struct item_graph_blocks){.graph = &g,
                                                     .polynomial = {c, DEGREE, 0.8},
                                                     .n_blocks = 1,
                                                     .fill = give_columns,
                                                     .take = take_columns,
                                                     .arg = &cols});
        for (size_t w = 0; w < ITEM_GRAPH_WIDTH; w += 21) {
            double sum[400] = {0};
            CHECK(n <= 400);
            for (size_t i = 0; i < n; i++)
                t[0][i] = cols.in[i * ITEM_GRAPH_WIDTH + w];
            for (size_t k = 0; k <= DEGREE; k++) {
                double *now = t[k % 3], *last = t[(k + 2) % 3], *other = t[(k + 1) % 3];
                if (k > 0)
                    times_graph(last, sv);
                for (size_t i = 0; i < n; i++) {
                    if (k > 0)
                        now[i] = (k > 1 ? 2 : 1) * (2 / 0.8 * sv[i] - last[i]) - (k > 1 ? other[i] : 0);
                    sum[i] += c[k] * now[i];
                }
            }
            for (size_t i = 0; i < n; i++)
                CHECK_NEAR(cols.out[i * ITEM_GRAPH_WIDTH + w], sum[i],
                           1e-4); /* float32, of numbers up to 30 */
        }
    }
    for (int k = 0; k < 3; k++)
        free(t[k]);
    free(sv);
    free(cols.in);
    free(cols.out);
    item_graph_close(&g);
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
    if (!numbers_cases_read(&cases))
        return check_done();
    RUN(coefficients_equal_numpy);
    RUN(polynomials_of_few_and_many);
    RUN(eigenvectors_are_such);
    RUN(equals_numpy);
    RUN(refuses_bad_options);
    RUN(scores_are_sums);
    numbers_cases_free(&cases);
    return check_done();
}
