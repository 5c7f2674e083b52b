/* One model trained and measured: what `mvti evaluate`, `mvti tune` and `mvti train` do again and again. */
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
    struct evaluate_task measure; /* all but scorer and cut, which are the trial's */
    size_t items;                 /* train on the so many most liked items (train/item_cut.h); 0: on all */
    uint64_t seed;
    struct fusion_part content; /* of the task (train/trainer.h); with a cut none takes part */
};

struct trial_result {
    struct evaluate_result found;
    double value[TRAINER_MAX_SETTINGS]; /* the settings used, defaults filled in */
    double seconds;                     /* of training */
};

/* Errors of training and evaluation. Keeps nothing but the result. */
MUST_USE enum err trial_run(const struct trial *t, struct trial_result *out, const struct progress *progress,
                            struct fail *why);

#endif
