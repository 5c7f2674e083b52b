/* Runs of `mvti train` and `mvti evaluate`: what was asked, what came of it. Tables training_run and
 * training_run_value; no account, host or address of a person is kept. */
#ifndef MVTI_STORE_TRAINING_RUN_H
#define MVTI_STORE_TRAINING_RUN_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"

enum { RUN_NAME = 64, RUN_WORD = 500, RUN_HASH = 65, RUN_SNAPSHOT = 65, RUN_MODEL = 32 };

enum training_run_status { RUN_FINISHED, RUN_FAILED, RUN_STOPPED };
enum training_run_kind { RUN_PARAM, RUN_METRIC };

/* One parameter or metric. A name occurs once in each kind. */
struct training_run_value {
    enum training_run_kind kind;
    char name[RUN_NAME]; /* "lambda", "ndcg.10"; ASCII letters, digits and _ - . / */
    const char *word;    /* NULL: a number; at most RUN_WORD characters */
    double value;        /* NaN and infinities are stored as NULL and read as NaN */
};

struct training_run {
    int64_t id;                   /* given by the database */
    int64_t started_ms, ended_ms; /* since 1970 UTC */
    double seconds;
    const char *command;         /* "train", "evaluate" */
    char model[RUN_MODEL];       /* kind, "ease" */
    char dataset_hash[RUN_HASH]; /* hex, "" if none */
    char model_hash[RUN_HASH];   /* hex of the file written, "" if none */
    char snapshot[RUN_SNAPSHOT]; /* "" while not published */
    int64_t seed;
    enum training_run_status status;
    const struct training_run_value *values; /* [n_values] in the order given; read: by kind, then name */
    size_t n_values;
};

/* "finished", "failed", "stopped". */
const char *training_run_status_name(enum training_run_status status);
/* The value called name, NULL if the run has none. */
const struct training_run_value *training_run_find(const struct training_run *r, enum training_run_kind kind,
                                                   const char *name);

/* Stores the run and its values in one transaction; run->id and run->snapshot are not looked at. */
MUST_USE enum err training_run_store(struct db *db, const struct training_run *run, int64_t *id,
                                     struct fail *why);
/* One run with its values, in the arena. ERR_NOT_FOUND with a sentence. */
MUST_USE enum err training_run_read(struct db *db, struct arena *a, int64_t id, struct training_run *out,
                                    struct fail *why);
/* The newest runs of a model (NULL: of all), newest first, at most limit, with their values. */
MUST_USE enum err training_run_list(struct db *db, struct arena *a, const char *model, int64_t limit,
                                    struct training_run **out, size_t *n, struct fail *why);

#endif
