/* What the owner's "why this list" needs of a test besides what everybody may see: its token by its number, and the variants that made it. */
#ifndef MVTI_STORE_TEST_LOOKUP_H
#define MVTI_STORE_TEST_LOOKUP_H

#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

enum { TEST_LOOKUP_VARIANTS = 16 };

struct test_variant {
    const char *experiment, *variant; /* names, in the arena */
    double propensity;
};
struct test_variants {
    struct test_variant *items; /* [n], in the arena */
    size_t n;
};

/* ERR_NOT_FOUND. */
MUST_USE enum err test_lookup_token(struct db *db, int64_t test_id, struct arena *a, const char **token,
                                    struct fail *why);
MUST_USE enum err test_lookup_variants(struct db *db, int64_t test_id, struct arena *a,
                                       struct test_variants *out, struct fail *why);

#endif
