/* RecVAE, training (I. Shenbin et al., WSDM 2020; train/recvae_net.h has the loss). An epoch is three passes
 * over the people that update the encoder with dropout, after which the encoder becomes the prior's old one, and one
 * pass that updates the decoder without dropout; each half has its own Adam. Weights and biases are initialised
 * uniformly in ±1/√inputs, as in the authors' code (their library's default; the paper does not say): with
 * Glorot's deviation of √(2/(inputs + outputs)), which RecBole uses, a decoder of thousands of films starts too
 * small and learns less in an epoch. During the first epoch the old encoder is the initial one. People without
 * items are skipped.
 *
 * All random numbers derive from the seed, the epoch's number and the person. With one thread of OpenBLAS the
 * same input gives the same bytes, whether or not the training was stopped and resumed from a checkpoint.
 *
 * Most parameters are in W₁, of which a batch touches few rows, but Adam updates every row at each step. A row's
 * updates without gradient are deferred until the row is next used and then done one after the other in the
 * cache: the same numbers, but the row is read and written once. */
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
    double noise; /* standard deviation of ε: 1 in the paper; 0.01 (RecBole) is more accurate on small data */
    uint64_t seed;
    struct checkpoint_place checkpoint;
    const struct trainer_epochs *told; /* receives each epoch's loss; may be NULL */
};

/* weights [recvae_weight_count] in the order of model/recvae.h; *loss is that of the last encoder pass, mean over
 * its people. Uses all cores; memory: about 8 floats a parameter, and what recvae_net_init says. Reports progress
 * in passes over the people, where the caller may end the program unless a checkpoint is
 * kept. ERR_INVALID: a setting; ERR_DIVERGED: the loss is not finite, or far above that of the first batch;
 * ERR_IO, ERR_STOPPED: the checkpoint; ERR_NOMEM. */
MUST_USE enum err recvae_train(const struct csr *x, const struct recvae_plan *plan, float *weights,
                               double *loss, const struct progress *progress, struct fail *why);

/* Default number of epochs: from the number of updates that the data's size gives in an epoch. */
double recvae_train_default_epochs(const struct csr *x);

#endif
