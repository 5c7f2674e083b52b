/* EASE (train/ease_train.h) and SLIM (train/admm_slim_train.h) for catalogs that are too large for an n × n inverse:
 * the same least-squares problems, column by column, restricted to a chosen support of a few other items each
 * (EASE: Steck, Markov Random Fields for Collaborative Filtering, NeurIPS 2019; SLIM: fsSLIM
 * of Ning & Karypis, ICDM 2011). For item j, with G = XᵀX:
 *
 *   S_j = the m items i ≠ j with G[i,j] > 0 and the largest G[i,j]² / (G[i,i] + λ), which is how much of j's
 *         likes i explains by itself (ties: smaller index first)
 *   EASE  W[S_j, j] = (G[S_j, S_j] + λI)⁻¹ G[S_j, j], by Cholesky
 *   SLIM  W[S_j, j] = argmin ½ wᵀ(G[S_j, S_j] + λI)w − G[S_j, j]ᵀw + λ₁ Σw, w ≥ 0, by coordinate descent
 *
 * and 0 elsewhere. Scores are sums over the history (model/sparse.h), so shares stay exact. With m = n, and if every
 * two items have a user in common, W is the B of dense EASE.
 *
 * Time: n·m³/3 flops (SLIM: about 20·n·m²), plus counting (train/co_counts.h) and n² steps to choose the supports.
 * Memory: at most 1 GiB for the counts of the most liked items, 32 bytes a link, and a row and an m × m matrix for each
 * core. There is no n × n matrix.
 *
 * On Gowalla (40,981 items, λ = 80), on two busy cores; dense EASE has an NDCG@20 of .146657 after
 * minutes, in 6.7 GB:
 *
 *                      NDCG@20   seconds
 *   EASE  m = 100      .142093    4
 *         m = 200      .143889    8
 *         m = 300      .144439   15
 *         m = 500      .144649   42
 *   SLIM  m = 200      .145344        λ₁ = 0.1 (Recall@20 .177107; EASE .176493)
 *   SANSA density .002 .123235   24   1.6 GB
 *         density .005 .128383   84   4.3 GB
 *
 * SANSA (Spišák et al., RecSys 2023: incomplete factorisation of G + λI, then a sparse approximate inverse of the
 * factor) is the published alternative; above, the authors' package 1.1.0 with ICF on the same data and λ. It was not
 * chosen: it is less accurate, and its two factors would have to be multiplied to give reasons. */
#ifndef MVTI_TRAIN_EASE_SPARSE_TRAIN_H
#define MVTI_TRAIN_EASE_SPARSE_TRAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/progress.h"
#include "num/csr.h"
#include "train/trainer.h"

struct ease_sparse_options {
    size_t neighbours; /* m, at least 1 */
    double lambda;     /* above 0 */
    bool nonnegative;  /* SLIM: W ≥ 0, with λ₁ */
    double lambda1;    /* λ₁ ≥ 0; SLIM only */
};

/* Receives W: links [n × n], n = x->n_cols, row = history item, and *strength [csr_count(links)]. The caller frees both
 * (csr_free, free). The result does not depend on the number of cores. ERR_INVALID: options; ERR_DIVERGED: not positive
 * definite or not finite; ERR_NOMEM. */
MUST_USE enum err ease_sparse_train(const struct csr *x, const struct ease_sparse_options *options,
                                    struct csr *links, float **strength, const struct progress *progress,
                                    struct fail *why);

#endif
