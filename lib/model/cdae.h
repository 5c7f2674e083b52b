/* CDAE, collaborative denoising auto-encoder (Y. Wu et al., WSDM 2016), scoring. Training is in
 * train/cdae_train.h.
 *
 *   h = s(V_u + b + Σ_{i in the history} W_i),   score j = W′_j·h + b′_j   (s: logistic, or max(0, ·))
 *
 * V_u is the person's own vector, learnt for people in the training data and zero for everybody else.
 * The weights are one array of floats: CDAE_HEADER numbers (dimensions, 1 if s is max(0, ·), zeros), then the
 * parameters of struct cdae_layout. */
#ifndef MVTI_MODEL_CDAE_H
#define MVTI_MODEL_CDAE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/scorer.h"

enum { CDAE_MAX_DIMENSIONS = 512, CDAE_HEADER = 16 };

/* Offset of each parameter in floats; the people's vectors come last, and are not part of a model file. */
struct cdae_layout {
    size_t n_items, n_users, d;
    size_t w;         /* [n_items × d] */
    size_t b;         /* [d] */
    size_t out_w;     /* [n_items × d] */
    size_t out_b;     /* [n_items] */
    size_t v;         /* [n_users × d] */
    size_t n_scoring; /* = v */
    size_t n;
};

/* False: a size is 0 or above its maximum. */
bool cdae_layout(struct cdae_layout *l, size_t n_items, size_t n_users, size_t d);
/* Whether the header of these n floats agrees with n and n_items. */
bool cdae_weights_ok(const float *weights, size_t n, size_t n_items);

/* Applies s to a[d] in place. */
void cdae_activate(float *a, size_t d, bool rectified);
/* Implement score and score_known of struct scorer: for people without a vector, and for row `user` of s->users
 * [n_users × dimensions]. O((n + n_items) · d), 2 KB of stack. */
void cdae_score(const struct scorer *s, const int32_t *history, size_t n, float *scores);
void cdae_score_known(const struct scorer *s, size_t user, const int32_t *history, size_t n, float *scores);

#endif
