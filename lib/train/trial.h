/* Trains a model and evaluates it: the step that `mvti evaluate`, `mvti tune` and `mvti train` repeat. */
#ifndef MVTI_TRAIN_TRIAL_H
#define MVTI_TRAIN_TRIAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "train/evaluate.h"
#include "train/trainer.h"

struct trial {
    const struct trainer *trainer;
    const struct trainer_values *values;
    const struct csr *train;      /* [users × items] */
    struct evaluate_task measure; /* all but scorer and cut, which are set by the trial */
    size_t items; /* train only on this many of the most liked items (train/item_cut.h); 0: on all */
    uint64_t seed;
    /* A model that is there already: it is measured as the site scores with it, and `trainer` only names it. NULL: trained. Borrowed. */
    const struct fusion *ready;
    struct fusion_part content; /* that of train_task (train/trainer.h); ignored with a cut */
};

struct trial_result {
    struct evaluate_result found;
    double value[TRAINER_MAX_SETTINGS]; /* the settings used, defaults filled in */
    double seconds;                     /* of training */
};

/* Errors of training and evaluation. The model is freed; only the result is kept. */
MUST_USE enum err trial_run(const struct trial *t, struct trial_result *out, const struct progress *progress,
                            struct fail *why);

#endif
