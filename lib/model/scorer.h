/* What every model can do: give each item a score from a list of items that a person is known to like. */
#ifndef MVTI_MODEL_SCORER_H
#define MVTI_MODEL_SCORER_H

#include <stddef.h>
#include <stdint.h>

struct scorer {
    /* Fills scores[n_items] from history[n] (item indexes below n_items, distinct; n may be 0). Scores may be
     * negative; the history's own items are scored like others, the caller masks them with −inf. Const and
     * safe in several threads. */
    void (*score)(const float *weights, size_t n_items, const int32_t *history, size_t n, float *scores);
    const float *weights; /* borrowed; the shape is the model's */
    size_t n_items;
};

#endif
