/* Search in ascending numbers. */
#ifndef MVTI_NUM_SORTED_H
#define MVTI_NUM_SORTED_H

#include <stddef.h>
#include <stdint.h>

/* Where x stands in numbers[n], which ascend without doubles; −1: nowhere. O(log n). */
int64_t sorted_find(const int32_t *numbers, size_t n, int32_t x);

#endif
