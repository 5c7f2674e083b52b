#include "num/kernel.h"

#include <math.h>

#include "num/dot_product.inc"

float kernel_dot(const float *a, const float *b, size_t n)
{
    return dot_product(a, b, n);
}

void kernel_axpy(float *restrict y, float alpha, const float *restrict x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] += alpha * x[i];
}

bool kernel_within(const float *x, size_t n, float limit)
{
    bool ok = true;
    for (size_t i = 0; i < n; i++)
        ok &= fabsf(x[i]) <= limit; /* no branch, so that it vectorises */
    return ok;
}

/* Row i of the factor L, from the rows above it. */
static bool factor_row(float *a, size_t d, size_t i)
{
    for (size_t j = 0; j < i; j++)
        a[i * d + j] = (a[i * d + j] - kernel_dot(a + i * d, a + j * d, j)) / a[j * d + j];
    float pivot = a[i * d + i] - kernel_dot(a + i * d, a + i * d, i);
    if (!(pivot > 0) || !isfinite(pivot))
        return false;
    a[i * d + i] = sqrtf(pivot);
    return true;
}

bool kernel_solve(float *a, float *b, size_t d)
{
    for (size_t i = 0; i < d; i++) {
        if (!factor_row(a, d, i))
            return false;
        b[i] = (b[i] - kernel_dot(a + i * d, b, i)) / a[i * d + i];
    }
    for (size_t i = d; i-- > 0;) {
        b[i] /= a[i * d + i];
        kernel_axpy(b, -b[i], a + i * d, i); /* column i of Lᵀ is row i of L */
    }
    return true;
}
