#include "store/outbox.h"

#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "store/db_list.h"

#define MS(column) "CAST(COALESCE(UNIX_TIMESTAMP(" column "), 0) * 1000 AS SIGNED)"
#define SINCE "UTC_TIMESTAMP(3) - INTERVAL 71 HOUR"
#define GOOGLE " WHERE name = 'google'"
_Static_assert(OUTBOX_HOURS == 71, "said in SINCE too");
_Static_assert(OUTBOX_BATCH == 25, "the question marks of EACH");
#define FIVE "?, ?, ?, ?, ?"
#define EACH "(" FIVE ", " FIVE ", " FIVE ", " FIVE ", " FIVE ")"

static const struct db_sql PUT = {
    "outbox.put",
    "INSERT INTO outbox (event_id, queued_at) VALUES (? + ? * @@SESSION.auto_increment_increment, "
    "UTC_TIMESTAMP(3))"};
static const struct db_sql WITHDRAW = {
    "outbox.withdraw",
    "DELETE o FROM event e JOIN outbox o ON o.event_id = e.event_id WHERE e.visitor_id = ? AND "
    "e.created_at >= " SINCE};
static const struct db_sql OLDEST = {
    "outbox.oldest",
    "SELECT e.visitor_id, COALESCE(f.path, ''), COALESCE(f.referrer, ''), COALESCE(f.device, ''), "
    "COALESCE(f.locale, ''), COALESCE(s.began_ms, 0), COALESCE(s.last_ms, 0) FROM outbox o JOIN event e ON "
    "e.event_id = o.event_id JOIN visitor v ON v.visitor_id = e.visitor_id LEFT JOIN first_visit f ON "
    "f.visitor_id = e.visitor_id LEFT JOIN outbox_session s ON s.visitor_id = e.visitor_id WHERE o.taken_at "
    "IS NULL AND COALESCE(f.bot, 0) = 0 AND e.created_at >= " SINCE " ORDER BY o.event_id LIMIT 1"};
/* A browser's clock may be wrong; what it says is taken where it is not later than ours and not too early to be sent. */
static const struct db_sql OF_VISITOR = {
    "outbox.of_visitor",
    "SELECT e.event_id, IF(e.browser_at BETWEEN " SINCE " AND e.created_at, " MS("e.browser_at") ", " MS(
        "e.created_at") "), e.kind, COALESCE(e.character_id, -1), COALESCE(e.movie_id, -1), COALESCE(e.list, "
                        "''), COALESCE(e.value, ''), CAST(COALESCE(e.position, -1) AS SIGNED), "
                        "CAST(COALESCE(e.took_ms, -1) AS SIGNED), CAST(e.kind = 'landing' AND "
                        "COALESCE(ABS(TIMESTAMPDIFF(MICROSECOND, f.created_at, e.created_at)) <= ? * 1000, "
                        "0) AS "
                        "SIGNED) FROM outbox o JOIN event e ON e.event_id = o.event_id LEFT JOIN first_visit "
                        "f "
                        "ON f.visitor_id = e.visitor_id WHERE e.visitor_id = ? AND o.taken_at IS NULL AND "
                        "e.created_at >= " SINCE " ORDER BY o.event_id LIMIT ?"};
static const struct db_sql TAKE = {"outbox.take", "UPDATE outbox SET taken_at = UTC_TIMESTAMP(3) WHERE "
                                                  "taken_at IS NULL AND event_id IN " EACH};
static const struct db_sql KEEP_SESSION = {
    "outbox.session", "REPLACE INTO outbox_session (visitor_id, began_ms, last_ms) VALUES (?, ?, ?)"};
static const struct db_sql END = {"outbox.end", "DELETE FROM outbox WHERE event_id IN " EACH};
static const struct db_sql BACK = {"outbox.back",
                                   "UPDATE outbox SET taken_at = NULL WHERE event_id IN " EACH};
