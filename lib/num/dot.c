#include "num/dot.h"

enum { LANES = 32, AHEAD = 4 };

#define INLINE static inline __attribute__((always_inline))

/* 32 sums at a time: four registers of eight, which hides the latency of addition. */
INLINE float dot(const float *a, const float *b, size_t d)
{
    float part[LANES] = {0};
    size_t i = 0;
    for (; i + LANES <= d; i += LANES)
        for (size_t c = 0; c < LANES; c++)
            part[c] += a[i + c] * b[i + c];
    for (size_t c = 0; c < LANES / 2; c++)
        part[c] += part[c + LANES / 2];
    for (size_t c = 0; c < LANES / 4; c++)
        part[c] += part[c + LANES / 4];
    float sum = ((part[0] + part[4]) + (part[2] + part[6])) + ((part[1] + part[5]) + (part[3] + part[7]));
    for (; i < d; i++)
        sum += a[i] * b[i];
    return sum;
}

INLINE void all(const float *rows, size_t d, const int32_t *index, size_t n, const float *query, float *out)
{
    for (size_t i = 0; i < n; i++) {
        if (index != NULL && i + AHEAD < n)
            for (size_t line = 0; line < d; line += 64 / sizeof(float))
                __builtin_prefetch(rows + (size_t)index[i + AHEAD] * d + line);
        out[i] = dot(rows + (index == NULL ? i : (size_t)index[i]) * d, query, d);
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void rows_avx2(const float *rows, size_t d, const int32_t *index,
                                                      size_t n, const float *query, float *out)
{
    all(rows, d, index, n, query, out);
}
#endif

void dot_rows(const float *rows, size_t d, const int32_t *index, size_t n, const float *query, float *out)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) {
        rows_avx2(rows, d, index, n, query, out);
        return;
    }
#endif
    all(rows, d, index, n, query, out);
}
