#include "store/login_attempt.h"

#include <string.h>

static const struct db_sql ADD = {
    "login_attempt.add",
    "INSERT INTO login_attempt (state_hash, browser_hash, address_hash, provider, return_path, "
    "link_visitor_id, visitor_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?, NULLIF(?, 0), NULLIF(?, 0), "
    "UTC_TIMESTAMP(6), UTC_TIMESTAMP(6) + INTERVAL ? SECOND)"};
/* A derived table, because MySQL does not read the table that it deletes from. */
static const struct db_sql CAP = {
    "login_attempt.cap",
    "UPDATE login_attempt SET expires_at = created_at WHERE browser_hash = ? AND used_at IS NULL AND "
    "expires_at > UTC_TIMESTAMP(6) AND state_hash NOT IN (SELECT state_hash FROM (SELECT state_hash FROM "
    "login_attempt WHERE browser_hash = ? AND used_at IS NULL ORDER BY created_at DESC LIMIT ?) AS newest)"};
/* One statement decides: of two at once the second waits for the row and finds used_at set. */
static const struct db_sql TAKE = {
    "login_attempt.take",
    "UPDATE login_attempt SET used_at = UTC_TIMESTAMP(6) WHERE state_hash = ? AND browser_hash = ? AND "
    "provider = ? AND used_at IS NULL AND expires_at > UTC_TIMESTAMP(6)"};
static const struct db_sql TAKEN = {
    "login_attempt.taken",
    "SELECT return_path, COALESCE(link_visitor_id, 0) FROM login_attempt WHERE state_hash = ?"};
static const struct db_sql LOOK = {
    "login_attempt.look",
    "SELECT a.browser_hash = ?, a.expires_at > UTC_TIMESTAMP(6), "
    "COALESCE(TIMESTAMPDIFF(SECOND, COALESCE(a.finished_at, a.used_at), UTC_TIMESTAMP(6)), -1), "
    "a.return_path, "
    "COALESCE(a.outcome, ''), COALESCE(a.visitor_id, 0), s.session_id IS NOT NULL FROM login_attempt a "
    "LEFT JOIN session s ON s.session_id = a.session_id AND s.expires_at > UTC_TIMESTAMP() AND "
    "s.ends_at > UTC_TIMESTAMP() WHERE a.state_hash = ? AND a.provider = ?"};
static const struct db_sql FINISH = {
    "login_attempt.finish",
    "UPDATE login_attempt SET outcome = ?, finished_at = UTC_TIMESTAMP(6), visitor_id = NULLIF(?, 0), "
    "session_id = NULLIF(?, 0) WHERE state_hash = ?"};
/* Both counts stop at their limit, whatever is in the table. */
/* When the one that fills the minute leaves it: of the newest, the last of so many. */
#define LEAVES(hash)                                                                                         \
    "COALESCE((SELECT 60 - TIMESTAMPDIFF(SECOND, created_at, UTC_TIMESTAMP(6)) FROM login_attempt "          \
    "WHERE " hash                                                                                            \
    " = ? AND created_at > UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE ORDER BY created_at DESC LIMIT 1 OFFSET "    \
    "?), 0)"
static const struct db_sql WAIT = {
    "login_attempt.wait",
    "SELECT CAST(" LEAVES("browser_hash") " AS SIGNED), CAST(" LEAVES("address_hash") " AS SIGNED)"};
static const struct db_sql EXPIRE = {
    "login_attempt.expire", "DELETE FROM login_attempt WHERE expires_at < UTC_TIMESTAMP(6) - INTERVAL 1 HOUR "
                            "ORDER BY expires_at LIMIT ?"};

static struct db_value hash_value(const uint8_t *hash)
{
    return db_bytes(hash, SECRET_HASH_BYTES);
}