static const struct db_sql WELL = {
    "outbox.well", "UPDATE outbox_state SET sent = sent + ?, sent_at = UTC_TIMESTAMP(3), failures = "
                   "0, retry_at = NULL, problem = ''" GOOGLE};
static const struct db_sql BADLY = {
    "outbox.badly", "UPDATE outbox_state SET unsure = unsure + ?, failures = failures + 1, retry_at = "
                    "UTC_TIMESTAMP(3) + INTERVAL ? SECOND, problem = ?" GOOGLE};
static const struct db_sql DROP_TAKEN = {"outbox.drop_taken",
                                         "DELETE FROM outbox WHERE taken_at < UTC_TIMESTAMP(3) - INTERVAL 2 "
                                         "MINUTE"};
static const struct db_sql DROP_GONE = {
    "outbox.drop_gone",
    "DELETE o FROM outbox o LEFT JOIN event e ON e.event_id = o.event_id LEFT JOIN visitor v ON v.visitor_id "
    "= "
    "e.visitor_id LEFT JOIN first_visit f ON f.visitor_id = e.visitor_id WHERE v.visitor_id IS NULL OR "
    "COALESCE(f.bot, 0) <> 0"};
static const struct db_sql DROP_LATE = {
    "outbox.drop_late", "DELETE o FROM outbox o JOIN event e ON e.event_id = o.event_id WHERE "
                        "e.created_at < " SINCE};
static const struct db_sql DROP_SESSIONS = {"outbox.drop_sessions",
                                            "DELETE s FROM outbox_session s LEFT JOIN visitor v ON "
                                            "v.visitor_id = s.visitor_id WHERE v.visitor_id IS NULL OR "
                                            "s.last_ms < " MS("UTC_TIMESTAMP(3) - INTERVAL 73 HOUR")};
static const struct db_sql COUNT_UP = {"outbox.count",
                                       "UPDATE outbox_state SET unsure = unsure + ?, late = late + ?" GOOGLE};
static const struct db_sql CLEAR = {"outbox.clear", "DELETE FROM outbox ORDER BY event_id LIMIT ?"};
static const struct db_sql EXPIRE = {"outbox.expire", "DELETE FROM outbox WHERE queued_at < " SINCE
                                                      " ORDER BY queued_at, event_id LIMIT ?"};
static const struct db_sql EXPIRED = {"outbox.expired", "UPDATE outbox_state SET late = late + ?" GOOGLE};
static const struct db_sql READ = {
    "outbox.read",
    "SELECT sent, unsure, late, (SELECT COUNT(*) FROM outbox), (SELECT " MS(
        "MIN(queued_at)") " FROM outbox), " MS("sent_at") ", failures, " MS("retry_at") ", problem FROM "
                                                                                        "outbox_"
                                                                                        "state" GOOGLE};
static const struct db_sql KEY = {"outbox.key", "SELECT client_key FROM outbox_state" GOOGLE " FOR UPDATE"};
static const struct db_sql SET_KEY = {"outbox.set_key", "UPDATE outbox_state SET client_key = ?" GOOGLE};

/* ---- workers ---- */

enum err outbox_put(struct db *db, int64_t first, int64_t place, struct fail *why)
{
    return db_exec(db, &PUT, DB_BIND(db_int(first), db_int(place)), why);
}

enum err outbox_withdraw(struct db *db, int64_t visitor_id, struct fail *why)
{
    return db_exec(db, &WITHDRAW, DB_BIND(db_int(visitor_id)), why);
}

/* ---- what waits ---- */

static enum err read_event(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct outbox_event *e = item;
    *e = (struct outbox_event){
        .event_id = db_get_int(rows, 0),
        .at_ms = db_get_int(rows, 1),
        .kind = arena_strdup(a, db_get_text(rows, 2)),
        .character_id = (int32_t)db_get_int(rows, 3),
        .movie_id = (int32_t)db_get_int(rows, 4),
        .list = arena_strdup(a, db_get_text(rows, 5)),
        .value = arena_strdup(a, db_get_text(rows, 6)),
        .position = (int32_t)db_get_int(rows, 7),
        .took_ms = (int32_t)db_get_int(rows, 8),
        .first = db_get_int(rows, 9) != 0,
    };
    return db_list_stored(e->kind != NULL && e->list != NULL && e->value != NULL, why);
}

