/* The queue of what is too much to delete or to move in one transaction. What made it somebody's is gone at
 * once (the visitor's row and sessions, a test's own rows), so that nobody can reach the rest; the rest goes
 * in pieces, the first of them in that transaction, which is all for nearly everybody, the others by the
 * hourly job (visitor_leave_rest). */
#ifndef MVTI_STORE_LEAVING_H
#define MVTI_STORE_LEAVING_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

enum leaving_what { LEAVING_VISITOR, LEAVING_TEST };

struct leaving {
    enum leaving_what what;
    int64_t id;
    int64_t heir; /* of a visitor: whose the rest becomes; 0: nobody's */
    bool merged;  /* the heir is an account, and gets everything */
};

/* Inside a transaction: puts it into the queue, or changes its heir there. */
MUST_USE enum err leaving_put(struct db *db, const struct leaving *l, struct fail *why);
/* What waits longest: `what` and `id` alone. ERR_NOT_FOUND: nothing does. */
MUST_USE enum err leaving_next(struct db *db, struct leaving *l, struct fail *why);
/* Inside a transaction: the rest of it, and others who want the same wait. ERR_NOT_FOUND: done meanwhile. */
MUST_USE enum err leaving_lock(struct db *db, struct leaving *l, struct fail *why);
/* Inside a transaction: out of the queue. */
MUST_USE enum err leaving_done(struct db *db, const struct leaving *l, struct fail *why);
/* Inside a transaction: what was to become this account's, and has not yet, becomes the other heir's, as what
 * training may keep. */
MUST_USE enum err leaving_disinherit(struct db *db, int64_t account, int64_t heir, struct fail *why);

/* Inside a transaction: events no longer name this test; a piece now, the rest is queued. */
MUST_USE enum err leaving_test(struct db *db, int64_t test_id, struct fail *why);
/* One more piece. */
MUST_USE enum err leaving_test_piece(struct db *db, int64_t test_id, bool *more, struct fail *why);

#endif
