#include "base/file_version.h"

#include <errno.h>

void file_version_take(const struct stat *st, struct file_version *out)
{
    *out = (struct file_version){.device = st->st_dev,
                                 .inode = st->st_ino,
                                 .size = st->st_size,
                                 .written = st->st_mtim,
                                 .changed = st->st_ctim};
}

void file_version_look(const char *path, struct file_version *out)
{
    struct stat st;
    if (stat(path, &st) == 0)
        file_version_take(&st, out);
    else
        *out = (struct file_version){.error = errno};
}

static bool same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool same_file(const struct file_version *a, const struct file_version *b)
{
    return a->error == b->error && a->device == b->device && a->inode == b->inode;
}

static bool same_bytes(const struct file_version *a, const struct file_version *b)
{
    return a->size == b->size && same_time(a->written, b->written);
}

bool file_version_same(const struct file_version *a, const struct file_version *b)
{
    return same_file(a, b) && same_bytes(a, b) && same_time(a->changed, b->changed);
}

bool file_version_rewritten(const struct file_version *before, const struct file_version *now)
{
    return now->error == 0 && same_file(before, now) && !same_bytes(before, now);
}
