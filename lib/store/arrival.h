/* New guests of the last day, by the keyed hash of their network: how many one makes, and which proofs are
 * used up. Neither addresses nor proofs are stored, and nothing leads from a row to the visitor. */
#ifndef MVTI_STORE_ARRIVAL_H
#define MVTI_STORE_ARRIVAL_H

#include <stdint.h>

#include "base/secret.h"
#include "store/db.h"

/* Seconds until the network may make one more guest within `most` in any `window` seconds; 0: at once. */
MUST_USE enum err arrival_wait(struct db *db, const uint8_t network[SECRET_HASH_BYTES], int64_t most,
                               long window, int64_t *wait, struct fail *why);
/* *fewer: whether the network made fewer guests than `most` in the last day; never fewer than 0. */
MUST_USE enum err arrival_today(struct db *db, const uint8_t network[SECRET_HASH_BYTES], int64_t most,
                                bool *fewer, struct fail *why);
/* Uses a proof up. ERR_CONFLICT: it has been. */
MUST_USE enum err arrival_add(struct db *db, const uint8_t proof[SECRET_HASH_BYTES],
                              const uint8_t network[SECRET_HASH_BYTES], struct fail *why);
/* Removes at most `most` that are older than a day; *n: how many. */
MUST_USE enum err arrival_expire(struct db *db, long most, int64_t *n, struct fail *why);

#endif
