/* How long what visitors did is kept. Each call is one bounded piece of the hourly job; n says how much it
 * was, so that the job goes on until it is less than `most`. */
#ifndef MVTI_STORE_RETENTION_H
#define MVTI_STORE_RETENTION_H

#include <stdint.h>

#include "store/db.h"

/* Deletes events from before the moment `before` (seconds since 1970 UTC), oldest first; what was
 * counted of them by the day stays, and what was not counted yet (store/rollup.h) is not deleted. */
MUST_USE enum err retention_events(struct db *db, int64_t before, long most, int64_t *n, struct fail *why);
/* Deletes the renderings of lists (store/list_view.h) from before that moment, likewise. */
MUST_USE enum err retention_list_views(struct db *db, int64_t before, long most, int64_t *n,
                                       struct fail *why);
/* Ends sessions of guests that would live on for less than `seconds` if they were never used again. */
MUST_USE enum err retention_guest_sessions(struct db *db, long seconds, long most, int64_t *n,
                                           struct fail *why);
/* Deletes guests of whom no session is left, so that nobody can come back as one, as visitor_delete does: by
 * number, from behind *after, which moves on. */
MUST_USE enum err retention_guests(struct db *db, int64_t *after, long most, int64_t *n, struct fail *why);

#endif
