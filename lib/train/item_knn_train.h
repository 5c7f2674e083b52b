/* Item-kNN, training (Sarwar et al., WWW 2001; shrinkage after Bell & Koren, ICDM 2007). A user with n items weighs
 * n^−activity (as Breese, Heckerman & Kadie, UAI 1998, weigh frequent items down; 0: all alike), c(i) is the
 * weight of the users of item i, c(i,j) that of the users of both:
 *
 *   s(i,j) = c(i,j) / (√(c(i)·c(j)) + shrink)
 *   W[i,j] = s(i,j) if i is one of the k most similar to j, i ≠ j (equal similarities: the smaller index), else 0
 *
 * A score is the sum over the history: W's row i is item i's.
 *
 * Time: Σ over users of |history|². Memory: 8 bytes an item and core, 24 bytes a link. */
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

/* links [n × n] and *strength, n = x->n_cols: the caller's, csr_free and free. The same result for any number
 * of cores. ERR_INVALID: options; ERR_NOMEM. */
MUST_USE enum err item_knn_train(const struct csr *x, const struct item_knn_options *options,
                                 struct csr *links, float **strength, const struct progress *progress,
                                 struct fail *why);

#endif
