#include "store/visitor_like.h"

#define COUNTS                                                                                               \
    "(EXISTS (SELECT 1 FROM account a WHERE a.visitor_id = v.visitor_id) OR (v.counted = 1 AND EXISTS "      \
    "(SELECT 1 FROM test t WHERE t.visitor_id = v.visitor_id)))"

static const struct db_sql ADD = {
    "like.add", "INSERT IGNORE INTO character_like (visitor_id, character_id, counted, created_at) SELECT "
                "v.visitor_id, ?, " COUNTS ", UTC_TIMESTAMP() FROM visitor v WHERE v.visitor_id = ?"};
static const struct db_sql SETTLE = {
    "like.settle", "UPDATE character_like l JOIN visitor v ON v.visitor_id = l.visitor_id SET "
                   "l.counted = 1 WHERE l.visitor_id = ? AND l.counted = 0 AND " COUNTS};
static const struct db_sql REMOVE = {"like.remove",
                                     "DELETE FROM character_like WHERE visitor_id = ? AND character_id = ?"};
static const struct db_sql COUNT = {
    "like.count", "SELECT (SELECT COUNT(*) FROM character_like WHERE character_id = ? AND "
                  "counted = 1), (SELECT COUNT(*) FROM character_like WHERE character_id = ? "
                  "AND visitor_id = ?), (SELECT COUNT(*) FROM character_like WHERE "
                  "character_id = ? AND visitor_id = ? AND counted = 0)"};
static const struct db_sql LIST = {"like.list", "SELECT character_id, CAST(UNIX_TIMESTAMP(created_at) AS "
                                                "SIGNED) FROM character_like WHERE visitor_id = ? ORDER "
                                                "BY created_at DESC, character_id LIMIT ?"};

static enum err change(struct db *db, const struct db_sql *sql, int64_t visitor_id, int32_t character_id,
                       bool *changed, struct fail *why)
{
    bool adds = sql == &ADD;
    struct db_value visitor = db_int(visitor_id), character = db_int(character_id);
    enum err rc = db_exec(db, sql, DB_BIND(adds ? character : visitor, adds ? visitor : character), why);
    *changed = rc == ERR_OK && db_affected(db) > 0;
    return rc;
}

enum err visitor_like_settle(struct db *db, int64_t visitor_id, struct fail *why)
{
    return db_exec(db, &SETTLE, DB_BIND(db_int(visitor_id)), why);
}

enum err visitor_like_add(struct db *db, int64_t visitor_id, int32_t character_id, bool *changed,
                          struct fail *why)
{
    return change(db, &ADD, visitor_id, character_id, changed, why);
}

enum err visitor_like_remove(struct db *db, int64_t visitor_id, int32_t character_id, bool *changed,
                             struct fail *why)
{
    return change(db, &REMOVE, visitor_id, character_id, changed, why);
}

enum err visitor_like_count(struct db *db, int64_t visitor_id, int32_t character_id, int64_t *likes,
                            bool *liked, struct fail *why)
{
    struct db_rows rows;
    struct db_value visitor = db_int(visitor_id), character = db_int(character_id);
    enum err rc =
        db_first(db, &COUNT, DB_BIND(character, character, visitor, character, visitor), &rows, why);
    if (rc != ERR_OK)
        return rc;
    *likes = db_get_int(&rows, 0) + db_get_int(&rows, 2);
    *liked = db_get_int(&rows, 1) > 0;
    return db_end(&rows, why);
}

enum err visitor_like_list(struct db *db, int64_t visitor_id, size_t most, struct arena *a,
                           struct visitor_like **out, size_t *n, struct fail *why)
{
    *n = 0;
    *out = arena_array(a, most, sizeof **out);
    if (*out == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    struct db_rows rows;
    enum err rc = db_query(db, &LIST, DB_BIND(db_int(visitor_id), db_int((int64_t)most)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (*n < most && db_next(&rows))
        (*out)[(*n)++] = (struct visitor_like){(int32_t)db_get_int(&rows, 0), db_get_int(&rows, 1)};
    return db_end(&rows, why);
}
