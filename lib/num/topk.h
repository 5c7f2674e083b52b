/* The k best of n scores. */
#ifndef MVTI_NUM_TOPK_H
#define MVTI_NUM_TOPK_H

#include <stddef.h>
#include <stdint.h>

/* Writes the indexes of the best scores to out[k], best first, equal scores by smaller index, and returns how
 * many there are: fewer than k when n is smaller or scores are −inf (masked) or NaN (never chosen). +inf is
 * an ordinary best score. O(n + hits·log k), no allocation. */
size_t topk_select(const float *scores, size_t n, size_t k, int32_t *out);

#endif
