/* Where a command reads and writes by default: below state_dir. */
#ifndef MVTI_JOBS_STATE_PATH_H
#define MVTI_JOBS_STATE_PATH_H

#include <stdbool.h>

#include "job.h"

enum { STATE_PATH = 1024 };

/* `given` if not NULL, else state_dir/folder/name into out[STATE_PATH]; with `create`, that folder is made.
 * ERR_TOO_LARGE, ERR_IO. */
MUST_USE enum err state_path(const struct job *job, const char *given, const char *folder, const char *name,
                             bool create, char *out, struct fail *why);

#endif
