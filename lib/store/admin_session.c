#include "store/admin_session.h"

/* 0 over, 1 goes on, 2 begins, 3 goes on and has not been written for a while. */
static const struct db_sql STATE = {
    "admin_session.state",
    "SELECT CASE WHEN signed_in_at IS NULL OR signed_in_at <= UTC_TIMESTAMP(6) - INTERVAL ? SECOND THEN 0 "
    "WHEN console_seen_at IS NULL THEN IF(signed_in_at > UTC_TIMESTAMP(6) - INTERVAL ? SECOND, 2, 0) "
    "WHEN console_seen_at <= UTC_TIMESTAMP(6) - INTERVAL ? SECOND THEN 0 "
    "ELSE IF(console_seen_at > UTC_TIMESTAMP(6) - INTERVAL ? SECOND, 1, 3) END FROM session WHERE session_id "
    "= ?"};
static const struct db_sql SEEN = {
    "admin_session.seen", "UPDATE session SET console_seen_at = UTC_TIMESTAMP(6) WHERE session_id = ?"};

enum err admin_session_enter(struct db *db, int64_t session_id, enum admin_session *out, struct fail *why)
{
    int64_t state = 0;
    enum err rc =
        db_number(db, &STATE,
                  DB_BIND(db_int(ADMIN_SESSION_WHOLE), db_int(ADMIN_SESSION_FRESH),
                          db_int(ADMIN_SESSION_IDLE), db_int(ADMIN_SESSION_TOUCH), db_int(session_id)),
                  &state, why);
    *out = state == 0 ? ADMIN_SESSION_OVER : state == 2 ? ADMIN_SESSION_NEW : ADMIN_SESSION_GOES_ON;
    if (rc == ERR_NOT_FOUND)
        return ERR_OK; /* ended this moment */
    return rc == ERR_OK && state > 1 ? db_exec(db, &SEEN, DB_BIND(db_int(session_id)), why) : rc;
}
