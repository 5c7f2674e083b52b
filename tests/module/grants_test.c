/* sql/grants.sql on a real server: each account can do its work and nothing else. */
#include "tests/check.h"

#include "base/map_file.h"
#include "base/secret.h"
#include "fixture/mariadb.h"
#include "store/migrate.h"
#include "store/sql_split.h"

static struct mariadb server;
static struct db *root;
static const char DATABASE[] = "mvti_grants_test";

static void run(const char *sql, size_t n)
{
    struct fail why = {0};
    CHECK_MSG(db_exec_text(root, sql, n, &why) == ERR_OK, "%s\n%.*s", why.text, (int)n, sql);
}

/* The file is written for the database "mvti". */
static void run_file(const char *path)
{
    struct map_file map;
    struct sql_split split;
    struct sql_statement s;
    CHECK(map_file_open(&map, path, NULL) == ERR_OK);
    sql_split_init(&split, (const char *)map.data, map.size);
    while (sql_split_next(&split, &s)) {
        char text[2048];
        size_t n = 0;
        for (size_t i = 0; i < s.n && n < sizeof text - sizeof DATABASE; i++)
            if (s.n - i > 5 && memcmp(s.text + i, "mvti.", 5) == 0) {
                n += (size_t)sprintf(text + n, "%s.", DATABASE);
                i += 4;
            } else {
                text[n++] = s.text[i];
            }
        run(text, n);
    }
    map_file_close(&map);
}

static enum err as(const char *user, const char *sql)
{
    struct config c = server.config;
    snprintf(c.db_user, CONFIG_TEXT, "%s", user);
    snprintf(c.db_password_file, CONFIG_TEXT, "%s/password", server.folder);
    struct db *db = db_new(&c, 20000);
    struct fail why = {0};
    enum err rc = db_exec_text(db, sql, strlen(sql), &why);
    db_free(db);
    return rc;
}

static void accounts(void)
{
    char path[400];
    snprintf(path, sizeof path, "%s/password", server.folder);
    FILE *f = fopen(path, "w");
    CHECK(f != NULL && fputs("geheim\n", f) >= 0 && fclose(f) == 0);
    static const char *const users[] = {"mvti_worker", "mvti_jobs", "mvti_admin", "mvti_analyst"};
    for (size_t i = 0; i < sizeof users / sizeof users[0]; i++) {
        char sql[200];
        int n = snprintf(sql, sizeof sql, "CREATE USER %s@localhost IDENTIFIED BY 'geheim'", users[i]);
        run(sql, (size_t)n);
    }
}

static void jobs_own_the_schema(void)
{
    struct config c = server.config;
    struct arena a = {0};
    struct fail why = {0};
    run_file("sql/database.sql");
    snprintf(c.db_user, CONFIG_TEXT, "mvti_jobs");
    snprintf(c.db_password_file, CONFIG_TEXT, "%s/password", server.folder);
    struct db *db = db_new(&c, 20000);
    CHECK_MSG(migrate_run(db, "sql/migrations", 5, &a, NULL, NULL, &why) == ERR_OK, "%s", why.text);
    db_free(db);
    arena_free(&a);
    run_file("sql/grants.sql");
    run_file("sql/grants.sql");
    CHECK(as("mvti_jobs", "GRANT SELECT ON movie TO mvti_worker@localhost") != ERR_OK);
    CHECK(as("mvti_jobs", "SELECT * FROM mysql.global_priv") == ERR_DENIED);
}

static void workers_touch_visitors_only(void)
{
    static const char *const tables[] = {"visitor",       "session",        "account",        "identity",
                                         "login_attempt", "test",           "test_movie",     "test_result",
                                         "event",         "character_like", "character_vote", "counter",
                                         "leaving",       "day_total",      "list_view",      "first_visit",
                                         "mark"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        char sql[80];
        snprintf(sql, sizeof sql, "SELECT * FROM %s", tables[i]);
        CHECK(as("mvti_worker", sql) == ERR_OK);
        snprintf(sql, sizeof sql, "DELETE FROM %s WHERE FALSE", tables[i]);
        CHECK(as("mvti_worker", sql) == ERR_OK);
        snprintf(sql, sizeof sql, "DROP TABLE %s", tables[i]);
        CHECK(as("mvti_worker", sql) == ERR_DENIED);
    }
    CHECK(as("mvti_worker",
             "INSERT INTO session (visitor_id, token_hash, expires_at, ends_at) VALUES (1, REPEAT('a', 32), "
             "'2030-01-01', '2030-01-01')") == ERR_OK);
    CHECK(as("mvti_worker", "UPDATE session SET last_seen_at = NOW(6)") == ERR_OK);
    CHECK(as("mvti_worker", "SELECT * FROM movie") == ERR_DENIED);
    CHECK(as("mvti_worker", "SELECT * FROM film_character") == ERR_DENIED);
    CHECK(as("mvti_worker", "UPDATE schema_migration SET checksum = ''") == ERR_DENIED);
    CHECK(as("mvti_worker", "SELECT * FROM v_daily") == ERR_DENIED);
    CHECK(as("mvti_worker", "SELECT * FROM training_run") == ERR_DENIED);
    CHECK(as("mvti_jobs", "SELECT * FROM training_run") == ERR_OK);
    CHECK(as("mvti_jobs", "SELECT * FROM training_run_value") == ERR_OK);
}

static void analysts_see_views_only(void)
{
    static const char *const views[] = {
        "v_event_day",      "v_visitor_day", "v_list_day",    "v_character_day", "v_film",
        "v_character",      "v_visitor",     "v_test",        "v_view",          "v_chosen_film",
        "v_shown",          "v_event",       "v_like",        "v_publication",   "v_lineage",
        "v_training_run",   "v_vote",        "v_mark",        "v_daily",         "v_training_run_value",
        "v_training_curve", "v_ranker_day",  "v_variant_day", "v_source",        "v_event_hour"};
    static const char *const asked[] = {"SELECT * FROM %s", "EXPLAIN SELECT * FROM %s",
                                        "SHOW CREATE VIEW %s"};
    for (size_t i = 0; i < sizeof views / sizeof views[0] * 3; i++) {
        char sql[80];
        snprintf(sql, sizeof sql, asked[i % 3], views[i / 3]);
        CHECK_MSG(as("mvti_analyst", sql) == ERR_OK, "%s", sql);
    }
    CHECK(as("mvti_analyst", "SELECT answers FROM test") != ERR_OK);
    CHECK(as("mvti_analyst", "SELECT name FROM account") != ERR_OK);
    CHECK(as("mvti_analyst", "SELECT * FROM session") == ERR_DENIED);
    CHECK(as("mvti_analyst", "SELECT * FROM identity") == ERR_DENIED);
    CHECK(as("mvti_analyst", "SELECT * FROM training_run") == ERR_DENIED);
    CHECK(as("mvti_analyst", "SELECT token FROM test") == ERR_DENIED);
    CHECK(as("mvti_analyst", "DELETE FROM v_event") != ERR_OK);
}

int main(void)
{
    if (getenv("MVTI_TEST_DB_SOCKET") != NULL) {
        SKIP(grants, "accounts are made only on a server of the test's own");
        return check_done();
    }
    if (secret_init() != ERR_OK || !mariadb_start(&server, DATABASE))
        return 1;
    root = db_new(&server.config, 20000);
    RUN(accounts);
    RUN(jobs_own_the_schema);
    RUN(workers_touch_visitors_only);
    RUN(analysts_see_views_only);
    db_free(root);
    mariadb_stop(&server);
    return check_done();
}
