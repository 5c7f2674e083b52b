#include "store/leaving.h"

#include <string.h>

/* Rows of one piece: tens of milliseconds. */
enum { EVENTS = 2000 };

static const struct db_sql PUT = {
    "leaving.put",
    "INSERT INTO leaving (what, id, heir, merged, since) VALUES (?, ?, ?, ?, UTC_TIMESTAMP(6)) "
    "ON DUPLICATE KEY UPDATE heir = VALUES(heir), merged = VALUES(merged)"};
static const struct db_sql NEXT = {"leaving.next", "SELECT what, id FROM leaving ORDER BY since LIMIT 1"};
static const struct db_sql LOCK = {"leaving.lock",
                                   "SELECT heir, merged FROM leaving WHERE what = ? AND id = ? FOR UPDATE"};
static const struct db_sql DONE = {"leaving.done", "DELETE FROM leaving WHERE what = ? AND id = ?"};
static const struct db_sql DISINHERIT = {
    "leaving.disinherit", "UPDATE leaving SET heir = ?, merged = 0 WHERE heir = ? AND merged = 1"};
/* The same rows in the same order. */
static const struct db_sql LOG_TEST = {"event.log_test",
                                       "INSERT INTO change_new (what, a, b) SELECT 'event', event_id, "
                                       "event_id FROM event WHERE test_id = ? ORDER BY event_id LIMIT ?"};
static const struct db_sql FORGET_TEST = {
    "event.forget_test", "UPDATE event SET test_id = NULL WHERE test_id = ? ORDER BY event_id LIMIT ?"};

static const char *const names[] = {[LEAVING_VISITOR] = "visitor", [LEAVING_TEST] = "test"};

enum err leaving_put(struct db *db, const struct leaving *l, struct fail *why)
{
    return db_exec(db, &PUT,
                   DB_BIND(db_text(names[l->what]), db_int(l->id), db_int(l->heir), db_int(l->merged)), why);
}

enum err leaving_next(struct db *db, struct leaving *l, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, &NEXT, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    *l = (struct leaving){.what = strcmp(db_get_text(&rows, 0), names[LEAVING_TEST]) == 0 ? LEAVING_TEST
                                                                                          : LEAVING_VISITOR,
                          .id = db_get_int(&rows, 1)};
    return db_end(&rows, why);
}

enum err leaving_lock(struct db *db, struct leaving *l, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, &LOCK, DB_BIND(db_text(names[l->what]), db_int(l->id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    l->heir = db_get_int(&rows, 0);
    l->merged = db_get_int(&rows, 1) != 0;
    return db_end(&rows, why);
}

enum err leaving_done(struct db *db, const struct leaving *l, struct fail *why)
{
    return db_exec(db, &DONE, DB_BIND(db_text(names[l->what]), db_int(l->id)), why);
}

enum err leaving_disinherit(struct db *db, int64_t account, int64_t heir, struct fail *why)
{
    return db_exec(db, &DISINHERIT, DB_BIND(db_int(heir), db_int(account)), why);
}

enum err leaving_test_piece(struct db *db, int64_t test_id, bool *more, struct fail *why)
{
    enum err rc = db_exec(db, &LOG_TEST, DB_BIND(db_int(test_id), db_int(EVENTS)), why);
    if (rc == ERR_OK)
        rc = db_exec(db, &FORGET_TEST, DB_BIND(db_int(test_id), db_int(EVENTS)), why);
    *more = rc == ERR_OK && db_affected(db) == EVENTS;
    return rc;
}

enum err leaving_test(struct db *db, int64_t test_id, struct fail *why)
{
    bool more;
    enum err rc = leaving_test_piece(db, test_id, &more, why);
    return rc == ERR_OK && more ? leaving_put(db, &(struct leaving){.what = LEAVING_TEST, .id = test_id}, why)
                                : rc;
}
