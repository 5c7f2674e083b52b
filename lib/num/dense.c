#include "num/dense.h"

#include <cblas.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "num/cpu.h"
#include "num/parallel.h"

enum { TILE = 64, HUGE_PAGE = 2 << 20, EIGEN_MAX = 1 << 14 };
static const float SHIFT = 1e-4f; /* above what float32 makes of a Gram matrix of some thousand columns */

/* LAPACK's Fortran entry points: Debian's OpenBLAS brings no LAPACKE. The last argument is the hidden length
 * of the character, as gfortran passes it. */
void spotrf_(const char *uplo, const int *n, float *a, const int *lda, int *info, size_t uplo_len);
void sposv_(const char *uplo, const int *n, const int *nrhs, float *a, const int *lda, float *b,
            const int *ldb, int *info, size_t uplo_len);
void spotri_(const char *uplo, const int *n, float *a, const int *lda, int *info, size_t uplo_len);
void ssyevd_(const char *jobz, const char *uplo, const int *n, float *a, const int *lda, float *w,
             float *work, const int *lwork, int *iwork, const int *liwork, int *info, size_t jobz_len,
             size_t uplo_len);

size_t dense_square_bytes(size_t n)
{
    return n > DENSE_MAX ? 0 : n * n * sizeof(float);
}

float *dense_square(size_t n)
{
    size_t bytes = dense_square_bytes(n);
    if (n > DENSE_MAX)
        return NULL;
    size_t align = bytes >= HUGE_PAGE ? HUGE_PAGE : 64;
    float *a = aligned_alloc(align, (bytes + align) / align * align);
    if (a == NULL)
        return NULL;
    if (align == HUGE_PAGE)
        (void)madvise(a, bytes, MADV_HUGEPAGE); /* faster first touch; without it only slower */
    memset(a, 0, bytes);
    return a;
}

static enum err lapack_result(int info, const char *step, struct fail *why)
{
    if (info > 0)
        return fail_set(why, ERR_DIVERGED,
                        "%s: the matrix is not positive definite at row %d; raise lambda or check the data",
                        step, info);
    if (info < 0)
        return fail_set(why, ERR_FAULT, "%s: argument %d is wrong", step, -info);
    return ERR_OK;
}

enum err dense_cholesky_upper(float *a, size_t n, struct fail *why)
{
    if (n > DENSE_MAX)
        return fail_set(why, ERR_TOO_LARGE, "a matrix of %zu rows is too large", n);
    /* LAPACK counts columns first: our upper triangle is its lower one. */
    int size = (int)n, lda = size > 0 ? size : 1, info = 0;
    spotrf_("L", &size, a, &lda, &info, 1);
    enum err rc = lapack_result(info, "Cholesky factorisation", why);
    /* NaN passes through blocked factorisations without an error: the diagonal shows it. */
    for (size_t i = 0; i < n && rc == ERR_OK; i++)
        if (!isfinite(a[i * n + i]))
            rc = fail_set(why, ERR_DIVERGED, "Cholesky factorisation: row %zu is not a number", i + 1);
    return rc;
}

enum err dense_cholesky_inverse_upper(float *a, size_t n, struct fail *why)
{
    if (n > DENSE_MAX)
        return fail_set(why, ERR_TOO_LARGE, "a matrix of %zu rows is too large", n);
    int size = (int)n, lda = size > 0 ? size : 1, info = 0;
    spotri_("L", &size, a, &lda, &info, 1);
    return lapack_result(info, "inverse", why);
}

enum err dense_invert_upper(float *a, size_t n, struct fail *why)
{
    enum err rc = dense_cholesky_upper(a, n, why);
    return rc == ERR_OK ? dense_cholesky_inverse_upper(a, n, why) : rc;
}

bool dense_solve_lower(float *a, float *b, size_t n)
{
    if (n > DENSE_MAX)
        return false;
    int size = (int)n, one = 1, lda = size > 0 ? size : 1, info = 0;
    sposv_("U", &size, &one, a, &lda, b, &lda, &info, 1);
    if (info != 0)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!isfinite(b[i]))
            return false;
    return true;
}

struct scale_job {
    float *p;
    size_t n, n_tiles;
    const float *by; /* [n] */
};

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Tile (I, J), I ≤ J: reads P above the diagonal, writes B there and its mirror below. */
static void scale_tile(const struct scale_job *job, size_t top, size_t left)
{
    float *p = job->p;
    size_t n = job->n, bottom = least(top + TILE, n), right = least(left + TILE, n);
    const float *r = job->by;
    for (size_t i = top; i < bottom; i++)
        for (size_t j = left > i ? left : i + 1; j < right; j++) {
            float v = p[i * n + j];
            p[i * n + j] = v * r[j];
            p[j * n + i] = v * r[i];
        }
}

static void scale_block(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct scale_job *job = arg;
    for (size_t j = block; j < job->n_tiles; j++)
        scale_tile(job, block * TILE, j * TILE);
}

