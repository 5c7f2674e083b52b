/* Who is asking: from the session of a request to its row in the database. */
#ifndef MVTI_APP_VISIT_H
#define MVTI_APP_VISIT_H

#include <stdint.h>

#include "auth/session.h"
#include "store/db.h"

/* The row of a session that exists. ERR_NOT_FOUND for a visitor nobody knows (no query without a token). */
MUST_USE enum err visit_known(struct db *db, const struct session *session, int64_t *session_id,
                              struct fail *why);
/* The same for a write: an unknown token is replaced by a new one (never adopted) and stored. */
MUST_USE enum err visit_open(struct db *db, struct session *session, int64_t *session_id, struct fail *why);

#endif
