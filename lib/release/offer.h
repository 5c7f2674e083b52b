/* What this host offers to others: offer_dir holds a signed manifest, the pieces of the snapshot that it names, and the file
 * of experiments, each under its hash.
 *
 * A web server shows the folder to other hosts (nginx/offer.conf), or something copies it to them: files are never changed, and the
 * manifest is written last. What the manifest before named stays until the next, for who is in the middle of it. */
#ifndef MVTI_RELEASE_OFFER_H
#define MVTI_RELEASE_OFFER_H

#include <stdint.h>

#include "base/config.h"
#include "base/err.h"
#include "publish/snapshot_folder.h"

enum offer_outcome {
    OFFER_NONE, /* the setting offer_dir is empty */
    OFFER_SAME,
    OFFER_NEW,
};

/* Seconds that hosts need at most to hear of an offer (mvti-pull.timer), and to switch together to what they have already. */
enum { OFFER_HEARD = 75 };

/* What is offered, and not live on all hosts yet. */
struct offer_waiting {
    char name[SNAPSHOT_NAME]; /* of the snapshot's file */
    int64_t since, switch_at; /* seconds since 1970 UTC: when it was offered, and when all hosts switch */
};

/* Makes the offer what state_dir serves now: the live snapshot, and the file of experiments. After every change of either. The
 * folder must be there. ERR_NOT_FOUND: nothing is live; ERR_INVALID: the key; ERR_IO; ERR_NOMEM. All hosts switch offer_lead_s later;
 * where the snapshot is the one before, at the moment that was said of it. */
MUST_USE enum err offer_update(const struct config *c, enum offer_outcome *out, struct fail *why);
/* ERR_NOT_FOUND: nothing waits, or its moment is so near that hosts would not hear of another offer before it. ERR_INVALID: the key. */
MUST_USE enum err offer_waiting(const struct config *c, struct offer_waiting *out, struct fail *why);

#endif
