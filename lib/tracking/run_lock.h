/* Is a run under way? Its process holds a file in state_dir/runs locked as long as it lives, whatever ends it; the run in
 * the database names the file. A lock sees further than a process number: across users, containers and restarts. */
#ifndef MVTI_TRACKING_RUN_LOCK_H
#define MVTI_TRACKING_RUN_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "base/err.h"
#include "store/training_run.h"

enum { RUN_LOCK_PATH = 1100 };

struct run_lock {
    int fd; /* −1: none is held */
    char path[RUN_LOCK_PATH];
};

/* Makes and locks a new file; name is what the database keeps, "" after an error: no such folder, or it cannot be
 * written. run_lock_free it. */
void run_lock_take(struct run_lock *l, const struct config *config, char name[RUN_LOCK]);
/* Lets go and removes the file. Safe on one that is not held. */
void run_lock_free(struct run_lock *l);

/* Lets go and leaves the file, by which the next one that looks knows that the run is over. */
void run_lock_leave(struct run_lock *l);

/* Of a run that began at started_ms: is its process gone? A file that is not there belongs to another state_dir, and is
 * waited for RUN_LOCK_DAYS; one that may not be opened, for ever. The file of one that is gone is removed. */
bool run_lock_gone(const struct config *config, const char *name, int64_t started_ms, int64_t now_ms);
enum { RUN_LOCK_DAYS = 7 };

#endif
