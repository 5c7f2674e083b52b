#include "store/rollup.h"

#include <stdio.h>

#include "base/vec.h"
#include "store/change.h"
#include "store/site_time.h"

#define EVENTS "FROM event e JOIN site_setting z ON z.name = 'time_zone' "
#define BETWEEN "WHERE e.event_id > ? AND e.event_id <= ? "
#define DAY "DATE(CONVERT_TZ(e.created_at, '+00:00', z.value))"
#define HOUR "HOUR(CONVERT_TZ(e.created_at, '+00:00', z.value))"
#define OF(kind) "SUM(e.kind = '" kind "')"
#define ADD(column) column " = " column " + VALUES(" column ")"

static const struct db_sql STATE = {"rollup.state",
                                    "SELECT event_id FROM rollup_state WHERE name = 'events' FOR UPDATE"};
/* Whoever changes what was counted waits for the end of a piece, and the next piece for theirs: it reads events without locks, so it could count
 * what they are about to delete. */
static const struct db_sql HOLD = {
    "rollup.hold", "SELECT event_id FROM rollup_state WHERE name = 'events' LOCK IN SHARE MODE"};
static const struct db_sql NEWEST = {"rollup.newest",
                                     "SELECT COALESCE((SELECT MIN(event_id) FROM event WHERE created_at >= "
                                     "UTC_TIMESTAMP(3) - INTERVAL ? SECOND) "
                                     "- 1, (SELECT MAX(event_id) FROM event), 0)"};
/* The number of the last of the next `most`, so that a gap in the numbers costs nothing. */
static const struct db_sql LAST = {
    "rollup.last",
    "SELECT COALESCE(MAX(event_id), 0), COUNT(*) FROM (SELECT event_id FROM event WHERE event_id > ? AND "
    "event_id <= ? ORDER BY event_id LIMIT ?) AS piece"};
static const struct db_sql DONE = {"rollup.done",
                                   "UPDATE rollup_state SET event_id = ? WHERE name = 'events'"};
