#include "store/ban.h"

static const struct db_sql READ = {
    "ban.read",
    "SELECT CAST(COALESCE(UNIX_TIMESTAMP(banned_at), 0) AS SIGNED) FROM visitor WHERE visitor_id = ?"};
static const struct db_sql BAN = {
    "ban.set", "UPDATE visitor SET banned_at = COALESCE(banned_at, UTC_TIMESTAMP(6)) WHERE visitor_id = ?"};
static const struct db_sql END = {"ban.end", "UPDATE visitor SET banned_at = NULL WHERE visitor_id = ?"};
static const struct db_sql CARRY = {"ban.carry", "UPDATE visitor t JOIN visitor f ON f.visitor_id = ? SET "
                                                 "t.banned_at = COALESCE(t.banned_at, f.banned_at) "
                                                 "WHERE t.visitor_id = ? AND f.banned_at IS NOT NULL"};

static const struct db_sql KEEP = {
    "ban_identity.put", "INSERT INTO ban_identity (identity_hash, banned_at, kept_at) SELECT ?, banned_at, "
                        "UTC_TIMESTAMP(6) FROM visitor WHERE visitor_id = ? AND banned_at IS NOT NULL ON "
                        "DUPLICATE KEY UPDATE kept_at = VALUES(kept_at)"};
static const struct db_sql RETURN = {"ban_identity.return",
                                     "UPDATE visitor v JOIN ban_identity b ON b.identity_hash = ? SET "
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
