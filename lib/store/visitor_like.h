/* Liked characters: a row a visitor and character, so that a like is idempotent. */
#ifndef MVTI_STORE_VISITOR_LIKE_H
#define MVTI_STORE_VISITOR_LIKE_H

#include <stdbool.h>

#include "base/arena.h"
#include "store/db.h"

/* *changed tells whether it was not there before. */
MUST_USE enum err visitor_like_add(struct db *db, int64_t visitor_id, int32_t character_id, bool *changed,
                                   struct fail *why);
MUST_USE enum err visitor_like_remove(struct db *db, int64_t visitor_id, int32_t character_id, bool *changed,
                                      struct fail *why);
/* Likes of a character, and whether this visitor (0: none) is among them. */
MUST_USE enum err visitor_like_count(struct db *db, int64_t visitor_id, int32_t character_id, int64_t *likes,
                                     bool *liked, struct fail *why);
struct visitor_like {
    int32_t character_id;
    int64_t created; /* seconds since 1970 UTC */
};

/* What a visitor likes, newest first. */
MUST_USE enum err visitor_like_list(struct db *db, int64_t visitor_id, size_t most, struct arena *a,
                                    struct visitor_like **out, size_t *n, struct fail *why);

#endif
