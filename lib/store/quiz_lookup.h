/* What the owner's "why this list" needs of a test besides what everybody may see: its token by its number, and the variants that made it. */
#ifndef MVTI_STORE_QUIZ_LOOKUP_H
#define MVTI_STORE_QUIZ_LOOKUP_H

#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

enum { QUIZ_LOOKUP_VARIANTS = 16 };

struct quiz_variant {
    const char *experiment, *variant; /* names, in the arena */
    double propensity;
};
struct quiz_variants {
    struct quiz_variant *items; /* [n], in the arena */
    size_t n;
};

/* ERR_NOT_FOUND. */
MUST_USE enum err quiz_lookup_token(struct db *db, int64_t test_id, struct arena *a, const char **token,
                                    struct fail *why);
MUST_USE enum err quiz_lookup_variants(struct db *db, int64_t test_id, struct arena *a,
                                       struct quiz_variants *out, struct fail *why);

#endif
