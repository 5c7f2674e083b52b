#include "store/experiment_outcome.h"

#include "store/experiment_goal.h"

/* To the microsecond of the stop: what a visitor did in the same second before it counts. The end of a bandit's outcome is the second of a
 * visitor's tests in it. */
#define UNTIL                                                                                                \
    "LEAST(COALESCE((SELECT d.stopped_at FROM experiment d WHERE d.experiment_id = x.experiment_id), "       \
    "'9999-12-31'), COALESCE(IF(? = 'bandit', (SELECT t.created_at FROM test t JOIN "                        \
    "test_experiment m ON m.test_id = t.test_id AND m.experiment_id = x.experiment_id WHERE t.visitor_id = " \
    "x.visitor_id ORDER BY t.test_id LIMIT 1 OFFSET 1), NULL), '9999-12-31'))"
#define EXPOSURES                                                                                            \
    "FROM experiment_exposure x WHERE x.experiment_id = ? AND x.visitor_id > ? AND x.propensity > 0 ORDER "  \
    "BY "                                                                                                    \
    "x.visitor_id LIMIT ?"

static const struct db_sql PAGE = {
    "experiment_outcome.page",
    "SELECT p.visitor_id, p.position, p.propensity, CAST(UNIX_TIMESTAMP(p.first_at) AS SIGNED), "
    "COALESCE(f.bot, 0), "
    "COALESCE(MAX(e.created_at >= p.first_at AND " EXPERIMENT_GOAL_IS "), 0), "
    "CAST(COALESCE(SUM(e.created_at < p.first_at), 0) AS SIGNED), "
    "CAST(COALESCE(SUM(e.created_at < p.first_at AND " EXPERIMENT_GOAL_IS "), 0) AS SIGNED) "
    "FROM (SELECT x.visitor_id, x.position, x.propensity, x.first_at, " UNTIL " AS until_at " EXPOSURES ") p "
    "LEFT JOIN first_visit f ON f.visitor_id = p.visitor_id "
    "LEFT JOIN event e ON e.visitor_id = p.visitor_id AND e.created_at >= p.first_at - INTERVAL ? DAY AND "
    "e.created_at < p.until_at "
    "GROUP BY p.visitor_id, p.position, p.propensity, p.first_at, f.bot ORDER BY p.visitor_id"};

/* By the weights that held at each first showing; those of the start for what a worker with an older file showed before. Of a variant that was
 * stopped nobody is counted any more, and the others share what comes. */
static const struct db_sql EXPECTED = {
    "experiment_outcome.expected",
    "SELECT w.position, SUM(w.weight / w.total) FROM (SELECT s.position, s.weight, SUM(s.weight) OVER "
    "(PARTITION BY p.visitor_id) AS "
    "total FROM (SELECT x.visitor_id, x.experiment_id, x.first_at " EXPOSURES ") p "
    "LEFT JOIN first_visit f ON f.visitor_id = p.visitor_id "
    "JOIN experiment_share s ON s.experiment_id = p.experiment_id AND s.since = COALESCE("
    "(SELECT MAX(h.since) FROM experiment_share h WHERE h.experiment_id = p.experiment_id AND h.since <= "
    "p.first_at), "
    "(SELECT MIN(h.since) FROM experiment_share h WHERE h.experiment_id = p.experiment_id)) "
    "JOIN experiment_variant v ON v.experiment_id = s.experiment_id AND v.position = s.position "
    "WHERE COALESCE(f.bot, 0) = 0 AND (v.stopped_at IS NULL OR p.first_at < v.stopped_at)) w WHERE w.total > "
    "0 GROUP BY w.position"};

static enum err read_expected(struct db *db, struct experiment_outcomes *o, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_query(
        db, &EXPECTED, DB_BIND(db_int(o->experiment->id), db_int(o->after), db_int(EXPERIMENT_OUTCOME_PAGE)),
        &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (db_next(&rows)) {
        int64_t position = db_get_int(&rows, 0);
        if (position >= 0 && position < (int64_t)o->experiment->n)
            o->expected[position] += db_get_real(&rows, 1);
    }
    return db_end(&rows, why);
}

enum err experiment_outcome_page(struct db *db, struct experiment_outcomes *o, struct fail *why)
{
    const struct experiment *e = o->experiment;
    struct db_rows rows;
    enum err rc = read_expected(db, o, why);
    o->n = 0;
    if (rc == ERR_OK)
        rc = db_query(db, &PAGE,
                      DB_BIND(EXPERIMENT_GOAL_BIND(o->goal), EXPERIMENT_GOAL_BIND(o->goal), db_text(e->kind),
                              db_int(e->id), db_int(o->after), db_int(EXPERIMENT_OUTCOME_PAGE),
                              db_int(EXPERIMENT_OUTCOME_PAST)),
                      &rows, why);
    if (rc != ERR_OK)
        return rc;
    for (; o->n < EXPERIMENT_OUTCOME_PAGE && db_next(&rows); o->n++)
        o->page[o->n] = (struct experiment_outcome){.visitor = db_get_int(&rows, 0),
                                                    .position = db_get_int(&rows, 1),
                                                    .propensity = db_get_real(&rows, 2),
                                                    .first_at = db_get_int(&rows, 3),
                                                    .bot = db_get_int(&rows, 4) != 0,
                                                    .converted = db_get_int(&rows, 5) != 0,
                                                    .events_before = db_get_int(&rows, 6),
                                                    .goals_before = db_get_int(&rows, 7)};
    if (o->n > 0)
        o->after = o->page[o->n - 1].visitor;
    return db_end(&rows, why);
}
