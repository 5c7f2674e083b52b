#include "store/retention.h"

#include "base/vec.h"
#include "store/visitor.h"

/* What is not counted yet (store/rollup.h) waits: its numbers are to outlive it. */
#define OLD_EVENTS                                                                                           \
    "FROM event WHERE created_at < FROM_UNIXTIME(?) AND event_id <= (SELECT event_id FROM rollup_state "     \
    "WHERE name = 'events') ORDER BY created_at, event_id LIMIT ?"
#define OLD_VIEWS "FROM list_view WHERE created_at < FROM_UNIXTIME(?) ORDER BY created_at, view_id LIMIT ?"
/* What is said to be gone (store/change.h), and what goes: numbers of events rise with time, so one row says it of all of them. */
static const struct db_sql DROP[] = {
    {"retention.log_events", "INSERT INTO change_new (what, a, b) SELECT 'event', MIN(event_id), "
                             "MAX(event_id) FROM (SELECT event_id " OLD_EVENTS ") piece HAVING COUNT(*) > 0"},
    {"retention.events", "DELETE " OLD_EVENTS}};
static const struct db_sql DROP_VIEWS[] = {
    {"retention.log_views", "INSERT INTO change_new (what, a, b) SELECT 'view', view_id, view_id " OLD_VIEWS},
    {"retention.list_views", "DELETE " OLD_VIEWS}};
static const struct db_sql END_GUESTS = {
    "retention.guest_sessions",
    "DELETE FROM session WHERE expires_at < UTC_TIMESTAMP() + INTERVAL ? SECOND AND "
    "provider IS NULL ORDER BY expires_at LIMIT ?"};
static const struct db_sql LEFT = {
    "retention.guests",
    "SELECT v.visitor_id FROM visitor v LEFT JOIN account a ON a.visitor_id = v.visitor_id LEFT JOIN session "
    "s "
    "ON s.visitor_id = v.visitor_id WHERE v.visitor_id > ? AND a.visitor_id IS NULL AND s.session_id IS NULL "
    "ORDER BY v.visitor_id LIMIT ?"};
static const struct db_sql BACK = {
    "retention.back", "SELECT EXISTS (SELECT 1 FROM account WHERE visitor_id = ?) OR EXISTS (SELECT 1 FROM "
                      "session WHERE visitor_id = ?)"};

struct old {
    const struct db_sql *sql; /* [2] */
    int64_t before, most, n;
};

static enum err old_work(struct db *db, void *arg, struct fail *why)
{
    struct old *o = arg;
    enum err rc = db_exec(db, &o->sql[0], DB_BIND(db_int(o->before), db_int(o->most)), why);
    return rc == ERR_OK
               ? db_exec_count(db, &o->sql[1], DB_BIND(db_int(o->before), db_int(o->most)), &o->n, why)
               : rc;
}

static enum err drop_old(struct db *db, struct old o, int64_t *n, struct fail *why)
{
    enum err rc = db_transaction(db, old_work, &o, why);
    *n = rc == ERR_OK ? o.n : 0;
    return rc;
}

enum err retention_events(struct db *db, int64_t before, long most, int64_t *n, struct fail *why)
{
    return drop_old(db, (struct old){DROP, before, most, 0}, n, why);
}

enum err retention_list_views(struct db *db, int64_t before, long most, int64_t *n, struct fail *why)
{
    return drop_old(db, (struct old){DROP_VIEWS, before, most, 0}, n, why);
}

enum err retention_guest_sessions(struct db *db, long seconds, long most, int64_t *n, struct fail *why)
{
    return db_exec_count(db, &END_GUESTS, DB_BIND(db_int(seconds), db_int(most)), n, why);
}

/* Asked again under the lock of the row, which whoever signs in takes first. */
static enum err guest_work(struct db *db, void *arg, struct fail *why)
{
    struct db_value id = db_int(*(const int64_t *)arg);
    int64_t back;
    enum err rc = visitor_lock(db, id.integer, why);
    if (rc == ERR_OK)
        rc = db_number(db, &BACK, DB_BIND(id, id), &back, why);
    if (rc != ERR_OK)
        return rc == ERR_NOT_FOUND ? ERR_OK : rc;
    return back == 0 ? visitor_delete(db, id.integer, why) : ERR_OK;
}

static enum err read_ids(struct db *db, int64_t after, long most, struct vec *ids, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_query(db, &LEFT, DB_BIND(db_int(after), db_int(most)), &rows, why);
    while (rc == ERR_OK && db_next(&rows)) {
        int64_t id = db_get_int(&rows, 0);
        rc = vec_push(ids, &id) ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory");
    }
    return db_end_with(&rows, rc, why);
}

/* All ids first: rows that are being read would be lost with a connection that a deletion loses. */
enum err retention_guests(struct db *db, int64_t *after, long most, int64_t *n, struct fail *why)
{
    struct vec ids = VEC_OF(int64_t);
    *n = 0;
    enum err rc = read_ids(db, *after, most, &ids, why);
    const int64_t *id = ids.data;
    for (size_t i = 0; rc == ERR_OK && i < ids.len; i++) {
        *after = id[i];
        rc = db_transaction(db, guest_work, after, why);
        *n += rc == ERR_OK;
    }
    vec_free(&ids);
    return rc;
}
