#include "release/signer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"

/* ERR_CONFLICT rather than a key lost. */
static enum err write_key(const char *path, unsigned mode, const uint8_t key[SIGNATURE_KEY_BYTES],
                          struct fail *why)
{
    char line[SIGNATURE_KEY_CHARS + 2];
    secret_base64url(line, key, SIGNATURE_KEY_BYTES);
    memcpy(line + SIGNATURE_KEY_CHARS, "\n", 2);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return fail_errno(why, errno == EEXIST ? ERR_CONFLICT : ERR_IO, "%.200s", path);
    bool whole = write(fd, line, SIGNATURE_KEY_CHARS + 1) == SIGNATURE_KEY_CHARS + 1 && fsync(fd) == 0;
    explicit_bzero(line, sizeof line);
    if (close(fd) == 0 && whole)
        return ERR_OK;
    enum err rc = fail_errno(why, ERR_IO, "%.200s", path);
    unlink(path);
    return rc;
}

enum err signer_make(const char *file, struct fail *why)
{
    uint8_t secret[SIGNATURE_KEY_BYTES], public[SIGNATURE_KEY_BYTES];
    char path[CONFIG_TEXT * 2];
    if (snprintf(path, sizeof path, "%s.pub", file) >= (int)sizeof path)
        return fail_set(why, ERR_TOO_LARGE, "path too long: %.200s", file);
    secret_random(secret, sizeof secret);
    signature_public(public, secret);
    enum err rc = write_key(file, 0600, secret, why);
    if (rc == ERR_OK) {
        rc = write_key(path, 0644, public, why);
        if (rc != ERR_OK)
            unlink(file);
    }
    explicit_bzero(secret, sizeof secret);
    return rc;
}

/* The next line of *text; false at the end or for what is no key. */
static bool next_key(const char **text, uint8_t out[SIGNATURE_KEY_BYTES])
{
    char line[SIGNATURE_KEY_CHARS + 1];
    size_t n = strcspn(*text, "\r\n");
    if (n != SIGNATURE_KEY_CHARS)
        return false;
    memcpy(line, *text, n);
    line[n] = '\0';
    *text += n + strspn(*text + n, "\r\n");
    bool ok = secret_from_base64url(out, SIGNATURE_KEY_BYTES, line);
    explicit_bzero(line, sizeof line);
    return ok;
}

enum err signer_secret(const struct config *c, uint8_t secret[SIGNATURE_KEY_BYTES], struct fail *why)
{
    char path[CONFIG_TEXT * 2], text[256];
    struct fail inner = {0};
    const char *rest = text;
    enum err rc = config_secret_path(c, c->offer_key_file, path, sizeof path, &inner);
    if (rc == ERR_OK)
        rc = secret_file_read(path, text, sizeof text, &inner);
    if (rc == ERR_OK && (!next_key(&rest, secret) || *rest != '\0'))
        rc = fail_set(&inner, ERR_INVALID, "%.200s: not one line with a key", path);
    explicit_bzero(text, sizeof text);
    return rc == ERR_OK ? ERR_OK
                        : fail_set(why, rc, "offer_key_file: %.300s (`mvti key --signing FILE` creates one)",
                                   inner.text);
}

enum err signer_public(const struct config *c, struct signer_keys *out, struct fail *why)
{
    char text[256] = "";
    const char *path = c->pull_key_file, *rest = text;
    *out = (struct signer_keys){0};
    if (path[0] == '\0')
        return fail_set(
            why, ERR_INVALID,
            "pull_key_file names no public key: nothing that comes from elsewhere could be believed");
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return fail_errno(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "pull_key_file: %.200s", path);
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    while (out->n < SIGNER_MOST && next_key(&rest, out->keys[out->n]))
        out->n++;
    if (out->n == 0 || *rest != '\0')
        return fail_set(why, ERR_INVALID,
                        "pull_key_file: %.200s: not one or two lines with a public key each", path);
    return ERR_OK;
}
