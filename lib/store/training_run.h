/* Runs of `mvti train` and `mvti evaluate`: what was asked, what came of it. Tables training_run,
 * training_run_value and training_curve; store/training_life.h has what changes while one runs. No account of the site
 * and no address is kept. */
#ifndef MVTI_STORE_TRAINING_RUN_H
#define MVTI_STORE_TRAINING_RUN_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"

enum {
    RUN_NAME = 64,
    RUN_WORD = 500,
    RUN_HASH = 65,
    RUN_SNAPSHOT = 65,
    RUN_MODEL = 32,
    RUN_LOCK = 33,
    RUN_REMOTE = 65
};

/* Stopped: by a signal that it heard. Killed: it ended without a word. */
enum training_run_status { RUN_FINISHED, RUN_FAILED, RUN_STOPPED, RUN_RUNNING, RUN_KILLED, RUN_STATUSES };
enum training_run_kind { RUN_PARAM, RUN_METRIC };

/* One parameter or metric. A name occurs once in each kind. */
struct training_run_value {
    enum training_run_kind kind;
    char name[RUN_NAME]; /* "lambda", "ndcg.10"; ASCII letters, digits and _ - . / */
    const char *word;    /* NULL: a number; at most RUN_WORD characters */
    double value;        /* NaN and infinities are stored as NULL and read as NaN */
};

/* A figure of one epoch. */
struct training_run_point {
    char name[RUN_NAME];
    int64_t step, at_ms;
    double value;
};

struct training_run {
    int64_t id;                   /* given by the database */
    int64_t parent_id;            /* of the ensemble that it was trained for; 0: none */
    int64_t started_ms, ended_ms; /* since 1970 UTC; ended: 0 while it is running */
    double seconds;
    const char *command;         /* "train", "evaluate", "tune" */
    char model[RUN_MODEL];       /* kind, "ease" */
    char dataset_hash[RUN_HASH]; /* hex, "" if none */
    char model_hash[RUN_HASH];   /* hex of the file written, "" if none */
    char snapshot[RUN_SNAPSHOT]; /* "" while not published */
    char lock[RUN_LOCK];         /* file that its process holds locked; "" if none */
    char made_by[RUN_MODEL * 2]; /* system user of the process, "" if unknown */
    char remote[RUN_REMOTE];     /* id on the MLflow server, "" if it is not there */
    bool due;                    /* that server does not know all of it yet */
    int64_t seed;
    enum training_run_status status;
    const struct training_run_value *values; /* [n_values] in the order given; read: by kind, then name */
    size_t n_values;
    const struct training_run_point *points; /* [n_points]; reading fills it only where it says so */
    size_t n_points;
};

/* "finished", "failed", "stopped", "running", "killed". */
const char *training_run_status_name(enum training_run_status status);
/* The value called name, NULL if the run has none. */
const struct training_run_value *training_run_find(const struct training_run *r, enum training_run_kind kind,
                                                   const char *name);

/* Stores a new run with its values and points in one transaction; run->id and run->snapshot are not looked at. */
MUST_USE enum err training_run_store(struct db *db, const struct training_run *run, int64_t *id,
                                     struct fail *why);
/* Stores what has become of run->id: hashes, status, times, the values and points that are new or changed, and
 * run->remote and run->due. One transaction. */
MUST_USE enum err training_run_update(struct db *db, const struct training_run *run, struct fail *why);
/* One run with its values and points (by name, then step), in the arena. ERR_NOT_FOUND with a sentence. */
MUST_USE enum err training_run_read(struct db *db, struct arena *a, int64_t id, struct training_run *out,
                                    struct fail *why);
struct training_runs {
    const char *model;          /* whose are asked for; NULL: all */
    int64_t most;               /* so many */
    struct training_run *items; /* [n] found, newest first, with their values */
    size_t n;
};

/* The newest runs, from the arena. */
MUST_USE enum err training_run_list(struct db *db, struct arena *a, struct training_runs *out,
                                    struct fail *why);

#endif
