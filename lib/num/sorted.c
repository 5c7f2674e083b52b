#include "num/sorted.h"

int64_t sorted_find(const int32_t *numbers, size_t n, int32_t x)
{
    size_t low = 0, high = n; /* what is before low is below x, what is from high on is not */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (numbers[middle] < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && numbers[low] == x ? (int64_t)low : -1;
}
