#include "store/experiment_log.h"

#include <stdio.h>
#include <string.h>

#include "domain/enneagram.h"
#include "domain/mbti.h"

#define DRAWN "EXISTS (SELECT 1 FROM test_result d WHERE d.test_id = m.test_id AND d.propensity IS NOT NULL)"
#define TESTS                                                                                                \
    "SELECT m.test_id FROM test_experiment m WHERE m.experiment_id = ? AND m.position = ? AND m.test_id > "  \
    "? AND " DRAWN " ORDER BY m.test_id LIMIT ?"

static const struct db_sql PAGE = {
    "experiment_log.tests",
    "SELECT t.test_id, t.visitor_id, t.snapshot_id, t.mbti, t.enneagram, COALESCE(f.bot, 0) FROM (" TESTS
    ") p JOIN test t ON "
    "t.test_id = p.test_id LEFT JOIN first_visit f ON f.visitor_id = t.visitor_id ORDER BY t.test_id"};
static const struct db_sql GIVEN = {"experiment_log.given",
                                    "SELECT x.test_id, x.experiment_id, x.position FROM (" TESTS
                                    ") p JOIN test_experiment x ON x.test_id = p.test_id ORDER BY x.test_id"};
static const struct db_sql MOVIES = {
    "experiment_log.movies", "SELECT c.test_id, c.movie_id FROM (" TESTS
                             ") p JOIN test_movie c ON c.test_id = p.test_id ORDER BY c.test_id, c.position"};
/* A like says its character, not its test: it is of the last test before it. The experiment's end is compared to the microsecond. */
static const struct db_sql PLACES = {
    "experiment_log.places",
    "SELECT r.test_id, r.list = 'compatible', r.position, r.character_id, r.propensity, EXISTS (SELECT 1 "
    "FROM event e WHERE "
    "e.visitor_id = t.visitor_id AND e.character_id = r.character_id AND " EXPERIMENT_GOAL_IS
    " AND e.created_at >= t.created_at AND e.created_at < LEAST(COALESCE((SELECT x.stopped_at FROM "
    "experiment x WHERE x.experiment_id = ?), '9999-12-31'), COALESCE((SELECT "
    "MIN(n.created_at) FROM test n WHERE n.visitor_id = t.visitor_id AND n.test_id > t.test_id), "
    "'9999-12-31'))) FROM (" TESTS ") p JOIN test t ON t.test_id = p.test_id JOIN test_result r ON r.test_id "
    "= t.test_id WHERE r.propensity > 0 ORDER BY "
    "r.test_id, r.list, r.position"};

/* The pages of four statements, side by side: rows of one test follow each other, in the order of the tests. */
struct page {
    struct db *db;
    struct db_value from[4]; /* of TESTS */
    struct experiment_log *log;
    size_t seen; /* programs included */
};

/* The test of the current row, searched on from *at; NULL: it is of none, such as a program's. */
static struct experiment_log_test *test_of(const struct page *p, int64_t id, size_t *at)
{
    struct experiment_log *l = p->log;
    while (*at < l->n && l->page[*at].test_id < id)
        ++*at;
    return *at < l->n && l->page[*at].test_id == id ? &l->page[*at] : NULL;
}

static enum err read_tests(struct page *p, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_query(p->db, &PAGE, &(const struct db_params){p->from, 4}, &rows, why);
    if (rc != ERR_OK)
        return rc;
    for (p->seen = 0; p->seen < EXPERIMENT_LOG_PAGE && db_next(&rows); p->seen++) {
        const char *mbti = db_get_text(&rows, 3), *enneagram = db_get_text(&rows, 4);
        struct experiment_log_test t = {.test_id = db_get_int(&rows, 0),
                                        .visitor = db_get_int(&rows, 1),
                                        .mbti = mbti_parse(mbti, strlen(mbti)),
                                        .enneagram = enneagram_parse(enneagram, strlen(enneagram))};
        snprintf(t.snapshot, sizeof t.snapshot, "%s", db_get_text(&rows, 2));
        p->log->after = t.test_id;
        if (db_get_int(&rows, 5) == 0)
            p->log->page[p->log->n++] = t;
    }
    return db_end(&rows, why);
}

static enum err read_given(struct page *p, struct fail *why)
{
    struct db_rows rows;
    size_t at = 0;
    enum err rc = db_query(p->db, &GIVEN, &(const struct db_params){p->from, 4}, &rows, why);
    while (rc == ERR_OK && db_next(&rows)) {
        struct experiment_log_test *t = test_of(p, db_get_int(&rows, 0), &at);
        if (t == NULL || t->n_given == EXPERIMENT_LOG_GIVEN)
            continue;
        t->given[t->n_given].experiment = db_get_int(&rows, 1);
        t->given[t->n_given++].position = db_get_int(&rows, 2);
    }
    return rc == ERR_OK ? db_end(&rows, why) : rc;
}

static enum err read_movies(struct page *p, struct fail *why)
{
    struct db_rows rows;
    size_t at = 0;
    enum err rc = db_query(p->db, &MOVIES, &(const struct db_params){p->from, 4}, &rows, why);
    while (rc == ERR_OK && db_next(&rows)) {
        struct experiment_log_test *t = test_of(p, db_get_int(&rows, 0), &at);
        if (t != NULL && t->n_movies < EXPERIMENT_LOG_MOVIES)
            t->movies[t->n_movies++] = (int32_t)db_get_int(&rows, 1);
    }
    return rc == ERR_OK ? db_end(&rows, why) : rc;
}

static enum err read_places(struct page *p, struct fail *why)
{
    struct db_rows rows;
    size_t at = 0;
    enum err rc = db_query(p->db, &PLACES,
                           DB_BIND(EXPERIMENT_GOAL_BIND(p->log->goal), db_int(p->log->experiment->id),
                                   p->from[0], p->from[1], p->from[2], p->from[3]),
                           &rows, why);
    while (rc == ERR_OK && db_next(&rows)) {
        struct experiment_log_test *t = test_of(p, db_get_int(&rows, 0), &at);
        if (t == NULL || t->n_places == EXPERIMENT_LOG_PLACES)
            continue;
        t->places[t->n_places++] = (struct experiment_log_place){.compatible = db_get_int(&rows, 1) != 0,
                                                                 .position = db_get_int(&rows, 2),
                                                                 .character = db_get_int(&rows, 3),
                                                                 .propensity = db_get_real(&rows, 4),
                                                                 .reached = db_get_int(&rows, 5) != 0};
    }
    return rc == ERR_OK ? db_end(&rows, why) : rc;
}

enum err experiment_log_page(struct db *db, struct experiment_log *l, struct fail *why)
{
    enum err rc;
    struct page p = {.db = db, .log = l};
    l->n = 0;
    do { /* on to a page that is not all programs' */
        struct db_value from[4] = {db_int(l->experiment->id), db_int(l->position), db_int(l->after),
                                   db_int(EXPERIMENT_LOG_PAGE)};
        memcpy(p.from, from, sizeof from);
        rc = read_tests(&p, why);
    } while (rc == ERR_OK && p.seen == EXPERIMENT_LOG_PAGE && l->n == 0);
    if (rc == ERR_OK && l->n > 0)
        rc = read_given(&p, why);
    if (rc == ERR_OK && l->n > 0)
        rc = read_movies(&p, why);
    if (rc == ERR_OK && l->n > 0)
        rc = read_places(&p, why);
    return rc;
}
