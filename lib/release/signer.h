/* Who may say what all hosts serve: a secret key on the host that publishes, its public half on those that pull.
 *
 * FILE (mode 0600) holds the secret key, FILE.pub the public one, a line of base64url each. The file of public keys may have two
 * lines: give every host the new one beside the old, then sign with the new, then drop the old. */
#ifndef MVTI_RELEASE_SIGNER_H
#define MVTI_RELEASE_SIGNER_H

#include "base/config.h"
#include "base/signature.h"

enum { SIGNER_MOST = 2 };

struct signer_keys {
    size_t n;
    uint8_t keys[SIGNER_MOST][SIGNATURE_KEY_BYTES];
};

/* Makes FILE and FILE.pub. ERR_CONFLICT if there is one already; ERR_IO. */
MUST_USE enum err signer_make(const char *file, struct fail *why);
/* The setting offer_key_file. ERR_INVALID, ERR_NOT_FOUND, ERR_IO. The caller wipes `secret`. */
MUST_USE enum err signer_secret(const struct config *c, uint8_t secret[SIGNATURE_KEY_BYTES],
                                struct fail *why);
/* The setting pull_key_file. ERR_INVALID: empty, or not one or two keys; ERR_NOT_FOUND, ERR_IO. */
MUST_USE enum err signer_public(const struct config *c, struct signer_keys *out, struct fail *why);

#endif
