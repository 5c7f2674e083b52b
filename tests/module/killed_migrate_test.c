/* Migrations that are killed at each of their statements: before it, behind it before that is recorded, and when it is. The next run goes
 * on, and what comes of it is what an undisturbed run makes. */
#include "tests/check.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secret.h"
#include "fixture/eventually.h"
#include "fixture/file.h"
#include "fixture/refusing.h"
#include "fixture/tables.h"
#include "store/migrate.h"

/* Where a run ends, and how: an exit status. */
enum end { WHOLE, AT_STATEMENT, AT_RECORD, WAITED, FAILED };
enum where { BEFORE, BEHIND, RECORDED };

static struct mariadb server;
static enum where dying;
static int patience = 20; /* seconds that a run waits for its turn */
static int passes;        /* so many of these places are passed by first */

/* ---- a run that dies ---- */

/* A statement of a file, no matter of the runner's own. SET is none that could be cut off. */
static bool of_a_file(const char *name, const char *text)
{
    return strcmp(name, "text") == 0 && strncmp(text, "SET ", 4) != 0 &&
           strncmp(text, "CREATE TABLE IF NOT EXISTS schema_", 34) != 0;
}

static void die(enum end where)
{
    if (passes-- == 0)
        _exit((int)where);
}

static void on_before(const char *name, const char *text)
{
    if (dying == BEFORE && of_a_file(name, text))
        die(AT_STATEMENT);
    if (dying == BEFORE && strcmp(name, "migrate.record") == 0)
        die(AT_RECORD);
}

static void on_behind(const char *name, const char *text)
{
    if (dying == BEHIND && of_a_file(name, text))
        die(AT_STATEMENT);
    if (dying == BEHIND && strcmp(name, "migrate.record") == 0)
        die(AT_RECORD);
    if (dying == RECORDED && strcmp(name, "migrate.step_done") == 0)
        die(AT_STATEMENT);
}

static pid_t begin_run(const char *folder, enum where where, int pass)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    dying = where;
    passes = pass;
    refusing_watch(on_before, on_behind);
    struct arena a = {0};
    struct fail why = {0};
    struct db *db = db_new(&server.config, 20000);
    enum err rc = migrate_run(db, folder, patience, &a, NULL, NULL, &why);
    if (rc == ERR_BUSY && strstr(why.text, "still at work") != NULL)
        _exit(WAITED);
    if (rc != ERR_OK)
        fprintf(stderr, "%s\n", why.text);
    _exit(rc == ERR_OK ? WHOLE : FAILED);
}

static enum end end_run(pid_t pid)
{
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? (enum end)WEXITSTATUS(status) : FAILED;
}

static enum end run(const char *folder, enum where where, int pass)
{
    return end_run(begin_run(folder, where, pass));
}

/* ---- databases ---- */

static int64_t number(const char *sql)
{
    return tables_number(&server, sql);
}

static void use_database(const char *name)
{
    char sql[200];
    snprintf(server.config.db_name, sizeof server.config.db_name, "information_schema");
    snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s", name);
    tables_run(&server, sql);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s CHARACTER SET utf8mb4", name);
    tables_run(&server, sql);
    snprintf(server.config.db_name, sizeof server.config.db_name, "%s", name);
}

/* Rows of `what` in information_schema that one of the two has and the other has not. */
static int64_t differences(const char *what, const char *table)
{
    char sql[1500];
    snprintf(sql, sizeof sql,
             "SELECT COUNT(*) FROM ((SELECT %1$s FROM information_schema.%2$s WHERE table_schema = "
             "'killed_a' EXCEPT SELECT "
             "%1$s FROM information_schema.%2$s WHERE table_schema = 'killed_b') UNION ALL (SELECT %1$s FROM "
             "information_schema.%2$s WHERE table_schema = 'killed_b' EXCEPT SELECT %1$s FROM "
             "information_schema.%2$s WHERE "
             "table_schema = 'killed_a')) d",
             what, table);
    return number(sql);
}

