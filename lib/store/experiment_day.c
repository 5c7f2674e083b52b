#include "store/experiment_day.h"

#include <stdio.h>
#include <string.h>

#include "store/db_list.h"

/* From the tests of these days to their variants, whatever the optimizer thinks of either table. */
static const struct db_sql COUNT = {
    "experiment_day.count",
    "INSERT INTO experiment_day (experiment_id, position, day, tests, liked, engaged, down) "
    "SELECT d.experiment_id, d.position, d.day, COUNT(*), SUM(d.liked), SUM(d.liked OR d.clicked), "
    "SUM(d.down) FROM ("
    "SELECT STRAIGHT_JOIN m.experiment_id, m.position, DATE(t.created_at) AS day, t.feedback = 'down' AS "
    "down, "
    "EXISTS (SELECT 1 FROM character_like l JOIN test_result r ON r.test_id = t.test_id AND r.character_id = "
    "l.character_id WHERE l.visitor_id = t.visitor_id AND l.created_at >= t.created_at) AS liked, "
    "EXISTS (SELECT 1 FROM event e WHERE e.test_id = t.test_id AND e.kind = 'click') AS clicked "
    "FROM test t FORCE INDEX (by_time) JOIN test_experiment m ON m.test_id = t.test_id "
    "WHERE t.created_at >= UTC_DATE() - INTERVAL 1 DAY) d GROUP BY d.experiment_id, d.position, d.day "
    "ON DUPLICATE KEY UPDATE tests = VALUES(tests), liked = VALUES(liked), engaged = VALUES(engaged), down = "
    "VALUES(down)"};
static const struct db_sql SUM = {
    "experiment_day.sum",
    "SELECT position, CAST(SUM(tests) AS SIGNED), CAST(SUM(liked) AS SIGNED), CAST(SUM(engaged) AS SIGNED), "
    "CAST(SUM(down) AS SIGNED) FROM experiment_day WHERE experiment_id = ? GROUP BY position"};

static const struct db_sql LIST = {"experiment_day.list",
                                   "SELECT CAST(day AS CHAR), position, tests, liked, engaged, down FROM "
                                   "experiment_day WHERE experiment_id = ? "
                                   "ORDER BY day DESC, position LIMIT 3200"};

enum err experiment_day_count(struct db *db, struct fail *why)
{
    return db_exec(db, &COUNT, DB_NOTHING, why);
}

enum err experiment_day_sum(struct db *db, const struct experiment *e, struct experiment_tally *out,
                            struct fail *why)
{
    struct db_rows rows;
    memset(out, 0, e->n * sizeof *out);
    enum err rc = db_query(db, &SUM, DB_BIND(db_int(e->id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (db_next(&rows)) {
        int64_t position = db_get_int(&rows, 0);
        if (position >= 0 && (size_t)position < e->n)
            out[position] = (struct experiment_tally){db_get_int(&rows, 1), db_get_int(&rows, 2),
                                                      db_get_int(&rows, 3), db_get_int(&rows, 4)};
    }
    return db_end(&rows, why);
}

static enum err read_day(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    (void)a, (void)why;
    struct experiment_day *d = item;
    snprintf(d->day, sizeof d->day, "%s", db_get_text(rows, 0));
    d->position = db_get_int(rows, 1);
    d->tally = (struct experiment_tally){db_get_int(rows, 2), db_get_int(rows, 3), db_get_int(rows, 4),
                                         db_get_int(rows, 5)};
    return ERR_OK;
}

enum err experiment_day_list(struct db *db, const struct experiment *e, struct arena *a,
                             struct experiment_days *out, struct fail *why)
{
    const struct db_list list = {.sql = &LIST,
                                 .params = DB_BIND(db_int(e->id)),
                                 .most = EXPERIMENT_DAYS_MOST,
                                 .item = sizeof *out->items,
                                 .read = read_day};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    out->items = found.at;
    out->n = found.n;
    return rc;
}