/* The formatter cuts texts where lines end, and not where clauses do. */
/* clang-format off */
static const struct db_sql parts[] = {
    {"rollup.events",
     "INSERT INTO event_day (day, kind, n) SELECT " DAY ", e.kind, COUNT(*) " EVENTS BETWEEN
     "GROUP BY 1, 2 ON DUPLICATE KEY UPDATE " ADD("n")},
    {"rollup.hours",
     "INSERT INTO event_hour (day, hour, kind, n) SELECT " DAY ", " HOUR ", e.kind, COUNT(*) " EVENTS BETWEEN
     "GROUP BY 1, 2, 3 ON DUPLICATE KEY UPDATE " ADD("n")},
    {"rollup.visitors",
     "INSERT INTO visitor_day (day, visitor_id, events, landing, start, question, choose, result, impression, click, liked, watch, share) "
     "SELECT " DAY ", e.visitor_id, COUNT(*), " OF("landing") ", " OF("start") ", " OF("question") ", " OF("choose") ", " OF("result") ", "
     OF("impression") ", " OF("click") ", " OF("like") ", " OF("watch") ", " OF("share") " " EVENTS BETWEEN
     "AND e.visitor_id IS NOT NULL GROUP BY 1, 2 ON DUPLICATE KEY UPDATE " ADD("events") ", " ADD("landing") ", " ADD("start") ", "
     ADD("question") ", " ADD("choose") ", " ADD("result") ", " ADD("impression") ", " ADD("click") ", " ADD("liked") ", " ADD("watch") ", "
     ADD("share")},
    {"rollup.lists",
     "INSERT INTO list_day (day, list, position, snapshot_id, impressions, clicks, likes, chosen, answered, took_ms) SELECT " DAY
     ", e.list, LEAST(COALESCE(e.position, -1), 100), COALESCE(p.snapshot_id, ''), " OF("impression") ", " OF("click") ", " OF("like") ", "
     OF("choose") ", " OF("question") ", COALESCE(SUM(e.took_ms), 0) " EVENTS "LEFT JOIN list_view v ON v.view_id = e.view_id "
     "LEFT JOIN (SELECT DISTINCT snapshot_id FROM publication) p ON p.snapshot_id = v.snapshot_id " BETWEEN
     "AND e.list IS NOT NULL AND e.kind IN ('impression', 'click', 'like', 'choose', 'question') GROUP BY 1, 2, 3, 4 "
     "ON DUPLICATE KEY UPDATE " ADD("impressions") ", " ADD("clicks") ", " ADD("likes") ", " ADD("chosen") ", " ADD("answered") ", "
     ADD("took_ms")},
    {"rollup.characters",
     "INSERT INTO character_day (day, mbti, character_id, impressions, clicks, likes) SELECT " DAY ", t.mbti, e.character_id, "
     OF("impression") ", " OF("click") ", " OF("like") " " EVENTS "JOIN test t ON t.test_id = e.test_id " BETWEEN
     "AND e.character_id IS NOT NULL AND e.kind IN ('impression', 'click', 'like') GROUP BY 1, 2, 3 "
     "ON DUPLICATE KEY UPDATE " ADD("impressions") ", " ADD("clicks") ", " ADD("likes")},
    {"rollup.films",
     "INSERT INTO film_day (day, list, movie_id, impressions, clicks, chosen) SELECT " DAY ", e.list, e.movie_id, "
     OF("impression") ", " OF("click") ", " OF("choose") " " EVENTS BETWEEN
     "AND e.movie_id IS NOT NULL AND e.list IS NOT NULL AND e.kind IN ('impression', 'click', 'choose') GROUP BY 1, 2, 3 "
     "ON DUPLICATE KEY UPDATE " ADD("impressions") ", " ADD("clicks") ", " ADD("chosen")},
    {"rollup.answers",
     "INSERT INTO answer_day (day, list, position, tenths, answers) SELECT " DAY
     ", e.list, e.position, LEAST(e.took_ms DIV 100, 65535), COUNT(*) " EVENTS BETWEEN
     "AND e.kind = 'question' AND e.took_ms IS NOT NULL AND e.list IS NOT NULL AND e.position IS NOT NULL GROUP BY 1, 2, 3, 4 "
     "ON DUPLICATE KEY UPDATE " ADD("answers")},
    {"rollup.shares",
     "INSERT INTO share_day (day, test_id, shares, opens, friends) SELECT " DAY ", e.test_id, "
     OF("share") ", " OF("share_open") ", " OF("friend") " " EVENTS BETWEEN
     "AND e.test_id IS NOT NULL AND e.kind IN ('share', 'share_open', 'friend') GROUP BY 1, 2 "
     "ON DUPLICATE KEY UPDATE " ADD("shares") ", " ADD("opens") ", " ADD("friends")},
    {"rollup.rankers",
     "INSERT INTO ranker_day (day, list, ranker, impressions, clicks, likes) SELECT " DAY ", e.list, v.ranker, "
     OF("impression") ", " OF("click") ", " OF("like") " " EVENTS "JOIN list_view v ON v.view_id = e.view_id " BETWEEN
     "AND e.list IS NOT NULL AND v.ranker IS NOT NULL AND e.kind IN ('impression', 'click', 'like') GROUP BY 1, 2, 3 "
     "ON DUPLICATE KEY UPDATE " ADD("impressions") ", " ADD("clicks") ", " ADD("likes")},
    {"rollup.variants",
     "INSERT INTO variant_day (day, experiment_id, position, list, impressions, clicks, likes) SELECT " DAY
     ", m.experiment_id, m.position, e.list, " OF("impression") ", " OF("click") ", " OF("like") " " EVENTS
     "JOIN test_experiment m ON m.test_id = e.test_id " BETWEEN
     "AND e.list IS NOT NULL AND e.kind IN ('impression', 'click', 'like') GROUP BY 1, 2, 3, 4 "
     "ON DUPLICATE KEY UPDATE " ADD("impressions") ", " ADD("clicks") ", " ADD("likes")},
};
/* clang-format on */
/* Rows that say of themselves that something has happened to them. Each is found by a plain SELECT and changed by its number, because an UPDATE
 * that joins them with events would lock these. */
