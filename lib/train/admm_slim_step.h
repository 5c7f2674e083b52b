/* One iteration of ADMM-SLIM for one column: the pass over its numbers after the product with P. */
#ifndef MVTI_TRAIN_ADMM_SLIM_STEP_H
#define MVTI_TRAIN_ADMM_SLIM_STEP_H

#include <stddef.h>

/* Sums over the column of (B − C)², (C − C_before)², B², C² and Γ²: what the stopping rule needs (Boyd et al. 2011, 3.3.1). */
struct admm_slim_residual {
    float primal, dual, b, c, gamma;
};

/* All vectors [n], none overlapping. */
struct admm_slim_step {
    float *w;             /* in and out: B + Γ before thresholding, which holds C and Γ */
    float *v;             /* out: C − Γ */
    const float *product; /* P·(C − Γ), with e_j in it */
    const float *p;       /* P_j */
    float rho, kappa, s;  /* ρ, λ₁/ρ, and the multiplier that keeps B[j,j] at 0 */
    size_t n;
};

/* B = ρ·product − s·p, over-relaxed; C = max(0, B + Γ − κ); Γ += B − C. Uses the widest registers that the
 * processor has; the result is the same to the bit for every width. */
struct admm_slim_residual admm_slim_step_iterate(const struct admm_slim_step *step);

#endif
