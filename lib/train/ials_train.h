/* iALS, training (Hu, Koren & Volinsky, ICDM 2008; objective and scaling of Rendle, Krichene, Zhang & Koren,
 * "Revisiting the Performance of iALS on Item Recommendation Benchmarks", RecSys 2022): person vectors
 * W [users × d] and item vectors Y [items × d] that minimise
 *
 *   Σ_{(u,i) ∈ X} (w_u·y_i − 1)² + α₀ Σ_{u,i} (w_u·y_i)²
 *     + λ( Σ_u (n_u + α₀·items)^ν‖w_u‖² + Σ_i (n_i + α₀·users)^ν‖y_i‖² )
 *
 * by turns: all w_u with Y fixed, then all y_i with W fixed. Each is a least-squares problem of d unknowns,
 *
 *   (α₀·YᵀY + Σ_{i ∈ h} y_i y_iᵀ + λ(n_u + α₀·items)^ν I) w_u = Σ_{i ∈ h} y_i
 *
 * to which `steps` conjugate-gradient steps from the last solution come close enough (Takács, Pilászy & Tikk,
 * RecSys 2011); rows go in blocks, so that α₀·YᵀY times their vectors is one matrix product.
 *
 * Time of a turn: steps · (4·d·entries + 2·d²·rows) flops. Memory: (users + 2·items)·d floats, XᵀX nowhere. */
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
    size_t iterations, steps;          /* of pairs of turns, of conjugate gradients in each; at least 1 */
    double alpha0, lambda, nu;         /* α₀ ≥ 0, λ > 0, 0 ≤ ν ≤ 1 */
    const struct trainer_epochs *told; /* of every iteration; NULL: nobody */
};

/* weights [x->n_cols·d + d² + IALS_SCALARS]: as model/ials.h describes. Vectors start as N(0, 0.01/d), drawn
 * from the seed. The same bytes for any number of cores, as far as OpenBLAS's own Gram product is.
 * ERR_INVALID: options; ERR_DIVERGED: not finite; ERR_NOMEM. */
MUST_USE enum err ials_train(const struct csr *x, const struct ials_options *options, uint64_t seed,
                             float *weights, const struct progress *progress, struct fail *why);

#endif
