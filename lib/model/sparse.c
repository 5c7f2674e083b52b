#include "model/sparse.h"

#include <string.h>

/* s_j = Σ_i B[i,j] over the history: only the rows that are stored. */
void sparse_score(const struct scorer *s, const int32_t *history, size_t n, float *scores)
{
    memset(scores, 0, s->n_items * sizeof *scores);
    for (size_t h = 0; h < n; h++) {
        uint64_t end = s->links.start[history[h] + 1];
        for (uint64_t p = s->links.start[history[h]]; p < end; p++)
            scores[s->links.col[p]] += s->strength[p];
    }
}

float sparse_link(const struct scorer *s, int32_t from, int32_t to)
{
    const int32_t *col = s->links.col;
    uint64_t lo = s->links.start[from], end = s->links.start[from + 1], hi = end;
    while (lo < hi) {
        uint64_t mid = lo + (hi - lo) / 2;
        if (col[mid] < to)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < end && col[lo] == to ? s->strength[lo] : 0;
}
