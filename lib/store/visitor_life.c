/* The end of a visitor: deleted, or merged into an account. */
#include <stdio.h>

#include "store/ban.h"
#include "store/change.h"
#include "store/counter.h"
#include "store/experiment_exposure.h"
#include "store/first_visit.h"
#include "store/leaving.h"
#include "store/rollup.h"
#include "store/site_time.h"
#include "store/visitor.h"
#include "store/visitor_profile.h"
#include "store/visitor_quiz.h"

/* Rows of one piece: tens of milliseconds. */
enum { TESTS = 40, MOVED_TESTS = 1000, LIKES = 300, VOTES = 200, MARKS = 1000, EVENTS = 2000 };

#define KEPT(kind)                                                                                           \
    "(SELECT CAST(GREATEST(COALESCE(SUM(n), 0), 0) AS SIGNED) FROM counter WHERE kind = '" kind "' AND "     \
    "subject = v.visitor_id)"
static const struct db_sql COUNT = {"visitor.count",
                                    "SELECT " KEPT("visitor.tests") ", " KEPT("visitor.likes") ", " KEPT(
                                        "visitor.votes") ", "
                                                         "(SELECT COUNT(*) FROM session WHERE visitor_id = "
                                                         "v.visitor_id AND expires_at > UTC_TIMESTAMP()) "
                                                         "FROM visitor v WHERE v.visitor_id = ?"};
static const struct db_sql HAS = {"visitor.has",
                                  "SELECT EXISTS (SELECT 1 FROM test WHERE visitor_id = ?) OR "
                                  "EXISTS (SELECT 1 FROM character_like WHERE visitor_id = ?)"};
static const struct db_sql NOBODY = {"visitor.nobody",
                                     "INSERT INTO visitor (created_at) VALUES (UTC_TIMESTAMP())"};
/* The day on which somebody came stays, for the count of visitors. */
static const struct db_sql DAY = {"visitor.day",
                                  "INSERT INTO day_total (day, visitors) SELECT " SITE_TIME_DAY
                                  ", 1 FROM visitor JOIN site_setting z ON z.name = 'time_zone' WHERE "
                                  "visitor_id = ? ON DUPLICATE KEY UPDATE visitors = visitors + 1"};
static const struct db_sql END = {"visitor.end", "DELETE FROM visitor WHERE visitor_id = ?"};
/* None of these grows: sessions are capped (visitor_session_add), a provider is linked once, requests are kept for a day. */
static const struct db_sql WAYS_IN[] = {
    {"delete.identity", "DELETE FROM identity WHERE visitor_id = ?"},
    {"delete.account", "DELETE FROM account WHERE visitor_id = ?"},
    {"delete.session", "DELETE FROM session WHERE visitor_id = ?"},
    {"delete.attempt", "DELETE FROM login_attempt WHERE visitor_id = ?"},
    {"delete.log_exposure",
     "INSERT INTO change_new (what, a, b) SELECT 'exposure', visitor_id, experiment_id "
     "FROM experiment_exposure WHERE visitor_id = ?"},
    {"delete.experiment_exposure", "DELETE FROM experiment_exposure WHERE visitor_id = ?"},
    {"delete.profile", "DELETE FROM profile WHERE visitor_id = ?"},
    {"delete.first_visit", "DELETE FROM first_visit WHERE visitor_id = ?"},
    {"delete.repeated", "DELETE FROM repeated WHERE visitor_id = ?"},
};
/* What is said to change (store/change.h) and what changes are the same rows in the same order. */
#define LOG "INSERT INTO change_new (what, a, b) "
#define EVENTS_OF "WHERE visitor_id = ? ORDER BY created_at, event_id LIMIT ?"
#define TESTS_OF "WHERE visitor_id = ? ORDER BY test_id LIMIT ?"
#define LIKES_FIRST "WHERE visitor_id = ? ORDER BY character_id LIMIT ?"
static const struct db_sql LOG_EVENTS = {"event.log_of",
                                         LOG "SELECT 'event', event_id, event_id FROM event " EVENTS_OF};