static enum err read_visitor(struct db *db, struct arena *a, struct outbox_batch *out, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, &OLDEST, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    *out = (struct outbox_batch){.visitor_id = db_get_int(&rows, 0),
                                 .path = arena_strdup(a, db_get_text(&rows, 1)),
                                 .referrer = arena_strdup(a, db_get_text(&rows, 2)),
                                 .device = arena_strdup(a, db_get_text(&rows, 3)),
                                 .locale = arena_strdup(a, db_get_text(&rows, 4)),
                                 .began_ms = db_get_int(&rows, 5),
                                 .last_ms = db_get_int(&rows, 6)};
    bool ok = out->path != NULL && out->referrer != NULL && out->device != NULL && out->locale != NULL;
    return db_end_with(&rows, db_list_stored(ok, why), why);
}

static enum err read_events(struct db *db, struct arena *a, struct outbox_batch *b, struct fail *why)
{
    const struct db_list list = {
        .sql = &OF_VISITOR,
        .params = DB_BIND(db_int(OUTBOX_FIRST_MS), db_int(b->visitor_id), db_int(OUTBOX_BATCH)),
        .most = OUTBOX_BATCH,
        .item = sizeof *b->events,
        .read = read_event};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    b->events = found.at;
    b->n = found.n;
    return rc == ERR_OK && b->n == 0 ? ERR_NOT_FOUND : rc;
}

enum err outbox_next(struct db *db, struct arena *a, struct outbox_batch *out, struct fail *why)
{
    enum err rc = read_visitor(db, a, out, why);
    return rc == ERR_OK ? read_events(db, a, out, why) : rc;
}

/* ---- sending ---- */

/* A statement about these events; *n: how many it changed. */
static enum err change(struct db *db, const struct db_sql *sql, const struct outbox_batch *b, int64_t *n,
                       struct fail *why)
{
    struct db_value ids[OUTBOX_BATCH];
    for (size_t i = 0; i < OUTBOX_BATCH; i++)
        ids[i] = db_int(b->events[i < b->n ? i : b->n - 1].event_id);
    return db_exec_count(db, sql, DB_VALUES(ids, OUTBOX_BATCH), n, why);
}

static enum err take_work(struct db *db, void *arg, struct fail *why)
{
    const struct outbox_batch *b = arg;
    int64_t n;
    enum err rc = change(db, &TAKE, b, &n, why);
    if (rc == ERR_OK && n != (int64_t)b->n)
        rc = fail_set(why, ERR_CONFLICT, "some of these events are no longer waiting");
    return rc == ERR_OK
               ? db_exec(db, &KEEP_SESSION,
                         DB_BIND(db_int(b->visitor_id), db_int(b->began_ms), db_int(b->last_ms)), why)
               : rc;
}

enum err outbox_take(struct db *db, const struct outbox_batch *batch, struct fail *why)
{
    struct outbox_batch b = *batch;
    return db_transaction(db, take_work, &b, why);
}

struct settling {
    const struct outbox_batch *batch;
    const struct outbox_outcome *outcome;
};

static enum err settle_work(struct db *db, void *arg, struct fail *why)
{
    const struct settling *s = arg;
    const struct outbox_outcome *o = s->outcome;
    int64_t n, all = (int64_t)s->batch->n;
    char problem[OUTBOX_PROBLEM];
    enum err rc = change(db, o->end == OUTBOX_WAITS ? &BACK : &END, s->batch, &n, why);
    if (rc != ERR_OK)
        return rc;
    if (o->end == OUTBOX_SENT)
        return db_exec(db, &WELL, DB_BIND(db_int(all)), why);
    snprintf(problem, sizeof problem, "%s", o->problem);
    return db_exec(db, &BADLY,
                   DB_BIND(db_int(o->end == OUTBOX_UNSURE ? all : 0), db_int(o->pause_s), db_text(problem)),
                   why);
}

