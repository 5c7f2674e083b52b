/* Inner products of one vector with many rows: what exact search over vectors is made of. */
#ifndef MVTI_NUM_DOT_H
#define MVTI_NUM_DOT_H

#include <stddef.h>
#include <stdint.h>

/* out[i] = query · rows[index[i]] for i < n, or rows[i] where index is NULL; rows [… × d] row-major. AVX2
 * where the processor has it, with the same roundings. No alignment needed.
 */
void dot_rows(const float *rows, size_t d, const int32_t *index, size_t n, const float *query, float *out);

#endif
