/* EASE, inference (H. Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019): scores are
 * linear in the history, s(j) = Σ_{i ∈ history} B[i,j], so the share of a history item in a score is exact.
 */
#ifndef MVTI_MODEL_EASE_H
#define MVTI_MODEL_EASE_H

#include <stddef.h>
#include <stdint.h>

/* scores[n_items] = sum of the history's rows of weights [n_items × n_items], row-major, row = history item.
 * O(n · n_items), reads only the rows needed. Sums in the history's order: the same
 * history in the same order gives the same bits. */
void ease_score(const float *weights, size_t n_items, const int32_t *history, size_t n, float *scores);

#endif
