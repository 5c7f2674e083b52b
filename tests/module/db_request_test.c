/* What the database and the log know of the request that asked a statement. */
#include "base/log.h"
#include "fixture/mariadb.h"
#include "store/db.h"
#include "tests/check.h"

static struct mariadb server;
static struct db *db;

static void must(const char *sql)
{
    struct fail why = {0};
    CHECK_MSG(db_exec_text(db, sql, strlen(sql), &why) == ERR_OK, "%s", why.text);
}

static char said[1000];

static void listen_to(void *arg, enum log_level level, const char *line, size_t len)
{
    (void)arg;
    (void)level;
    snprintf(said, sizeof said, "%.*s", (int)len, line);
}

static void a_slow_statement_of_a_request_is_logged_with_its_connection(void)
{
    static const struct db_sql NAP = {"t.nap", "SELECT SLEEP(0.05)"},
                               WHO = {"t.who", "SELECT CONNECTION_ID()"};
    struct config config = server.config;
    struct fail why = {0};
    int64_t id, n;
    char expected[100];
    config.db_slow_ms = 40;
    struct db *own = db_new(&config, 20000);
    CHECK(db_number(own, &WHO, DB_NOTHING, &id, &why) == ERR_OK);
    log_set_sink(listen_to, NULL, LOG_WARNING);
    CHECK(db_number(own, &NAP, DB_NOTHING, &n, &why) == ERR_OK); /* no request's */
    CHECK_STR(said, "");
    log_set_request("00ff");
    CHECK(db_number(own, &NAP, DB_NOTHING, &n, &why) == ERR_OK);
    snprintf(expected, sizeof expected, "ms, connection %lld\"", (long long)id);
    CHECK_MSG(strstr(said, "\"event\":\"db.slow\"") && strstr(said, "t.nap: ") &&
                  strstr(said, "\"request_id\":\"00ff\"") && strstr(said, expected),
              "%s", said);
    said[0] = '\0';
    config.db_slow_ms = 0;
    CHECK(db_number(own, &NAP, DB_NOTHING, &n, &why) == ERR_OK);
    CHECK_STR(said, "");
    log_set_request("");
    log_set_sink(NULL, NULL, LOG_WARNING);
    db_free(own);
}

static bool logged(const char *text)
{
    static const struct db_sql FIND = {
        "t.logged", "SELECT COUNT(*) FROM mysql.general_log WHERE command_type = 'Query' AND argument = ?"};
    int64_t n = 0;
    struct fail why = {0};
    CHECK_MSG(db_number(db, &FIND, DB_BIND(db_text(text)), &n, &why) == ERR_OK, "%s", why.text);
    return n > 0;
}

static void a_transaction_carries_its_request(void)
{
    struct fail why = {0};
    must("SET GLOBAL log_output = 'TABLE'");
    must("SET GLOBAL general_log = 1");
    log_set_request("0123456789abcdef0123456789abcdef");
    CHECK(db_begin(db, &why) == ERR_OK && db_commit(db, &why) == ERR_OK);
    log_set_request("x*/ DROP TABLE t");
    CHECK(db_begin(db, &why) == ERR_OK);
    db_rollback(db);
    log_set_request("");
    must("SET GLOBAL general_log = 0");
    CHECK(logged("START TRANSACTION /* 0123456789abcdef0123456789abcdef */"));
    CHECK(logged("COMMIT /* 0123456789abcdef0123456789abcdef */"));
    CHECK(logged("ROLLBACK") && !logged("ROLLBACK /* x*/ DROP TABLE t */"));
    must("TRUNCATE TABLE mysql.general_log");
    must("SET GLOBAL log_output = 'FILE'");
}

static void what_was_asked_is_counted(void)
{
    static const struct db_sql ONE = {"t.one", "SELECT SLEEP(0.02)"};
    struct db_work before = *db_work(db);
    struct fail why = {0};
    int64_t n;
    CHECK(db_number(db, &ONE, DB_NOTHING, &n, &why) == ERR_OK && db_begin(db, &why) == ERR_OK);
    db_rollback(db);
    CHECK_INT(db_work(db)->statements - before.statements, 3);
    CHECK(db_work(db)->seconds - before.seconds >= 0.02);
    CHECK_INT(db_work(db)->failures, 0);
    struct config away = server.config;
    snprintf(away.db_socket, sizeof away.db_socket, "/nonexistent");
    struct db *other = db_new(&away, 0);
    CHECK(db_number(other, &ONE, DB_NOTHING, &n, &why) == ERR_UNAVAILABLE);
    CHECK(db_work(other)->failures == 1 && db_work(other)->statements == 1 && db_work(other)->away_until > 0);
    db_free(other);
}

int main(void)
{
    if (!mariadb_start(&server, "mvti_db_request_test"))
        return 1;
    db = db_new(&server.config, 20000);
    RUN(what_was_asked_is_counted);
    RUN(a_slow_statement_of_a_request_is_logged_with_its_connection);
    if (server.pid > 0)
        RUN(a_transaction_carries_its_request);
    else
        SKIP(a_transaction_carries_its_request, "the server is shared with other tests");
    db_free(db);
    mariadb_stop(&server);
    return check_done();
}
