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

void linear_pack_rows(const float *x, size_t step, size_t rows, size_t inner, size_t block, float *out)
{
    for (size_t from = 0; from < rows; from += block, out += inner * block) {
        size_t n = rows - from < block ? rows - from : block;
        if (n < block)
            memset(out, 0, inner * block * sizeof *out);
        for (size_t r = 0; r < n; r++)
            for (size_t k = 0; k < inner; k++)
                out[k * block + r] = x[(from + r) * step + k];
    }
}

void linear_apply(const struct linear *l, const struct wide *way, const float *x, size_t rows,
                  enum wide_then then, float *out, float *scratch)
{
    linear_pack_rows(x, l->inner, rows, l->inner, way->rows, scratch);
    for (size_t col = 0; col < l->cols; col += WIDE_COLS) {
        struct wide_block p = {.a_step = way->rows,
                               .b = l->packed + col * l->inner,
                               .b_step = WIDE_COLS,
                               .bias = l->bias + col,
                               .inner = l->inner,
                               .out_step = l->cols,
                               .cols = l->cols - col < WIDE_COLS ? l->cols - col : WIDE_COLS,
                               .then = then};
        for (size_t row = 0; row < rows; row += way->rows) {
            p.a = scratch + row * l->inner;
            p.rows = rows - row < way->rows ? rows - row : way->rows;
            p.out = out + row * l->cols + col;
            way->product(&p);
        }
    }
}
