/* Evaluation by full ranking: every item of the catalog is ranked, except those of the user's history.
 *
 * For each user with held-out items: scores from the history, −inf for the items of history and mask, the
 * best max(k) by score (ties by smaller item index, which is the smaller id), metrics by num/metric.h. Users
 * without held-out items are skipped; users without history are scored like all others (a model that
 * knows nothing of them gives every item the same score). Held-out items that are masked count as misses.
 *
 * With candidates (He et al., WWW 2017) a user's held-out items are ranked among that user's candidates only, and
 * nothing is masked. Metrics are far higher then, and not comparable with those of full ranking. */
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
    /* Over the items of the cut, if there is one; its users, if any, are the rows of history */
    struct scorer scorer;
    bool unseen;                  /* the model was not trained on these users */
    const struct csr *history;    /* [users × items] what the model may use; masked */
    const struct csr *mask;       /* [users × items] masked as well; NULL for none */
    const struct csr *held;       /* [users × items] what should be found */
    const struct csr *candidates; /* [users × items] what is ranked; NULL: every item */
    /* The model was trained on these items only: others are never recommended, and count as misses where they are
     * held out. NULL: it knows all. */
    const struct item_cut *cut;
    /* [people × items] the training data, to measure variety by; NULL: not measured */
    const struct csr *learnt;
    const uint64_t *genres; /* [items] genre bits (num/calibration.h); NULL: miscalibration is not measured */
    /* [users] each user's NDCG at the first cut-off, NAN where nothing is held out; may be NULL */
    double *each;
    const int *k;    /* [n_cuts] ascending, 1…METRIC_MAX_K */
    size_t n_cuts;   /* 1…METRIC_MAX_CUTS */
    bool recall_min; /* recall divides by min(k, held) instead of held */
};

struct evaluate_result {
    struct metric_sum metrics;
    double variety[METRIC_MAX_CUTS][VARIETY_KINDS]; /* with `learnt`, else 0 */
    /* C_KL between the genres of a user's history and those of the list, mean of those who have both
     * (num/calibration.h); with `genres`, else 0. */
    double miscalibration[METRIC_MAX_CUTS];
    double seconds; /* wall time of scoring, selecting and measuring */
};

/* Uses all cores; memory: a row of scores for each core; with a cut, two and a row of history. The result is the same
 * to the last bit for any number of cores. ERR_INVALID: shapes do not match, or cut-offs are out of range; ERR_NOMEM. */
MUST_USE enum err evaluate_run(const struct evaluate_task *task, struct evaluate_result *out,
                               const struct progress *progress, struct fail *why);

#endif
