/* Who is asking: from the session of a request to the visitor it speaks for. */
#ifndef MVTI_APP_VISIT_H
#define MVTI_APP_VISIT_H

#include <stdint.h>

#include "app/once.h"
#include "auth/session.h"
#include "store/visitor.h"

/* The session and its visitor. ERR_NOT_FOUND for a visitor nobody knows (no query without a token). */
MUST_USE enum err visit_who(struct db *db, const struct session *session, struct visitor_session *out,
                            struct fail *why);
/* The same for a page that only an account may use: ERR_DENIED for a guest or nobody. fresh: also unless the
 * login is younger than SESSION_FRESH (ERR_CONFLICT). */
MUST_USE enum err visit_account(struct db *db, const struct session *session, bool fresh,
                                struct visitor_session *out, struct fail *why);
/* The number of the visitor of a session that exists. ERR_NOT_FOUND as above. */
MUST_USE enum err visit_known(struct db *db, const struct session *session, int64_t *visitor_id,
                              struct fail *why);
/* Who writes, in two steps. First, before anything is done: the visitor of the session, or 0 where one must
 * be made, which who asks has then shown to be a browser (auth/guest.h). ERR_UNPROVEN: not so; ERR_LIMITED:
 * their network makes no more guests now. */
MUST_USE enum err visit_enter(struct db *db, struct session *session, int64_t *visitor_id, struct fail *why);

/* Remembers that the visitor is 14 or older, if who asks says so. */
MUST_USE enum err visit_grown(struct db *db, const struct session *session, int64_t visitor_id,
                              struct fail *why);

/* A write and what must be remembered of it. */
struct visit_write {
    struct session *session;
    int64_t known;           /* what visit_enter said */
    const struct once *once; /* NULL: nothing */
    const char *result;      /* for once_put */
    bool idempotent;         /* twice is the same as once, for somebody who is known */
};

/* The transaction of such a write, whose first thing is visit_claim. Where it can be told, or makes no difference, whether it was done
 * already, it is run again also after a commit of unknown outcome. */
MUST_USE enum err visit_transaction(struct db *db, const struct visit_write *w, db_work_fn *work, void *arg,
                                    struct fail *why);

/* Second, first thing in the transaction that writes: holds the visitor, or makes a guest with a new session
 * (an unknown token is never adopted). ERR_CONFLICT: the request was made already with the same key. */
MUST_USE enum err visit_claim(struct db *db, const struct visit_write *w, int64_t *visitor_id,
                              struct fail *why);
/* Inside a transaction: a new session, with a new token, that speaks for this visitor. provider: how they
 * signed in; NULL: a guest. *session_id: its number. */
MUST_USE enum err visit_begin(struct db *db, struct session *session, int64_t visitor_id,
                              const char *provider, int64_t *session_id, struct fail *why);
/* Inside a transaction that writes for a visitor, first: until its end nobody moves the visitor's things to
 * an account or deletes them. ERR_UNAVAILABLE: that has just happened; the next request finds who it is now.
 */
MUST_USE enum err visit_hold(struct db *db, int64_t visitor_id, struct fail *why);
/* The same, and until its end nobody else writes for the visitor either: for what asks before it writes. In place of visit_hold and
 * never behind it, where two would wait for each other. */
MUST_USE enum err visit_hold_alone(struct db *db, int64_t visitor_id, struct fail *why);
/* Prolongs the session, at most once an hour, and moves it to the newest key. */
MUST_USE enum err visit_touch(struct db *db, const struct session *session, const struct visitor_session *who,
                              struct fail *why);

#endif
