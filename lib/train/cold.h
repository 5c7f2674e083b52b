/* Films held out of training entirely, like films that have just come out: the protocol for evaluating models that
 * need no ratings of a film. */
#ifndef MVTI_TRAIN_COLD_H
#define MVTI_TRAIN_COLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "data/split.h"
#include "num/csr.h"

/* The same likes over other films: out [users × n_films] has x's likes of items whose id is in film_ids
 * [n_films, ascending]; likes of other items are dropped. item_ids [x->n_cols] ascending. ERR_NOMEM. */
MUST_USE enum err cold_project(struct csr *out, const struct csr *x, const int32_t *item_ids,
                               const int32_t *film_ids, size_t n_films, struct fail *why);

/* Into out [x->n_rows × x->n_cols]: with `cold` only the likes of items with is_cold[item] = 1, else only the
 * others. The caller frees out. ERR_NOMEM. */
MUST_USE enum err cold_keep(struct csr *out, const struct csr *x, const uint8_t *is_cold, bool cold,
                            struct fail *why);

struct cold {
    struct split split; /* held: the likes of the held-out films; train: all others */
    uint8_t *is_cold;   /* [items] 1: held out */
    size_t n_cold;      /* held-out films */
};

/* Holds out floor(share × items with likes) items, but at least one, drawn from the seed. 0 < share < 1. ERR_INVALID:
 * share, or x is empty; ERR_NOMEM. cold_free it. */
MUST_USE enum err cold_split(struct cold *out, const struct csr *x, double share, uint64_t seed,
                             struct fail *why);
void cold_free(struct cold *c);

/* Only the links that end at a held-out film, so that no other film has a score. A held-out film that no link reaches
 * scores 0 like all other films, and is found by chance at most. The caller frees out and *out_strength. ERR_NOMEM. */
MUST_USE enum err cold_links(const struct cold *c, const struct csr *links, const float *strength,
                             struct csr *out, float **out_strength, struct fail *why);

#endif
