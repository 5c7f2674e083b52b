/* BPR-MF, training (Rendle, Freudenthaler, Gantner & Schmidt-Thieme, UAI 2009): person vectors p and item vectors
 * q that maximise
 *
 *   Σ ln σ(p_u·q_i − p_u·q_j) − reg/2·(‖p_u‖² + ‖q_i‖² + ‖q_j‖²)
 *
 * over triples of a user, an item that they like and one that they do not, by stochastic gradient ascent, one triple
 * at a time. All three updates use the old values:
 *
 *   g    = 1/(1 + e^{p·(q_i − q_j)})
 *   p   += rate·(g(q_i − q_j) − reg·p)
 *   q_i += rate·(g·p − reg·q_i)
 *   q_j += rate·(−g·p − reg·q_j)
 *
 * (u, i) is drawn uniformly from all interactions, j uniformly from the items that u does not have. With
 * candidates > 1 the j with the highest score of that many is taken (Zhang, Chen, Wang & Yu, SIGIR 2013). The rate
 * falls linearly to a tenth over the epochs; an epoch is as many triples as there are interactions.
 *
 * One thread, so that a seed determines the result: each triple depends on the updates of the one before. 6·d flops a
 * triple and 2·d for each further candidate. */
#ifndef MVTI_TRAIN_BPR_TRAIN_H
#define MVTI_TRAIN_BPR_TRAIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "num/csr.h"
#include "train/trainer.h"

struct bpr_options {
    size_t factors, epochs, candidates; /* at least 1; factors at most FACTORS_MAX */
    double rate, reg;                   /* rate > 0, reg ≥ 0 */
    const struct trainer_epochs *told;  /* receives each epoch's loss; may be NULL */
};

struct bpr_vectors {
    float *items, *users; /* [x->n_cols × factors], [x->n_rows × factors], the caller's */
};
/* Initial vectors are drawn from N(0, 0.01). ERR_INVALID: options; ERR_DIVERGED: a number is not finite or grows without
 * bound; ERR_NOMEM. */
MUST_USE enum err bpr_train(const struct csr *x, const struct bpr_options *options, uint64_t seed,
                            const struct bpr_vectors *out, const struct progress *progress, struct fail *why);

/* One triple's update of three vectors [d], in place; returns p·(q_i − q_j) from before it. */
float bpr_train_step(float *p, float *qi, float *qj, size_t d, float rate, float reg);

#endif
