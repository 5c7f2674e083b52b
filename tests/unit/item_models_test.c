/* Item-kNN and ADMM-SLIM against an independent NumPy implementation (fixtures/make_factors.py) and against
 * what defines their results. */
#include "model/sparse.h"

#include "base/rng.h"
#include "num/dense.h"
#include "num/links.h"
#include "tests/check.h"
#include "tests/fixture/numbers.h"
#include "train/admm_slim_train.h"
#include "train/ease_train.h"
#include "train/item_knn_train.h"

enum { N = 23 };

static double at(const struct csr *links, const float *strength, size_t i, size_t j)
{
    for (uint64_t p = links->start[i]; p < links->start[i + 1]; p++)
        if ((size_t)links->col[p] == j)
            return (double)strength[p];
    return 0;
}

static double worst_difference(const struct csr *links, const float *strength, const double *want)
{
    double worst = 0;
    CHECK(csr_valid(links) && links->n_rows == N && links->n_cols == N);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            double d = fabs(at(links, strength, i, j) - want[i * N + j]);
            worst = d <= worst ? worst : d; /* NaN stays */
        }
    return worst;
}

/* Similarities are at most 1 and divided once: a few float32 roundings. ADMM's C is of order 1, P's condition
 * number below 10, and both sides have converged. */
static void equal_numpy(void)
{
    struct csr x, links;
    float *strength;
    double knn[N * N], slim[N * N];
    FILE *f = numbers_open("tests/unit/fixtures/item_models.txt", &x);
    CHECK(f != NULL);
    if (f == NULL)
        return;
    CHECK(numbers_read(f, knn, N * N) && numbers_read(f, slim, N * N));
    const struct item_knn_options k = {.neighbours = 4, .shrink = 0.5, .activity = 0.7};
    CHECK(item_knn_train(&x, &k, &links, &strength, NULL, NULL) == ERR_OK);
    CHECK_NEAR(worst_difference(&links, strength, knn), 0, 1e-6);
    csr_free(&links);
    free(strength);
    struct admm_slim_options o = {.lambda1 = 0.5, .lambda2 = 6, .rho = 20, .alpha = 0.5, .iterations = 3000};
    struct admm_slim_report report;
    for (o.way = RIDGE_BY_ITEMS; o.way <= RIDGE_BY_PEOPLE; o.way++) {
        CHECK(admm_slim_train(&x, &o, &(struct admm_slim_result){&links, &strength, &report}, NULL, NULL) ==
              ERR_OK);
        CHECK_NEAR(worst_difference(&links, strength, slim), 0, 1e-5);
        CHECK(report.column_iterations >= 3000 * (N - 1)); /* nobody likes film 17: its column is 0 at once */
        csr_free(&links);
        free(strength);
    }
    o.way = RIDGE_CHEAPER;
    o.tolerance = 1e-3;
    CHECK(admm_slim_train(&x, &o, &(struct admm_slim_result){&links, &strength, &report}, NULL, NULL) ==
          ERR_OK);
    CHECK_NEAR(worst_difference(&links, strength, slim), 0, 1e-2);
    CHECK(report.column_iterations < 1000 * N && report.not_converged == 0);
    csr_free(&links);
    free(strength);
    csr_free(&x);
    fclose(f);
}

static void random_users(struct csr *x, size_t n_users, size_t n_items)
{
    struct rng rng;
    rng_seed(&rng, 5);
    uint64_t *keys = malloc(n_users * n_items * sizeof *keys);
    size_t n = 0;
    for (uint64_t u = 0; u < n_users; u++)
        for (uint64_t i = 0; i < n_items; i++)
            if (rng_unit(&rng) < 0.3 / sqrt(1 + (double)i / 20) * (i % 3 == u % 3 ? 2 : 0.5))
                keys[n++] = u << 32 | i;
    CHECK(csr_from_keys(x, keys, &n, n_users, n_items, NULL) == ERR_OK);
    free(keys);
}

/* The largest eigenvalue of a symmetric matrix, by so many rounds that no start matters. */
static double largest_eigenvalue(const float *g, size_t n)
{
    double *v = malloc(n * sizeof *v), *sum = malloc(n * sizeof *sum), norm = 0;
    for (size_t i = 0; i < n; i++)
        v[i] = 1 / sqrt((double)n);
    for (int round = 0; round < 300; round++) {
        norm = 0;
        for (size_t i = 0; i < n; i++) {
            sum[i] = 0;
            for (size_t j = 0; j < n; j++)
                sum[i] += (double)g[i * n + j] * v[j];
            norm += sum[i] * sum[i];
        }
        norm = sqrt(norm);
        for (size_t i = 0; i < n; i++)
            v[i] = sum[i] / norm;
    }
    free(v);
    free(sum);
    return norm;
}

/* How far C is from the conditions of Karush, Kuhn and Tucker, which know nothing of ADMM: at the minimum the
 * gradient is 0 where C > 0 and not negative elsewhere. */
