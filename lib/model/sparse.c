#include "model/sparse.h"

#include <string.h>

void sparse_score(const struct scorer *s, const int32_t *history, size_t n, float *scores)
{
    memset(scores, 0, s->n_items * sizeof *scores);
    for (size_t h = 0; h < n; h++) {
        uint64_t end = s->links.start[history[h] + 1];
        for (uint64_t p = s->links.start[history[h]]; p < end; p++)
            scores[s->links.col[p]] += s->strength[p];
    }
}
