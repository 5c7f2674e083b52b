/* Dividing a dataset into what a model sees and what it should find. Every draw is selection sampling (Knuth,
 * The Art of Computer Programming, 3.4.2, algorithm S), without replacement; within a user it depends on the
 * seed and the user's row only. */
#ifndef MVTI_DATA_SPLIT_H
#define MVTI_DATA_SPLIT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "num/csr.h"

struct split {
    struct csr train, held; /* same shape as the whole, disjoint, together the whole */
};

/* Weak generalisation: of every user with at least 5 items, floor(share × items), but at least one, goes to
 * `held`; others stay whole in `train`. 0 < share < 1. ERR_INVALID, ERR_NOMEM. split_free it. */
MUST_USE enum err split_by_user(struct split *out, const struct csr *x, double share, uint64_t seed,
                                struct fail *why);
void split_free(struct split *s);

enum split_part { SPLIT_TRAIN, SPLIT_VALID, SPLIT_TEST, SPLIT_PARTS };

struct split_three {
    struct csr part[SPLIT_PARTS]; /* same shape as the whole, disjoint, together the whole */
};

/* Weak generalisation in three: of a user's n items floor(ratio × n) go to validation and to test, one each
 * where that is none as long as two are left for training, as RecBole's RO_RS counts them. The ratios are
 * made to sum to 1. ERR_INVALID: a ratio below 0, none for training or for test; ERR_NOMEM. */
MUST_USE enum err split_by_ratio(struct split_three *out, const struct csr *x,
                                 const double ratio[SPLIT_PARTS], uint64_t seed, struct fail *why);
/* Points in time that leave the ratios of n times before, between and after them: what is older than until[0]
 * is for training, what is not older than until[1] for test, the rest for validation. Equal times stay
 * together, in the later part, so parts may be smaller or larger than asked for. Sorts the times.
 * ERR_INVALID: a ratio as above, or no such points, since too many times are equal; ERR_NOMEM. */
MUST_USE enum err split_times(int64_t until[2], int64_t *times, size_t n, const double ratio[SPLIT_PARTS],
                              struct fail *why);
/* One item of each user with at least 3 for validation and one for test. Which ones is drawn, whether
 * there are times or not (papers that have them take the latest; split_times is for those). ERR_NOMEM. */
MUST_USE enum err split_leave_one_out(struct split_three *out, const struct csr *x, uint64_t seed,
                                      struct fail *why);
void split_three_free(struct split_three *s);

/* Strong generalisation (Liang et al., WWW 2018): users that training does not see. */
struct split_users_rule {
    double valid, test; /* users to hold out: below 1 a share of those who can be, else how many */
    double fold_in;     /* in (0, 1): share of a held-out user's items that is known */
    size_t given; /* above 0: so many items are known instead, and users with no more are never held out */
    size_t least; /* users with fewer items are never held out; at least 2 */
    uint64_t seed;
};

struct split_users {
    struct csr train;              /* [other users × items], all they have */
    struct csr known[SPLIT_PARTS]; /* of VALID and TEST: [held-out users × items] folded in */
    struct csr held[SPLIT_PARTS];  /* of VALID and TEST: floor((1 − fold_in) × items), at least one */
};

/* Users keep their order in each part. ERR_INVALID: nobody would be left in training or held out for test, a
 * share out of range; ERR_NOMEM. */
MUST_USE enum err split_by_users(struct split_users *out, const struct csr *x,
                                 const struct split_users_rule *rule, struct fail *why);
void split_users_free(struct split_users *s);

#endif
