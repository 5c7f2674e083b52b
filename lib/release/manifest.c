#include "release/manifest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "release/pieces.h"

#define HEAD "mvti-manifest 2\n"
#define OLDER_HEAD "mvti-manifest 1\n" /* its number counts on */
#define SIGNATURE "signature "
#define SNAPSHOT "snapshots/mvti-"
#define EXPERIMENTS "experiments/current.mve"

enum { HEX = 2 * SECRET_HASH_BYTES };

void manifest_offered(const struct manifest_file *f, char name[HEX + 1])
{
    secret_hex(name, f->index_size > 0 ? f->index_hash : f->hash, SECRET_HASH_BYTES);
}

void manifest_write(const struct manifest *m, const uint8_t secret[SIGNATURE_KEY_BYTES], struct buf *out)
{
    uint8_t signature[SIGNATURE_BYTES];
    char text[SIGNATURE_CHARS + 1], hex[HEX + 1];
    buf_printf(out, HEAD "number %" PRId64 "\ntime %" PRId64 "\nswitch %" PRId64 "\n", m->number, m->time,
               m->switch_at);
    for (size_t i = 0; i < m->n; i++) {
        const struct manifest_file *f = &m->files[i];
        secret_hex(hex, f->hash, SECRET_HASH_BYTES);
        buf_printf(out, "file %s %" PRIu64 " %s\n", f->path, f->size, hex);
        secret_hex(hex, f->index_hash, SECRET_HASH_BYTES);
        if (f->index_size > 0)
            buf_printf(out, "pieces %" PRIu64 " %s\n", f->index_size, hex);
    }
    signature_make(signature, secret, out->data, out->len);
    secret_base64url(text, signature, SIGNATURE_BYTES);
    buf_printf(out, SIGNATURE "%s\n", text);
}

/* Where the last line, the signature's, begins; NULL if there is none of that form. */
static const char *last_line(const char *text, size_t n)
{
    size_t line = strlen(SIGNATURE) + SIGNATURE_CHARS + 1;
    const char *at = text + n - line;
    return n > line && text[n - 1] == '\n' && at[-1] == '\n' && memcmp(at, SIGNATURE, strlen(SIGNATURE)) == 0
               ? at
               : NULL;
}

static bool is_signed(const char *text, const char *last, const struct signer_keys *keys)
{
    uint8_t signature[SIGNATURE_BYTES];
    char base64[SIGNATURE_CHARS + 1];
    memcpy(base64, last + strlen(SIGNATURE), SIGNATURE_CHARS);
    base64[SIGNATURE_CHARS] = '\0';
    if (!secret_from_base64url(signature, SIGNATURE_BYTES, base64))
        return false;
    for (size_t i = 0; i < keys->n; i++)
        if (signature_valid(signature, keys->keys[i], text, (size_t)(last - text)))
            return true;
    return false;
}

static bool skip(const char **at, const char *word)
{
    size_t n = strlen(word);
    if (strncmp(*at, word, n) != 0)
        return false;
    *at += n;
    return true;
}

/* Digits without a zero before them, up to 18 of them, and what ends them. */
static bool read_number(const char **at, char end, int64_t *out)
{
    size_t n = strspn(*at, "0123456789");
    if (n == 0 || n > 18 || (**at == '0' && n > 1) || (*at)[n] != end)
        return false;
    *out = strtoll(*at, NULL, 10);
    *at += n + 1;
    return true;
}

/* A path that leads to one of the two places, whoever signed it. */
static bool is_ours(const char *path)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    if (strcmp(path, EXPERIMENTS) == 0)
        return true;
    if (strncmp(path, SNAPSHOT, strlen(SNAPSHOT)) != 0)
        return false;
    const char *id = path + strlen(SNAPSHOT);
    size_t n = strspn(id, plain);
    return n > 0 && n <= 40 && strcmp(id + n, ".mvs") == 0;
}

static bool read_hash(const char **at, uint8_t out[SECRET_HASH_BYTES])
{
    if (!secret_from_hex(out, SECRET_HASH_BYTES, *at) || (*at)[HEX] != '\n')
        return false;
    *at += HEX + 1;
    return true;
}

static bool read_index(const char **at, struct manifest_file *f)
{
    int64_t size;
    if (!skip(at, "pieces "))
        return true;
    if (!read_number(at, ' ', &size) || size == 0 || size > PIECE_INDEX_MOST)
        return false;
    f->index_size = (uint64_t)size;
    return read_hash(at, f->index_hash);
}

static bool read_file(const char **at, struct manifest_file *f)
{
    int64_t size;
    size_t n = strcspn(*at, " \n");
    if (n == 0 || n >= MANIFEST_PATH || (*at)[n] != ' ')
        return false;
    memcpy(f->path, *at, n);
    f->path[n] = '\0';
    *at += n + 1;
    if (!is_ours(f->path) || !read_number(at, ' ', &size))
        return false;
    f->size = (uint64_t)size;
    return read_hash(at, f->hash) && read_index(at, f);
}

static bool read_lines(struct manifest *m, const char *at, const char *last)
{
    if (!skip(&at, HEAD) || !skip(&at, "number ") || !read_number(&at, '\n', &m->number) ||
        !skip(&at, "time ") || !read_number(&at, '\n', &m->time) || !skip(&at, "switch ") ||
        !read_number(&at, '\n', &m->switch_at))
        return false;
    while (m->n < MANIFEST_FILES && skip(&at, "file "))
        if (!read_file(&at, &m->files[m->n++]))
            return false;
    return at == last && m->number > 0 && m->switch_at >= m->time && m->n > 0 &&
           strncmp(m->files[0].path, SNAPSHOT, strlen(SNAPSHOT)) == 0;
}

bool manifest_number(const char *text, int64_t *out)
{
    const char *at = text;
    return (skip(&at, HEAD) || skip(&at, OLDER_HEAD)) && skip(&at, "number ") && read_number(&at, '\n', out);
}

enum err manifest_read(struct manifest *out, const char *text, const struct signer_keys *keys,
                       struct fail *why)
{
    *out = (struct manifest){0};
    const char *last = last_line(text, strlen(text));
    if (last == NULL)
        return fail_set(why, ERR_CORRUPT, "the manifest is not signed, or not whole");
    if (!is_signed(text, last, keys))
        return fail_set(why, ERR_DENIED,
                        "the manifest's signature is by none of the keys that are believed here");
    return read_lines(out, text, last)
               ? ERR_OK
               : fail_set(why, ERR_CORRUPT, "the manifest is of a form that this program does not know");
}
