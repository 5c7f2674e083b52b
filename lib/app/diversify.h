/* Maximal Marginal Relevance (Carbonell & Goldstein 1998): a list in which similar items do not follow one another. */
#ifndef MVTI_APP_DIVERSIFY_H
#define MVTI_APP_DIVERSIFY_H

#include "model/snapshot.h"

enum { DIVERSIFY_MOST = 200 };

struct diversify_item {
    uint32_t movie; /* index */
    float match;
    uint32_t at; /* the caller's */
};

/* Puts the `take` items that are to be shown in front of items[n], n ≤ DIVERSIFY_MOST, in their order: each time the one with the largest
 * (1 − strength) · match − strength · likeness to the likest of those before it. Likeness is 1 of one film,
 * else half the Jaccard index of the films' genres. Equal ones stay in their order. O(n · take). */
void diversify(const struct snapshot *s, float strength, struct diversify_item *items, size_t n, size_t take);

#endif
