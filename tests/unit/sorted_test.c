#include "num/sorted.h"

#include "tests/check.h"

/* The twin looks at all. */
static int64_t naive(const int32_t *numbers, size_t n, int32_t x)
{
    for (size_t i = 0; i < n; i++)
        if (numbers[i] == x)
            return (int64_t)i;
    return -1;
}

static void every_number_is_found_and_no_other(void)
{
    static const int32_t numbers[] = {INT32_MIN, -7, -1, 0, 1, 2, 3, 8, 21, 22, INT32_MAX};
    for (size_t n = 0; n <= sizeof numbers / sizeof *numbers; n++) {
        for (int32_t x = -9; x <= 24; x++)
            CHECK_INT(sorted_find(numbers, n, x), naive(numbers, n, x));
        CHECK_INT(sorted_find(numbers, n, INT32_MIN), naive(numbers, n, INT32_MIN));
        CHECK_INT(sorted_find(numbers, n, INT32_MAX), naive(numbers, n, INT32_MAX));
    }
}

int main(void)
{
    RUN(every_number_is_found_and_no_other);
    return check_done();
}
