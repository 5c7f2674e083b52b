/* iALS, inference (Hu, Koren & Volinsky, ICDM 2008; in the form of Rendle et al., RecSys 2022). A new person's
 * vector is the exact solution of the half-step of training for their history h,
 *
 *   p = (α₀·YᵀY + Σ_{i∈h} yᵢyᵢᵀ + λ·(|h| + α₀·n_items)^ν·I)⁻¹ Σ_{i∈h} yᵢ,   score j = yⱼ·p
 *
 * so known and new people are scored by the same rule. */
#ifndef MVTI_MODEL_IALS_H
#define MVTI_MODEL_IALS_H

#include <stddef.h>
#include <stdint.h>

#include "model/factors.h"

/* Order of the weights, d = n_factors: Y [n_items × d], then α₀·YᵀY [d × d], then α₀, λ, ν. */
enum { IALS_SCALARS = 3, IALS_MAX_FACTORS = FACTORS_MAX };

/* λ·(n + α₀·n_items)^ν: the strength of the regularisation for a history of n items. */
double ials_ridge(double lambda, double alpha0, double nu, size_t n, size_t n_items);
/* Implements scorer.score. Fold-in: O(n·d² + d³/6) with d² floats of stack (256 KB at most), then
 * O(n_items · d). */
void ials_score(const struct scorer *s, const int32_t *history, size_t n, float *scores);

#endif
