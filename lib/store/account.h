/* Accounts: visitors with at least one identity, which is an issuer and a subject there, never an e-mail. */
#ifndef MVTI_STORE_ACCOUNT_H
#define MVTI_STORE_ACCOUNT_H

#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

struct account_identity {
    const char *provider, *issuer, *subject;
    int64_t created; /* seconds since 1970 UTC */
};

struct account {
    const char *name; /* "" when the provider told none */
    int64_t created;
    struct account_identity *identities; /* [n], oldest first */
    size_t n;
};

/* Inside a transaction: who an identity belongs to, its row locked. ERR_NOT_FOUND: nobody yet. */
MUST_USE enum err account_find(struct db *db, const char *issuer, const char *subject, int64_t *visitor_id,
                               struct fail *why);
/* Inside a transaction: the rows of a visitor's identities are locked, so that no login finds the account until it ends, and one that has found it is over. */
MUST_USE enum err account_lock(struct db *db, int64_t visitor_id, struct fail *why);
/* Makes a visitor an account. */
MUST_USE enum err account_add(struct db *db, int64_t visitor_id, const char *name, struct fail *why);
/* Gives an account an identity. ERR_CONFLICT: it is somebody's, or the account has one of this provider. */
MUST_USE enum err account_identity_add(struct db *db, int64_t visitor_id, const char *provider,
                                       const char *issuer, const char *subject, struct fail *why);
/* Takes an identity away. ERR_NOT_FOUND: the account has none of this provider. */
MUST_USE enum err account_identity_remove(struct db *db, int64_t visitor_id, const char *provider,
                                          struct fail *why);
/* The name that came with a login; "": the old one stays. */
MUST_USE enum err account_rename(struct db *db, int64_t visitor_id, const char *name, struct fail *why);
/* All from the arena. ERR_NOT_FOUND: no account. */
MUST_USE enum err account_load(struct db *db, int64_t visitor_id, struct arena *a, struct account *out,
                               struct fail *why);

/* A login that has just been. */
struct account_login {
    int64_t visitor_id, since; /* seconds ago */
    const char *provider, *subject;
};
struct account_logins {
    struct account_login *items; /* [n], in the arena */
    size_t n;
};
/* The newest logins of the last `seconds`, newest first, at most `most`. Reads all sessions: for batch programs. */
MUST_USE enum err account_logins(struct db *db, int64_t seconds, size_t most, struct arena *a,
                                 struct account_logins *out, struct fail *why);

#endif
