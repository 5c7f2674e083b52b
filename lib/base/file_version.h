/* What tells one version of a file from another (stat(2)), for those who look every second whether it is another than they have read.
 *
 * The time of writing alone does not: a file that took the place of another within one tick of the clock has the same, and so has one that
 * was put back from an archive with its old time. Then another inode, or the time of the change, which nobody can set, says so. */
#ifndef MVTI_BASE_FILE_VERSION_H
#define MVTI_BASE_FILE_VERSION_H

#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>

struct file_version {
    int error; /* errno of stat, 0: none. ENOENT: there is no file; the rest is zero */
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec written, changed;
};

/* Of what a path leads to. Look before reading: what is written meanwhile is then found by the next look. */
void file_version_look(const char *path, struct file_version *out);
/* Of an open file that fstat told of. */
void file_version_take(const struct stat *st, struct file_version *out);
/* Whether nobody touched it, or put another in its place. */
bool file_version_same(const struct file_version *a, const struct file_version *b);
/* Whether it is one file, whose bytes were written over where it lies; one that was only linked, moved or given other rights was not. */
bool file_version_rewritten(const struct file_version *before, const struct file_version *now);

#endif
