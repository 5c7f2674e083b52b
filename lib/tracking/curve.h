/* A run's figures by epoch as a picture (SVG): the loss, and how good the model was on what was held out. */
#ifndef MVTI_TRACKING_CURVE_H
#define MVTI_TRACKING_CURVE_H

#include <stdbool.h>

#include "base/buf.h"
#include "store/training_run.h"

/* Two panels, of the points called loss and of those called ndcg.10, hit.10 and recall.10, each with or without the name
 * of a member before it ("recvae.loss"). False, and out empty: there are no two points of one name, or memory is out. */
bool curve_draw(struct buf *out, const struct training_run *run);

#endif
