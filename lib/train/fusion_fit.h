/* Fitting a fusion (model/fusion.h): the parts' weights and the worth of content for films without ratings,
 * on people that the parts were not trained on. */
#ifndef MVTI_TRAIN_FUSION_FIT_H
#define MVTI_TRAIN_FUSION_FIT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/progress.h"
#include "data/visitors.h"
#include "model/fusion.h"

/* People known by some of their films, each group by another number of them: what is fitted should hold for
 * short and for long histories. */
struct fusion_fit_plan {
    const struct visitor_group *groups; /* [n_groups], 1 … FUSION_FIT_GROUPS */
    size_t n_groups;
    /* The most that parts without reasons of their own (RecVAE: scorer.link is NULL) may weigh together, as a
     * share, where there are others; 1: anything, 0: nothing, so that what visitors are told speaks for all of a score. */
    double silent;
};

/* What came of a fit. */
struct fusion_fitted {
    /* NDCG@10, the mean of the groups, of people that the weights were not fitted on (each fold with the
     * weights of the others), so that it can be compared with what was not fitted. */
    double ndcg;
    bool better; /* than the best part by itself: see below; a part that stands alone is not */
    double
        shrunk; /* how far the weights were drawn towards the best part: 0 not at all, 1: it stands alone */
    /* What each part is worth on all these people: NDCG@10 less what it would be without the part; of a part
     * with no weight, the change that an equal share for it would make, the others keeping their proportions. */
    double gain[FUSION_PARTS];
};

/* Sets f's weights (summing to 1) and f->cold for f->rule.
 *
 * Weights: the mean of FUSION_FIT_FOLDS fits, each without another part of the people, for the best weights of
 * one set of people are an accident of theirs: averaged, other people give nearly the same (of fewer than
 * FUSION_FIT_FEW people in a group one fit). A fit is coordinate ascent on the mean NDCG@10 from equal weights, each
 * step scaling one weight by a factor of a fixed list, 0 among them, while anything improves by
 * FUSION_FIT_GAIN and the silent parts weigh plan->silent at most (where there are others). Only films among the best FUSION_FIT_BEST of some
 * part compete, with the held-out ones: what no part has among them is not among the ten best of a sum of
 * them.
 *
 * A fusion is to be no worse than its best part. Fitted weights are drawn towards the part that is best by
 * itself, as little as is needed of 0, a quarter, a half, three quarters and 1, where it stands alone, until the
 * people of each fold, with the weights of the others, have more than the best part of each group gives them, over
 * all groups, and in no group less by more than FUSION_FIT_SURE standard errors of the paired difference. If that
 * never comes, the step is taken whose loss is least in the group where it is most: a part that is best
 * for all groups then stands alone. Silent parts cannot where plan->silent limits them.
 *
 * `cold`: least squares of the score on the content's feature through zero, over all films that both
 * know. Deterministic. given and held are [people × n_films]. ERR_INVALID: a group has nobody with anything
 * held out; ERR_NOMEM. */
MUST_USE enum err fusion_fit(struct fusion *f, const struct fusion_fit_plan *plan, struct fusion_fitted *out,
                             const struct progress *progress, struct fail *why);
/* The same judgement of weights that f has already, which stay; f->cold is set. */
MUST_USE enum err fusion_fit_judge(struct fusion *f, const struct fusion_fit_plan *plan,
                                   struct fusion_fitted *out, const struct progress *progress,
                                   struct fail *why);

enum { FUSION_FIT_BEST = 100, FUSION_FIT_FOLDS = 5, FUSION_FIT_FEW = 20, FUSION_FIT_GROUPS = 4 };
#define FUSION_FIT_GAIN 1e-4
#define FUSION_FIT_SURE 1 /* Breiman et al. 1984: one standard error */

#endif
