#include "store/ban.h"

#include "store/db_list.h"

static const struct db_sql READ = {
    "ban.read",
    "SELECT CAST(COALESCE(UNIX_TIMESTAMP(banned_at), 0) AS SIGNED) FROM visitor WHERE visitor_id = ?"};
static const struct db_sql BAN = {
    "ban.set", "UPDATE visitor SET banned_at = COALESCE(banned_at, UTC_TIMESTAMP(6)) WHERE visitor_id = ?"};
static const struct db_sql END = {
    "ban.end", "UPDATE visitor SET banned_at = NULL, banned_until = NULL WHERE visitor_id = ?"};
static const struct db_sql FOR = {
    "ban.for",
    "UPDATE visitor SET banned_at = COALESCE(banned_at, UTC_TIMESTAMP(6)), banned_until = IF(? > 0, "
    "UTC_TIMESTAMP(6) + INTERVAL ? SECOND, NULL) WHERE visitor_id = ?"};
static const struct db_sql LAPSE = {
    "ban.lapse", "UPDATE visitor SET banned_at = NULL, banned_until = NULL WHERE banned_at IS NOT NULL AND "
                 "banned_until < UTC_TIMESTAMP() LIMIT ?"};
static const struct db_sql LIST = {"ban.list",
                                   "SELECT visitor_id, CAST(COALESCE(UNIX_TIMESTAMP(banned_until), 0) AS "
                                   "SIGNED) FROM visitor WHERE banned_at IS NOT NULL "
                                   "ORDER BY banned_at DESC, visitor_id DESC LIMIT ?"};
/* Of two bans the one that ends later stands: GREATEST is NULL, which is no end, where one of them is. */
static const struct db_sql CARRY = {
    "ban.carry",
    "UPDATE visitor t JOIN visitor f ON f.visitor_id = ? SET "
    "t.banned_until = IF(t.banned_at IS NULL, f.banned_until, GREATEST(t.banned_until, f.banned_until)), "
    "t.banned_at = COALESCE(t.banned_at, f.banned_at) "
    "WHERE t.visitor_id = ? AND f.banned_at IS NOT NULL"};

static const struct db_sql KEEP = {
    "ban_identity.put",
    "INSERT INTO ban_identity (identity_hash, banned_at, banned_until, kept_at) SELECT ?, banned_at, "
    "banned_until, "
    "UTC_TIMESTAMP(6) FROM visitor WHERE visitor_id = ? AND banned_at IS NOT NULL ON "
    "DUPLICATE KEY UPDATE kept_at = VALUES(kept_at), banned_until = VALUES(banned_until)"};
static const struct db_sql RETURN = {
    "ban_identity.return",
    "UPDATE visitor v JOIN ban_identity b ON b.identity_hash = ? AND (b.banned_until "
    "IS NULL OR b.banned_until > UTC_TIMESTAMP()) SET "
    "v.banned_until = IF(v.banned_at IS NULL, b.banned_until, GREATEST(v.banned_until, b.banned_until)), "
    "v.banned_at = LEAST(COALESCE(v.banned_at, "
    "b.banned_at), b.banned_at) WHERE v.visitor_id = ?"};
static const struct db_sql FORGET = {"ban_identity.forget",
                                     "DELETE FROM ban_identity WHERE identity_hash = ?"};
static const struct db_sql EXPIRE = {
    "ban_identity.expire",
    "DELETE FROM ban_identity WHERE kept_at < UTC_TIMESTAMP() - INTERVAL ? DAY ORDER BY kept_at LIMIT ?"};

enum err ban_read(struct db *db, int64_t visitor_id, int64_t *since, struct fail *why)
{
    return db_number(db, &READ, DB_BIND(db_int(visitor_id)), since, why);
}

enum err ban_set(struct db *db, int64_t visitor_id, bool banned, struct fail *why)
{
    return db_exec(db, banned ? &BAN : &END, DB_BIND(db_int(visitor_id)), why);
}

enum err ban_carry(struct db *db, int64_t from, int64_t to, struct fail *why)
{
    return db_exec(db, &CARRY, DB_BIND(db_int(from), db_int(to)), why);
}

enum err ban_keep(struct db *db, int64_t visitor_id, const uint8_t hash[SECRET_HASH_BYTES], struct fail *why)
{
    return db_exec(db, &KEEP, DB_BIND(db_bytes(hash, SECRET_HASH_BYTES), db_int(visitor_id)), why);
}

enum err ban_return(struct db *db, int64_t visitor_id, const uint8_t hash[SECRET_HASH_BYTES],
                    struct fail *why)
{
    int64_t n = 0;
    struct db_value known = db_bytes(hash, SECRET_HASH_BYTES);
    enum err rc = db_exec_count(db, &RETURN, DB_BIND(known, db_int(visitor_id)), &n, why);
    return rc == ERR_OK && n > 0 ? db_exec(db, &FORGET, DB_BIND(known), why) : rc;
}

enum err ban_expire(struct db *db, long most, int64_t *n, struct fail *why)
{
    return db_exec_count(db, &EXPIRE, DB_BIND(db_int(BAN_KEPT_DAYS), db_int(most)), n, why);
}

enum err ban_for(struct db *db, int64_t visitor_id, int64_t seconds, struct fail *why)
{
    return db_exec(db, &FOR, DB_BIND(db_int(seconds), db_int(seconds), db_int(visitor_id)), why);
}

enum err ban_lapse(struct db *db, long most, int64_t *n, struct fail *why)
{
    return db_exec_count(db, &LAPSE, DB_BIND(db_int(most)), n, why);
}

static enum err read_ban(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    (void)a;
    (void)why;
    *(struct ban *)item = (struct ban){.visitor_id = db_get_int(rows, 0), .until = db_get_int(rows, 1)};
    return ERR_OK;
}

enum err ban_list(struct db *db, size_t most, struct arena *a, struct bans *out, struct fail *why)
{
    const struct db_list list = {.sql = &LIST,
                                 .params = DB_BIND(db_int((int64_t)most)),
                                 .most = most,
                                 .item = sizeof(struct ban),
                                 .read = read_ban};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    out->items = found.at;
    out->n = found.n;
    return rc;
}
