/* A whole file mapped read-only and shared, and the atomic way to replace one. */
#ifndef MVTI_BASE_MAP_FILE_H
#define MVTI_BASE_MAP_FILE_H

#include <stddef.h>

#include "base/err.h"

struct map_file {
    const unsigned char *data; /* NULL when empty or not open */
    size_t size;
};

/* Maps path. The file must not be changed in place while mapped (SIGBUS): replace by rename only. */
MUST_USE enum err map_file_open(struct map_file *m, const char *path, struct fail *why);
/* Unmaps; safe on a zeroed struct. */
void map_file_close(struct map_file *m);

/* Writes a file so that a reader sees the old or the new one, never a part: path.tmp.PID beside it, fsync,
 * rename, fsync of the folder. `map_file_out_abort` removes the temporary file. It is locked (flock(2)) while it is written: what a killed process
 * left of the same path is not, and goes when the next one opens it. A device, a pipe, /dev/stdout are not replaced: ERR_INVALID; nor is a folder: ERR_IO. */
struct out_file {
    int fd;
    char path[1024];
    char tmp[1088];
    unsigned char *block; /* write-behind buffer */
    size_t used;
    size_t size; /* bytes written so far */
    enum err failed;
    int cause; /* errno of that failure */
};

MUST_USE enum err map_file_out_open(struct out_file *o, const char *path, struct fail *why);
/* Others than the owner may read it (mode 0644), whatever the umask. On an error it is aborted. ERR_IO. */
MUST_USE enum err map_file_out_publish(struct out_file *o, struct fail *why);
/* Appends; an error is remembered and reported by map_file_out_commit. */
void map_file_out_write(struct out_file *o, const void *bytes, size_t n);
/* Overwrites n bytes at an earlier offset (a header whose counts were not known). */
void map_file_out_patch(struct out_file *o, size_t offset, const void *bytes, size_t n);
/* The first error so far, with the system's reason. */
MUST_USE enum err map_file_out_status(const struct out_file *o, struct fail *why);
/* Flushes, fsyncs, renames. On any error the old file stays and the temporary one is gone. */
MUST_USE enum err map_file_out_commit(struct out_file *o, struct fail *why);
/* Forgets everything written; safe after map_file_out_commit and on a failed map_file_out_open. */
void map_file_out_abort(struct out_file *o);

/* A whole file at once, in the same way. */
MUST_USE enum err map_file_put(const char *path, const void *bytes, size_t n, struct fail *why);

#endif
