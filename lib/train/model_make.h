/* From a dataset to a model file: the model is evaluated on likes that were held out of a first training, then trained
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
    /* The model's file; checkpoints of both trainings are kept beside it until it is written */
    const char *path;
    /* For trainers that read texts: the content model of the dataset's items. model_make opens the one beside path, and
     * the model then also covers its films; if there is none, that is noted and the model trained without. */
    struct fusion_part content;
    uint64_t seed;
    double holdout; /* share of each user's likes to evaluate on, for at most 10,000 users; 0: none */
    double checkpoint_seconds; /* shortest time between checkpoints; 0: after every epoch */
    bool anew;                 /* start over instead of resuming from a checkpoint */
    /* Receives losses, and metrics over some of the held-out users during training; its `measure` is
     * ignored. */
    const struct train_watch *watch;
    const struct progress *progress;
    /* True while the running stage can be stopped with ERR_STOPPED and resumed later; may be NULL */
    bool *keeps;
};

struct model_made {
    struct model_value metrics[MODEL_SAVE_METRICS]; /* [n_metrics] at 10 and 20: "ndcg@10" and so on */
    size_t n_metrics;
    struct trained model;
};

/* trained_free out->model, also after an error (it is empty if training failed). ERR_STOPPED: progress.stopping
 * returned true; the checkpoint is kept, and the same call resumes from it. Errors of training, ERR_IO, ERR_NOMEM. */
MUST_USE enum err model_make(const struct model_make *m, struct model_made *out, struct fail *why);

#endif
