/* Whoever needs pictures has a painter: a process of mvti-draw that is started when first asked, asked again and again, and replaced
 * when it dies or takes too long. It gets no environment and no descriptor but the one it is spoken to by (frame.h). */
#ifndef MVTI_PICTURE_PAINTER_H
#define MVTI_PICTURE_PAINTER_H

#include "base/buf.h"
#include "base/err.h"

struct painter;

/* program: path of mvti-draw; folder: what it draws with. Starts nothing yet. NULL without memory. painter_close. */
struct painter *painter_new(const char *program, const char *folder);
/* Puts the picture of `facts` (shown.h) into png, within `seconds`. ERR_UNAVAILABLE: it cannot be started or died twice; ERR_BUSY: it
 * took too long; ERR_INVALID: the script refused; ERR_NOMEM. */
MUST_USE enum err painter_draw(struct painter *p, const struct buf *facts, double seconds, struct buf *png,
                               struct fail *why);
void painter_close(struct painter *p);

#endif
