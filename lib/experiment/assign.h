/* Who is given what, by a keyed hash: the same visitor always the same, nobody without the key able to tell what another one is given.
 *
 * The slot of a visitor in a layer and her variant in an experiment come from hashes with nothing in common, so that layers are independent of
 * each other and experiments that follow one another in a layer shuffle anew. Variants are drawn by weighted rendezvous (Thaler & Ravishankar 1998;
 * weights as in Schindelhauer & Schomaker 2005): variant i has E_i = −ln(u_i)/w_i, an exponential of rate w_i, and the smallest wins. So the chance
 * of i is w_i/Σw, and when weights change, visitors only move towards variants that have gained, and no more than must. */
#ifndef MVTI_EXPERIMENT_ASSIGN_H
#define MVTI_EXPERIMENT_ASSIGN_H

#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"

enum { ASSIGN_SLOTS = 10000, ASSIGN_VARIANTS = 8 };

/* Of a visitor in a layer: 0 … ASSIGN_SLOTS − 1. */
uint32_t assign_slot(const uint8_t key[SECRET_HASH_BYTES], const char *layer, int64_t visitor);
/* Which of n variants (≤ ASSIGN_VARIANTS) n_id bytes (≤ 64), such as a visitor's number or what tells a test from others, are given. Weights ≥ 0;
 * one of 0 never wins. n when all are 0. */
size_t assign_variant(const uint8_t key[SECRET_HASH_BYTES], const char *salt, const void *id, size_t n_id,
                      const double *weights, size_t n);

#endif
