#include "store/experiment.h"

#include <string.h>

#include "base/saying.h"
#include "store/db_list.h"

/* Moments beyond 2038, where FROM_UNIXTIME and UNIX_TIMESTAMP end. */
#define SECONDS(column) "TIMESTAMPDIFF(SECOND, '1970-01-01', " column ")"
#define MOMENT "TIMESTAMPADD(SECOND, ?, '1970-01-01')"
#define COLUMNS                                                                                              \
    "SELECT experiment_id, name, layer, salt, kind, goal, state, traffic, COALESCE(slot_from, -1), "         \
    "COALESCE(slots, 0), floor, min_views, guard_like, guard_down, guard_alpha, guard_tests, " SECONDS(      \
        "starts_at") ", " SECONDS("ends_at") ", " SECONDS("started_at") ", " SECONDS("stopped_at") ", "      \
                                                                                                   "stop_"   \
                                                                                                   "reason " \
                                                                                                   "FROM "   \
                                                                                                   "experim" \
                                                                                                   "ent "

/* More at once would be a mistake somewhere. */
enum { MOST = 1000 };

static const struct db_sql LIST = {"experiment.list",
                                   COLUMNS "ORDER BY created_at DESC, experiment_id DESC LIMIT 1000"};
static const struct db_sql RUNNING = {"experiment.running",
                                      COLUMNS "WHERE state = 'running' ORDER BY name LIMIT 1000"};
static const struct db_sql FIND = {"experiment.find", COLUMNS "WHERE name = ?"};
static const struct db_sql FIND_ID = {"experiment.find_id", COLUMNS "WHERE experiment_id = ?"};
static const struct db_sql VARIANTS = {
    "experiment_variant.list",
    "SELECT name, share, weight, settings, " SECONDS(
        "stopped_at") ", stop_reason FROM experiment_variant WHERE experiment_id = ? ORDER BY is_control "
                      "DESC, position LIMIT 8"};
static const struct db_sql LOCK = {"experiment.lock",
                                   "SELECT COUNT(*) FROM (SELECT experiment_id FROM experiment "
                                   "ORDER BY experiment_id FOR UPDATE) l"};
static const struct db_sql INSERT = {
    "experiment.insert",
    "INSERT INTO experiment (name, layer, salt, kind, goal, state, traffic, floor, min_views, guard_like, "
    "guard_down, guard_alpha, guard_tests, starts_at, ends_at, created_at) VALUES "
    "(?, ?, ?, ?, ?, 'draft', ?, ?, ?, ?, ?, ?, ?, " MOMENT ", " MOMENT ", UTC_TIMESTAMP(6))"};
static const struct db_sql UPDATE = {
    "experiment.update",
    "UPDATE experiment SET layer = ?, salt = ?, kind = ?, goal = ?, traffic = ?, floor = ?, min_views = ?, "
    "guard_like = ?, guard_down = ?, guard_alpha = ?, guard_tests = ?, starts_at = " MOMENT ", "
    "ends_at = " MOMENT " WHERE experiment_id = ?"};
static const struct db_sql PUT_VARIANT = {
    "experiment_variant.put",
    "INSERT INTO experiment_variant (experiment_id, position, name, share, weight, settings, is_control) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE name = VALUES(name), share = VALUES(share), "
    "weight = VALUES(weight), settings = VALUES(settings)"};
static const struct db_sql DROP_VARIANTS = {
    "experiment_variant.drop", "DELETE FROM experiment_variant WHERE experiment_id = ? AND position >= ?"};
static const struct db_sql RUN = {
    "experiment.run", "UPDATE experiment SET state = 'running', slot_from = ?, slots = ?, started_at = "
                      "UTC_TIMESTAMP(6) WHERE experiment_id = ?"};
static const struct db_sql WEIGH = {
    "experiment_variant.weigh",
    "UPDATE experiment_variant SET weight = ? WHERE experiment_id = ? AND position = ?"};
static const struct db_sql NOTE = {"experiment_share.note",
                                   "INSERT INTO experiment_share (experiment_id, since, position, weight) "
                                   "SELECT experiment_id, UTC_TIMESTAMP(6), "
                                   "position, weight FROM experiment_variant WHERE experiment_id = ?"};
