#include "release/taken.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/map_file.h"

enum { BLOCK = 1 << 16 };

enum err taken_read(const char *path, char *out, size_t size, struct fail *why)
{
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return fail_errno(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%.300s", path);
    size_t n = fread(out, 1, size, f);
    bool failed = ferror(f) != 0;
    fclose(f);
    if (failed || n == size)
        return fail_set(why, failed ? ERR_IO : ERR_TOO_LARGE, "%.300s: %s", path,
                        failed ? "cannot be read" : "too long");
    out[n] = '\0';
    return ERR_OK;
}

enum err taken_write(const char *path, const char *text, struct fail *why)
{
    enum err rc = map_file_put(path, text, strlen(text), why);
    if (rc == ERR_OK && chmod(path, 0644) != 0)
        rc = fail_errno(why, ERR_IO, "%.300s", path);
    return rc;
}

enum err taken_hash(const char *path, uint8_t out[SECRET_HASH_BYTES], struct fail *why)
{
    unsigned char block[BLOCK];
    struct secret_hasher h;
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return fail_errno(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%.300s", path);
    secret_hasher_init(&h);
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        secret_hasher_add(&h, block, n);
    bool failed = ferror(f) != 0;
    fclose(f);
    secret_hasher_end(&h, out);
    return failed ? fail_set(why, ERR_IO, "%.300s: cannot be read", path) : ERR_OK;
}
