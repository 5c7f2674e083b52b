/* What a person owns: how much there is, all of it to take away, and its end. */
#ifndef MVTI_APP_OWN_H
#define MVTI_APP_OWN_H

#include "app/visit.h"
#include "store/account.h"
#include "store/circle.h"
#include "store/experiment_exposure.h"
#include "store/first_visit.h"
#include "store/visitor_event.h"
#include "store/visitor_like.h"
#include "store/visitor_mark.h"
#include "store/visitor_profile.h"
#include "store/visitor_quiz.h"
#include "store/visitor_vote.h"

/* What is kept about a visitor comes in these parts, in this order, each newest first. */
enum own_section {
    OWN_TESTS,
    OWN_LIKES,
    OWN_VOTES,
    OWN_MARKS,
    OWN_SESSIONS,
    OWN_FIRST_VISIT, /* one thing at most */
    OWN_EXPERIMENTS,
    OWN_EVENTS,
    OWN_SECTIONS
};

/* A piece of one section: n of its things, of which the pointer of the section holds the first. */
struct own_piece {
    enum own_section section;
    bool first, last; /* of the section; a section without anything is one piece with n = 0 */
    size_t n;
    const struct visitor_quiz *tests;       /* with films and results */
    const struct circle_summaries *circles; /* [n] of each of them */
    const struct visitor_like *likes;
    const struct visitor_vote *votes;
    const struct visitor_mark *marks;
    const struct visitor_session *sessions;
    const struct first_visit *first_visit;
    const struct experiment_told *experiments;
    const struct visitor_event *events;
};

/* Who gets it; both may end the export with an error of theirs. Everything is valid during the call only. */
struct own_reader {
    void *arg;
    enum err (*begin)(void *arg, const struct account *account, /* NULL: a guest */
                      const struct visitor_profile *profile);
    enum err (*piece)(void *arg, const struct own_piece *piece);
};

/* Everything that is kept about a visitor, at one moment, in pieces of bounded size: it takes the same memory
 * however much there is. ERR_NOT_FOUND, before `begin`, for a visitor nobody knows; ERR_UNAVAILABLE, which
 * after `begin` leaves the export unfinished. */
MUST_USE enum err own_export(struct db *db, const struct session *session, const struct own_reader *reader,
                             struct fail *why);
/* What waits to be sent to Google Analytics is forgotten (store/outbox.h). ERR_NOT_FOUND for a visitor nobody knows. */
MUST_USE enum err own_withdraw(struct db *db, const struct session *session, struct fail *why);
/* Deletes the visitor as visitor_delete says and ends the session. An account must have signed in within
 * SESSION_FRESH: ERR_CONFLICT. ERR_NOT_FOUND for a visitor nobody knows. */
MUST_USE enum err own_delete(struct db *db, struct session *session, struct fail *why);
/* What they want to be called, cleaned and cut (base/name.h), and their language; NULL leaves what was said. *out: what is kept now,
 * from the arena. ERR_INVALID: the name is not UTF-8; ERR_UNPROVEN, ERR_LIMITED (`limited`: LIMITS_REACTIONS). */
struct own_words {
    const char *name, *locale;
    bool limited;
};
MUST_USE enum err own_say(struct db *db, struct session *session, const struct own_words *words,
                          struct arena *a, struct visitor_profile *out, struct fail *why);
/* Takes one way of signing in from an account and ends the other sessions that began with it. ERR_CONFLICT:
 * sign in again first, or, if *last, it is the only one. ERR_NOT_FOUND: there is no such one. */
MUST_USE enum err own_unlink(struct db *db, const struct session *session, const char *provider, bool *last,
                             struct fail *why);
/* A provider reports that a person has unlinked the site there. The account loses the identity, or, if nobody could
 * sign in to it any more, is deleted. ERR_NOT_FOUND: nobody here. */
MUST_USE enum err own_cut(struct db *db, const struct keyring *keys, const struct account_identity *who,
                          struct fail *why);

#endif
