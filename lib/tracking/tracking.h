/* What a run of `mvti train` or `mvti evaluate` leaves behind: a run in the database
 * (store/training_run.h, read by `mvti runs`) and, if the setting mlflow_uri names one, a run on an MLflow server
 * (tracking/remote.h).
 *
 * It is there from its start, with status running, and gets its figures while it goes on, every few seconds at most; a
 * process that is killed leaves a lock that nobody holds, by which the next one that looks knows. With mlflow_later it
 * waits in the database for `mvti runs send`, as it does after a server was away.
 *
 * Nothing here ever fails the command: a database or server that is away, slow or broken is one remark on stderr, and is
 * not tried again by a command that measures several models. The setting track_runs = 0 turns all of it off. */
#ifndef MVTI_TRACKING_TRACKING_H
#define MVTI_TRACKING_TRACKING_H

#include "base/arena.h"
#include "base/config.h"
#include "base/progress.h"
#include "base/vec.h"
#include "store/training_run.h"
#include "tracking/mlflow_run.h"
#include "tracking/run_lock.h"

/* Where runs are recorded, as the settings say; lives as long as what is recorded. */
struct tracking_home {
    const struct config *config;
    struct arena *arena;
    const struct progress *progress; /* its notes: what could not be recorded */
    const char *user;                /* system user of the process, "" if unknown */
};

struct tracking {
    struct tracking_home home;
    struct training_run run;
    struct vec values;    /* struct training_run_value; words in the arena */
    struct vec points;    /* struct training_run_point */
    struct vec members;   /* const char *: model files of an ensemble's members, in the arena */
    const char *path;     /* of the model file that was written; NULL: none */
    size_t stored;        /* points that the database has */
    double started, told; /* monotonic; told: when the two were last told of a point */
    struct run_lock lock;
    struct mlflow_place at;
    bool needs_no_database; /* no remark when there is none */
};

/* A run is about to begin. tracking_end it on every path. */
void tracking_start(struct tracking *t, const struct tracking_home *home, const char *command,
                    const char *model, long seed);
/* It begins, with the values put so far. */
void tracking_begin(struct tracking *t);
/* One value; a name that is there already is replaced. Characters that MLflow or the database refuse become
 * '.', so that "hit@10" is kept as "hit.10"; a file's folder is not kept. */
void tracking_number(struct tracking *t, enum training_run_kind kind, const char *name, double value);
void tracking_word(struct tracking *t, const char *name, const char *word);
void tracking_file(struct tracking *t, const char *name, const char *path);
/* A figure of one epoch, from 1 on. */
void tracking_point(struct tracking *t, const char *name, int64_t step, double value);
/* Settings, data, metrics and hash of a model file that was written; of an ensemble also its rule and weights, and the
 * settings and metrics of every member, "ease.lambda": each becomes a run of its own, with the points of its name. */
void tracking_model(struct tracking *t, const char *path);
/* Records the run as ended. */
void tracking_end(struct tracking *t, enum training_run_status status);

/* Looks for runs whose process is gone, and says so in the database; *n of them. */
MUST_USE enum err tracking_look(const struct config *config, struct db *db, struct arena *a, size_t *n,
                                struct fail *why);

#endif
