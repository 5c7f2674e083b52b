/* Factor models, inference: each item and each person has a vector; the score is their inner product.
 *
 * A person who was not in the training data gets the mean of the vectors of the items they like (BPR-MF,
 * LightGCN): items that are liked together have similar directions, and only the order of the scores matters,
 * not the length of the mean. iALS has an exact solution, see model/ials.h. */
#ifndef MVTI_MODEL_FACTORS_H
#define MVTI_MODEL_FACTORS_H

#include <stddef.h>
#include <stdint.h>

#include "model/scorer.h"

enum { FACTORS_MAX = 256 };

/* person[d] = mean of the rows of items [· × d] that history[n] names; zero if n is 0. */
void factors_mean(const float *items, size_t d, const int32_t *history, size_t n, float *person);
/* Implements scorer.score: weights are the items' vectors [n_items × n_factors]. n_factors ≤ FACTORS_MAX. */
void factors_score(const struct scorer *s, const int32_t *history, size_t n, float *scores);

/* Implements scorer.link: the inner product of two items' vectors. */
float factors_link(const struct scorer *s, int32_t from, int32_t to);

#endif
