/* Inner loops over short float vectors, written so that the compiler vectorises them. No alignment needed;
 * any length, 0 included. The order of summation depends on n only. No BLAS: workers use them too. */
#ifndef MVTI_NUM_KERNEL_H
#define MVTI_NUM_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

/* Σ a[i]·b[i], with the roundings of dot_rows (num/dot.h). */
float kernel_dot(const float *a, const float *b, size_t n);
/* y += alpha · x; y and x do not overlap. */
void kernel_axpy(float *y, float alpha, const float *x, size_t n);
/* Is every |x[i]| ≤ limit? false for NaN. */
bool kernel_within(const float *x, size_t n, float limit);
/* Solves A·x = b in place (b becomes x) for a symmetric positive definite A [d × d], row-major, of which the
 * lower triangle is read and overwritten, by Cholesky. d³/6 multiplications: for d of some hundred at most.
 * false: A is not positive definite or not finite. */
bool kernel_solve(float *a, float *b, size_t d);

#endif
