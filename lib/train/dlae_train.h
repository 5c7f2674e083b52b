/* Denoising linear autoencoders in closed form, of which EASE is the simplest. With X the users × items 0/1
 * matrix, n(u) the number of a user's likes and c(i) the number of an item's users:
 *
 *   G = Xᵀ·diag(n(u)^−β)·X,   Λ = diag(λ + p/(1 − p)·c(i)),   P = (G + Λ)⁻¹
 *   B[i,j] = −P[i,j] · max(Λ_j, (1 − ξ) / P[j,j]) · (c(i) / c(j))^α for i ≠ j,   B[j,j] = 0
 *
 *   p      dropout: the expectation over hiding a share p of each user's likes from the input and reconstructing them
 *          (EDLAE: Steck, NeurIPS 2020, "Autoencoders that don't overfit towards the identity"). Visitors give few
 *          films: the shorter the histories to be served, the larger the best p.
 *   ξ      how much an item may explain itself: B[j,j] = 0 is relaxed to B[j,j] ≤ ξ (RDLAE: Moon, Kim & Lee,
 *          SIGIR 2023, "It's enough: relaxing diagonal constraints in linear autoencoders"); 1 drops the constraint
 *   α, β   data-adaptive normalisation (DAN: Park et al., SIGIR 2025, "Why is normalization necessary for linear
 *          recommenders?"): α damps popular items, β damps users with many likes
 *
 * p = ξ = α = β = 0 is EASE. The diagonal is set to 0: only films of the history itself, which are never recommended,
 * would use it. Scores are sums over the history, computed by the scorer of EASE. Cost and memory are those of EASE:
 * one inverse, in place. */
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

/* b [n × n] row-major, n = x->n_cols, row = history item, must be zero and receives B. ERR_INVALID: options;
 * ERR_TOO_LARGE: n² does not fit; ERR_DIVERGED: not positive definite or not finite; ERR_NOMEM. progress may be NULL.
 * Uses all cores. */
MUST_USE enum err dlae_train(const struct csr *x, const struct dlae_options *options, float *b,
                             const struct progress *progress, struct fail *why);

#endif
