/* Migrations against a real server: the repository's own, and made-up folders for what can go wrong. */
#include "tests/check.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secret.h"
#include "fixture/file.h"
#include "fixture/tables.h"
#include "store/counter.h"
#include "store/migrate.h"
#include "store/schema.h"
#include "store/sql_split.h"

static struct mariadb server;
static struct db *db;
static struct arena arena;

static int64_t number(const char *text)
{
    return tables_number(&server, text);
}

static void fresh_database(void)
{
    static char sql[600];
    snprintf(sql, sizeof sql, "DROP DATABASE %s", server.config.db_name);
    CHECK(db_exec_text(db, sql, strlen(sql), NULL) == ERR_OK);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s CHARACTER SET utf8mb4", server.config.db_name);
    CHECK(db_exec_text(db, sql, strlen(sql), NULL) == ERR_OK);
    db_free(db);
    db = db_new(&server.config, 20000);
}

static void put(const char *folder, const char *name, const char *text)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", server.folder, folder);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/%s/%s", server.folder, folder, name);
    CHECK(file_put_text(path, text));
}

static const char *folder_path(const char *folder)
{
    static char path[600];
    snprintf(path, sizeof path, "%s/%s", server.folder, folder);
    return path;
}

static size_t n_done;
static void on_done(void *arg, const struct migration *m)
{
    (void)arg;
    (void)m;
    n_done++;
}

static enum err migrate(const char *folder, struct fail *why)
{
    n_done = 0;
    return migrate_run(db, folder, 5, &arena, on_done, NULL, why);
}

static void the_real_ones_run_once(void)
{
    struct fail why = {0};
    CHECK_MSG(migrate("sql/migrations", &why) == ERR_OK, "%s", why.text);
    CHECK(n_done >= 3);
    CHECK(migrate("sql/migrations", &why) == ERR_OK);
    CHECK_INT(n_done, 0);
    struct migration_list l;
    CHECK(migrate_list(db, "sql/migrations", &arena, &l, &why) == ERR_OK);
    for (size_t i = 0; i < l.n; i++)
        CHECK_INT(l.items[i].state, MIGRATION_APPLIED);
}

/* Galera needs it to know two rows from each other, and a replica to find one. */
static void every_table_has_a_primary_key(void)
{
    CHECK_INT(
        number("SELECT COUNT(*) FROM information_schema.tables t LEFT JOIN "
               "information_schema.table_constraints k ON "
               "k.table_schema = t.table_schema AND k.table_name = t.table_name AND k.constraint_type = "
               "'PRIMARY KEY' "
               "WHERE t.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' AND k.table_name IS NULL"),
        0);
}

/* Every table and column says what it holds; no index is missing its table's engine. */
static void everything_has_a_comment(void)
{
    CHECK_INT(
        number("SELECT COUNT(*) FROM information_schema.columns c JOIN information_schema.tables t USING "
               "(table_schema, table_name) WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' "
               "AND c.column_comment = ''"),
        0);
    CHECK_INT(number("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND "
                     "table_type = 'BASE TABLE' AND (table_comment = '' OR engine <> 'InnoDB' OR "
                     "table_collation NOT LIKE 'utf8mb4%')"),
              0);
    CHECK(number("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND "
                 "table_type = 'BASE TABLE'") >= 15);
}

static void views_show_no_secrets(void)
{
    CHECK_INT(
        number(
            "SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND "
            "table_name LIKE 'v\\_%' AND (column_name LIKE '%token%' OR column_name LIKE '%hash%' OR "
            "(column_name LIKE '%answers%' AND data_type NOT IN ('int', 'bigint', 'decimal')))"), /* counts are none */
        0);
    CHECK_INT(number("SELECT COUNT(*) FROM v_daily"), 0);
    CHECK_INT(number("SELECT COUNT(*) FROM v_shown"), 0);
}

static void a_changed_file_is_refused_by_name(void)
{
    struct fail why = {0};
    fresh_database();
    put("changed", "0001_a.sql", "CREATE TABLE a (x INT);");
    put("changed", "0002_b.sql", "CREATE TABLE b (x INT);");
    CHECK(migrate(folder_path("changed"), &why) == ERR_OK);
    put("changed", "0001_a.sql", "CREATE TABLE a (x BIGINT);");
    put("changed", "0003_c.sql", "CREATE TABLE c (x INT);");
    CHECK(migrate(folder_path("changed"), &why) == ERR_CONFLICT);
    CHECK(strstr(why.text, "0001_a.sql") != NULL);
    CHECK_INT(number("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND "
                     "table_name = 'c'"),
              0);
}

