/* CDAE, training (train/cdae_net.h has the paper and the loss): Adam over batches of people, shuffled every
 * epoch, with dropout of the input. Weights are initialised from N(0, 2/(inputs + outputs)) (Glorot & Bengio,
 * AISTATS 2010), biases to 0. People without items are skipped; their vectors keep their initial values.
 *
 * All random numbers derive from the seed and the epoch's number. With one thread of OpenBLAS the same input
 * gives the same bytes, whether or not the training was stopped and resumed from a checkpoint. */
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
    const struct trainer_epochs *told; /* receives each epoch's loss; may be NULL */
};

struct cdae_trained {
    float *weights; /* [CDAE_HEADER + n_scoring] in the order of model/cdae.h */
    float *users;   /* [x->n_rows × dimensions] */
    double *loss;   /* of the last epoch, mean over its people */
};
/* Uses all cores; memory: 4 floats a parameter, and batch × items floats. Reports progress after each batch, where the
 * caller may end the program unless a checkpoint is kept. ERR_INVALID: a setting; ERR_DIVERGED: the loss is
 * not finite, or far above that of the first batch; ERR_IO, ERR_STOPPED: the checkpoint; ERR_NOMEM. */
MUST_USE enum err cdae_train(const struct csr *x, const struct cdae_plan *plan,
                             const struct cdae_trained *out, const struct progress *progress,
                             struct fail *why);

#endif
