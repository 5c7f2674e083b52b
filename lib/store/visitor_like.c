#include "store/visitor_like.h"

#include "store/change.h"
#include "store/counter.h"
#include "store/db_list.h"

/* Rows of one settling: tens of milliseconds. */
enum { SETTLED = 500 };

#define COUNTS                                                                                               \
    "(EXISTS (SELECT 1 FROM account a WHERE a.visitor_id = v.visitor_id) OR (v.counted = 1 AND EXISTS "      \
    "(SELECT 1 FROM test t WHERE t.visitor_id = v.visitor_id)))"

static const struct db_sql ADD = {
    "like.add", "INSERT IGNORE INTO character_like (visitor_id, character_id, counted, created_at) SELECT "
                "v.visitor_id, ?, " COUNTS ", UTC_TIMESTAMP() FROM visitor v WHERE v.visitor_id = ?"};
static const struct db_sql UNCOUNTED = {
    "like.uncounted",
    "SELECT l.character_id FROM character_like l JOIN visitor v ON v.visitor_id = l.visitor_id "
    "WHERE l.visitor_id = ? AND l.counted = 0 AND " COUNTS " LIMIT ?"};
static const struct db_sql SETTLE = {
    "like.settle", "UPDATE character_like SET counted = 1 WHERE visitor_id = ? AND character_id = ?"};
static const struct db_sql FLAG = {
    "like.flag", "SELECT counted FROM character_like WHERE visitor_id = ? AND character_id = ? FOR UPDATE"};
static const struct db_sql REMOVE = {"like.remove",
                                     "DELETE FROM character_like WHERE visitor_id = ? AND character_id = ?"};
static const struct db_sql COUNT = {
    "like.count",
    "SELECT CAST(GREATEST(COALESCE(SUM(n), 0), 0) AS SIGNED), EXISTS (SELECT 1 FROM character_like WHERE "
    "visitor_id = ? AND character_id = ?), EXISTS (SELECT 1 FROM character_like WHERE visitor_id = ? AND "
    "character_id = ? AND counted = 0) FROM counter WHERE kind = 'likes' AND subject = ?"};
/* Each order is that of the key by_visitor_time, so that a page costs what is on it. */
#define LIST_COLUMNS "SELECT character_id, CAST(UNIX_TIMESTAMP(created_at) AS SIGNED) FROM character_like "
/* The bounds of the visitor are equal, and said like this: with "=" the optimizer may read from the newest
 * row on to the page that was asked for. */
static const struct db_sql LIST = {
    "like.list", LIST_COLUMNS "WHERE visitor_id = ? ORDER BY created_at DESC, character_id DESC LIMIT ?"};
static const struct db_sql LIST_AFTER = {
    "like.list_after", LIST_COLUMNS
    "FORCE INDEX (by_visitor_time) WHERE visitor_id >= ? AND visitor_id <= ? AND created_at <= "
    "FROM_UNIXTIME(?) AND "
    "(created_at < FROM_UNIXTIME(?) OR character_id < ?) ORDER BY visitor_id DESC, created_at DESC, "
    "character_id DESC LIMIT ?"};

/* A row more or less. Of the visitor it counts in any case, of the character if the row says so. */
static enum err count(struct db *db, int64_t visitor_id, int32_t character_id, int64_t by, int64_t counted,
                      struct fail *why)
{
    enum err rc = change_put(db, CHANGE_LIKE, visitor_id, character_id, why);
    if (rc == ERR_OK)
        rc = counter_add(
            db, &(struct counter_change){COUNTER_VISITOR_LIKES, visitor_id, NULL, visitor_id, by}, why);
    return rc == ERR_OK ? counter_add(db,
                                      &(struct counter_change){COUNTER_LIKES, character_id, NULL, visitor_id,
                                                               by * counted},
                                      why)
                        : rc;
}

enum err visitor_like_add(struct db *db, int64_t visitor_id, int32_t character_id, bool *changed,
                          struct fail *why)
{
    struct db_value visitor = db_int(visitor_id), character = db_int(character_id);
    int64_t counted;
    enum err rc = db_exec(db, &ADD, DB_BIND(character, visitor), why);
    *changed = rc == ERR_OK && db_affected(db) > 0;
    if (!*changed)
        return rc;
    rc = db_number(db, &FLAG, DB_BIND(visitor, character), &counted, why);
    return rc == ERR_OK ? count(db, visitor_id, character_id, 1, counted, why) : rc;
}

enum err visitor_like_remove(struct db *db, int64_t visitor_id, int32_t character_id, bool *changed,
                             struct fail *why)
{
    struct db_value visitor = db_int(visitor_id), character = db_int(character_id);
    int64_t counted;
    enum err rc = db_number(db, &FLAG, DB_BIND(visitor, character), &counted, why);
    *changed = rc == ERR_OK;
    if (rc != ERR_OK)
        return rc == ERR_NOT_FOUND ? ERR_OK : rc;
    rc = db_exec(db, &REMOVE, DB_BIND(visitor, character), why);
    return rc == ERR_OK ? count(db, visitor_id, character_id, -1, counted, why) : rc;
}

static enum err settle_one(struct db *db, int64_t visitor_id, int64_t character_id, struct fail *why)
{
    enum err rc = db_exec(db, &SETTLE, DB_BIND(db_int(visitor_id), db_int(character_id)), why);
    if (rc == ERR_OK)
        rc = change_put(db, CHANGE_LIKE, visitor_id, character_id, why);
    return rc == ERR_OK
               ? counter_add(db, &(struct counter_change){COUNTER_LIKES, character_id, NULL, visitor_id, 1},
                             why)
               : rc;
}

enum err visitor_like_settle(struct db *db, int64_t visitor_id, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_query(db, &UNCOUNTED, DB_BIND(db_int(visitor_id), db_int(SETTLED)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (rc == ERR_OK && db_next(&rows))
        rc = settle_one(db, visitor_id, db_get_int(&rows, 0), why);
    return db_end_with(&rows, rc, why);
}

enum err visitor_like_count(struct db *db, int64_t visitor_id, int32_t character_id, int64_t *likes,
                            bool *liked, struct fail *why)
{
    struct db_rows rows;
    struct db_value visitor = db_int(visitor_id), character = db_int(character_id);
    enum err rc =
        db_first(db, &COUNT, DB_BIND(visitor, character, visitor, character, character), &rows, why);
    if (rc != ERR_OK)
        return rc;
    *likes = db_get_int(&rows, 0) + db_get_int(&rows, 2);
    *liked = db_get_int(&rows, 1) > 0;
    return db_end(&rows, why);
}

static enum err read_like(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    (void)a;
    (void)why;
    *(struct visitor_like *)item = (struct visitor_like){(int32_t)db_get_int(rows, 0), db_get_int(rows, 1)};
    return ERR_OK;
}

enum err visitor_like_list(struct db *db, int64_t visitor_id, struct visitor_likes *page, struct arena *a,
                           struct fail *why)
{
    const struct visitor_like *after = page->after;
    struct db_value id = db_int(visitor_id), limit = db_int((int64_t)page->most);
    const struct db_list list = {.sql = after == NULL ? &LIST : &LIST_AFTER,
                                 .params = after == NULL ? DB_BIND(id, limit)
                                                         : DB_BIND(id, id, db_int(after->created),
                                                                   db_int(after->created),
                                                                   db_int(after->character_id), limit),
                                 .most = page->most,
                                 .item = sizeof *after,
                                 .read = read_like};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    page->items = found.at;
    page->n = found.n;
    return rc;
}
