/* How many people like both of two items, G = XᵀX, for catalogs whose n² counts would not fit in memory: complete rows
 * of the most liked items are kept, as many as a budget allows; all other counts are computed from X on
 * demand, which is fast because one of the two items is liked by few people. */
#ifndef MVTI_TRAIN_CO_COUNTS_H
#define MVTI_TRAIN_CO_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "num/csr.h"

struct co_counts {
    const struct csr *x, *xt; /* X [users × items] and its transpose; borrowed */
    size_t n_rows;
    float *rows;     /* [n_rows × items] of the most liked items; exact up to 2²⁴ users */
    int32_t *row_of; /* [items] which of rows, or −1 */
};

/* What one thread needs to count pairs; all zero between calls. */
struct co_scratch {
    int32_t *first;           /* [users] 1 + the last entry of this user, or 0 */
    struct co_entry *entries; /* [room] */
    size_t room;
};

/* Counts the rows of the most liked items (ties: smaller index first) that fit into `bytes`. Uses all cores;
 * time: the total length of the histories of these items' users, once for each such item. ERR_NOMEM. co_counts_free it. */
MUST_USE enum err co_counts_build(struct co_counts *out, const struct csr *x, const struct csr *xt,
                                  size_t bytes, struct fail *why);
void co_counts_free(struct co_counts *c);

/* Copies or counts row `item` of G into row[items]. */
void co_counts_row(const struct co_counts *c, size_t item, float *row);
/* g[a · m + b] = G[items[a], items[b]] for b ≤ a, the lower triangle; items[m] are distinct. False: out of memory. */
bool co_counts_among(const struct co_counts *c, const int32_t *items, size_t m, struct co_scratch *s,
                     float *g);

/* ERR_NOMEM. co_scratch_free it. */
MUST_USE enum err co_scratch_init(struct co_scratch *s, size_t n_users);
void co_scratch_free(struct co_scratch *s);

#endif
