#include "picture/shelf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "base/vec.h"

/* How many are put before the next look at all. */
enum { SWEEP_EVERY = 32 };

enum err shelf_open(struct shelf *s, const char *folder, uint64_t most, struct fail *why)
{
    *s = (struct shelf){.most = most, .put = SWEEP_EVERY};
    if ((size_t)snprintf(s->folder, sizeof s->folder, "%s", folder) >= sizeof s->folder - 64)
        return fail_set(why, ERR_TOO_LARGE, "%.80s…: the path is too long", folder);
    if (mkdir(folder, 0750) != 0 && errno != EEXIST)
        return fail_errno(why, ERR_IO, "%s", folder);
    return ERR_OK;
}

void shelf_name(char name[SHELF_NAME + 1], const char *version, const struct buf *facts)
{
    uint8_t hash[SECRET_HASH_BYTES];
    struct secret_hasher h;
    secret_hasher_init(&h);
    secret_hasher_add(&h, version, strlen(version) + 1);
    secret_hasher_add(&h, facts->data, facts->len);
    secret_hasher_end(&h, hash);
    secret_hex(name, hash, SHELF_NAME / 2);
}

static void path_of(const struct shelf *s, const char *name, char out[SHELF_PATH + SHELF_NAME])
{
    snprintf(out, SHELF_PATH + SHELF_NAME, "%s/%s.png", s->folder, name);
}

static enum err read_all(int fd, struct buf *out, struct fail *why)
{
    for (;;) {
        if (!buf_reserve(out, 64 * 1024))
            return fail_set(why, ERR_NOMEM, "out of memory");
        ssize_t n = read(fd, out->data + out->len, 64 * 1024);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0 ? ERR_OK : fail_errno(why, ERR_IO, "picture");
        out->len += (size_t)n;
        out->data[out->len] = '\0';
    }
}

/* A machine that crashed may leave a file that is not whole. */
static bool whole(const struct buf *png)
{
    static const char end[] = "IEND\xae\x42\x60\x82";
    enum { N = sizeof end - 1 };
    return png->len > N && memcmp(png->data + png->len - N, end, N) == 0;
}

enum err shelf_get(const struct shelf *s, const char *name, struct buf *png, struct fail *why)
{
    char path[SHELF_PATH + SHELF_NAME];
    path_of(s, name, path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s", path);
    enum err rc = read_all(fd, png, why);
    (void)futimens(fd, NULL); /* where it may not be touched, it is not swept here either */
    close(fd);
    return rc == ERR_OK && !whole(png) ? fail_set(why, ERR_NOT_FOUND, "%s: not a complete picture", path)
                                       : rc;
}

bool shelf_has(const struct shelf *s, const char *name)
{
    char path[SHELF_PATH + SHELF_NAME];
    path_of(s, name, path);
    return access(path, R_OK) == 0;
}

static enum err write_all(int fd, const struct buf *png)
{
    for (size_t at = 0; at < png->len;) {
        ssize_t n = write(fd, png->data + at, png->len - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ERR_IO;
        at += (size_t)n;
    }
    return ERR_OK;
}

/* No fsync: what a crash of the machine loses is drawn again. */
static enum err write_file(const char *path, const struct buf *png, struct fail *why)
{
    char fresh[SHELF_PATH + SHELF_NAME + 16];
    snprintf(fresh, sizeof fresh, "%s.%d", path, (int)getpid());
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (fd >= 0)
        (void)fchmod(fd, 0640); /* workers, of the same group, read what jobs draw, whatever the umask */
    if (fd < 0)
        return fail_errno(why, ERR_IO, "%s", fresh);
    bool written = write_all(fd, png) == ERR_OK;
    written = close(fd) == 0 && written;
    if (written && rename(fresh, path) == 0)
        return ERR_OK;
    fail_errno(why, ERR_IO, "%s", path);
    unlink(fresh);
    return ERR_IO;
}

struct kept {
    char name[SHELF_NAME + 24];
    uint64_t bytes;
    struct timespec used;
};

static int older(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;
    if (x->used.tv_sec != y->used.tv_sec)
        return x->used.tv_sec < y->used.tv_sec ? -1 : 1;
    return (x->used.tv_nsec > y->used.tv_nsec) - (x->used.tv_nsec < y->used.tv_nsec);
}

/* Every file of the folder, also half-written ones of processes that died. */
static enum err list(const struct shelf *s, struct vec *files, uint64_t *bytes, struct fail *why)
{
    DIR *folder = opendir(s->folder);
    if (folder == NULL)
        return fail_errno(why, ERR_IO, "%s", s->folder);
    enum err rc = ERR_OK;
    const struct dirent *entry;
    while (rc == ERR_OK && (entry = readdir(folder)) != NULL) {
        struct kept k;
        struct stat st;
        if ((size_t)snprintf(k.name, sizeof k.name, "%s", entry->d_name) >= sizeof k.name ||
            fstatat(dirfd(folder), k.name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
            continue;
        k.bytes = (uint64_t)st.st_blocks * 512;
        k.used = st.st_mtim;
        *bytes += k.bytes;
        if (!vec_push(files, &k))
            rc = fail_set(why, ERR_NOMEM, "out of memory");
    }
    closedir(folder);
    return rc;
}

/* Removes the oldest files until at most nine tenths of `most` are left. */
static enum err sweep(struct shelf *s, struct fail *why)
{
    struct vec files = VEC_OF(struct kept);
    uint64_t bytes = 0;
    enum err rc = list(s, &files, &bytes, why);
    const struct kept *k = files.data;
    s->put = 0;
    if (rc == ERR_OK && bytes > s->most) {
        qsort(files.data, files.len, sizeof *k, older);
        for (size_t i = 0; i < files.len && bytes > s->most / 10 * 9; i++) {
            char path[SHELF_PATH + sizeof k->name];
            snprintf(path, sizeof path, "%s/%s", s->folder, k[i].name);
            if (unlink(path) == 0 || errno == ENOENT) /* another process sweeps too */
                bytes -= k[i].bytes;
        }
    }
    vec_free(&files);
    return rc;
}

enum err shelf_put(struct shelf *s, const char *name, const struct buf *png, struct fail *why)
{
    char path[SHELF_PATH + SHELF_NAME];
    path_of(s, name, path);
    enum err rc = write_file(path, png, why);
    if (rc != ERR_OK || s->most == UINT64_MAX || ++s->put < SWEEP_EVERY)
        return rc;
    return sweep(s, why);
}
