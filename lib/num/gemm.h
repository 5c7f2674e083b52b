/* Products of dense row-major float32 matrices over OpenBLAS, for trainers; never in a worker. */
#ifndef MVTI_NUM_GEMM_H
#define MVTI_NUM_GEMM_H

#include <stdbool.h>
#include <stddef.h>

struct gemm {
    size_t rows, cols, inner; /* of the product out [rows × cols]; each at most 2³¹ − 1 */
    bool a_transposed;        /* a is [rows × inner], or stored as [inner × rows] */
    bool b_transposed;        /* b is [inner × cols], or stored as [cols × inner] */
    bool add;                 /* out += a·b instead of out = a·b */
};

/* No aliasing. inner = 0 is a product of zeros. With one thread of OpenBLAS (OPENBLAS_NUM_THREADS=1) the same
 * input gives the same bits. */
void gemm(const struct gemm *g, const float *a, const float *b, float *out);

#endif
