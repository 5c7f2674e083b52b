/* From what was counted to what is served: the weights of bandits, the guard-rail, ends that have come, and the file that workers look at. */
#ifndef MVTI_EXPERIMENT_REFRESH_H
#define MVTI_EXPERIMENT_REFRESH_H

#include "base/arena.h"
#include "store/db.h"

struct refresh_result {
    size_t running;     /* after it */
    size_t weighed;     /* bandits whose weights changed */
    const char **stops; /* [n_stops] a sentence for each variant or experiment that it stopped */
    size_t n_stops;
};

/* Counts, judges, weighs, and writes the file at `path`; without any experiment, and without a file there,
 * nothing is written. now: seconds since 1970 UTC. What fails leaves the file that is there. */
MUST_USE enum err refresh_run(struct db *db, const char *path, int64_t now, struct arena *a,
                              struct refresh_result *out, struct fail *why);

#endif
