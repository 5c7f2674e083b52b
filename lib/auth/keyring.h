/* The site's own secret: what hashes cookies and signs what needs no row in the database.
 *
 * A file of one or two lines, each 32 random bytes as base64url (`mvti key FILE` makes one). The first key
 * makes new hashes, both are believed: put a new line on top, wait as long as sessions live, drop the old
 * one, and nobody is logged out. Every use has a label of its own, so that a value made for one purpose is
 * worthless for another. */
#ifndef MVTI_AUTH_KEYRING_H
#define MVTI_AUTH_KEYRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"

enum { KEYRING_MOST = 2 };

struct keyring {
    size_t n; /* 0: no keys, which only programs that see no visitors may have */
    uint8_t keys[KEYRING_MOST][SECRET_HASH_BYTES];
};

/* Reads the file. ERR_INVALID: no path, others than the owner may read it, not one or two keys (names the
 * line, never its content); ERR_NOT_FOUND, ERR_IO. */
MUST_USE enum err keyring_read(struct keyring *k, const char *path, struct fail *why);
/* Makes a new file with one key, mode 0600. ERR_CONFLICT if there is a file already. */
MUST_USE enum err keyring_make(const char *path, struct fail *why);
void keyring_forget(struct keyring *k);

/* Keyed BLAKE2b-256 of the label and n bytes under key number `which` (0: the newest). */
void keyring_hash(const struct keyring *k, size_t which, const char *label, const void *bytes, size_t n,
                  uint8_t out[SECRET_HASH_BYTES]);
/* The same of a text, as SECRET_TOKEN_CHARS characters of base64url and a NUL. */
void keyring_token(const struct keyring *k, size_t which, const char *label, const char *text,
                   char out[SECRET_TOKEN_CHARS + 1]);
/* True if token is keyring_token of that text under any key; constant time. */
bool keyring_token_valid(const struct keyring *k, const char *label, const char *text, const char *token);

#endif
