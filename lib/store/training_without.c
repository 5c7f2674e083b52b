#include "store/training_without.h"

#include "store/db_list.h"

enum { MOST = 20000 };

static const struct db_sql LIST = {"training_without.list",
                                   "SELECT without_id, TO_DAYS(day_from), TO_DAYS(day_to), "
                                   "COALESCE(visitor_id, -1), CAST(COALESCE(crowd, -1) AS SIGNED), "
                                   "CAST(UNIX_TIMESTAMP(created_at) AS SIGNED) FROM training_without WHERE "
                                   "lifted_at IS NULL ORDER BY without_id LIMIT ?"};
static const struct db_sql ADD = {
    "training_without.add", "INSERT INTO training_without (day_from, day_to, visitor_id, crowd, created_at) "
                            "SELECT n.day_from, n.day_to, n.visitor_id, n.crowd, UTC_TIMESTAMP(6) FROM "
                            "(SELECT FROM_DAYS(?) AS day_from, FROM_DAYS(?) AS day_to, NULLIF(?, -1) AS "
                            "visitor_id, NULLIF(?, -1) AS crowd) n WHERE NOT EXISTS "
                            "(SELECT 1 FROM training_without w WHERE w.lifted_at IS NULL AND w.day_from = "
                            "n.day_from AND w.day_to = n.day_to AND "
                            "w.visitor_id <=> n.visitor_id AND w.crowd <=> n.crowd)"};
static const struct db_sql LIFT = {
    "training_without.lift",
    "UPDATE training_without SET lifted_at = UTC_TIMESTAMP(6) WHERE without_id = ? AND lifted_at IS NULL"};

static enum err read_rule(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    (void)a;
    (void)why;
    *(struct training_without *)item = (struct training_without){.id = db_get_int(rows, 0),
                                                                 .from = (int32_t)db_get_int(rows, 1),
                                                                 .to = (int32_t)db_get_int(rows, 2),
                                                                 .visitor_id = db_get_int(rows, 3),
                                                                 .crowd = db_get_int(rows, 4),
                                                                 .since = db_get_int(rows, 5)};
    return ERR_OK;
}

enum err training_without_list(struct db *db, struct arena *a, struct training_withouts *out,
                               struct fail *why)
{
    const struct db_list list = {.sql = &LIST,
                                 .params = DB_BIND(db_int(MOST)),
                                 .most = MOST,
                                 .item = sizeof *out->items,
                                 .read = read_rule};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    out->items = found.at;
    out->n = found.n;
    return rc;
}

enum err training_without_add(struct db *db, const struct training_without *w, struct fail *why)
{
    return db_exec(db, &ADD, DB_BIND(db_int(w->from), db_int(w->to), db_int(w->visitor_id), db_int(w->crowd)),
                   why);
}

enum err training_without_lift(struct db *db, int64_t id, struct fail *why)
{
    int64_t n = 0;
    enum err rc = db_exec_count(db, &LIFT, DB_BIND(db_int(id)), &n, why);
    return rc == ERR_OK && n == 0 ? fail_set(why, ERR_NOT_FOUND, "no rule %lld is in force", (long long)id)
                                  : rc;
}

bool training_without_covers(const struct training_withouts *all, int32_t day, int64_t visitor_id,
                             int64_t crowd)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct training_without *w = &all->items[i];
        if (day >= w->from && day <= w->to &&
            (w->visitor_id == WITHOUT_ANYBODY || w->visitor_id == visitor_id) &&
            (w->crowd == WITHOUT_ANY_CROWD || w->crowd == crowd))
            return true;
    }
    return false;
}
