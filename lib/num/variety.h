/* What a model's lists are like beside how right they are: of the lists of the k best for everybody measured,
 *
 *   coverage@k    share of the items that are in anybody's list
 *   gini@k        Gini index of how often each item is recommended: 0 all alike, towards 1 always the same few
 *   popularity@k  mean share of the people trained on who like what is recommended
 *   novelty@k     mean −log₂ of that share (self-information), of at least one person
 *
 * Castells, Hurley & Vargas, "Novelty and diversity in recommender systems", Recommender Systems Handbook. */
#ifndef MVTI_NUM_VARIETY_H
#define MVTI_NUM_VARIETY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum variety_kind { VARIETY_COVERAGE, VARIETY_GINI, VARIETY_POPULARITY, VARIETY_NOVELTY, VARIETY_KINDS };

/* "coverage", "gini", "popularity", "novelty". */
const char *variety_name(enum variety_kind kind);
/* given[n_items]: how often each item was recommended; liked[n_items]: by how many of
 * n_people. All 0 where nothing was
 * recommended. ERR_NOMEM. O(n log n). */
MUST_USE enum err variety_of(const uint64_t *given, const uint64_t *liked, size_t n_items, size_t n_people,
                             double out[VARIETY_KINDS]);

#endif
