/* A database that goes and comes back, for who has been told to wait for it. */
#include "tests/check.h"

#include <pthread.h>
#include <stdio.h>

#include "base/clock.h"
#include "fixture/eventually.h"
#include "fixture/mariadb.h"
#include "fixture/tables.h"
#include "store/db.h"

static struct mariadb server;

static bool is_gone(void *arg)
{
    char sql[100];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM information_schema.processlist WHERE id = %lld",
             (long long)*(int64_t *)arg);
    return tables_number(&server, sql) == 0;
}

static void kill_connection_of(struct db *d)
{
    static const struct db_sql me = {"me", "SELECT CONNECTION_ID()"};
    struct fail why = {0};
    int64_t id = 0;
    char sql[40];
    CHECK_MSG(db_number(d, &me, DB_NOTHING, &id, &why) == ERR_OK, "%s", why.text);
    snprintf(sql, sizeof sql, "KILL %lld", (long long)id);
    tables_run(&server, sql);
    CHECK(eventually(is_gone, &id));
}

static void *ask_patiently(void *arg)
{
    struct fail why = {0};
    enum err rc = db_ping(arg, &why);
    return rc == ERR_OK ? arg : NULL;
}

static void who_is_patient_waits_once(void)
{
    struct fail why = {0};
    struct config c = server.config;
    c.db_patience_ms = 400;
    struct db *d = db_new(&c, 20000);
    CHECK(db_ping(d, &why) == ERR_OK);
    mariadb_kill(&server);
    double start = clock_monotonic();
    CHECK(db_ping(d, &why) == ERR_UNAVAILABLE);
    double first = clock_monotonic() - start;
    CHECK_MSG(first >= 0.35, "%.2f s", first);
    CHECK(db_ping(d, &why) == ERR_UNAVAILABLE);
    CHECK_MSG(clock_monotonic() - start - first < 0.2, "%.2f s", clock_monotonic() - start - first);
    c.db_patience_ms = 60000;
    struct db *patient = db_new(&c, 20000);
    void *answered = NULL;
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, ask_patiently, patient) == 0);
    CHECK(mariadb_again(&server));
    pthread_join(thread, &answered);
    CHECK(answered != NULL);
    db_free(patient);
    db_free(d);
}

static int onces;

static enum err lose_one_commit(struct db *d, void *arg, struct fail *why)
{
    (void)arg;
    static const struct db_sql put = {"once", "INSERT INTO once (id) VALUES (1)"};
    enum err rc = db_exec(d, &put, DB_NOTHING, why);
    if (rc == ERR_OK && onces++ == 0)
        kill_connection_of(d);
    return rc;
}

/* Of a commit without an answer, by who can be told that it was done. */
static void what_is_done_once_is_asked_for_again(void)
{
    struct fail why = {0};
    struct config c = server.config;
    c.db_patience_ms = 60000;
    struct db *d = db_new(&c, 20000);
    tables_run(&server, "CREATE TABLE once (id INT PRIMARY KEY) ENGINE=InnoDB");
    CHECK_MSG(db_transaction_once(d, lose_one_commit, NULL, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(onces, 2);
    CHECK(db_transaction_once(d, lose_one_commit, NULL, &why) == ERR_CONFLICT);
    onces = 0;
    tables_run(&server, "DELETE FROM once");
    CHECK(db_transaction(d, lose_one_commit, NULL, &why) == ERR_UNAVAILABLE);
    CHECK_INT(onces, 1);
    db_free(d);
}

int main(void)
{
    if (!mariadb_start(&server, "mvti_db_patience_test"))
        return 1;
    if (server.pid > 0) {
        RUN(what_is_done_once_is_asked_for_again);
        RUN(who_is_patient_waits_once);
    } else {
        SKIP(what_is_done_once_is_asked_for_again, "the server is shared with other tests");
        SKIP(who_is_patient_waits_once, "the server is shared with other tests");
    }
    mariadb_stop(&server);
    return check_done();
}
