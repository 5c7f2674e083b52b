/* The blocked LAPACK path against Gauss-Jordan elimination in double. */
#include "num/dense.h"

#include "base/rng.h"
#include "tests/check.h"

/* a := a⁻¹ without pivoting: enough for positive definite matrices. */
static void naive_inverse(double *a, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        double pivot = a[k * n + k];
        a[k * n + k] = 1;
        for (size_t j = 0; j < n; j++)
            a[k * n + j] /= pivot;
        for (size_t i = 0; i < n; i++) {
            double f = a[i * n + k];
            if (i == k || f == 0)
                continue;
            a[i * n + k] = 0;
            for (size_t j = 0; j < n; j++)
                a[i * n + j] -= f * a[k * n + j];
        }
    }
}

/* Diagonally dominant, so positive definite; only the upper triangle of `a` is filled. */
static void random_spd(size_t n, float *a, double *twin)
{
    struct rng rng;
    rng_seed(&rng, n + 1);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i; j < n; j++) {
            double v = i == j ? (double)n : rng_unit(&rng) - 0.5;
            a[i * n + j] = (float)v;
            twin[i * n + j] = twin[j * n + i] = (double)(float)v;
        }
}

/* Condition number below 4, so float32 loses at most a few units of 2^-24 per n: 1e-5 of the largest entry
 * (about 1/n) is generous at n = 130. */
static void inverts_like_gauss_jordan(void)
{
    const size_t sizes[] = {0, 1, 2, 3, 63, 64, 65, 130};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        size_t n = sizes[s];
        float *a = dense_square(n), *diagonal = malloc((n + 1) * sizeof *diagonal);
        double *twin = malloc((n * n + 1) * sizeof *twin);
        CHECK(a != NULL && diagonal != NULL && twin != NULL);
        random_spd(n, a, twin);
        naive_inverse(twin, n);
        CHECK(dense_invert_upper(a, n, NULL) == ERR_OK);
        for (size_t i = 0; i < n; i++)
            for (size_t j = i; j < n; j++)
                CHECK_NEAR(a[i * n + j], twin[i * n + j], 1e-5 / (double)n);
        CHECK(dense_one_by_diagonal(a, n, diagonal, NULL) == ERR_OK);
        dense_scale_columns(a, n, diagonal);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                CHECK_NEAR(a[i * n + j], i == j ? 0 : twin[i * n + j] / twin[j * n + j], 1e-5);
        free(a);
        free(diagonal);
        free(twin);
    }
}

static void says_what_is_not_positive_definite(void)
{
    float a[4] = {1, 2, 0, 1}; /* determinant −3 */
    struct fail why = {0};
    CHECK(dense_invert_upper(a, 2, &why) == ERR_DIVERGED);
    CHECK(strstr(why.text, "row 2") != NULL);
    float zero[1] = {0};
    CHECK(dense_invert_upper(zero, 1, NULL) == ERR_DIVERGED);
}

static void refuses_nan_and_infinity(void)
{
    const size_t n = 70;
    const float bad[] = {NAN, INFINITY, -INFINITY};
    for (int b = 0; b < 3; b++)
        for (size_t at = 0; at < n * n; at += 701) {
            float *a = dense_square(n);
            for (size_t i = 0; i < n; i++)
                a[i * n + i] = 1;
            size_t i = at / n, j = at % n;
            if (i <= j) {
                a[i * n + j] = bad[b];
                CHECK_MSG(dense_invert_upper(a, n, NULL) == ERR_DIVERGED, "bad number at %zu, %zu", i, j);
            }
            free(a);
        }
}

