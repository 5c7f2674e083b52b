#include "store/housekeeping.h"

#include "store/db_list.h"

#define SECONDS(query) "CAST(COALESCE((" query "), 0) AS SIGNED)"
static const struct db_sql TIMES = {
    "housekeeping.times",
    "SELECT " SECONDS(
        "SELECT UNIX_TIMESTAMP(ended_at) FROM training_run WHERE command = 'train' AND "
        "ended_at IS NOT NULL ORDER BY run_id DESC LIMIT 1") ", " SECONDS("SELECT UNIX_TIMESTAMP(decided_at) "
                                                                          "FROM publication WHERE action = "
                                                                          "'publish' ORDER BY publication_id "
                                                                          "DESC LIMIT 1") ", " SECONDS("SELEC"
                                                                                                       "T "
                                                                                                       "UNIX_"
                                                                                                       "TIMES"
                                                                                                       "TAMP("
                                                                                                       "creat"
                                                                                                       "ed_"
                                                                                                       "at) "
                                                                                                       "FROM "
                                                                                                       "event"
                                                                                                       " WHER"
                                                                                                       "E "
                                                                                                       "event"
                                                                                                       "_id "
                                                                                                       "<= "
                                                                                                       "(SELE"
                                                                                                       "CT "
                                                                                                       "event"
                                                                                                       "_id "
                                                                                                       "FROM "
                                                                                                       "rollu"
                                                                                                       "p_"
                                                                                                       "state"
                                                                                                       " WHER"
                                                                                                       "E "
                                                                                                       "name "
                                                                                                       "= "
                                                                                                       "'even"
                                                                                                       "ts') "
                                                                                                       "ORDER"
                                                                                                       " BY "
                                                                                                       "event"
                                                                                                       "_id "
                                                                                                       "DESC "
                                                                                                       "LIMIT"
                                                                                                       " 1") ", " SECONDS("SELECT "
                                                                                                                          "UNIX_TIMESTAMP(created_"
                                                                                                                          "at) FROM event ORDER BY "
                                                                                                                          "event_id DESC LIMIT 1")};
static const struct db_sql TABLES = {"housekeeping.tables",
                                     "SELECT table_name, CAST(COALESCE(table_rows, 0) AS SIGNED), "
                                     "CAST(COALESCE(data_length + index_length, 0) AS SIGNED) FROM "
                                     "information_schema.tables WHERE table_schema = DATABASE() AND "
                                     "table_type = 'BASE TABLE' ORDER BY 3 DESC, 1 LIMIT 200"};

static enum err read_table(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct housekeeping_table *t = item;
    *t = (struct housekeeping_table){arena_strdup(a, db_get_text(rows, 0)), db_get_int(rows, 1),
                                     db_get_int(rows, 2)};
    return db_list_stored(t->name != NULL, why);
}

static enum err read_times(struct db *db, struct housekeeping *out, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, &TIMES, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    out->trained = db_get_int(&rows, 0);
    out->published = db_get_int(&rows, 1);
    out->counted = db_get_int(&rows, 2);
    out->newest_event = db_get_int(&rows, 3);
    return db_end(&rows, why);
}

enum err housekeeping_read(struct db *db, struct arena *a, struct housekeeping *out, struct fail *why)
{
    const struct db_list list = {.sql = &TABLES,
                                 .params = DB_NOTHING,
                                 .most = HOUSEKEEPING_TABLES,
                                 .item = sizeof *out->tables,
                                 .read = read_table};
    struct db_items found = {0};
    *out = (struct housekeeping){0};
    enum err rc = read_times(db, out, why);
    if (rc == ERR_OK)
        rc = db_list_read(db, &list, a, &found, why);
    out->tables = found.at;
    out->n = found.n;
    return rc;
}
