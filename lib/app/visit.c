#include "app/visit.h"

#include "store/visitor.h"

enum err visit_known(struct db *db, const struct session *session, int64_t *session_id, struct fail *why)
{
    if (!session->present || session->fresh)
        return fail_set(why, ERR_NOT_FOUND, "no session");
    return visitor_find(db, session->hash, session_id, why);
}

enum err visit_open(struct db *db, struct session *session, int64_t *session_id, struct fail *why)
{
    enum err rc = visit_known(db, session, session_id, why);
    if (rc == ERR_OK)
        return visitor_touch(db, *session_id, SESSION_SECONDS, why);
    if (rc != ERR_NOT_FOUND)
        return rc;
    session_renew(session);
    return visitor_create(db, session->hash, SESSION_SECONDS, session_id, why);
}
