/* What a person owns: how much there is, all of it to take away, and its end. */
#ifndef MVTI_APP_OWN_H
#define MVTI_APP_OWN_H

#include "app/visit.h"
#include "store/account.h"
#include "store/visitor_event.h"
#include "store/visitor_like.h"
#include "store/visitor_test.h"
#include "store/visitor_vote.h"

/* Everything that is kept about a visitor, at one moment; lists newest first. */
struct own_everything {
    bool signed_in;
    struct account account;     /* if signed_in */
    struct visitor_test *tests; /* with films and results */
    struct visitor_like *likes;
    struct visitor_vote *votes;
    struct visitor_session *sessions;
    struct visitor_event *events;
    size_t n_tests, n_likes, n_votes, n_sessions, n_events;
};

/* All from the arena. ERR_NOT_FOUND for a visitor nobody knows, ERR_UNAVAILABLE. */
MUST_USE enum err own_export(struct db *db, const struct session *session, struct arena *a,
                             struct own_everything *out, struct fail *why);
/* Deletes the visitor as visitor_delete says and ends the session. An account must have signed in within
 * SESSION_FRESH: ERR_CONFLICT. ERR_NOT_FOUND for a visitor nobody knows. */
MUST_USE enum err own_delete(struct db *db, struct session *session, struct fail *why);
/* Takes one way of signing in from an account and ends the other sessions that began with it. ERR_CONFLICT:
 * sign in again first, or, if *last, it is the only one. ERR_NOT_FOUND: there is no such one. */
MUST_USE enum err own_unlink(struct db *db, const struct session *session, const char *provider, bool *last,
                             struct fail *why);
/* A provider says that a person has cut the tie there. The account loses the identity, or, if nobody could
 * sign in to it any more, is deleted. ERR_NOT_FOUND: nobody here. */
MUST_USE enum err own_cut(struct db *db, const char *provider, const char *issuer, const char *subject,
                          struct fail *why);

#endif
