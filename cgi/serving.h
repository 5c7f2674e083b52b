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
#include "base/file_version.h"
#include "base/lasting.h"
#include "fragments.h"
#include "model/snapshot_live.h"

struct serving {
    const struct config *config;
    struct snapshot snapshot; /* valid while `ready` */
    bool ready;
    bool
        simulated; /* the models were trained on a simulated audience, which pages say wherever they show numbers */
    struct fragments fragments; /* of the snapshot */
    char tag[64];               /* entity tag of answers that depend on the snapshot alone, with quotes */
    struct snapshot_live
        live; /* where it comes from, and why it is not what `current` leads to, if it is not */
    struct experiments experiments;
    double checked; /* clock_monotonic of the last check */
    struct buf shell;
    struct file_version shell_read; /* of the file in `shell`; zero: none */
    struct lasting shell_unreadable;
};

void serving_init(struct serving *v, const struct config *config);
/* Looks, at most once a second (`now` = clock_monotonic), whether another snapshot is to be served (model/snapshot_live.h), and swaps. While one is
 * served, the next is verified beside the requests, and a later look takes it. What is refused is logged once. Likewise the file of experiments,
 * of which a bad one means none. Cost when nothing changed: five system calls. */
void serving_refresh(struct serving *v, double now);
/* The HTML shell, reread if the file changed, as it was while it cannot be read, which the log has as base/lasting.h says; NULL if it never could. Valid
 * until the next call. */
const char *serving_shell(struct serving *v);
void serving_close(struct serving *v);

#endif
