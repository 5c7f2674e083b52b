#include "num/wide.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "num/cpu.h"

/* Any processor: vectors of four, which compilers know how to cut for what there is. */
typedef float plain_v __attribute__((vector_size(16)));
typedef int32_t plain_vi __attribute__((vector_size(16)));

static inline plain_v plain_max(plain_v a, plain_v b)
{
    for (int i = 0; i < 4; i++)
        a[i] = a[i] > b[i] ? a[i] : b[i];
    return a;
}

static inline plain_v plain_min(plain_v a, plain_v b)
{
    for (int i = 0; i < 4; i++)
        a[i] = a[i] < b[i] ? a[i] : b[i];
    return a;
}

#define TARGET
#define NAME(x) plain_##x
#define V plain_v
#define VI plain_vi
#define LANES 4
#define ROWS 1
#define V_SET(x) ((plain_v){(x), (x), (x), (x)})
#define V_FMA(a, b, c) ((a) * (b) + (c))
#define V_MAX(a, b) plain_max(a, b)
#define V_MIN(a, b) plain_min(a, b)
#include "num/wide_kernels.inc"
#undef TARGET
#undef NAME
#undef V
#undef VI
#undef LANES
#undef ROWS
#undef V_SET
#undef V_FMA
#undef V_MAX
#undef V_MIN

#if defined(__x86_64__)
#include <immintrin.h>

typedef int32_t avx2_vi __attribute__((vector_size(32)));
typedef int32_t avx512_vi __attribute__((vector_size(64)));

#define TARGET __attribute__((target("avx2,fma")))
#define NAME(x) avx2_##x
#define V __m256
#define VI avx2_vi
#define LANES 8
#define ROWS 3
#define V_SET(x) _mm256_set1_ps(x)
#define V_FMA(a, b, c) _mm256_fmadd_ps(a, b, c)
#define V_MAX(a, b) _mm256_max_ps(a, b)
#define V_MIN(a, b) _mm256_min_ps(a, b)
#include "num/wide_kernels.inc"
#undef TARGET
#undef NAME
#undef V
#undef VI
#undef LANES
#undef ROWS
#undef V_SET
#undef V_FMA
#undef V_MAX
#undef V_MIN

#define TARGET __attribute__((target("avx512f")))
#define NAME(x) avx512_##x
#define V __m512
#define VI avx512_vi
#define LANES 16
#define ROWS 12
#define V_SET(x) _mm512_set1_ps(x)
#define V_FMA(a, b, c) _mm512_fmadd_ps(a, b, c)
#define V_MAX(a, b) _mm512_max_ps(a, b)
#define V_MIN(a, b) _mm512_min_ps(a, b)
#include "num/wide_kernels.inc"

#endif

static const struct wide ways[] = {
#if defined(__x86_64__)
    {"avx512", 12, avx512_product, avx512_softmax, avx512_norm},
    {"avx2", 3, avx2_product, avx2_softmax, avx2_norm},
#endif
    {"plain", 1, plain_product, plain_softmax, plain_norm},
};

enum { N_WAYS = sizeof ways / sizeof *ways };

static bool can_go(const struct wide *way)
{
    return way->rows == 12 ? CPU_HAS_AVX512 : way->rows == 3 ? CPU_HAS_AVX2 && CPU_HAS_FMA : true;
}

const struct wide *wide_way(size_t i)
{
    for (size_t w = 0; w < N_WAYS; w++)
        if (can_go(&ways[w]) && i-- == 0)
            return &ways[w];
    return NULL;
}
