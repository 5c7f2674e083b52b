/* Compression as gzip does it (RFC 1952). */
#ifndef MVTI_BASE_GZIP_H
#define MVTI_BASE_GZIP_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends the n bytes, compressed, to out. The same bytes give the same. ERR_NOMEM; ERR_TOO_LARGE from 2 GiB on. */
MUST_USE enum err gzip_append(struct buf *out, const void *bytes, size_t n);

#endif