static const struct db_sql HISTORY = {
    "experiment_share.list",
    "SELECT " SECONDS("since") ", position, weight FROM experiment_share WHERE experiment_id = ? ORDER BY "
                               "since DESC, position LIMIT ?"};
/* The last change of each hour: a bandit may be weighed every five minutes. */
static const struct db_sql HOURS = {
    "experiment_share.hours",
    "SELECT " SECONDS(
        "s.since") ", s.position, s.weight FROM (SELECT MAX(since) AS since FROM experiment_share "
                   "WHERE experiment_id = ? GROUP BY DATE(since), HOUR(since) ORDER BY 1 DESC "
                   "LIMIT ?) h JOIN experiment_share s ON s.experiment_id = ? AND s.since = "
                   "h.since ORDER BY s.since DESC, s.position"};
static const struct db_sql STOP = {
    "experiment.stop",
    "UPDATE experiment SET state = 'stopped', stopped_at = UTC_TIMESTAMP(6), stop_reason = "
    "LEFT(?, 300) WHERE experiment_id = ? AND state <> 'stopped'"};
static const struct db_sql STOP_VARIANT = {
    "experiment_variant.stop",
    "UPDATE experiment_variant SET stopped_at = UTC_TIMESTAMP(6), stop_reason = LEFT(?, "
    "300) WHERE experiment_id = ? AND position = ? AND stopped_at IS NULL"};
static const struct db_sql EXPOSED = {
    "experiment_exposure.count",
    "SELECT position, COUNT(*), " SECONDS(
        "MIN(first_at)") ", AVG(propensity) FROM experiment_exposure WHERE experiment_id = ? "
                         "GROUP BY position"};
static const struct db_sql MADE = {"test_experiment.count",
                                   "SELECT position, COUNT(*), AVG(propensity) FROM test_experiment WHERE "
                                   "experiment_id = ? GROUP BY position"};
static const struct db_sql EXPLORED = {
    "test_result.explored",
    "SELECT m.position, COUNT(*) FROM test_experiment m JOIN test_result r ON r.test_id = "
    "m.test_id WHERE m.experiment_id = ? AND r.propensity IS NOT NULL GROUP BY m.position"};

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

bool experiment_runs(const struct experiment *e)
{
    return is(e->state, "running");
}

static struct db_value moment(int64_t seconds)
{
    return seconds != 0 ? db_int(seconds) : db_null();
}

static const char *text_or_null(struct db_rows *rows, unsigned column, struct arena *a, bool *ok)
{
    const char *s = db_is_null(rows, column) ? NULL : arena_strdup(a, db_get_text(rows, column));
    *ok = *ok && (s != NULL || db_is_null(rows, column));
    return s;
}

static enum err read_row(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct experiment *e = item;
    const char **texts[] = {&e->name, &e->layer, &e->salt, &e->kind, &e->goal, &e->state};
    int64_t *times[] = {&e->starts_at, &e->ends_at, &e->started_at, &e->stopped_at};
    bool ok = true;
    for (unsigned i = 0; i < 6; i++)
        *texts[i] = text_or_null(rows, 1 + i, a, &ok);
    e->id = db_get_int(rows, 0);
    e->traffic = db_get_real(rows, 7);
    e->slot_from = db_get_int(rows, 8);
    e->slots = db_get_int(rows, 9);
    e->floor = db_get_real(rows, 10);
    e->min_views = db_get_int(rows, 11);
    e->guard_like = db_get_real(rows, 12);
    e->guard_down = db_get_real(rows, 13);
    e->guard_alpha = db_get_real(rows, 14);
    e->guard_tests = db_get_int(rows, 15);
    for (unsigned i = 0; i < 4; i++)
        *times[i] = db_get_int(rows, 16 + i);
    e->stop_reason = text_or_null(rows, 20, a, &ok);
    return db_list_stored(ok, why);
}