static const struct {
    struct db_sql find, mark;
    enum change_what what; /* that analysts' copies have */
} marks[] = {
    {{"rollup.find_opened",
      "SELECT DISTINCT v.view_id FROM event e JOIN list_view v ON v.view_id = e.view_id " BETWEEN
      "AND e.kind = 'click' AND v.opened = 0"},
     {"rollup.opened", "UPDATE list_view SET opened = 1 WHERE view_id = ?"},
     CHANGE_VIEW},
    {{"rollup.find_tested",
      "SELECT DISTINCT f.visitor_id FROM event e JOIN first_visit f ON f.visitor_id = "
      "e.visitor_id " BETWEEN
      "AND f.took_test = 0 AND EXISTS (SELECT 1 FROM test t WHERE t.visitor_id = f.visitor_id)"},
     {"rollup.tested", "UPDATE first_visit SET took_test = 1 WHERE visitor_id = ?"},
     CHANGE_VISITOR},
};
/* Which counts these change (store/change.h). */
static const struct db_sql logs[] = {
    {"rollup.log_visitors", "INSERT INTO change_new (what, a, b) SELECT DISTINCT 'visitor_day', TO_DAYS(" DAY
                            "), e.visitor_id " EVENTS BETWEEN "AND e.visitor_id IS NOT NULL"},
    {"rollup.log_days", "INSERT INTO change_new (what, a, b) SELECT DISTINCT 'day', TO_DAYS(" DAY
                        "), TO_DAYS(" DAY ") " EVENTS BETWEEN},
};
#define LOG_DAYS_OF "INSERT INTO change_new (what, a, b) SELECT 'visitor_day', TO_DAYS(day), "
static const struct db_sql LOG_OWN = {"rollup.log_own",
                                      LOG_DAYS_OF "visitor_id FROM visitor_day WHERE visitor_id = ?"};
static const struct db_sql LOG_HEIR = {"rollup.log_heir",
                                       LOG_DAYS_OF "? FROM visitor_day WHERE visitor_id = ?"};
static const struct db_sql LATE = {
    "rollup.late",
    "SELECT EXISTS (SELECT 1 FROM event WHERE event_id > (SELECT event_id FROM rollup_state WHERE "
    "name = 'events') AND created_at < UTC_TIMESTAMP(3) - INTERVAL ? HOUR)"};
/* The day of the oldest event. A clock that is put back may make a later one belong to the day before, so the first day's events are looked at. */
static const struct db_sql OLDEST = {
    "rollup.oldest", "SELECT COALESCE(CAST(MIN(" DAY ") AS CHAR), '9999-01-01') " EVENTS
                     "WHERE e.created_at < (SELECT MIN(created_at) FROM event) + INTERVAL 1 DAY"};
/* Days of which all events are gone keep their counts: nothing else is left of them. */
#define FORGET_DAYS(table)                                                                                   \
    {                                                                                                        \
        "rollup.forget_" table, "DELETE FROM " table " WHERE day >= ?"                                       \
    }
static const struct db_sql FORGET[] = {
    FORGET_DAYS("event_day"),   FORGET_DAYS("event_hour"),    FORGET_DAYS("visitor_day"),
    FORGET_DAYS("list_day"),    FORGET_DAYS("character_day"), FORGET_DAYS("film_day"),
    FORGET_DAYS("answer_day"),  FORGET_DAYS("share_day"),     FORGET_DAYS("ranker_day"),
    FORGET_DAYS("variant_day"),
};
static const struct db_sql FORGET_STATE = {"rollup.forget_state",
                                           "UPDATE rollup_state SET event_id = 0 WHERE name = 'events'"};
