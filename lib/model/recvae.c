#include "model/recvae.h"

#include <math.h>
#include <string.h>

#include "num/dot.h"
#include "num/kernel.h"
#include "num/layer.h"

static size_t take(size_t *at, size_t n)
{
    size_t from = *at;
    *at += n;
    return from;
}

bool recvae_layout(struct recvae_layout *l, size_t n_items, size_t hidden, size_t latent)
{
    *l = (struct recvae_layout){.n_items = n_items, .hidden = hidden, .latent = latent};
    if (n_items > INT32_MAX || hidden < 1 || hidden > RECVAE_MAX_HIDDEN || latent < 1 ||
        latent > RECVAE_MAX_LATENT)
        return false;
    size_t at = 0;
    for (size_t k = 0; k < RECVAE_LAYERS; k++) {
        l->w[k] = take(&at, (k == 0 ? n_items : hidden) * hidden);
        l->b[k] = take(&at, hidden);
        l->gain[k] = take(&at, hidden);
        l->shift[k] = take(&at, hidden);
    }
    l->mu_w = take(&at, hidden * latent);
    l->mu_b = take(&at, latent);
    l->n_scoring = at;
    l->logvar_w = take(&at, hidden * latent);
    l->logvar_b = take(&at, latent);
    l->n_encoder = at;
    l->decoder_b = n_items * latent;
    l->n_decoder = l->decoder_b + n_items;
    return true;
}

size_t recvae_weight_count(const struct recvae_layout *l)
{
    return RECVAE_HEADER + l->n_scoring + l->n_decoder;
}

void recvae_pack(const struct recvae_layout *l, const float *encoder, const float *decoder, float *weights)
{
    memset(weights, 0, RECVAE_HEADER * sizeof *weights);
    weights[0] = (float)l->hidden;
    weights[1] = (float)l->latent;
    memcpy(weights + RECVAE_HEADER, encoder, l->n_scoring * sizeof *weights);
    memcpy(weights + RECVAE_HEADER + l->n_scoring, decoder, l->n_decoder * sizeof *weights);
}

bool recvae_weights_ok(const float *weights, size_t n, size_t n_items)
{
    struct recvae_layout l;
    if (n < RECVAE_HEADER || !(weights[0] >= 1 && weights[0] <= RECVAE_MAX_HIDDEN) ||
        !(weights[1] >= 1 && weights[1] <= RECVAE_MAX_LATENT))
        return false;
    size_t hidden = (size_t)weights[0], latent = (size_t)weights[1];
    return (float)hidden == weights[0] && (float)latent == weights[1] &&
           recvae_layout(&l, n_items, hidden, latent) && recvae_weight_count(&l) == n;
}

/* μ[latent] of a history by the densely connected encoder (Shenbin et al. 2020): a_k = W_k·h_{k−1} + b_k + Σ_{j<k} h_j,
 * h_k = LayerNorm(swish(a_k)); the first layer reads the history at length 1. */
static void encode(const struct recvae_layout *l, const float *p, const int32_t *history, size_t n, float *mu)
{
    float a[RECVAE_MAX_HIDDEN], h[RECVAE_MAX_HIDDEN], sum[RECVAE_MAX_HIDDEN] = {0};
    size_t width = l->hidden;
    for (size_t k = 0; k < RECVAE_LAYERS; k++) {
        const struct layer_norm norm = {p + l->gain[k], p + l->shift[k], width, RECVAE_EPS};
        if (k == 0) {
            layer_gather(&(struct layer_sparse){p + l->w[0], p + l->b[0], width}, history, n,
                         n == 0 ? 0 : 1 / sqrtf((float)n), a);
        } else {
            for (size_t c = 0; c < width; c++)
                a[c] = p[l->b[k] + c] + sum[c];
            layer_product(a, h, width, p + l->w[k], width);
        }
        layer_norm_forward(&norm, a, h, NULL, NULL);
        kernel_axpy(sum, 1, h, width);
    }
    memcpy(mu, p + l->mu_b, l->latent * sizeof *mu);
    layer_product(mu, h, width, p + l->mu_w, l->latent);
}

void recvae_score(const float *weights, size_t n_items, const int32_t *history, size_t n, float *scores)
{
    struct recvae_layout l;
    float mu[RECVAE_MAX_LATENT];
    if (!recvae_layout(&l, n_items, (size_t)weights[0], (size_t)weights[1]))
        return;
    /* s = D·μ + b, without the noise of training. */
    const float *decoder = weights + RECVAE_HEADER + l.n_scoring;
    encode(&l, weights + RECVAE_HEADER, history, n, mu);
    dot_rows(decoder, l.latent, NULL, n_items, mu, scores);
    kernel_axpy(scores, 1, decoder + l.decoder_b, n_items);
}
