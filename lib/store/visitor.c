#include "store/change.h"
#include "store/db_list.h"
#include "store/visitor.h"

static const struct db_sql FIND = {
    "session.find",
    "SELECT s.session_id, s.visitor_id, a.visitor_id IS NOT NULL, "
    "CAST(COALESCE(TIMESTAMPDIFF(SECOND, s.signed_in_at, UTC_TIMESTAMP()), 0) AS SIGNED), "
    "s.token_hash <> ?, s.last_seen_at < UTC_TIMESTAMP() - INTERVAL 1 HOUR, v.over14_at IS NOT NULL "
    "FROM session s LEFT JOIN visitor v ON v.visitor_id = s.visitor_id "
    "LEFT JOIN account a ON a.visitor_id = s.visitor_id "
    "WHERE s.token_hash IN (?, ?) AND s.expires_at > UTC_TIMESTAMP() AND "
    "s.ends_at > UTC_TIMESTAMP() LIMIT 1"};
static const struct db_sql ADD = {
    "session.add",
    "INSERT INTO session (visitor_id, token_hash, created_at, last_seen_at, expires_at, ends_at, "
    "signed_in_at, provider, client) VALUES (?, ?, UTC_TIMESTAMP(), UTC_TIMESTAMP(), "
    "UTC_TIMESTAMP() + INTERVAL ? SECOND, UTC_TIMESTAMP() + INTERVAL ? SECOND, "
    "IF(?, UTC_TIMESTAMP(), NULL), ?, ?)"};
static const struct db_sql TOUCH = {
    "session.touch", "UPDATE session SET last_seen_at = UTC_TIMESTAMP(), "
                     "expires_at = LEAST(ends_at, UTC_TIMESTAMP() + INTERVAL ? SECOND) "
                     "WHERE session_id = ? AND last_seen_at < UTC_TIMESTAMP() - INTERVAL 1 HOUR"};
static const struct db_sql REHASH = {"session.rehash",
                                     "UPDATE session SET token_hash = ? WHERE session_id = ?"};
static const struct db_sql END = {"session.end",
                                  "DELETE FROM session WHERE visitor_id = ? AND session_id = ?"};
static const struct db_sql END_ALL = {"session.end_all", "DELETE FROM session WHERE visitor_id = ?"};
static const struct db_sql END_OF = {
    "session.end_of", "DELETE FROM session WHERE visitor_id = ? AND provider = ? AND session_id <> ?"};
static const struct db_sql END_SOME = {"session.end_some", "DELETE FROM session ORDER BY session_id LIMIT ?"};
/* A derived table, because MySQL does not read the table that it deletes from. */
static const struct db_sql CAP = {
    "session.cap", "DELETE FROM session WHERE visitor_id = ? AND session_id NOT IN (SELECT session_id FROM "
                   "(SELECT session_id "
                   "FROM session WHERE visitor_id = ? ORDER BY session_id DESC LIMIT ?) AS newest)"};
static const struct db_sql LIST = {
    "session.list", "SELECT session_id, CAST(UNIX_TIMESTAMP(created_at) AS SIGNED), "
                    "CAST(UNIX_TIMESTAMP(last_seen_at) AS SIGNED), COALESCE(provider, ''), client "
                    "FROM session WHERE visitor_id = ? AND expires_at > UTC_TIMESTAMP() "
                    "ORDER BY last_seen_at DESC, session_id DESC LIMIT ?"};
static const struct db_sql EXPIRE = {
    "session.expire", /* expires_at is never after ends_at */
    "DELETE FROM session WHERE expires_at < UTC_TIMESTAMP() ORDER BY expires_at LIMIT ?"};
static const struct db_sql VISITOR = {
    "visitor.add", "INSERT INTO visitor (counted, entered, created_at) VALUES (?, ?, UTC_TIMESTAMP())"};
static const struct db_sql LOCK = {"visitor.lock",
                                   "SELECT visitor_id FROM visitor WHERE visitor_id = ? FOR UPDATE"};
static const struct db_sql HOLD = {
    "visitor.hold", "SELECT banned_at IS NOT NULL FROM visitor WHERE visitor_id = ? LOCK IN SHARE MODE"};
