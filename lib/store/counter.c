#include "store/counter.h"

/* MEND holds what recounts put right: nobody else touches that slot, so a recount waits for nobody. */
enum { MEND = 255, VISITORS = 100000 };

static const char *const names[COUNTER_KINDS] = {"tests",         "likes",         "votes",
                                                 "visitor.tests", "visitor.likes", "visitor.votes"};

static const struct db_sql ADD = {"counter.add",
                                  "INSERT INTO counter (kind, subject, part, slot, n) VALUES (?, ?, ?, ?, ?) "
                                  "ON DUPLICATE KEY UPDATE n = n + VALUES(n)"};
static const struct db_sql ADD_BOTH = {
    "counter.add_both",
    "INSERT INTO counter (kind, subject, part, slot, n) VALUES (?, ?, '', 0, ?), (?, ?, ?, ?, ?) "
    "ON DUPLICATE KEY UPDATE n = n + VALUES(n)"};
static const struct db_sql SUM = {
    "counter.sum", "SELECT CAST(COALESCE(SUM(n), 0) AS SIGNED) FROM counter WHERE kind = ? AND subject = ?"};
static const struct db_sql FORGET = {
    "counter.forget", "DELETE FROM counter WHERE kind IN ('visitor.tests', 'visitor.likes', 'visitor.votes') "
                      "AND subject = ?"};
/* One recount at a time: two would both add what is missing. The row's lock is held until the commit. */
static const struct db_sql ALONE = {
    "counter.alone", "INSERT INTO counter (kind, subject, part, slot, n) VALUES ('recount', 0, '', 0, 1) "
                     "ON DUPLICATE KEY UPDATE n = n + 1"};
static const struct db_sql NEWEST = {"counter.newest",
                                     "SELECT COALESCE(MAX(subject), 0) FROM ("
                                     "SELECT MAX(visitor_id) AS subject FROM visitor UNION ALL "
                                     "SELECT MAX(subject) FROM counter WHERE kind = ?) AS both_sides"};

#define DRIFT(counted)                                                                                       \
    "SELECT subject, part, CAST(SUM(d) AS SIGNED) FROM (" counted                                            \
    " UNION ALL SELECT subject, part, -n FROM counter WHERE kind = ? AND subject BETWEEN ? AND ?) AS "       \
    "both_sides GROUP BY subject, part HAVING SUM(d) <> 0"
#define OF_VISITORS(table)                                                                                   \
    DRIFT("SELECT t.visitor_id AS subject, '' AS part, COUNT(*) AS d FROM " table                            \
          " t JOIN visitor v ON v.visitor_id = t.visitor_id WHERE t.visitor_id BETWEEN ? AND ? GROUP BY "    \
          "t.visitor_id")

static const struct db_sql drift[COUNTER_KINDS] = {
    [COUNTER_TESTS] = {"recount.tests",
                       DRIFT("SELECT 0 AS subject, '' AS part, COUNT(*) AS d FROM test WHERE ? <= ?")},
    [COUNTER_LIKES] = {"recount.likes",
                       DRIFT("SELECT character_id AS subject, '' AS part, COUNT(*) AS d FROM character_like "
                             "WHERE counted = 1 AND character_id BETWEEN ? AND ? GROUP BY character_id")},
    [COUNTER_VOTES] =
        {"recount.votes",
         DRIFT("SELECT character_id AS subject, CONCAT(mbti, COALESCE(enneagram, '')) AS part, COUNT(*) AS d "
               "FROM character_vote WHERE character_id BETWEEN ? AND ? GROUP BY 1, 2")},
    [COUNTER_VISITOR_TESTS] = {"recount.visitor_tests", OF_VISITORS("test")},
    [COUNTER_VISITOR_LIKES] = {"recount.visitor_likes", OF_VISITORS("character_like")},
    [COUNTER_VISITOR_VOTES] = {"recount.visitor_votes", OF_VISITORS("character_vote")},
};

static const char *part_of(const struct counter_change *c)
{
    return c->part != NULL ? c->part : "";
}

static int64_t slot_of(const struct counter_change *c)
{
    return c->kind < COUNTER_VISITOR_TESTS ? c->visitor_id % COUNTER_SLOTS : 0;
}

static enum err add_to_slot(struct db *db, const struct counter_change *c, int64_t slot, struct fail *why)
{
    return db_exec(db, &ADD,
                   DB_BIND(db_text(names[c->kind]), db_int(c->subject), db_text(part_of(c)), db_int(slot),
                           db_int(c->by)),
                   why);
}

enum err counter_add(struct db *db, const struct counter_change *c, struct fail *why)
{
    return c->by == 0 ? ERR_OK : add_to_slot(db, c, slot_of(c), why);
}

enum err counter_add_both(struct db *db, enum counter_kind own, const struct counter_change *c,
                          struct fail *why)
{
    return c->by == 0 ? ERR_OK
                      : db_exec(db, &ADD_BOTH,
                                DB_BIND(db_text(names[own]), db_int(c->visitor_id), db_int(c->by),
                                        db_text(names[c->kind]), db_int(c->subject), db_text(part_of(c)),
                                        db_int(slot_of(c)), db_int(c->by)),
                                why);
}

enum err counter_sum(struct db *db, enum counter_kind kind, int64_t subject, int64_t *out, struct fail *why)
{
    return db_number(db, &SUM, DB_BIND(db_text(names[kind]), db_int(subject)), out, why);
}

enum err counter_forget(struct db *db, int64_t visitor_id, struct fail *why)
{
    return db_exec(db, &FORGET, DB_BIND(db_int(visitor_id)), why);
}

const char *counter_name(enum counter_kind kind)
{
    return names[kind];
}

struct recount {
    enum counter_kind kind;
    bool mend;
    int64_t from, to; /* subjects */
    int64_t wrong;
};

static enum err recount_work(struct db *db, void *arg, struct fail *why)
{
    struct recount *r = arg;
    struct db_value from = db_int(r->from), to = db_int(r->to), kind = db_text(names[r->kind]);
    struct db_rows rows;
    r->wrong = 0;
    enum err rc = r->mend ? db_exec(db, &ALONE, DB_NOTHING, why) : ERR_OK;
    if (rc == ERR_OK)
        rc = db_query(db, &drift[r->kind], DB_BIND(from, to, kind, from, to), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (rc == ERR_OK && db_next(&rows)) {
        r->wrong++;
        if (r->mend)
            rc = add_to_slot(db,
                             &(struct counter_change){.kind = r->kind,
                                                      .subject = db_get_int(&rows, 0),
                                                      .part = db_get_text(&rows, 1),
                                                      .by = db_get_int(&rows, 2)},
                             MEND, why);
    }
    return db_end_with(&rows, rc, why);
}

enum err counter_recount(struct db *db, enum counter_kind kind, bool mend, int64_t *wrong, struct fail *why)
{
    struct recount r = {.kind = kind, .mend = mend, .to = INT64_MAX};
    int64_t newest = 0;
    bool of_visitors = kind >= COUNTER_VISITOR_TESTS;
    enum err rc = of_visitors ? db_number(db, &NEWEST, DB_BIND(db_text(names[kind])), &newest, why) : ERR_OK;
    *wrong = 0;
    for (; rc == ERR_OK && r.from <= newest; r.from += VISITORS) {
        r.to = of_visitors ? r.from + VISITORS - 1 : INT64_MAX;
        rc = db_transaction(db, recount_work, &r, why);
        *wrong += r.wrong;
    }
    return rc;
}
