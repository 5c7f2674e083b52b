#include "limit.h"

#include <stdio.h>
#include <string.h>

bool limit_take(struct limit *l, const char *address, int most, double seconds, double now)
{
    size_t oldest = 0;
    for (size_t i = 0; i < LIMIT_ADDRESSES; i++) {
        if (strncmp(l->rows[i].address, address, LIMIT_ADDRESS_CHARS - 1) == 0) {
            oldest = i;
            break;
        }
        if (l->rows[i].address[0] == '\0' || l->rows[i].since < l->rows[oldest].since)
            oldest = i;
    }
    if (strncmp(l->rows[oldest].address, address, LIMIT_ADDRESS_CHARS - 1) != 0 ||
        now - l->rows[oldest].since >= seconds) {
        snprintf(l->rows[oldest].address, LIMIT_ADDRESS_CHARS, "%s", address);
        l->rows[oldest].since = now;
        l->rows[oldest].n = 0;
    }
    return ++l->rows[oldest].n <= most;
}
