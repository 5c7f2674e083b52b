/* Logins under way: what must be remembered between sending a visitor to a provider and the answer. Neither
 * the state, nor the login cookie, nor the visitor's address is stored, only keyed hashes of them. */
#ifndef MVTI_STORE_LOGIN_ATTEMPT_H
#define MVTI_STORE_LOGIN_ATTEMPT_H

#include <stdint.h>

#include "base/arena.h"
#include "base/secret.h"
#include "store/db.h"

struct login_attempt {
    uint8_t state[SECRET_HASH_BYTES], browser[SECRET_HASH_BYTES], address[SECRET_HASH_BYTES];
    const char *provider;
    const char *return_path;
    int64_t link_visitor_id; /* 0: a login */
};

/* Stores one that is good for `seconds`, and forgets the oldest of this browser beyond `most` that are open.
 */
MUST_USE enum err login_attempt_add(struct db *db, const struct login_attempt *t, long seconds, long most,
                                    struct fail *why);
/* Takes the one of this state, browser and provider for good: a second call for it finds nothing. return_path
 * comes from the arena. ERR_NOT_FOUND: unknown, used, too old, of another browser or provider. */
MUST_USE enum err login_attempt_take(struct db *db, const uint8_t state[SECRET_HASH_BYTES],
                                     const uint8_t browser[SECRET_HASH_BYTES], const char *provider,
                                     struct arena *a, struct login_attempt *out, struct fail *why);
/* Logins begun in the last minute from this address, and by this browser. */
MUST_USE enum err login_attempt_recent(struct db *db, const uint8_t address[SECRET_HASH_BYTES],
                                       const uint8_t browser[SECRET_HASH_BYTES], int64_t *by_address,
                                       int64_t *by_browser, struct fail *why);
/* Removes at most `most` that ended an hour ago or earlier; *n: how many. */
MUST_USE enum err login_attempt_expire(struct db *db, long most, int64_t *n, struct fail *why);

#endif
