/* Visitors, guests or accounts, who may only read. What they have done stays where it is and counts no longer in the night: dataset, likes and
 * votes leave them out; without the ban it counts again. A banned guest who becomes an account takes the ban along. */
#ifndef MVTI_STORE_BAN_H
#define MVTI_STORE_BAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/secret.h"
#include "store/db.h"

/* How long it is known that a banned account is gone. */
enum { BAN_KEPT_DAYS = 365 };

/* *since: seconds since 1970 UTC, 0: is not banned. ERR_NOT_FOUND: no such visitor. */
MUST_USE enum err ban_read(struct db *db, int64_t visitor_id, int64_t *since, struct fail *why);
/* Bans, or ends it; fine if it is so already. */
MUST_USE enum err ban_set(struct db *db, int64_t visitor_id, bool banned, struct fail *why);
/* Bans for so many seconds from now, 0: without an end; a ban that there is gets this end. */
MUST_USE enum err ban_for(struct db *db, int64_t visitor_id, int64_t seconds, struct fail *why);
/* Ends at most `most` whose time is over. *n: how many. */
MUST_USE enum err ban_lapse(struct db *db, long most, int64_t *n, struct fail *why);

struct ban {
    int64_t visitor_id, until; /* seconds since 1970 UTC; 0: it does not end */
};
struct bans {
    struct ban *items; /* [n], newest first, in the arena */
    size_t n;
};
MUST_USE enum err ban_list(struct db *db, size_t most, struct arena *a, struct bans *out, struct fail *why);
/* Inside the transaction of a merge: `to` is banned if `from` is, and as long as either was. */
MUST_USE enum err ban_carry(struct db *db, int64_t from, int64_t to, struct fail *why);
/* Inside the transaction in which an account, or one identity of it, goes: whose hash this is, is known for
 * BAN_KEPT_DAYS, if the account is banned. */
MUST_USE enum err ban_keep(struct db *db, int64_t visitor_id, const uint8_t hash[SECRET_HASH_BYTES],
                           struct fail *why);
/* Inside the transaction in which an account gets an identity: it is banned since then, if that was known and is not over, and as
 * long as either ban lasts; what was known is forgotten. */
MUST_USE enum err ban_return(struct db *db, int64_t visitor_id, const uint8_t hash[SECRET_HASH_BYTES],
                             struct fail *why);
/* Forgets at most `most` that are older. *n: how many. */
MUST_USE enum err ban_expire(struct db *db, long most, int64_t *n, struct fail *why);

#endif
