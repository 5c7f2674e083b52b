/* What this worker serves from: the open snapshot, the experiments and the HTML shell. Changes are picked up
 * between requests, without a restart. */
#ifndef MVTI_CGI_SERVING_H
#define MVTI_CGI_SERVING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "app/experiments.h"
#include "app/recommend.h"
#include "base/buf.h"
#include "base/config.h"
#include "fragments.h"

struct serving {
    const struct config *config;
    struct snapshot snapshot; /* valid while `ready` */
    bool ready;
    bool
        simulated; /* the models were trained on a simulated audience, which pages say wherever they show numbers */
    struct fragments fragments; /* of the snapshot */
    char tag[64];               /* entity tag of answers that depend on the snapshot alone, with quotes */
    char seen[256];             /* target of `current` when it was last opened, valid or not */
    ino_t seen_inode;
    struct experiments experiments;
    double checked; /* clock_monotonic of the last check */
    struct buf shell;
    struct timespec shell_time; /* mtime of the file in `shell` */
};

void serving_init(struct serving *v, const struct config *config);
/* Checks, at most once a second (`now` = clock_monotonic), whether snapshots/current points to another file; if so,
 * opens, verifies and swaps it. An invalid file is logged once, and the old snapshot stays live. Does the same for the
 * file of experiments, where an invalid file means no experiments. Cost if nothing changed: three system calls. */
void serving_refresh(struct serving *v, double now);
/* The HTML shell, reread if the file changed. NULL if it cannot be read. Valid until the next call. */
const char *serving_shell(struct serving *v);
void serving_close(struct serving *v);

#endif