static void a_failing_statement_names_its_line(void)
{
    struct fail why = {0};
    fresh_database();
    put("broken", "0001_a.sql", "CREATE TABLE a (x INT);");
    put("broken", "0002_b.sql",
        "-- one; comment\nCREATE TABLE IF NOT EXISTS b (x INT);\n\nCREATE TABEL c (x INT);\n");
    CHECK(migrate(folder_path("broken"), &why) != ERR_OK);
    CHECK_MSG(strstr(why.text, "0002_b.sql:4") != NULL, "%s", why.text);
    CHECK_INT(number("SELECT COUNT(*) FROM schema_migration"), 1);
    put("broken", "0002_b.sql", "CREATE TABLE IF NOT EXISTS b (x BIGINT);\nCREATE TABLE c (x INT);\n");
    CHECK(migrate(folder_path("broken"), &why) == ERR_CONFLICT); /* the first statement has run otherwise */
    CHECK_MSG(strstr(why.text, "the first 1 statements") != NULL, "%s", why.text);
    put("broken", "0002_b.sql",
        "-- one; comment\nCREATE TABLE IF NOT EXISTS b (x INT);\n\nCREATE TABLE c (x INT);\n");
    CHECK_MSG(migrate(folder_path("broken"), &why) == ERR_OK, "%s", why.text);
    CHECK_INT(number("SELECT COUNT(*) FROM schema_migration"), 2);
}

static void bad_names_are_refused(void)
{
    struct fail why = {0};
    put("names", "1_a.sql", "SELECT 1;");
    CHECK(migrate(folder_path("names"), &why) == ERR_INVALID);
    put("twice", "0001_a.sql", "SELECT 1;");
    put("twice", "0001_b.sql", "SELECT 1;");
    CHECK(migrate(folder_path("twice"), &why) == ERR_INVALID);
    CHECK(migrate(folder_path("absent"), &why) == ERR_NOT_FOUND);
}

static int migrate_in_child(const char *folder)
{
    pid_t pid = fork();
    if (pid != 0)
        return (int)pid;
    struct arena a = {0};
    struct db *mine = db_new(&server.config, 20000);
    struct fail why = {0};
    enum err rc = migrate_run(mine, folder, 20, &a, NULL, NULL, &why);
    if (rc != ERR_OK)
        fprintf(stderr, "child: %s\n", why.text);
    _exit((int)rc);
}

static void two_at_once_do_not_collide(void)
{
    fresh_database();
    put("slow", "0001_a.sql", "CREATE TABLE a (x INT); SELECT SLEEP(0.3); INSERT INTO a VALUES (1);");
    put("slow", "0002_b.sql", "SELECT SLEEP(0.3); INSERT INTO a VALUES (2);");
    int children[3];
    for (int i = 0; i < 3; i++)
        children[i] = migrate_in_child(folder_path("slow"));
    for (int i = 0; i < 3; i++) {
        int status = 1;
        waitpid(children[i], &status, 0);
        CHECK_INT(status, 0);
    }
    CHECK_INT(number("SELECT COUNT(*) FROM a"), 2);
}

static void a_dead_holder_is_noticed(void)
{
    struct fail why = {0};
    pid_t dead = fork();
    if (dead == 0)
        _exit(0);
    waitpid(dead, NULL, 0);
    char host[65], sql[256];
    gethostname(host, sizeof host);
    const char *take = "UPDATE schema_lock SET expires_at = NOW(6) + INTERVAL 1 HOUR, holder = '%s %ld'";
    snprintf(sql, sizeof sql, take, host, (long)dead);
    CHECK(db_exec_text(db, sql, strlen(sql), NULL) == ERR_OK);
    CHECK_MSG(migrate(folder_path("slow"), &why) == ERR_OK, "%s", why.text);
    snprintf(sql, sizeof sql, take, "elsewhere", 1L);
    CHECK(db_exec_text(db, sql, strlen(sql), NULL) == ERR_OK);
    CHECK(migrate_run(db, folder_path("slow"), 0, &arena, NULL, NULL, &why) == ERR_BUSY);
    CHECK(strstr(why.text, "elsewhere 1") != NULL);
}

/* ---- counters for what is there already (0014) ---- */

