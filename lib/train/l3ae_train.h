/* A linear autoencoder that is drawn towards what the films' texts say, in closed form: L3AE (Moon, Park & Lee,
 * CIKM 2025, "LLM-Enhanced linear autoencoders for recommendation"), with the content model's links in place of
 * a language model's vectors. Two phases, EASE's both:
 *
 *   K = D^−½ (W + Wᵀ)/2 D^−½, W the content model's links (bts/bts.h), D their sums a film: eigenvalues from −1 to 1
 *   Q = (K + τI)⁻¹,          S[i,j] = −Q[i,j] / Q[j,j] for i ≠ j,   S[j,j] = 0             equation 5
 *   P = (XᵀX + (λ + δ)I)⁻¹,  B = δPS − P·diag((1 + δ(PS)[j,j]) / P[j,j]) outside the diagonal, equation 9
 *
 * which is the minimum of ‖X − XB‖² + λ‖B‖² + δ‖B − S‖² with diag(B) = 0. δ = 0, and S = 0 with λ + δ for λ, is EASE.
 *
 * Of a film that nobody likes yet the likes say nothing. Counted as everybody's dislike they put it behind all others, so
 * its column is the minimum without them: B[·,j] = δ/(λ + δ)·S[·,j]. New films are part of the same model that way, their
 * scores are sums over the history like all others, and shares are exact. */
#ifndef MVTI_TRAIN_L3AE_TRAIN_H
#define MVTI_TRAIN_L3AE_TRAIN_H

#include "base/err.h"
#include "base/progress.h"
#include "model/fusion.h"
#include "num/csr.h"
#include "train/trainer.h"

struct l3ae_options {
    double lambda; /* λ > 0 */
    double pull;   /* δ ≥ 0 */
    double texts;  /* τ > 1 */
    /* Sparse links between films; one whose scorer is all zero is S = 0. */
    const struct fusion_part *content;
};

/* b [n × n] row-major, n = x->n_cols, receives B; it must be zero. ERR_INVALID: options; ERR_TOO_LARGE; ERR_DIVERGED; ERR_NOMEM. Uses all cores.
 * Memory: three matrices of n². Cost: two inverses and a product. */
MUST_USE enum err l3ae_train(const struct csr *x, const struct l3ae_options *options, float *b,
                             const struct progress *progress, struct fail *why);

#endif
