/* What a training says of itself while it runs: after an epoch its loss and, of people or likes held out, how good
 * the model is by then. */
#ifndef MVTI_TRAIN_TRAIN_WATCH_H
#define MVTI_TRAIN_TRAIN_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/progress.h"
#include "model/scorer.h"
#include "train/evaluate.h"

/* Of one training: losses told, models measured. Evenly spread over its epochs, the last one among them. */
enum { TRAIN_WATCH_LOSSES = 200, TRAIN_WATCH_MEASURED = 12 };

struct train_watch {
    void *arg;
    /* `model` is a trainer's name; name: "loss", or a metric such as "ndcg@10"; epoch: from 1 on. */
    void (*figure)(void *arg, const char *model, const char *name, uint64_t epoch, double value);
    const struct evaluate_task *measure; /* its scorer is set here; NULL: nothing is measured */
};

/* Is the model of this epoch to be measured? NULL: nobody watches. */
bool train_watch_wants(const struct train_watch *w, uint64_t epoch, uint64_t epochs);
/* After an epoch. loss: NAN where the trainer has none; now: the model as it is where train_watch_wants it, else it
 * is not looked at. What cannot be measured is left out. */
void train_watch_epoch(const struct train_watch *w, const char *model, const struct scorer *now,
                       uint64_t epoch, uint64_t epochs, double loss);

#endif
