#include "store/recent_like.h"

static const struct db_sql FORGET = {"recent_like.forget", "DELETE FROM recent_like"};
static const struct db_sql COUNT = {
    "recent_like.count",
    "INSERT INTO recent_like (days, character_id, likes) SELECT ?, l.character_id, COUNT(*) AS likes FROM "
    "character_like l LEFT JOIN visitor v ON v.visitor_id = l.visitor_id WHERE l.counted = 1 AND v.banned_at "
    "IS NULL AND l.created_at >= (SELECT CONVERT_TZ(DATE(CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', z.value)) - "
    "INTERVAL ? DAY, z.value, '+00:00') FROM site_setting z WHERE z.name = 'time_zone') "
    "GROUP BY l.character_id ORDER BY likes DESC, l.character_id LIMIT ?"};
static const struct db_sql READ = {
    "recent_like.read",
    "SELECT character_id, likes FROM recent_like WHERE days = ? ORDER BY character_id LIMIT ?"};

static enum err count_both(struct db *db, void *arg, struct fail *why)
{
    static const int windows[] = {RECENT_LIKE_WEEK, RECENT_LIKE_MONTH};
    (void)arg;
    enum err rc = db_exec(db, &FORGET, DB_NOTHING, why);
    for (size_t i = 0; i < 2 && rc == ERR_OK; i++)
        rc = db_exec(db, &COUNT,
                     DB_BIND(db_int(windows[i]), db_int(windows[i] - 1), db_int(RECENT_LIKE_MOST)), why);
    return rc;
}

enum err recent_like_count(struct db *db, struct fail *why)
{
    return db_transaction_unlocked(db, count_both, NULL, why);
}

enum err recent_like_read(struct db *db, int days, struct recent_likes *out, struct fail *why)
{
    struct db_rows rows;
    out->n = 0;
    enum err rc = db_query(db, &READ, DB_BIND(db_int(days), db_int(RECENT_LIKE_MOST)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (out->n < RECENT_LIKE_MOST && db_next(&rows)) {
        out->rows[out->n].character_id = (int32_t)db_get_int(&rows, 0);
        out->rows[out->n++].likes = (int32_t)db_get_int(&rows, 1);
    }
    return db_end(&rows, why);
}