enum err outbox_settle(struct db *db, const struct outbox_batch *batch, const struct outbox_outcome *outcome,
                       struct fail *why)
{
    return db_transaction(db, settle_work, &(struct settling){batch, outcome}, why);
}

/* ---- what is not sent ---- */

struct tidied {
    int64_t late, unsure;
};

static enum err tidy_work(struct db *db, void *arg, struct fail *why)
{
    struct tidied *t = arg;
    int64_t gone;
    enum err rc = db_exec_count(db, &DROP_TAKEN, DB_NOTHING, &t->unsure, why);
    if (rc == ERR_OK)
        rc = db_exec_count(db, &DROP_GONE, DB_NOTHING, &gone, why);
    if (rc == ERR_OK)
        rc = db_exec_count(db, &DROP_LATE, DB_NOTHING, &t->late, why);
    if (rc == ERR_OK)
        rc = db_exec(db, &DROP_SESSIONS, DB_NOTHING, why);
    return rc == ERR_OK ? db_exec(db, &COUNT_UP, DB_BIND(db_int(t->unsure), db_int(t->late)), why) : rc;
}

enum err outbox_tidy(struct db *db, int64_t *late, int64_t *unsure, struct fail *why)
{
    struct tidied t = {0};
    enum err rc = db_transaction(db, tidy_work, &t, why);
    *late = rc == ERR_OK ? t.late : 0;
    *unsure = rc == ERR_OK ? t.unsure : 0;
    return rc;
}

enum err outbox_clear(struct db *db, long most, int64_t *n, struct fail *why)
{
    enum err rc = db_exec(db, &DROP_SESSIONS, DB_NOTHING, why);
    *n = 0;
    return rc == ERR_OK ? db_exec_count(db, &CLEAR, DB_BIND(db_int(most)), n, why) : rc;
}

enum err outbox_expire(struct db *db, long most, int64_t *n, struct fail *why)
{
    enum err rc = db_exec_count(db, &EXPIRE, DB_BIND(db_int(most)), n, why);
    return rc == ERR_OK && *n > 0 ? db_exec(db, &EXPIRED, DB_BIND(db_int(*n)), why) : rc;
}

/* ---- how far it has come ---- */

enum err outbox_read(struct db *db, struct outbox_state *out, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, &READ, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    *out = (struct outbox_state){
        .sent = db_get_int(&rows, 0),
        .unsure = db_get_int(&rows, 1),
        .late = db_get_int(&rows, 2),
        .waiting = db_get_int(&rows, 3),
        .oldest_ms = db_get_int(&rows, 4),
        .sent_ms = db_get_int(&rows, 5),
        .failures = db_get_int(&rows, 6),
        .retry_ms = db_get_int(&rows, 7),
    };
    snprintf(out->problem, sizeof out->problem, "%s", db_get_text(&rows, 8));
    return db_end(&rows, why);
}

static enum err key_work(struct db *db, void *arg, struct fail *why)
{
    struct db_rows rows;
    size_t n;
    enum err rc = db_first(db, &KEY, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    const void *bytes = db_get_bytes(&rows, 0, &n);
    bool known = n == OUTBOX_KEY;
    if (known)
        memcpy(arg, bytes, OUTBOX_KEY);
    rc = db_end(&rows, why);
    if (rc != ERR_OK || known)
        return rc;
    secret_random(arg, OUTBOX_KEY);
    return db_exec(db, &SET_KEY, DB_BIND(db_bytes(arg, OUTBOX_KEY)), why);
}

enum err outbox_key(struct db *db, uint8_t out[OUTBOX_KEY], struct fail *why)
{
    return db_transaction(db, key_work, out, why);
}
