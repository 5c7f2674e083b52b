/* Who opened what a snapshot showed them: a live look at events, for a window of minutes or hours. */
#ifndef MVTI_STORE_VIEW_OPENS_H
#define MVTI_STORE_VIEW_OPENS_H

#include <stdint.h>

#include "store/db.h"

struct view_opens_side {
    int64_t visitors; /* who were shown a card */
    int64_t opened;   /* of them, who opened one */
};

struct view_opens {
    struct view_opens_side own;    /* of the lists that one snapshot made */
    struct view_opens_side others; /* and that any other did */
};

/* Of the last seconds, by the database's clock, and of a snapshot by its id. A visitor of both sides counts on both. Cost: a pass over the events of the
 * window. */
MUST_USE enum err view_opens_read(struct db *db, const char *snapshot, int64_t seconds,
                                  struct view_opens *out, struct fail *why);

#endif
