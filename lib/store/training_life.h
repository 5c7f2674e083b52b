/* Runs (store/training_run.h) that are under way, that ended without a word, and that a tracking server does not know
 * yet. */
#ifndef MVTI_STORE_TRAINING_LIFE_H
#define MVTI_STORE_TRAINING_LIFE_H

#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"
#include "store/training_run.h"

struct training_alive {
    int64_t id, started_ms;
    char lock[RUN_LOCK];
};

/* Runs whose status is running, the oldest first, at most `most`, in the arena. */
MUST_USE enum err training_alive_list(struct db *db, struct arena *a, size_t most,
                                      struct training_alive **out, size_t *n, struct fail *why);
/* Its process is gone: running becomes killed, ended when it last said something, to be told to the tracking server if
 * it is there. Nothing happens to a run that has ended meanwhile. */
MUST_USE enum err training_alive_killed(struct db *db, int64_t id, struct fail *why);

/* The runs that the tracking server does not know all of, the oldest first, at most `most`: their numbers, in the
 * arena. */
MUST_USE enum err training_life_due(struct db *db, struct arena *a, size_t most, int64_t **out, size_t *n,
                                    struct fail *why);
/* How many there are. */
MUST_USE enum err training_life_due_count(struct db *db, int64_t *n, struct fail *why);
/* It knows a run under this id, all of it unless `due`. */
MUST_USE enum err training_life_sent(struct db *db, int64_t id, const char *remote, bool due,
                                     struct fail *why);

/* The run that wrote the model that a snapshot serves: its id on the tracking server, "" if there is none. */
MUST_USE enum err training_life_remote(struct db *db, const char *snapshot, char remote[RUN_REMOTE],
                                       struct fail *why);

#endif
