#include "store/first_visit.h"

#include "store/change.h"
#include "store/db_list.h"

static const struct db_sql PUT = {
    "first_visit.put",
    "INSERT INTO first_visit (visitor_id, path, referrer, utm_source, utm_medium, utm_campaign, device, app, "
    "locale, bot, created_at) VALUES (?,?,?,?,?,?,?,?,?,?,UTC_TIMESTAMP(3)) ON DUPLICATE KEY UPDATE "
    "visitor_id = visitor_id"};
static const struct db_sql LOAD = {
    "first_visit.load",
    "SELECT path, referrer, utm_source, utm_medium, utm_campaign, device, app, locale, "
    "bot, CAST(UNIX_TIMESTAMP(created_at) AS SIGNED) FROM first_visit WHERE visitor_id = ?"};
/* The heir's own goes where it is the later one; the other then takes its place. */
static const struct db_sql YIELD = {
    "first_visit.yield", "DELETE b FROM first_visit b JOIN first_visit a ON a.visitor_id = ? WHERE "
                         "b.visitor_id = ? AND b.created_at > a.created_at"};
static const struct db_sql MOVE = {"first_visit.move",
                                   "UPDATE IGNORE first_visit SET visitor_id = ? WHERE visitor_id = ?"};
static const struct db_sql DROP = {"first_visit.drop", "DELETE FROM first_visit WHERE visitor_id = ?"};

enum err first_visit_put(struct db *db, int64_t visitor_id, const struct first_visit *v, struct fail *why)
{
    enum err rc = db_exec(db, &PUT,
                          DB_BIND(db_int(visitor_id), db_text(v->path), db_text(v->referrer),
                                  db_text(v->utm_source), db_text(v->utm_medium), db_text(v->utm_campaign),
                                  db_text(v->device), db_text(v->app), db_text(v->locale), db_int(v->bot)),
                          why);
    return rc == ERR_OK && db_affected(db) > 0 ? change_one(db, CHANGE_VISITOR, visitor_id, why) : rc;
}

static enum err read_visit(struct db_rows *rows, struct arena *a, struct first_visit *v, struct fail *why)
{
    const char **texts[] = {&v->path,         &v->referrer, &v->utm_source, &v->utm_medium,
                            &v->utm_campaign, &v->device,   &v->app,        &v->locale};
    enum { TEXTS = sizeof texts / sizeof *texts };
    for (unsigned i = 0; i < TEXTS; i++)
        if (!db_is_null(rows, i) && (*texts[i] = arena_strdup(a, db_get_text(rows, i))) == NULL)
            return fail_set(why, ERR_NOMEM, "out of memory");
    v->bot = db_get_int(rows, TEXTS) != 0;
    v->created = db_get_int(rows, TEXTS + 1);
    return ERR_OK;
}

enum err first_visit_load(struct db *db, int64_t visitor_id, struct arena *a, struct first_visit *out,
                          struct fail *why)
{
    struct db_rows rows;
    *out = (struct first_visit){0};
    enum err rc = db_first(db, &LOAD, DB_BIND(db_int(visitor_id)), &rows, why);
    return rc == ERR_OK ? db_end_with(&rows, read_visit(&rows, a, out, why), why) : rc;
}

enum err first_visit_move(struct db *db, int64_t from, int64_t to, struct fail *why)
{
    struct db_value a = db_int(from), b = db_int(to);
    enum err rc = db_exec(db, &YIELD, DB_BIND(a, b), why);
    if (rc == ERR_OK)
        rc = db_exec(db, &MOVE, DB_BIND(b, a), why);
    if (rc == ERR_OK)
        rc = change_one(db, CHANGE_VISITOR, to, why);
    return rc == ERR_OK ? db_exec(db, &DROP, DB_BIND(a), why) : rc;
}