static const struct db_sql FORGET_EVENTS = {"event.delete", "DELETE FROM event " EVENTS_OF};
static const struct db_sql MOVE_EVENTS = {"event.move", "UPDATE event SET visitor_id = ? " EVENTS_OF};
static const struct db_sql LOG_TESTS = {"test.log_of",
                                        LOG "SELECT 'test', test_id, test_id FROM test " TESTS_OF};
static const struct db_sql MOVE_TESTS = {"test.move", "UPDATE test SET visitor_id = ? " TESTS_OF};
static const struct db_sql LIKES_OF = {
    "like.of",
    "SELECT character_id, counted FROM character_like WHERE visitor_id = ? ORDER BY character_id LIMIT ?"};
static const struct db_sql MOVE_LIKE = {
    "like.move",
    "UPDATE IGNORE character_like SET visitor_id = ?, counted = 1 WHERE visitor_id = ? AND character_id = ?"};
static const struct db_sql DROP_LIKE = {
    "like.twice", "DELETE FROM character_like WHERE visitor_id = ? AND character_id = ?"};
static const struct db_sql LOG_LIKES = {
    "like.log_of", LOG "SELECT 'like', n.id, l.character_id FROM (SELECT character_id FROM "
                       "character_like " LIKES_FIRST ") l JOIN (SELECT ? AS id UNION SELECT ?) n"};
static const struct db_sql KEEP_LIKES = {
    "like.anonymous", "UPDATE character_like SET visitor_id = ?, created_at = DATE(created_at) " LIKES_FIRST};
static const struct db_sql VOTES_OF = {
    "vote.of", "SELECT character_id, mbti, COALESCE(enneagram, '') FROM character_vote WHERE visitor_id = ? "
               "ORDER BY character_id LIMIT ?"};
static const struct db_sql MARKS_TO = {
    "mark.to",
    "SELECT COALESCE(MAX(mark_id), 0), COUNT(*) FROM (SELECT mark_id FROM mark WHERE visitor_id = ? ORDER BY "
    "mark_id LIMIT ?) AS piece"};
static const struct db_sql MOVE_MARKS = {
    "mark.move", "UPDATE IGNORE mark SET visitor_id = ? WHERE visitor_id = ? AND mark_id <= ?"};
static const struct db_sql DROP_MARKS = {"mark.twice",
                                         "DELETE FROM mark WHERE visitor_id = ? AND mark_id <= ?"};
static const struct db_sql LOG_MARKS = {"mark.log_of", LOG "SELECT 'mark', mark_id, mark_id FROM mark WHERE "
                                                           "visitor_id = ? ORDER BY mark_id LIMIT ?"};
static const struct db_sql FORGET_MARKS = {"mark.delete",
                                           "DELETE FROM mark WHERE visitor_id = ? ORDER BY mark_id LIMIT ?"};
static const struct db_sql DROP_VOTE = {
    "vote.delete", "DELETE FROM character_vote WHERE visitor_id = ? AND character_id = ?"};

struct piece {
    struct db *db;
    int64_t id, heir;
    bool more; /* a step found as much as it may take, so there may be more */
    struct fail *why;
};

/* A statement about the rows of p->id, `most` at a time. */
static enum err change(struct piece *p, const struct db_sql *sql, const struct db_params *params,
                       int64_t most, int64_t *changed)
{
    int64_t n;
    enum err rc = db_exec_count(p->db, sql, params, &n, p->why);
    p->more = p->more || n == most;
    if (changed != NULL)
        *changed = n;
    return rc;
}

static enum err end(struct piece *p, struct db_rows *rows, enum err rc, int64_t n, int64_t most)
{
    p->more = p->more || n == most;
    return db_end_with(rows, rc, p->why);
}

