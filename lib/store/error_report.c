#include "store/error_report.h"

#include "base/saying.h"
#include "store/db_list.h"

enum { FULL_WAIT = 3600 /* seconds */ };

static const struct db_sql OPEN = {"error_report.open",
                                   "SELECT COUNT(*) FROM (SELECT 1 FROM error_report LIMIT ?) o"};
static const struct db_sql ADD = {
    "error_report.add",
    "INSERT INTO error_report (about, subject_id, kind, said, created_at) VALUES (?, ?, ?, ?, "
    "UTC_TIMESTAMP(3))"};
static const struct db_sql LIST = {
    "error_report.list",
    "SELECT report_id, about, subject_id, kind, said, CAST(UNIX_TIMESTAMP(created_at) AS SIGNED) FROM "
    "error_report ORDER BY report_id DESC LIMIT ?"};
static const struct db_sql CLOSE = {"error_report.close", "DELETE FROM error_report WHERE report_id = ?"};

enum err error_report_open(struct db *db, int64_t *out, struct fail *why)
{
    return db_number(db, &OPEN, DB_BIND(db_int(ERROR_REPORT_OPEN)), out, why);
}

enum err error_report_add(struct db *db, const struct error_report *r, struct fail *why)
{
    int64_t open;
    enum err rc = error_report_open(db, &open, why);
    if (rc == ERR_OK && open >= ERROR_REPORT_OPEN)
        return fail_limited(why, FULL_WAIT, "%d reports are already waiting", ERROR_REPORT_OPEN);
    return rc == ERR_OK ? db_exec(db, &ADD,
                                  DB_BIND(db_text(r->about), db_int(r->subject_id), db_text(r->kind),
                                          db_text(r->said)),
                                  why)
                        : rc;
}

static enum err read_report(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct error_report *r = item;
    *r = (struct error_report){
        .report_id = db_get_int(rows, 0),
        .about = arena_strdup(a, db_get_text(rows, 1)),
        .subject_id = (int32_t)db_get_int(rows, 2),
        .kind = arena_strdup(a, db_get_text(rows, 3)),
        .said = arena_strdup(a, db_get_text(rows, 4)),
        .created = db_get_int(rows, 5),
    };
    return r->about != NULL && r->kind != NULL && r->said != NULL
               ? ERR_OK
               : fail_set(why, ERR_NOMEM, "out of memory while reading reports");
}

enum err error_report_list(struct db *db, struct error_reports *page, struct arena *a, struct fail *why)
{
    const struct db_list list = {.sql = &LIST,
                                 .params = DB_BIND(db_int((int64_t)page->most)),
                                 .most = page->most,
                                 .item = sizeof *page->items,
                                 .read = read_report};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    page->items = found.at;
    page->n = found.n;
    return rc;
}

enum err error_report_close(struct db *db, int64_t report_id, struct fail *why)
{
    enum err rc = db_exec(db, &CLOSE, DB_BIND(db_int(report_id)), why);
    return rc == ERR_OK && db_affected(db) == 0
               ? fail_set(why, ERR_NOT_FOUND, SAYING_NO_REPORT, (long long)report_id)
               : rc;
}
