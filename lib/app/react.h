/* What visitors say about what they see: likes, thumbs, votes. */
#ifndef MVTI_APP_REACT_H
#define MVTI_APP_REACT_H

#include <stdbool.h>

#include "app/report.h"
#include "app/visit.h"
#include "base/arena.h"
#include "store/visitor_like.h"
#include "store/visitor_vote.h"

/* `limited`: LIMITS_REACTIONS holds (app/limits.h). */
enum { REACT_LIST_MOST = 500 };

/* Sets or takes back (place->event.kind "like" or "unlike") a like of place->event.character_id; doing it twice
 * changes nothing. place: the event that tells of it. ERR_LIMITED, ERR_UNAVAILABLE. */
MUST_USE enum err react_like(struct db *db, struct session *session, const struct report_event *place,
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

#endif
