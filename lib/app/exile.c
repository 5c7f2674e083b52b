#include "app/exile.h"

#include <stdio.h>
#include <string.h>

#include "store/ban.h"

enum { TEXT = 1024 }; /* identity.issuer and .subject have room for 200 and 255 bytes */

static const char LABEL[] = "banned identity";

/* No issuer contains a blank (RFC 3986), so the text is of one pair alone. */
static enum err hash_of(const struct keyring *keys, size_t which, const struct account_identity *who,
                        uint8_t out[SECRET_HASH_BYTES], struct fail *why)
{
    char text[TEXT];
    int n = snprintf(text, sizeof text, "%s %s", who->issuer, who->subject);
    if (n < 0 || n >= TEXT)
        return fail_set(why, ERR_TOO_LARGE, "an identity of %d bytes", n);
    keyring_hash(keys, which, LABEL, text, (size_t)n, out);
    return ERR_OK;
}

enum err exile_keep_one(struct db *db, const struct keyring *keys, int64_t visitor_id,
                        const struct account_identity *who, struct fail *why)
{
    uint8_t hash[SECRET_HASH_BYTES];
    enum err rc = hash_of(keys, 0, who, hash, why);
    return rc == ERR_OK ? ban_keep(db, visitor_id, hash, why) : rc;
}

enum err exile_keep(struct db *db, const struct keyring *keys, int64_t visitor_id, struct fail *why)
{
    struct account account = {0};
    struct arena a = {0};
    int64_t banned = 0;
    enum err rc = ban_read(db, visitor_id, &banned, why);
    if (rc == ERR_OK && banned != 0)
        rc = account_load(db, visitor_id, &a, &account, why);
    for (size_t i = 0; rc == ERR_OK && i < account.n; i++)
        rc = exile_keep_one(db, keys, visitor_id, &account.identities[i], why);
    arena_free(&a);
    return rc == ERR_NOT_FOUND ? ERR_OK : rc; /* a guest */
}

enum err exile_return(struct db *db, const struct keyring *keys, int64_t visitor_id,
                      const struct account_identity *who, struct fail *why)
{
    uint8_t hash[SECRET_HASH_BYTES];
    enum err rc = ERR_OK;
    for (size_t k = 0; rc == ERR_OK && k < keys->n; k++) {
        rc = hash_of(keys, k, who, hash, why);
        if (rc == ERR_OK)
            rc = ban_return(db, visitor_id, hash, why);
    }
    return rc;
}
