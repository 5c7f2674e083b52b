/* Property: whatever another host says it counts, no more has failed than was asked, and nothing is below 0. */
#include <stdlib.h>
#include <string.h>

#include "metrics/metrics_told.h"
#include "tests/fuzz/property.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct metrics_told told;
    char *text = strndup((const char *)data, size);
    if (text == NULL)
        abort();
    metrics_told(&told, text, "0123456789abcdef");
    if (told.failed < 0 || told.failed > told.requests)
        abort();
    free(text);
    return 0;
}
