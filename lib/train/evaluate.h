/* Evaluation. Full ranking: every item of the catalog competes, but those the user already has.
 *
 * For each user with held-out items: scores from the history, −inf for the items of history and mask, the
 * best max(k) by score (ties by smaller item index, which is the smaller id), metrics by num/metric.h. Users
 * without held-out items are left out; users without history are scored like everybody else (a model without
 * any hint gives all items the same score). Held-out items that are masked count as not found.
 *
 * With candidates (He et al., WWW 2017) a user's held-out items compete with the user's candidates only, and
 * nothing is masked. Figures are far higher then, and not to be compared with full ranking's. */
#ifndef MVTI_TRAIN_EVALUATE_H
#define MVTI_TRAIN_EVALUATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/progress.h"
#include "model/scorer.h"
#include "num/calibration.h"
#include "num/csr.h"
#include "num/metric.h"
#include "num/variety.h"
#include "train/item_cut.h"

struct evaluate_task {
    struct scorer
        scorer;  /* of the cut's items, if there is one; its users, if any, are the rows of history */
    bool unseen; /* the users are none of those that the model was trained on */
    const struct csr *history;    /* [users × items] what the model may see; masked */
    const struct csr *mask;       /* [users × items] masked as well; NULL for none */
    const struct csr *held;       /* [users × items] what should be found */
    const struct csr *candidates; /* [users × items] what competes; NULL: every item */
    /* The model was trained on these items alone: others are never recommended, and missed where they are
     * held out. NULL: it knows all. */
    const struct item_cut *cut;
    const struct csr *learnt; /* [people × items] trained on, for what the lists are like; NULL: not asked */
    const uint64_t *genres;   /* [items] num/calibration.h; NULL: not asked */
    double
        *each; /* [users] NDCG at the first cut-off of each, NAN where nothing is held out; NULL: not asked */
    const int *k;    /* [n_cuts] ascending, 1…METRIC_MAX_K */
    size_t n_cuts;   /* 1…METRIC_MAX_CUTS */
    bool recall_min; /* recall over min(k, held) in place of held */
};

struct evaluate_result {
    struct metric_sum metrics;
    double variety[METRIC_MAX_CUTS][VARIETY_KINDS]; /* with `learnt`, else 0 */
    /* C_KL of what is known of a person and of their list, mean of those who have both (num/calibration.h); 0 where not asked. */
    double miscalibration[METRIC_MAX_CUTS];
    double seconds; /* of scoring, selecting and measuring */
};

/* All cores; memory: one row of scores a core, two and a row of history with a cut. The result is the same to
 * the last bit for any number of cores. ERR_INVALID: shapes or cuts do not fit; ERR_NOMEM. */
MUST_USE enum err evaluate_run(const struct evaluate_task *task, struct evaluate_result *out,
                               const struct progress *progress, struct fail *why);

#endif
