/* Guest sessions in the database: found by the hash of the cookie's token, never by the token. */
#ifndef MVTI_STORE_VISITOR_H
#define MVTI_STORE_VISITOR_H

#include <stdint.h>

#include "base/secret.h"
#include "store/db.h"

/* Finds a session that has not expired. ERR_NOT_FOUND, ERR_UNAVAILABLE. */
MUST_USE enum err visitor_find(struct db *db, const uint8_t hash[SECRET_HASH_BYTES], int64_t *session_id,
                               struct fail *why);
/* Stores a new session that lives `seconds`. ERR_UNAVAILABLE. */
MUST_USE enum err visitor_create(struct db *db, const uint8_t hash[SECRET_HASH_BYTES], long seconds,
                                 int64_t *session_id, struct fail *why);
/* Remembers that the visitor was here and prolongs the session; writes at most once an hour. */
MUST_USE enum err visitor_touch(struct db *db, int64_t session_id, long seconds, struct fail *why);

#endif
