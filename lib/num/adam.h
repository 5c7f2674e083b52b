/* Adam (D. Kingma, J. Ba, ICLR 2015), with bias correction and without weight decay:
 *   m = β₁m + (1−β₁)g,  v = β₂v + (1−β₂)g²,  θ −= rate · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)
 * The moments belong to the caller, who may keep them in a checkpoint. */
#ifndef MVTI_NUM_ADAM_H
#define MVTI_NUM_ADAM_H

#include <stddef.h>
#include <stdint.h>

struct adam {
    double rate;         /* such as 1e-3 */
    double beta1, beta2; /* 0.9 and 0.999; adam_init sets them */
    double epsilon;      /* 1e-8 */
    uint64_t t;          /* steps taken */
    float scale, root;   /* of this step: rate/(1−β₁ᵗ) and 1/√(1−β₂ᵗ) */
};

void adam_init(struct adam *a, double rate);
/* Begins step t + 1: once before the updates of a step, which may then run in several threads. */
void adam_begin(struct adam *a);
/* Updates n parameters and their moments m and v from their gradient. No aliasing. */
void adam_update(const struct adam *a, float *restrict theta, float *restrict m, float *restrict v,
                 const float *restrict gradient, size_t n);

#endif
