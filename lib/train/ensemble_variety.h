/* The site should not show everybody the same few films. The fitted weights of an ensemble are the most accurate ones;
 * here a stated share of that accuracy is traded for lists that together contain more films.
 *
 * The weights w are moved towards the part whose own lists cover most films, w := (1 − t) w + t e_part, as far as
 * NDCG@10 of the people that they were fitted on stays at (1 − price) of what it was or above in each group; t is found
 * by bisection. Scores remain sums over the chosen films with the weights in the file, so shares stay exact and
 * serving costs no more. */
#ifndef MVTI_TRAIN_ENSEMBLE_VARIETY_H
#define MVTI_TRAIN_ENSEMBLE_VARIETY_H

#include "base/err.h"
#include "base/progress.h"
#include "data/visitors.h"
#include "model/fusion.h"

enum { ENSEMBLE_VARIETY_CUTS = 2 }; /* NDCG at the first, 10; coverage at the second, 20 */

struct ensemble_variety_plan {
    /* [n_groups], at most FUSION_FIT_GROUPS: the same people at each length */
    const struct visitor_group *groups;
    size_t n_groups;
    bool longer;  /* change the weights for long histories (fusion.h: weight_long) */
    double price; /* share of NDCG@10, 0 … 1 */
};

/* Means over the groups. */
struct ensemble_variety {
    size_t part; /* towards which the weights were moved */
    double by;   /* t; 0: unchanged, because no part covers more or the price allows no step */
    double ndcg[2], coverage[2]; /* before and after */
};

/* Changes f's weights. ERR_NOMEM. Cost: scoring the people once for each part, and about six times for the fusion. */
MUST_USE enum err ensemble_variety_buy(struct fusion *f, const struct ensemble_variety_plan *plan,
                                       struct ensemble_variety *out, const struct progress *progress,
                                       struct fail *why);

#endif
