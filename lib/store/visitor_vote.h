/* What accounts think a character's type is: one vote each, which may change. */
#ifndef MVTI_STORE_VISITOR_VOTE_H
#define MVTI_STORE_VISITOR_VOTE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "domain/consensus.h"
#include "store/db.h"

struct visitor_vote {
    int32_t character_id;
    uint8_t mbti, enneagram; /* ENNEAGRAM_NONE: left open */
    int64_t updated;         /* seconds since 1970 UTC; lists only */
};

/* Inside a transaction, as visitor_vote_remove: casts the vote or changes it, and the counters (counter.h).
 */
MUST_USE enum err visitor_vote_put(struct db *db, int64_t visitor_id, const struct visitor_vote *vote,
                                   struct fail *why);
/* Takes it back; fine if there is none. */
MUST_USE enum err visitor_vote_remove(struct db *db, int64_t visitor_id, int32_t character_id,
                                      struct fail *why);
/* All votes on a character, and the visitor's own: mine->mbti is MBTI_NONE without one. */
MUST_USE enum err visitor_vote_count(struct db *db, int64_t visitor_id, int32_t character_id,
                                     struct consensus_votes *out, struct visitor_vote *mine,
                                     struct fail *why);
/* Calls `each` for every character with votes, in the order of their ids, with all votes on it. Memory for one of them at a time. */
MUST_USE enum err visitor_vote_totals(struct db *db,
                                      void (*each)(void *arg, int32_t character_id,
                                                   const struct consensus_votes *votes),
                                      void *arg, struct fail *why);
struct visitor_votes {
    const struct visitor_vote *after; /* those that follow it are asked for; NULL: from the newest */
    size_t most;                      /* so many */
    struct visitor_vote *items;       /* [n] found, newest first */
    size_t n;
};

/* The votes of a visitor, from the arena. */
MUST_USE enum err visitor_vote_list(struct db *db, int64_t visitor_id, struct visitor_votes *page,
                                    struct arena *a, struct fail *why);

#endif
