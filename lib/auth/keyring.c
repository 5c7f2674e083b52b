#include "auth/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MOST = 4096 };

static enum err read_line(struct keyring *k, const char *line, size_t n, const char *path, int number,
                          struct fail *why)
{
    char text[SECRET_TOKEN_CHARS + 1];
    if (k->n == KEYRING_MOST)
        return fail_set(why, ERR_INVALID, "%.200s:%d: more than %d keys", path, number, KEYRING_MOST);
    if (n != SECRET_TOKEN_CHARS)
        return fail_set(why, ERR_INVALID, "%.200s:%d: a key has %d characters of base64url, not %zu", path,
                        number, SECRET_TOKEN_CHARS, n);
    memcpy(text, line, n);
    text[n] = '\0';
    bool fine = secret_from_base64url(k->keys[k->n], SECRET_HASH_BYTES, text);
    explicit_bzero(text, sizeof text);
    if (!fine)
        return fail_set(why, ERR_INVALID, "%.200s:%d: not base64url", path, number);
    k->n++;
    return ERR_OK;
}

static enum err read_lines(struct keyring *k, const char *text, const char *path, struct fail *why)
{
    int number = 1;
    for (const char *p = text; *p != '\0'; number++) {
        size_t n = strcspn(p, "\r\n");
        enum err rc = n > 0 ? read_line(k, p, n, path, number, why) : ERR_OK;
        if (rc != ERR_OK)
            return rc;
        p += n;
        p += *p == '\r';
        p += *p == '\n';
    }
    return k->n > 0 ? ERR_OK : fail_set(why, ERR_INVALID, "%.200s: contains no key", path);
}

enum err keyring_read(struct keyring *k, const char *path, struct fail *why)
{
    *k = (struct keyring){0};
    char text[FILE_MOST];
    enum err rc = secret_file_read(path, text, sizeof text, why);
    if (rc == ERR_OK)
        rc = read_lines(k, text, path, why);
    explicit_bzero(text, sizeof text);
    if (rc != ERR_OK)
        keyring_forget(k);
    return rc;
}

enum err keyring_make(const char *path, struct fail *why)
{
    char line[SECRET_TOKEN_CHARS + 2];
    secret_token(line, SECRET_TOKEN_BYTES);
    memcpy(line + SECRET_TOKEN_CHARS, "\n", 2);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail_errno(why, errno == EEXIST ? ERR_CONFLICT : ERR_IO, "%.200s", path);
    bool written = write(fd, line, sizeof line - 1) == (ssize_t)sizeof line - 1 && fsync(fd) == 0;
    explicit_bzero(line, sizeof line);
    enum err rc = written ? ERR_OK : fail_errno(why, ERR_IO, "%.200s", path);
    close(fd);
    if (rc != ERR_OK)
        unlink(path);
    return rc;
}

void keyring_forget(struct keyring *k)
{
    explicit_bzero(k, sizeof *k);
}

void keyring_hash(const struct keyring *k, size_t which, const char *label, const void *bytes, size_t n,
                  uint8_t out[SECRET_HASH_BYTES])
{
    secret_keyed_hash(out, k->keys[which], label, bytes, n);
}

void keyring_token(const struct keyring *k, size_t which, const char *label, const char *text,
                   char out[SECRET_TOKEN_CHARS + 1])
{
    uint8_t hash[SECRET_HASH_BYTES];
    keyring_hash(k, which, label, text, strlen(text), hash);
    secret_base64url(out, hash, sizeof hash);
    explicit_bzero(hash, sizeof hash);
}

/* By any key of the ring, so that tokens outlive a change of keys; all are tried, so that the time does not say which one fits. */
bool keyring_token_valid(const struct keyring *k, const char *label, const char *text, const char *token)
{
    bool valid = false;
    if (!secret_token_valid(token, SECRET_TOKEN_CHARS))
        return false;
    for (size_t i = 0; i < k->n; i++) {
        char own[SECRET_TOKEN_CHARS + 1];
        keyring_token(k, i, label, text, own);
        valid |= secret_equal(own, token, SECRET_TOKEN_CHARS);
        explicit_bzero(own, sizeof own);
    }
    return valid;
}
