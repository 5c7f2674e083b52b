/* Four item-item matrices in place of one, each for histories of another length: what three chosen films tell is
 * less than what ten do, and wants more regularisation. Which one scores is a matter of how many of the films
 * given the model knows, so within one visitor's scores everything is a sum over them as with EASE. */
#ifndef MVTI_MODEL_BY_LENGTH_H
#define MVTI_MODEL_BY_LENGTH_H

#include <stddef.h>
#include <stdint.h>

#include "model/scorer.h"

enum { BY_LENGTH = 4 };

/* The matrix for histories of n items: 0 up to 3, 1 up to 7, 2 up to 14, else 3; between 5, 10 and 20, for which they are
 * trained, the ends are the geometric means, and between 3 and 5 the shorter. */
size_t by_length_matrix(size_t n);
/* Shape of scorer.score: weights [BY_LENGTH × n_items × n_items], row = history item. O(n · n_items). */
void by_length_score(const struct scorer *s, const int32_t *history, size_t n, float *scores);
/* The scorer of one matrix alone: what scorer.link needs, which does not see how long a history is. */
struct scorer by_length_of(const struct scorer *s, size_t n);

#endif
