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
 * Columns do not speak to each other: column j of B, C, Γ needs P and itself. And P·XᵀX = I − P·diag(λ₂ᵢ + ρ) is
 * never needed: with the constraint, column j is e_j + ρP(C−Γ)_j − s·P_j, s such that B[j,j] = 0. So there is one
 * n² matrix, P, float32, and some hundred columns in work at a time; a column that has converged makes room for
 * the next. n³ flops for P, then 2n² an iteration and column, all of it matrix products. Where there are fewer
 * people than items, products with P are cheaper without P (train/ridge_inverse.h): the same iterations in half
 * the time on MovieLens-100K.
 *
 * How many iterations it takes is a matter of ρ. With B over-relaxed by 1.7, and ρ = ½√(mean λ₂ᵢ · σ₁²), σ₁
 * the largest singular value of X (the geometric mean of the curvatures is the best choice for a quadratic;
 * σ₁ is an outlier here, hence the half), ten iterations come closer to the minimum on MovieLens-100K than a
 * hundred plain ones with ρ = 4000 do (RecBole's defaults): the objective is 2·10⁻⁴ above it against 4·10⁻⁴.
 * The best of ρ = 200, 400 … 3200 was 400, 800 and 1600 for λ₂ of 200 with α = 0.5, 100 and 450, where the
 * formula says 340, 690 and 1450.
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
    double rho;                     /* 0: chosen */
    size_t iterations;              /* at most, at least 1 */
    double tolerance;               /* 0: always all iterations */
    enum ridge_way way;             /* how products with P are made: RIDGE_CHEAPER but in tests */
};

struct admm_slim_report {
    uint64_t column_iterations; /* sum over columns */
    size_t not_converged;       /* columns that were still moving after all iterations */
    double rho;                 /* as used */
    double invert, iterate;     /* seconds */
};

/* links [n × n] and *strength: C, the caller's (csr_free, free). report may be NULL. ERR_INVALID: options;
 * ERR_TOO_LARGE; ERR_DIVERGED: not positive definite, or not finite; ERR_NOMEM. */
struct admm_slim_result {
    struct csr *links;
    float **strength;
    struct admm_slim_report *report; /* may be NULL */
};
MUST_USE enum err admm_slim_train(const struct csr *x, const struct admm_slim_options *options,
                                  const struct admm_slim_result *out, const struct progress *progress,
                                  struct fail *why);

#endif
