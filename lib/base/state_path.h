/* Where programs keep their files: below state_dir, or where a person says. */
#ifndef MVTI_BASE_STATE_PATH_H
#define MVTI_BASE_STATE_PATH_H

#include <stdbool.h>

#include "base/config.h"

enum { STATE_PATH = 1024 };

struct state_file {
    const char *given; /* a path of the person's own, which stands instead; NULL: none */
    const char *folder, *name;
    bool create; /* make state_dir and the folder */
};

/* file->given, else state_dir/folder/name, into out[STATE_PATH]. ERR_TOO_LARGE, ERR_IO. */
MUST_USE enum err state_path(const struct config *config, const struct state_file *file, char *out,
                             struct fail *why);

#endif
