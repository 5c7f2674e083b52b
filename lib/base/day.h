/* Days as people write them. */
#ifndef MVTI_BASE_DAY_H
#define MVTI_BASE_DAY_H

#include <stdbool.h>
#include <stdint.h>

/* "2026-11-30" at the beginning of a text: the first second of that day since 1970 UTC, and *rest is what follows. False
 * for what is written otherwise, and for a day that there is not, such as 31 February, of which timegm(3) would make another. */
bool day_read(const char *text, const char **rest, int64_t *seconds);

#endif
