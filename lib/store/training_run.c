#include "store/training_run.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/vec.h"

static const struct db_sql INSERT = {"training_run.insert",
                                     "INSERT INTO training_run (started_at, ended_at, seconds, command, "
                                     "model, dataset_hash, model_hash, seed, status, parent_id, lock_name, "
                                     "made_by, mlflow_run, mlflow_due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, "
                                     "?, ?, ?, ?, ?)"};
static const struct db_sql UPDATE = {
    "training_run.update",
    "UPDATE training_run SET ended_at = ?, seconds = ?, dataset_hash = ?, model_hash = ?, "
    "status = ?, lock_name = ?, mlflow_run = ?, mlflow_due = ? WHERE run_id = ?"};
static const struct db_sql INSERT_VALUE = {
    "training_run.insert_value",
    "INSERT INTO training_run_value (run_id, kind, name, value, word) VALUES (?, ?, ?, ?, ?)"};

static const struct db_sql PUT_VALUE = {
    "training_run.put_value",
    "INSERT INTO training_run_value (run_id, kind, name, value, word) VALUES (?, ?, ?, ?, ?) "
    "ON DUPLICATE KEY UPDATE value = VALUES(value), word = VALUES(word)"};
static const struct db_sql PUT_POINT = {
    "training_run.put_point",
    "INSERT INTO training_curve (run_id, name, step, recorded_at, value) VALUES (?, ?, ?, ?, ?) "
    "ON DUPLICATE KEY UPDATE recorded_at = VALUES(recorded_at), value = VALUES(value)"};
static const struct db_sql POINTS = {
    "training_run.points", "SELECT name, step, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', recorded_at) "
                           "DIV 1000, value FROM training_curve WHERE run_id = ? ORDER BY name, step"};

#define MS_OF(column) "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', " column ") DIV 1000"
#define COLUMNS                                                                                              \
    "SELECT run_id, " MS_OF("started_at") ", " MS_OF(                                                        \
        "ended_at") ", seconds, command, model, dataset_hash, "                                              \
                    "model_hash, seed, status, snapshot_id, parent_id, lock_name, made_by, mlflow_run, "     \
                    "mlflow_due FROM training_run "
static const struct db_sql READ = {"training_run.read", COLUMNS "WHERE run_id = ?"};
static const struct db_sql LIST = {"training_run.list", COLUMNS "ORDER BY run_id DESC LIMIT ?"};
static const struct db_sql LIST_MODEL = {"training_run.list_model",
                                         COLUMNS "WHERE model = ? ORDER BY run_id DESC LIMIT ?"};
static const struct db_sql VALUES = {
    "training_run.values",
    "SELECT kind, name, value, word FROM training_run_value WHERE run_id = ? ORDER BY kind DESC, name"};

static const char *const status_names[RUN_STATUSES] = {"finished", "failed", "stopped", "running", "killed"};
static const char *const kind_names[] = {"param", "metric"};

const char *training_run_status_name(enum training_run_status status)
{
    return status_names[status];
}

const struct training_run_value *training_run_find(const struct training_run *r, enum training_run_kind kind,
                                                   const char *name)
{
    for (size_t i = 0; i < r->n_values; i++)
        if (r->values[i].kind == kind && strcmp(r->values[i].name, name) == 0)
            return &r->values[i];
    return NULL;
}

/* ---- writing ---- */

struct storing {
    const struct training_run *run;
    int64_t id;
};

/* "2026-11-24 19:20:11.123" */
static void time_text(char out[32], int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    size_t n = strftime(out, 24, "%Y-%m-%d %H:%M:%S", gmtime_r(&seconds, &tm));
    snprintf(out + n, 32 - n, ".%03d", (int)(ms % 1000));
}

static struct db_value text_or_null(const char *s)
{
    return s[0] != '\0' ? db_text(s) : db_null();
}

