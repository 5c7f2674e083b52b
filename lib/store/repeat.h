/* Requests that may be sent again without being done again: a row for each Idempotency-Key, kept for a day
 * (draft-ietf-httpapi-idempotency-key-header). Of the key and of the content only keyed hashes are stored. */
#ifndef MVTI_STORE_REPEAT_H
#define MVTI_STORE_REPEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/secret.h"
#include "store/db.h"

struct repeat {
    uint8_t key[SECRET_HASH_BYTES];
    uint8_t content[SECRET_HASH_BYTES]; /* of the method, the address and the body */
    int64_t visitor_id;
    bool made_visitor;                  /* the request had no session and made this guest */
    bool old_key;                       /* found only: under the older of the two hashes */
    char result[SHARE_TOKEN_CHARS + 1]; /* token of the test; "": none */
};

/* By either hash of the key (equal ones: the site has one key only). ERR_NOT_FOUND. */
MUST_USE enum err repeat_find(struct db *db, const uint8_t newest[SECRET_HASH_BYTES],
                              const uint8_t older[SECRET_HASH_BYTES], struct repeat *out, struct fail *why);
/* Inside the transaction that does what was asked. ERR_CONFLICT: the key has been used, maybe while this was
 * waiting for another transaction to end. */
MUST_USE enum err repeat_put(struct db *db, const struct repeat *r, struct fail *why);
/* Inside the transaction that merges a visitor into another one: what was theirs is the other's. */
MUST_USE enum err repeat_move(struct db *db, int64_t from, int64_t to, struct fail *why);
/* Removes at most `most` that are older than a day; *n: how many. */
MUST_USE enum err repeat_expire(struct db *db, long most, int64_t *n, struct fail *why);

#endif