enum err dense_one_by_diagonal(const float *p, size_t n, float *out, struct fail *why)
{
    for (size_t i = 0; i < n; i++) {
        float d = p[i * n + i];
        if (!(d > 0) || !isfinite(d) || !isfinite(1 / d))
            return fail_set(why, ERR_DIVERGED, "the inverse has %g on its diagonal at row %zu", (double)d,
                            i + 1);
        out[i] = 1 / d;
    }
    return ERR_OK;
}

void dense_scale_columns(float *p, size_t n, const float *by)
{
    struct scale_job job = {.p = p, .n = n, .n_tiles = (n + TILE - 1) / TILE, .by = by};
    parallel_for(job.n_tiles, scale_block, &job);
    for (size_t i = 0; i < n; i++)
        p[i * n + i] = 0;
}

struct tall {
    float *q, *gram; /* [rows × cols], [cols × cols] */
    size_t rows, cols;
};

/* q := q·R⁻¹ with RᵀR = qᵀq, the diagonal of which is raised by the share `shift`. */
static enum err divide_by_root(const struct tall *t, float shift, struct fail *why)
{
    int rows = (int)t->rows, cols = (int)t->cols;
    dense_gram(t->q, t->rows, t->cols, 1, t->gram);
    for (size_t j = 0; j < t->cols; j++)
        t->gram[j * t->cols + j] *= 1 + shift;
    enum err rc = dense_cholesky_upper(t->gram, t->cols, why);
    if (rc == ERR_OK)
        cblas_strsm(CblasRowMajor, CblasRight, CblasUpper, CblasNoTrans, CblasNonUnit, rows, cols, 1, t->gram,
                    cols, t->q, cols);
    return rc;
}

enum err dense_orthonormalise(float *q, size_t rows, size_t cols, struct fail *why)
{
    if (rows > DENSE_MAX || cols > rows)
        return fail_set(why, ERR_TOO_LARGE, "%zu vectors of length %zu are too many", cols, rows);
    const struct tall t = {q, dense_square(cols), rows, cols};
    if (t.gram == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for %zu vectors", cols);
    enum err rc = ERR_OK;
    for (int pass = 0; rc == ERR_OK && cols > 0 && pass < 2; pass++)
        rc = divide_by_root(&t, pass == 0 ? SHIFT : 0, why);
    free(t.gram);
    return rc;
}

enum err dense_eigen(float *a, size_t n, float *value, struct fail *why)
{
    if (n > EIGEN_MAX)
        return fail_set(why, ERR_TOO_LARGE, "%zu eigenvectors are too many", n);
    if (n == 0)
        return ERR_OK;
    int size = (int)n, info = 0, lwork = 1 + 6 * size + 2 * size * size, liwork = 3 + 5 * size;
    float *work = malloc((size_t)lwork * sizeof *work);
    int *iwork = malloc((size_t)liwork * sizeof *iwork);
    enum err rc = ERR_OK;
    if (work == NULL || iwork == NULL) {
        rc = fail_set(why, ERR_NOMEM, "out of memory for %zu eigenvectors", n);
    } else {
        ssyevd_("V", "L", &size, a, &size, value, work, &lwork, iwork, &liwork, &info, 1, 1);
        if (info != 0)
            rc = fail_set(why, ERR_DIVERGED, "the eigenvalues of a matrix of %zu rows were not found", n);
    }
    free(work);
    free(iwork);
    return rc;
}

void dense_multiply_symmetric(const float *a, const float *s, float *out, size_t rows, size_t n)
{
    if (rows == 0 || n == 0)
        return;
    int m = (int)rows, k = (int)n;
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, k, k, 1, a, k, s, k, 0, out, k);
}

static void mirror_block(void *arg, size_t block, size_t thread)
{
    (void)thread;
    const struct scale_job *job = arg;
    size_t n = job->n, bottom = least((block + 1) * TILE, n);
    for (size_t left = block * TILE; left < n; left += TILE)
        for (size_t i = block * TILE; i < bottom; i++)
            for (size_t j = left > i ? left : i + 1; j < least(left + TILE, n); j++)
                job->p[j * n + i] = job->p[i * n + j];
}

void dense_mirror_upper(float *a, size_t n)
{
    struct scale_job job = {.p = a, .n = n};
    parallel_for((n + TILE - 1) / TILE, mirror_block, &job);
}

void dense_gram(const float *f, size_t rows, size_t d, float alpha, float *g)
{
    memset(g, 0, d * d * sizeof *g);
    if (rows == 0 || d == 0)
        return;
    cblas_ssyrk(CblasRowMajor, CblasUpper, CblasTrans, (int)d, (int)rows, alpha, f, (int)d, 0, g, (int)d);
    for (size_t i = 0; i < d; i++)
        for (size_t j = 0; j < i; j++)
            g[i * d + j] = g[j * d + i];
}

const char *dense_better_kernels(void)
{
    if (strcmp(openblas_get_corename(), "Prescott") != 0)
        return NULL;
    return CPU_HAS_SKYLAKEX ? "SkylakeX" : CPU_HAS_AVX2 && CPU_HAS_FMA ? "Haswell" : NULL;
}

int dense_threads(int n)
{
    int before = openblas_get_num_threads();
    openblas_set_num_threads(n);
    return before;
}
