#include "num/gemm.h"

#include <cblas.h>
#include <string.h>

void gemm(const struct gemm *g, const float *a, const float *b, float *out)
{
    if (g->rows == 0 || g->cols == 0)
        return;
    if (g->inner == 0) {
        if (!g->add)
            memset(out, 0, g->rows * g->cols * sizeof *out);
        return;
    }
    int lda = (int)(g->a_transposed ? g->rows : g->inner), ldb = (int)(g->b_transposed ? g->inner : g->cols);
    cblas_sgemm(CblasRowMajor, g->a_transposed ? CblasTrans : CblasNoTrans,
                g->b_transposed ? CblasTrans : CblasNoTrans, (int)g->rows, (int)g->cols, (int)g->inner, 1, a,
                lda, b, ldb, g->add ? 1 : 0, out, (int)g->cols);
}
