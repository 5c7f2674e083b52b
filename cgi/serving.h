/* What this worker serves from: the open snapshot and the HTML shell. Both are noticed when they change,
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
    bool simulated; /* the model was trained on a simulated audience: said wherever numbers show */
    struct fragments fragments; /* of the snapshot */
    char tag[64];               /* entity tag of everything made from this snapshot alone, with its quotes */
    char seen[256];             /* what `current` pointed to when it was last tried, good or bad */
    ino_t seen_inode;
    struct experiments experiments;
    double checked; /* clock_monotonic of the last look */
    struct buf shell;
    struct timespec shell_time; /* mtime of the file in `shell` */
};

void serving_init(struct serving *v, const struct config *config);
/* Looks, at most once a second (`now` = clock_monotonic), whether snapshots/current points elsewhere; opens
 * and checks the new file and swaps. A bad one is logged once and the old one stays. Likewise the file of experiments, of which a bad one
 * means none. Cost when nothing changed: three system calls. */
void serving_refresh(struct serving *v, double now);
/* The HTML shell, read again when the file changed. NULL if it cannot be read. */
const char *serving_shell(struct serving *v);
void serving_close(struct serving *v);

#endif
