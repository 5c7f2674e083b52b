/* RecVAE, training (I. Shenbin et al., WSDM 2020; train/recvae_net.h has the loss). An epoch: three passes
 * over the people that step the encoder with dropout, the encoder becomes the prior's old one, one pass that
 * steps the decoder without dropout; an Adam for each half. Weights and biases begin drawn evenly from
 * ±1/√inputs, as the authors' code has them (what their library does unasked; the paper is silent): with
 * Glorot's deviation of √(2/(inputs + outputs)), which RecBole has, a decoder of thousands of films begins too
 * small and an epoch teaches less. Before the first epoch ends the old encoder is the one drawn. People without
 * items are left out.
 *
 * Everything drawn follows from the seed, the epoch's number and the person. With one thread of OpenBLAS the
 * same input gives the same bytes, stopped and resumed from a checkpoint or not.
 *
 * W₁ has most parameters and few that a batch touches, but Adam moves all of them at each step. A row's steps
 * without gradient are made up for when the row is next looked at, one after the other in the cache: the same
 * numbers, read and written once. */
#ifndef MVTI_TRAIN_RECVAE_TRAIN_H
#define MVTI_TRAIN_RECVAE_TRAIN_H

#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "num/csr.h"
#include "train/checkpoint.h"
#include "train/trainer.h"

struct recvae_plan {
    size_t hidden, latent; /* 600 and 200 in the paper */
    size_t epochs, batch;  /* batch: people, 500 in the paper */
    double rate;           /* of both Adams, 5e-4 */
    double gamma;          /* weight of the divergence, 0.005 */
    double dropout;        /* in [0, 1), 0.5 */
    double noise; /* deviation of ε: 1 in the paper; with 0.01 (RecBole) small data is not learned by heart */
    uint64_t seed;
    struct checkpoint_place checkpoint;
    const struct trainer_epochs *told; /* of every epoch; NULL: nobody */
};

/* weights[recvae_weight_count] as model/recvae.h has them; *loss that of the last encoder pass, the mean over
 * its people. Uses all cores; memory about 8 floats a parameter, 2 · latent a person, and see
 * recvae_net_init. Progress in passes over the people; it may end the program there unless a checkpoint is
 * kept. ERR_INVALID: a setting; ERR_DIVERGED: the loss is no number any more, or far above where it began;
 * ERR_IO, ERR_STOPPED: the checkpoint; ERR_NOMEM. */
MUST_USE enum err recvae_train(const struct csr *x, const struct recvae_plan *plan, float *weights,
                               double *loss, const struct progress *progress, struct fail *why);

/* Defaults that depend on the data. */
double recvae_train_default_epochs(const struct csr *x);

#endif
