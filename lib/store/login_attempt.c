#include "store/login_attempt.h"

static const struct db_sql ADD = {"login_attempt.add",
                                  "INSERT INTO login_attempt (state_hash, browser_hash, address_hash, "
                                  "provider, return_path, link_visitor_id, "
                                  "created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6), "
                                  "UTC_TIMESTAMP(6) + INTERVAL ? SECOND)"};
/* A derived table, because MySQL does not read the table that it deletes from. */
static const struct db_sql CAP = {
    "login_attempt.cap",
    "UPDATE login_attempt SET expires_at = created_at WHERE browser_hash = ? AND used_at IS NULL AND "
    "expires_at > UTC_TIMESTAMP(6) AND state_hash NOT IN (SELECT state_hash FROM (SELECT state_hash FROM "
    "login_attempt WHERE browser_hash = ? AND used_at IS NULL ORDER BY created_at DESC LIMIT ?) AS newest)"};
static const struct db_sql FIND = {
    "login_attempt.find", "SELECT return_path, COALESCE(link_visitor_id, 0) FROM login_attempt WHERE "
                          "state_hash = ? AND browser_hash = ? AND provider = ? AND used_at IS NULL AND "
                          "expires_at > UTC_TIMESTAMP(6)"};
static const struct db_sql TAKE = {
    "login_attempt.take",
    "UPDATE login_attempt SET used_at = UTC_TIMESTAMP(6) WHERE state_hash = ? AND used_at IS NULL"};
static const struct db_sql RECENT = {
    "login_attempt.recent",
    "SELECT (SELECT COUNT(*) FROM login_attempt WHERE address_hash = ? AND created_at > UTC_TIMESTAMP(6) - "
    "INTERVAL 1 MINUTE), (SELECT COUNT(*) FROM login_attempt WHERE browser_hash = ? AND created_at > "
    "UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE)"};
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
    enum err rc =
        db_exec(db, &ADD,
                DB_BIND(hash_value(t->state), hash_value(t->browser), hash_value(t->address),
                        db_text(t->provider), db_text(t->return_path),
                        t->link_visitor_id > 0 ? db_int(t->link_visitor_id) : db_null(), db_int(seconds)),
                why);
    return rc == ERR_OK
               ? db_exec(db, &CAP, DB_BIND(hash_value(t->browser), hash_value(t->browser), db_int(most)), why)
               : rc;
}

enum err login_attempt_take(struct db *db, const uint8_t state[SECRET_HASH_BYTES],
                            const uint8_t browser[SECRET_HASH_BYTES], const char *provider, struct arena *a,
                            struct login_attempt *out, struct fail *why)
{
    struct db_rows rows;
    *out = (struct login_attempt){.provider = provider};
    enum err rc =
        db_first(db, &FIND, DB_BIND(hash_value(state), hash_value(browser), db_text(provider)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    out->return_path = arena_strdup(a, db_get_text(&rows, 0));
    out->link_visitor_id = db_get_int(&rows, 1);
    rc = db_end(&rows, why);
    if (rc == ERR_OK && out->return_path == NULL)
        rc = fail_set(why, ERR_NOMEM, "out of memory");
    if (rc == ERR_OK)
        rc = db_exec(db, &TAKE, DB_BIND(hash_value(state)), why);
    if (rc == ERR_OK && db_affected(db) != 1) /* somebody was faster */
        return fail_set(why, ERR_NOT_FOUND, "this login was used already");
    return rc;
}

enum err login_attempt_recent(struct db *db, const uint8_t address[SECRET_HASH_BYTES],
                              const uint8_t browser[SECRET_HASH_BYTES], int64_t *by_address,
                              int64_t *by_browser, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, &RECENT, DB_BIND(hash_value(address), hash_value(browser)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    *by_address = db_get_int(&rows, 0);
    *by_browser = db_get_int(&rows, 1);
    return db_end(&rows, why);
}

enum err login_attempt_expire(struct db *db, long most, int64_t *n, struct fail *why)
{
    enum err rc = db_exec(db, &EXPIRE, DB_BIND(db_int(most)), why);
    *n = rc == ERR_OK ? (int64_t)db_affected(db) : 0;
    return rc;
}