/* What an account likes counts (visitor_like.h). */
static enum err move_like(struct piece *p, int64_t character, int64_t counted, int64_t *moved)
{
    int64_t by = 1 - counted;
    enum err rc =
        db_exec(p->db, &MOVE_LIKE, DB_BIND(db_int(p->heir), db_int(p->id), db_int(character)), p->why);
    bool has_moved = rc == ERR_OK && db_affected(p->db) > 0;
    *moved += has_moved;
    for (int i = 0; rc == ERR_OK && i < 2; i++)
        rc = change_put(p->db, CHANGE_LIKE, i == 0 ? p->id : p->heir, character, p->why);
    if (rc == ERR_OK && !has_moved) {
        rc = db_exec(p->db, &DROP_LIKE, DB_BIND(db_int(p->id), db_int(character)), p->why);
        by = -counted;
    }
    return rc == ERR_OK
               ? counter_add(p->db, &(struct counter_change){COUNTER_LIKES, character, NULL, p->id, by},
                             p->why)
               : rc;
}

static enum err move_likes(struct piece *p)
{
    struct db_rows rows;
    int64_t n = 0, moved = 0;
    enum err rc = db_query(p->db, &LIKES_OF, DB_BIND(db_int(p->id), db_int(LIKES)), &rows, p->why);
    if (rc != ERR_OK)
        return rc;
    for (; rc == ERR_OK && db_next(&rows); n++)
        rc = move_like(p, db_get_int(&rows, 0), db_get_int(&rows, 1), &moved);
    rc = end(p, &rows, rc, n, LIKES);
    return rc == ERR_OK
               ? counter_add(p->db,
                             &(struct counter_change){COUNTER_VISITOR_LIKES, p->heir, NULL, p->heir, moved},
                             p->why)
               : rc;
}

/* What both have marked stays behind when the others move, and goes. */
static enum err move_marks(struct piece *p)
{
    struct db_rows rows;
    enum err rc = db_first(p->db, &MARKS_TO, DB_BIND(db_int(p->id), db_int(MARKS)), &rows, p->why);
    if (rc != ERR_OK)
        return rc;
    struct db_value last = db_int(db_get_int(&rows, 0));
    rc = end(p, &rows, ERR_OK, db_get_int(&rows, 1), MARKS);
    if (rc == ERR_OK)
        rc = db_exec(p->db, &LOG_MARKS, DB_BIND(db_int(p->id), db_int(MARKS)), p->why);
    if (rc == ERR_OK)
        rc = db_exec(p->db, &MOVE_MARKS, DB_BIND(db_int(p->heir), db_int(p->id), last), p->why);
    return rc == ERR_OK ? db_exec(p->db, &DROP_MARKS, DB_BIND(db_int(p->id), last), p->why) : rc;
}

static enum err move_all(struct piece *p)
{
    struct db_value heir = db_int(p->heir), id = db_int(p->id);
    int64_t moved = 0;
    enum err rc = change(p, &LOG_TESTS, DB_BIND(id, db_int(MOVED_TESTS)), MOVED_TESTS, NULL);
    if (rc == ERR_OK)
        rc = change(p, &MOVE_TESTS, DB_BIND(heir, id, db_int(MOVED_TESTS)), MOVED_TESTS, &moved);
    if (rc == ERR_OK)
        rc = counter_add(
            p->db, &(struct counter_change){COUNTER_VISITOR_TESTS, p->heir, NULL, p->heir, moved}, p->why);
    if (rc == ERR_OK)
        rc = move_likes(p);
    if (rc == ERR_OK)
        rc = move_marks(p);
    if (rc == ERR_OK)
        rc = change(p, &LOG_EVENTS, DB_BIND(id, db_int(EVENTS)), EVENTS, NULL);
    return rc == ERR_OK ? change(p, &MOVE_EVENTS, DB_BIND(heir, id, db_int(EVENTS)), EVENTS, NULL) : rc;
}

