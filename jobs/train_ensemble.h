/* mvti train ader|ader-fitted|blend: all members on one dataset, measured and joined on people that they have
 * not seen, then trained once more on everybody. */
#ifndef MVTI_JOBS_TRAIN_ENSEMBLE_H
#define MVTI_JOBS_TRAIN_ENSEMBLE_H

#include <stdbool.h>

#include "data/dataset.h"
#include "job.h"
#include "job_tracking.h"
#include "train/trainer.h"

struct train_ensemble {
    const struct trainer *trainer;
    const struct trainer_values *values;
    const struct dataset *dataset;
    const char *out; /* the ensemble's file; the members' lie beside it */
    uint64_t seed;
    struct tracking *track; /* of its run */
    bool once; /* publish the members that were measured: half the time, without the people held out */
};

/* Says what it found, writes the members' files and last the ensemble's. Nothing is written after an error
 * in training; an error in writing leaves the ensemble's old file, which names members by their hashes. */
MUST_USE enum err train_ensemble(struct job *job, const struct train_ensemble *q, struct fail *why);

#endif
