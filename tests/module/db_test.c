/* store/db against a real server: kinds of values, long texts, reconnects, deadlocks. */
#include "tests/check.h"

#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "base/clock.h"
#include "fixture/eventually.h"
#include "fixture/mariadb.h"
#include "store/db.h"
#include "tests/fixture/patience.h"

static struct mariadb server;
static struct db *db;

static void must(const char *sql)
{
    struct fail why = {0};
    CHECK_MSG(db_exec_text(db, sql, strlen(sql), &why) == ERR_OK, "%s", why.text);
}

static const struct db_sql INSERT = {"t.insert",
                                     "INSERT INTO t (id, text, bytes, number, big) VALUES (?, ?, ?, ?, ?)"};
static const struct db_sql SELECT = {"t.select", "SELECT text, bytes, number, big FROM t WHERE id = ?"};
static const struct db_sql COUNT = {"t.count", "SELECT COUNT(*) FROM t"};
static const struct db_sql BUMP = {"t.bump", "UPDATE t SET number = number + 1 WHERE id = ?"};

static int64_t count(void)
{
    struct db_rows rows;
    struct fail why = {0};
    CHECK_MSG(db_first(db, &COUNT, DB_NOTHING, &rows, &why) == ERR_OK, "%s", why.text);
    int64_t n = db_get_int(&rows, 0);
    CHECK(db_end(&rows, &why) == ERR_OK);
    return n;
}

static enum err insert(int64_t id, const char *text, struct fail *why)
{
    return db_exec(db, &INSERT,
                   DB_BIND(db_int(id), db_text(text), db_bytes("\0\1\xff", 3), db_real(0.5), db_int(-1)),
                   why);
}

static void values_come_back(void)
{
    struct fail why = {0};
    CHECK(insert(1, "아바타 😀", &why) == ERR_OK);
    CHECK_INT(db_affected(db), 1);
    struct db_rows rows;
    CHECK(db_first(db, &SELECT, DB_BIND(db_int(1)), &rows, &why) == ERR_OK);
    CHECK_STR(db_get_text(&rows, 0), "아바타 😀");
    size_t n;
    const void *bytes = db_get_bytes(&rows, 1, &n);
    CHECK(n == 3 && memcmp(bytes, "\0\1\xff", 3) == 0);
    CHECK_NEAR(db_get_real(&rows, 2), 0.5, 0);
    CHECK_INT(db_get_int(&rows, 3), -1);
    CHECK(!db_next(&rows));
    CHECK(db_end(&rows, &why) == ERR_OK);
    CHECK(db_first(db, &SELECT, DB_BIND(db_int(99)), &rows, &why) == ERR_NOT_FOUND);
}

static void null_reads_as_empty(void)
{
    struct fail why = {0};
    CHECK(db_exec(db, &INSERT, DB_BIND(db_int(2), db_null(), db_null(), db_null(), db_null()), &why) ==
          ERR_OK);
    struct db_rows rows;
    CHECK(db_first(db, &SELECT, DB_BIND(db_int(2)), &rows, &why) == ERR_OK);
    CHECK(db_is_null(&rows, 0) && db_is_null(&rows, 3));
    CHECK_STR(db_get_text(&rows, 0), "");
    CHECK_INT(db_get_int(&rows, 3), 0);
    CHECK(db_end(&rows, &why) == ERR_OK);
}

static void long_texts_are_whole(void)
{
    static char text[60001];
    struct fail why = {0};
    for (size_t n = 255; n <= 60000; n = n < 258 ? n + 1 : n * 9 + 1) {
        memset(text, 'a' + (int)(n % 26), n);
        text[n] = '\0';
        CHECK(insert((int64_t)n, text, &why) == ERR_OK);
        struct db_rows rows;
        CHECK(db_first(db, &SELECT, DB_BIND(db_int((int64_t)n)), &rows, &why) == ERR_OK);
        CHECK(strcmp(db_get_text(&rows, 0), text) == 0);
        CHECK(db_end(&rows, &why) == ERR_OK);
    }
}

static void wrong_use_is_reported(void)
{
    struct fail why = {0};
    struct db_rows rows, again;
    CHECK(db_first(db, &SELECT, DB_BIND(db_int(1)), &rows, &why) == ERR_OK);
    CHECK(db_query(db, &SELECT, DB_BIND(db_int(1)), &again, &why) == ERR_FAULT);
    CHECK_INT(db_get_int(&rows, 0), 0); /* a text read as a number */
    CHECK(db_end(&rows, &why) == ERR_FAULT);
    CHECK(db_exec(db, &SELECT, DB_BIND(db_int(1)), &why) == ERR_FAULT);
    CHECK(db_exec(db, &BUMP, DB_NOTHING, &why) == ERR_FAULT);
}

