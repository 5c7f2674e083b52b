/* Random tokens, hashes and base64url over libsodium (with base/signature.h the only files that include it). */
#ifndef MVTI_BASE_SECRET_H
#define MVTI_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
    SECRET_HASH_BYTES = 32,
    SECRET_TOKEN_BYTES = 32,
    SECRET_TOKEN_CHARS = 43,
    SHARE_TOKEN_BYTES = 16,
    SHARE_TOKEN_CHARS = 22
};

/* Once per process before anything else here. */
MUST_USE enum err secret_init(void);
void secret_random(void *out, size_t n);
/* n random bytes as URL-safe base64 without padding (RFC 4648, section 5); out holds ceil(n·4/3)+1 chars. n
 * ≤ 64. */
void secret_token(char *out, size_t n);
/* True if s is exactly `chars` characters of the base64url alphabet. */
bool secret_token_valid(const char *s, size_t chars);
/* BLAKE2b-256 of n bytes. */
void secret_hash(uint8_t out[SECRET_HASH_BYTES], const void *bytes, size_t n);
/* BLAKE2b-256 under a key of SECRET_HASH_BYTES, of a label, a NUL and n bytes: hashes of two labels have
 * nothing in common. */
void secret_keyed_hash(uint8_t out[SECRET_HASH_BYTES], const uint8_t key[SECRET_HASH_BYTES],
                       const char *label, const void *bytes, size_t n);
/* SHA-256 (FIPS 180-4), where a protocol asks for it. */
void secret_sha256(uint8_t out[SECRET_HASH_BYTES], const void *bytes, size_t n);
/* base64url without padding (RFC 4648, section 5); out holds ceil(n·4/3)+1 chars. */
void secret_base64url(char *out, const void *bytes, size_t n);
/* Plain base64 with padding (RFC 4648, section 4); out holds (n + 2) / 3 · 4 + 1 chars. */
void secret_base64(char *out, const void *bytes, size_t n);
/* The reverse of the first; false unless text is base64url of exactly n bytes. */
bool secret_from_base64url(void *out, size_t n, const char *text);
/* A small file that only its owner may read (mode 0600 or less), with a NUL behind it. ERR_INVALID: no name,
 * a mode that lets others in, or larger than size - 1; ERR_NOT_FOUND, ERR_IO. The sentence names the file. */
MUST_USE enum err secret_file_read(const char *path, char *out, size_t size, struct fail *why);
/* Streaming BLAKE2b-256. */
struct secret_hasher {
    _Alignas(64) unsigned char state[512];
};
void secret_hasher_init(struct secret_hasher *h);
void secret_hasher_add(struct secret_hasher *h, const void *bytes, size_t n);
void secret_hasher_end(struct secret_hasher *h, uint8_t out[SECRET_HASH_BYTES]);
/* Lower-case hex, out holds 2n+1 chars. */
void secret_hex(char *out, const uint8_t *bytes, size_t n);
/* The n bytes of 2n lower-case digits at the beginning of text; false if they are none. */
bool secret_from_hex(uint8_t *out, size_t n, const char *text);
/* Constant-time comparison. */
bool secret_equal(const void *a, const void *b, size_t n);

#endif
