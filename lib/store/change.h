/* What has changed, for exports (sql/migrations/0045). Whoever changes rows that analysts see says in the same transaction which ones;
 * an export then looks at what has become of them, so that it does not matter in which order things were done.
 *
 * Numbers are given before the commit, and transactions end in another order than they begin. So no number and no clock tells what an
 * export has seen: it seals a batch, which takes what is committed and leaves the rest for the next one. The number of the batch is
 * the watermark. */
#ifndef MVTI_STORE_CHANGE_H
#define MVTI_STORE_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/db.h"

enum change_what {
    CHANGE_EVENT,       /* events a … b */
    CHANGE_VIEW,        /* the rendering a of a list; b is a again, as below */
    CHANGE_TEST,        /* the test a, its films and its result */
    CHANGE_LIKE,        /* of visitor a, character b */
    CHANGE_VOTE,        /* likewise */
    CHANGE_MARK,        /* the mark a on a card */
    CHANGE_EXPOSURE,    /* of visitor a to experiment b */
    CHANGE_VISITOR,     /* the visitor a, where they came from, or their account */
    CHANGE_VISITOR_DAY, /* counts of the day a of visitor b */
    CHANGE_DAY,         /* counts of the day a */
    CHANGE_CATALOG,     /* any film or character; a and b are 0 */
    CHANGE_ROLLUP,      /* any counts of days */
    CHANGE_ZONE,        /* all days: the site's time zone is another */
    CHANGE_KINDS
};

/* Its word in the tables, such as "event". */
const char *change_name(enum change_what what);

/* Inside a transaction: these rows have changed, or are there no more. */
MUST_USE enum err change_put(struct db *db, enum change_what what, int64_t a, int64_t b, struct fail *why);
/* The same for what has one number. */
MUST_USE enum err change_one(struct db *db, enum change_what what, int64_t id, struct fail *why);

/* Puts what is committed into a batch of its own, also if that is nothing. *batch: its number. One at a time; nobody who writes waits. */
MUST_USE enum err change_seal(struct db *db, int64_t *batch, struct fail *why);
/* For the hourly job: seals, and forgets at most `most` changes of batches from more than `days` ago. *n: how many. */
MUST_USE enum err change_expire(struct db *db, long days, long most, int64_t *n, struct fail *why);

/* The oldest batch since which all changes are kept, and the newest one. */
struct change_span {
    int64_t oldest, newest;
};
MUST_USE enum err change_span(struct db *db, struct change_span *out, struct fail *why);
/* Whether there is any change of that kind in the batches after…until. */
MUST_USE enum err change_any(struct db *db, enum change_what what, int64_t after, int64_t until, bool *any,
                             struct fail *why);

#endif
