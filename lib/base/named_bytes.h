/* Bytes in memory that somebody reads, and what sentences call them: the path of their file, mostly. */
#ifndef MVTI_BASE_NAMED_BYTES_H
#define MVTI_BASE_NAMED_BYTES_H

#include <stddef.h>

struct named_bytes {
    const void *at; /* [n] */
    size_t n;
    const char *name;
};

#endif
