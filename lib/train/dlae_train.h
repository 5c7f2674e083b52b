/* Denoising linear autoencoders in closed form, which EASE is the simplest of. With X the users × items 0/1
 * matrix, n(u) the likes of a user and c(i) the users of an item:
 *
 *   G = Xᵀ·diag(n(u)^−β)·X,   Λ = diag(λ + p/(1 − p)·c(i)),   P = (G + Λ)⁻¹
 *   B[i,j] = −P[i,j] · max(Λ_j, (1 − ξ) / P[j,j]) · (c(i) / c(j))^α for i ≠ j,   B[j,j] = 0
 *
 *   p      dropout: as if a share p of each user's likes were hidden from the input and to be found again (EDLAE:
 *          Steck, NeurIPS 2020, "Autoencoders that don't overfit towards the identity"). What a visitor gives is
 *          little: the shorter histories are, the more of it is right.
 *   ξ      how far an item may be its own reason: B[j,j] = 0 is relaxed to B[j,j] ≤ ξ (RDLAE: Moon, Kim & Lee,
 *          SIGIR 2023, "It's enough: relaxing diagonal constraints in linear autoencoders"); 1 drops it
 *   α, β   data-adaptive normalisation (DAN: Park et al., SIGIR 2025, "Why is normalization necessary for linear
 *          recommenders?"): α takes from what many know, β from what those say who like much
 *
 * p = ξ = α = β = 0 is EASE. The diagonal, which only a film of the history itself would be scored by, is left
 * out. Scores are sums over the history, by the scorer of EASE. Cost and memory are EASE's: one inverse, in
 * place. */
#ifndef MVTI_TRAIN_DLAE_TRAIN_H
#define MVTI_TRAIN_DLAE_TRAIN_H

#include "base/err.h"
#include "base/progress.h"
#include "num/csr.h"
#include "train/trainer.h"

struct dlae_options {
    double lambda;      /* λ > 0 */
    double dropout;     /* p, 0 ≤ p < 1 */
    double xi;          /* ξ, 0 … 1 */
    double alpha, beta; /* 0 … 1 */
};

/* b [n × n] row-major, n = x->n_cols, receives B; it must be zero. ERR_INVALID: options; ERR_TOO_LARGE;
 * ERR_DIVERGED: not positive definite or not finite; ERR_NOMEM. progress may be NULL. Uses all cores. */
MUST_USE enum err dlae_train(const struct csr *x, const struct dlae_options *options, float *b,
                             const struct progress *progress, struct fail *why);

#endif
