#include "num/attention.h"

#include <math.h>

#include "num/linear.h"

/* Scores are held by keys × queries, WIDE_COLS queries at a time: then a softmax goes down the columns,
 * without a sum across a register, and its result is what the product with V reads as its left side. */
struct head {
    const struct attention *at;
    const struct wide *way;
    const float *q, *k, *v; /* [n × width], `step` from token to token */
    size_t step;
    float *keys;    /* [⌈n/rows⌉ × width × rows] */
    float *queries; /* [width × WIDE_COLS] */
    float *scores;  /* [n × WIDE_COLS], and WIDE_ROWS_MAX more */
};

size_t attention_scratch(size_t n, size_t width)
{
    return (n + WIDE_ROWS_MAX) * width + width * WIDE_COLS + n * WIDE_COLS + WIDE_ROWS_MAX;
}

static void score(const struct head *h)
{
    size_t n = h->at->n, width = h->at->width, block = h->way->rows;
    for (size_t row = 0; row < n; row += block)
        h->way->product(&(struct wide_block){.a = h->keys + row * width,
                                             .a_step = block,
                                             .b = h->queries,
                                             .b_step = WIDE_COLS,
                                             .inner = width,
                                             .out = h->scores + row * WIDE_COLS,
                                             .out_step = WIDE_COLS,
                                             .rows = n - row < block ? n - row : block,
                                             .cols = WIDE_COLS});
}

static void mix(const struct head *h, size_t n_queries, float *out, size_t out_step)
{
    size_t width = h->at->width, block = h->way->rows;
    for (size_t col = 0; col < width; col += WIDE_COLS)
        for (size_t row = 0; row < n_queries; row += block)
            h->way->product(&(struct wide_block){.a = h->scores + row,
                                                 .a_step = WIDE_COLS,
                                                 .b = h->v + col,
                                                 .b_step = h->step,
                                                 .inner = h->at->n,
                                                 .out = out + row * out_step + col,
                                                 .out_step = out_step,
                                                 .rows = n_queries - row < block ? n_queries - row : block,
                                                 .cols = width - col < WIDE_COLS ? width - col : WIDE_COLS});
}

void attention_apply(const struct attention *at, const struct wide *way)
{
    size_t all = at->heads * at->width;
    struct head h = {.at = at, .way = way, .step = 3 * all, .keys = at->scratch};
    h.queries = h.keys + (at->n + WIDE_ROWS_MAX) * at->width;
    h.scores = h.queries + at->width * WIDE_COLS;
    float scale = 1 / sqrtf((float)at->width);
    for (size_t i = 0; i < at->heads; i++) {
        h.q = at->qkv + i * at->width;
        h.k = h.q + all;
        h.v = h.k + all;
        linear_pack_rows(h.k, h.step, at->n, at->width, way->rows, h.keys);
        for (size_t from = 0; from < at->n; from += WIDE_COLS) {
            size_t n = at->n - from < WIDE_COLS ? at->n - from : WIDE_COLS;
            linear_pack_rows(h.q + from * h.step, h.step, n, at->width, WIDE_COLS, h.queries);
            score(&h);
            way->softmax(h.scores, at->n, scale);
            mix(&h, n, at->out + from * all + i * at->width, all);
        }
    }
}
