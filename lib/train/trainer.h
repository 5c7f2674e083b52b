/* A model that can be trained: its name, settings, help and train function. Each X_train.c defines one, and
 * train/trainers.h lists them. `mvti train`, `mvti evaluate`, `mvti tune` and their help read the list. */
#ifndef MVTI_TRAIN_TRAINER_H
#define MVTI_TRAIN_TRAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "model/fusion.h"
#include "model/scorer.h"
#include "num/csr.h"
#include "num/metric.h"
#include "train/checkpoint.h"
#include "train/train_watch.h"

enum { TRAINER_MAX_SETTINGS = 12, TRAINER_MAX_MEMBER_SETS = 32 };

struct trainer_values;
struct ensemble_found;

struct trainer_setting {
    const char *name;
    double least, most;
    double (*fallback)(const struct csr *x); /* the default, which may depend on the data */
    const char *help;
    /* Where `mvti tune` searches, within least…most: candidates "32,64,128", a range "0..1", or a logarithmic range
     * "log 10..1000". NULL: not searched. Integers are listed as candidates. */
    const char *tune;
};

/* What a trainer works on. */
struct train_task {
    const struct csr *x; /* [users × items] */
    uint64_t seed;
    struct checkpoint_place checkpoint; /* for trainers that resume; without a path none is kept */
    /* For trainers with `content`: an existing content model of these items (model/fusion.h: content); a zeroed scorer
     * if there is none. */
    struct fusion_part content;
    /* For ensembles: keep the members that the weights were fitted with instead of training them on everybody,
     * and where to write the result of fitting (train/ensemble.h), which may be NULL. */
    bool once;
    struct ensemble_found *found;
    const struct progress *progress;
    const struct train_watch *watch;     /* may be NULL */
    const struct trainer_values *values; /* set by trainer_run: the settings as given, without defaults */
    const struct trainer_epochs *epochs; /* set by trainer_run, for trainers that have epochs */
};

/* A default that does not depend on the data. */
#define TRAINER_FIXED(name, value)                                                                           \
    static double name(const struct csr *x)                                                                  \
    {                                                                                                        \
        (void)x;                                                                                             \
        return value;                                                                                        \
    }

struct trained;
struct trainer;

/* A member of an ensemble. */
struct trainer_member {
    const struct trainer *trainer;
    /* In the report's fusion, which weighs a model's 500 best films by rank; 0: not part of it */
    float weight;
    /* Above this number of items the member is trained by `beyond` instead or, if that is NULL, on so many of the
     * most liked items only: a dense inverse costs their number cubed. */
    size_t most_items;
    const struct trainer *beyond;
};

struct trainer {
    /* Also the kind of the model file (model/model_file.c), which determines how it scores */
    const char *name;
    const char *help;
    const struct trainer_setting *settings; /* [n_settings] */
    size_t n_settings;
    /* Trains on task->x with out->value[n_settings] and fills out's weights (trained_alloc) or links. After an error
     * trainer_run frees what there is. */
    enum err (*train)(const struct train_task *task, struct trained *out, struct fail *why);
    bool resumes; /* keeps task->checkpoint (train/checkpoint.h) and returns ERR_STOPPED on request */
    /* Ensembles (train/ensemble.h): several models as one. */
    /* [n_members], less than FUSION_PARTS: the content model is the last part */
    const struct trainer_member *members;
    size_t n_members;
    bool fitted; /* weights are fitted on held-out people; false: those of the report */
    /* Of fitted ones: always sums of standard scores; false: joined by the rule that is best for these people */
    bool standard;
    bool content;  /* uses a content model if there is one; also for single models */
    double silent; /* the largest total weight of parts without reasons (train/fusion_fit.h) */
};

/* Settings of one training run. */
struct trainer_values {
    double value[TRAINER_MAX_SETTINGS];
    bool given[TRAINER_MAX_SETTINGS]; /* false: the default for the data, filled in by trainer_run */
    /* Settings of an ensemble's members: "ease.lambda=400", borrowed */
    const char *member[TRAINER_MAX_MEMBER_SETS];
    size_t n_member;
};

/* Reads "lambda=400" or, for an ensemble, "ease.lambda=400", which is borrowed and must outlive v. ERR_INVALID:
 * no such setting, not a number, out of range. */
MUST_USE enum err trainer_set(const struct trainer *t, struct trainer_values *v, const char *assignment,
                              struct fail *why);

/* Extracts the settings of one member from those of its ensemble into out. ERR_INVALID, as trainer_set. */
MUST_USE enum err trainer_set_members(const struct trainer *member, struct trainer_values *out,
                                      const struct trainer_values *ensemble, struct fail *why);

/* A trained model in memory; trained_free it. */
struct trained {
    const struct trainer *trainer;
    double value[TRAINER_MAX_SETTINGS]; /* as used */
    float *weights;                     /* [n_weights] */
    size_t n_weights, n_items;
    size_t n_factors;      /* factor models, else 0 */
    struct csr links;      /* sparse models, as in struct model; owned */
    float *strength;       /* [csr_count(links)] */
    struct item_cut *cut;  /* of an ensemble's part: the items that it was trained on, NULL for all; owned */
    struct trained *parts; /* [n_parts] of an ensemble; owned */
    size_t n_parts;
    struct fusion *fusion; /* over parts, and the task's content model behind them; owned */
    float *users;          /* factor models: [n_users × n_factors], or NULL where histories are folded in */
    size_t n_users;
    double loss; /* of the last epoch, where has_loss */
    bool has_loss;
    double seconds;
};

/* Allocates out->weights for out->trainer's kind with n_factors (0 unless a factor model), 64-byte aligned; zeroed only
 * if they are a square matrix. ERR_NOMEM with a message that gives the size. */
MUST_USE enum err trained_alloc(struct trained *out, size_t n_factors, struct fail *why);

/* The same, and out->users [n_users × n_factors] for the users trained on. */
MUST_USE enum err trained_alloc_vectors(struct trained *out, size_t n_users, size_t n_factors,
                                        struct fail *why);
/* Only out->users. */
MUST_USE enum err trained_alloc_users(struct trained *out, size_t n_users, size_t n_factors,
                                      struct fail *why);
/* out->weights for the n weights of a network, in the same way. */
MUST_USE enum err trained_alloc_network(struct trained *out, size_t n, struct fail *why);

/* A running training: who watches it, and the model being trained. */
struct trainer_epochs {
    const struct train_watch *watch;
    struct trained *out;
};
/* Whether the model so far is needed in `out` after this epoch (1…epochs); false if e is NULL. */
bool trainer_epochs_want(const struct trainer_epochs *e, uint64_t epoch, uint64_t epochs);
/* To be called after every epoch; loss: its mean, NAN if there is none. */
void trainer_epochs_tell(const struct trainer_epochs *e, uint64_t epoch, uint64_t epochs, double loss);

/* Fills in defaults, trains, and measures the time. ERR_DIVERGED also if a weight is not finite; other errors are
 * the trainer's. There is nothing to free after an error. */
MUST_USE enum err trainer_run(const struct trainer *t, const struct trainer_values *v,
                              const struct train_task *task, struct trained *out, struct fail *why);
/* A view of m that scores items, also for the users trained on (model/scorer.h). */
struct scorer trained_scorer(const struct trained *m);
void trained_free(struct trained *m);

#endif
