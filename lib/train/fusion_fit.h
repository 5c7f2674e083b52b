/* Fitting a fusion (model/fusion.h): the parts' weights and the worth of content for films without ratings,
 * on people that the parts were not trained on. */
#ifndef MVTI_TRAIN_FUSION_FIT_H
#define MVTI_TRAIN_FUSION_FIT_H

#include "base/err.h"
#include "base/progress.h"
#include "model/fusion.h"
#include "num/csr.h"

/* The most that parts without reasons of their own (RecVAE: scorer.link is NULL) may weigh together, as a
 * share: what a visitor is told then speaks for half of a score at least. Costs some thousandths of NDCG@10.
 */
#define FUSION_FIT_SILENT 0.5

/* What came of a fit. */
struct fusion_fitted {
    double ndcg; /* NDCG@10 on these people */
    /* What each part is worth there: ndcg less what it would be without the part; of a part with no weight, the
     * change that an equal share for it would make, the others keeping their proportions. */
    double gain[FUSION_PARTS];
};

/* Sets f's weights (summing to 1) and f->cold for f->rule.
 *
 * Weights: the mean of FUSION_FIT_FOLDS fits, each without another part of the people, for the best weights of
 * one set of people are an accident of theirs: averaged, other people give nearly the same (of fewer than
 * FUSION_FIT_FEW people one fit). A fit is coordinate ascent on the mean NDCG@10 from equal weights, each
 * step scaling one weight by a factor of a fixed list, 0 among them, while anything improves by
 * FUSION_FIT_GAIN and the silent parts weigh FUSION_FIT_SILENT at most (where there are others). Only films among the best FUSION_FIT_BEST of some
 * part compete, with the held-out ones: what no part has among them is not among the ten best of a sum of
 * them. `cold`: least squares of the score on the content's feature through zero, over all films that both
 * know. Deterministic. given and held are [people × n_films]. ERR_INVALID: nobody has anything held out;
 * ERR_NOMEM. */
MUST_USE enum err fusion_fit(struct fusion *f, const struct csr *given, const struct csr *held,
                             struct fusion_fitted *out, const struct progress *progress, struct fail *why);

enum { FUSION_FIT_BEST = 100, FUSION_FIT_FOLDS = 5, FUSION_FIT_FEW = 20 };
#define FUSION_FIT_GAIN 1e-4

#endif
