/* The exponential function of many floats at once: what softmax, swish and mixtures of normals spend their
 * time on. A polynomial after Cody–Waite reduction, without branches, so that it vectorises (AVX2 where the
 * processor has it, with the same roundings). Within 2 units in the last place; NaN stays NaN; below −87.3 it
 * is 0, above 88.3 infinity. No BLAS: workers use it too. Any n. */
#ifndef MVTI_NUM_EXP_H
#define MVTI_NUM_EXP_H

#include <stddef.h>

/* y[i] = e^(by·x[i]); y may be x. */
void exp_each(const float *x, float by, float *y, size_t n);
/* x[i] = e^(x[i] − shift); returns their sum, in an order fixed by n. */
double exp_sum(float *x, float shift, size_t n);

#endif
