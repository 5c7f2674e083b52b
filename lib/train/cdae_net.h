/* CDAE (Y. Wu et al., WSDM 2016): the loss of a batch and its gradient. With the symbols of model/cdae.h, x′ the
 * history after dropout divided by the share kept, y = W′h + b′ and h = s(V_u + b + Σ x′ᵢWᵢ):
 *
 *   loss = Σ_{people of the batch} Σ_{items} log(1 + e^{y_j}) − [liked]·y_j  + l2·(‖W‖ + ‖V‖)
 *
 * over all items, as RecBole defines it (binary cross-entropy; norms that are not squared). The paper's sampled
 * negatives approximate the same sum. */
#ifndef MVTI_TRAIN_CDAE_NET_H
#define MVTI_TRAIN_CDAE_NET_H

#include "model/cdae.h"
#include "train/person_batch.h"

struct cdae_net {
    struct cdae_layout layout;
    size_t rows;    /* the most people in a batch */
    bool rectified; /* s is max(0, ·), else logistic */
    double l2;
    float *theta, *gradient; /* [layout.n] */
    float *h, *dh;           /* [rows × d] */
    float *logits;           /* [rows × n_items] */
    double *part;            /* [rows] of the loss */
    float *memory;           /* the one allocation that all of the above point into */
};

/* Parameters are zero; the caller sets rectified and l2. ERR_INVALID: a size; ERR_NOMEM. Memory: 2 floats a
 * parameter, and rows × n_items floats. cdae_net_free it. */
MUST_USE enum err cdae_net_init(struct cdae_net *net, size_t n_items, size_t n_users, size_t d, size_t rows,
                                struct fail *why);
void cdae_net_free(struct cdae_net *net);

/* Returns the loss and fills net->gradient. b needs its lists by item (person_batch_draw with `drop`). */
double cdae_net_step(struct cdae_net *net, const struct person_batch *b);

#endif
