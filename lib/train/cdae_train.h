/* CDAE, training (train/cdae_net.h has the paper and the loss): Adam over batches of people, shuffled every
 * epoch, with dropout of the input. Weights begin as N(0, 2/(inputs + outputs)) (Glorot & Bengio), biases 0.
 * People without items are left out; their vectors stay as drawn.
 *
 * Everything drawn follows from the seed and the epoch's number. With one thread of OpenBLAS the same input
 * gives the same bytes, stopped and resumed from a checkpoint or not. */
#ifndef MVTI_TRAIN_CDAE_TRAIN_H
#define MVTI_TRAIN_CDAE_TRAIN_H

#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "num/csr.h"
#include "train/checkpoint.h"
#include "train/trainer.h"

struct cdae_plan {
    size_t dimensions, epochs, batch; /* batch: people */
    double rate;                      /* of Adam */
    double l2;
    double dropout; /* in [0, 1) */
    bool rectified; /* the hidden layer's s is max(0, ·), else logistic */
    uint64_t seed;
    struct checkpoint_place checkpoint;
    const struct trainer_epochs *told; /* of every epoch; NULL: nobody */
};

/* weights[CDAE_HEADER + n_scoring] as model/cdae.h has them, users[x->n_rows × dimensions]; *loss of the last
 * epoch, the mean over its people. Uses all cores; memory 4 floats a parameter, and one for each person of a
 * batch and item. Progress in batches; it may end the program there unless a checkpoint is kept.
 * ERR_INVALID: a setting; ERR_DIVERGED: the loss is no number any more, or far above where it began; ERR_IO,
 * ERR_STOPPED: the checkpoint; ERR_NOMEM. */
struct cdae_trained {
    float *weights, *users;
    double *loss;
};
MUST_USE enum err cdae_train(const struct csr *x, const struct cdae_plan *plan,
                             const struct cdae_trained *out, const struct progress *progress,
                             struct fail *why);

#endif
