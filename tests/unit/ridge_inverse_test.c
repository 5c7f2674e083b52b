/* Products with (XᵀX + D)⁻¹, by items and by people, and the step of ADMM-SLIM, against naive twins. */
#include "train/ridge_inverse.h"

#include "base/rng.h"
#include "num/csr.h"
#include "tests/check.h"
#include "train/admm_slim_step.h"

/* Every fourth item of every second user; the last user likes nothing and nobody the last item. */
static void some_likes(struct csr *x, size_t users, size_t items)
{
    struct rng rng;
    rng_seed(&rng, users * 1000 + items);
    uint64_t *keys = malloc((users * items + 1) * sizeof *keys);
    size_t n = 0;
    for (uint64_t u = 0; u + 1 < users; u++)
        for (uint64_t i = 0; i + 1 < items; i++)
            if (rng_unit(&rng) < 0.2)
                keys[n++] = u << 32 | i;
    CHECK(csr_from_keys(x, keys, &n, users, items, NULL) == ERR_OK);
    free(keys);
}

/* (XᵀX + D)·product, which must be v again: no inverse is needed to check one. */
static double worst_residual(const struct csr *x, const double *diagonal, const float *v,
                             const float *product)
{
    size_t n = x->n_cols;
    double worst = 0, *sum = malloc((n + 1) * sizeof *sum);
    for (size_t i = 0; i < n; i++)
        sum[i] = diagonal[i] * (double)product[i] - (double)v[i];
    for (size_t u = 0; u < x->n_rows; u++) {
        double along = 0;
        for (uint64_t p = x->start[u]; p < x->start[u + 1]; p++)
            along += (double)product[x->col[p]];
        for (uint64_t p = x->start[u]; p < x->start[u + 1]; p++)
            sum[x->col[p]] += along;
    }
    for (size_t i = 0; i < n; i++)
        worst = fabs(sum[i]) <= worst ? worst : fabs(sum[i]); /* NaN stays */
    free(sum);
    return worst;
}

static void check_products(const struct csr *x, enum ridge_way way, size_t rows)
{
    size_t n = x->n_cols;
    struct rng rng;
    struct ridge_inverse r;
    double *diagonal = malloc((n + 1) * sizeof *diagonal), worst = 0;
    float *v = malloc((rows * n + 1) * sizeof *v), *product = malloc((rows * n + 1) * sizeof *product);
    rng_seed(&rng, rows);
    for (size_t i = 0; i < n; i++)
        diagonal[i] = 3 + 5 * rng_unit(&rng);
    for (size_t i = 0; i < rows * n; i++)
        v[i] = (float)rng_unit(&rng) - 0.5f;
    CHECK(ridge_inverse_make(&r, &(struct ridge_sum){x, diagonal, way}, NULL, "test", NULL) == ERR_OK);
    CHECK_INT(r.by_people, way == RIDGE_BY_PEOPLE);
    ridge_inverse_multiply(&r, v, product, rows);
    for (size_t row = 0; row < rows; row++)
        worst = fmax(worst, worst_residual(x, diagonal, v + row * n, product + row * n));
    /* Numbers of order 1, added up a few hundred at a time, and a condition number below 20. */
    CHECK_MSG(worst < 5e-5, "%zu x %zu, %zu rows, way %d: %g", x->n_rows, n, rows, (int)way, worst);
    ridge_inverse_free(&r);
    free(diagonal);
    free(v);
    free(product);
}

static void both_ways_solve(void)
{
    static const size_t shapes[][3] = {{1, 1, 1},    {2, 3, 2},     {40, 17, 5},   {11, 130, 64},
                                       {25, 63, 65}, {12, 64, 130}, {37, 200, 63}, {100, 90, 200}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct csr x;
        some_likes(&x, shapes[i][0], shapes[i][1]);
        check_products(&x, RIDGE_BY_ITEMS, shapes[i][2]);
        check_products(&x, RIDGE_BY_PEOPLE, shapes[i][2]);
        csr_free(&x);
    }
}

static void fewer_people_than_items_go_by_people(void)
{
    struct csr x;
    some_likes(&x, 20, 300);
    CHECK(ridge_inverse_by_people(&x));
    csr_free(&x);
    some_likes(&x, 300, 20);
    CHECK(!ridge_inverse_by_people(&x));
    csr_free(&x);
}

