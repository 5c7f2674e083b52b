/* BPR-MF, training (Rendle, Freudenthaler, Gantner & Schmidt-Thieme, UAI 2009): person vectors p and item vectors
 * q that maximise
 *
 *   Σ ln σ(p_u·q_i − p_u·q_j) − reg/2·(‖p_u‖² + ‖q_i‖² + ‖q_j‖²)
 *
 * over triples of a user, an item of theirs and one that is not, by stochastic gradient ascent, one triple at a
 * time, all from the old values:
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
 * One thread, so that a seed has one result: the next triple needs what this one changed. 6·d flops a triple and
 * 2·d a further candidate. */
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
    const struct trainer_epochs *told;  /* of every epoch; NULL: nobody */
};

/* items [x->n_cols × factors], users [x->n_rows × factors], both start as N(0, 0.01). ERR_INVALID: options;
 * ERR_DIVERGED: not finite or without limit; ERR_NOMEM. */
struct bpr_vectors {
    float *items, *users;
};
MUST_USE enum err bpr_train(const struct csr *x, const struct bpr_options *options, uint64_t seed,
                            const struct bpr_vectors *out, const struct progress *progress, struct fail *why);

/* One triple's step, in place, d long each; gives p·(q_i − q_j) before. */
float bpr_train_step(float *p, float *qi, float *qj, size_t d, float rate, float reg);

#endif
