#include "store/admin_action.h"

#include "base/saying.h"
#include "store/db_list.h"

static const struct db_sql ADD = {
    "admin_action.add", "INSERT INTO admin_action (asked_at, visitor_id, admin, action, subject, "
                        "before_text, after_text, outcome, ended_at, said) "
                        "VALUES (UTC_TIMESTAMP(3), ?, ?, ?, ?, ?, ?, ?, IF(?, NULL, UTC_TIMESTAMP(3)), ?)"};
#define COLUMNS                                                                                              \
    "SELECT action_id, CAST(UNIX_TIMESTAMP(asked_at) AS SIGNED), CAST(COALESCE(UNIX_TIMESTAMP(ended_at), "   \
    "0) AS SIGNED), "                                                                                        \
    "visitor_id, admin, action, subject, before_text, after_text, outcome, said FROM admin_action "
static const struct db_sql LIST = {"admin_action.list",
                                   COLUMNS "WHERE action_id < ? ORDER BY action_id DESC LIMIT ?"};
static const struct db_sql NEXT = {"admin_action.next",
                                   COLUMNS "WHERE outcome = '" ADMIN_ASKED "' ORDER BY action_id LIMIT 1"};
static const struct db_sql OPEN = {"admin_action.open",
                                   "SELECT action_id FROM admin_action WHERE outcome IN ('" ADMIN_ASKED
                                   "', '" ADMIN_TAKEN "') ORDER BY action_id LIMIT 1"};
static const struct db_sql TAKE = {"admin_action.take",
                                   "UPDATE admin_action SET outcome = '" ADMIN_TAKEN
                                   "' WHERE action_id = ? AND outcome = '" ADMIN_ASKED "'"};
static const struct db_sql END = {
    "admin_action.end", "UPDATE admin_action SET outcome = ?, before_text = ?, after_text = ?, said = ?, "
                        "ended_at = UTC_TIMESTAMP(3) WHERE action_id = ? AND outcome = '" ADMIN_TAKEN "'"};
static const struct db_sql GIVE_UP = {"admin_action.give_up",
                                      "UPDATE admin_action SET said = IF(outcome = '" ADMIN_ASKED
                                      "', '" SAYING_NOBODY_CAME "', '" SAYING_KILLED
                                      "'), outcome = '" ADMIN_FAILED "', ended_at = UTC_TIMESTAMP(3) "
                                      "WHERE outcome IN ('" ADMIN_ASKED "', '" ADMIN_TAKEN
                                      "') AND asked_at < UTC_TIMESTAMP(3) - INTERVAL ? SECOND"};

enum err admin_action_add(struct db *db, const struct admin_action *done, bool asked, int64_t *id,
                          struct fail *why)
{
    enum err rc = db_exec(db, &ADD,
                          DB_BIND(db_int(done->visitor_id), db_text(done->admin), db_text(done->action),
                                  db_text(done->subject), db_text(done->before), db_text(done->after),
                                  db_text(asked ? ADMIN_ASKED : ADMIN_DONE), db_int(asked),
                                  db_text(done->said != NULL ? done->said : "")),
                          why);
    *id = rc == ERR_OK ? db_insert_id(db) : 0;
    return rc;
}

static const char *text_or_null(struct db_rows *rows, struct arena *a, unsigned column, bool *stored)
{
    if (db_is_null(rows, column))
        return NULL;
    const char *text = arena_strdup(a, db_get_text(rows, column));
    *stored = *stored && text != NULL;
    return text;
}

static enum err read_action(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    bool stored = true;
    *(struct admin_action *)item = (struct admin_action){
        .action_id = db_get_int(rows, 0),
        .asked = db_get_int(rows, 1),
        .ended = db_get_int(rows, 2),
        .visitor_id = db_get_int(rows, 3),
        .admin = text_or_null(rows, a, 4, &stored),
        .action = text_or_null(rows, a, 5, &stored),
        .subject = text_or_null(rows, a, 6, &stored),
        .before = text_or_null(rows, a, 7, &stored),
        .after = text_or_null(rows, a, 8, &stored),
        .outcome = text_or_null(rows, a, 9, &stored),
        .said = text_or_null(rows, a, 10, &stored),
    };
    return db_list_stored(stored, why);
}

enum err admin_action_list(struct db *db, int64_t before, size_t most, struct arena *a,
                           struct admin_actions *out, struct fail *why)
{
    const struct db_list list = {.sql = &LIST,
                                 .params =
                                     DB_BIND(db_int(before > 0 ? before : INT64_MAX), db_int((int64_t)most)),
                                 .most = most,
                                 .item = sizeof *out->items,
                                 .read = read_action};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    out->items = found.at;
    out->n = found.n;
    return rc;
}

enum err admin_action_open(struct db *db, int64_t *action_id, struct fail *why)
{
    return db_number(db, &OPEN, DB_NOTHING, action_id, why);
}

/* Of two at once one finds it taken, and there is nothing left for it. */
enum err admin_action_take(struct db *db, struct arena *a, struct admin_action *out, struct fail *why)
{
    struct db_rows rows;
    int64_t n;
    enum err rc = db_first(db, &NEXT, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    rc = read_action(&rows, a, out, why);
    rc = db_end_with(&rows, rc, why);
    if (rc == ERR_OK)
        rc = db_exec_count(db, &TAKE, DB_BIND(db_int(out->action_id)), &n, why);
    return rc == ERR_OK && n == 0 ? fail_set(why, ERR_NOT_FOUND, "another process has taken it") : rc;
}

enum err admin_action_end(struct db *db, const struct admin_action *taken, struct fail *why)
{
    return db_exec(db, &END,
                   DB_BIND(db_text(taken->outcome), db_text(taken->before), db_text(taken->after),
                           db_text(taken->said), db_int(taken->action_id)),
                   why);
}

enum err admin_action_give_up(struct db *db, int64_t seconds, int64_t *n, struct fail *why)
{
    return db_exec_count(db, &GIVE_UP, DB_BIND(db_int(seconds)), n, why);
}
