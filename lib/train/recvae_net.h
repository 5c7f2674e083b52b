/* RecVAE (I. Shenbin et al., WSDM 2020): the loss of a batch and its gradients. model/recvae.h has the
 * encoder's equations; with x the history, n its length, x′ = dropout(x/‖x‖), (μ, v) = encoder(x′),
 * z = μ + ε·exp(v/2), π = log softmax(W_d z + b_d):
 *
 *   loss = mean over the batch of  −Σ_{liked} π + γ·n·Σ_d (log N(z; μ, eᵛ) − log p(z))
 *   p    = 3/20 N(0, 1) + 3/4 N(μ_old, e^v_old) + 1/10 N(0, e¹⁰)  in each dimension,
 *
 * where (μ_old, v_old) is what the old encoder says of the undropped x/‖x‖; no gradient goes there.
 *
 * Two things make an epoch cheaper without changing it. The old encoder only changes once an epoch, so
 * (μ_old, v_old) is computed once for everybody (recvae_net_remember) and not for every batch; the decoder's
 * pass, which follows that moment, uses the same without dropout, the same numbers. And only those rows of
 * W₁ have a gradient whose items are in the batch: it is asked for row by row, and never stands in memory. */
#ifndef MVTI_TRAIN_RECVAE_NET_H
#define MVTI_TRAIN_RECVAE_NET_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/recvae.h"
#include "num/csr.h"
#include "train/person_batch.h"

struct recvae_net {
    struct recvae_layout layout;
    size_t rows;             /* most people in a batch */
    size_t n_users;          /* people in all */
    float *encoder;          /* [n_encoder] */
    float *decoder;          /* [n_decoder] */
    float *encoder_gradient; /* [n_encoder − n_items × hidden], all but W₁, which comes first */
    float *decoder_gradient; /* [n_decoder] */
    float *old_mu;           /* [n_users × latent] */
    float *old_logvar;
    float *a[RECVAE_LAYERS]; /* [rows × hidden] before the swish */
    float *x[RECVAE_LAYERS]; /* [rows × hidden] normalised */
    float *h[RECVAE_LAYERS]; /* [rows × hidden] what the layer gives */
    float *inverse;          /* [RECVAE_LAYERS × rows] */
    float *sum;              /* [rows × hidden] of the layers so far, forward and backward */
    float *da, *dh;          /* [rows × hidden] */
    float *partial;          /* [blocks of rows × 3 × hidden] sums over people */
    float *mu, *logvar, *deviation, *z, *dz, *dlogvar; /* [rows × latent] */
    float *logits;                                     /* [rows × n_items] */
    double *part;                                      /* [rows] of the loss */
    float *memory;                                     /* all of the above */
};

/* Zeroed parameters. ERR_INVALID: a size; ERR_NOMEM. Memory: 2 floats a parameter, 2 · latent a person, and
 * for each person of a batch some 20 · hidden and one for each item. */
struct recvae_net_sizes {
    size_t n_items, hidden, latent, n_users;
    size_t rows; /* people of a batch */
};
MUST_USE enum err recvae_net_init(struct recvae_net *net, const struct recvae_net_sizes *s, struct fail *why);
void recvae_net_free(struct recvae_net *net);

/* The encoder as it is becomes the old one, for these n people. */
void recvae_net_remember(struct recvae_net *net, const struct csr *x, const int32_t *users, size_t n);

/* The loss; leaves behind what the gradients need. */
double recvae_net_forward(struct recvae_net *net, const struct person_batch *b);
/* After that: the gradient of the loss in the encoder's parameters but W₁ … */
void recvae_net_encoder_gradient(struct recvae_net *net, const struct person_batch *b);
/* … and in the row of W₁ of item b->touched[i]: row[hidden]. May run in several threads. Other rows have
 * none. */
void recvae_net_item_gradient(const struct recvae_net *net, const struct person_batch *b, size_t i,
                              float *row);

/* The likelihood's part of the loss, where the encoder is the one remembered and nothing is dropped. */
double recvae_net_decode(struct recvae_net *net, const struct person_batch *b);
/* After either: the gradient in the decoder's parameters. */
void recvae_net_decoder_gradient(struct recvae_net *net, const struct person_batch *b);

/* Σ log p(z) of the composite prior over n ≤ RECVAE_MAX_LATENT dimensions, slope[n] its derivatives. Finite
 * and without overflow for |z| up to 10⁴ and v_old from −20. */
double recvae_net_prior(const float *z, const float *old_mu, const float *old_logvar, size_t n, float *slope);

#endif