/* A database as 0013 left it, with what some thousand visitors did; of one visitor only the rows are left. */
static void a_database_at_13(void)
{
    static const char *const rows[] = {
        "INSERT INTO visitor (visitor_id) SELECT seq FROM " TABLES_NUMBERS("3000"),
        "INSERT INTO test (token, visitor_id, mbti, enneagram, locale, snapshot_id) SELECT LPAD(seq, 22, "
        "'0'), 1 + "
        "seq % 3001, 'INFP', '4w5', 'ko', 's' FROM " TABLES_NUMBERS("5000"),
        "INSERT INTO character_like (visitor_id, character_id, counted) SELECT 1 + seq % 3001, seq DIV 100, "
        "seq % 3 > "
        "0 FROM " TABLES_NUMBERS("9000"),
        "INSERT INTO character_vote (visitor_id, character_id, mbti, enneagram) SELECT 1 + seq % 3001, seq "
        "DIV 200, "
        "ELT(1 + seq % 2, 'INFP', 'ESTJ'), ELT(1 + seq % 3, '4w5', NULL, '1w2') FROM " TABLES_NUMBERS("4000"),
        ("INSERT INTO event (visitor_id, kind, character_id) SELECT 1 + seq % 3001, 'click', 7 "
         "FROM " TABLES_NUMBERS("9000")),
    };
    struct migration_list l;
    struct fail why = {0};
    fresh_database();
    CHECK(migrate_list(db, "sql/migrations", &arena, &l, &why) == ERR_OK);
    for (size_t i = 0; i < l.n && l.items[i].version <= 13; i++)
        put("thirteen", l.items[i].name, l.items[i].text);
    CHECK_MSG(migrate(folder_path("thirteen"), &why) == ERR_OK, "%s", why.text);
    CHECK_INT(n_done, 13);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        tables_run(&server, rows[i]);
}

static int64_t wrong_counters(bool mend)
{
    int64_t all = 0, wrong;
    struct fail why = {0};
    for (int kind = 0; kind < COUNTER_KINDS; kind++) {
        CHECK_MSG(counter_recount(db, (enum counter_kind)kind, mend, &wrong, &why) == ERR_OK, "%s", why.text);
        all += wrong;
    }
    return all;
}

static void counters_begin_with_what_there_is(void)
{
    static const char *const sums[][2] = {
        {"SELECT SUM(n) FROM counter WHERE kind = 'tests'", "SELECT COUNT(*) FROM test"},
        {"SELECT SUM(n) FROM counter WHERE kind = 'likes'",
         "SELECT COUNT(*) FROM character_like WHERE counted = 1"},
        {"SELECT SUM(n) FROM counter WHERE kind = 'likes' AND subject = 7",
         "SELECT COUNT(*) FROM character_like WHERE counted = 1 AND character_id = 7"},
        {"SELECT SUM(n) FROM counter WHERE kind = 'votes' AND subject = 7 AND part = 'INFP'",
         "SELECT COUNT(*) FROM character_vote WHERE character_id = 7 AND mbti = 'INFP' AND enneagram IS "
         "NULL"},
        {"SELECT SUM(n) FROM counter WHERE kind = 'visitor.likes'",
         "SELECT COUNT(*) FROM character_like WHERE visitor_id <= 3000"},
        {"SELECT SUM(n) FROM counter WHERE kind = 'visitor.tests' AND subject = 12",
         "SELECT COUNT(*) FROM test WHERE visitor_id = 12"},
    };
    struct fail why = {0};
    char sql[200];
    a_database_at_13();
    CHECK_MSG(migrate("sql/migrations", &why) == ERR_OK, "%s", why.text);
    CHECK(n_done >= 5);
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        snprintf(sql, sizeof sql, "SELECT CAST((%s) AS SIGNED)", sums[i][0]);
        int64_t rows = number(sums[i][1]);
        CHECK(rows > 0);
        CHECK_INT(number(sql), rows);
    }
    CHECK_INT(wrong_counters(false), 0);
}

/* As a worker of the version before: rows, and no counter. */
static pid_t writer_of_before(void)
{
    static const char *const deeds[] = {
        "INSERT INTO character_like (visitor_id, character_id, counted) SELECT 1, 1000 + "
        "COALESCE(MAX(character_id), 0), 1 "
        "FROM character_like",
        "DELETE FROM character_like WHERE visitor_id BETWEEN 2 AND 3000 LIMIT 1",
        "INSERT INTO test (token, visitor_id, mbti, enneagram, locale, snapshot_id) VALUES (LEFT(UUID(), "
        "22), 5, 'INFP', "
        "'4w5', 'ko', 's')",
        "UPDATE character_vote SET mbti = 'ENTP' WHERE mbti = 'INFP' LIMIT 1",
    };
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    struct db *mine = db_new(&server.config, 20000);
    struct fail why = {0};
    for (size_t i = 0;; i = (i + 1) % (sizeof deeds / sizeof *deeds)) {
        if (db_exec_text(mine, deeds[i], strlen(deeds[i]), &why) != ERR_OK) {
            fprintf(stderr, "writer: %s\n", why.text);
            _exit(1);
        }
        usleep(1000);
    }
}

