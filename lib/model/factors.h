/* Factor models, inference: one vector an item, one a person, their inner product is the score.
 *
 * A person who was not there in training gets the mean of the vectors of the items they like (BPR-MF,
 * LightGCN): what is liked together lies in one direction, so the mean points there. Only the order of the
 * scores matters, so the length of the mean does not. iALS does better, see model/ials.h. */
#ifndef MVTI_MODEL_FACTORS_H
#define MVTI_MODEL_FACTORS_H

#include <stddef.h>
#include <stdint.h>

#include "model/scorer.h"

enum { FACTORS_MAX = 256 };

/* person[d] = mean of the history's vectors, zero without history. */
void factors_mean(const float *items, size_t d, const int32_t *history, size_t n, float *person);
/* Shape of scorer.score: weights are the items [n_items × n_factors]. n_factors ≤ FACTORS_MAX. */
void factors_score(const struct scorer *s, const int32_t *history, size_t n, float *scores);

/* Shape of scorer.link: the inner product of two items' vectors. */
float factors_link(const struct scorer *s, int32_t from, int32_t to);

#endif
