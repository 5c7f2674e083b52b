#include "base/signature.h"

#include <sodium.h>

void signature_public(uint8_t out[SIGNATURE_KEY_BYTES], const uint8_t secret[SIGNATURE_KEY_BYTES])
{
    uint8_t pair[crypto_sign_SECRETKEYBYTES];
    crypto_sign_seed_keypair(out, pair, secret);
    sodium_memzero(pair, sizeof pair);
}

void signature_make(uint8_t out[SIGNATURE_BYTES], const uint8_t secret[SIGNATURE_KEY_BYTES],
                    const void *bytes, size_t n)
{
    uint8_t pair[crypto_sign_SECRETKEYBYTES], public[SIGNATURE_KEY_BYTES];
    crypto_sign_seed_keypair(public, pair, secret);
    crypto_sign_detached(out, NULL, bytes, n, pair);
    sodium_memzero(pair, sizeof pair);
}

bool signature_valid(const uint8_t signature[SIGNATURE_BYTES], const uint8_t key[SIGNATURE_KEY_BYTES],
                     const void *bytes, size_t n)
{
    return crypto_sign_verify_detached(signature, bytes, n, key) == 0;
}
