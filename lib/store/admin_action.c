#include "store/admin_action.h"

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
    const struct db_list list = {.sql = &LIST, .most = most, .item = sizeof *out->items, .read = read_action};
    void *items = NULL;
    enum err rc =
        db_list_read(db, &list, DB_BIND(db_int(before > 0 ? before : INT64_MAX), db_int((int64_t)most)), a,
                     &items, &out->n, why);
    out->items = items;
    return rc;
}
