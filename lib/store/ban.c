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