static const struct db_sql MOVE = {
    "rollup.move",
    "INSERT INTO visitor_day (day, visitor_id, events, landing, start, question, choose, result, impression, "
    "click, liked, watch, share) SELECT day, ?, events, landing, start, question, choose, result, "
    "impression, "
    "click, liked, watch, share FROM visitor_day v WHERE visitor_id = ? ON DUPLICATE KEY UPDATE "
    "visitor_day.events = visitor_day.events + VALUES(events), visitor_day.landing = visitor_day.landing + "
    "VALUES(landing), "
    "visitor_day.start = visitor_day.start + VALUES(start), visitor_day.question = visitor_day.question + "
    "VALUES(question), "
    "visitor_day.choose = visitor_day.choose + VALUES(choose), visitor_day.result = visitor_day.result + "
    "VALUES(result), "
    "visitor_day.impression = visitor_day.impression + VALUES(impression), visitor_day.click = "
    "visitor_day.click + VALUES(click), "
    "visitor_day.liked = visitor_day.liked + VALUES(liked), visitor_day.watch = visitor_day.watch + "
    "VALUES(watch), "
    "visitor_day.share = visitor_day.share + VALUES(share)"};
static const struct db_sql DROP = {"rollup.drop", "DELETE FROM visitor_day WHERE visitor_id = ?"};
static const struct db_sql LOG_TEST = {"rollup.log_test",
                                       "INSERT INTO change_new (what, a, b) SELECT 'day', TO_DAYS(day), "
                                       "TO_DAYS(day) FROM share_day WHERE test_id = ?"};
static const struct db_sql DROP_TEST = {"rollup.drop_test", "DELETE FROM share_day WHERE test_id = ?"};

struct piece {
    int64_t most, n;
};

