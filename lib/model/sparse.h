/* Sparse item-item models (item-kNN, ADMM-SLIM), inference: as with EASE, scores are linear in the history,
 * s(j) = Σ_{i ∈ history} W[i,j], so the share of a history item in a score is exact. */
#ifndef MVTI_MODEL_SPARSE_H
#define MVTI_MODEL_SPARSE_H

#include <stddef.h>
#include <stdint.h>

#include "model/scorer.h"

/* Implements scorer.score, with s->links and s->strength. O(n_items + links of the history). Sums in the
 * history's order: the same history in the same order gives the same bits. */
void sparse_score(const struct scorer *s, const int32_t *history, size_t n, float *scores);
/* Implements scorer.link: W[from, to], 0 where nothing is stored. O(log(links of from)). */
float sparse_link(const struct scorer *s, int32_t from, int32_t to);

#endif
