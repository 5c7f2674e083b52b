/* iALS, training (Hu, Koren & Volinsky, ICDM 2008; objective and scaling of Rendle, Krichene, Zhang & Koren,
 * "Revisiting the Performance of iALS on Item Recommendation Benchmarks", RecSys 2022): person vectors W
 * [users × d], item vectors Y [items × d] that minimise
 *   Σ_{(u,i) ∈ X} (w_u·y_i − 1)² + α₀ Σ_{u,i} (w_u·y_i)² + λ( Σ_u (n_u + α₀·items)^ν‖w_u‖² + Σ_i (n_i +
 * α₀·users)^ν‖y_i‖² ) by turns: all w_u with Y fixed, then all y_i with W fixed. Each is a least-squares
 * problem of d unknowns, (α₀·YᵀY + Σ_{i ∈ h} y_i y_iᵀ + λ(n_u + α₀·items)^ν I) w_u = Σ_{i ∈ h} y_i to which
 * `steps` conjugate-gradient steps from the last solution come close enough (Takács, Pilászy & Tikk, RecSys
 * 2011); rows go in blocks, so that α₀·YᵀY times their vectors is one matrix product.
 *
 * Time of a turn: steps · (4·d·entries + 2·d²·rows) flops. Memory: (users + 2·items)·d floats, XᵀX nowhere.
 */
#ifndef MVTI_TRAIN_IALS_TRAIN_H
#define MVTI_TRAIN_IALS_TRAIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/progress.h"
#include "num/csr.h"
#include "train/trainer.h"

struct ials_options {
    size_t factors;            /* d: 1 … IALS_MAX_FACTORS */
    size_t iterations, steps;  /* of pairs of turns, of conjugate gradients in each; at least 1 */
    double alpha0, lambda, nu; /* α₀ ≥ 0, λ > 0, 0 ≤ ν ≤ 1 */
};

/* weights [x->n_cols·d + d² + IALS_SCALARS]: as model/ials.h describes. Vectors start as N(0, 0.01/d), drawn
 * from the seed. The same bytes for any number of cores, as far as OpenBLAS's own Gram product is.
 * ERR_INVALID: options; ERR_DIVERGED: not finite; ERR_NOMEM. */
MUST_USE enum err ials_train(const struct csr *x, const struct ials_options *options, uint64_t seed,
                             float *weights, const struct progress *progress, struct fail *why);

/* The λ to start from, for ν = 1 and α₀ = 0.3: 1.4·√density·(1/√users + 1/√items), density the share of ones
 * in X. Where most of what is known of a row is that it has not, its ridge is about λα₀·(length of the row),
 * and the two sides' together take λα₀·√(users·items) from every singular value of X: directions below that
 * are lost, and with too large a λ all are but the first, which is popularity. What should be lost is noise,
 * whose largest singular value is about √density·(√users + √items). Best in grids, and by the formula: 0.004
 * and 0.0085 on ml-latest-small, 0.013 and 0.018 on MovieLens-100K, 0.03 and 0.024 on the simulated audience,
 * 0.0025 to 0.004 and 0.0021 on LastFM, 0.003 to 0.005 and 0.0042 on a million simulated ratings, where
 * 0.0149 left nothing but popularity; Rendle et al. publish 0.003 for MovieLens-20M at α₀ = 0.1, where the
 * formula, times 0.3/0.1, gives 0.0025. */
double ials_default_lambda(const struct csr *x);

/* "ials" */
extern const struct trainer ials_trainer;

#endif
