/* Visitors, and the sessions that speak for them: found by the keyed hash of the cookie's token, never by the
 * token. */
#ifndef MVTI_STORE_VISITOR_H
#define MVTI_STORE_VISITOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/secret.h"
#include "store/db.h"

enum { VISITOR_SESSIONS_MOST = 100 };

struct visitor_session {
    int64_t session_id, visitor_id;
    bool account;                  /* signed in */
    int64_t signed_in;             /* seconds since the login; 0 for guests */
    bool old_key;                  /* stored under the second hash: visitor_session_rehash should follow */
    bool unseen;                   /* for an hour: visitor_session_touch should follow */
    bool grown;                    /* they have said that they are 14 or older */
    int64_t created, last_seen;    /* seconds since 1970 UTC; lists only */
    const char *provider, *client; /* lists only; in the arena */
};

/* Finds a session that has not expired by either hash (equal ones: one key only). ERR_NOT_FOUND,
 * ERR_UNAVAILABLE. */
MUST_USE enum err visitor_session_find(struct db *db, const uint8_t newest[SECRET_HASH_BYTES],
                                       const uint8_t older[SECRET_HASH_BYTES], struct visitor_session *out,
                                       struct fail *why);
/* A session that begins. Borrowed. */
struct visitor_session_new {
    int64_t visitor_id;
    const uint8_t *hash;  /* [SECRET_HASH_BYTES] */
    long idle, whole;     /* it ends `idle` seconds after its last use, and after `whole` at the latest */
    const char *provider; /* NULL: a guest, who has just been made and has no other session */
    const char *client;   /* as session_client_name says it */
};

/* *session_id: its number. Of more than VISITOR_SESSIONS_MOST of a visitor the oldest end. */
MUST_USE enum err visitor_session_add(struct db *db, const struct visitor_session_new *s, int64_t *session_id,
                                      struct fail *why);
/* Remembers that the visitor was here and prolongs the session; changes nothing within an hour. */
MUST_USE enum err visitor_session_touch(struct db *db, int64_t session_id, long idle, struct fail *why);
/* Stores the hash under the newest key. */
MUST_USE enum err visitor_session_rehash(struct db *db, int64_t session_id,
                                         const uint8_t hash[SECRET_HASH_BYTES], struct fail *why);
/* Ends one session of a visitor. ERR_NOT_FOUND if there is no such one. */
MUST_USE enum err visitor_session_end(struct db *db, int64_t visitor_id, int64_t session_id,
                                      struct fail *why);
/* Ends all sessions of a visitor; *n (may be NULL): how many. */
MUST_USE enum err visitor_session_end_all(struct db *db, int64_t visitor_id, int64_t *n, struct fail *why);
/* Ends the sessions of a visitor that began at this provider, but not the session `except` (0: none). */
MUST_USE enum err visitor_session_end_of(struct db *db, int64_t visitor_id, const char *provider,
                                         int64_t except, struct fail *why);
/* Ends at most `most` of all sessions that there are; *n: how many. */
MUST_USE enum err visitor_session_end_some(struct db *db, long most, int64_t *n, struct fail *why);
struct visitor_sessions {
    size_t most;                   /* so many are asked for */
    struct visitor_session *items; /* [n] found, last used first */
    size_t n;
};

/* The living sessions of a visitor, from the arena. */
MUST_USE enum err visitor_session_list(struct db *db, int64_t visitor_id, struct visitor_sessions *out,
                                       struct arena *a, struct fail *why);
/* Removes at most `most` sessions that have expired; *n: how many. */
MUST_USE enum err visitor_session_expire(struct db *db, long most, int64_t *n, struct fail *why);

/* A new visitor who has done nothing yet. counted: what they like counts for everybody once they have
 * completed a test; else only when they have an account. entered: seconds from their page to this first write, 255 at
 * most, or below 0: unknown. */
MUST_USE enum err visitor_add(struct db *db, bool counted, int entered, int64_t *visitor_id,
                              struct fail *why);
/* Inside a transaction: locks the row of a visitor, so that others who merge or delete it wait.
 * ERR_NOT_FOUND: it was merged or deleted meanwhile. */
MUST_USE enum err visitor_lock(struct db *db, int64_t visitor_id, struct fail *why);
/* Inside a transaction that writes for a visitor: others may do so too, but whoever merges or deletes it
 * waits. ERR_NOT_FOUND as above; ERR_BANNED: it may only read (store/ban.h). */
MUST_USE enum err visitor_hold(struct db *db, int64_t visitor_id, struct fail *why);
/* Inside a transaction, the row of `from` locked: everything that the guest `from` did becomes what the
 * account `to` did, and `from` is deleted. A character that both like is liked once. Of very much a part
 * follows later (visitor_leave_rest). */
MUST_USE enum err visitor_merge(struct db *db, int64_t from, int64_t to, struct fail *why);

/* How much there is of a visitor: kept, not counted (counter.h). */
struct visitor_counts {
    int64_t tests, likes, votes, sessions;
};

/* ERR_NOT_FOUND: no such visitor. */
MUST_USE enum err visitor_count(struct db *db, int64_t visitor_id, struct visitor_counts *out,
                                struct fail *why);
/* Inside a transaction, the row locked: deletes a visitor, guest or account, so that nobody can reach
 * anything of theirs. The films of the tests and the likes stay, for training, under a number that nothing
 * leads to (visitor_quiz_anonymous), and the day on which they came is counted. Of very much a part is
 * deleted later (visitor_leave_rest). */
MUST_USE enum err visitor_delete(struct db *db, int64_t visitor_id, struct fail *why);
/* Inside a transaction: deletes the oldest events and marks of a visitor, some thousands at most; how many. 0 of both: none are left. */
MUST_USE enum err visitor_forget_traces(struct db *db, int64_t visitor_id, int64_t *events, int64_t *marks,
                                        struct fail *why);
/* Deletes and moves what those two left for later, a bounded piece a transaction; *n: visitors and tests that
 * are done with. */
MUST_USE enum err visitor_leave_rest(struct db *db, int64_t *n, struct fail *why);

#endif
