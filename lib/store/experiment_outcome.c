#include "store/experiment_outcome.h"

#include <string.h>

/* The end of a bandit's outcome is the second of a visitor's tests in it. */
#define UNTIL                                                                                                \
    "LEAST(COALESCE(FROM_UNIXTIME(?), '9999-12-31'), COALESCE(IF(? = 'bandit', (SELECT t.created_at FROM "   \
    "test t JOIN "                                                                                           \
    "test_experiment m ON m.test_id = t.test_id AND m.experiment_id = x.experiment_id WHERE t.visitor_id = " \
    "x.visitor_id ORDER BY t.test_id LIMIT 1 OFFSET 1), NULL), '9999-12-31'))"
#define EXPOSURES                                                                                            \
    "FROM experiment_exposure x WHERE x.experiment_id = ? AND x.visitor_id > ? AND x.propensity > 0 ORDER "  \
    "BY "                                                                                                    \
    "x.visitor_id LIMIT ?"
#define IS_GOAL "(e.kind = ? OR e.kind = ?) AND (? = '' OR e.value = ?)"

static const struct db_sql PAGE = {
    "experiment_outcome.page",
    "SELECT p.visitor_id, p.position, p.propensity, CAST(UNIX_TIMESTAMP(p.first_at) AS SIGNED), "
    "COALESCE(f.bot, 0), "
    "COALESCE(MAX(e.created_at >= p.first_at AND " IS_GOAL "), 0), "
    "CAST(COALESCE(SUM(e.created_at < p.first_at), 0) AS SIGNED), "
    "CAST(COALESCE(SUM(e.created_at < p.first_at AND " IS_GOAL "), 0) AS SIGNED) "
    "FROM (SELECT x.visitor_id, x.position, x.propensity, x.first_at, " UNTIL " AS until_at " EXPOSURES ") p "
    "LEFT JOIN first_visit f ON f.visitor_id = p.visitor_id "
    "LEFT JOIN event e ON e.visitor_id = p.visitor_id AND e.created_at >= p.first_at - INTERVAL ? DAY AND "
    "e.created_at < p.until_at "
    "GROUP BY p.visitor_id, p.position, p.propensity, p.first_at, f.bot ORDER BY p.visitor_id"};

/* By the weights that held at each first showing; those of the start for what a worker with an older file showed before. */
static const struct db_sql EXPECTED = {
    "experiment_outcome.expected",
    "SELECT s.position, SUM(s.weight) FROM (SELECT x.visitor_id, x.experiment_id, x.first_at " EXPOSURES
    ") p "
    "LEFT JOIN first_visit f ON f.visitor_id = p.visitor_id "
    "JOIN experiment_share s ON s.experiment_id = p.experiment_id AND s.since = COALESCE("
    "(SELECT MAX(h.since) FROM experiment_share h WHERE h.experiment_id = p.experiment_id AND h.since <= "
    "p.first_at), "
    "(SELECT MIN(h.since) FROM experiment_share h WHERE h.experiment_id = p.experiment_id)) "
    "WHERE COALESCE(f.bot, 0) = 0 GROUP BY s.position"};

/* A goal is an event of one of two kinds, with this value if there is one. */
static const struct {
    const char *name, *kinds[2], *value;
} goals[] = {
    {"like", {"like", "like"}, ""},    {"click", {"click", "click"}, ""},
    {"engage", {"like", "click"}, ""}, {"watch", {"watch", "watch"}, ""},
    {"share", {"share", "share"}, ""}, {"up", {"feedback", "feedback"}, "up"},
};
enum { GOALS = sizeof goals / sizeof *goals };

static size_t goal_of(const char *name)
{
    size_t i = 0;
    while (i < GOALS && strcmp(goals[i].name, name) != 0)
        i++;
    return i;
}

static enum err read_expected(struct db *db, const struct experiment *e, int64_t after, double *expected,
                              struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_query(
        db, &EXPECTED, DB_BIND(db_int(e->id), db_int(after), db_int(EXPERIMENT_OUTCOME_PAGE)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (db_next(&rows)) {
        int64_t position = db_get_int(&rows, 0);
        if (position >= 0 && position < (int64_t)e->n)
            expected[position] += db_get_real(&rows, 1);
    }
    return db_end(&rows, why);
}

enum err experiment_outcome_page(struct db *db, const struct experiment *e, const char *goal, int64_t *after,
                                 struct experiment_outcome *out, size_t *n, double *expected,
                                 struct fail *why)
{
    size_t g = goal_of(goal);
    *n = 0;
    if (g == GOALS)
        return fail_set(why, ERR_INVALID, "%s is no goal; goals are like, click, engage, watch, share and up",
                        goal);
    struct db_value one = db_text(goals[g].kinds[0]), other = db_text(goals[g].kinds[1]),
                    value = db_text(goals[g].value);
    struct db_rows rows;
    enum err rc = read_expected(db, e, *after, expected, why);
    if (rc == ERR_OK)
        rc = db_query(db, &PAGE,
                      DB_BIND(one, other, value, value, one, other, value, value,
                              e->stopped_at != 0 ? db_int(e->stopped_at) : db_null(), db_text(e->kind),
                              db_int(e->id), db_int(*after), db_int(EXPERIMENT_OUTCOME_PAGE),
                              db_int(EXPERIMENT_OUTCOME_PAST)),
                      &rows, why);
    if (rc != ERR_OK)
        return rc;
    for (; *n < EXPERIMENT_OUTCOME_PAGE && db_next(&rows); ++*n)
        out[*n] = (struct experiment_outcome){.visitor = db_get_int(&rows, 0),
                                              .position = db_get_int(&rows, 1),
                                              .propensity = db_get_real(&rows, 2),
                                              .first_at = db_get_int(&rows, 3),
                                              .bot = db_get_int(&rows, 4) != 0,
                                              .converted = db_get_int(&rows, 5) != 0,
                                              .events_before = db_get_int(&rows, 6),
                                              .goals_before = db_get_int(&rows, 7)};
    if (*n > 0)
        *after = out[*n - 1].visitor;
    return db_end(&rows, why);
}
