/* What visitors say about what they see: likes, thumbs, and the events that pages report. */
#ifndef MVTI_APP_REACT_H
#define MVTI_APP_REACT_H

#include <stdbool.h>

#include "app/visit.h"
#include "base/arena.h"
#include "store/visitor_event.h"
#include "store/visitor_like.h"
#include "store/visitor_vote.h"

/* `limited`: LIMITS_REACTIONS, LIMITS_EVENTS hold (app/limits.h). */
enum { REACT_EVENTS_MOST = 50, REACT_LIST_MOST = 500 };

/* Sets or takes back a like; doing it twice changes nothing. ERR_LIMITED, ERR_UNAVAILABLE. */
MUST_USE enum err react_like(struct db *db, struct session *session, int32_t character_id, bool like,
                             bool limited, int64_t *likes, struct fail *why);

/* What everybody says about a character, and what the visitor does. */
struct react_about {
    int64_t likes;
    bool liked;
    struct consensus_votes votes;
    struct visitor_vote mine; /* its mbti is MBTI_NONE without a vote */
};

MUST_USE enum err react_about(struct db *db, const struct session *session, int32_t character_id,
                              struct react_about *out, struct fail *why);
/* The vote of an account on a character's type; mbti MBTI_NONE takes it back. *votes: all, after it.
 * ERR_DENIED for a guest, ERR_LIMITED, ERR_UNAVAILABLE. */
MUST_USE enum err react_vote(struct db *db, const struct session *session, const struct visitor_vote *vote,
                             bool limited, struct consensus_votes *votes, struct fail *why);
/* The votes of an account, newest first: the `most` that follow `after` (NULL: from the first). ERR_DENIED
 * for a guest. */
MUST_USE enum err react_votes(struct db *db, const struct session *session, const struct visitor_vote *after,
                              size_t most, struct arena *a, struct visitor_vote **out, size_t *n,
                              struct fail *why);
/* What a visitor likes, likewise; none for an unknown visitor. */
MUST_USE enum err react_likes(struct db *db, const struct session *session, const struct visitor_like *after,
                              size_t most, struct arena *a, struct visitor_like **out, size_t *n,
                              struct fail *why);
/* The thumb on the visitor's own test: "up", "down", "none". ERR_NOT_FOUND for anybody else's. */
MUST_USE enum err react_feedback(struct db *db, const struct session *session, const char *token,
                                 const char *value, bool limited, struct fail *why);

struct react_event {
    struct visitor_event event; /* test_id is filled here */
    const char *test;           /* token or NULL; an unknown one is left out */
};

/* True if browsers may report this kind; likes and thumbs are recorded by the server itself. */
bool react_kind_known(const char *kind);
bool react_list_known(const char *list);
/* Stores all or none; those of a key that has been here are stored already. ERR_LIMITED, ERR_UNPROVEN,
 * ERR_CONFLICT (once_seen), ERR_UNAVAILABLE. */
MUST_USE enum err react_events(struct db *db, struct session *session, struct react_event *events, size_t n,
                               const struct once *once, bool limited, struct fail *why);

#endif
