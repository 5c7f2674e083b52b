#include "num/hop.h"

#include <stdbool.h>

#include "num/cpu.h"

enum { SPAN = 64, AHEAD = 6 };

/* The neighbours of a node: rows first + col[0…n) of the input. */
struct neighbours {
    const int32_t *col;
    size_t n, first;
};

/* Neighbours lie anywhere in memory: the rows of those that come AHEAD steps later are asked for now. */
CPU_INLINE void prefetch(const struct hop *h, const struct neighbours *at, size_t i, size_t from)
{
    if (i + AHEAD >= at->n)
        return;
    const float *soon = h->in + (at->first + (size_t)at->col[i + AHEAD]) * h->width + from;
    for (size_t line = 0; line < SPAN; line += 16)
        __builtin_prefetch(soon + line);
}

/* Columns from … from + SPAN − 1: the sum stays in registers. */
CPU_INLINE void sum_span(const struct hop *h, const struct neighbours *at, float factor, size_t from,
                         float *out)
{
    float sum[SPAN] = {0};
    for (size_t i = 0; i < at->n; i++) {
        size_t w = at->first + (size_t)at->col[i];
        prefetch(h, at, i, from);
        if (h->sparse != NULL && h->sparse[w] == 0)
            continue;
        const float *row = h->in + w * h->width + from;
        float s = h->source[w];
        for (size_t c = 0; c < SPAN; c++)
            sum[c] += s * row[c];
    }
    for (size_t c = 0; c < SPAN; c++)
        out[from + c] = factor * sum[c];
}

CPU_INLINE void sum_rest(const struct hop *h, const struct neighbours *at, float factor, size_t from,
                         float *out)
{
    size_t n = h->width - from;
    float sum[SPAN] = {0};
    for (size_t i = 0; i < at->n; i++) {
        size_t w = at->first + (size_t)at->col[i];
        if (h->sparse != NULL && h->sparse[w] == 0)
            continue;
        const float *row = h->in + w * h->width + from;
        for (size_t c = 0; c < n; c++)
            sum[c] += h->source[w] * row[c];
    }
    for (size_t c = 0; c < n; c++)
        out[from + c] = factor * sum[c];
}

CPU_INLINE void sum_row(const struct hop *h, const struct neighbours *at, float factor, float *out)
{
    size_t from = 0;
    for (; from + SPAN <= h->width; from += SPAN)
        sum_span(h, at, factor, from, out);
    if (from < h->width)
        sum_rest(h, at, factor, from, out);
}

static void widest_row(const struct hop *h, const struct neighbours *at, float factor, float *out);
CPU_TO_AVX512(void, widest_row, sum_row,
              (const struct hop *h, const struct neighbours *at, float factor, float *out),
              (h, at, factor, out))

void hop_row(const struct hop *h, size_t node, float *restrict out)
{
    size_t users = h->x->n_rows;
    bool user = node < users;
    const struct csr *side = user ? h->x : h->xt;
    size_t row = user ? node : node - users;
    const struct neighbours at = {csr_row(side, row), csr_row_count(side, row), user ? users : 0};
    widest_row(h, &at, h->target[node], out);
}
