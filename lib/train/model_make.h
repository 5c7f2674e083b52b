/* One model from a dataset to its file: measured on likes that were held out of a first training, then trained
 * on all of them. Ensembles: train/ensemble_make.h. */
#ifndef MVTI_TRAIN_MODEL_MAKE_H
#define MVTI_TRAIN_MODEL_MAKE_H

#include "base/err.h"
#include "data/dataset.h"
#include "train/model_save.h"
#include "train/trainer.h"

struct model_make {
    const struct trainer *trainer; /* one without members */
    const struct trainer_values *values;
    const struct dataset *dataset;
    const char *path; /* the model's file; checkpoints of both trainings lie beside it until it is written */
    /* Of trainers that read texts: the content model of the dataset's items. model_make opens the one beside path, and the
     * model knows its films besides the dataset's; without one it is noted and trained without. */
    struct fusion_part content;
    uint64_t seed;
    double holdout; /* share of each user's likes to measure on, for at most 10,000 users; 0: none */
    double checkpoint_seconds; /* between checkpoints; 0: after every epoch */
    bool anew;                 /* start over instead of resuming from a checkpoint */
    /* Told of losses, and of the quality on the way for some of the users measured on; its `measure` is not
     * looked at. */
    const struct train_watch *watch;
    const struct progress *progress;
    bool *keeps; /* true while what runs can be stopped with ERR_STOPPED and go on another time; NULL: of no
                  * interest */
};

struct model_made {
    struct model_value metrics[MODEL_SAVE_METRICS]; /* [n_metrics] at 10 and 20: "ndcg@10" and so on */
    size_t n_metrics;
    struct trained model;
};

/* trained_free out->model, also after an error in writing; after one in training it is empty. ERR_STOPPED:
 * progress.stopping was answered with yes; the checkpoint stays, and the same call resumes from it. */
MUST_USE enum err model_make(const struct model_make *m, struct model_made *out, struct fail *why);

#endif
