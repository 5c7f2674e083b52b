/* RecVAE (I. Shenbin et al., WSDM 2020): the loss of a batch and its gradients. model/recvae.h has the
 * encoder's equations; with x the history, n its length, x′ = dropout(x/‖x‖), (μ, v) = encoder(x′),
 * z = μ + ε·exp(v/2), π = log softmax(W_d z + b_d):
 *
 *   loss = mean over the batch of  −Σ_{liked} π + γ·n·Σ_d (log N(z; μ, eᵛ) − log p(z))
 *   p    = 3/20 N(0, 1) + 3/4 N(μ_old, e^v_old) + 1/10 N(0, e¹⁰)  in each dimension,
 *
 * where (μ_old, v_old) is the output of the old encoder for x/‖x‖ without dropout, through which no gradient flows.
 *
 * Two things make an epoch cheaper without changing its result. The old encoder changes only once an epoch, so
 * (μ_old, v_old) is computed once for everybody (recvae_net_remember) instead of for every batch; the decoder's
 * pass comes right after and has no dropout, so it uses the same numbers. And only those rows of
 * W₁ whose items are in the batch have a gradient: it is computed row by row and never stored. */
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
    size_t rows;             /* the most people in a batch */
    size_t n_users;          /* people in all */
    float *encoder;          /* [n_encoder] */
    float *decoder;          /* [n_decoder] */
    float *encoder_gradient; /* [n_encoder − n_items × hidden], all but W₁, which comes first */
    float *decoder_gradient; /* [n_decoder] */
    float *old_mu;           /* [n_users × latent] μ_old */
    float *old_logvar;       /* [n_users × latent] v_old */
    float *a[RECVAE_LAYERS]; /* [rows × hidden] before the swish */
    float *x[RECVAE_LAYERS]; /* [rows × hidden] after layer normalisation, before its scale and shift */
    float *h[RECVAE_LAYERS]; /* [rows × hidden] outputs */
    float *inverse;          /* [RECVAE_LAYERS × rows] 1/deviation of the layer normalisation */
    float *sum;              /* [rows × hidden] of the layers so far, forward and backward */
    float *da, *dh;          /* [rows × hidden] gradients in a and h */
    float *partial;          /* [blocks of rows × 3 × hidden] sums over people */
    float *mu, *logvar, *deviation, *z, *dz, *dlogvar; /* [rows × latent] */
    float *logits;                                     /* [rows × n_items] */
    double *part;                                      /* [rows] of the loss */
    float *memory; /* the one allocation that all of the above point into */
};

struct recvae_net_sizes {
    size_t n_items, hidden, latent, n_users;
    size_t rows; /* the most people in a batch */
};
/* Parameters are zero. ERR_INVALID: a size; ERR_NOMEM. Memory in floats: 2 a parameter, 2 · latent a person, and
 * for each person of a batch about 20 · hidden + n_items. recvae_net_free it. */
MUST_USE enum err recvae_net_init(struct recvae_net *net, const struct recvae_net_sizes *s, struct fail *why);
void recvae_net_free(struct recvae_net *net);

/* Makes the current encoder the old one: computes (μ_old, v_old) of these n people. */
void recvae_net_remember(struct recvae_net *net, const struct csr *x, const int32_t *users, size_t n);

/* Returns the loss, and keeps what the gradients need. */
double recvae_net_forward(struct recvae_net *net, const struct person_batch *b);
/* After that: the gradient of the loss in the encoder's parameters except W₁ … */
void recvae_net_encoder_gradient(struct recvae_net *net, const struct person_batch *b);
/* … and, into row[hidden], in the row of W₁ of item b->touched[i]. May be called from several threads. The gradient in
 * all other rows is 0. */
void recvae_net_item_gradient(const struct recvae_net *net, const struct person_batch *b, size_t i,
                              float *row);

/* Returns the likelihood term of the loss for the old encoder without dropout. */
double recvae_net_decode(struct recvae_net *net, const struct person_batch *b);
/* After either: the gradient of what it returned in the decoder's parameters. */
void recvae_net_decoder_gradient(struct recvae_net *net, const struct person_batch *b);

/* Returns Σ log p(z) of the composite prior over n ≤ RECVAE_MAX_LATENT dimensions, and its derivatives in z in
 * slope[n]. Finite for |z| up to 10⁴ and v_old from −20 up. */
double recvae_net_prior(const float *z, const float *old_mu, const float *old_logvar, size_t n, float *slope);

#endif
