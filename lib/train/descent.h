/* Gradient descent as CDAE, RecVAE and LightGCN share it: parameters with the moments of Adam, and the loop over
 * epochs, which checks each epoch's loss and keeps a checkpoint after it. */
#ifndef MVTI_TRAIN_DESCENT_H
#define MVTI_TRAIN_DESCENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "num/adam.h"
#include "train/checkpoint.h"

/* Parameters that are updated by one Adam. */
struct descent {
    float *theta; /* [n], owned by the caller */
    float *m, *v; /* [n] first and second moments (Kingma & Ba, ICLR 2015) */
    size_t n;
    struct adam adam;
};

/* Moments start at 0. ERR_NOMEM. descent_free it; that is safe on a zeroed struct. */
MUST_USE enum err descent_init(struct descent *d, float *theta, size_t n, struct fail *why);
void descent_free(struct descent *d);
/* Updates theta[from … from + n) with gradient[n], on all cores where that pays. Part of the step started by
 * adam_begin(&d->adam). */
void descent_step(struct descent *d, size_t from, size_t n, const float *gradient);

struct descent_run {
    const char *name; /* for error messages about the loss: "CDAE" */
    const struct checkpoint_place *place;
    uint64_t epochs; /* to run in all, counting those of a checkpoint */
    double rate;
    struct descent *parts; /* [n_parts], 1 or 2 */
    size_t n_parts;
    void *training; /* first argument of these functions: */
    /* Called once, before the first epoch: theta is that of the checkpoint or, with `anew`, 0 and to be initialised. */
    void (*begin)(void *training, bool anew);
    /* Runs epoch state->epochs, counted from 0, and returns its mean loss. The very first batch sets
     * state->first. Reports progress after each batch, over all epochs. */
    double (*epoch)(void *training, const struct progress *progress);
    /* Called after each epoch with a sane loss, when state->epochs are done; may be NULL. */
    void (*after)(void *training);
};

/* Runs the remaining epochs. checkpoint_describe has filled `state`; its arrays are set here.
 * ERR_DIVERGED: an epoch's loss fails descent_sane; ERR_IO, ERR_STOPPED: the checkpoint. */
MUST_USE enum err descent_run(const struct descent_run *run, struct checkpoint *state,
                              const struct progress *progress, struct fail *why);
/* True if the loss is finite and not far above that of the first batch. */
bool descent_sane(const struct checkpoint *state, double loss);

#endif
