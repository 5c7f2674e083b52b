/* Popularity, the baseline that every other model should beat: everybody gets the items that most people like. */
#ifndef MVTI_MODEL_POPULARITY_H
#define MVTI_MODEL_POPULARITY_H

#include <stddef.h>
#include <stdint.h>

/* scores[j] = weights[j], the number of users who like item j; both are [n_items]. The history is ignored. */
void popularity_score(const float *weights, size_t n_items, const int32_t *history, size_t n, float *scores);

#endif