/* The last number of the next piece, and how many events it has. */
static enum err find_piece(struct db *db, struct piece *p, int64_t after, int64_t *last, struct fail *why)
{
    int64_t newest;
    struct db_rows rows;
    enum err rc = db_number(db, &NEWEST, DB_BIND(db_int(ROLLUP_SETTLED)), &newest, why);
    if (rc == ERR_OK)
        rc = db_first(db, &LAST, DB_BIND(db_int(after), db_int(newest), db_int(p->most)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    *last = db_get_int(&rows, 0);
    p->n = db_get_int(&rows, 1);
    return db_end(&rows, why);
}

static enum err find_marked(struct db *db, size_t kind, const struct db_params *span, struct vec *ids,
                            struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_query(db, &marks[kind].find, span, &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (rc == ERR_OK && db_next(&rows)) {
        int64_t id = db_get_int(&rows, 0);
        rc = vec_push(ids, &id) ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory");
    }
    return db_end_with(&rows, rc, why);
}

static enum err mark(struct db *db, size_t kind, const struct db_params *span, struct fail *why)
{
    struct vec ids = VEC_OF(int64_t);
    enum err rc = find_marked(db, kind, span, &ids, why);
    const int64_t *id = ids.data;
    for (size_t i = 0; i < ids.len && rc == ERR_OK; i++) {
        rc = db_exec(db, &marks[kind].mark, DB_BIND(db_int(id[i])), why);
        if (rc == ERR_OK)
            rc = change_one(db, marks[kind].what, id[i], why);
    }
    vec_free(&ids);
    return rc;
}

static enum err count_piece(struct db *db, const struct db_params *span, struct fail *why)
{
    enum err rc = ERR_OK;
    for (size_t i = 0; i < sizeof parts / sizeof *parts && rc == ERR_OK; i++)
        rc = db_exec(db, &parts[i], span, why);
    for (size_t i = 0; i < sizeof marks / sizeof *marks && rc == ERR_OK; i++)
        rc = mark(db, i, span, why);
    for (size_t i = 0; i < sizeof logs / sizeof *logs && rc == ERR_OK; i++)
        rc = db_exec(db, &logs[i], span, why);
    return rc;
}

/* The row of the state is locked first: of two at once one waits and then finds the other's work done. */
static enum err some_work(struct db *db, void *arg, struct fail *why)
{
    struct piece *p = arg;
    int64_t after, last = 0;
    p->n = 0;
    enum err rc = db_number(db, &STATE, DB_NOTHING, &after, why);
    if (rc == ERR_OK)
        rc = find_piece(db, p, after, &last, why);
    if (rc != ERR_OK || p->n == 0)
        return rc;
    rc = count_piece(db, DB_BIND(db_int(after), db_int(last)), why);
    return rc == ERR_OK ? db_exec(db, &DONE, DB_BIND(db_int(last)), why) : rc;
}

enum err rollup_some(struct db *db, int64_t most, int64_t *n, struct fail *why)
{
    struct piece p = {.most = most};
    enum err rc = db_transaction_unlocked(db, some_work, &p, why);
    *n = rc == ERR_OK ? p.n : 0;
    return rc;
}

int64_t rollup_pace(int64_t most, double seconds)
{
    int64_t next = seconds < 0.4 ? 2 * most : seconds > 0.8 ? most / 2 : most;
    return next < ROLLUP_LEAST ? ROLLUP_LEAST : next > ROLLUP_MOST ? ROLLUP_MOST : next;
}

enum err rollup_late(struct db *db, long hours, bool *late, struct fail *why)
{
    int64_t found = 0;
    enum err rc = db_number(db, &LATE, DB_BIND(db_int(hours)), &found, why);
    *late = found != 0;
    return rc;
}

static enum err forget_work(struct db *db, void *arg, struct fail *why)
{
    const char *oldest = arg;
    enum err rc = db_exec(db, &FORGET_STATE, DB_NOTHING, why);
    for (size_t i = 0; i < sizeof FORGET / sizeof *FORGET && rc == ERR_OK; i++)
        rc = db_exec(db, &FORGET[i], DB_BIND(db_text(oldest)), why);
    return rc == ERR_OK ? change_put(db, CHANGE_ROLLUP, 0, 0, why) : rc;
}

enum err rollup_forget(struct db *db, struct fail *why)
{
    char oldest[11] = "";
    struct db_rows rows;
    enum err rc = db_first(db, &OLDEST, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    snprintf(oldest, sizeof oldest, "%s", db_get_text(&rows, 0));
    rc = db_end(&rows, why);
    return rc == ERR_OK ? db_transaction_unlocked(db, forget_work, oldest, why) : rc;
}

static enum err hold(struct db *db, struct fail *why)
{
    int64_t unused;
    return db_number(db, &HOLD, DB_NOTHING, &unused, why);
}

enum err rollup_drop(struct db *db, int64_t visitor_id, struct fail *why)
{
    enum err rc = hold(db, why);
    if (rc == ERR_OK)
        rc = db_exec(db, &LOG_OWN, DB_BIND(db_int(visitor_id)), why);
    return rc == ERR_OK ? db_exec(db, &DROP, DB_BIND(db_int(visitor_id)), why) : rc;
}

enum err rollup_move(struct db *db, int64_t from, int64_t to, struct fail *why)
{
    enum err rc = hold(db, why);
    if (rc == ERR_OK)
        rc = db_exec(db, &LOG_HEIR, DB_BIND(db_int(to), db_int(from)), why);
    if (rc == ERR_OK)
        rc = db_exec(db, &MOVE, DB_BIND(db_int(to), db_int(from)), why);
    return rc == ERR_OK ? rollup_drop(db, from, why) : rc;
}

enum err rollup_drop_test(struct db *db, int64_t test_id, struct fail *why)
{
    enum err rc = hold(db, why);
    if (rc == ERR_OK)
        rc = db_exec(db, &LOG_TEST, DB_BIND(db_int(test_id)), why);
    return rc == ERR_OK ? db_exec(db, &DROP_TEST, DB_BIND(db_int(test_id)), why) : rc;
}
