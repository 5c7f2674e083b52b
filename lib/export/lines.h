/* A batch as text: one line a row. */
#ifndef MVTI_EXPORT_LINES_H
#define MVTI_EXPORT_LINES_H

#include "base/buf.h"
#include "export/batch.h"

/* CSV (RFC 4180, lines end with LF) with a line of names. NULL is nothing, an empty text is "". Times are UTC, 2026-05-01 12:00:00.123000. */
MUST_USE enum err lines_csv(struct buf *out, const struct batch *b);
/* JSON Lines (https://jsonlines.org): an object a row, every column in it, times as in CSV. */
MUST_USE enum err lines_json(struct buf *out, const struct batch *b);

#endif
