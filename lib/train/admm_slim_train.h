/* ADMM-SLIM, training (Steck, Dimakopoulou, Riabov & Jebara, WSDM 2020). With X the users × items 0/1 matrix:
 *
 *   min ½‖X − XB‖² + ½ Σ_i λ₂ᵢ‖B[i,:]‖² + λ₁‖B‖₁   so that B ≥ 0, diag(B) = 0
 *
 * λ₂ᵢ = λ₂·(share of users who like i)^α: α = 0 is the paper's ridge, α = 0.5 RecBole's. By ADMM with penalty ρ:
 *
 *   P = (XᵀX + diag(λ₂ᵢ) + ρI)⁻¹, inverted once; then, until it converges,
 *   B = P·(XᵀX + ρ(C − Γ)) − P·diag(γ), γ such that diag(B) = 0
 *   C = max(0, B + Γ − λ₁/ρ)
 *   Γ += B − C
 *
 * and C, the sparse one, is the model.
 *
 * Columns are independent: column j of B, C and Γ needs only P and itself. P·XᵀX = I − P·diag(λ₂ᵢ + ρ) is never
 * formed: with the constraint, column j of B is e_j + ρP(C−Γ)_j − s·P_j, with s such that B[j,j] = 0. So there is one
 * n² matrix, P, in float32, and about a hundred columns are iterated at a time; a column that has converged is
 * replaced by the next. P costs n³ flops, each iteration 2n² a column, all of it matrix products. Where there are
 * fewer people than items, products with P are cheaper without forming P (train/ridge_inverse.h): the same
 * iterations take half the time on MovieLens-100K.
 *
 * The number of iterations depends on ρ. B is over-relaxed by 1.7, and ρ = ½√(mean λ₂ᵢ · σ₁²), where σ₁ is
 * the largest singular value of X. (The geometric mean of the extreme curvatures is optimal for a quadratic;
 * σ₁ is an outlier here, hence the half.) On MovieLens-100K, ten such iterations come closer to the minimum than a
 * hundred plain ones with ρ = 4000, RecBole's defaults: the objective is 2·10⁻⁴ above the minimum instead of 4·10⁻⁴.
 * For (λ₂, α) = (200, 0.5), (100, 0) and (450, 0) the best of ρ = 200, 400 … 3200 was 400, 800 and 1600; the
 * formula gives 340, 690 and 1450.
 *
 * A column has converged when ‖B − C‖ ≤ tolerance·max(‖B‖, ‖C‖) and ‖C − C_before‖ ≤ tolerance·max(‖Γ‖, ‖C‖)
 * (Boyd et al. 2011, 3.3.1, relative parts). With 3·10⁻³ NDCG@20 differs from that of 1,000 iterations by
 * less than 0.0002 on the simulated audience. */
#ifndef MVTI_TRAIN_ADMM_SLIM_TRAIN_H
#define MVTI_TRAIN_ADMM_SLIM_TRAIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "num/csr.h"
#include "train/ridge_inverse.h"
#include "train/trainer.h"

struct admm_slim_options {
    double lambda1, lambda2, alpha; /* λ₁ ≥ 0; λ₂ > 0; 0 ≤ α ≤ 1 */
    double rho;                     /* ρ > 0; 0: by the formula above */
    size_t iterations;              /* the most a column may take, at least 1 */
    double tolerance;               /* of the stopping rule; 0: always run all iterations */
    enum ridge_way way;             /* how products with P are computed: RIDGE_CHEAPER except in tests */
};

struct admm_slim_report {
    uint64_t column_iterations; /* sum over columns */
    size_t not_converged;       /* columns that had not converged after all iterations */
    double rho;                 /* the ρ that was used */
    double invert, iterate;     /* seconds */
};

/* Receives C: links [n × n], n = x->n_cols, row = history item, and *strength [csr_count(links)]. The caller frees
 * both (csr_free, free). ERR_INVALID: options; ERR_TOO_LARGE: n² does not fit; ERR_DIVERGED: the matrix is not positive
 * definite, or a number is not finite; ERR_NOMEM. */
struct admm_slim_result {
    struct csr *links;
    float **strength;
    struct admm_slim_report *report; /* may be NULL */
};
MUST_USE enum err admm_slim_train(const struct csr *x, const struct admm_slim_options *options,
                                  const struct admm_slim_result *out, const struct progress *progress,
                                  struct fail *why);

#endif
