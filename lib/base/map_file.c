#include "base/map_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OUT_BLOCK = 1 << 20 };
static const char OF_PROCESSES[] = "/proc/";

enum err map_file_open(struct map_file *m, const char *path, struct fail *why)
{
    *m = (struct map_file){0};
    int fd = open(path,
                  O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a pipe without a writer is refused, not waited for */
    if (fd < 0)
        return fail_errno(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s", path);
    struct stat st;
    enum err rc = fstat(fd, &st) == 0 ? ERR_OK : fail_errno(why, ERR_IO, "%s", path);
    if (rc == ERR_OK && !S_ISREG(st.st_mode))
        rc = fail_set(why, ERR_INVALID, "%s: not a regular file", path);
    if (rc == ERR_OK && st.st_size > 0) {
        void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
        if (p == MAP_FAILED)
            rc = fail_errno(why, ERR_IO, "%s: mmap", path);
        else
            *m = (struct map_file){.data = p, .size = (size_t)st.st_size};
    }
    close(fd);
    return rc;
}

void map_file_close(struct map_file *m)
{
    if (m->data != NULL)
        munmap((void *)m->data, m->size);
    *m = (struct map_file){0};
}

/* Nobody writes it any more. */
static void remove_abandoned(const char *path)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        unlink(path);
    if (fd >= 0)
        close(fd);
}

/* Temporary files of processes that were killed: "path.tmp.*". */
static void remove_left(const char *path)
{
    char folder[1024], name[1024], left[2048];
    snprintf(folder, sizeof folder, "%s", path);
    const char *slash = strrchr(path, '/');
    int n = snprintf(name, sizeof name, "%s.tmp.", slash != NULL ? slash + 1 : path);
    DIR *dir = opendir(slash != NULL ? dirname(folder) : ".");
    for (struct dirent *d; dir != NULL && (d = readdir(dir)) != NULL;) {
        if (strncmp(d->d_name, name, (size_t)n) != 0)
            continue;
        snprintf(left, sizeof left, "%.*s%s", (int)(slash != NULL ? slash + 1 - path : 0), path, d->d_name);
        remove_abandoned(left);
    }
    if (dir != NULL)
        closedir(dir);
}

/* A rename would put a file in the place of whatever is there: as root in that of /dev/null, or of /dev/stdout, which is a link to wherever this process writes. */
static enum err check_replaceable(const char *path, struct fail *why)
{
    struct stat st;
    char to[sizeof OF_PROCESSES] = "";
    bool own = readlink(path, to, sizeof to - 1) > 0 && strcmp(to, OF_PROCESSES) == 0;
    if (!own && (stat(path, &st) != 0 || S_ISREG(st.st_mode)))
        return ERR_OK;
    if (!own && S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        return fail_errno(why, ERR_IO, "%s: cannot write", path);
    }
    return fail_set(why, ERR_INVALID, "%s: not a regular file, and no file is put in its place", path);
}

enum err map_file_out_open(struct out_file *o, const char *path, struct fail *why)
{
    *o = (struct out_file){.fd = -1};
    enum err rc = check_replaceable(path, why);
    if (rc != ERR_OK)
        return rc;
    if (snprintf(o->path, sizeof o->path, "%s", path) >= (int)sizeof o->path)
        return fail_set(why, ERR_INVALID, "%.200s…: path too long", path);
    snprintf(o->tmp, sizeof o->tmp, "%s.tmp.%ld", path, (long)getpid());
    o->block = malloc(OUT_BLOCK);
    if (o->block == NULL)
        return fail_set(why, ERR_NOMEM, "%s: out of memory", path);
    remove_left(path);
    o->fd = open(o->tmp, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (o->fd < 0 || flock(o->fd, LOCK_EX | LOCK_NB) != 0) {
        if (o->fd >= 0)
            close(o->fd);
        o->fd = -1;
        free(o->block);
        o->block = NULL;
        return fail_errno(why, ERR_IO, "%s", o->tmp);
    }
    return ERR_OK;
}

enum err map_file_out_publish(struct out_file *o, struct fail *why)
{
    if (fchmod(o->fd, 0644) == 0)
        return ERR_OK;
    enum err rc = fail_errno(why, ERR_IO, "%s", o->tmp);
    map_file_out_abort(o);
    return rc;
}

static void fail(struct out_file *o, int cause)
{
    o->failed = ERR_IO;
    o->cause = cause;
}

static void write_all(struct out_file *o, const unsigned char *p, size_t n)
{
    while (n > 0 && o->failed == ERR_OK) {
        ssize_t w = write(o->fd, p, n);
        if (w < 0 && errno != EINTR) {
            fail(o, errno);
        } else if (w > 0) {
            p += w;
            n -= (size_t)w;
        }
    }
}

static void flush_block(struct out_file *o)
{
    write_all(o, o->block, o->used);
    o->used = 0;
}

void map_file_out_write(struct out_file *o, const void *bytes, size_t n)
{
    if (o->fd < 0 || o->failed != ERR_OK)
        return;
    o->size += n;
    if (n >= OUT_BLOCK) {
        flush_block(o);
        write_all(o, bytes, n);
        return;
    }
    if (o->used + n > OUT_BLOCK)
        flush_block(o);
    if (n > 0)
        memcpy(o->block + o->used, bytes, n);
    o->used += n;
}

void map_file_out_patch(struct out_file *o, size_t offset, const void *bytes, size_t n)
{
    if (o->fd < 0 || o->failed != ERR_OK)
        return;
    flush_block(o);
    if (offset > o->size || n > o->size - offset) {
        fail(o, EINVAL);
        return;
    }
    ssize_t w = pwrite(o->fd, bytes, n, (off_t)offset);
    if (w != (ssize_t)n)
        fail(o, w < 0 ? errno : ENOSPC);
}

enum err map_file_out_status(const struct out_file *o, struct fail *why)
{
    if (o->failed == ERR_OK)
        return ERR_OK;
    errno = o->cause;
    return fail_errno(why, o->failed, "%s: cannot write", o->path);
}

static void sync_folder(const char *path)
{
    char copy[1024];
    snprintf(copy, sizeof copy, "%s", path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

enum err map_file_out_commit(struct out_file *o, struct fail *why)
{
    if (o->fd < 0)
        return fail_set(why, ERR_IO, "%s: not open", o->path);
    flush_block(o);
    if (o->failed == ERR_OK && (fsync(o->fd) != 0 || rename(o->tmp, o->path) != 0))
        fail(o, errno);
    enum err rc = map_file_out_status(o, why);
    if (rc != ERR_OK) {
        map_file_out_abort(o);
        return rc;
    }
    sync_folder(o->path);
    close(o->fd);
    o->fd = -1;
    free(o->block);
    o->block = NULL;
    return ERR_OK;
}

void map_file_out_abort(struct out_file *o)
{
    if (o->fd >= 0) {
        close(o->fd);
        unlink(o->tmp);
    }
    o->fd = -1;
    free(o->block);
    o->block = NULL;
}

enum err map_file_put(const char *path, const void *bytes, size_t n, struct fail *why)
{
    struct out_file out;
    enum err rc = map_file_out_open(&out, path, why);
    if (rc != ERR_OK)
        return rc;
    map_file_out_write(&out, bytes, n);
    return map_file_out_commit(&out, why);
}