static enum err drop_votes(struct piece *p)
{
    struct db_rows rows;
    int64_t n = 0;
    char part[16];
    enum err rc = db_query(p->db, &VOTES_OF, DB_BIND(db_int(p->id), db_int(VOTES)), &rows, p->why);
    if (rc != ERR_OK)
        return rc;
    for (; rc == ERR_OK && db_next(&rows); n++) {
        int64_t character = db_get_int(&rows, 0);
        snprintf(part, sizeof part, "%.4s%.3s", db_get_text(&rows, 1), db_get_text(&rows, 2));
        rc = db_exec(p->db, &DROP_VOTE, DB_BIND(db_int(p->id), db_int(character)), p->why);
        if (rc == ERR_OK)
            rc = change_put(p->db, CHANGE_VOTE, p->id, character, p->why);
        if (rc == ERR_OK)
            rc = counter_add(p->db, &(struct counter_change){COUNTER_VOTES, character, part, p->id, -1},
                             p->why);
    }
    return end(p, &rows, rc, n, VOTES);
}

/* A piece of what somebody marked and of what was seen of them; how many, where it is asked. */
static enum err forget_traces(struct piece *p, int64_t *events, int64_t *marks)
{
    struct db_value id = db_int(p->id), most = db_int(EVENTS);
    enum err rc = db_exec(p->db, &LOG_MARKS, DB_BIND(id, db_int(MARKS)), p->why);
    if (rc == ERR_OK)
        rc = change(p, &FORGET_MARKS, DB_BIND(id, db_int(MARKS)), MARKS, marks);
    if (rc == ERR_OK)
        rc = db_exec(p->db, &LOG_EVENTS, DB_BIND(id, most), p->why);
    return rc == ERR_OK ? change(p, &FORGET_EVENTS, DB_BIND(id, most), EVENTS, events) : rc;
}

static enum err keep_for_training(struct piece *p)
{
    size_t n = 0;
    struct db_value id = db_int(p->id), heir = db_int(p->heir), likes = db_int(LIKES);
    enum err rc = visitor_quiz_anonymous(p->db, p->id, p->heir, TESTS, &n, p->why);
    p->more = p->more || n == TESTS;
    if (rc == ERR_OK)
        rc = db_exec(p->db, &LOG_LIKES, DB_BIND(id, likes, id, heir), p->why);
    if (rc == ERR_OK)
        rc = change(p, &KEEP_LIKES, DB_BIND(heir, id, likes), LIKES, NULL);
    if (rc == ERR_OK)
        rc = drop_votes(p);
    return rc == ERR_OK ? forget_traces(p, NULL, NULL) : rc;
}

static enum err leave(struct db *db, const struct leaving *l, bool *more, struct fail *why)
{
    struct piece p = {.db = db, .id = l->id, .heir = l->heir, .why = why};
    enum err rc = l->merged ? move_all(&p) : keep_for_training(&p);
    *more = p.more;
    return rc;
}

/* What stands before the first piece is what leads to the visitor. */
static enum err begin_leaving(struct db *db, const struct leaving *l, struct fail *why)
{
    bool more;
    enum err rc = counter_forget(db, l->id, why);
    if (rc == ERR_OK)
        rc = db_exec(db, &END, DB_BIND(db_int(l->id)), why);
    if (rc == ERR_OK)
        rc = change_one(db, CHANGE_VISITOR, l->id, why);
    if (rc == ERR_OK)
        rc = leave(db, l, &more, why);
    return rc == ERR_OK && more ? leaving_put(db, l, why) : rc;
}