static void workers_of_before_may_go_on_meanwhile(void)
{
    struct fail why = {0};
    static const char tests[] = "SELECT COUNT(*) FROM test";
    a_database_at_13();
    pid_t writer = writer_of_before();
    while (number(tests) < 5003 && waitpid(writer, NULL, WNOHANG) == 0) /* it is writing */
        usleep(20000);
    CHECK_MSG(migrate("sql/migrations", &why) == ERR_OK, "%s", why.text);
    for (int64_t then = number(tests); number(tests) < then + 3 && waitpid(writer, NULL, WNOHANG) == 0;)
        usleep(20000);
    CHECK(kill(writer, SIGKILL) == 0 && waitpid(writer, NULL, 0) == writer); /* it never failed */
    CHECK(wrong_counters(true) > 0);
    CHECK_INT(wrong_counters(false), 0);
    CHECK_INT(number("SELECT CAST(SUM(n) AS SIGNED) FROM counter WHERE kind = 'tests'"), number(tests));
}

/* ---- programs and schemas of other ages ---- */

static void set_since(int since)
{
    char sql[200];
    snprintf(sql, sizeof sql, "REPLACE INTO schema_since (since_id, since) VALUES (1, %d)", since);
    CHECK(db_exec_text(db, sql, strlen(sql), NULL) == ERR_OK);
}

static void what_a_newer_program_closed_is_refused(void)
{
    struct fail why = {0};
    fresh_database();
    CHECK(migrate("sql/migrations", &why) == ERR_OK);
    set_since(schema_known());
    struct db *other = db_new(&server.config, 20000);
    CHECK_MSG(db_ping(other, &why) == ERR_OK, "%s", why.text);
    db_free(other);
    set_since(schema_known() + 1);
    other = db_new(&server.config, 20000);
    CHECK(db_ping(other, &why) == ERR_UNAVAILABLE);
    CHECK_MSG(strstr(why.text, "install the newer MVTI") != NULL, "%s", why.text);
    db_free(other);
}

/* Old programs are shut out before the first statement that they could not live with, and stay so. */
static void a_file_says_since_when(void)
{
    struct fail why = {0};
    fresh_database();
    put("since", "0001_a.sql", "CREATE TABLE a (x INT);");
    put("since", "0002_b.sql", "-- Why.\n-- since: 0002\nCREATE TABEL b (x INT);");
    CHECK(migrate(folder_path("since"), &why) != ERR_OK);
    CHECK_INT(number("SELECT since FROM schema_since"), 2);
    put("since", "0002_b.sql", "-- since: 0001\nCREATE TABLE b (x INT);");
    CHECK_MSG(migrate(folder_path("since"), &why) == ERR_OK, "%s", why.text);
    CHECK_INT(number("SELECT since FROM schema_since"), 2);
}

/* ---- what a file may do while the version before serves ---- */

enum { FIRST_ONLINE = 87 };

static bool begins(const struct sql_statement *s, const char *words)
{
    return s->n > strlen(words) && strncmp(s->text, words, strlen(words)) == 0;
}

static bool says(const struct sql_statement *s, const char *words)
{
    return memmem(s->text, s->n, words, strlen(words)) != NULL;
}

/* Adds, and takes nothing that the version before reads; changes no table behind a lock. */
static bool only_adds(const struct sql_statement *s)
{
    static const char *const takes[] = {"DROP COLUMN", "DROP TABLE", "RENAME",
                                        "CHANGE ",     "MODIFY ",    "CONVERT "};
    for (size_t i = 0; i < sizeof takes / sizeof *takes; i++)
        if (says(s, takes[i]))
            return false;
    return begins(s, "CREATE TABLE IF NOT EXISTS") || begins(s, "CREATE OR REPLACE") || begins(s, "INSERT") ||
           begins(s, "UPDATE") || begins(s, "SET ") || begins(s, "ALTER TABLE");
}

