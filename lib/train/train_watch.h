/* What a training reports while it runs: its loss after an epoch and, at some epochs, the metrics of the model so far on
 * held-out people or likes. */
#ifndef MVTI_TRAIN_TRAIN_WATCH_H
#define MVTI_TRAIN_TRAIN_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/progress.h"
#include "model/scorer.h"
#include "train/evaluate.h"

/* The most losses and evaluations of one training, spread evenly over its epochs and including the last. */
enum { TRAIN_WATCH_LOSSES = 200, TRAIN_WATCH_MEASURED = 12 };

struct train_watch {
    void *arg;
    /* `model` is a trainer's name; `name` is "loss", or a metric such as "ndcg@10"; epochs count from 1. */
    void (*figure)(void *arg, const char *model, const char *name, uint64_t epoch, double value);
    const struct evaluate_task *measure; /* its scorer is replaced by the model so far; NULL: losses only */
};

/* Whether the model is to be evaluated after this epoch; false if w is NULL. */
bool train_watch_wants(const struct train_watch *w, uint64_t epoch, uint64_t epochs);
/* To be called after each epoch. loss: NAN if the trainer has none; now: the model so far, which is only used where
 * train_watch_wants is true. An evaluation that fails is skipped. */
void train_watch_epoch(const struct train_watch *w, const char *model, const struct scorer *now,
                       uint64_t epoch, uint64_t epochs, double loss);

#endif
