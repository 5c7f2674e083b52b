/* What a visitor has said of themselves: a name, a language, and that they are 14 or older. */
#ifndef MVTI_STORE_VISITOR_PROFILE_H
#define MVTI_STORE_VISITOR_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

enum { VISITOR_PROFILE_NAME = 20 /* code points */ };

struct visitor_profile {
    const char *name;   /* "": has not said */
    const char *locale; /* "ko" or "en"; "": has not chosen */
    int64_t over14;     /* when they said so, seconds since 1970 UTC; 0: were not asked */
};

/* Texts from the arena. ERR_NOT_FOUND: no such visitor. */
MUST_USE enum err visitor_profile_load(struct db *db, int64_t visitor_id, struct arena *a,
                                       struct visitor_profile *out, struct fail *why);
/* NULL leaves what was said; name "" takes it back. */
MUST_USE enum err visitor_profile_put(struct db *db, int64_t visitor_id, const char *name, const char *locale,
                                      struct fail *why);
/* They are 14 or older. What they said first stays. */
MUST_USE enum err visitor_profile_grown(struct db *db, int64_t visitor_id, struct fail *why);
/* Of two visitors that become one, `to` keeps what it has said, and has from `from` what it has not. */
MUST_USE enum err visitor_profile_move(struct db *db, int64_t from, int64_t to, struct fail *why);

#endif
