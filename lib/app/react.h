/* What visitors say about what they see: likes, marks, thumbs, votes. */
#ifndef MVTI_APP_REACT_H
#define MVTI_APP_REACT_H

#include <stdbool.h>

#include "app/report.h"
#include "app/visit.h"
#include "base/arena.h"
#include "store/visitor_like.h"
#include "store/visitor_mark.h"
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
/* The votes of an account. ERR_DENIED for a guest. */
MUST_USE enum err react_votes(struct db *db, const struct session *session, struct visitor_votes *page,
                              struct arena *a, struct fail *why);
/* What a visitor likes, likewise; none for an unknown visitor. */
MUST_USE enum err react_likes(struct db *db, const struct session *session, struct visitor_likes *page,
                              struct arena *a, struct fail *why);
/* Sets or takes back (place->event.kind "mark" or "unmark") a mark: place has as value the mark,
 * the film, and for a mark on a character that.  Doing it twice changes nothing. ERR_LIMITED, ERR_UNAVAILABLE. */
MUST_USE enum err react_mark(struct db *db, struct session *session, const struct report_event *place,
                             bool limited, struct fail *why);
/* What a visitor has marked, newest first; none for an unknown visitor. */
MUST_USE enum err react_marks(struct db *db, const struct session *session, struct visitor_marks *page,
                              struct arena *a, struct fail *why);
/* The thumb on a list of the visitor's own test, or, where place has no list, on both: "up", "down", "none". place: the
 * event that tells of it; its test is the token. ERR_NOT_FOUND for anybody else's. */
MUST_USE enum err react_feedback(struct db *db, const struct session *session,
                                 const struct report_event *place, const char *value, bool limited,
                                 struct fail *why);

#endif