enum err login_attempt_add(struct db *db, const struct login_attempt *t, long seconds, long most,
                           struct fail *why)
{
    enum err rc = db_exec(db, &ADD,
                          DB_BIND(hash_value(t->state), hash_value(t->browser), hash_value(t->address),
                                  db_text(t->provider), db_text(t->return_path), db_int(t->link_visitor_id),
                                  db_int(t->link_visitor_id), db_int(seconds)),
                          why);
    return rc == ERR_OK
               ? db_exec(db, &CAP, DB_BIND(hash_value(t->browser), hash_value(t->browser), db_int(most)), why)
               : rc;
}

enum err login_attempt_take(struct db *db, const struct login_attempt_key *key, struct arena *a,
                            struct login_attempt *out, struct fail *why)
{
    struct db_rows rows;
    *out = (struct login_attempt){.provider = key->provider};
    enum err rc = db_exec(
        db, &TAKE, DB_BIND(hash_value(key->state), hash_value(key->browser), db_text(key->provider)), why);
    if (rc == ERR_OK && db_affected(db) != 1)
        return fail_set(why, ERR_NOT_FOUND, "no such login is in progress");
    if (rc == ERR_OK)
        rc = db_first(db, &TAKEN, DB_BIND(hash_value(key->state)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    memcpy(out->state, key->state, sizeof out->state);
    out->return_path = arena_strdup(a, db_get_text(&rows, 0));
    out->link_visitor_id = db_get_int(&rows, 1);
    rc = db_end(&rows, why);
    return rc == ERR_OK && out->return_path == NULL ? fail_set(why, ERR_NOMEM, "out of memory") : rc;
}

enum err login_attempt_look(struct db *db, const struct login_attempt_key *key, struct arena *a,
                            struct login_attempt_end *out, struct fail *why)
{
    struct db_rows rows;
    enum err rc =
        db_first(db, &LOOK, DB_BIND(hash_value(key->browser), hash_value(key->state), db_text(key->provider)),
                 &rows, why);
    if (rc != ERR_OK)
        return rc;
    *out = (struct login_attempt_end){
        .same_browser = db_get_int(&rows, 0) != 0,
        .in_time = db_get_int(&rows, 1) != 0,
        .seconds = db_get_int(&rows, 2),
        .return_path = arena_strdup(a, db_get_text(&rows, 3)),
        .outcome = arena_strdup(a, db_get_text(&rows, 4)),
        .visitor_id = db_get_int(&rows, 5),
        .session_lives = db_get_int(&rows, 6) != 0,
    };
    rc = db_end(&rows, why);
    bool stored = out->return_path != NULL && out->outcome != NULL;
    return rc == ERR_OK && !stored ? fail_set(why, ERR_NOMEM, "out of memory") : rc;
}

enum err login_attempt_finish(struct db *db, const uint8_t state[SECRET_HASH_BYTES], const char *outcome,
                              int64_t visitor_id, int64_t session_id, struct fail *why)
{
    return db_exec(db, &FINISH,
                   DB_BIND(db_text(outcome), db_int(visitor_id), db_int(session_id), hash_value(state)), why);
}

enum err login_attempt_wait(struct db *db, const struct login_attempt *t,
                            const struct login_attempt_pace *most, struct login_attempt_pace *wait,
                            struct fail *why)
{
    struct db_rows rows;
    *wait = (struct login_attempt_pace){0};
    enum err rc = db_first(db, &WAIT,
                           DB_BIND(hash_value(t->browser), db_int(most->browser - 1), hash_value(t->address),
                                   db_int(most->address - 1)),
                           &rows, why);
    if (rc != ERR_OK)
        return rc;
    wait->browser = db_get_int(&rows, 0);
    wait->address = db_get_int(&rows, 1);
    return db_end(&rows, why);
}

enum err login_attempt_expire(struct db *db, long most, int64_t *n, struct fail *why)
{
    return db_exec_count(db, &EXPIRE, DB_BIND(db_int(most)), n, why);
}
