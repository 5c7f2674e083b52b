/* LightGCN and LightGCN++, training (train/lightgcn_graph.h has the papers and the equations): Adam on the
 * BPR loss. An epoch draws as many triples as there are interactions: a user, one of the user's items and an
 * item that the user does not have, each uniformly. Layer 0 is initialised from N(0, 0.1²).
 *
 * All random numbers derive from the seed and the epoch's number, and sums do not depend on the number of threads:
 * on one machine the same input gives the same bytes, whether or not the training was stopped and resumed. */
#ifndef MVTI_TRAIN_LIGHTGCN_TRAIN_H
#define MVTI_TRAIN_LIGHTGCN_TRAIN_H

#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "num/csr.h"
#include "train/checkpoint.h"
#include "train/lightgcn_graph.h"
#include "train/trainer.h"

struct lightgcn_plan {
    struct lightgcn_shape shape;
    double rate;   /* of Adam */
    size_t epochs; /* hundreds until convergence */
    size_t batch;  /* triples; 2,048 in the papers */
    uint64_t seed;
    struct checkpoint_place checkpoint;
    const struct trainer_epochs *told; /* receives each epoch's loss; may be NULL */
};

/* users [x->n_rows × dimensions] and items [x->n_cols × dimensions], row-major, receive the final vectors: a
 * score is their inner product. users may be NULL. Uses all cores; memory: about 6 vectors a node (LightGCN++: 4, and
 * one for each layer). Reports progress after each batch, in epochs, where the caller may end the program unless a
 * checkpoint is kept. ERR_INVALID: a setting; ERR_IO, ERR_STOPPED: the checkpoint; ERR_DIVERGED: the loss is not
 * finite, or far above that of the first batch; ERR_NOMEM. */
MUST_USE enum err lightgcn_train(const struct csr *x, const struct lightgcn_plan *plan, float *users,
                                 float *items, const struct progress *progress, struct fail *why);

#endif
