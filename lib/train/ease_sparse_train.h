/* EASE (train/ease_train.h) for catalogs whose n × n inverse is too much: each item is explained by a few
 * others only. This is the least squares problem that defines EASE, column by column, on a chosen support, as
 * in H. Steck, Markov Random Fields for Collaborative Filtering, NeurIPS 2019, section 3 (there, neighbours
 * come from thresholded correlations and one inverse serves several columns; here each column has its own).
 * For item j, with G = XᵀX: S_j = the m items i ≠ j with G[i,j] > 0 and the largest G[i,j]² / (G[i,i] + λ),
 * which is how much of j's likes i alone explains (equal ones: smaller index first) W[S_j, j] = (G[S_j, S_j]
 * + λI)⁻¹ G[S_j, j],   W = 0 elsewhere Scores are sums over the history (model/sparse.h), so shares of
 * reasons stay exact. With m = n, and no two items without a common user, W is EASE's B.
 *
 * Time: n·m³/3 flops, plus the counting: the users of the most liked items, each with the length of their
 * list, and n² steps of choosing. Memory: 1 GiB at most for counts of the most liked items, 32 bytes a link,
 * a row and an m × m matrix a core. No n × n matrix.
 *
 * Gowalla (40,981 items, λ = 80; NDCG@20 of EASE .146657, in minutes and 6.7 GB), on two shared cores:
 *   m = 100 .142093 4 s     m = 200 .143889 8 s     m = 300 .144439 15 s     m = 500 .144649 42 s
 * The published alternative, SANSA (Spišák et al., RecSys 2023: incomplete factorisation of G + λI, then a
 * sparse approximate inverse of the factor; its authors' package 1.1.0, ICF, same λ and data), reached
 *   density .002 .123235 24 s     density .005 .128383 84 s
 * in 1.6 and 4.3 GB, and leaves two factors whose product would have to be formed for reasons. So
 * neighbourhoods it is. */
#ifndef MVTI_TRAIN_EASE_SPARSE_TRAIN_H
#define MVTI_TRAIN_EASE_SPARSE_TRAIN_H

#include "base/err.h"
#include "base/progress.h"
#include "num/csr.h"

struct ease_sparse_options {
    size_t neighbours; /* m, at least 1 */
    double lambda;     /* above 0 */
};

/* links [n × n] and *strength, n = x->n_cols: the caller's, csr_free and free. The same result for any number
 * of cores. ERR_INVALID: options; ERR_DIVERGED; ERR_NOMEM. */
MUST_USE enum err ease_sparse_train(const struct csr *x, const struct ease_sparse_options *options,
                                    struct csr *links, float **strength, const struct progress *progress,
                                    struct fail *why);

#endif
