/* Fitting a fusion (model/fusion.h): the parts' weights, and the slope of content for films without ratings,
 * on people whom the parts were not trained on. */
#ifndef MVTI_TRAIN_FUSION_FIT_H
#define MVTI_TRAIN_FUSION_FIT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/progress.h"
#include "data/visitors.h"
#include "model/fusion.h"

/* People with some of their films given, a different number in each group: the weights should hold for
 * short and for long histories. */
struct fusion_fit_plan {
    const struct visitor_group *groups; /* [n_groups], 1 … FUSION_FIT_GROUPS */
    size_t n_groups;
    /* The largest total weight, as a share, of silent parts: those whose scores are no sums over the history
     * (scorer.link is NULL, as RecVAE's), where there are others. 1: no limit; 0: none, so that reasons account for all
     * of a score. */
    double silent;
};

/* The result of a fit. */
struct fusion_fitted {
    /* Cross-validated NDCG@10, the mean of the groups: each fold is ranked with weights fitted on the others, so that
     * it is comparable with fusions that were not fitted. */
    double ndcg;
    bool better; /* than the best part by itself, as defined below; false for a part that stands alone */
    /* How far the weights were shrunk towards the best part: 0: not at all, 1: it stands alone */
    double shrunk;
    /* Contribution of each part on all these people: NDCG@10 minus that without the part; for a part without
     * weight, the change if it had an equal share and the others kept their proportions. */
    double gain[FUSION_PARTS];
};

/* Sets f's weights (summing to 1) and f->cold for f->rule.
 *
 * Weights: the mean of FUSION_FIT_FOLDS fits, each leaving out one fold of the people, because weights that are optimal
 * for one set of people overfit it, and averaged ones hardly depend on the set (with fewer than FUSION_FIT_FEW people
 * in a group there is one fit). A fit is coordinate ascent on the mean NDCG@10 from equal weights: each step scales
 * one weight by a factor from a fixed list that includes 0, as long as a step improves NDCG by FUSION_FIT_GAIN
 * and keeps the silent parts within plan->silent. Only the held-out films and those among the best FUSION_FIT_BEST
 * of some part are ranked: a film that is in none of these lists is not among the ten best of a weighted sum.
 *
 * A fusion should be no worse than its best part. Fitted weights are therefore shrunk towards the part that is best by
 * itself, by the smallest step of 0, ¼, ½, ¾ and 1 (where it stands alone) for which cross-validated NDCG is
 * above that of each group's best part over all groups, and in no group below it by more than FUSION_FIT_SURE
 * standard errors of the paired difference. If no step satisfies this, the one whose largest loss in a group is smallest
 * is taken: a part that is best for all groups then stands alone, unless it is silent and plan->silent forbids it.
 *
 * `cold`: least squares of the score on the content's feature through the origin, over all films that both
 * know. Deterministic. given and held of each group are [people × n_films]. ERR_INVALID: nobody in a group has anything
 * held out; ERR_NOMEM. */
MUST_USE enum err fusion_fit(struct fusion *f, const struct fusion_fit_plan *plan, struct fusion_fitted *out,
                             const struct progress *progress, struct fail *why);
/* The same evaluation for the weights that f has already, which are not changed; sets f->cold. */
MUST_USE enum err fusion_fit_judge(struct fusion *f, const struct fusion_fit_plan *plan,
                                   struct fusion_fitted *out, const struct progress *progress,
                                   struct fail *why);

enum { FUSION_FIT_BEST = 100, FUSION_FIT_FOLDS = 5, FUSION_FIT_FEW = 20, FUSION_FIT_GROUPS = 4 };
#define FUSION_FIT_GAIN 1e-4
#define FUSION_FIT_SURE 1 /* Breiman et al. 1984: one standard error */

#endif
