/* Logins under way: what must be remembered between sending a visitor to a provider and the answer. Neither
 * the state, nor the login cookie, nor the visitor's address is stored, only keyed hashes of them. */
#ifndef MVTI_STORE_LOGIN_ATTEMPT_H
#define MVTI_STORE_LOGIN_ATTEMPT_H

#include <stdbool.h>
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
/* Which one, as a browser comes back with it. Borrowed; [SECRET_HASH_BYTES] each. */
struct login_attempt_key {
    const uint8_t *state, *browser;
    const char *provider;
};

/* Takes the one of this state, browser and provider for good: of any number of callers, at once or one after
 * another, one gets it. state, return_path (from the arena) and link_visitor_id are filled. ERR_NOT_FOUND:
 * unknown, used, too old, of another browser or provider; login_attempt_look tells which. */
MUST_USE enum err login_attempt_take(struct db *db, const struct login_attempt_key *key, struct arena *a,
                                     struct login_attempt *out, struct fail *why);

/* What has come of a login. */
struct login_attempt_end {
    bool same_browser;       /* the one that asks has begun it */
    bool in_time;            /* `seconds` of login_attempt_add are not over */
    bool session_lives;      /* the session that it began */
    int64_t seconds;         /* since it was finished, or else taken; -1: nobody has taken it */
    int64_t visitor_id;      /* who was signed in; 0: nobody */
    const char *outcome;     /* as given to login_attempt_finish; "": under way, or never taken */
    const char *return_path; /* both in the arena */
};
/* ERR_NOT_FOUND: this provider has no login of this state. */
MUST_USE enum err login_attempt_look(struct db *db, const struct login_attempt_key *key, struct arena *a,
                                     struct login_attempt_end *out, struct fail *why);
/* Remembers what came of one: a word of at most 16 letters, and who was signed in by which session (0 and 0:
 * nobody). */
MUST_USE enum err login_attempt_finish(struct db *db, const uint8_t state[SECRET_HASH_BYTES],
                                       const char *outcome, int64_t visitor_id, int64_t session_id,
                                       struct fail *why);
/* Seconds until this browser, and until this address, may begin one more login within so many a minute; 0: at
 * once. */
struct login_attempt_pace {
    int64_t browser, address;
};
MUST_USE enum err login_attempt_wait(struct db *db, const struct login_attempt *t,
                                     const struct login_attempt_pace *most, struct login_attempt_pace *wait,
                                     struct fail *why);
/* Removes at most `most` that ended an hour ago or earlier; *n: how many. */
MUST_USE enum err login_attempt_expire(struct db *db, long most, int64_t *n, struct fail *why);

#endif
