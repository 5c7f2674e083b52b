/* What every fuzz target has: the function that gets the bytes, and the assertion of a property. */
#ifndef MVTI_TESTS_FUZZ_PROPERTY_H
#define MVTI_TESTS_FUZZ_PROPERTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts, which libFuzzer and the plain driver take for a failure. */
static inline void must(bool property)
{
    if (!property)
        abort();
}

#endif
