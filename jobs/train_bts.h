/* mvti train bts: the content model, from the texts of the catalog instead of from what people like. */
#ifndef MVTI_JOBS_TRAIN_BTS_H
#define MVTI_JOBS_TRAIN_BTS_H

#include "job.h"
#include "train/trainer.h"

/* Its settings, for help and --set. It cannot be run as a trainer: there is nothing to train on likes. */
extern const struct trainer train_bts_row;

struct train_bts {
    struct trainer_values values;
    const char *movies, *plots; /* CSV files, or NULL: from the database */
    const char *dataset;        /* likes to measure with; not there: not measured */
    bool dataset_given;         /* then it must be there */
    const char *out;
    uint64_t seed;
    double holdout; /* share of films held out to measure; 0: do not measure */
};

/* Writes q->out and says how good it is. */
MUST_USE enum err train_bts(struct job *job, const struct train_bts *q, struct fail *why);

#endif
