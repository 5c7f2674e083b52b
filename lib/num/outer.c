#include "num/outer.h"

enum { LANES = 16, SPAN = 4 * LANES, GROUP = 8, LINE = 64 / sizeof(float) };

#define INLINE static inline __attribute__((always_inline))

/* One register of AVX-512, two of AVX2, four of SSE: said outright, for the compiler makes scalars of loops.
 */
typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

/* The same where it lies in memory, with a float's alignment. No function, for its result would need a
 * register that not every processor has. */
typedef float stored __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float)), may_alias));
#define AT(p) (*(const stored *)(p))

/* The lanes are joined in one order, whatever the width of a register. */
INLINE float dot(const float *a, const float *b, size_t d)
{
    lanes even = {0}, odd = {0};
    float rest = 0;
    size_t i = 0;
    for (; i + 2 * LANES <= d; i += 2 * LANES) {
        even += AT(a + i) * AT(b + i);
        odd += AT(a + i + LANES) * AT(b + i + LANES);
    }
    for (; i < d; i++)
        rest += a[i] * b[i];
    even += odd;
    for (size_t half = LANES / 2; half > 0; half /= 2)
        for (size_t c = 0; c < half; c++)
            even[c] += even[c + half];
    return even[0] + rest;
}

/* A group of rows, while they are in the nearest cache: first all their factors, then all that they add. */
struct group {
    const float *row[GROUP];
    float factor[GROUP];
    size_t n;
};

INLINE void add_span(const struct group *g, size_t from, float *out)
{
    lanes a = AT(out + from), b = AT(out + from + LANES), c = AT(out + from + 2 * LANES),
          d = AT(out + from + 3 * LANES);
    for (size_t i = 0; i < g->n; i++) {
        const float *row = g->row[i] + from;
        a += g->factor[i] * AT(row);
        b += g->factor[i] * AT(row + LANES);
        c += g->factor[i] * AT(row + 2 * LANES);
        d += g->factor[i] * AT(row + 3 * LANES);
    }
    *(stored *)(out + from) = a;
    *(stored *)(out + from + LANES) = b;
    *(stored *)(out + from + 2 * LANES) = c;
    *(stored *)(out + from + 3 * LANES) = d;
}

INLINE void add_group(const struct group *g, size_t d, float *out)
{
    size_t from = 0;
    for (; from + SPAN <= d; from += SPAN)
        add_span(g, from, out);
    for (size_t i = 0; i < g->n; i++)
        for (size_t c = from; c < d; c++)
            out[c] += g->factor[i] * g->row[i][c];
}

INLINE void outer(const float *rows, size_t d, const int32_t *index, size_t n, const float *v, float bias,
                  float by, float *restrict out)
{
    for (size_t at = 0; at < n; at += GROUP) {
        struct group g = {.n = n - at < GROUP ? n - at : GROUP};
        for (size_t i = 0; i < g.n; i++) {
            if (at + i + GROUP < n)
                for (size_t c = 0; c < d; c += LINE)
                    __builtin_prefetch(rows + (size_t)index[at + i + GROUP] * d + c);
            g.row[i] = rows + (size_t)index[at + i] * d;
            g.factor[i] = bias + by * dot(g.row[i], v, d);
        }
        add_group(&g, d, out);
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void outer_avx2(const float *rows, size_t d, const int32_t *index,
                                                       size_t n, const float *v, float bias, float by,
                                                       float *out)
{
    outer(rows, d, index, n, v, bias, by, out);
}

__attribute__((target("avx512f"))) static void outer_avx512(const float *rows, size_t d, const int32_t *index,
                                                            size_t n, const float *v, float bias, float by,
                                                            float *out)
{
    outer(rows, d, index, n, v, bias, by, out);
}
#endif

void outer_add(const float *rows, size_t d, const int32_t *index, size_t n, const float *v, float bias,
               float by, float *out)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f")) {
        outer_avx512(rows, d, index, n, v, bias, by, out);
        return;
    }
    if (__builtin_cpu_supports("avx2")) {
        outer_avx2(rows, d, index, n, v, bias, by, out);
        return;
    }
#endif
    outer(rows, d, index, n, v, bias, by, out);
}
