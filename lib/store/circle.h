/* Circles: people who compare their results, each by one test. */
#ifndef MVTI_STORE_CIRCLE_H
#define MVTI_STORE_CIRCLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/secret.h"
#include "store/db.h"

enum { CIRCLE_MOST = 8, CIRCLE_NAME = 20 /* code points */ };

struct circle_member {
    int64_t test_id, visitor_id;
    const char *test;        /* its token */
    uint8_t mbti, enneagram; /* ENNEAGRAM_NONE: skipped */
    bool founder;
    const char *name; /* "": none */
    int32_t
        character; /* id of the first of the list of their own type, as it was shown; −1: there was none */
    int percent;   /* its match */
};

struct circle_members {
    struct circle_member *items; /* [n] in the order of joining; n <= CIRCLE_MOST */
    size_t n;
};

/* Who is in a circle, from the arena. ERR_NOT_FOUND: nobody is. */
MUST_USE enum err circle_read(struct db *db, const char *circle, struct arena *a, struct circle_members *out,
                              struct fail *why);
/* The newest circle that a test began and in which nobody else is yet. ERR_NOT_FOUND. */
MUST_USE enum err circle_empty(struct db *db, int64_t test_id, char out[SHARE_TOKEN_CHARS + 1],
                               struct fail *why);

struct circle_entry {
    const char *circle;
    int64_t visitor_id, test_id; /* who, and by which of their tests */
    bool founder;
    const char *name; /* at most CIRCLE_NAME code points */
};
/* Inside a transaction: how many are in it; nobody joins until its end. ERR_NOT_FOUND: nobody is. */
MUST_USE enum err circle_hold(struct db *db, const char *circle, size_t *n, struct fail *why);
/* Inside a transaction: somebody who is in it takes part by this test and name from now on. ERR_NOT_FOUND: the visitor is not. */
MUST_USE enum err circle_change(struct db *db, const struct circle_entry *e, struct fail *why);
/* Lets somebody in who is not. */
MUST_USE enum err circle_enter(struct db *db, const struct circle_entry *e, struct fail *why);
/* Takes a visitor out. ERR_NOT_FOUND: they were not in. */
MUST_USE enum err circle_leave(struct db *db, const char *circle, int64_t visitor_id, struct fail *why);

struct circle_summary {
    const char *circle;
    const char *name; /* what the visitor is called in it */
    int64_t joined;   /* seconds since 1970 UTC */
    int members;
};
struct circle_summaries {
    struct circle_summary *items; /* [n] newest first; n <= CIRCLE_LISTED */
    size_t n;
};
enum { CIRCLE_LISTED = 50 };
/* In which circles a test is, from the arena. */
MUST_USE enum err circle_of_test(struct db *db, int64_t test_id, struct arena *a,
                                 struct circle_summaries *out, struct fail *why);

#endif
