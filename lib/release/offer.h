/* What this host offers to others: offer_dir holds a signed manifest, the pieces of the snapshot that it names, and the file
 * of experiments, each under its hash.
 *
 * A web server shows the folder to other hosts (nginx/offer.conf), or something copies it to them: files are never changed, and the
 * manifest is written last. What the manifest before named stays until the next, for who is in the middle of it. */
#ifndef MVTI_RELEASE_OFFER_H
#define MVTI_RELEASE_OFFER_H

#include "base/config.h"
#include "base/err.h"

enum offer_outcome {
    OFFER_NONE, /* the setting offer_dir is empty */
    OFFER_SAME,
    OFFER_NEW,
};

/* Makes the offer what state_dir serves now: the live snapshot, and the file of experiments. After every change of either. The
 * folder must be there. ERR_NOT_FOUND: nothing is live; ERR_INVALID: the key; ERR_IO; ERR_NOMEM. */
MUST_USE enum err offer_update(const struct config *c, enum offer_outcome *out, struct fail *why);

#endif
