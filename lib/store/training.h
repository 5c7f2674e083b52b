/* What training reads from the database: films that visitors chose or whose characters they like, with what is
 * known of how credible that is (data/credit.h), who says which character is unlike them, and which films the catalog
 * has.
 *
 * A like says something of its film unless the same visitor has marked the character as unlike them, or the film as
 * seen: then it was no find. */
#ifndef MVTI_STORE_TRAINING_H
#define MVTI_STORE_TRAINING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"
#include "store/db.h"

enum { TRAINING_NO_CROWD = -1 };

struct training_choice {
    int64_t visitor_id; /* a visitor is a user */
    int32_t movie_id;   /* of training_unlike a character */
    int32_t like;       /* 0: chosen in a test; else the visitor's how-many-th like it is of */
    int32_t day;        /* since year 0: when it was first chosen */
    int64_t crowd;      /* test.crowd of that test; TRAINING_NO_CROWD: unknown, or a like */
    bool account;
    bool hasty;   /* test.hasty of that test; of a like false, of a mark that of any test of the visitor's */
    bool counted; /* visitor.counted; false also for visitors who have been deleted */
};

enum { TRAINING_ALL = INT32_MAX }; /* a time that never comes */

/* What the rules of store/training_without.h left out. */
struct training_left {
    size_t rules, choices;
};
/* Appends struct training_choice to out, each pair once, by visitor, then film: what was chosen and liked before `until`
 * (seconds since 1970 UTC), has not been taken back or deleted since, and is not left out by a rule. */
MUST_USE enum err training_choices(struct db *db, int64_t until, struct vec *out, struct training_left *left,
                                   struct fail *why);
/* The same of characters marked not_me until now, by those whose likes count (store/visitor_like.h). */
MUST_USE enum err training_unlike(struct db *db, struct vec *out, struct fail *why);
/* Appends the catalog's movie ids (int32_t) to out, ascending. */
MUST_USE enum err training_catalog(struct db *db, struct vec *out, struct fail *why);

#endif