static enum err store_values(struct db *db, const struct storing *s, const struct db_sql *how,
                             struct fail *why)
{
    for (size_t i = 0; i < s->run->n_values; i++) {
        const struct training_run_value *v = &s->run->values[i];
        bool number = v->word == NULL && isfinite(v->value);
        enum err rc = db_exec(db, how,
                              DB_BIND(db_int(s->id), db_text(kind_names[v->kind]), db_text(v->name),
                                      number ? db_real(v->value) : db_null(), db_text(v->word)),
                              why);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

static enum err store_points(struct db *db, const struct storing *s, struct fail *why)
{
    enum err rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < s->run->n_points; i++) {
        const struct training_run_point *p = &s->run->points[i];
        char at[32];
        time_text(at, p->at_ms);
        rc = db_exec(db, &PUT_POINT,
                     DB_BIND(db_int(s->id), db_text(p->name), db_int(p->step), db_text(at),
                             isfinite(p->value) ? db_real(p->value) : db_null()),
                     why);
    }
    return rc;
}

static struct db_value end_or_null(const struct training_run *r, char text[32])
{
    time_text(text, r->ended_ms);
    return r->status == RUN_RUNNING ? db_null() : db_text(text);
}

static enum err store(struct db *db, void *arg, struct fail *why)
{
    struct storing *s = arg;
    const struct training_run *r = s->run;
    char started[32], ended[32];
    time_text(started, r->started_ms);
    enum err rc =
        db_exec(db, &INSERT,
                DB_BIND(db_text(started), end_or_null(r, ended), db_real(r->seconds), db_text(r->command),
                        db_text(r->model), text_or_null(r->dataset_hash), text_or_null(r->model_hash),
                        db_int(r->seed), db_text(status_names[r->status]),
                        r->parent_id != 0 ? db_int(r->parent_id) : db_null(), text_or_null(r->lock),
                        text_or_null(r->made_by), text_or_null(r->remote), db_int(r->due)),
                why);
    if (rc != ERR_OK)
        return rc;
    s->id = db_insert_id(db);
    rc = store_values(db, s, &INSERT_VALUE, why);
    return rc == ERR_OK ? store_points(db, s, why) : rc;
}

static enum err update(struct db *db, void *arg, struct fail *why)
{
    struct storing *s = arg;
    const struct training_run *r = s->run;
    char ended[32];
    enum err rc =
        db_exec(db, &UPDATE,
                DB_BIND(end_or_null(r, ended), db_real(r->seconds), text_or_null(r->dataset_hash),
                        text_or_null(r->model_hash), db_text(status_names[r->status]), text_or_null(r->lock),
                        text_or_null(r->remote), db_int(r->due), db_int(r->id)),
                why);
    if (rc == ERR_OK)
        rc = store_values(db, s, &PUT_VALUE, why);
    return rc == ERR_OK ? store_points(db, s, why) : rc;
}

enum err training_run_update(struct db *db, const struct training_run *run, struct fail *why)
{
    struct storing s = {.run = run, .id = run->id};
    return db_transaction(db, update, &s, why);
}

enum err training_run_store(struct db *db, const struct training_run *run, int64_t *id, struct fail *why)
{
    struct storing s = {.run = run};
    enum err rc = db_transaction(db, store, &s, why);
    *id = s.id;
    return rc;
}

/* ---- reading ---- */

static enum training_run_status status_of(const char *name)
{
    for (int i = 0; i < RUN_STATUSES; i++)
        if (strcmp(name, status_names[i]) == 0)
            return (enum training_run_status)i;
    return RUN_FAILED;
}

static bool get_run(struct db_rows *rows, struct arena *a, struct training_run *r)
{
    *r = (struct training_run){.id = db_get_int(rows, 0),
                               .started_ms = db_get_int(rows, 1),
                               .ended_ms = db_get_int(rows, 2),
                               .seconds = db_get_real(rows, 3),
                               .command = arena_strdup(a, db_get_text(rows, 4)),
                               .seed = db_get_int(rows, 8),
                               .status = status_of(db_get_text(rows, 9))};
    snprintf(r->model, sizeof r->model, "%s", db_get_text(rows, 5));
    snprintf(r->dataset_hash, sizeof r->dataset_hash, "%s", db_get_text(rows, 6));
    snprintf(r->model_hash, sizeof r->model_hash, "%s", db_get_text(rows, 7));
    snprintf(r->snapshot, sizeof r->snapshot, "%s", db_get_text(rows, 10));
    r->parent_id = db_get_int(rows, 11);
    snprintf(r->lock, sizeof r->lock, "%s", db_get_text(rows, 12));
    snprintf(r->made_by, sizeof r->made_by, "%s", db_get_text(rows, 13));
    snprintf(r->remote, sizeof r->remote, "%s", db_get_text(rows, 14));
    r->due = db_get_int(rows, 15) != 0;
    return r->command != NULL;
}

static bool get_value(struct db_rows *rows, struct arena *a, struct training_run_value *v)
{
    *v = (struct training_run_value){.kind =
                                         strcmp(db_get_text(rows, 0), "metric") == 0 ? RUN_METRIC : RUN_PARAM,
                                     .value = db_is_null(rows, 2) ? NAN : db_get_real(rows, 2)};
    snprintf(v->name, sizeof v->name, "%s", db_get_text(rows, 1));
    if (db_is_null(rows, 3))
        return true;
    v->word = arena_strdup(a, db_get_text(rows, 3));
    return v->word != NULL;
}

/* Moves what a vec collected into the arena. */
static void *settle(struct arena *a, struct vec *all)
{
    void *out = arena_array(a, all->len, all->size);
    if (out != NULL && all->len > 0)
        memcpy(out, all->data, all->len * all->size);
    vec_free(all);
    return out;
}

static enum err read_values(struct db *db, struct arena *a, struct training_run *r, struct fail *why)
{
    struct db_rows rows;
    struct vec all = VEC_OF(struct training_run_value);
    enum err rc = db_query(db, &VALUES, DB_BIND(db_int(r->id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    bool room = true;
    while (room && db_next(&rows)) {
        struct training_run_value v;
        room = get_value(&rows, a, &v) && vec_push(&all, &v);
    }
    rc = db_end(&rows, why);
    r->n_values = all.len;
    r->values = settle(a, &all);
    if (rc == ERR_OK && (!room || r->values == NULL))
        rc = fail_set(why, ERR_NOMEM, "out of memory");
    return rc;
}

static enum err read_points(struct db *db, struct arena *a, struct training_run *r, struct fail *why)
{
    struct db_rows rows;
    struct vec all = VEC_OF(struct training_run_point);
    enum err rc = db_query(db, &POINTS, DB_BIND(db_int(r->id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    bool room = true;
    while (room && db_next(&rows)) {
        struct training_run_point p = {.step = db_get_int(&rows, 1),
                                       .at_ms = db_get_int(&rows, 2),
                                       .value = db_is_null(&rows, 3) ? NAN : db_get_real(&rows, 3)};
        snprintf(p.name, sizeof p.name, "%s", db_get_text(&rows, 0));
        room = vec_push(&all, &p);
    }
    rc = db_end(&rows, why);
    r->n_points = all.len;
    r->points = settle(a, &all);
    return rc == ERR_OK && (!room || r->points == NULL) ? fail_set(why, ERR_NOMEM, "out of memory") : rc;
}

enum err training_run_read(struct db *db, struct arena *a, int64_t id, struct training_run *out,
                           struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, &READ, DB_BIND(db_int(id)), &rows, why);
    if (rc == ERR_NOT_FOUND)
        return fail_set(why, rc, "there is no run %" PRId64 "; 'mvti runs' lists them", id);
    if (rc != ERR_OK)
        return rc;
    bool room = get_run(&rows, a, out);
    rc = db_end(&rows, why);
    if (rc == ERR_OK && !room)
        rc = fail_set(why, ERR_NOMEM, "out of memory");
    if (rc == ERR_OK)
        rc = read_values(db, a, out, why);
    return rc == ERR_OK ? read_points(db, a, out, why) : rc;
}

static enum err query_list(struct db *db, const char *model, int64_t limit, struct db_rows *rows,
                           struct fail *why)
{
    if (model == NULL)
        return db_query(db, &LIST, DB_BIND(db_int(limit)), rows, why);
    return db_query(db, &LIST_MODEL, DB_BIND(db_text(model), db_int(limit)), rows, why);
}

enum err training_run_list(struct db *db, struct arena *a, struct training_runs *out, struct fail *why)
{
    struct db_rows rows;
    struct vec all = VEC_OF(struct training_run);
    enum err rc = query_list(db, out->model, out->most, &rows, why);
    if (rc != ERR_OK)
        return rc;
    bool room = true;
    while (room && db_next(&rows)) {
        struct training_run r;
        room = get_run(&rows, a, &r) && vec_push(&all, &r);
    }
    rc = db_end(&rows, why);
    out->n = all.len;
    out->items = settle(a, &all);
    if (rc == ERR_OK && (!room || out->items == NULL))
        rc = fail_set(why, ERR_NOMEM, "out of memory");
    for (size_t i = 0; rc == ERR_OK && i < out->n; i++)
        rc = read_values(db, a, &out->items[i], why);
    return rc;
}
