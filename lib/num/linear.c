#include "num/linear.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = 64 };

static float *zeros(size_t panels, size_t inner)
{
    size_t n;
    if (__builtin_mul_overflow(panels, inner, &n) || n > SIZE_MAX / WIDE_COLS / sizeof(float))
        return NULL;
    size_t bytes = n * WIDE_COLS * sizeof(float);
    float *p = aligned_alloc(ALIGN, bytes);
    return p == NULL ? NULL : memset(p, 0, bytes);
}

bool linear_open(struct linear *l, size_t inner, size_t cols)
{
    size_t panels = (cols + WIDE_COLS - 1) / WIDE_COLS;
    *l = (struct linear){.inner = inner, .cols = cols};
    l->packed = zeros(panels, inner);
    l->bias = zeros(panels, 1);
    if (l->packed != NULL && l->bias != NULL)
        return true;
    linear_close(l);
    return false;
}

void linear_close(struct linear *l)
{
    free(l->packed);
    free(l->bias);
    *l = (struct linear){0};
}

void linear_put(struct linear *l, size_t col, const float *w, float bias)
{
    float *to = l->packed + col / WIDE_COLS * l->inner * WIDE_COLS + col % WIDE_COLS;
    for (size_t k = 0; k < l->inner; k++)
        to[k * WIDE_COLS] = w[k];
    l->bias[col] = bias;
}

size_t linear_scratch(size_t inner, size_t rows)
{
    return inner * (rows + WIDE_ROWS_MAX);
}

typedef float four __attribute__((vector_size(4 * sizeof(float))));

/* Four rows of four numbers, turned: out[k·block + r] = x[r·step + k]. */
static inline void turn(const float *x, size_t step, size_t block, float *out)
{
    four a, b, c, d;
    memcpy(&a, x, sizeof a);
    memcpy(&b, x + step, sizeof b);
    memcpy(&c, x + 2 * step, sizeof c);
    memcpy(&d, x + 3 * step, sizeof d);
    four low = __builtin_shufflevector(a, b, 0, 4, 1, 5), high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    four low2 = __builtin_shufflevector(c, d, 0, 4, 1, 5), high2 = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    const four turned[] = {
        __builtin_shufflevector(low, low2, 0, 1, 4, 5), __builtin_shufflevector(low, low2, 2, 3, 6, 7),
        __builtin_shufflevector(high, high2, 0, 1, 4, 5), __builtin_shufflevector(high, high2, 2, 3, 6, 7)};
    for (size_t k = 0; k < 4; k++)
        memcpy(out + k * block, &turned[k], sizeof turned[k]);
}

/* n ≤ block rows. What turning by fours leaves is moved one by one. */
static void pack_block(const float *x, size_t step, size_t n, size_t inner, size_t block, float *out)
{
    size_t rows = n / 4 * 4, most = inner / 4 * 4;
    for (size_t k = 0; k < most; k += 4)
        for (size_t r = 0; r < rows; r += 4)
            turn(x + r * step + k, step, block, out + k * block + r);
    for (size_t r = 0; r < n; r++)
        for (size_t k = r < rows ? most : 0; k < inner; k++)
            out[k * block + r] = x[r * step + k];
}

void linear_pack_rows(const float *x, size_t step, size_t rows, size_t inner, size_t block, float *out)
{
    for (size_t from = 0; from < rows; from += block, out += inner * block) {
        size_t n = rows - from < block ? rows - from : block;
        if (n < block)
            memset(out, 0, inner * block * sizeof *out);
        pack_block(x + from * step, step, n, inner, block, out);
    }
}

void linear_apply(const struct linear *l, const struct wide *way, const struct linear_rows *r)
{
    linear_pack_rows(r->x, l->inner, r->rows, l->inner, way->rows, r->scratch);
    for (size_t col = 0; col < l->cols; col += WIDE_COLS) {
        struct wide_block p = {.a_step = way->rows,
                               .b = l->packed + col * l->inner,
                               .b_step = WIDE_COLS,
                               .bias = l->bias + col,
                               .inner = l->inner,
                               .out_step = l->cols,
                               .cols = l->cols - col < WIDE_COLS ? l->cols - col : WIDE_COLS,
                               .then = r->then};
        for (size_t row = 0; row < r->rows; row += way->rows) {
            p.a = r->scratch + row * l->inner;
            p.rows = r->rows - row < way->rows ? r->rows - row : way->rows;
            p.out = r->out + row * l->cols + col;
            way->product(&p);
        }
    }
}
