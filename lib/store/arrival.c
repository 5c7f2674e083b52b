#include "store/arrival.h"

#include "store/pace.h"

/* Of the newest, the last one that fills the window. */
static const struct db_sql WAIT = {
    "arrival.wait",
    "SELECT CAST(? - TIMESTAMPDIFF(SECOND, created_at, UTC_TIMESTAMP()) AS SIGNED) FROM arrival "
    "WHERE network_hash = ? AND created_at > UTC_TIMESTAMP() - INTERVAL ? SECOND "
    "ORDER BY created_at DESC LIMIT 1 OFFSET ?"};
/* The row is looked for in place of being counted with others: that would take a temporary table, at each test of a new guest. */
static const struct db_sql TODAY = {
    "arrival.today", "SELECT 1 FROM arrival WHERE network_hash = ? AND created_at > UTC_TIMESTAMP() - "
                     "INTERVAL 1 DAY ORDER BY created_at LIMIT 1 OFFSET ?"};
static const struct db_sql ADD = {
    "arrival.add",
    "INSERT INTO arrival (proof_hash, network_hash, created_at) VALUES (?, ?, UTC_TIMESTAMP())"};
static const struct db_sql EXPIRE = {
    "arrival.expire",
    "DELETE FROM arrival WHERE created_at < UTC_TIMESTAMP() - INTERVAL 1 DAY ORDER BY created_at LIMIT ?"};

enum err arrival_wait(struct db *db, const uint8_t network[SECRET_HASH_BYTES], int64_t most, long window,
                      int64_t *wait, struct fail *why)
{
    return pace_left(
        db, &WAIT,
        DB_BIND(db_int(window), db_bytes(network, SECRET_HASH_BYTES), db_int(window), db_int(most - 1)), wait,
        why);
}

enum err arrival_today(struct db *db, const uint8_t network[SECRET_HASH_BYTES], int64_t most, bool *fewer,
                       struct fail *why)
{
    int64_t found;
    *fewer = false;
    if (most <= 0)
        return ERR_OK;
    enum err rc =
        db_number(db, &TODAY, DB_BIND(db_bytes(network, SECRET_HASH_BYTES), db_int(most - 1)), &found, why);
    *fewer = rc == ERR_NOT_FOUND;
    return *fewer ? ERR_OK : rc;
}

enum err arrival_add(struct db *db, const uint8_t proof[SECRET_HASH_BYTES],
                     const uint8_t network[SECRET_HASH_BYTES], struct fail *why)
{
    return db_exec(db, &ADD,
                   DB_BIND(db_bytes(proof, SECRET_HASH_BYTES), db_bytes(network, SECRET_HASH_BYTES)), why);
}

enum err arrival_expire(struct db *db, long most, int64_t *n, struct fail *why)
{
    return db_exec_count(db, &EXPIRE, DB_BIND(db_int(most)), n, why);
}
