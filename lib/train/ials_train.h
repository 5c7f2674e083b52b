/* iALS, training (Hu, Koren & Volinsky, ICDM 2008; objective and scaling of Rendle, Krichene, Zhang & Koren,
 * "Revisiting the Performance of iALS on Item Recommendation Benchmarks", RecSys 2022): person vectors
 * W [users × d] and item vectors Y [items × d] that minimise
 *
 *   Σ_{(u,i) ∈ X} (w_u·y_i − 1)² + α₀ Σ_{u,i} (w_u·y_i)²
 *     + λ( Σ_u (n_u + α₀·items)^ν‖w_u‖² + Σ_i (n_i + α₀·users)^ν‖y_i‖² )
 *
 * by alternating least squares: all w_u with Y fixed, then all y_i with W fixed. Each is a problem of d unknowns,
 *
 *   (α₀·YᵀY + Σ_{i ∈ h} y_i y_iᵀ + λ(n_u + α₀·items)^ν I) w_u = Σ_{i ∈ h} y_i
 *
 * solved approximately by `steps` conjugate-gradient steps from the previous solution (Takács, Pilászy & Tikk,
 * RecSys 2011). Rows are processed in blocks, so that α₀·YᵀY times their vectors is one matrix product.
 *
 * Time of a half-iteration: steps · (4·d·entries + 2·d²·rows) flops. Memory: (users + 2·items)·d floats; XᵀX is never
 * formed. */
#ifndef MVTI_TRAIN_IALS_TRAIN_H
#define MVTI_TRAIN_IALS_TRAIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "num/csr.h"
#include "train/trainer.h"

struct ials_options {
    size_t factors;                    /* d: 1 … IALS_MAX_FACTORS */
    size_t iterations, steps;          /* each solves for W and for Y; conjugate-gradient steps; at least 1 */
    double alpha0, lambda, nu;         /* α₀ ≥ 0, λ > 0, 0 ≤ ν ≤ 1 */
    const struct trainer_epochs *told; /* receives each iteration; may be NULL */
};

/* weights [x->n_cols·d + d² + IALS_SCALARS] in the order of model/ials.h. Initial vectors are drawn from N(0, 0.01/d)
 * by the seed. The result does not depend on the number of cores, except for OpenBLAS's Gram product.
 * ERR_INVALID: options; ERR_DIVERGED: a number is not finite; ERR_NOMEM. */
MUST_USE enum err ials_train(const struct csr *x, const struct ials_options *options, uint64_t seed,
                             float *weights, const struct progress *progress, struct fail *why);

#endif
