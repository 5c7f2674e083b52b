/* RecVAE (I. Shenbin et al., WSDM 2020), scoring: the encoder's mean of a history, decoded. Training is in
 * train/recvae_train.h.
 *
 *   x = history / ‖history‖
 *   h₁ = N(s(W₁x + b₁)), hₖ = N(s(Wₖhₖ₋₁ + bₖ + h₁ + … + hₖ₋₁)), k = 2…5   (s swish, N LayerNorm, eps 0.1)
 *   μ = W_μ h₅ + b_μ,  scores = W_d μ + b_d
 *
 * The weights are one array of floats: RECVAE_HEADER numbers (hidden, latent, zeros), then the parameters of
 * struct recvae_layout without the head of the variance, then the decoder's. */
#ifndef MVTI_MODEL_RECVAE_H
#define MVTI_MODEL_RECVAE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RECVAE_LAYERS = 5, RECVAE_MAX_HIDDEN = 1024, RECVAE_MAX_LATENT = 512, RECVAE_HEADER = 16 };
#define RECVAE_EPS 0.1f

/* Offset of each parameter, in floats, in the encoder's and in the decoder's array. */
struct recvae_layout {
    size_t n_items, hidden, latent;
    size_t w[RECVAE_LAYERS];    /* [n_items × hidden], then [hidden × hidden]: row = input */
    size_t b[RECVAE_LAYERS];    /* [hidden] */
    size_t gain[RECVAE_LAYERS]; /* [hidden] of LayerNorm */
    size_t shift[RECVAE_LAYERS];
    size_t mu_w, mu_b; /* [hidden × latent], [latent] */
    size_t n_scoring;  /* scoring needs the encoder's floats before this offset */
    size_t logvar_w, logvar_b;
    size_t n_encoder;
    size_t decoder_b; /* the decoder: [n_items × latent] at 0, then [n_items] */
    size_t n_decoder;
};

/* False: a size is 0 or above its maximum. */
bool recvae_layout(struct recvae_layout *l, size_t n_items, size_t hidden, size_t latent);
/* Number of floats of the weights of that layout. */
size_t recvae_weight_count(const struct recvae_layout *l);
/* Writes header and parameters. */
void recvae_pack(const struct recvae_layout *l, const float *encoder, const float *decoder, float *weights);
/* Whether the header of these n floats agrees with n and n_items. */
bool recvae_weights_ok(const float *weights, size_t n, size_t n_items);

/* Writes scores[n_items] of a history; those of an empty one come from the biases. About 4·hidden² + n_items·latent
 * multiplications, no allocation, about 35 KB of stack. */
void recvae_score(const float *weights, size_t n_items, const int32_t *history, size_t n, float *scores);

#endif
