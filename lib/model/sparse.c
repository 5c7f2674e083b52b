#include "model/sparse.h"

#include <string.h>

#include "num/sorted.h"

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
    int64_t at = sorted_find(csr_row(&s->links, (size_t)from), csr_row_count(&s->links, (size_t)from), to);
    return at >= 0 ? s->strength[s->links.start[from] + (uint64_t)at] : 0;
}
