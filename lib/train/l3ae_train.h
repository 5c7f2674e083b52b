/* L3AE: a linear autoencoder regularised towards the similarity of the films' texts, in closed form (Moon, Park & Lee,
 * CIKM 2025, "LLM-Enhanced linear autoencoders for recommendation"), with the content model's links instead of
 * a language model's vectors. Two phases, each like EASE:
 *
 *   K = D^−½ (W + Wᵀ)/2 D^−½, W the content model's links (bts/bts.h), D their row sums: eigenvalues from −1 to 1
 *   Q = (K + τI)⁻¹,          S[i,j] = −Q[i,j] / Q[j,j] for i ≠ j,   S[j,j] = 0             equation 5
 *   P = (XᵀX + (λ + δ)I)⁻¹,  B = δPS − P·diag((1 + δ(PS)[j,j]) / P[j,j]) outside the diagonal, equation 9
 *
 * which is the minimum of ‖X − XB‖² + λ‖B‖² + δ‖B − S‖² with diag(B) = 0. δ = 0, and S = 0 with λ + δ for λ, is EASE.
 *
 * A film that nobody likes yet has an empty column in X, which equation 9 reads as everybody's dislike and would rank it
 * behind all others. Its column is therefore the minimum without the first term: B[·,j] = δ/(λ + δ)·S[·,j]. New films
 * are thus part of the same model, and their scores are sums over the history with exact shares. */
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
    /* Sparse links between films; S = 0 if its scorer is zeroed. */
    const struct fusion_part *content;
};

/* b [n × n] row-major, n = x->n_cols, row = history item, must be zero and receives B. ERR_INVALID: options;
 * ERR_TOO_LARGE: n² does not fit; ERR_DIVERGED: not positive definite or not finite; ERR_NOMEM. progress may be NULL.
 * Uses all cores. Memory: three matrices of n². Time: two inverses and a product. */
MUST_USE enum err l3ae_train(const struct csr *x, const struct l3ae_options *options, float *b,
                             const struct progress *progress, struct fail *why);

#endif
