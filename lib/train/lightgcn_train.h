/* LightGCN and LightGCN++, training (train/lightgcn_graph.h has the papers and the mathematics): Adam on the
 * BPR loss, an epoch drawing as many triples as there are interactions: a user, evenly; one of their items,
 * evenly; an item that is none of theirs, evenly. Layer 0 begins as N(0, 0.1²).
 *
 * Everything drawn follows from the seed and the epoch's number, sums do not depend on the number of threads:
 * the same input gives the same bytes on one machine, stopped and resumed from a checkpoint or not. */
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
    size_t epochs; /* full training takes hundreds */
    size_t batch;  /* triples; 2,048 in the papers */
    uint64_t seed;
    struct checkpoint_place checkpoint;
    const struct trainer_epochs *told; /* of every epoch; NULL: nobody */
};

/* users [x->n_rows × dimensions] and items [x->n_cols × dimensions], row-major, receive the final vectors: a
 * score is their product. users may be NULL. Uses all cores; memory about 6 vectors a node (LightGCN++: 4 and
 * one a layer). Progress is reported by the batch, in epochs; it may end the program there.
 * ERR_INVALID: a setting; ERR_IO: the checkpoint; ERR_STOPPED: see there; ERR_DIVERGED: the loss is no number
 * any more, or far above where it began; ERR_NOMEM. */
MUST_USE enum err lightgcn_train(const struct csr *x, const struct lightgcn_plan *plan, float *users,
                                 float *items, const struct progress *progress, struct fail *why);

#endif
