/* What is served should not be the same few films for everybody. The fitted weights of an ensemble are the most accurate ones; here a stated
 * share of that accuracy is given for lists that, all together, hold more films.
 *
 * The weights w are drawn towards the part whose own lists cover most films, w := (1 − t) w + t e_part, as far as NDCG@10 of the people that
 * they were fitted on stays, in each group, at (1 − price) of what it was; t is found by halving. Everything stays a sum over the chosen films with the weights
 * that the file says, so that shares are exact as before, and a visitor costs nothing more. */
#ifndef MVTI_TRAIN_ENSEMBLE_VARIETY_H
#define MVTI_TRAIN_ENSEMBLE_VARIETY_H

#include "base/err.h"
#include "base/progress.h"
#include "data/visitors.h"
#include "model/fusion.h"

enum { ENSEMBLE_VARIETY_CUTS = 2 }; /* NDCG at the first, 10; coverage at the second, 20 */

struct ensemble_variety_plan {
    const struct visitor_group *groups; /* [n_groups], at most FUSION_FIT_GROUPS: the same people by length */
    size_t n_groups;
    bool longer; /* the weights are those for long histories (fusion.h: weight_long) */
    double price;
};

/* Means over the groups. */
struct ensemble_variety {
    size_t part; /* towards which the weights were drawn */
    double by;   /* t; 0: not at all, for nothing covers more, or that was all the price allowed */
    double ndcg[2], coverage[2]; /* before and after */
};

/* ERR_NOMEM. Cost: a scoring of the people for each part, and of the fusion some six times. */
MUST_USE enum err ensemble_variety_buy(struct fusion *f, const struct ensemble_variety_plan *plan,
                                       struct ensemble_variety *out, const struct progress *progress,
                                       struct fail *why);

#endif
