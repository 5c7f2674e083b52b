/* Item-kNN, training (Sarwar et al., WWW 2001; shrinkage after Bell & Koren, ICDM 2007). A user with n items weighs
 * n^−activity (Breese, Heckerman & Kadie, UAI 1998, weigh frequent items down in the same way; 0: all users weigh the
 * same), c(i) is the total weight of the users of item i, c(i,j) that of the users of both:
 *
 *   s(i,j) = c(i,j) / (√(c(i)·c(j)) + shrink)
 *   W[i,j] = s(i,j) if i is one of the k most similar to j, i ≠ j (ties: smaller index first), else 0
 *
 * A score is the sum over the history of its items' rows of W.
 *
 * Time: Σ over users of |history|². Memory: 8 bytes an item for each core, 24 bytes a link. */
#ifndef MVTI_TRAIN_ITEM_KNN_TRAIN_H
#define MVTI_TRAIN_ITEM_KNN_TRAIN_H

#include "base/err.h"
#include "base/progress.h"
#include "num/csr.h"
#include "train/trainer.h"

struct item_knn_options {
    size_t neighbours; /* k, at least 1 */
    double shrink;     /* at least 0 */
    double activity;   /* 0 … 2 */
};

/* Receives W: links [n × n], n = x->n_cols, row = history item, and *strength [csr_count(links)]. The caller frees both
 * (csr_free, free). The result does not depend on the number of cores. ERR_INVALID: options; ERR_NOMEM. */
MUST_USE enum err item_knn_train(const struct csr *x, const struct item_knn_options *options,
                                 struct csr *links, float **strength, const struct progress *progress,
                                 struct fail *why);

#endif
