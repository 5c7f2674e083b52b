/* Reproducible pseudo-random numbers: xoshiro256** (Blackman & Vigna 2018), seeded by splitmix64. For
 * simulation, sampling and initialisation; never for secrets (base/secret.h). Same seed, same sequence, on
 * every machine. */
#ifndef MVTI_BASE_RNG_H
#define MVTI_BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t s[4];
};

void rng_seed(struct rng *r, uint64_t seed);
uint64_t rng_u64(struct rng *r);
/* Uniform in [0, n), without bias (Lemire 2019); n = 0 gives 0. */
uint64_t rng_below(struct rng *r, uint64_t n);
/* Uniform in [0, 1), 53 bits. */
double rng_unit(struct rng *r);
/* Standard normal (Marsaglia's polar method). */
double rng_normal(struct rng *r);
/* Every order of the n values is equally likely (Fisher & Yates). */
void rng_shuffle(struct rng *r, int32_t *values, size_t n);

#endif
