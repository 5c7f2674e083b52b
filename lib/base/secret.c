#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

void secret_keyed_hash(uint8_t out[SECRET_HASH_BYTES], const uint8_t key[SECRET_HASH_BYTES],
                       const char *label, const void *bytes, size_t n)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, SECRET_HASH_BYTES, SECRET_HASH_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)label, strlen(label) + 1);
    crypto_generichash_update(&state, bytes, n);
    crypto_generichash_final(&state, out, SECRET_HASH_BYTES);
    sodium_memzero(&state, sizeof state);
}

void secret_sha256(uint8_t out[SECRET_HASH_BYTES], const void *bytes, size_t n)
{
    crypto_hash_sha256(out, bytes, n);
}

void secret_base64url(char *out, const void *bytes, size_t n)
{
    sodium_bin2base64(out, sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING), bytes, n,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void secret_base64(char *out, const void *bytes, size_t n)
{
    sodium_bin2base64(out, sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_ORIGINAL), bytes, n,
                      sodium_base64_VARIANT_ORIGINAL);
}

bool secret_from_base64url(void *out, size_t n, const char *text)
{
    size_t got;
    return sodium_base642bin(out, n, text, strlen(text), NULL, &got, NULL,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
           got == n;
}

/* Group or others of the file mode. A credential of systemd is 0400 and owned by root or the unit's user. */
static enum err check_mode(int fd, const char *path, struct fail *why)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return fail_set(why, ERR_INVALID, "%.200s: not a file", path);
    if ((st.st_mode & 077) != 0)
        return fail_set(why, ERR_INVALID, "%.200s: others may read it (mode %03o); chmod 600 it", path,
                        (unsigned)st.st_mode & 0777);
    return ERR_OK;
}

static enum err read_all(int fd, const char *path, char *out, size_t size, struct fail *why)
{
    size_t n = 0;
    for (;;) {
        ssize_t got = read(fd, out + n, size - n);
        if (got < 0)
            return fail_errno(why, ERR_IO, "%.200s", path);
        if (got == 0)
            break;
        n += (size_t)got;
        if (n == size)
            return fail_set(why, ERR_INVALID, "%.200s: larger than %zu bytes", path, size - 1);
    }
    out[n] = '\0';
    if (memchr(out, '\0', n) != NULL)
        return fail_set(why, ERR_INVALID, "%.200s: not a text file", path);
    return ERR_OK;
}

enum err secret_file_read(const char *path, char *out, size_t size, struct fail *why)
{
    if (*path == '\0')
        return fail_set(why, ERR_INVALID, "no file given");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%.200s", path);
    enum err rc = check_mode(fd, path, why);
    if (rc == ERR_OK)
        rc = read_all(fd, path, out, size, why);
    if (rc != ERR_OK)
        explicit_bzero(out, size);
    close(fd);
    return rc;
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

bool secret_from_hex(uint8_t *out, size_t n, const char *text)
{
    static const char digits[] = "0123456789abcdef";
    if (strspn(text, digits) < 2 * n)
        return false;
    for (size_t i = 0; i < n; i++)
        out[i] = (uint8_t)((strchr(digits, text[2 * i]) - digits) << 4 |
                           (strchr(digits, text[2 * i + 1]) - digits));
    return true;
}

bool secret_equal(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}
