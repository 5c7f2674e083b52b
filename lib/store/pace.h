/* How soon a visitor may do something again: what the limits of lib/app ask. The cost does not grow with what
 * there is of a visitor. */
#ifndef MVTI_STORE_PACE_H
#define MVTI_STORE_PACE_H

#include <stdint.h>

#include "store/db.h"

enum pace_kind {
    PACE_TESTS,     /* completed tests */
    PACE_REACTIONS, /* likes, thumbs, votes, marks and circles, and taking them back */
    PACE_EVENTS     /* events of any kind */
};

struct pace {
    enum pace_kind kind;
    int64_t more, most; /* 1 ≤ more ≤ most */
    long window;        /* seconds */
};

/* Seconds until `more` more stay within `most` in any `window` seconds; 0: at once. */
MUST_USE enum err pace_wait(struct db *db, int64_t visitor_id, const struct pace *p, int64_t *wait,
                            struct fail *why);
/* The same by a statement whose first number is the seconds until the row in the way leaves the window, and
 * which gives no row where none is in the way. */
MUST_USE enum err pace_left(struct db *db, const struct db_sql *sql, const struct db_params *params,
                            int64_t *wait, struct fail *why);

#endif
