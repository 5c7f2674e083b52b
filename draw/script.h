/* The drawings of the pages, run on the server: one script (www/picture/build) in JavaScriptCore, the only place that knows it. */
#ifndef MVTI_DRAW_SCRIPT_H
#define MVTI_DRAW_SCRIPT_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct script;

/* Reads the script. ERR_NOT_FOUND, ERR_IO; ERR_INVALID where it does not run. script_close. */
MUST_USE enum err script_open(const char *path, struct script **out, struct fail *why);
/* Appends the SVG of `facts`, a JSON text with a NUL behind it (picture/shown.h). Each picture is drawn in a world of its own, so
 * that nothing of one reaches the next. ERR_INVALID with what the script complained of. Some 5 ms. */
MUST_USE enum err script_draw(struct script *s, const char *facts, struct buf *svg, struct fail *why);
void script_close(struct script *s);

#endif
