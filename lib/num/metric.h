/* Ranking quality, the one place where it is defined. For one user: `ranked`, the recommendations best first,
 * and `held`, the items held out (ascending, distinct, at least one). With h = |held|, rel(p) = 1 if the item
 * at position p (from 1) is held out:
 *   recall@k = Σ_{p≤k} rel(p) / h                                     (LightGCN's and RecBole's rule)
 *   ndcg@k   = Σ_{p≤k} rel(p)/log₂(p+1)  /  Σ_{p≤min(k,h)} 1/log₂(p+1)
 *   hit@k    = 1 if any rel(p), p ≤ k
 *   mrr@k    = 1 / the first p ≤ k with rel(p) = 1, else 0
 *   precision@k = Σ_{p≤k} rel(p) / k, also where fewer than k are recommended   (RecBole's rule)
 *   map@k    = Σ_{p≤k} rel(p)·precision@p / min(k, h)                           (RecBole's rule)
 * The figures of a set of users are means over users. */
#ifndef MVTI_NUM_METRIC_H
#define MVTI_NUM_METRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { METRIC_MAX_CUTS = 8, METRIC_MAX_K = 1000, METRIC_LABEL = 24 };

enum metric_kind {
    METRIC_RECALL,
    METRIC_NDCG,
    METRIC_HIT,
    METRIC_MRR,
    METRIC_PRECISION,
    METRIC_MAP,
    METRIC_KINDS
};

/* Sums over users; zero-initialised is empty. */
struct metric_sum {
    double value[METRIC_MAX_CUTS][METRIC_KINDS];
    size_t n_users;
    bool recall_min; /* set before the first user: recall over min(k, h) in place of h (Liang, Steck) */
};

/* "recall", "ndcg", "hit", "mrr", "precision", "map". */
const char *metric_name(enum metric_kind kind);
/* The name of one figure as the report and tracking write it, such as "hit.10". */
void metric_label(char out[METRIC_LABEL], enum metric_kind kind, int k);
/* Reads such a name. False if it is none or k is not in 1…METRIC_MAX_K. */
bool metric_label_read(const char *label, enum metric_kind *kind, int *k);

struct metric_user {
    const int32_t *ranked; /* may be shorter than the last cut-off */
    size_t n_ranked;
    const int32_t *held;
    size_t n_held; /* 0: adds nothing */
};

/* Adds one user at each of the n_cuts cut-offs k[] (ascending, ≤ METRIC_MAX_K). */
void metric_add(struct metric_sum *sum, const int *k, size_t n_cuts, const struct metric_user *user);
/* total += part; of the same rule. */
void metric_merge(struct metric_sum *total, const struct metric_sum *part);
/* Mean over users; 0 without users. */
double metric_mean(const struct metric_sum *sum, size_t cut, enum metric_kind kind);

#endif
