#include "store/training_life.h"

#include <stdio.h>

#include "store/db_list.h"

static const struct db_sql ALIVE = {"training_life.alive",
                                    "SELECT run_id, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', started_at) DIV "
                                    "1000, lock_name FROM training_run "
                                    "WHERE status = 'running' ORDER BY run_id LIMIT ?"};
static const struct db_sql KILLED = {
    "training_life.killed",
    "UPDATE training_run r SET r.ended_at = COALESCE((SELECT MAX(c.recorded_at) FROM training_curve c WHERE "
    "c.run_id = r.run_id), r.started_at), r.status = 'killed', r.seconds = "
    "TIMESTAMPDIFF(MICROSECOND, r.started_at, r.ended_at) / 1e6, r.lock_name = NULL, r.mlflow_due = "
    "(r.mlflow_due = 1 OR r.mlflow_run IS NOT NULL) WHERE r.run_id = ? AND r.status = 'running'"};
static const struct db_sql DUE = {
    "training_life.due", "SELECT run_id FROM training_run WHERE mlflow_due = 1 ORDER BY run_id LIMIT ?"};
static const struct db_sql DUE_COUNT = {"training_life.due_count",
                                        "SELECT COUNT(*) FROM training_run WHERE mlflow_due = 1"};
static const struct db_sql SENT = {"training_life.sent",
                                   "UPDATE training_run SET mlflow_run = ?, mlflow_due = ? WHERE run_id = ?"};
/* What it counts ratings with (popularity) has no weight in an ensemble either, but serves nothing. */
static const struct db_sql REMOTE = {
    "training_life.remote",
    "SELECT r.mlflow_run FROM snapshot_model m JOIN training_run r ON r.model_hash = m.model_hash WHERE "
    "m.snapshot_id = ? AND m.weight IS NULL AND m.kind <> 'popularity' AND r.mlflow_run IS NOT NULL AND "
    "r.parent_id IS NULL ORDER BY r.run_id DESC LIMIT 1"};

static enum err read_alive(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    (void)a;
    (void)why;
    struct training_alive *r = item;
    r->id = db_get_int(rows, 0);
    r->started_ms = db_get_int(rows, 1);
    snprintf(r->lock, sizeof r->lock, "%s", db_get_text(rows, 2));
    return ERR_OK;
}

enum err training_alive_list(struct db *db, struct arena *a, size_t most, struct training_alive **out,
                             size_t *n, struct fail *why)
{
    const struct db_list list = {.sql = &ALIVE,
                                 .params = DB_BIND(db_int((int64_t)most)),
                                 .most = most,
                                 .item = sizeof **out,
                                 .read = read_alive};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    *out = found.at;
    *n = found.n;
    return rc;
}

enum err training_alive_killed(struct db *db, int64_t id, struct fail *why)
{
    return db_exec(db, &KILLED, DB_BIND(db_int(id)), why);
}

static enum err read_id(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    (void)a;
    (void)why;
    *(int64_t *)item = db_get_int(rows, 0);
    return ERR_OK;
}

enum err training_life_due(struct db *db, struct arena *a, size_t most, int64_t **out, size_t *n,
                           struct fail *why)
{
    const struct db_list list = {.sql = &DUE,
                                 .params = DB_BIND(db_int((int64_t)most)),
                                 .most = most,
                                 .item = sizeof **out,
                                 .read = read_id};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    *out = found.at;
    *n = found.n;
    return rc;
}

enum err training_life_due_count(struct db *db, int64_t *n, struct fail *why)
{
    return db_number(db, &DUE_COUNT, DB_NOTHING, n, why);
}

enum err training_life_sent(struct db *db, int64_t id, const char *remote, bool due, struct fail *why)
{
    return db_exec(db, &SENT, DB_BIND(db_text(remote), db_int(due), db_int(id)), why);
}

enum err training_life_remote(struct db *db, const char *snapshot, char remote[RUN_REMOTE], struct fail *why)
{
    struct db_rows rows;
    remote[0] = '\0';
    enum err rc = db_first(db, &REMOTE, DB_BIND(db_text(snapshot)), &rows, why);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc != ERR_OK)
        return rc;
    snprintf(remote, RUN_REMOTE, "%s", db_get_text(&rows, 0));
    return db_end(&rows, why);
}
