/* How much slower than the reference machine this one is at the moment, as tests/run measures it before every
 * part (tests/harness/patience.c): whatever waits for something multiplies its seconds by it. */
#ifndef MVTI_TESTS_SLOWNESS_H
#define MVTI_TESTS_SLOWNESS_H

#include <stdlib.h>

/* At least 1. */
static inline double slowness(void)
{
    const char *text = getenv("MVTI_TEST_SLOWNESS");
    double factor = text != NULL ? strtod(text, NULL) : 1;
    return factor >= 1 ? factor : 1;
}

#endif
