/* Logging in: from "I want to" to a session of an account, in two requests with the provider between them.
 *
 * State, nonce and PKCE verifier are all made from one random number: the state is that number, the other two
 * are keyed hashes of it, so the database keeps nothing that could finish a login (login_attempt.h). */
#ifndef MVTI_APP_LOGIN_H
#define MVTI_APP_LOGIN_H

#include "app/visit.h"
#include "auth/oidc.h"
#include "store/account.h"
#include "store/visitor_profile.h"

enum {
    LOGIN_SECONDS = 300,    /* from the start to the answer */
    LOGIN_TABS = 7,         /* open at once in one browser; the eighth takes the place of the oldest */
    LOGIN_RETURN_MAX = 512, /* bytes of a return path */
    LOGIN_COOKIE_SECONDS = 600,
    LOGIN_AGAIN_SECONDS = 600,   /* since its end, that a callback is answered once more */
    LOGIN_ECHO_SECONDS = 30,     /* the same, to the browser that has not got its session yet */
    LOGIN_EXCHANGE_SECONDS = 30, /* no answer of a provider takes longer: whoever began it has gone */
    LOGIN_WAIT_SECONDS = 6,      /* that a second callback waits for the end of the first */
    LOGIN_SESSIONS_MOST = 100
};

/* Why a login did not happen, as the page for it is chosen. */
enum login_cause {
    LOGIN_FINE,
    LOGIN_DENIED,      /* the person said no, or the provider did */
    LOGIN_EXPIRED,     /* unknown, used, or too old */
    LOGIN_ELSEWHERE,   /* of another browser */
    LOGIN_PROVIDER,    /* its answer was wrong */
    LOGIN_UNAVAILABLE, /* it is slow or away */
    LOGIN_TAKEN,       /* linking: the identity is another account's */
    LOGIN_STALE,       /* linking: not signed in, or too long ago */
    LOGIN_LIMITED,     /* too many */
    LOGIN_REQUEST,     /* a malformed address */
    LOGIN_BUSY,        /* the database is away */
    LOGIN_YOUNG,       /* who asks says that they are under 14 */
    LOGIN_CAUSES
};

/* A word for each, such as "denied"; and its HTTP status. */
const char *login_cause_name(enum login_cause cause);
int login_cause_status(enum login_cause cause);

/* True for a path of this site: one slash, then no second one, no backslash, no control byte, also not as
 * %2f, %5c or %0a; at most LOGIN_RETURN_MAX - 1 bytes of ASCII. */
bool login_return_valid(const char *path);

struct login {
    struct db *db;
    struct oidc_client *oidc;
    const struct provider *provider;
    const char *redirect_uri;
    const char *address; /* of the visitor's network */
    bool limited;
    struct session *session;
    struct arena *arena;
};

/* browser is the login cookie's token (made by the caller when there is none). Appends where to go to url. */
MUST_USE enum login_cause login_start(const struct login *l, const char *browser, const char *return_path,
                                      bool link, struct buf *url, struct fail *why);
/* The provider's answer; browser "": no login cookie. On success the session is a new one of the account, a
 * guest's tests are the account's, and *return_path says where to go (in the arena).
 *
 * Asked again by the same browser it says what came of the login, without asking the provider and without
 * signing anybody in: LOGIN_FINE while that browser is signed in as the same account or, for
 * LOGIN_ECHO_SECONDS, has not got the session yet, which lives; LOGIN_EXPIRED after a logout, after another
 * login, or after LOGIN_AGAIN_SECONDS. While the first is in progress, the second waits. */
MUST_USE enum login_cause login_finish(const struct login *l, const char *browser, const char *state,
                                       const char *code, const char **return_path, struct fail *why);
/* The person said no at the provider (LOGIN_DENIED), or its answer is wrong already (LOGIN_PROVIDER): uses
 * the attempt up and returns that. */
MUST_USE enum login_cause login_refused(const struct login *l, const char *browser, const char *state,
                                        enum login_cause cause, struct fail *why);
struct login_person {
    struct visitor_session who;
    struct account account; /* empty for a guest */
    struct visitor_profile profile;
    struct visitor_counts counts;
};

struct login_living {
    struct visitor_sessions sessions;
    int64_t mine; /* session_id of the one that asks */
};

/* Who is signed in and how much there is of them, and prolongs the session.
 * ERR_NOT_FOUND: nobody known. */
MUST_USE enum err login_who(struct db *db, const struct session *session, struct arena *a,
                            struct login_person *out, struct fail *why);
/* The living sessions of an account, last used first; ERR_DENIED for a guest. */
MUST_USE enum err login_sessions(struct db *db, const struct session *session, struct arena *a,
                                 struct login_living *out, struct fail *why);
/* Ends one of them, the asking one too. ERR_DENIED, ERR_NOT_FOUND. */
MUST_USE enum err login_session_end(struct db *db, struct session *session, int64_t session_id,
                                    struct fail *why);
/* Ends the session, or all sessions of its visitor if that is an account. Fine for nobody. */
MUST_USE enum err login_end(struct db *db, struct session *session, bool everywhere, struct fail *why);

#endif
