#include "model/ease.h"

#include <string.h>

enum { SPAN = 4096 }; /* floats of scores that stay in the first-level cache while rows are added */

static void add_row(float *restrict scores, const float *restrict row, size_t n)
{
    for (size_t j = 0; j < n; j++)
        scores[j] += row[j];
}

/* s = Bᵀx of a binary x (Steck 2019): the rows of the chosen films, added up. */
void ease_score(const float *weights, size_t n_items, const int32_t *history, size_t n, float *scores)
{
    memset(scores, 0, n_items * sizeof *scores);
    for (size_t at = 0; at < n_items; at += SPAN) {
        size_t width = n_items - at < SPAN ? n_items - at : SPAN;
        for (size_t h = 0; h < n; h++)
            add_row(scores + at, weights + (size_t)history[h] * n_items + at, width);
    }
}
