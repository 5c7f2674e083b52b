/* Who likes what, before it is a matrix: pairs of ids in any order, then id tables, then rows.
 *
 * A pair is one 64-bit key, user id << 32 | item id: sorting the keys sorts by user, then item. Ids are
 * numbers from 0 to 2³² − 1; those of texts, from 2³¹ on, are given in data/token_ids.h, and items of a
 * catalog end before. */
#ifndef MVTI_DATA_INTERACTIONS_H
#define MVTI_DATA_INTERACTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"
#include "num/csr.h"

struct interactions {
    struct vec keys;  /* uint64_t */
    struct vec times; /* int64_t, milliseconds: as many as keys, or none; gone with the order of the keys */
};

#define INTERACTIONS_NONE ((struct interactions){.keys = VEC_OF(uint64_t), .times = VEC_OF(int64_t)})

/* False when memory is out. */
bool interactions_add(struct interactions *in, uint32_t user, int32_t item);
/* Sorts and drops doubles, and the times. */
MUST_USE enum err interactions_sort(struct interactions *in, struct fail *why);
void interactions_free(struct interactions *in);

/* Distinct ids in ascending order: index ↔ id. */
struct id_table {
    uint32_t *ids; /* [n] */
    size_t n;
};

/* The users or the items of several sets together. ERR_NOMEM. id_table_free it. */
MUST_USE enum err id_table_users(struct id_table *out, const struct interactions *const *sets, size_t n_sets,
                                 struct fail *why);
MUST_USE enum err id_table_items(struct id_table *out, const struct interactions *const *sets, size_t n_sets,
                                 struct fail *why);
/* Index of an id, −1 if it is not there. */
int64_t id_table_find(const struct id_table *t, uint32_t id);
void id_table_free(struct id_table *t);

/* The matrix [users->n × items->n]. Pairs whose user or item is in no table are left out. Uses up `in`. */
MUST_USE enum err interactions_matrix(struct csr *out, struct interactions *in, const struct id_table *users,
                                      const struct id_table *items, struct fail *why);

#endif
