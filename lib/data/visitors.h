/* People as visitors are to the models: not there in training, known by a few films they name.
 *
 * Of the people with at least VISITORS_LEAST likes, two groups are drawn, one to choose settings with
 * (`fitting`), one to measure with (`testing`). All that is known of one of them is `given`: half of their
 * likes, at most `most_given` (SIZE_MAX: four fifths, a whole history but for what is to be found), drawn
 * evenly; `held` is the rest, which a model should find. `train` is the matrix without them. Every matrix has
 * the shape of the whole; rows that do not belong are empty. */
#ifndef MVTI_DATA_VISITORS_H
#define MVTI_DATA_VISITORS_H

#include <stdint.h>

#include "base/err.h"
#include "num/csr.h"

enum { VISITORS_LEAST = 6, VISITORS_GIVEN = 10, VISITORS_ENOUGH = 200, VISITORS_MOST = 2000 };

struct visitors {
    struct csr train;
    struct visitor_group {
        struct csr given, held;
        size_t n;
    } fitting, testing;
};

/* Each group has a tenth of the people, but at least VISITORS_ENOUGH or a quarter of them, and at most
 * `most`. The draw follows from the seed. ERR_INVALID: too few people for two groups; ERR_NOMEM.
 * visitors_free it. */
MUST_USE enum err visitors_draw(struct visitors *out, const struct csr *x, size_t most, size_t most_given,
                                uint64_t seed, struct fail *why);
/* Both groups as one: everybody whom `train` is without, in the order of the rows. ERR_NOMEM. visitors_free_group it. */
MUST_USE enum err visitors_join(struct visitor_group *out, const struct visitors *v, struct fail *why);
/* Both are safe on a zeroed struct. */
void visitors_free_group(struct visitor_group *g);
void visitors_free(struct visitors *v);

#endif
