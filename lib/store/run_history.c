#include "store/run_history.h"

#include <math.h>

#include "store/db_list.h"

#define METRIC(name)                                                                                         \
    "(SELECT v.value FROM training_run_value v WHERE v.run_id = r.run_id AND v.kind = 'metric' AND v.name "  \
    "= '" name "')"
#define RUNS                                                                                                 \
    "SELECT r.run_id, CAST(UNIX_TIMESTAMP(r.started_at) AS SIGNED), "                                        \
    "CAST(COALESCE(UNIX_TIMESTAMP(r.ended_at), 0) AS SIGNED), "                                              \
    "r.seconds, r.command, r.model, COALESCE(r.dataset_hash, ''), r.status, COALESCE(r.snapshot_id, "        \
    "''), " METRIC("ndcg.10") ", " METRIC("recall.10") ", " METRIC("hit.10") " FROM training_run r "
static const struct db_sql LIST = {"run_history.list", RUNS "ORDER BY r.run_id DESC LIMIT ?"};
static const struct db_sql LIST_OF = {"run_history.list_of",
                                      RUNS "WHERE r.model = ? ORDER BY r.run_id DESC LIMIT ?"};
static const struct db_sql ONE = {"run_history.one", RUNS "WHERE r.run_id = ?"};
static const struct db_sql VALUES_OF = {"run_history.values",
                                        "SELECT kind, name, word, value FROM training_run_value WHERE run_id "
                                        "= ? ORDER BY kind DESC, name LIMIT 400"};
static const struct db_sql POINTS_OF = {
    "run_history.points", "SELECT name, step, value FROM training_curve WHERE run_id = ? ORDER BY "
                          "name, step LIMIT 8000"};

static double real_or_nan(struct db_rows *rows, unsigned column)
{
    return db_is_null(rows, column) ? NAN : db_get_real(rows, column);
}

static enum err read_run(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct run_summary *r = item;
    *r = (struct run_summary){
        .run_id = db_get_int(rows, 0),
        .started = db_get_int(rows, 1),
        .ended = db_get_int(rows, 2),
        .seconds = db_get_real(rows, 3),
        .command = arena_strdup(a, db_get_text(rows, 4)),
        .model = arena_strdup(a, db_get_text(rows, 5)),
        .dataset = arena_strdup(a, db_get_text(rows, 6)),
        .status = arena_strdup(a, db_get_text(rows, 7)),
        .snapshot = arena_strdup(a, db_get_text(rows, 8)),
        .ndcg = real_or_nan(rows, 9),
        .recall = real_or_nan(rows, 10),
        .hit = real_or_nan(rows, 11),
    };
    return db_list_stored(r->command != NULL && r->model != NULL && r->dataset != NULL && r->status != NULL &&
                              r->snapshot != NULL,
                          why);
}

enum err run_history_list(struct db *db, const char *model, int64_t most, struct arena *a,
                          struct run_summaries *out, struct fail *why)
{
    bool all = *model == '\0';
    const struct db_list list = {.sql = all ? &LIST : &LIST_OF,
                                 .params =
                                     all ? DB_BIND(db_int(most)) : DB_BIND(db_text(model), db_int(most)),
                                 .most = RUN_HISTORY_MOST,
                                 .item = sizeof *out->items,
                                 .read = read_run};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    out->items = found.at;
    out->n = found.n;
    return rc;
}

enum err run_history_one(struct db *db, int64_t run_id, struct arena *a, struct run_summary *out,
                         struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, &ONE, DB_BIND(db_int(run_id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    rc = read_run(&rows, a, out, why);
    return db_end_with(&rows, rc, why);
}

static enum err read_value(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct run_value *v = item;
    bool word = !db_is_null(rows, 2);
    *v = (struct run_value){.kind = arena_strdup(a, db_get_text(rows, 0)),
                            .name = arena_strdup(a, db_get_text(rows, 1)),
                            .word = word ? arena_strdup(a, db_get_text(rows, 2)) : NULL,
                            .value = real_or_nan(rows, 3)};
    return db_list_stored(v->kind != NULL && v->name != NULL && (!word || v->word != NULL), why);
}

enum err run_history_values(struct db *db, int64_t run_id, struct arena *a, struct run_values *out,
                            struct fail *why)
{
    const struct db_list list = {.sql = &VALUES_OF,
                                 .params = DB_BIND(db_int(run_id)),
                                 .most = RUN_HISTORY_VALUES,
                                 .item = sizeof *out->items,
                                 .read = read_value};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    out->items = found.at;
    out->n = found.n;
    return rc;
}

static enum err read_point(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct run_point *p = item;
    *p = (struct run_point){.name = arena_strdup(a, db_get_text(rows, 0)),
                            .step = db_get_int(rows, 1),
                            .value = real_or_nan(rows, 2)};
    return db_list_stored(p->name != NULL, why);
}

enum err run_history_points(struct db *db, int64_t run_id, struct arena *a, struct run_points *out,
                            struct fail *why)
{
    const struct db_list list = {.sql = &POINTS_OF,
                                 .params = DB_BIND(db_int(run_id)),
                                 .most = RUN_HISTORY_POINTS,
                                 .item = sizeof *out->items,
                                 .read = read_point};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    out->items = found.at;
    out->n = found.n;
    return rc;
}
