/* What training leaves out by the owner's word: days on which a program pushed films, a visitor, or the tests of one network block on some days.
 * In force until lifted, for every dataset that is built; rows stay, so that a dataset's time tells what it was built without. */
#ifndef MVTI_STORE_TRAINING_WITHOUT_H
#define MVTI_STORE_TRAINING_WITHOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

enum {
    WITHOUT_ANYBODY = -1,
    WITHOUT_ANY_CROWD = -1,
    WITHOUT_YEAR_0 = 719528 /* TO_DAYS('1970-01-01') */,
    WITHOUT_LAST_DAY = 3652424 /* of the year 9999 */
};

struct training_without {
    int64_t id;
    int32_t from, to;   /* days since year 0 (TO_DAYS) in UTC, both included */
    int64_t visitor_id; /* WITHOUT_ANYBODY */
    int64_t crowd;      /* test.crowd; WITHOUT_ANY_CROWD */
    int64_t since;      /* seconds since 1970 UTC; of training_without_list alone */
};
struct training_withouts {
    struct training_without *items; /* [n], oldest first, in the arena */
    size_t n;
};

/* Those in force. */
MUST_USE enum err training_without_list(struct db *db, struct arena *a, struct training_withouts *out,
                                        struct fail *why);
/* A rule that is in force already is not added again. */
MUST_USE enum err training_without_add(struct db *db, const struct training_without *w, struct fail *why);
/* ERR_NOT_FOUND: none of this number is in force. */
MUST_USE enum err training_without_lift(struct db *db, int64_t id, struct fail *why);
/* Whether what this visitor chose on this day, in a test of this crowd, is left out. */
bool training_without_covers(const struct training_withouts *all, int32_t day, int64_t visitor_id,
                             int64_t crowd);

#endif
