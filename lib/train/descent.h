/* Training by gradients, what CDAE, RecVAE and LightGCN share: parameters with the moments of Adam, and the
 * epochs, with a look at each one's loss and a checkpoint after it. */
#ifndef MVTI_TRAIN_DESCENT_H
#define MVTI_TRAIN_DESCENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "num/adam.h"
#include "train/checkpoint.h"

/* Parameters that one Adam moves. */
struct descent {
    float *theta; /* [n], the caller's */
    float *m, *v; /* [n] moments */
    size_t n;
    struct adam adam;
};

/* Moments of 0 for theta[n]. ERR_NOMEM. descent_free it, which is safe on a zeroed struct, too. */
MUST_USE enum err descent_init(struct descent *d, float *theta, size_t n, struct fail *why);
void descent_free(struct descent *d);
/* Moves theta[from … from + n) by gradient[n], on all cores where that pays. A part of the step that
 * adam_begin(&d->adam) began. */
void descent_step(struct descent *d, size_t from, size_t n, const float *gradient);

struct descent_run {
    const char *name; /* for the sentence about a loss: "CDAE" */
    const struct checkpoint_place *place;
    uint64_t epochs; /* asked for */
    double rate;
    struct descent *parts; /* [n_parts], 1 or 2 */
    size_t n_parts;
    void *training; /* the first argument of both functions: */
    /* Once, before the first epoch: theta is the checkpoint's, or (`anew`) 0 and to be drawn. */
    void (*begin)(void *training, bool anew);
    /* Epoch state->epochs, counted from 0; returns its mean loss. In the first batch of all it sets
     * state->first. It reports progress after each batch, over all epochs. */
    double (*epoch)(void *training, const struct progress *progress);
    /* After each epoch that went well, state->epochs of them; NULL: nothing to do. */
    void (*after)(void *training);
};

/* Runs the epochs that are left. checkpoint_describe has filled `state`; its arrays are set here.
 * ERR_DIVERGED: descent_sane is false of an epoch's loss; ERR_IO, ERR_STOPPED: the checkpoint. */
MUST_USE enum err descent_run(const struct descent_run *run, struct checkpoint *state,
                              const struct progress *progress, struct fail *why);
/* The loss is a number and not far above the first batch's. */
bool descent_sane(const struct checkpoint *state, double loss);

#endif
