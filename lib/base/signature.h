/* Signatures of files that other hosts take: Ed25519 (RFC 8032) over libsodium. */
#ifndef MVTI_BASE_SIGNATURE_H
#define MVTI_BASE_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIGNATURE_BYTES = 64, SIGNATURE_CHARS = 86, SIGNATURE_KEY_BYTES = 32, SIGNATURE_KEY_CHARS = 43 };

/* The public key that goes with a secret one, which is 32 random bytes (the seed of RFC 8032). */
void signature_public(uint8_t out[SIGNATURE_KEY_BYTES], const uint8_t secret[SIGNATURE_KEY_BYTES]);
void signature_make(uint8_t out[SIGNATURE_BYTES], const uint8_t secret[SIGNATURE_KEY_BYTES],
                    const void *bytes, size_t n);
bool signature_valid(const uint8_t signature[SIGNATURE_BYTES], const uint8_t key[SIGNATURE_KEY_BYTES],
                     const void *bytes, size_t n);

#endif
