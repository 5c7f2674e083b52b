/* A ban does not end with the account. Of a banned account that is deleted, or loses a way of signing in, a
 * keyed hash of the issuer and the subject is kept (store/ban.h), and whoever signs in as that person is
 * banned from the first moment. Only workers can make the hash, by the key of the sessions; with the last key
 * that made it gone, it means nobody. */
#ifndef MVTI_APP_EXILE_H
#define MVTI_APP_EXILE_H

#include "auth/keyring.h"
#include "store/account.h"

/* Each inside the caller's transaction. */

/* All identities of an account that is about to be deleted. A guest has none. */
MUST_USE enum err exile_keep(struct db *db, const struct keyring *keys, int64_t visitor_id, struct fail *why);
/* One that the account is about to lose. */
MUST_USE enum err exile_keep_one(struct db *db, const struct keyring *keys, int64_t visitor_id,
                                 const struct account_identity *who, struct fail *why);
/* An identity that the account has just got. */
MUST_USE enum err exile_return(struct db *db, const struct keyring *keys, int64_t visitor_id,
                               const struct account_identity *who, struct fail *why);

#endif
