#include "store/visitor_mark.h"

#include "store/db_list.h"

static const struct db_sql PUT = {"mark.put",
                                  "INSERT IGNORE INTO mark (visitor_id, mark, subject_id, created_at) "
                                  "VALUES (?, ?, ?, UTC_TIMESTAMP(3))"};
static const struct db_sql REMOVE = {"mark.remove",
                                     "DELETE FROM mark WHERE visitor_id = ? AND mark = ? AND subject_id = ?"};
/* Its number, while it is there (store/change.h). */
static const struct db_sql LOG = {
    "mark.log", "INSERT INTO change_new (what, a, b) SELECT 'mark', mark_id, mark_id FROM mark "
                "WHERE visitor_id = ? AND mark = ? AND subject_id = ?"};
/* The bounds of the visitor are equal; "=" would let the optimizer begin with the newest row whatever is asked. */
static const struct db_sql LIST = {
    "mark.list",
    "SELECT mark_id, mark, subject_id, CAST(UNIX_TIMESTAMP(created_at) AS SIGNED) FROM mark FORCE INDEX "
    "(by_visitor) WHERE visitor_id >= ? AND visitor_id <= ? AND mark_id < ? ORDER BY visitor_id DESC, "
    "mark_id DESC LIMIT ?"};

static enum err change(struct db *db, const struct db_sql *sql, int64_t visitor_id,
                       const struct visitor_mark *m, bool *changed, struct fail *why)
{
    const struct db_params *it = DB_BIND(db_int(visitor_id), db_text(mark_name(m->kind)), db_int(m->subject));
    enum err rc = sql == &REMOVE ? db_exec(db, &LOG, it, why) : ERR_OK;
    if (rc == ERR_OK)
        rc = db_exec(db, sql, it, why);
    *changed = rc == ERR_OK && db_affected(db) > 0;
    return *changed && sql == &PUT ? db_exec(db, &LOG, it, why) : rc;
}

enum err visitor_mark_put(struct db *db, int64_t visitor_id, const struct visitor_mark *m, bool *changed,
                          struct fail *why)
{
    return change(db, &PUT, visitor_id, m, changed, why);
}

enum err visitor_mark_remove(struct db *db, int64_t visitor_id, const struct visitor_mark *m, bool *changed,
                             struct fail *why)
{
    return change(db, &REMOVE, visitor_id, m, changed, why);
}

static enum err read_mark(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct visitor_mark *m = item;
    (void)a;
    *m = (struct visitor_mark){.mark_id = db_get_int(rows, 0),
                               .subject = (int32_t)db_get_int(rows, 2),
                               .created = db_get_int(rows, 3)};
    return mark_parse(db_get_text(rows, 1), &m->kind)
               ? ERR_OK
               : fail_set(why, ERR_CORRUPT, "mark %lld is of an unknown kind", (long long)m->mark_id);
}

enum err visitor_mark_list(struct db *db, int64_t visitor_id, struct visitor_marks *page, struct arena *a,
                           struct fail *why)
{
    struct db_value id = db_int(visitor_id), before = db_int(page->before > 0 ? page->before : INT64_MAX);
    const struct db_list list = {.sql = &LIST,
                                 .params = DB_BIND(id, id, before, db_int((int64_t)page->most)),
                                 .most = page->most,
                                 .item = sizeof *page->items,
                                 .read = read_mark};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    page->items = found.at;
    page->n = found.n;
    return rc;
}
