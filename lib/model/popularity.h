/* Popularity: the baseline that every other model has to beat. Everyone gets the items that most people like.
 */
#ifndef MVTI_MODEL_POPULARITY_H
#define MVTI_MODEL_POPULARITY_H

#include <stddef.h>
#include <stdint.h>

/* scores[j] = weights[j], whatever the history: the number of users who like item j.
 */
void popularity_score(const float *weights, size_t n_items, const int32_t *history, size_t n, float *scores);

#endif