static void both_are_the_same(void)
{
    CHECK(number("SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = 'killed_a'") > 500);
    CHECK_INT(differences("table_name, column_name, ordinal_position, column_default, is_nullable, "
                          "column_type, collation_name, "
                          "extra, column_comment",
                          "columns"),
              0);
    CHECK_INT(
        differences("table_name, index_name, seq_in_index, column_name, non_unique, sub_part, index_type",
                    "statistics"),
        0);
    CHECK_INT(differences("table_name, table_type, engine, table_collation, table_comment", "tables"), 0);
    CHECK_INT(differences("table_name, REPLACE(view_definition, table_schema, ''), security_type", "views"),
              0);
}

/* Statements and files that have run, as one number that grows. */
static int64_t position(void)
{
    return number("SELECT 1000 * (SELECT COUNT(*) FROM schema_migration) + COALESCE((SELECT MAX(done) FROM "
                  "schema_step), 0)");
}

static void killed_at_each_statement(void)
{
    static const char folder[] = "sql/migrations";
    int places = 0;
    use_database("killed_a");
    CHECK_INT(run(folder, RECORDED, 1 << 30), WHOLE);
    use_database("killed_b");
    for (enum end e = AT_STATEMENT; e != WHOLE; places++) {
        e = run(folder, BEFORE, 0);
        if (e == AT_STATEMENT || e == AT_RECORD)
            e = run(folder, BEHIND, 0);
        int64_t before = e == WHOLE ? 0 : position();
        if (e == AT_STATEMENT)
            e = run(folder, RECORDED, 0);
        if (e != WHOLE && position() == before) /* it was in a transaction: past it, then */
            e = run(folder, BEFORE, 1);
        CHECK(e != FAILED);
        if (e == FAILED)
            return;
    }
    CHECK_MSG(places > 150, "%d", places);
    CHECK_INT(number("SELECT COUNT(*) FROM schema_step"), 0);
    both_are_the_same();
}

/* ---- a statement that outlives its program ---- */

static void put(const char *name, const char *text)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", server.folder, name);
    CHECK(file_put_text(path, text));
}

static bool server_is_at_work(void *arg)
{
    (void)arg;
    return number("SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'UPDATE a SET %'") > 0;
}

/* Whoever comes meanwhile goes away, and leaves the lock as it was, so that the next one waits too. */
static void what_the_server_goes_on_with_is_waited_for(void)
{
    use_database("killed_c");
    mkdir(mariadb_path(&server, "m"), 0700);
    put("m/0001_a.sql", "CREATE TABLE a (x INT);\nINSERT INTO a VALUES (1);");
    CHECK_INT(run(mariadb_path(&server, "m"), RECORDED, 1 << 30), WHOLE);
    put("m/0002_b.sql", "UPDATE a SET x = x + 1 + SLEEP(6);");
    pid_t first = begin_run(mariadb_path(&server, "m"), RECORDED, 1 << 30);
    CHECK(eventually(server_is_at_work, NULL));
    CHECK(kill(first, SIGKILL) == 0 && waitpid(first, NULL, 0) == first);
    patience = 0;
    CHECK_INT(run(mariadb_path(&server, "m"), RECORDED, 1 << 30), WAITED);
    CHECK_INT(number("SELECT COUNT(*) FROM schema_lock WHERE holder IS NOT NULL"), 1);
    CHECK_INT(run(mariadb_path(&server, "m"), RECORDED, 1 << 30), WAITED);
    patience = 20;
    CHECK_INT(run(mariadb_path(&server, "m"), RECORDED, 1 << 30), WHOLE);
    CHECK_INT(number("SELECT x FROM a"), 2);
}

int main(void)
{
    if (secret_init() != ERR_OK || !mariadb_start(&server, "killed_a"))
        return 1;
    RUN(killed_at_each_statement);
    RUN(what_the_server_goes_on_with_is_waited_for);
    mariadb_stop(&server);
    return check_done();
}
