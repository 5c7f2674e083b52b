/* lib/store/rollup: each event is counted once, whatever comes between. */
#include "tests/check.h"

#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "fixture/eventually.h"
#include "fixture/tables.h"
#include "store/rollup.h"
#include "store/visitor.h"

static char program[500]; /* build/mvti, beside this test */
static struct mariadb server;
static struct db *db;

static int64_t number(const char *text)
{
    return tables_number(&server, text);
}

static void run_sql(const char *text)
{
    tables_run(&server, text);
}

static int64_t count_all(int64_t most)
{
    struct fail why = {0};
    int64_t n = 1, all = 0;
    while (n > 0) {
        CHECK_MSG(rollup_some(db, most, &n, &why) == ERR_OK, "%s", why.text);
        CHECK(n <= most);
        all += n;
    }
    return all;
}

/* Events of 40 visitors over four days, all kinds, some in lists of a snapshot that was live. */
static void make(int from, int to)
{
    char sql[1200];
    snprintf(
        sql, sizeof sql,
        "INSERT INTO event (visitor_id, test_id, kind, character_id, movie_id, list, position, view_id, "
        "took_ms, "
        "created_at) SELECT 1 + seq %% 40, IF(seq %% 3 = 0, 1 + seq %% 2, NULL), ELT(1 + seq %% 13, "
        "'landing', "
        "'start', 'question', 'choose', 'result', 'impression', 'click', 'like', 'watch', 'share', "
        "'share_open', "
        "'friend', 'impression'), seq %% 7, IF(seq %% 3 = 1, 10 + seq %% 5, NULL), ELT(1 + seq %% 3, 'same', "
        "'wall', NULL), seq %% 150, 1 + seq %% 4, IF(seq %% 13 = 2, 100 * (seq %% 80), NULL), '2026-03-01 "
        "12:00' + "
        "INTERVAL seq %% 96 HOUR FROM %s",
        tables_range(from, to));
    run_sql(sql);
}

static void setup(void)
{
    run_sql(
        "INSERT INTO visitor (visitor_id, created_at) SELECT seq, '2026-03-01' FROM " TABLES_NUMBERS("40"));
    run_sql("INSERT INTO test (test_id, token, visitor_id, mbti, enneagram, locale, snapshot_id) VALUES (1, "
            "'a', 1, 'INFP', '4w5', "
            "'ko', 's'), (2, 'b', 2, 'ESTJ', '1w2', 'ko', 's')");
    run_sql("INSERT INTO publication (decided_at, action, outcome, snapshot_id, reason) VALUES (NOW(), "
            "'publish', 'live', 's', ''), "
            "(NOW(), 'publish', 'live', 's', '')");
    run_sql("INSERT INTO list_view (view_id, list, snapshot_id, ranker, created_at) VALUES (1, 'same', 's', "
            "'ensemble', NOW()), (2, 'same', 'forged', 'ease', NOW()), (3, 'wall', NULL, NULL, NOW())");
    run_sql("INSERT INTO test_experiment (test_id, experiment_id, position, propensity) VALUES (1, 7, 0, "
            "0.5), (1, 8, "
            "1, 0.5), (2, 7, 1, 0.5)");
    run_sql("INSERT INTO first_visit (visitor_id, path, device, locale, bot, created_at) SELECT seq, '/', "
            "'phone', "
            "'ko', 0, NOW() FROM " TABLES_NUMBERS("30"));
}