/* Orthonormal, and what they were is in their span: y − Q·Qᵀy is nothing. Entries of order 1. */
static void orthonormalises(void)
{
    const size_t rows = 70, sizes[] = {0, 1, 5, 70};
    for (size_t s = 0; s < 4; s++) {
        size_t n = sizes[s];
        float *q = malloc((rows * n + 1) * sizeof *q), *y = malloc((rows * n + 1) * sizeof *y);
        for (size_t i = 0; i < rows * n; i++)
            q[i] = y[i] = (i / n == i % n ? 4.0f : 0) + (float)((i * 7919) % 101) / 101;
        CHECK(dense_orthonormalise(q, rows, n, NULL) == ERR_OK);
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < n; b++) {
                double own = 0, along = 0;
                for (size_t i = 0; i < rows; i++)
                    own += (double)q[i * n + a] * (double)q[i * n + b];
                CHECK_NEAR(own, a == b, 1e-5);
                for (size_t i = 0; i < rows; i++)
                    along += (double)y[i * n + a] * (double)q[i * n + b];
                for (size_t i = 0; i < rows; i++)
                    y[i * n + a] -= (float)along * q[i * n + b];
            }
        for (size_t i = 0; i < rows * n; i++)
            CHECK_NEAR(y[i], 0, 1e-4);
        free(q);
        free(y);
    }
    float same[4] = {1, 1, 1, 1}, wide[2] = {1, 1};
    CHECK(dense_orthonormalise(same, 2, 2, NULL) == ERR_DIVERGED);
    CHECK(dense_orthonormalise(wide, 1, 2, NULL) == ERR_TOO_LARGE);
}

/* A·v = λ·v for each row v, the λ ascending. */
static void finds_eigenvectors(void)
{
    const size_t sizes[] = {0, 1, 2, 63};
    for (size_t s = 0; s < 4; s++) {
        size_t n = sizes[s];
        float *a = dense_square(n), *value = malloc((n + 1) * sizeof *value);
        double *twin = malloc((n * n + 1) * sizeof *twin);
        random_spd(n, a, twin);
        CHECK(dense_eigen(a, n, value, NULL) == ERR_OK);
        for (size_t k = 0; k < n; k++) {
            CHECK(k == 0 || value[k] >= value[k - 1]);
            for (size_t i = 0; i < n; i++) {
                double sum = 0;
                for (size_t j = 0; j < n; j++)
                    sum += twin[i * n + j] * (double)a[k * n + j];
                CHECK_NEAR(sum, (double)value[k] * (double)a[k * n + i], 2e-5 * (double)value[n - 1]);
            }
        }
        free(a);
        free(value);
        free(twin);
    }
}

static void refuses_a_bad_diagonal(void)
{
    float diagonal[2];
    const float bad[] = {0, -1, NAN, INFINITY, 1e-45f};
    for (int b = 0; b < 5; b++) {
        float p[4] = {1, 0.5f, 0, bad[b]};
        CHECK(dense_one_by_diagonal(p, 2, diagonal, NULL) == ERR_DIVERGED);
    }
}

static void counts_bytes_in_64_bits(void)
{
    CHECK(dense_square_bytes(50000) == 10000000000u);
    CHECK(dense_square_bytes((size_t)DENSE_MAX + 1) == 0);
    CHECK(dense_square((size_t)DENSE_MAX + 1) == NULL);
}

/* The same condition and tolerance as above. */
static void solves_like_gauss_jordan(void)
{
    const size_t sizes[] = {0, 1, 2, 7, 64, 131};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        size_t n = sizes[s];
        float *a = dense_square(n), b[132], right[132];
        double *twin = malloc((n * n + 1) * sizeof *twin);
        random_spd(n, a, twin);
        dense_mirror_upper(a, n);
        for (size_t i = 0; i < n; i++) {
            b[i] = right[i] = (float)(i % 5) - 2;
            for (size_t j = i + 1; j < n; j++)
                a[i * n + j] = NAN; /* only the lower triangle is read */
        }
        naive_inverse(twin, n);
        CHECK(dense_solve_lower(a, b, n));
        for (size_t i = 0; i < n; i++) {
            double want = 0;
            for (size_t j = 0; j < n; j++)
                want += twin[i * n + j] * (double)right[j];
            CHECK_NEAR(b[i], want, 1e-5);
        }
        free(a);
        free(twin);
    }
    float not_definite[4] = {1, 0, 2, 1}, not_a_number[4] = {1, 0, NAN, 1}, right[2] = {1, 1};
    CHECK(!dense_solve_lower(not_definite, right, 2));
    CHECK(!dense_solve_lower(not_a_number, right, 2));
}

int main(void)
{
    RUN(inverts_like_gauss_jordan);
    RUN(solves_like_gauss_jordan);
    RUN(says_what_is_not_positive_definite);
    RUN(refuses_nan_and_infinity);
    RUN(orthonormalises);
    RUN(finds_eigenvectors);
    RUN(refuses_a_bad_diagonal);
    RUN(counts_bytes_in_64_bits);
    return check_done();
}
