/* The models that can be trained, one row each. `mvti train`, `mvti evaluate` and their help read this table:
 * a new model is a new row (and one in model/model_file.c for its weights on disk). */
#ifndef MVTI_TRAIN_TRAINER_H
#define MVTI_TRAIN_TRAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "model/scorer.h"
#include "num/csr.h"

enum { TRAINER_MAX_SETTINGS = 8 };

struct trainer_setting {
    const char *name;
    double least, most;
    double (*fallback)(const struct csr *x); /* the default, which may depend on the data */
    const char *help;
};

struct trainer {
    const char *name;
    const char *help;
    const struct trainer_setting *settings; /* [n_settings] */
    size_t n_settings;
    /* Trains on x with values[n_settings] into weights (model_weight_count floats). */
    enum err (*train)(const struct csr *x, const double *values, uint64_t seed, float *weights,
                      const struct progress *progress, struct fail *why);
    void (*score)(const float *weights, size_t n_items, const int32_t *history, size_t n, float *scores);
};

/* The table's rows; *n of them. */
const struct trainer *trainer_rows(size_t *n);
/* By name; NULL if there is none. */
const struct trainer *trainer_find(const char *name);

/* Settings of one training run. */
struct trainer_values {
    double value[TRAINER_MAX_SETTINGS];
    bool given[TRAINER_MAX_SETTINGS]; /* false: the default for the data, filled in by trainer_run */
};

/* Reads "lambda=400". ERR_INVALID: no such setting, not a number, out of range. */
MUST_USE enum err trainer_set(const struct trainer *t, struct trainer_values *v, const char *assignment,
                              struct fail *why);

/* A trained model in memory; trained_free it. */
struct trained {
    const struct trainer *trainer;
    double value[TRAINER_MAX_SETTINGS]; /* as used */
    float *weights;                     /* [n_weights] */
    size_t n_weights, n_items;
    double seconds;
};

/* Allocates, fills in defaults, trains, measures. Nothing to free after an error. */
MUST_USE enum err trainer_run(const struct trainer *t, const struct trainer_values *v, const struct csr *x,
                              uint64_t seed, const struct progress *progress, struct trained *out,
                              struct fail *why);
struct scorer trained_scorer(const struct trained *m);
void trained_free(struct trained *m);

#endif
