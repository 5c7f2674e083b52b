#include "auth/client_mark.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void client_mark(const struct keyring *keys, int64_t now, const char *network,
                 char out[CLIENT_MARK_CHARS + 1])
{
    uint8_t hash[SECRET_HASH_BYTES];
    char label[40];
    out[0] = '\0';
    if (keys->n == 0)
        return;
    snprintf(label, sizeof label, "mvti log %" PRId64, now / 86400);
    keyring_hash(keys, 0, label, network, strlen(network), hash);
    secret_hex(out, hash, CLIENT_MARK_CHARS / 2);
}
