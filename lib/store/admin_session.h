/* How long a session speaks for an admin in the owner's console: only after a login of its own, half an hour after its last request there, and
 * eight hours in all. */
#ifndef MVTI_STORE_ADMIN_SESSION_H
#define MVTI_STORE_ADMIN_SESSION_H

#include <stdint.h>

#include "store/db.h"

enum {
    ADMIN_SESSION_FRESH = 600,      /* seconds since the login, of the first request */
    ADMIN_SESSION_IDLE = 30 * 60,   /* since the request before */
    ADMIN_SESSION_WHOLE = 8 * 3600, /* since the login */
    ADMIN_SESSION_TOUCH = 60        /* the time of a request is written so often */
};

enum admin_session { ADMIN_SESSION_OVER, ADMIN_SESSION_NEW, ADMIN_SESSION_GOES_ON };

/* What the session is now, which is remembered: a new one goes on from here. */
MUST_USE enum err admin_session_enter(struct db *db, int64_t session_id, enum admin_session *out,
                                      struct fail *why);

#endif
