/* The dense linear algebra that training needs, over OpenBLAS (the only file that calls it), and the tiled
 * passes around it.
 *
 * A square matrix is row-major float32 [n × n] and symmetric: only its upper triangle, diagonal included, is
 * read or written where "upper" is said. LAPACK is column-major, so the upper triangle of a row-major matrix
 * is its 'L'. Sizes are LAPACK's 32-bit int, n ≤ DENSE_MAX; elements are counted in size_t, so n² may pass
 * 2³¹ (n > 46,340). All cores work, as many as OpenBLAS is told (OPENBLAS_NUM_THREADS). Never in a worker. */
#ifndef MVTI_NUM_DENSE_H
#define MVTI_NUM_DENSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { DENSE_MAX = 1 << 20 };

/* Bytes of an n × n float matrix, 0 if n is over DENSE_MAX. */
size_t dense_square_bytes(size_t n);
/* n × n zeros on 64-byte (huge page where the system gives them) boundaries, free() it. NULL: out of memory.
 */
float *dense_square(size_t n);

/* Upper triangle of a := upper triangle of its inverse, in place, by Cholesky: spotrf (n³/3 flops), then
 * spotri (2n³/3). ERR_DIVERGED: not positive definite or not finite, the sentence names the row; a is then
 * spoilt. No memory beyond a. */
MUST_USE enum err dense_invert_upper(float *a, size_t n, struct fail *why);
/* The two halves of it, for measuring. */
MUST_USE enum err dense_cholesky_upper(float *a, size_t n, struct fail *why);
MUST_USE enum err dense_cholesky_inverse_upper(float *a, size_t n, struct fail *why);

/* b [n] := a⁻¹ b for a symmetric positive definite a [n × n], of which the lower triangle is read and
 * overwritten, by Cholesky (sposv). false: not positive definite or not finite. */
bool dense_solve_lower(float *a, float *b, size_t n);

/* out = a · s for a, out [rows × n] row-major and s [n × n] symmetric with both triangles; no aliasing. */
void dense_multiply_symmetric(const float *a, const float *s, float *out, size_t rows, size_t n);
/* q [rows × cols] row-major, cols ≤ rows: its columns become orthonormal and span what they did, by Cholesky
 * of their Gram matrix, twice, the first time shifted (Fukaya et al., SIAM J. Sci. Comput. 2020). Products of
 * matrices only, but the columns, scaled to one length, must not be nearly dependent (condition number up to
 * some hundred). ERR_DIVERGED: they are; ERR_NOMEM. */
MUST_USE enum err dense_orthonormalise(float *q, size_t rows, size_t cols, struct fail *why);
/* Eigenvalues of a symmetric a [n × n], of which the upper triangle is read, into value[n], ascending, and the
 * eigenvector of each into the row of a (ssyevd). ERR_NOMEM; ERR_DIVERGED. */
MUST_USE enum err dense_eigen(float *a, size_t n, float *value, struct fail *why);
/* Copies the upper triangle onto the lower one. */
void dense_mirror_upper(float *a, size_t n);
/* g [d × d] = alpha · fᵀf, both triangles, of f [rows × d] row-major. */
void dense_gram(const float *f, size_t rows, size_t d, float alpha, float *g);
/* The name under which OpenBLAS has better kernels for this processor than those that it chose, for the
 * variable OPENBLAS_CORETYPE, which it reads when it is loaded; NULL: it chose well. A processor that is
 * newer than the library gets the kernels of 2004 ("Prescott", without AVX): slower by far, and with one
 * thread spotrf of OpenBLAS 0.3.21 reads beyond their alignment and dies. */
const char *dense_better_kernels(void);
/* Threads that one product may use from now on; the number before. For callers that are parallel themselves.
 */
int dense_threads(int n);

/* out[j] = 1 / P[j,j]. ERR_DIVERGED: a diagonal that is not positive and finite. */
MUST_USE enum err dense_one_by_diagonal(const float *p, size_t n, float *out, struct fail *why);
/* From the upper triangle of a symmetric P, in place: B[i,j] = P[i,j]·by[j] for i ≠ j, B[j,j] = 0, both
 * triangles. */
void dense_scale_columns(float *p, size_t n, const float *by);

#endif
