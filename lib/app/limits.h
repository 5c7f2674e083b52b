/* How often something may be done: every limit of the workers, by name. nginx has those that need no worker
 * (nginx/http.conf.in). What each is worth is in docs/operating.md, which the tests hold to this table. */
#ifndef MVTI_APP_LIMITS_H
#define MVTI_APP_LIMITS_H

#include <stdint.h>

#include "base/err.h"
#include "store/pace.h"

enum limits_of {
    LIMITS_TESTS,
    LIMITS_REACTIONS,
    LIMITS_EVENTS,
    LIMITS_GUESTS,
    LIMITS_FORMS, /* guests without a proof of work (auth/ticket.h), of a network block */
    /* Many honest people may be behind one address, so a browser meets its limit long before the network does. */
    LIMITS_LOGINS_BROWSER,
    LIMITS_LOGINS_NETWORK,
    /* Counted by each worker of the login pool for itself. */
    LIMITS_ANSWERS_BROWSER,
    LIMITS_ANSWERS_NETWORK,
    LIMITS_REFUSALS_BROWSER,
    /* By each worker of the main pool for itself. */
    LIMITS_REPORTS,
    LIMITS_COUNT
};

struct limits_row {
    const char *name;  /* in the log */
    int most, seconds; /* so many in any window that long */
    const char *what;  /* "tests of a visitor" */
};

extern const struct limits_row limits_table[LIMITS_COUNT];

/* ERR_LIMITED with a sentence for the person and the limit's name for the log: that one may go on in `wait`
 * seconds. ERR_OK for wait = 0. */
enum err limits_reached(enum limits_of limit, int64_t wait, struct fail *why);
/* Whether a visitor may do n more at once of LIMITS_TESTS, LIMITS_REACTIONS or LIMITS_EVENTS, all or none: ERR_LIMITED. */
MUST_USE enum err limits_check(struct db *db, enum limits_of limit, int64_t visitor_id, size_t n,
                               struct fail *why);

#endif
