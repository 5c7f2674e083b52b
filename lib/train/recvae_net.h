/* RecVAE (I. Shenbin et al., WSDM 2020): the loss of a batch and its gradients. model/recvae.h has the
 * encoder's equations; with x the history, n its length, x′ = dropout(x/‖x‖), (μ, v) = encoder(x′),
 * z = μ + ε·exp(v/2), π = log softmax(W_d z + b_d):
 *
 *   loss = mean over the batch of  −Σ_{liked} π + γ·n·Σ_d (log N(z; μ, eᵛ) − log p(z))
 *   p    = 3/20 N(0, 1) + 3/4 N(μ_old, e^v_old) + 1/10 N(0, e¹⁰)  in each dimension,
 *
 * where (μ_old, v_old) is what the encoder of the last epoch says of the undropped x/‖x‖; no gradient goes
 * there. */
#ifndef MVTI_TRAIN_RECVAE_NET_H
#define MVTI_TRAIN_RECVAE_NET_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/recvae.h"
#include "num/csr.h"

/* What one batch is made of; rows are people with at least one item. */
struct recvae_batch {
    size_t n;
    const struct csr *x;
    const int32_t *users; /* [n] rows of x */
    const int32_t *kept;  /* items that the dropout left, person by person */
    const size_t *start;  /* [n + 1] into kept */
    double keep;          /* probability that an item was kept, in (0, 1]: what is left is divided by it */
    const float *noise;   /* [n × latent] ε */
    double gamma;
};

struct recvae_net {
    struct recvae_layout layout;
    size_t rows;              /* most people in a batch */
    float *encoder, *old;     /* [n_encoder] parameters now and of the epoch before */
    float *decoder;           /* [n_decoder] */
    float *encoder_gradient;  /* [n_encoder] */
    float *decoder_gradient;  /* [n_decoder] */
    float *a[RECVAE_LAYERS];  /* [rows × hidden] before the swish */
    float *x[RECVAE_LAYERS];  /* [rows × hidden] normalised */
    float *h[RECVAE_LAYERS];  /* [rows × hidden] what the layer gives */
    float *dh[RECVAE_LAYERS]; /* [rows × hidden] */
    float *inverse;           /* [RECVAE_LAYERS × rows] */
    float *da;                /* [rows × hidden] */
    float *mu, *logvar, *old_mu, *old_logvar, *z, *dz, *dlogvar; /* [rows × latent] */
    float *logits;                                               /* [rows × n_items] */
    double *found;                                               /* [rows] log likelihood */
    float *memory;                                               /* all of the above */
};

/* Zeroed parameters. ERR_INVALID: a size; ERR_NOMEM. Memory: 4 floats a parameter and one for each person of
 * a batch and item. */
MUST_USE enum err recvae_net_init(struct recvae_net *net, size_t n_items, size_t hidden, size_t latent,
                                  size_t rows, struct fail *why);
void recvae_net_free(struct recvae_net *net);

/* The loss; leaves behind what the gradients need. */
double recvae_net_forward(struct recvae_net *net, const struct recvae_batch *b);
/* After a forward pass: the gradient of the loss in the encoder's parameters, in the decoder's. */
void recvae_net_encoder_gradient(struct recvae_net *net, const struct recvae_batch *b);
void recvae_net_decoder_gradient(struct recvae_net *net, const struct recvae_batch *b);

/* log p(z) of the composite prior in one dimension and its derivative in z. */
double recvae_prior(double z, double mu, double logvar, double *slope);

#endif
