/* Multi-head self-attention of one text (Vaswani et al., 2017, equation 1), every token seeing every other:
 * softmax(Q·Kᵀ/√d)·V for each head. One thread; may run in many at once. */
#ifndef MVTI_NUM_ATTENTION_H
#define MVTI_NUM_ATTENTION_H

#include <stddef.h>

#include "num/wide.h"

struct attention {
    size_t n;            /* tokens ≥ 1 */
    size_t heads, width; /* of a head */
    const float *qkv; /* [n × 3·heads·width]: Q, K, V of every head; ATTENTION_SLACK floats behind are read */
    float *out;       /* [n × heads·width] */
    float *scratch; /* [attention_scratch(n, width)] */
};

enum { ATTENTION_SLACK = WIDE_COLS };

void attention_apply(const struct attention *at, const struct wide *way);
size_t attention_scratch(size_t n, size_t width);

#endif
