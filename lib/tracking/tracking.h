/* What a run of `mvti train` or `mvti evaluate` leaves behind: a run in the database (store/training_run.h,
 * read by `mvti runs`) and, if the setting mlflow_uri names one, a run on an MLflow server
 * (lib/tracking/mlflow.h).
 *
 * Everything is written at the end, in one go: nothing waits for another server while a model is trained, and
 * a run that is killed leaves nothing half. Nothing here ever fails the command: a database or server that
 * is away, slow or broken is one remark on stderr, and is not tried again by a command that
 * measures several models. The setting track_runs = 0 turns all of it off. */
#ifndef MVTI_TRACKING_TRACKING_H
#define MVTI_TRACKING_TRACKING_H

#include "base/arena.h"
#include "base/config.h"
#include "base/progress.h"
#include "base/vec.h"
#include "store/training_run.h"

/* Where runs are recorded, as the settings say; lives as long as what is recorded. */
struct tracking_home {
    const struct config *config;
    struct arena *arena;
    const struct progress *progress; /* its notes: what could not be recorded */
};

struct tracking {
    struct tracking_home home;
    struct training_run run;
    struct vec values;      /* struct training_run_value; words in the arena */
    double started;         /* monotonic */
    bool needs_no_database; /* no remark when there is none */
};

/* A run begins. tracking_end it on every path. */
void tracking_start(struct tracking *t, const struct tracking_home *home, const char *command,
                    const char *model, long seed);
/* One value; a name that is there already is replaced. Characters that MLflow or the database refuse become
 * '.', so that "hit@10" is kept as "hit.10"; a file's folder is not kept. */
void tracking_number(struct tracking *t, enum training_run_kind kind, const char *name, double value);
void tracking_word(struct tracking *t, const char *name, const char *word);
void tracking_file(struct tracking *t, const char *name, const char *path);
/* Settings, weights of parts, data, metrics and hash of a model file that was written. */
void tracking_model(struct tracking *t, const char *path);
/* Records the run. */
void tracking_end(struct tracking *t, enum training_run_status status);

#endif
