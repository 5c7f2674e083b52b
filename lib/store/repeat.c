#include "store/repeat.h"

#include <stdio.h>
#include <string.h>

static const struct db_sql FIND = {
    "repeat.find",
    "SELECT key_hash, content_hash, visitor_id, made_visitor, COALESCE(result, '') FROM repeated "
    "WHERE key_hash IN (?, ?) LIMIT 1"};
static const struct db_sql PUT = {
    "repeat.put",
    "INSERT INTO repeated (key_hash, content_hash, visitor_id, made_visitor, result, created_at) "
    "VALUES (?, ?, ?, ?, ?, UTC_TIMESTAMP())"};
static const struct db_sql MOVE = {"repeat.move", "UPDATE repeated SET visitor_id = ? WHERE visitor_id = ?"};
static const struct db_sql EXPIRE = {
    "repeat.expire",
    "DELETE FROM repeated WHERE created_at < UTC_TIMESTAMP() - INTERVAL 1 DAY ORDER BY created_at LIMIT ?"};

static bool read_hash(struct db_rows *rows, unsigned column, uint8_t out[SECRET_HASH_BYTES])
{
    size_t n;
    const void *bytes = db_get_bytes(rows, column, &n);
    if (n == SECRET_HASH_BYTES)
        memcpy(out, bytes, n);
    return n == SECRET_HASH_BYTES;
}

enum err repeat_find(struct db *db, const uint8_t newest[SECRET_HASH_BYTES],
                     const uint8_t older[SECRET_HASH_BYTES], struct repeat *out, struct fail *why)
{
    struct db_rows rows;
    *out = (struct repeat){0};
    enum err rc =
        db_first(db, &FIND, DB_BIND(db_bytes(newest, SECRET_HASH_BYTES), db_bytes(older, SECRET_HASH_BYTES)),
                 &rows, why);
    if (rc != ERR_OK)
        return rc;
    bool whole = read_hash(&rows, 0, out->key) && read_hash(&rows, 1, out->content);
    out->visitor_id = db_get_int(&rows, 2);
    out->made_visitor = db_get_int(&rows, 3) != 0;
    snprintf(out->result, sizeof out->result, "%s", db_get_text(&rows, 4));
    out->old_key = !secret_equal(out->key, newest, SECRET_HASH_BYTES);
    rc = db_end(&rows, why);
    return rc == ERR_OK && !whole ? fail_set(why, ERR_FAULT, "repeat: a hash of another length") : rc;
}

enum err repeat_put(struct db *db, const struct repeat *r, struct fail *why)
{
    return db_exec(db, &PUT,
                   DB_BIND(db_bytes(r->key, SECRET_HASH_BYTES), db_bytes(r->content, SECRET_HASH_BYTES),
                           db_int(r->visitor_id), db_int(r->made_visitor),
                           db_text(r->result[0] != '\0' ? r->result : NULL)),
                   why);
}

enum err repeat_move(struct db *db, int64_t from, int64_t to, struct fail *why)
{
    return db_exec(db, &MOVE, DB_BIND(db_int(to), db_int(from)), why);
}

enum err repeat_expire(struct db *db, long most, int64_t *n, struct fail *why)
{
    return db_exec_count(db, &EXPIRE, DB_BIND(db_int(most)), n, why);
}
