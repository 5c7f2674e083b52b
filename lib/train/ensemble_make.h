/* An ensemble from a dataset to its files: all members trained, measured and joined on people that they have not seen, then trained once more on
 * everybody, with the content model that lies beside the file (train/ensemble_file.h). */
#ifndef MVTI_TRAIN_ENSEMBLE_MAKE_H
#define MVTI_TRAIN_ENSEMBLE_MAKE_H

#include "base/err.h"
#include "data/dataset.h"
#include "train/ensemble.h"

struct ensemble_make {
    const struct trainer *trainer; /* one with members */
    const struct trainer_values *values;
    const struct dataset *dataset;
    const char *path; /* the ensemble's file; the members' lie beside it */
    uint64_t seed;
    bool once; /* keep the members that were measured: half the time, without the people held out */
    const struct train_watch *watch;
    const struct progress *progress; /* where a missing content model is noted */
};

/* Trains, and writes the members' files and last the ensemble's. Nothing is written after an error in training, and *out has nothing to free; an
 * error in writing leaves the ensemble's old file, which names members by their hashes. *found: how the fitting went. trained_free *out, which
 * has no parts after an error in training. */
MUST_USE enum err ensemble_make(const struct ensemble_make *m, struct ensemble_found *found,
                                struct trained *out, struct fail *why);

#endif
