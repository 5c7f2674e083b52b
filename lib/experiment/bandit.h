/* Thompson sampling in batches (Thompson 1933; Chapelle & Li 2011): how often each arm is to be shown until
 * the next batch, which is the chance that it is the best one, given what was counted. */
#ifndef MVTI_EXPERIMENT_BANDIT_H
#define MVTI_EXPERIMENT_BANDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"

enum { BANDIT_ARMS = 8, BANDIT_DRAWS = 10000 };

struct bandit_arm {
    int64_t views, wins; /* 0 ≤ wins ≤ views */
};

/* weights[n], n ≤ BANDIT_ARMS, summing to 1: floor + (1 − n · floor) · P(arm i has the largest success rate),
 * under uniform priors, whose posteriors are Beta(1 + wins, 1 + views − wins). P is the frequency among
 * BANDIT_DRAWS draws of all posteriors (standard error below 0.005). 0 ≤ floor ≤ 1/n. Same counts and seed,
 * same weights. O(n · BANDIT_DRAWS): a millisecond or two. */
void bandit_weights(const struct bandit_arm *arms, size_t n, double floor, struct rng *r, double *weights);

#endif
