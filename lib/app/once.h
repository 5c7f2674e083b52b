/* A request with an Idempotency-Key that is sent again is answered as it was the first time, and done once
 * (draft-ietf-httpapi-idempotency-key-header). For the visitor whose answer was lost on its way: who sends it
 * again without a session, because the cookie was lost with the answer, gets the session of the guest that
 * the first request made. So a key must be as hard to guess as a cookie, and it leads only to a guest that
 * came into being with it, for as long as the row is kept (store/repeat.h). */
#ifndef MVTI_APP_ONCE_H
#define MVTI_APP_ONCE_H

#include <stddef.h>

#include "auth/session.h"
#include "store/repeat.h"

enum { ONCE_KEY_LEAST = 16, ONCE_KEY_MOST = 128 };

struct once {
    const char *key;     /* ONCE_KEY_LEAST to ONCE_KEY_MOST of A-Z a-z 0-9 - _; NULL: none was sent */
    const void *content; /* [n] what was asked */
    size_t n;
};

/* Whether this was done before. ERR_NOT_FOUND: no (or there is no key). ERR_OK: yes, *row is what is known of
 * it, and the session is its guest's if there was none. ERR_CONFLICT: the key was used for something else or
 * by somebody else. */
MUST_USE enum err once_seen(struct db *db, struct session *session, const struct once *once,
                            struct repeat *row, struct fail *why);
/* Inside the transaction that does it: remembers it. guest: the visitor is made now. ERR_CONFLICT: somebody
 * was faster with the same key. Fine without a key. */
struct once_done {
    int64_t visitor_id;
    bool guest;         /* whom the request made */
    const char *result; /* NULL: none */
};
MUST_USE enum err once_put(struct db *db, const struct session *session, const struct once *once,
                           const struct once_done *done, struct fail *why);
/* The token of the session of a guest that is made with this key. */
void once_session(const struct session *session, const struct once *once, size_t which_key,
                  char out[SECRET_TOKEN_CHARS + 1]);

#endif
