/* What a model that can be trained says of itself, and how it is trained: each X_train.c defines one, and
 * train/trainers.c lists them. `mvti train`, `mvti evaluate`, `mvti tune` and their help read the list. */
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
    /* Where `mvti tune` searches: candidates "32,64,128", a range "0..1", or "log 10..1000" for one whose
     * magnitude matters; within least…most. NULL: not searched. Whole numbers are listed, never a range. */
    const char *tune;
};

/* What a trainer works on. */
struct train_task {
    const struct csr *x; /* [users × items] */
    uint64_t seed;
    struct checkpoint_place checkpoint; /* of trainers that resume; no path: not kept */
    /* Trainers with `content`: a content model of these items (model/fusion.h: content) that is there already, or
     * one whose scorer is all zero. */
    struct fusion_part content;
    /* Ensembles: keep the members that the weights were fitted with instead of training them on everybody,
     * and where to say how the fitting went (train/ensemble.h); NULL: of no interest. */
    bool once;
    struct ensemble_found *found;
    const struct progress *progress;
    const struct train_watch *watch;     /* NULL: nobody watches */
    const struct trainer_values *values; /* set by trainer_run: what was asked for, before defaults */
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

/* Of an ensemble. */
struct trainer_member {
    const struct trainer *trainer;
    float weight; /* in the report's fusion: 500 films a model, falling with the rank; 0: not a part of it */
    /* Above this number of items the member is trained by `beyond` instead or, where that is NULL, on the
     * most liked items alone: a dense inverse costs their cube. */
    size_t most_items;
    const struct trainer *beyond;
};

struct trainer {
    const char *name; /* the kind of the model file as well: how it scores is said there */
    const char *help;
    const struct trainer_setting *settings; /* [n_settings] */
    size_t n_settings;
    /* Trains on task->x with out->value[n_settings] and fills out's weights or links (trained_alloc for the
     * former). What is there after an error, trainer_run frees. */
    enum err (*train)(const struct train_task *task, struct trained *out, struct fail *why);
    bool resumes; /* keeps task->checkpoint (train/checkpoint.h) and ends with ERR_STOPPED when asked to */
    /* Ensembles (train/ensemble.h): several models as one. */
    const struct trainer_member *members; /* [n_members], below FUSION_PARTS: the content model comes last */
    size_t n_members;
    bool fitted;   /* weights from people not trained on; false: the report's */
    bool content;  /* a content model takes part if there is one; also of single models */
    double silent; /* the most that parts without reasons may weigh (train/fusion_fit.h) */
};

/* Settings of one training run. */
struct trainer_values {
    double value[TRAINER_MAX_SETTINGS];
    bool given[TRAINER_MAX_SETTINGS]; /* false: the default for the data, filled in by trainer_run */
    const char *member[TRAINER_MAX_MEMBER_SETS]; /* of an ensemble's members: "ease.lambda=400", borrowed */
    size_t n_member;
};

/* Reads "lambda=400", for an ensemble "ease.lambda=400" as well; the text must outlive v then. ERR_INVALID:
 * no such setting, not a number, out of range. */
MUST_USE enum err trainer_set(const struct trainer *t, struct trainer_values *v, const char *assignment,
                              struct fail *why);

/* What an ensemble's settings say of one member: into out. ERR_INVALID, as trainer_set. */
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
    struct item_cut *cut;  /* of an ensemble's part: the items that it knows, NULL for all; owned */
    struct trained *parts; /* [n_parts] of an ensemble; owned */
    size_t n_parts;
    struct fusion *fusion; /* over parts, and the task's content model behind them; owned */
    float *users;          /* factor models: [n_users × n_factors], or NULL where histories are folded in */
    size_t n_users;
    double loss; /* of the last epoch, where has_loss */
    bool has_loss;
    double seconds;
};

/* Room for the weights of out->trainer's kind with n_factors (0 unless a factor model), 64-byte aligned, not
 * cleared unless square. ERR_NOMEM with a sentence that names the size. */
MUST_USE enum err trained_alloc(struct trained *out, size_t n_factors, struct fail *why);

/* Besides those of n_factors, room for the vectors [n_users × n_factors] of the users trained on. */
MUST_USE enum err trained_alloc_vectors(struct trained *out, size_t n_users, size_t n_factors,
                                        struct fail *why);
/* These alone. */
MUST_USE enum err trained_alloc_users(struct trained *out, size_t n_users, size_t n_factors,
                                      struct fail *why);
/* Room for n weights of a network, the same way. */
MUST_USE enum err trained_alloc_network(struct trained *out, size_t n, struct fail *why);

/* Of a training under way: who watches, and the model that is trained. */
struct trainer_epochs {
    const struct train_watch *watch;
    struct trained *out;
};
/* Is the model as it is after this epoch (1…epochs) wanted in `out`? NULL: no. */
bool trainer_epochs_want(const struct trainer_epochs *e, uint64_t epoch, uint64_t epochs);
/* After every epoch; loss: its mean, NAN where there is none. */
void trainer_epochs_tell(const struct trainer_epochs *e, uint64_t epoch, uint64_t epochs, double loss);

/* Fills in defaults, trains, takes the time. ERR_DIVERGED also when a trainer left something that is not a
 * number in its weights. Nothing to free after an error. */
MUST_USE enum err trainer_run(const struct trainer *t, const struct trainer_values *v,
                              const struct train_task *task, struct trained *out, struct fail *why);
/* Of the users trained on, too: see model/scorer.h. */
struct scorer trained_scorer(const struct trained *m);
void trained_free(struct trained *m);

#endif
