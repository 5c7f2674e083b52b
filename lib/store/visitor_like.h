/* Liked characters: a row a visitor and character, so that a like is idempotent.
 *
 * A like counts for everybody when it is of somebody with an account, or of a guest who has completed a test
 * and was not one of too many of a network (visitor_add). Any other is kept, seen by whoever gave it, and
 * counts from the day that this changes. */
#ifndef MVTI_STORE_VISITOR_LIKE_H
#define MVTI_STORE_VISITOR_LIKE_H

#include <stdbool.h>

#include "base/arena.h"
#include "store/db.h"

/* Inside a transaction, because the counters (counter.h) change with the row. *changed tells whether it was
 * not there before. */
MUST_USE enum err visitor_like_add(struct db *db, int64_t visitor_id, int32_t character_id, bool *changed,
                                   struct fail *why);
MUST_USE enum err visitor_like_remove(struct db *db, int64_t visitor_id, int32_t character_id, bool *changed,
                                      struct fail *why);
/* Inside the transaction in which a visitor completes a test, gets an account or is merged into one: likes
 * that count from now on do, some hundreds at once, the others with the next. */
MUST_USE enum err visitor_like_settle(struct db *db, int64_t visitor_id, struct fail *why);
/* Likes of a character that count, with this visitor's own (0: none) whether it does or not, and whether
 * there is one. */
MUST_USE enum err visitor_like_count(struct db *db, int64_t visitor_id, int32_t character_id, int64_t *likes,
                                     bool *liked, struct fail *why);
struct visitor_like {
    int32_t character_id;
    int64_t created; /* seconds since 1970 UTC */
};

struct visitor_likes {
    const struct visitor_like *after; /* those that follow it are asked for; NULL: from the newest */
    size_t most;                      /* so many */
    struct visitor_like *items;       /* [n] found, newest first */
    size_t n;
};

/* What a visitor likes, from the arena. */
MUST_USE enum err visitor_like_list(struct db *db, int64_t visitor_id, struct visitor_likes *page,
                                    struct arena *a, struct fail *why);

#endif