static enum err read_variants(struct db *db, struct arena *a, struct experiment *e, struct fail *why)
{
    struct db_rows rows;
    bool ok = true;
    enum err rc = db_query(db, &VARIANTS, DB_BIND(db_int(e->id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    for (e->n = 0; e->n < EXPERIMENT_VARIANTS && db_next(&rows); e->n++) {
        struct experiment_variant *v = &e->variants[e->n];
        *v = (struct experiment_variant){.name = text_or_null(&rows, 0, a, &ok),
                                         .share = db_get_real(&rows, 1),
                                         .weight = db_get_real(&rows, 2),
                                         .settings = text_or_null(&rows, 3, a, &ok),
                                         .stopped_at = db_get_int(&rows, 4),
                                         .stop_reason = text_or_null(&rows, 5, a, &ok)};
    }
    return db_end_with(&rows, db_list_stored(ok, why), why);
}

enum err experiment_list(struct db *db, bool running, struct arena *a, struct experiment **out, size_t *n,
                         struct fail *why)
{
    const struct db_list list = {.sql = running ? &RUNNING : &LIST,
                                 .params = DB_NOTHING,
                                 .most = MOST,
                                 .item = sizeof **out,
                                 .read = read_row};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    *out = found.at;
    *n = found.n;
    for (size_t i = 0; rc == ERR_OK && i < *n; i++)
        rc = read_variants(db, a, &(*out)[i], why);
    return rc;
}

static enum err read_found(struct db *db, struct db_rows *rows, struct arena *a, struct experiment *out,
                           struct fail *why)
{
    enum err rc = db_end_with(rows, read_row(rows, a, out, why), why);
    return rc == ERR_OK ? read_variants(db, a, out, why) : rc;
}

enum err experiment_find(struct db *db, const char *name, struct arena *a, struct experiment *out,
                         struct fail *why)
{
    struct db_rows rows;
    *out = (struct experiment){0};
    enum err rc = db_first(db, &FIND, DB_BIND(db_text(name)), &rows, why);
    if (rc == ERR_NOT_FOUND)
        return fail_set(why, rc, SAYING_NO_EXPERIMENT, name);
    return rc == ERR_OK ? read_found(db, &rows, a, out, why) : rc;
}

enum err experiment_find_id(struct db *db, int64_t id, struct arena *a, struct experiment *out,
                            struct fail *why)
{
    struct db_rows rows;
    *out = (struct experiment){0};
    enum err rc = db_first(db, &FIND_ID, DB_BIND(db_int(id)), &rows, why);
    if (rc == ERR_NOT_FOUND)
        return fail_set(why, rc, "there is no experiment %lld", (long long)id);
    return rc == ERR_OK ? read_found(db, &rows, a, out, why) : rc;
}

enum err experiment_lock(struct db *db, struct fail *why)
{
    int64_t unused;
    return db_number(db, &LOCK, DB_NOTHING, &unused, why);
}

static enum err put_head(struct db *db, struct experiment *e, struct fail *why)
{
    struct db_value v[] = {db_text(e->name),       db_text(e->layer),       db_text(e->salt),
                           db_text(e->kind),       db_text(e->goal),        db_real(e->traffic),
                           db_real(e->floor),      db_int(e->min_views),    db_real(e->guard_like),
                           db_real(e->guard_down), db_real(e->guard_alpha), db_int(e->guard_tests),
                           moment(e->starts_at),   moment(e->ends_at),      db_int(e->id)};
    enum { N = sizeof v / sizeof *v };
    if (e->id != 0)
        return db_exec(db, &UPDATE, DB_VALUES(v + 1, N - 1), why);
    enum err rc = db_exec(db, &INSERT, DB_VALUES(v, N - 1), why);
    e->id = rc == ERR_OK ? db_insert_id(db) : 0;
    return rc;
}

enum err experiment_put(struct db *db, struct experiment *e, struct fail *why)
{
    double weights[EXPERIMENT_VARIANTS];
    enum err rc = put_head(db, e, why);
    for (size_t i = 0; rc == ERR_OK && i < e->n; i++) {
        const struct experiment_variant *v = &e->variants[i];
        weights[i] = v->share;
        rc = db_exec(db, &PUT_VARIANT,
                     DB_BIND(db_int(e->id), db_int((int64_t)i), db_text(v->name), db_real(v->share),
                             db_real(v->share), db_text(v->settings), db_int(i == 0)),
                     why);
    }
    if (rc == ERR_OK)
        rc = db_exec(db, &DROP_VARIANTS, DB_BIND(db_int(e->id), db_int((int64_t)e->n)), why);
    return rc == ERR_OK && experiment_runs(e) ? experiment_weigh(db, e, weights, why) : rc;
}

enum err experiment_weigh(struct db *db, const struct experiment *e, const double *weights, struct fail *why)
{
    enum err rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < e->n; i++)
        rc = db_exec(db, &WEIGH, DB_BIND(db_real(weights[i]), db_int(e->id), db_int((int64_t)i)), why);
    return rc == ERR_OK ? db_exec(db, &NOTE, DB_BIND(db_int(e->id)), why) : rc;
}

static enum err read_history(struct db_rows *rows, const struct experiment *e, struct experiment_history *out,
                             struct fail *why)
{
    while (out->n < out->most && db_next(rows)) {
        struct experiment_weights *w = &out->items[out->n];
        int64_t position = db_get_int(rows, 1);
        w->since = db_get_int(rows, 0);
        if (position >= 0 && (size_t)position < e->n)
            w->weights[position] = db_get_real(rows, 2);
        out->n += (size_t)position + 1 == e->n;
    }
    return db_end(rows, why);
}

enum err experiment_history(struct db *db, const struct experiment *e, struct arena *a,
                            struct experiment_history *out, struct fail *why)
{
    struct db_rows rows;
    out->n = 0;
    out->items = arena_array(a, out->most + 1, sizeof *out->items);
    if (out->items == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    const struct db_params *changes = DB_BIND(db_int(e->id), db_int((int64_t)(out->most * e->n)));
    const struct db_params *hours = DB_BIND(db_int(e->id), db_int((int64_t)out->most), db_int(e->id));
    enum err rc = db_query(db, out->hourly ? &HOURS : &HISTORY, out->hourly ? hours : changes, &rows, why);
    return rc == ERR_OK ? read_history(&rows, e, out, why) : rc;
}

enum err experiment_run(struct db *db, const struct experiment *e, int64_t slot_from, int64_t slots,
                        struct fail *why)
{
    double weights[EXPERIMENT_VARIANTS];
    for (size_t i = 0; i < e->n; i++)
        weights[i] = e->variants[i].share;
    enum err rc = db_exec(db, &RUN, DB_BIND(db_int(slot_from), db_int(slots), db_int(e->id)), why);
    return rc == ERR_OK ? experiment_weigh(db, e, weights, why) : rc;
}

enum err experiment_stop(struct db *db, int64_t id, const char *reason, struct fail *why)
{
    return db_exec(db, &STOP, DB_BIND(db_text(reason), db_int(id)), why);
}

enum err experiment_stop_variant(struct db *db, int64_t id, size_t position, const char *reason,
                                 struct fail *why)
{
    return db_exec(db, &STOP_VARIANT, DB_BIND(db_text(reason), db_int(id), db_int((int64_t)position)), why);
}

/* One count of an experiment by position: column 1, and what goes with it, column 2 if there is one. */
static enum err count_with(struct db *db, const struct db_sql *sql, const struct experiment *e,
                           struct experiment_counts *counts,
                           void (*put)(struct db_rows *rows, struct experiment_counts *c), struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_query(db, sql, DB_BIND(db_int(e->id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (db_next(&rows)) {
        int64_t position = db_get_int(&rows, 0);
        if (position >= 0 && (size_t)position < e->n)
            put(&rows, &counts[position]);
    }
    return db_end(&rows, why);
}

static void put_exposed(struct db_rows *rows, struct experiment_counts *c)
{
    c->visitors = db_get_int(rows, 1);
    c->first_at = db_get_int(rows, 2);
    c->given = db_get_real(rows, 3);
}

static void put_made(struct db_rows *rows, struct experiment_counts *c)
{
    c->tests = db_get_int(rows, 1);
    c->chance = db_get_real(rows, 2);
}

static void put_explored(struct db_rows *rows, struct experiment_counts *c)
{
    c->explored = db_get_int(rows, 1);
}

enum err experiment_count(struct db *db, const struct experiment *e, struct experiment_counts *counts,
                          struct fail *why)
{
    memset(counts, 0, e->n * sizeof *counts);
    enum err rc = count_with(db, &EXPOSED, e, counts, put_exposed, why);
    if (rc == ERR_OK)
        rc = count_with(db, &MADE, e, counts, put_made, why);
    return rc == ERR_OK ? count_with(db, &EXPLORED, e, counts, put_explored, why) : rc;
}
