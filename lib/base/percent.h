/* Percent-encoding (RFC 3986). */
#ifndef MVTI_BASE_PERCENT_H
#define MVTI_BASE_PERCENT_H

#include "base/buf.h"

/* Appends text encoded for a query value: all but unreserved characters. */
void percent_encode(struct buf *out, const char *text);

#endif
