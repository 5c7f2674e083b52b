#include "model/popularity.h"

#include <string.h>

void popularity_score(const float *weights, size_t n_items, const int32_t *history, size_t n, float *scores)
{
    (void)history;
    (void)n;
    memcpy(scores, weights, n_items * sizeof *scores);
}
