/* SVG to PNG: librsvg, Cairo and, for text, Pango; the only place that knows them. */
#ifndef MVTI_DRAW_CANVAS_H
#define MVTI_DRAW_CANVAS_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum { CANVAS_MOST = 4096 };

/* Appends the picture, in the size that the SVG itself names, at most CANVAS_MOST each way. ERR_INVALID for what is no such SVG,
 * ERR_NOMEM. */
MUST_USE enum err canvas_png(const struct buf *svg, struct buf *png, struct fail *why);

#endif
