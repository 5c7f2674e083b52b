#include "num/outer.h"

#include "num/cpu.h"
#include "num/dot_product.inc"

enum { LANES = 16, SPAN = 4 * LANES, GROUP = 8, LINE = 64 / sizeof(float) };

/* One register of AVX-512, two of AVX2, four of SSE. */
typedef dot_lanes lanes;
typedef dot_stored stored;
#define AT(p) DOT_AT(p)

/* A group of rows, while they are in the nearest cache: first all their factors, then all that they add. */
struct group {
    const float *row[GROUP];
    float factor[GROUP];
    size_t n;
};

CPU_INLINE void add_span(const struct group *g, size_t from, float *out)
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

CPU_INLINE void add_group(const struct group *g, size_t d, float *out)
{
    size_t from = 0;
    for (; from + SPAN <= d; from += SPAN)
        add_span(g, from, out);
    for (size_t i = 0; i < g->n; i++)
        for (size_t c = from; c < d; c++)
            out[c] += g->factor[i] * g->row[i][c];
}

CPU_INLINE void add(const struct outer *o, const float *v, float *restrict out)
{
    const float *rows = o->rows, bias = o->bias, by = o->by;
    const int32_t *index = o->index;
    size_t d = o->d, n = o->n;
    for (size_t at = 0; at < n; at += GROUP) {
        struct group g = {.n = n - at < GROUP ? n - at : GROUP};
        for (size_t i = 0; i < g.n; i++) {
            if (at + i + GROUP < n)
                for (size_t c = 0; c < d; c += LINE)
                    __builtin_prefetch(rows + (size_t)index[at + i + GROUP] * d + c);
            g.row[i] = rows + (size_t)index[at + i] * d;
            g.factor[i] = bias + by * dot_product(g.row[i], v, d);
        }
        add_group(&g, d, out);
    }
}

CPU_TO_AVX512(void, outer_add, add, (const struct outer *o, const float *v, float *out), (o, v, out))
