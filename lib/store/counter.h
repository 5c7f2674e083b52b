/* Numbers that are kept instead of counted: reading one costs the same however much there is.
 *
 * A counter is changed in the transaction that changes what it counts, as the last thing in it, so both
 * happen or neither. It lies in slots, chosen by the visitor who causes the change, so that many who like one
 * character at once do not wait for one row; the number is the sum of the slots. What changes rows and not
 * the counters (workers of the version before 0014, an administrator) is found and mended by counter_recount.
 */
#ifndef MVTI_STORE_COUNTER_H
#define MVTI_STORE_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

enum counter_kind {
    COUNTER_TESTS,         /* of the site; subject 0 */
    COUNTER_LIKES,         /* of a character: the rows that are `counted` */
    COUNTER_VOTES,         /* of a character, a part for each pair of types */
    COUNTER_VISITOR_TESTS, /* of a visitor, as the three below; gone with the visitor */
    COUNTER_VISITOR_LIKES,
    COUNTER_VISITOR_VOTES,
    COUNTER_KINDS
};

enum { COUNTER_SLOTS = 16 };

struct counter_change {
    enum counter_kind kind;
    int64_t subject;
    const char *part;   /* of votes; NULL: none */
    int64_t visitor_id; /* who causes it */
    int64_t by;
};

/* Inside a transaction: changes a counter. */
MUST_USE enum err counter_add(struct db *db, const struct counter_change *c, struct fail *why);
/* Inside a transaction: the same change for the visitor's own counter, and for this one, of a character or the site. */
MUST_USE enum err counter_add_both(struct db *db, enum counter_kind own, const struct counter_change *c,
                                   struct fail *why);
/* All parts together; 0 where nothing was counted. */
MUST_USE enum err counter_sum(struct db *db, enum counter_kind kind, int64_t subject, int64_t *out,
                              struct fail *why);
/* Inside a transaction: the visitor's own counters are no more. */
MUST_USE enum err counter_forget(struct db *db, int64_t visitor_id, struct fail *why);

/* A word for a kind, such as "likes". */
const char *counter_name(enum counter_kind kind);
/* Counts the rows again. *wrong: how many counters of that kind said something else; mend: they no longer do.
 * Each comparison is one statement, which sees rows and counters at one moment, so visitors go on meanwhile
 * and nobody waits. Cost: all rows of the kind. */
MUST_USE enum err counter_recount(struct db *db, enum counter_kind kind, bool mend, int64_t *wrong,
                                  struct fail *why);

#endif
