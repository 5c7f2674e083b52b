/* From a dataset to an ensemble's files: all members are trained, evaluated on held-out people and combined, then
 * trained again on everybody. The content model is read from beside the file (train/ensemble_file.h). */
#ifndef MVTI_TRAIN_ENSEMBLE_MAKE_H
#define MVTI_TRAIN_ENSEMBLE_MAKE_H

#include "base/err.h"
#include "data/dataset.h"
#include "train/ensemble.h"

struct ensemble_make {
    const struct trainer *trainer; /* one with members */
    const struct trainer_values *values;
    const struct dataset *dataset;
    const char *path; /* the ensemble's file; those of the members are written beside it */
    uint64_t seed;
    /* Keep the members that were evaluated: half the time, but held-out people are not learnt from */
    bool once;
    const struct train_watch *watch;
    const struct progress *progress; /* receives a note if the content model is missing */
};

/* Trains, then writes the members' files and the ensemble's file last. If training fails, nothing is written and *out
 * has no parts; if writing fails, the old ensemble is still in place. *found receives the result of fitting.
 * trained_free *out in any case. Errors of training, ERR_IO, ERR_NOMEM. */
MUST_USE enum err ensemble_make(const struct ensemble_make *m, struct ensemble_found *found,
                                struct trained *out, struct fail *why);

#endif