/* The counts are those of the events, counted at once. */
static void check_counts(void)
{
    CHECK_INT(number("SELECT COUNT(*) FROM (SELECT day, visitor FROM v_event GROUP BY day, visitor) e"),
              number("SELECT COUNT(*) FROM visitor_day"));
    CHECK_INT(number("SELECT CAST(SUM(n * LENGTH(kind)) AS SIGNED) FROM event_day"),
              number("SELECT CAST(SUM(LENGTH(kind)) AS SIGNED) FROM event"));
    CHECK_INT(
        number("SELECT CAST(SUM(n * LENGTH(kind) * (24 * TO_DAYS(day) + hour)) AS SIGNED) FROM event_hour"),
        number("SELECT CAST(SUM(LENGTH(kind) * TIMESTAMPDIFF(HOUR, '0000-01-01', CONVERT_TZ(created_at, "
               "'+00:00', z.value)) + 24 * LENGTH(kind)) AS SIGNED) "
               "FROM event JOIN site_setting z ON z.name = 'time_zone'"));
    static const char *const kinds[][2] = {{"landing", "landing"},   {"start", "start"},
                                           {"question", "question"}, {"choose", "choose"},
                                           {"result", "result"},     {"impression", "impression"},
                                           {"click", "click"},       {"liked", "like"},
                                           {"watch", "watch"},       {"share", "share"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char counted[200], held[200];
        snprintf(counted, sizeof counted,
                 "SELECT CAST(COALESCE(SUM(%s * (visitor_id + TO_DAYS(day))), 0) AS SIGNED) FROM visitor_day",
                 kinds[i][0]);
        snprintf(
            held, sizeof held,
            "SELECT CAST(COALESCE(SUM(visitor + TO_DAYS(day)), 0) AS SIGNED) FROM v_event WHERE kind = '%s'",
            kinds[i][1]);
        CHECK_INT(number(counted), number(held));
    }
    CHECK_INT(
        number("SELECT CAST(SUM(impressions + clicks + likes + chosen + answered) AS SIGNED) FROM list_day"),
        number("SELECT COUNT(*) FROM event WHERE list IS NOT NULL AND kind IN ('impression', 'click', "
               "'like', 'choose', 'question')"));
    CHECK_INT(number("SELECT CAST(SUM(impressions * (position + 2)) AS SIGNED) FROM list_day"),
              number("SELECT CAST(SUM(LEAST(position, 100) + 2) AS SIGNED) FROM event WHERE list IS NOT NULL "
                     "AND kind = 'impression'"));
    CHECK_INT(number("SELECT CAST(SUM(took_ms) AS SIGNED) FROM list_day"),
              number("SELECT CAST(SUM(took_ms) AS SIGNED) FROM event WHERE list IS NOT NULL"));
    CHECK_INT(number("SELECT CAST(SUM(clicks) AS SIGNED) FROM character_day WHERE mbti = 'ESTJ'"),
              number("SELECT COUNT(*) FROM event WHERE kind = 'click' AND test_id = 2"));
    static const char *const same[][2] = {
        {"SELECT CAST(SUM(movie_id * impressions + 100 * movie_id * clicks + 10000 * chosen) AS SIGNED) FROM "
         "film_day",
         "SELECT CAST(SUM(CASE kind WHEN 'impression' THEN movie_id WHEN 'click' THEN 100 * movie_id WHEN "
         "'choose' THEN 10000 "
         "ELSE 0 END) AS SIGNED) FROM event WHERE movie_id IS NOT NULL AND list IS NOT NULL"},
        {"SELECT CAST(SUM(answers * (tenths + 1)) AS SIGNED) FROM answer_day",
         "SELECT CAST(SUM(took_ms DIV 100 + 1) AS SIGNED) FROM event WHERE kind = 'question' AND list IS NOT "
         "NULL"},
        {"SELECT CAST(SUM(test_id * (shares + 10 * opens + 100 * friends)) AS SIGNED) FROM share_day",
         "SELECT CAST(SUM(test_id * CASE kind WHEN 'share' THEN 1 WHEN 'share_open' THEN 10 WHEN 'friend' "
         "THEN 100 ELSE 0 END) "
         "AS SIGNED) FROM event WHERE test_id IS NOT NULL"},
        {"SELECT CAST(SUM((impressions + 100 * clicks + 10000 * likes) * LENGTH(ranker)) AS SIGNED) FROM "
         "ranker_day",
         "SELECT CAST(SUM(LENGTH(v.ranker) * CASE e.kind WHEN 'impression' THEN 1 WHEN 'click' THEN 100 WHEN "
         "'like' THEN "
         "10000 ELSE 0 END) AS SIGNED) FROM event e JOIN list_view v ON v.view_id = e.view_id WHERE e.list "
         "IS NOT NULL"},
        {"SELECT CAST(SUM((impressions + 100 * clicks + 10000 * likes) * (experiment_id + 3 * position)) AS "
         "SIGNED) FROM "
         "variant_day",
         "SELECT CAST(SUM((m.experiment_id + 3 * m.position) * CASE e.kind WHEN 'impression' THEN 1 WHEN "
         "'click' THEN 100 "
         "WHEN 'like' THEN 10000 ELSE 0 END) AS SIGNED) FROM event e JOIN test_experiment m ON m.test_id = "
         "e.test_id "
         "WHERE e.list IS NOT NULL"},
        {"SELECT COALESCE(CAST(SUM(visitor) AS SIGNED), 0) FROM v_source WHERE took_test = 1",
         "SELECT COALESCE(CAST(SUM(f.visitor_id) AS SIGNED), 0) FROM first_visit f WHERE EXISTS (SELECT 1 "
         "FROM test t WHERE "
         "t.visitor_id = f.visitor_id)"},
        {"SELECT COALESCE(CAST(SUM(view_id) AS SIGNED), 0) FROM list_view WHERE opened = 1",
         "SELECT COALESCE(CAST(SUM(view_id) AS SIGNED), 0) FROM list_view WHERE view_id IN (SELECT view_id "
         "FROM event WHERE kind = "
         "'click')"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        CHECK_INT(number(same[i][0]), number(same[i][1]));
}

/* Whoever deletes a test: nobody knows any more which result it was that was shared. */
static void a_deleted_test_is_in_no_count_of_shares(void)
{
    struct fail why = {0};
    CHECK(number("SELECT COUNT(*) FROM share_day WHERE test_id = 1") > 0);
    CHECK_MSG(rollup_drop_test(db, 1, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(number("SELECT COUNT(*) FROM share_day WHERE test_id = 1"), 0);
    CHECK(number("SELECT COUNT(*) FROM share_day WHERE test_id = 2") > 0);
}

static void pieces_add_up(void)
{
    setup();
    make(1, 3000);
    CHECK_INT(count_all(7 * 100), 3000);
    check_counts();
    CHECK_INT(count_all(700), 0);
    make(3001, 3500);
    run_sql("DELETE FROM event WHERE event_id BETWEEN 3010 AND 3200"); /* gaps in the numbers */
    CHECK(count_all(100) > 0);
    check_counts();
}

static void only_snapshots_that_were_live_are_named(void)
{
    CHECK(number("SELECT COUNT(*) FROM list_day WHERE snapshot_id = 's'") > 0);
    CHECK_INT(number("SELECT COUNT(*) FROM list_day WHERE snapshot_id NOT IN ('s', '')"), 0);
}

static void days_are_those_of_the_site(void)
{
    /* 2026-03-01 12:00 UTC and 95 hours more: in Korea from the evening of the 1st to that of the 5th. */
    CHECK_INT(number("SELECT COUNT(DISTINCT day) FROM visitor_day"), 5);
    CHECK_INT(number("SELECT COUNT(*) FROM visitor_day WHERE day NOT BETWEEN '2026-03-01' AND '2026-03-05'"),
              0);
}

static void what_is_younger_than_a_minute_waits(void)
{
    run_sql("INSERT INTO event (visitor_id, kind, created_at) VALUES (1, 'click', UTC_TIMESTAMP(3))");
    CHECK_INT(count_all(100), 0);
    run_sql("UPDATE event SET created_at = created_at - INTERVAL 61 SECOND WHERE created_at > "
            "UTC_TIMESTAMP() - INTERVAL 50 SECOND");
    CHECK_INT(count_all(100), 1);
    CHECK_INT(count_all(100), 0);
}

struct both {
    int64_t from, to;
};

static enum err merge(struct db *d, void *arg, struct fail *why)
{
    const struct both *b = arg;
    return b->to != 0 ? visitor_merge(d, b->from, b->to, why) : visitor_delete(d, b->from, why);
}

static void days_go_with_their_visitor(void)
{
    struct fail why = {0};
    int64_t events = number("SELECT CAST(SUM(events) AS SIGNED) FROM visitor_day WHERE visitor_id IN (3, 4)");
    CHECK(events > 0);
    CHECK_MSG(db_transaction(db, merge, &(struct both){3, 4}, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(number("SELECT COUNT(*) FROM visitor_day WHERE visitor_id = 3"), 0);
    CHECK_INT(number("SELECT CAST(SUM(events) AS SIGNED) FROM visitor_day WHERE visitor_id = 4"), events);
    check_counts();
    CHECK_MSG(db_transaction(db, merge, &(struct both){4, 0}, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(number("SELECT COUNT(*) FROM visitor_day WHERE visitor_id = 4"), 0);
}

static void all_can_be_counted_anew(void)
{
    struct fail why = {0};
    run_sql("UPDATE site_setting SET value = '-05:00'");
    CHECK(rollup_forget(db, &why) == ERR_OK);
    CHECK_INT(number("SELECT COUNT(*) FROM visitor_day"), 0);
    CHECK_INT(count_all(1000), number("SELECT COUNT(*) FROM event"));
    check_counts();
    run_sql("UPDATE site_setting SET value = '+09:00'");
}

/* ---- with others at work ---- */

struct counting {
    struct db *db;
    int64_t n;
    enum err rc;
    struct fail why;
};

static void *count_aside(void *arg)
{
    struct counting *c = arg;
    c->rc = rollup_some(c->db, 100000, &c->n, &c->why);
    return NULL;
}

/* Not INNODB_TRX, which is a copy that is made anew only when nobody has read it for a tenth of a second: whoever asks without rest sees
 * the same one for ever. */
#define RUNS(statement) "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE '" statement "%'"

static bool waits(void *statement)
{
    return number(statement) > 0 && tables_status(&server, "Innodb_row_lock_current_waits") > 0;
}

/* A statement that waits for nobody's lock for longer than a second. */
static void at_once(const char *sql)
{
    static const char patience[] = "SET SESSION innodb_lock_wait_timeout = 1";
    struct fail why = {0};
    struct db *own = db_new(&server.config, 60000);
    CHECK(db_exec_text(own, patience, sizeof patience - 1, &why) == ERR_OK);
    CHECK_MSG(db_exec_text(own, sql, strlen(sql), &why) == ERR_OK, "%s", why.text);
    db_free(own);
}

/* Somebody holds rows that the piece changes, so that it stops in the middle of its work; sites are slow in other ways. */
static void nobody_waits_for_a_piece(void)
{
    static const struct db_sql hold = {"test.hold",
                                       "SELECT COUNT(*) FROM (SELECT day FROM ranker_day FOR UPDATE) d"};
    struct counting c = {.db = db_new(&server.config, 60000)};
    struct db *holder = db_new(&server.config, 60000);
    struct fail why = {0};
    pthread_t thread;
    int64_t held;
    make(4001, 4100);
    CHECK(db_begin(holder, &why) == ERR_OK && db_number(holder, &hold, DB_NOTHING, &held, &why) == ERR_OK &&
          held > 0);
    CHECK(pthread_create(&thread, NULL, count_aside, &c) == 0);
    CHECK(eventually(waits, RUNS("INSERT INTO ranker_day")));
    at_once("INSERT INTO event (visitor_id, kind, created_at) VALUES (1, 'watch', UTC_TIMESTAMP(3))");
    at_once("UPDATE test SET feedback = 'up' WHERE test_id = 1");
    at_once("DELETE FROM event WHERE visitor_id = 1 AND kind = 'watch' AND created_at > UTC_TIMESTAMP(3) - "
            "INTERVAL 50 SECOND");
    db_rollback(holder);
    pthread_join(thread, NULL);
    CHECK_MSG(c.rc == ERR_OK, "%s", c.why.text);
    CHECK_INT(c.n, 100);
    check_counts();
    db_free(holder);
    db_free(c.db);
}

/* The events of who is about to be gone may still be read by others, but not be counted. */
static void who_is_being_deleted_is_not_counted(void)
{
    struct counting c = {.db = db_new(&server.config, 60000)};
    struct db *holder = db_new(&server.config, 60000);
    struct fail why = {0};
    pthread_t thread;
    make(4101, 4200);
    CHECK(db_begin(holder, &why) == ERR_OK);
    CHECK_MSG(visitor_delete(holder, 9, &why) == ERR_OK, "%s", why.text);
    CHECK(pthread_create(&thread, NULL, count_aside, &c) == 0);
    CHECK(eventually(waits, RUNS("SELECT event_id FROM rollup_state")));
    CHECK(db_commit(holder, &why) == ERR_OK);
    pthread_join(thread, NULL);
    CHECK_MSG(c.rc == ERR_OK, "%s", c.why.text);
    CHECK_INT(number("SELECT COUNT(*) FROM visitor_day WHERE visitor_id = 9"), 0);
    CHECK(number("SELECT COUNT(*) FROM visitor_day WHERE visitor_id = 10") > 0);
    db_free(holder);
    db_free(c.db);
}

static bool has_begun(void *before)
{
    return number("SELECT event_id FROM rollup_state") > *(int64_t *)before;
}

static void pieces_take_about_half_a_second(void)
{
    int64_t most = ROLLUP_LEAST;
    for (int i = 0; i < 10; i++)
        most = rollup_pace(most, 0.39);
    CHECK_INT(most, ROLLUP_MOST);
    CHECK_INT(rollup_pace(8000, 0.5), 8000);
    CHECK_INT(rollup_pace(8000, 0.9), 4000);
    CHECK_INT(rollup_pace(ROLLUP_LEAST, 60), ROLLUP_LEAST);
}

static void a_signal_ends_it_between_pieces(void)
{
    char socket[700], name[600], user[600];
    int64_t before = number("SELECT event_id FROM rollup_state");
    int status = 0;
    make(100001, 148000); /* pieces of 2, 4, 8, 16 and 18 thousand */
    snprintf(socket, sizeof socket, "db_socket=%s", server.config.db_socket);
    snprintf(name, sizeof name, "db_name=%s", server.config.db_name);
    snprintf(user, sizeof user, "db_user=%s", server.config.db_user);
    char *argv[] = {program, "--quiet", "--set", socket, "--set", name, "--set", user, "rollup", NULL};
    pid_t pid = -1;
    CHECK(posix_spawn(&pid, program, NULL, NULL, argv, environ) == 0);
    CHECK(eventually(has_begun, &before));
    kill(pid, SIGTERM);
    waitpid(pid, &status, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 130);
    CHECK(number("SELECT event_id FROM rollup_state") < number("SELECT MAX(event_id) FROM event"));
    count_all(10000);
    check_counts();
}

int main(int argc, char **argv)
{
    (void)argc;
    const char *tests = strstr(argv[0], "tests/module/");
    snprintf(program, sizeof program, "%.*smvti", tests != NULL ? (int)(tests - argv[0]) : 0, argv[0]);
    db = tables_start(&server, "rollup_test");
    RUN(pieces_add_up);
    RUN(only_snapshots_that_were_live_are_named);
    RUN(days_are_those_of_the_site);
    RUN(what_is_younger_than_a_minute_waits);
    RUN(nobody_waits_for_a_piece);
    RUN(pieces_take_about_half_a_second);
    RUN(a_signal_ends_it_between_pieces);
    RUN(days_go_with_their_visitor);
    RUN(who_is_being_deleted_is_not_counted);
    RUN(all_can_be_counted_anew);
    RUN(a_deleted_test_is_in_no_count_of_shares);
    db_free(db);
    mariadb_stop(&server);
    return check_done();
}