enum err visitor_session_find(struct db *db, const uint8_t newest[SECRET_HASH_BYTES],
                              const uint8_t older[SECRET_HASH_BYTES], struct visitor_session *out,
                              struct fail *why)
{
    struct db_rows rows;
    struct db_value hash = db_bytes(newest, SECRET_HASH_BYTES);
    *out = (struct visitor_session){0};
    enum err rc = db_first(db, &FIND, DB_BIND(hash, hash, db_bytes(older, SECRET_HASH_BYTES)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    out->session_id = db_get_int(&rows, 0);
    out->visitor_id = db_get_int(&rows, 1);
    out->account = db_get_int(&rows, 2) != 0;
    out->signed_in = db_get_int(&rows, 3);
    out->old_key = db_get_int(&rows, 4) != 0;
    out->unseen = db_get_int(&rows, 5) != 0;
    out->grown = db_get_int(&rows, 6) != 0;
    return db_end(&rows, why);
}

enum err visitor_session_add(struct db *db, const struct visitor_session_new *s, int64_t *session_id,
                             struct fail *why)
{
    struct db_value id = db_int(s->visitor_id);
    enum err rc = db_exec(db, &ADD,
                          DB_BIND(id, db_bytes(s->hash, SECRET_HASH_BYTES), db_int(s->idle), db_int(s->whole),
                                  db_int(s->provider != NULL), db_text(s->provider), db_text(s->client)),
                          why);
    *session_id = rc == ERR_OK ? db_insert_id(db) : 0;
    return rc == ERR_OK && s->provider != NULL
               ? db_exec(db, &CAP, DB_BIND(id, id, db_int(VISITOR_SESSIONS_MOST)), why)
               : rc;
}

enum err visitor_session_touch(struct db *db, int64_t session_id, long idle, struct fail *why)
{
    return db_exec(db, &TOUCH, DB_BIND(db_int(idle), db_int(session_id)), why);
}

enum err visitor_session_rehash(struct db *db, int64_t session_id, const uint8_t hash[SECRET_HASH_BYTES],
                                struct fail *why)
{
    return db_exec(db, &REHASH, DB_BIND(db_bytes(hash, SECRET_HASH_BYTES), db_int(session_id)), why);
}

enum err visitor_session_end(struct db *db, int64_t visitor_id, int64_t session_id, struct fail *why)
{
    enum err rc = db_exec(db, &END, DB_BIND(db_int(visitor_id), db_int(session_id)), why);
    return rc == ERR_OK && db_affected(db) == 0 ? fail_set(why, ERR_NOT_FOUND, "no such session") : rc;
}

enum err visitor_session_end_all(struct db *db, int64_t visitor_id, int64_t *n, struct fail *why)
{
    enum err rc = db_exec(db, &END_ALL, DB_BIND(db_int(visitor_id)), why);
    if (n != NULL)
        *n = rc == ERR_OK ? (int64_t)db_affected(db) : 0;
    return rc;
}

enum err visitor_session_end_of(struct db *db, int64_t visitor_id, const char *provider, int64_t except,
                                struct fail *why)
{
    return db_exec(db, &END_OF, DB_BIND(db_int(visitor_id), db_text(provider), db_int(except)), why);
}

enum err visitor_session_end_some(struct db *db, long most, int64_t *n, struct fail *why)
{
    return db_exec_count(db, &END_SOME, DB_BIND(db_int(most)), n, why);
}

static enum err read_session(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct visitor_session *s = item;
    *s = (struct visitor_session){
        .session_id = db_get_int(rows, 0),
        .created = db_get_int(rows, 1),
        .last_seen = db_get_int(rows, 2),
        .provider = arena_strdup(a, db_get_text(rows, 3)),
        .client = arena_strdup(a, db_get_text(rows, 4)),
    };
    return db_list_stored(s->provider != NULL && s->client != NULL, why);
}

enum err visitor_session_list(struct db *db, int64_t visitor_id, struct visitor_sessions *out,
                              struct arena *a, struct fail *why)
{
    const struct db_list list = {.sql = &LIST,
                                 .params = DB_BIND(db_int(visitor_id), db_int((int64_t)out->most)),
                                 .most = out->most,
                                 .item = sizeof *out->items,
                                 .read = read_session};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    out->items = found.at;
    out->n = found.n;
    for (size_t i = 0; i < out->n; i++)
        out->items[i].visitor_id = visitor_id;
    return rc;
}

enum err visitor_session_expire(struct db *db, long most, int64_t *n, struct fail *why)
{
    return db_exec_count(db, &EXPIRE, DB_BIND(db_int(most)), n, why);
}

enum err visitor_add(struct db *db, bool counted, int entered, int64_t *visitor_id, struct fail *why)
{
    enum err rc =
        db_exec(db, &VISITOR, DB_BIND(db_int(counted), entered < 0 ? db_null() : db_int(entered)), why);
    if (rc != ERR_OK)
        return rc;
    *visitor_id = db_insert_id(db);
    return change_one(db, CHANGE_VISITOR, *visitor_id, why);
}

static enum err ask_for(struct db *db, const struct db_sql *sql, int64_t visitor_id, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, sql, DB_BIND(db_int(visitor_id)), &rows, why);
    return rc == ERR_OK ? db_end(&rows, why) : rc;
}

enum err visitor_lock(struct db *db, int64_t visitor_id, struct fail *why)
{
    return ask_for(db, &LOCK, visitor_id, why);
}

enum err visitor_hold(struct db *db, int64_t visitor_id, struct fail *why)
{
    int64_t banned = 0;
    enum err rc = db_number(db, &HOLD, DB_BIND(db_int(visitor_id)), &banned, why);
    return rc == ERR_OK && banned != 0
               ? fail_set(why, ERR_BANNED,
                          "only reading is possible from here: the operator has ended the rest")
               : rc;
}
