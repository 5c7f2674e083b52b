/* The models that can be trained, one row each. `mvti train`, `mvti evaluate` and their help read this table:
 * a new model is a new row (and one in model/model_file.c for its weights on disk). */
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

enum { TRAINER_MAX_SETTINGS = 12, TRAINER_MAX_MEMBER_SETS = 32 };

struct trainer_values;

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
    /* NULL, or a file that a stopped training goes on from: read if it exists, written while training and at
     * its end. Only trainers that say so (`resumes`) use it. */
    const char *checkpoint;
    double checkpoint_seconds; /* at least that long between two writings of it */
    bool anew;                 /* what the checkpoint holds is not gone on with */
    /* Ensembles: a content model of these items (model/fusion.h: content) that is there already, or one whose
     * scorer is all zero. */
    struct fusion_part content;
    const struct progress *progress;
    const struct trainer_values *values; /* set by trainer_run: what was asked for, before defaults */
};

struct trained;

struct trainer {
    const char *name; /* the kind of the model file as well: how it scores is said there */
    const char *help;
    const struct trainer_setting *settings; /* [n_settings] */
    size_t n_settings;
    /* Trains on task->x with out->value[n_settings] and fills out's weights or links (trained_alloc for the
     * former). What is there after an error, trainer_run frees. */
    enum err (*train)(const struct train_task *task, struct trained *out, struct fail *why);
    bool resumes; /* keeps task->checkpoint (train/checkpoint.h) and ends with ERR_STOPPED when asked to */
};

/* The table's rows (trainer_rows.c); *n of them. */
const struct trainer *trainer_rows(size_t *n);
/* By name; NULL if there is none. */
const struct trainer *trainer_find(const char *name);

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

/* Room for n weights of a network, the same way. */
MUST_USE enum err trained_alloc_network(struct trained *out, size_t n, struct fail *why);

/* Fills in defaults, trains, takes the time. ERR_DIVERGED also when a trainer left something that is not a
 * number in its weights. Nothing to free after an error. */
MUST_USE enum err trainer_run(const struct trainer *t, const struct trainer_values *v,
                              const struct train_task *task, struct trained *out, struct fail *why);
/* Of the users trained on, too: see model/scorer.h. */
struct scorer trained_scorer(const struct trained *m);
void trained_free(struct trained *m);

#endif
