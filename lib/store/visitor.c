#include "store/visitor.h"

static const struct db_sql FIND = {
    "session.find", "SELECT session_id FROM session WHERE token_hash = ? AND expires_at > UTC_TIMESTAMP()"};
static const struct db_sql CREATE = {
    "session.create", "INSERT INTO session (token_hash, created_at, last_seen_at, expires_at) VALUES "
                      "(?, UTC_TIMESTAMP(), UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL ? SECOND)"};
static const struct db_sql TOUCH = {
    "session.touch",
    "UPDATE session SET last_seen_at = UTC_TIMESTAMP(), expires_at = UTC_TIMESTAMP() + INTERVAL ? "
    "SECOND WHERE session_id = ? AND last_seen_at < UTC_TIMESTAMP() - INTERVAL 1 HOUR"};

enum err visitor_find(struct db *db, const uint8_t hash[SECRET_HASH_BYTES], int64_t *session_id,
                      struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, &FIND, DB_BIND(db_bytes(hash, SECRET_HASH_BYTES)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    *session_id = db_get_int(&rows, 0);
    return db_end(&rows, why);
}

enum err visitor_create(struct db *db, const uint8_t hash[SECRET_HASH_BYTES], long seconds,
                        int64_t *session_id, struct fail *why)
{
    enum err rc = db_exec(db, &CREATE, DB_BIND(db_bytes(hash, SECRET_HASH_BYTES), db_int(seconds)), why);
    if (rc == ERR_OK)
        *session_id = db_insert_id(db);
    return rc;
}

enum err visitor_touch(struct db *db, int64_t session_id, long seconds, struct fail *why)
{
    return db_exec(db, &TOUCH, DB_BIND(db_int(seconds), db_int(session_id)), why);
}
