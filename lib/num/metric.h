/* Ranking quality, the one place where it is defined. For one user: `ranked`, the recommendations best first,
 * and `held`, the items held out (ascending, distinct, at least one). With h = |held|, rel(p) = 1 if the item
 * at position p (from 1) is held out:
 *   recall@k = Σ_{p≤k} rel(p) / h                                     (LightGCN's and RecBole's rule)
 *   ndcg@k   = Σ_{p≤k} rel(p)/log₂(p+1)  /  Σ_{p≤min(k,h)} 1/log₂(p+1)
 *   hit@k    = 1 if any rel(p), p ≤ k
 *   mrr@k    = 1 / the first p ≤ k with rel(p) = 1, else 0
 * The figures of a set of users are means over users. */
#ifndef MVTI_NUM_METRIC_H
#define MVTI_NUM_METRIC_H

#include <stddef.h>
#include <stdint.h>

enum { METRIC_MAX_CUTS = 8, METRIC_MAX_K = 1000 };

enum metric_kind { METRIC_RECALL, METRIC_NDCG, METRIC_HIT, METRIC_MRR, METRIC_KINDS };

/* Sums over users; zero-initialised is empty. */
struct metric_sum {
    double value[METRIC_MAX_CUTS][METRIC_KINDS];
    size_t n_users;
};

/* "recall", "ndcg", "hit", "mrr". */
const char *metric_name(enum metric_kind kind);

/* Adds one user at each of the n_cuts cut-offs k[] (ascending, ≤ METRIC_MAX_K). ranked may be shorter than k;
 * n_held = 0 adds nothing. */
void metric_add(struct metric_sum *sum, const int *k, size_t n_cuts, const int32_t *ranked, size_t n_ranked,
                const int32_t *held, size_t n_held);
/* total += part. */
void metric_merge(struct metric_sum *total, const struct metric_sum *part);
/* Mean over users; 0 without users. */
double metric_mean(const struct metric_sum *sum, size_t cut, enum metric_kind kind);

#endif