enum err visitor_count(struct db *db, int64_t visitor_id, struct visitor_counts *out, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, &COUNT, DB_BIND(db_int(visitor_id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    *out = (struct visitor_counts){
        .tests = db_get_int(&rows, 0),
        .likes = db_get_int(&rows, 1),
        .votes = db_get_int(&rows, 2),
        .sessions = db_get_int(&rows, 3),
    };
    return db_end(&rows, why);
}

/* A number that was never anybody's and will not be: its row is gone when the transaction ends. */
static enum err new_nobody(struct db *db, int64_t *out, struct fail *why)
{
    enum err rc = db_exec(db, &NOBODY, DB_NOTHING, why);
    *out = rc == ERR_OK ? db_insert_id(db) : 0;
    return rc == ERR_OK ? db_exec(db, &END, DB_BIND(db_int(*out)), why) : rc;
}

static enum err find_heir(struct db *db, int64_t visitor_id, int64_t *out, struct fail *why)
{
    struct db_value id = db_int(visitor_id);
    int64_t has;
    *out = 0;
    enum err rc = db_number(db, &HAS, DB_BIND(id, id), &has, why);
    return rc == ERR_OK && has != 0 ? new_nobody(db, out, why) : rc;
}

enum err visitor_delete(struct db *db, int64_t visitor_id, struct fail *why)
{
    struct leaving l = {.what = LEAVING_VISITOR, .id = visitor_id};
    enum err rc = find_heir(db, visitor_id, &l.heir, why);
    for (size_t i = 0; i < sizeof WAYS_IN / sizeof *WAYS_IN && rc == ERR_OK; i++)
        rc = db_exec(db, &WAYS_IN[i], DB_BIND(db_int(visitor_id)), why);
    if (rc == ERR_OK)
        rc = rollup_drop(db, visitor_id, why);
    if (rc == ERR_OK)
        rc = leaving_disinherit(db, visitor_id, l.heir, why);
    if (rc == ERR_OK)
        rc = db_exec(db, &DAY, DB_BIND(db_int(visitor_id)), why);
    return rc == ERR_OK ? begin_leaving(db, &l, why) : rc;
}

enum err visitor_merge(struct db *db, int64_t from, int64_t to, struct fail *why)
{
    enum err rc = visitor_session_end_all(db, from, NULL, why);
    struct leaving l = {.what = LEAVING_VISITOR, .id = from, .heir = to, .merged = true};
    if (rc == ERR_OK)
        rc = ban_carry(db, from, to, why);
    if (rc == ERR_OK)
        rc = visitor_profile_move(db, from, to, why);
    if (rc == ERR_OK)
        rc = first_visit_move(db, from, to, why);
    if (rc == ERR_OK)
        rc = experiment_exposure_move(db, from, to, why);
    if (rc == ERR_OK)
        rc = rollup_move(db, from, to, why);
    return rc == ERR_OK ? begin_leaving(db, &l, why) : rc;
}

enum err visitor_forget_traces(struct db *db, int64_t visitor_id, int64_t *events, int64_t *marks,
                               struct fail *why)
{
    struct piece p = {.db = db, .id = visitor_id, .why = why};
    return forget_traces(&p, events, marks);
}

struct turn {
    struct leaving l;
    bool more;
};

static enum err turn_work(struct db *db, void *arg, struct fail *why)
{
    struct turn *t = arg;
    t->more = false;
    enum err rc = leaving_lock(db, &t->l, why);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc == ERR_OK)
        rc = t->l.what == LEAVING_TEST ? leaving_test_piece(db, t->l.id, &t->more, why)
                                       : leave(db, &t->l, &t->more, why);
    return rc == ERR_OK && !t->more ? leaving_done(db, &t->l, why) : rc;
}

enum err visitor_leave_rest(struct db *db, int64_t *n, struct fail *why)
{
    struct turn t;
    enum err rc = leaving_next(db, &t.l, why);
    for (*n = 0; rc == ERR_OK; ++*n) {
        t.more = true;
        while (rc == ERR_OK && t.more)
            rc = db_transaction(db, turn_work, &t, why);
        if (rc == ERR_OK)
            rc = leaving_next(db, &t.l, why);
    }
    return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}
