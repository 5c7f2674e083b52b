#include "base/secret.h"

#include <sodium.h>
#include <string.h>

_Static_assert(sizeof(crypto_generichash_state) <= sizeof(struct secret_hasher), "hasher state too small");

enum err secret_init(void)
{
    return sodium_init() < 0 ? ERR_FAULT : ERR_OK;
}

void secret_random(void *out, size_t n)
{
    randombytes_buf(out, n);
}

void secret_token(char *out, size_t n)
{
    unsigned char raw[64];
    if (n > sizeof raw)
        n = sizeof raw;
    randombytes_buf(raw, n);
    sodium_bin2base64(out, sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING), raw, n,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(raw, sizeof raw);
}

bool secret_token_valid(const char *s, size_t chars)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return strlen(s) == chars && strspn(s, alphabet) == chars;
}

void secret_hash(uint8_t out[SECRET_HASH_BYTES], const void *bytes, size_t n)
{
    crypto_generichash(out, SECRET_HASH_BYTES, bytes, n, NULL, 0);
}

void secret_hasher_init(struct secret_hasher *h)
{
    crypto_generichash_init((crypto_generichash_state *)(void *)h->state, NULL, 0, SECRET_HASH_BYTES);
}

void secret_hasher_add(struct secret_hasher *h, const void *bytes, size_t n)
{
    crypto_generichash_update((crypto_generichash_state *)(void *)h->state, bytes, n);
}

void secret_hasher_end(struct secret_hasher *h, uint8_t out[SECRET_HASH_BYTES])
{
    crypto_generichash_final((crypto_generichash_state *)(void *)h->state, out, SECRET_HASH_BYTES);
}

void secret_hex(char *out, const uint8_t *bytes, size_t n)
{
    sodium_bin2hex(out, 2 * n + 1, bytes, n);
}

bool secret_equal(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}