static void errors_have_codes(void)
{
    struct fail why = {0};
    CHECK(insert(1, "twice", &why) == ERR_CONFLICT);
    CHECK(strstr(why.text, "t.insert") != NULL);
    CHECK(db_exec(db, &INSERT, DB_BIND(db_int(5), db_text("\xff\xfe"), db_null(), db_null(), db_null()),
                  &why) == ERR_INVALID);
    static const struct db_sql none = {"none", "DELETE FROM nothing"};
    CHECK(db_exec(db, &none, DB_NOTHING, &why) == ERR_UNAVAILABLE);
    static const struct db_sql wrong = {"wrong", "SELEKT 1"};
    CHECK(db_exec(db, &wrong, DB_NOTHING, &why) == ERR_FAULT);
}

static enum err insert_then_fail(struct db *d, void *arg, struct fail *why)
{
    (void)d;
    enum err rc = insert(1000, "half", why);
    return rc != ERR_OK ? rc : *(enum err *)arg;
}

static void a_failed_transaction_leaves_nothing(void)
{
    struct fail why = {0};
    int64_t before = count();
    enum err result = ERR_INVALID;
    CHECK(db_transaction(db, insert_then_fail, &result, &why) == ERR_INVALID);
    CHECK_INT(count(), before);
    result = ERR_OK;
    CHECK(db_transaction(db, insert_then_fail, &result, &why) == ERR_OK);
    CHECK_INT(count(), before + 1);
}

/* Two connections update the same two rows in opposite order: one must be chosen as the deadlock's victim,
 * and both must succeed in the end. */
struct crossing {
    struct db *db;
    int64_t first, second;
    pthread_barrier_t *both;
    int runs;
    enum err rc;
};

static enum err cross(struct db *d, void *arg, struct fail *why)
{
    struct crossing *c = arg;
    enum err rc = db_exec(d, &BUMP, DB_BIND(db_int(c->first)), why);
    if (c->runs++ == 0)
        pthread_barrier_wait(c->both);
    return rc != ERR_OK ? rc : db_exec(d, &BUMP, DB_BIND(db_int(c->second)), why);
}

static void *crossing_thread(void *arg)
{
    struct crossing *c = arg;
    c->db = db_new(&server.config, 20000);
    c->rc = db_transaction(c->db, cross, c, NULL);
    db_free(c->db);
    return NULL;
}

static void deadlocks_are_retried(void)
{
    struct fail why = {0};
    CHECK(insert(501, "a", &why) == ERR_OK && insert(502, "b", &why) == ERR_OK);
    pthread_barrier_t both;
    pthread_barrier_init(&both, NULL, 2);
    struct crossing c[2] = {{.first = 501, .second = 502, .both = &both},
                            {.first = 502, .second = 501, .both = &both}};
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], NULL, crossing_thread, &c[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    CHECK(c[0].rc == ERR_OK && c[1].rc == ERR_OK);
    CHECK_INT(c[0].runs + c[1].runs, 3);
    struct db_rows rows;
    CHECK(db_first(db, &SELECT, DB_BIND(db_int(501)), &rows, &why) == ERR_OK);
    CHECK_NEAR(db_get_real(&rows, 2), 2.5, 0);
    CHECK(db_end(&rows, &why) == ERR_OK);
}

struct connection {
    struct db *db; /* another one, to ask about it */
    long long id;
};

static bool is_gone(void *arg)
{
    static const struct db_sql ALIVE = {"alive",
                                        "SELECT COUNT(*) FROM information_schema.processlist WHERE id = ?"};
    struct connection *c = arg;
    struct db_rows rows;
    struct fail why = {0};
    bool ok = db_first(c->db, &ALIVE, DB_BIND(db_int(c->id)), &rows, &why) == ERR_OK;
    bool gone = ok && db_get_int(&rows, 0) == 0;
    CHECK_MSG(ok && db_end(&rows, &why) == ERR_OK, "%s", why.text);
    return gone;
}