/* NULL: it runs online; else why not. */
static const char *not_online(const struct sql_statement *s, bool says_since)
{
    if (begins(s, "ALTER TABLE") && !says(s, "ALGORITHM=INPLACE, LOCK=NONE"))
        return "an ALTER TABLE ends in ALGORITHM=INPLACE, LOCK=NONE, so that the server refuses what would "
               "stop writers";
    if (says(s, "ADD COLUMN") && says(s, " NOT NULL") && !says(s, " DEFAULT ") && !says(s, "AUTO_INCREMENT"))
        return "a column NOT NULL needs a DEFAULT: the version before writes rows without it";
    if (!says_since && !only_adds(s))
        return "it takes or changes what the version before reads; do it one release later, with a line '-- "
               "since: NNNN'";
    return NULL;
}

/* The first statement of the text that does not run online; NULL if all do. */
static const char *first_not_online(const char *text, size_t n, int since)
{
    struct sql_split split;
    struct sql_statement s;
    const char *why = NULL;
    sql_split_init(&split, text, n);
    while (why == NULL && sql_split_next(&split, &s))
        why = not_online(&s, since > 0);
    return why;
}

static void new_files_run_online(void)
{
    struct migration_list l;
    struct fail why = {0};
    CHECK(migrate_list(db, "sql/migrations", &arena, &l, &why) == ERR_OK);
    for (size_t i = 0; i < l.n; i++) {
        const char *bad = l.items[i].version < FIRST_ONLINE
                              ? NULL
                              : first_not_online(l.items[i].text, l.items[i].n, l.items[i].since);
        CHECK_MSG(bad == NULL, "%s: %s", l.items[i].name, bad);
    }
}

static void what_is_not_online_is_seen(void)
{
    static const char *const good[] = {
        "CREATE TABLE IF NOT EXISTS a (x INT);",
        "ALTER TABLE a ADD COLUMN y INT NOT NULL DEFAULT 0, ALGORITHM=INPLACE, LOCK=NONE;",
        "ALTER TABLE a ADD KEY by_y (y), ALGORITHM=INPLACE, LOCK=NONE;",
    };
    static const char *const bad[] = {
        "CREATE TABLE a (x INT);",
        "ALTER TABLE a ADD COLUMN y INT NULL;",
        "ALTER TABLE a ADD COLUMN y INT NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;",
        "ALTER TABLE a DROP COLUMN y, ALGORITHM=INPLACE, LOCK=NONE;",
        "DROP TABLE a;",
        "DELETE FROM a;",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK_MSG(first_not_online(good[i], strlen(good[i]), 0) == NULL, "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_MSG(first_not_online(bad[i], strlen(bad[i]), 0) != NULL, "%s", bad[i]);
    CHECK(first_not_online("DROP TABLE a;", 13, 86) == NULL);
}

static void statements_are_split(void)
{
    static const char text[] =
        "-- a; b\nSELECT ';', \"a\\\";\", `;`; /* ; */ # ;\n  SELECT 2 -- ;\n, 'it''s;'\n;;\nSELECT 3";
    struct sql_split s;
    struct sql_statement st;
    sql_split_init(&s, text, sizeof text - 1);
    CHECK(sql_split_next(&s, &st) && st.line == 2);
    CHECK(st.n == strlen("SELECT ';', \"a\\\";\", `;`") && memcmp(st.text, "SELECT", 6) == 0);
    CHECK(sql_split_next(&s, &st) && st.line == 3);
    CHECK(memcmp(st.text + st.n - 8, "'it''s;'", 8) == 0 || st.text[st.n - 1] == '\n');
    CHECK(sql_split_next(&s, &st) && st.line == 6 && st.n == 8);
    CHECK(!sql_split_next(&s, &st));
    sql_split_init(&s, "SELECT 'open", 12);
    CHECK(sql_split_next(&s, &st) && st.n == 12);
    CHECK(!sql_split_next(&s, &st));
}

int main(void)
{
    if (secret_init() != ERR_OK || !mariadb_start(&server, "mvti_migrate_test"))
        return 1;
    db = db_new(&server.config, 20000);
    RUN(statements_are_split);
    RUN(the_real_ones_run_once);
    RUN(every_table_has_a_primary_key);
    RUN(everything_has_a_comment);
    RUN(views_show_no_secrets);
    RUN(a_changed_file_is_refused_by_name);
    RUN(a_failing_statement_names_its_line);
    RUN(bad_names_are_refused);
    RUN(two_at_once_do_not_collide);
    RUN(a_dead_holder_is_noticed);
    RUN(counters_begin_with_what_there_is);
    RUN(workers_of_before_may_go_on_meanwhile);
    RUN(what_a_newer_program_closed_is_refused);
    RUN(a_file_says_since_when);
    RUN(new_files_run_online);
    RUN(what_is_not_online_is_seen);
    db_free(db);
    arena_free(&arena);
    mariadb_stop(&server);
    return check_done();
}
