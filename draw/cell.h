/* What is left to mvti-draw once it has read its script and fonts' names: to compute, to read files, and to answer. */
#ifndef MVTI_DRAW_CELL_H
#define MVTI_DRAW_CELL_H

#include "base/err.h"

/* From here on, for this process and for good: no socket is made or connected, no program run, no process started or signalled,
 * nothing opened for writing, renamed, removed or made, no privilege gained. What is
 * refused fails with EPERM. Threads may begin. ERR_FAULT where the kernel cannot. */
MUST_USE enum err cell_enter(struct fail *why);

#endif