static void kill_connection(void)
{
    struct db_rows rows;
    struct fail why = {0};
    static const struct db_sql me = {"me", "SELECT CONNECTION_ID()"};
    CHECK(db_first(db, &me, DB_NOTHING, &rows, &why) == ERR_OK);
    long long id = (long long)db_get_int(&rows, 0);
    CHECK(db_end(&rows, &why) == ERR_OK);
    struct connection other = {db_new(&server.config, 20000), id};
    char sql[64];
    snprintf(sql, sizeof sql, "KILL %lld", id);
    CHECK(db_exec_text(other.db, sql, strlen(sql), &why) == ERR_OK);
    CHECK(eventually(is_gone, &other));
    db_free(other.db);
}

static void a_lost_connection_is_replaced(void)
{
    int64_t before = count();
    kill_connection();
    CHECK_INT(count(), before); /* the same prepared statement, on a new connection */
}

static int losses;

static enum err lose_once(struct db *d, void *arg, struct fail *why)
{
    (void)d;
    enum err rc = insert(2000, "once", why);
    if (rc == ERR_OK && losses++ == 0) {
        kill_connection();
        rc = insert(2001, "lost", why);
        CHECK(rc == ERR_UNAVAILABLE);
        CHECK(insert(2002, "still lost", arg) == ERR_UNAVAILABLE);
    }
    return rc;
}

