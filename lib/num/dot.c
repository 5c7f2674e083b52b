#include "num/dot.h"

#include "num/cpu.h"
#include "num/dot_product.inc"

enum { AHEAD = 4 };

CPU_INLINE void all(const float *rows, size_t d, const int32_t *index, size_t n, const float *query,
                    float *out)
{
    for (size_t i = 0; i < n; i++) {
        if (index != NULL && i + AHEAD < n)
            for (size_t line = 0; line < d; line += 64 / sizeof(float))
                __builtin_prefetch(rows + (size_t)index[i + AHEAD] * d + line);
        out[i] = dot_product(rows + (index == NULL ? i : (size_t)index[i]) * d, query, d);
    }
}

CPU_TO_AVX2(void, dot_rows, all,
            (const float *rows, size_t d, const int32_t *index, size_t n, const float *query, float *out),
            (rows, d, index, n, query, out))
