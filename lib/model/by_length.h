/* EASE with four item-item matrices, each for a different length of history: three chosen films carry less information
 * than ten, and need more regularisation. The number of given films that the model knows selects the matrix, so
 * all scores of one visitor are sums over the history, as with EASE. */
#ifndef MVTI_MODEL_BY_LENGTH_H
#define MVTI_MODEL_BY_LENGTH_H

#include <stddef.h>
#include <stdint.h>

#include "model/scorer.h"

enum { BY_LENGTH = 4 };

/* The matrix for histories of n items: 0 up to 3, 1 up to 7, 2 up to 14, else 3. They are trained for 3, 5, 10 and 20
 * items; the boundaries are the geometric means of these, and 3 between the first two. */
size_t by_length_matrix(size_t n);
/* Shape of scorer.score: weights [BY_LENGTH × n_items × n_items], row = history item. O(n · n_items). */
void by_length_score(const struct scorer *s, const int32_t *history, size_t n, float *scores);
/* The scorer of the matrix for histories of n items, for scorer.link, which is not told the length of the history. */
struct scorer by_length_of(const struct scorer *s, size_t n);

#endif
