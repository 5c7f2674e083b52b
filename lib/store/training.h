/* What training reads from the database: films that visitors chose or whose characters they like, and which
 * films the catalog has. */
#ifndef MVTI_STORE_TRAINING_H
#define MVTI_STORE_TRAINING_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"
#include "store/db.h"

struct training_like {
    int64_t visitor_id; /* a visitor is a user */
    int32_t movie_id;
};

/* Appends struct training_like to out, each pair once, by visitor, then film. */
MUST_USE enum err training_likes(struct db *db, struct vec *out, struct fail *why);
/* Appends the catalog's movie ids (int32_t) to out, ascending. */
MUST_USE enum err training_catalog(struct db *db, struct vec *out, struct fail *why);

#endif
