/* Hearts a character, over all visitors: what publishing mixes into popularity. */
#ifndef MVTI_STORE_LIKE_TOTALS_H
#define MVTI_STORE_LIKE_TOTALS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

struct like_total {
    int32_t character_id;
    int64_t likes;
};

struct like_totals {
    struct like_total *rows; /* [n] by character id; characters without a like are left out */
    size_t n;
};

MUST_USE enum err like_totals_read(struct db *db, struct arena *a, struct like_totals *out, struct fail *why);
/* Likes of one character, 0 if it has none. */
int64_t like_totals_of(const struct like_totals *totals, int32_t character_id);

#endif