static double kkt_residual(const struct admm_slim_options *o, const float *g, size_t n,
                           const struct csr *links, const float *strength)
{
    double *gradient = malloc(n * n * sizeof *gradient), *c = calloc(n * n, sizeof *c), worst = 0;
    for (size_t i = 0; i < n; i++)
        for (uint64_t p = links->start[i]; p < links->start[i + 1]; p++)
            c[i * n + (size_t)links->col[p]] = (double)strength[p];
    for (size_t i = 0; i < n * n; i++)
        gradient[i] = o->lambda1 + o->lambda2 * c[i] - (double)g[i];
    for (size_t k = 0; k < n; k++)
        for (uint64_t p = links->start[k]; p < links->start[k + 1]; p++)
            for (size_t i = 0; i < n; i++)
                gradient[i * n + (size_t)links->col[p]] += (double)g[i * n + k] * (double)strength[p];
    for (size_t i = 0; i < n * n; i++) {
        double wrong = c[i] > 0 ? fabs(gradient[i]) : -gradient[i];
        if (i % (n + 1) != 0 && !(wrong <= worst))
            worst = wrong;
    }
    free(gradient);
    free(c);
    return worst;
}

/* More columns than are in work at a time; one result whatever ρ and the way of multiplying, and fewer
 * iterations with the chosen ρ. */
static void slim_is_the_minimum(void)
{
    enum { M = 571 };
    struct csr x, xt, links;
    float *strength, *g = dense_square(M);
    uint64_t iterations[3];
    const double rho[3] = {40, 0, 8000};
    random_users(&x, 300, M);
    CHECK(csr_transpose(&xt, &x) == ERR_OK);
    ease_train_gram(&x, &xt, NULL, g);
    dense_mirror_upper(g, M);
    for (size_t i = 0; i < 3; i++) {
        const struct admm_slim_options o = {.lambda1 = 2,
                                            .lambda2 = 30,
                                            .rho = rho[i],
                                            .iterations = 20000,
                                            .tolerance = 1e-5,
                                            .way = i % 2 ? RIDGE_BY_PEOPLE : RIDGE_BY_ITEMS};
        struct admm_slim_report report;
        CHECK(admm_slim_train(&x, &o, &(struct admm_slim_result){&links, &strength, &report}, NULL, NULL) ==
              ERR_OK);
        CHECK_INT(report.not_converged, 0);
        iterations[i] = report.column_iterations;
        /* Gradients are of order 100. 1e-5 relative in C, times ρ; far from the best ρ a column moves slowly
         * and stops further from its end. */
        CHECK_NEAR(kkt_residual(&o, g, M, &links, strength), 0, rho[i] == 0 ? 0.1 : 1);
        CHECK(csr_count(&links) > M && csr_count(&links) < (size_t)M * M / 2);
        if (rho[i] == 0) /* eight rounds of the power method are good to a thousandth */
            CHECK_NEAR(report.rho / (sqrt(30 * largest_eigenvalue(g, M)) / 2), 1, 1e-3);
        free(strength);
        csr_free(&links);
    }
    CHECK_MSG(iterations[1] < iterations[0] / 2 && iterations[1] < iterations[2] / 2, "%llu %llu %llu",
              (unsigned long long)iterations[0], (unsigned long long)iterations[1],
              (unsigned long long)iterations[2]);
    free(g);
    csr_free(&x);
    csr_free(&xt);
}

static void links_are_sorted(void)
{
    struct link in[] = {{2, 1, 0.5f}, {0, 2, 1}, {2, 0, 0.25f}, {0, 1, 2}};
    struct csr links;
    float *strength, scores[3];
    CHECK(links_build(&links, &strength, in, 4, 3, NULL) == ERR_OK);
    CHECK(csr_valid(&links) && csr_row_count(&links, 1) == 0);
    CHECK(strength[0] == 2 && strength[1] == 1 && strength[2] == 0.25f && strength[3] == 0.5f);
    const struct scorer s = {.n_items = 3, .links = links, .strength = strength};
    const int32_t history[] = {2, 0};
    sparse_score(&s, history, 2, scores);
    CHECK(scores[0] == 0.25f && scores[1] == 2.5f && scores[2] == 1);
    csr_free(&links);
    free(strength);
    CHECK(links_build(&links, &strength, in, 0, 0, NULL) == ERR_OK && csr_valid(&links));
    csr_free(&links);
    free(strength);
}

static void refuse_bad_options(void)
{
    struct csr x, links;
    float *strength;
    random_users(&x, 10, 8);
    const struct item_knn_options knn[] = {{0, 1, 0}, {1, -1, 0}, {1, NAN, 0}, {1, 0, -1}, {1, 0, NAN}};
    for (size_t i = 0; i < sizeof knn / sizeof *knn; i++)
        CHECK(item_knn_train(&x, &knn[i], &links, &strength, NULL, NULL) == ERR_INVALID);
    const struct admm_slim_options slim[] = {
        {-1, 1, 1, 0, 1, 0, RIDGE_CHEAPER},       {NAN, 1, 1, 0, 1, 0, RIDGE_CHEAPER},
        {1, 0, 1, 0, 1, 0, RIDGE_CHEAPER},        {1, 1, 0, -1, 1, 0, RIDGE_CHEAPER},
        {1, 1, 2, 1, 1, 0, RIDGE_CHEAPER},        {1, 1, 1, 0, 0, 0, RIDGE_CHEAPER},
        {1, 1, 0, INFINITY, 1, 0, RIDGE_CHEAPER}, {1, 1, 1, 0, 1, NAN, RIDGE_CHEAPER}};
    for (size_t i = 0; i < sizeof slim / sizeof *slim; i++)
        CHECK(admm_slim_train(&x, &slim[i], &(struct admm_slim_result){&links, &strength, NULL}, NULL,
                              NULL) == ERR_INVALID);
    csr_free(&x);
}

int main(void)
{
    RUN(equal_numpy);
    RUN(slim_is_the_minimum);
    RUN(links_are_sorted);
    RUN(refuse_bad_options);
    return check_done();
}