static void a_connection_lost_inside_is_run_again(void)
{
    struct fail why = {0};
    int64_t before = count();
    CHECK_MSG(db_transaction(db, lose_once, NULL, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(losses, 2);
    CHECK_INT(count(), before + 1);
}

static int commits;

static enum err lose_before_the_commit(struct db *d, void *arg, struct fail *why)
{
    (void)d;
    (void)arg;
    enum err rc = insert(4000 + commits++, "maybe", why);
    kill_connection();
    return rc;
}

/* The server may have committed before it went: to run it again could do it twice. */
static void a_commit_without_an_answer_is_not_run_again(void)
{
    struct fail why = {0};
    CHECK(db_transaction(db, lose_before_the_commit, NULL, &why) == ERR_UNAVAILABLE);
    CHECK_INT(commits, 1);
    CHECK(!db_may_retry(db));
}

static void what_is_lost_inside_is_over(void)
{
    struct fail why = {0};
    int64_t before = count();
    CHECK(db_begin(db, &why) == ERR_OK && db_begin(db, &why) == ERR_FAULT);
    CHECK(strstr(why.text, "transaction inside a transaction") != NULL);
    kill_connection();
    CHECK(insert(5000, "lost", &why) == ERR_UNAVAILABLE && db_commit(db, &why) == ERR_UNAVAILABLE);
    CHECK(strstr(why.text, "lost inside the transaction") != NULL);
    db_rollback(db);
    CHECK(db_commit(db, &why) == ERR_FAULT && strstr(why.text, "commit outside a transaction") != NULL);
    CHECK(db_begin(db, &why) == ERR_OK && insert(5001, "lost", &why) == ERR_OK);
    kill_connection();
    db_rollback(db); /* which the server has done already */
    CHECK_INT(count(), before);
}

/* Another statement has found the connection lost meanwhile. */
static void a_result_ends_with_its_connection(void)
{
    struct fail why = {0};
    struct db_rows rows;
    static const struct db_sql ALL = {"t.all", "SELECT id FROM t ORDER BY id"};
    CHECK(db_query(db, &ALL, DB_NOTHING, &rows, &why) == ERR_OK && db_next(&rows));
    kill_connection();
    CHECK(count() > 0); /* on another connection */
    CHECK_INT(db_get_int(&rows, 0), 1);
    CHECK(!db_next(&rows) && db_end(&rows, &why) == ERR_UNAVAILABLE && strstr(why.text, "t.all: ") != NULL);
    CHECK(!db_next(&rows) && db_query(db, &ALL, DB_NOTHING, &rows, &why) == ERR_OK && db_next(&rows));
    CHECK(db_end(&rows, &why) == ERR_OK);
}

static void numbers_and_columns_that_do_not_fit(void)
{
    static const struct db_sql LARGE = {"large", "SELECT CAST(18446744073709551615 AS UNSIGNED), 7"};
    struct fail why = {0};
    struct db_rows rows;
    CHECK(db_first(db, &LARGE, DB_NOTHING, &rows, &why) == ERR_OK);
    CHECK_INT(db_get_int(&rows, 1), 7);
    (void)db_get_int(&rows, 0);
    CHECK(db_end(&rows, &why) == ERR_FAULT && strstr(why.text, "large: a number does not fit") != NULL);
    CHECK(db_first(db, &LARGE, DB_NOTHING, &rows, &why) == ERR_OK);
    CHECK_INT(db_get_int(&rows, 2), 0);
    CHECK(db_end(&rows, &why) == ERR_FAULT && strstr(why.text, "large: no such column") != NULL);
    CHECK_INT(db_get_int(&rows, 0), 0); /* of a result that has ended */
    CHECK(db_query(db, &BUMP, DB_BIND(db_int(1)), &rows, &why) == ERR_FAULT &&
          strstr(why.text, "no rows") != NULL);
}

static void the_connection_speaks_utc_and_strict(void)
{
    static const struct db_sql ask = {
        "ask", "SELECT @@session.time_zone, @@session.character_set_client, @@session.sql_mode"};
    struct db_rows rows;
    struct fail why = {0};
    CHECK(db_first(db, &ask, DB_NOTHING, &rows, &why) == ERR_OK);
    CHECK_STR(db_get_text(&rows, 0), "+00:00");
    CHECK_STR(db_get_text(&rows, 1), "utf8mb4");
    CHECK(strstr(db_get_text(&rows, 2), "STRICT_ALL_TABLES") != NULL);
    CHECK(db_end(&rows, &why) == ERR_OK);
}

static void an_absent_server_costs_little(void)
{
    struct config c = server.config;
    snprintf(c.db_socket, CONFIG_TEXT, "%s/nobody", server.folder);
    struct db *d = db_new(&c, 0);
    struct fail why = {0};
    CHECK(db_ping(d, &why) == ERR_UNAVAILABLE);
    double start = clock_monotonic();
    for (int i = 0; i < 10000; i++)
        CHECK(db_ping(d, &why) == ERR_UNAVAILABLE);
    CHECK(patience_within(clock_monotonic() - start, 0.5));
    CHECK(strstr(why.text, "cannot connect") != NULL);
    db_free(d);
}

static enum err ask_number(struct db *d, const struct db_sql *sql, int64_t *out)
{
    struct db_rows rows;
    struct fail why = {0};
    enum err rc = db_first(d, sql, DB_NOTHING, &rows, &why);
    if (rc != ERR_OK)
        return rc;
    *out = db_get_int(&rows, 0);
    return db_end(&rows, &why);
}

/* MySQL's SLEEP that is all of a statement gives 1 when it is ended; as a condition of one it fails it. */
#define SLEEPER "SELECT COUNT(*) FROM (SELECT 1 AS one) AS a WHERE SLEEP(20) = one"
static const struct db_sql SLOW = {"slow", SLEEPER};
static const struct db_sql ME = {"me", "SELECT CONNECTION_ID()"};

/* The server ends it, the connection stays, and the next one is answered. */
static void a_slow_statement_fails_alone(void)
{
    struct db *d = db_new(&server.config, 2000);
    int64_t before = 0, after = 0, n;
    CHECK(ask_number(d, &ME, &before) == ERR_OK);
    double start = clock_monotonic();
    CHECK(ask_number(d, &SLOW, &n) == ERR_BUSY);
    CHECK_MSG(clock_monotonic() - start < 10, "%.2f s", clock_monotonic() - start);
    CHECK(ask_number(d, &ME, &after) == ERR_OK);
    CHECK_INT(after, before);
    db_free(d);
}

/* One that the server does not end is given up, with its connection; but a server that greets us is not away.
 */
static void a_statement_without_an_end_is_no_outage(void)
{
    struct db *d = db_new(&server.config, 1000);
    static const char forever[] = "SET SESSION lock_wait_timeout = 50 /*M!100101 , max_statement_time = 0 */ "
                                  "/*!80000 , max_execution_time = 0 */";
    int64_t before = 0, after = 0, n;
    CHECK(db_exec_text(d, forever, sizeof forever - 1, NULL) == ERR_OK);
    CHECK(ask_number(d, &ME, &before) == ERR_OK);
    CHECK(ask_number(d, &SLOW, &n) == ERR_UNAVAILABLE);
    CHECK(ask_number(d, &ME, &after) == ERR_OK && after != before);
    /* The same where it has to be prepared first, and inside a transaction. */
    static const struct db_sql again = {"again", SLEEPER " + 1"};
    CHECK(db_exec_text(d, forever, sizeof forever - 1, NULL) == ERR_OK && db_begin(d, NULL) == ERR_OK);
    CHECK(ask_number(d, &again, &n) == ERR_UNAVAILABLE);
    CHECK(ask_number(d, &ME, &after) == ERR_UNAVAILABLE); /* what was begun is gone */
    db_rollback(d);
    CHECK(ask_number(d, &ME, &after) == ERR_OK);
    db_free(d);
}

static enum err bump(struct db *d, void *arg, struct fail *why)
{
    return db_exec(d, &BUMP, DB_BIND(db_int(*(int64_t *)arg)), why);
}

static void a_locked_row_fails_who_wants_it(void)
{
    struct fail why = {0};
    int64_t held = 601, other = 602;
    CHECK(insert(held, "a", &why) == ERR_OK && insert(other, "b", &why) == ERR_OK);
    struct db *holder = db_new(&server.config, 20000), *d = db_new(&server.config, 2000);
    CHECK(db_begin(holder, &why) == ERR_OK && bump(holder, &held, &why) == ERR_OK);
    double start = clock_monotonic();
    CHECK(db_transaction(d, bump, &held, &why) == ERR_BUSY);
    CHECK_MSG(clock_monotonic() - start < 4, "%.2f s",
              clock_monotonic() - start); /* not five times in a row */
    CHECK(db_transaction(d, bump, &other, &why) == ERR_OK);
    db_rollback(holder);
    CHECK(db_transaction(d, bump, &held, &why) == ERR_OK);
    db_free(holder);
    db_free(d);
}

/* A server that neither answers nor refuses: one call waits for the timeout, the next ones do not. */
static void a_hanging_server_is_left_alone(void)
{
    struct config c = server.config;
    c.db_timeout_ms = 1000;
    struct db *d = db_new(&c, 0);
    struct fail why = {0};
    CHECK(db_ping(d, &why) == ERR_OK);
    kill((pid_t)server.pid, SIGSTOP);
    CHECK(waitpid((pid_t)server.pid, NULL, WUNTRACED) == (pid_t)server.pid); /* until it has stopped */
    double start = clock_monotonic();
    CHECK(db_ping(d, &why) == ERR_UNAVAILABLE);
    double first = clock_monotonic() - start;
    CHECK_MSG(first > 0.5 && patience_within(first, 3), "%.2f s", first);
    for (int i = 0; i < 1000; i++)
        CHECK(db_ping(d, &why) == ERR_UNAVAILABLE);
    double rest = clock_monotonic() - start - first;
    CHECK_MSG(patience_within(rest, 0.2), "%.2f s", rest);
    kill((pid_t)server.pid, SIGCONT);
    db_free(d);
}

/* A refused connection is tried again after a second. */
static bool takes_a_row(void *unused)
{
    (void)unused;
    return insert(3001, "back", NULL) == ERR_OK;
}

static void a_killed_server_is_found_again(void)
{
    struct fail why = {0};
    mariadb_kill(&server);
    CHECK(db_ping(db, &why) == ERR_UNAVAILABLE);
    CHECK(insert(3000, "away", &why) == ERR_UNAVAILABLE);
    CHECK(mariadb_again(&server));
    CHECK(eventually(takes_a_row, NULL));
}

int main(void)
{
    if (!mariadb_start(&server, "mvti_db_test"))
        return 1;
    db = db_new(&server.config, 20000);
    must("CREATE TABLE t (id INT PRIMARY KEY, text MEDIUMTEXT, bytes VARBINARY(16), number DOUBLE, big "
         "BIGINT) "
         "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4");
    RUN(values_come_back);
    RUN(null_reads_as_empty);
    RUN(long_texts_are_whole);
    RUN(wrong_use_is_reported);
    RUN(errors_have_codes);
    RUN(a_failed_transaction_leaves_nothing);
    RUN(deadlocks_are_retried);
    RUN(a_lost_connection_is_replaced);
    RUN(a_connection_lost_inside_is_run_again);
    RUN(a_commit_without_an_answer_is_not_run_again);
    RUN(what_is_lost_inside_is_over);
    RUN(a_result_ends_with_its_connection);
    RUN(numbers_and_columns_that_do_not_fit);
    RUN(the_connection_speaks_utc_and_strict);
    RUN(an_absent_server_costs_little);
    RUN(a_slow_statement_fails_alone);
    RUN(a_statement_without_an_end_is_no_outage);
    RUN(a_locked_row_fails_who_wants_it);
    if (server.pid > 0) {
        RUN(a_hanging_server_is_left_alone);
        RUN(a_killed_server_is_found_again);
    } else {
        SKIP(a_hanging_server_is_left_alone, "the server is shared with other tests");
        SKIP(a_killed_server_is_found_again, "the server is shared with other tests");
    }
    db_free(db);
    mariadb_stop(&server);
    return check_done();
}
