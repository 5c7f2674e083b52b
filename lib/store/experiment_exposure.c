#include "store/experiment_exposure.h"

#include "store/change.h"
#include "store/db_list.h"

static const struct db_sql LIST = {
    "experiment_exposure.list",
    "SELECT experiment_id, position, propensity FROM experiment_exposure WHERE visitor_id = ? "
    "ORDER BY visitor_id DESC, experiment_id DESC LIMIT ?"};
static const struct db_sql PUT = {
    "experiment_exposure.put",
    "INSERT IGNORE INTO experiment_exposure (visitor_id, experiment_id, position, propensity, "
    "first_at) VALUES (?, ?, ?, ?, UTC_TIMESTAMP(6))"};
static const struct db_sql MADE = {
    "test_experiment.insert",
    "INSERT INTO test_experiment (test_id, experiment_id, position, propensity) VALUES (?, ?, ?, ?)"};
static const struct db_sql OF_TEST = {"test_experiment.list",
                                      "SELECT experiment_id, position, propensity FROM test_experiment WHERE "
                                      "test_id = ? ORDER BY experiment_id LIMIT ?"};
/* What is the one's becomes the other's (store/change.h). */
static const struct db_sql LOG = {
    "experiment_exposure.log",
    "INSERT INTO change_new (what, a, b) SELECT 'exposure', n.id, x.experiment_id FROM experiment_exposure x "
    "JOIN (SELECT ? AS id UNION SELECT ?) n WHERE x.visitor_id = ?"};
static const struct db_sql MOVE = {
    "experiment_exposure.move", "UPDATE IGNORE experiment_exposure SET visitor_id = ? WHERE visitor_id = ?"};
static const struct db_sql DROP = {"experiment_exposure.drop",
                                   "DELETE FROM experiment_exposure WHERE visitor_id = ?"};

static const struct db_sql TELL = {
    "experiment_exposure.tell",
    "SELECT e.name, v.name, TIMESTAMPDIFF(SECOND, '1970-01-01', x.first_at) FROM experiment_exposure x JOIN "
    "experiment e ON "
    "e.experiment_id = x.experiment_id JOIN experiment_variant v ON v.experiment_id = x.experiment_id AND "
    "v.position = "
    "x.position WHERE x.visitor_id = ? ORDER BY x.visitor_id DESC, x.experiment_id DESC LIMIT 500"};

static enum err read_told(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct experiment_told *t = item;
    *t = (struct experiment_told){arena_strdup(a, db_get_text(rows, 0)),
                                  arena_strdup(a, db_get_text(rows, 1)), db_get_int(rows, 2)};
    return db_list_stored(t->experiment != NULL && t->variant != NULL, why);
}

enum err experiment_exposure_tell(struct db *db, int64_t visitor_id, struct arena *a,
                                  struct experiment_tale *out, struct fail *why)
{
    const struct db_list list = {.sql = &TELL,
                                 .params = DB_BIND(db_int(visitor_id)),
                                 .most = EXPERIMENT_TOLD_MOST,
                                 .item = sizeof(struct experiment_told),
                                 .read = read_told};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    out->items = found.at;
    out->n = found.n;
    return rc;
}

static enum err read_page(struct db *db, const struct db_sql *sql, int64_t id,
                          struct experiment_exposures *page, struct fail *why)
{
    struct db_rows rows;
    page->n = 0;
    enum err rc = db_query(db, sql, DB_BIND(db_int(id), db_int((int64_t)page->most)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (page->n < page->most && db_next(&rows))
        page->items[page->n++] =
            (struct experiment_exposure){db_get_int(&rows, 0), db_get_int(&rows, 1), db_get_real(&rows, 2)};
    return db_end(&rows, why);
}

enum err experiment_exposure_list(struct db *db, int64_t visitor_id, struct experiment_exposure *out,
                                  size_t most, size_t *n, struct fail *why)
{
    struct experiment_exposures page = {.items = out, .most = most};
    enum err rc = read_page(db, &LIST, visitor_id, &page, why);
    *n = page.n;
    return rc;
}

enum err experiment_exposure_of_test(struct db *db, int64_t test_id, struct experiment_exposures *out,
                                     struct fail *why)
{
    return read_page(db, &OF_TEST, test_id, out, why);
}

enum err experiment_exposure_put(struct db *db, int64_t visitor_id, const struct experiment_exposure *e,
                                 struct fail *why)
{
    enum err rc = db_exec(
        db, &PUT,
        DB_BIND(db_int(visitor_id), db_int(e->experiment), db_int(e->position), db_real(e->propensity)), why);
    return rc == ERR_OK && db_affected(db) > 0
               ? change_put(db, CHANGE_EXPOSURE, visitor_id, e->experiment, why)
               : rc;
}

enum err experiment_exposure_made(struct db *db, int64_t test_id, const struct experiment_exposure *e,
                                  struct fail *why)
{
    return db_exec(
        db, &MADE,
        DB_BIND(db_int(test_id), db_int(e->experiment), db_int(e->position), db_real(e->propensity)), why);
}

enum err experiment_exposure_move(struct db *db, int64_t from, int64_t to, struct fail *why)
{
    enum err rc = db_exec(db, &LOG, DB_BIND(db_int(from), db_int(to), db_int(from)), why);
    if (rc == ERR_OK)
        rc = db_exec(db, &MOVE, DB_BIND(db_int(to), db_int(from)), why);
    return rc == ERR_OK ? db_exec(db, &DROP, DB_BIND(db_int(from)), why) : rc;
}