static void no_items(void)
{
    struct csr x;
    struct ridge_inverse r;
    double none = 1;
    float unused = 0;
    some_likes(&x, 3, 0);
    CHECK(ridge_inverse_make(&r, &(struct ridge_sum){&x, &none, RIDGE_CHEAPER}, NULL, "test", NULL) ==
          ERR_OK);
    ridge_inverse_multiply(&r, &unused, &unused, 0);
    ridge_inverse_free(&r);
    csr_free(&x);
}

static void what_is_not_positive_is_refused(void)
{
    struct csr x;
    struct ridge_inverse r;
    struct fail why = {0};
    const double diagonal[4] = {1, 1, -50, 1};
    some_likes(&x, 9, 4);
    CHECK(ridge_inverse_make(&r, &(struct ridge_sum){&x, diagonal, RIDGE_BY_ITEMS}, NULL, "test", &why) ==
          ERR_DIVERGED);
    ridge_inverse_free(&r);
    csr_free(&x);
}

/* ---- the step ---- */

/* By the formulas of lib/train/admm_slim_train.h, in double precision. */
static void twin(const struct admm_slim_step *a, double *w, double *v, double sum[5])
{
    memset(sum, 0, 5 * sizeof *sum);
    for (size_t i = 0; i < a->n; i++) {
        double before = fmax(0, w[i] - (double)a->kappa), gamma = w[i] - before;
        double b = (double)a->rho * (double)a->product[i] - (double)a->s * (double)a->p[i];
        double relaxed = 1.7 * b - 0.7 * before, c = fmax(0, relaxed + gamma - (double)a->kappa);
        w[i] = relaxed + gamma;
        v[i] = c - (w[i] - c);
        sum[0] += (b - c) * (b - c);
        sum[1] += (c - before) * (c - before);
        sum[2] += b * b;
        sum[3] += c * c;
        sum[4] += (w[i] - c) * (w[i] - c);
    }
}

enum { MOST = 50 };

static void a_step_is_the_formulas(void)
{
    static const size_t sizes[] = {0, 1, 15, 16, 17, 31, 33, MOST};
    struct rng rng;
    rng_seed(&rng, 4);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        float w[MOST + 1], v[MOST + 1], product[MOST], p[MOST];
        double tw[MOST], tv[MOST], sum[5];
        struct admm_slim_step a = {w, v, product, p, 20, 0.1f, 0.3f, sizes[s]};
        for (size_t i = 0; i < MOST; i++) {
            w[i] = (float)rng_unit(&rng) - 0.4f;
            product[i] = ((float)rng_unit(&rng) - 0.5f) / 20;
            p[i] = (float)rng_unit(&rng);
            tw[i] = (double)w[i];
        }
        w[sizes[s]] = v[sizes[s]] = 77;
        twin(&a, tw, tv, sum);
        struct admm_slim_residual r = admm_slim_step_iterate(&a);
        for (size_t i = 0; i < sizes[s]; i++) {
            CHECK_NEAR((double)w[i], tw[i], 1e-6);
            CHECK_NEAR((double)v[i], tv[i], 1e-6);
        }
        CHECK(w[sizes[s]] == 77 && v[sizes[s]] == 77);
        CHECK_NEAR((double)r.primal, sum[0], 1e-5);
        CHECK_NEAR((double)r.dual, sum[1], 1e-5);
        CHECK_NEAR((double)r.b, sum[2], 1e-5);
        CHECK_NEAR((double)r.c, sum[3], 1e-5);
        CHECK_NEAR((double)r.gamma, sum[4], 1e-5);
    }
}

/* Wherever it stands, a number that is none reaches the sums that training looks at. */
static void what_is_no_number_shows(void)
{
    for (size_t bad = 0; bad < 20; bad++) {
        float w[20] = {0}, v[20], product[20] = {0}, p[20] = {0};
        product[bad] = bad % 2 ? NAN : INFINITY;
        struct admm_slim_residual r =
            admm_slim_step_iterate(&(struct admm_slim_step){w, v, product, p, 1, 0, 0, 20});
        CHECK(!isfinite(r.b));
    }
}

int main(void)
{
    RUN(both_ways_solve);
    RUN(fewer_people_than_items_go_by_people);
    RUN(no_items);
    RUN(what_is_not_positive_is_refused);
    RUN(a_step_is_the_formulas);
    RUN(what_is_no_number_shows);
    return check_done();
}
