/* Comparing results with friends: circles of up to CIRCLE_MOST people, who came by one link. Whoever has the link sees who is in it; only who is
 * in it is named there, and everybody may leave. Nobody sees another's account or result. */
#ifndef MVTI_APP_CIRCLES_H
#define MVTI_APP_CIRCLES_H

#include "app/together.h"
#include "app/visit.h"
#include "store/circle.h"

/* Characters of a name that are read at most, before it is cleaned and cut. */
enum { CIRCLES_NAME_TYPED = 200 };

/* Somebody who wants to be in a circle. */
struct circles_wish {
    const char *test; /* token of one of their tests */
    const char *name; /* as they typed it, UTF-8; blank: none; NULL: as in their profile */
    bool limited;     /* LIMITS_REACTIONS holds */
};

/* Begins a circle by one's own test, or finds the one that it began and in which nobody else is yet. ERR_INVALID, with the field's name as its
 * sentence: "test", the visitor has no such one, or "name"; ERR_LIMITED, ERR_UNAVAILABLE. */
MUST_USE enum err circles_begin(struct db *db, const struct session *session, const struct circles_wish *w,
                                char out[SHARE_TOKEN_CHARS + 1], struct fail *why);
/* Lets the visitor in, or changes by which test and name they are in it. As circles_begin, and ERR_NOT_FOUND: there is no such circle;
 * ERR_CONFLICT: it is full. */
MUST_USE enum err circles_enter(struct db *db, const struct session *session, const char *circle,
                                const struct circles_wish *w, struct fail *why);
/* ERR_NOT_FOUND: the visitor is not in it. */
MUST_USE enum err circles_leave(struct db *db, const struct session *session, const char *circle,
                                struct fail *why);

/* The circles that a test is in, newest first. ERR_UNAVAILABLE. */
MUST_USE enum err circles_of(struct db *db, int64_t test_id, struct arena *a, struct circle_summaries *out,
                             struct fail *why);

/* Two of a circle, by their places in it, and what they have in films. */
struct circles_two {
    const struct snapshot *snapshot;
    size_t at[2];
    struct together found;
};

struct circles_asked {
    const struct session *session; /* of who asks */
    const char *circle;
};

struct circles_view {
    struct circle_members members;
    int64_t mine; /* place of who asks, −1: not in it */
};

/* ERR_NOT_FOUND, ERR_UNAVAILABLE. */
MUST_USE enum err circles_look(struct db *db, struct circles_asked asked, struct arena *a,
                               struct circles_view *out, struct fail *why);
/* Fills two->found. ERR_NOT_FOUND: a test has been deleted meanwhile. */
MUST_USE enum err circles_compare(struct db *db, const struct circles_view *v, struct arena *a,
                                  struct circles_two *two, struct fail *why);

#endif
