/* The counts of all processes (metrics.h), summed. */
#ifndef MVTI_METRICS_METRICS_READ_H
#define MVTI_METRICS_METRICS_READ_H

#include "base/buf.h"
#include "base/err.h"

/* Appends what the slots of all pools say, the folders of `folder`, whose names become the label `pool`, in the
 * text format. Files that are none of ours are left out. ERR_NOMEM; a folder that is not there says nothing.
 * Cost: a pass over the series of every slot, and sorting them. */
MUST_USE enum err metrics_read(const char *folder, struct buf *out, struct fail *why);

#endif
