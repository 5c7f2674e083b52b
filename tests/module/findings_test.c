/* findings/findings.h on rows of a real database: who counts, for what, and what is said about it. */
#include "tests/check.h"

#include "findings/findings.h"
#include "fixture/tables.h"

static struct mariadb server;
static struct db *db;
static struct arena arena;
static struct findings f;

/* 2026-03-20 00:00 UTC */
enum { NOW = 1773964800 };

static void run_sql(const char *text)
{
    tables_run(&server, text);
}

/* An experiment of n variants, a the control, with equal shares since 2026-03-01. */
static void begin(const char *kind, const char *goal, int n)
{
    char sql[900];
    static const char *const tables[] = {"experiment",       "experiment_variant",
                                         "experiment_share", "experiment_exposure",
                                         "test_experiment",  "event",
                                         "first_visit",      "test"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        snprintf(sql, sizeof sql, "DELETE FROM %s", tables[i]);
        run_sql(sql);
    }
    snprintf(sql, sizeof sql,
             "INSERT INTO experiment (experiment_id, name, layer, salt, kind, goal, state, traffic, floor, "
             "min_views, guard_like, "
             "guard_down, guard_alpha, guard_tests, created_at, started_at) VALUES (1, 'taste', 'main', 's', "
             "'%s', '%s', 'running', "
             "1, .02, 200, .2, .05, .01, 200, '2026-03-01', '2026-03-01'), (2, 'other', 'side', 's', "
             "'split', 'like', 'running', 1, "
             ".02, 200, .2, .05, .01, 200, '2026-03-01', '2026-03-01')",
             kind, goal);
    run_sql(sql);
    for (int i = 0; i < n; i++) {
        snprintf(sql, sizeof sql,
                 "INSERT INTO experiment_variant (experiment_id, position, name, share, weight, settings, "
                 "is_control) VALUES (1, %d, "
                 "'%c', 1 / %d, 1 / %d, '{}', %d), (2, %d, '%c', 1 / %d, 1 / %d, '{}', %d)",
                 i, 'a' + i, n, n, i == 0, i, 'a' + i, n, n, i == 0);
        run_sql(sql);
    }
    run_sql("INSERT INTO experiment_share (experiment_id, since, position, weight) SELECT experiment_id, "
            "'2026-03-01', position, "
            "share FROM experiment_variant");
}

/* Visitors from … to, given the variant with this chance at this time; the first `converted` of each hundred do it an hour later. */
static void expose(int from, int to, int position, double p, const char *at, int converted, const char *kind)
{
    char sql[900];
    snprintf(sql, sizeof sql,
             "INSERT INTO experiment_exposure (visitor_id, experiment_id, position, propensity, first_at) "
             "SELECT seq, 1, %d, %g, '%s' "
             "FROM %s",
             position, p, at, tables_range(from, to));
    run_sql(sql);
    if (converted == 0)
        return;
    snprintf(sql, sizeof sql,
             "INSERT INTO event (visitor_id, kind, value, created_at) SELECT seq, '%s', IF('%s' = "
             "'feedback', 'up', NULL), '%s' + "
             "INTERVAL 1 HOUR FROM %s WHERE (seq - %d) %% 100 < %d",
             kind, kind, at, tables_range(from, to), from, converted);
    run_sql(sql);
}

static void read_goal(const char *goal)
{
    struct fail why = {0};
    arena_reset(&arena);
    enum err rc = findings_read(db, &(struct findings_ask){"taste", goal, NOW}, &arena, &f, &why);
    CHECK_MSG(rc == ERR_OK, "%s", why.text);
}

#define SAYS(words) CHECK_MSG(strstr(f.verdict, words) != NULL, "%s", f.verdict)

static void nobody_yet(void)
{
    struct fail why = {0};
    begin("split", "like", 2);
    read_goal(NULL);
    CHECK_INT(f.visitors, 0);
    SAYS("Nobody has been shown it yet");
    CHECK(findings_read(db, &(struct findings_ask){"none", NULL, NOW}, &arena, &f, &why) == ERR_NOT_FOUND);
    CHECK(findings_read(db, &(struct findings_ask){"taste", "money", NOW}, &arena, &f, &why) == ERR_INVALID &&
          strstr(why.text, "money") != NULL);
}

static void a_better_variant_is_named(void)
{
    begin("split", "like", 2);
    expose(1, 1500, 0, .5, "2026-03-05", 10, "like");
    expose(2001, 3500, 1, .5, "2026-03-05", 18, "like");
    run_sql("INSERT INTO experiment_exposure (visitor_id, experiment_id, position, propensity, first_at) "
            "SELECT seq, 2, 1, .5, "
            "'2026-03-05' FROM " TABLES_NUMBERS("4000")); /* of another experiment */
    read_goal(NULL);
    CHECK_INT(f.visitors, 3000);
    CHECK_INT(f.variants[0].visitors, 1500);
    CHECK_INT(f.variants[0].converted, 150);
    CHECK_INT(f.variants[1].converted, 270);
    CHECK_NEAR(f.variants[1].expected, 1500, 1e-6);
    CHECK_NEAR(f.variants[1].plain.by, .08, 1e-12);
    CHECK(!f.variants[1].has_past && f.variants[1].cuped.by == f.variants[1].plain.by);
    CHECK(f.variants[1].cuped.verdict == DIFFERENCE_BETTER);
    SAYS("b is better than a: 18.0 % of its visitors liked a character, of the control's 10.0 %");
    read_goal("click");
    CHECK_INT(f.converted, 0);
    SAYS("Too early");
}

static void a_worse_variant_is_named_and_none_is_not(void)
{
    begin("split", "engage", 2);
    expose(1, 1500, 0, .5, "2026-03-15", 30, "click");
    expose(2001, 3500, 1, .5, "2026-03-15", 20, "like");
    read_goal(NULL);
    SAYS("b is worse than a");
    SAYS("stop it");
    run_sql("DELETE FROM event WHERE visitor_id <= 1500 AND MOD(visitor_id - 1, 100) >= 20");
    read_goal(NULL);
    CHECK_NEAR(f.variants[1].plain.by, 0, 1e-12);
    CHECK(f.variants[1].plain.verdict == DIFFERENCE_OPEN);
    SAYS("Nothing is proven about b so far");
    SAYS("more visitors, some ");
    CHECK_NEAR(f.per_day, 3000 / 5.0, 1e-9); /* of five days */
    CHECK(f.variants[1].needed > 3000 && isfinite(f.variants[1].needed));
    run_sql("UPDATE experiment SET state = 'stopped', stopped_at = '2026-03-15 00:30', stop_reason = '' "
            "WHERE experiment_id = 1");
    read_goal(NULL);
    CHECK_INT(f.converted, 0); /* what came half an hour later is not of the experiment */
    CHECK_NEAR(f.per_day, 0, 0);
}

static void groups_that_are_not_as_planned_get_no_verdict(void)
{
    begin("split", "like", 2);
    expose(1, 1500, 0, .5, "2026-03-05", 10, "like");
    expose(2001, 3200, 1, .5, "2026-03-05", 30, "like");
    read_goal(NULL);
    CHECK(f.ratio.refused);
    SAYS("No verdict: visitors were not divided as the experiment says (a 1500 where 1350 are expected, b "
         "1200 where 1350");
    CHECK(strstr(f.variants[1].verdict, "better") == NULL);
}

/* The shares were 90:10 for two days, then 50:50, and on the first days more converted: plainly b looks worse. */
static void shares_that_changed_are_taken_into_account(void)
{
    begin("split", "like", 2);
    run_sql("DELETE FROM experiment_share WHERE experiment_id = 1");
    run_sql("INSERT INTO experiment_share (experiment_id, since, position, weight) VALUES (1, '2026-03-01', "
            "0, .9), (1, '2026-03-01', 1, "
            ".1), (1, '2026-03-03', 0, .5), (1, '2026-03-03', 1, .5)");
    expose(1, 1800, 0, .9, "2026-03-02", 40, "like");
    expose(2001, 2200, 1, .1, "2026-03-02", 40, "like");
    expose(3001, 4000, 0, .5, "2026-03-04", 10, "like");
    expose(4001, 5000, 1, .5, "2026-03-04", 10, "like");
    read_goal(NULL);
    CHECK_NEAR(f.variants[0].expected, 2800, 1e-6);
    CHECK_NEAR(f.variants[1].expected, 1200, 1e-6);
    CHECK(!f.ratio.refused);
    CHECK_NEAR(f.variants[0].rate, .25, 1e-9);
    CHECK_NEAR(f.variants[1].rate, .25, 1e-9);
    CHECK(f.variants[1].plain.verdict == DIFFERENCE_OPEN);
}

static void a_stopped_variant_is_compared_with_its_own_time(void)
{
    begin("split", "like", 3);
    expose(1, 600, 0, 1. / 3, "2026-03-05", 40, "like");
    expose(1001, 1600, 1, 1. / 3, "2026-03-05", 40, "like");
    expose(2001, 2600, 2, 1. / 3, "2026-03-05", 40, "like");
    run_sql(
        "UPDATE experiment_variant SET stopped_at = '2026-03-06' WHERE experiment_id = 1 AND position = 1");
    expose(3001, 4000, 0, 1. / 3, "2026-03-08", 10, "like");
    expose(5001, 6000, 2, 1. / 3, "2026-03-08", 10, "like");
    read_goal(NULL);
    CHECK(!f.ratio.refused);
    CHECK_NEAR(f.variants[1].plain.control, .4, 1e-6);
    CHECK_NEAR(f.variants[2].plain.control, (600 * .4 + 1000 * .1) / 1600, 1e-6);
    CHECK_NEAR(f.alpha, .025, 1e-12);
    SAYS("No variant is proven better than a so far");
}

/* Programs, events before, other kinds of events, thumbs down, taken back thumbs. */
static void what_counts(void)
{
    begin("split", "up", 2);
    expose(1, 500, 0, .5, "2026-03-05", 20, "feedback");
    expose(501, 1000, 1, .5, "2026-03-05", 20, "feedback");
    run_sql("INSERT INTO first_visit (visitor_id, path, device, locale, bot, created_at) SELECT seq, '/', "
            "'phone', 'ko', 1, "
            "'2026-03-05' FROM " TABLES_NUMBERS("50"));
    run_sql("INSERT INTO event (visitor_id, kind, value, created_at) SELECT seq, 'feedback', 'down', "
            "'2026-03-06' FROM " TABLES_NUMBERS("1000"));
    run_sql("INSERT INTO event (visitor_id, kind, value, created_at) SELECT seq, 'feedback', 'up', "
            "'2026-03-04' FROM " TABLES_NUMBERS("1000") " WHERE seq > 900");
    read_goal(NULL);
    CHECK_INT(f.bots, 50);
    CHECK_INT(f.visitors, 950);
    CHECK_INT(f.variants[0].visitors, 450);
    CHECK_INT(f.variants[0].converted, 80); /* of the first hundred, those below 20 are programs */
    CHECK_INT(f.variants[1].converted, 100);
    CHECK_NEAR(f.variants[0].expected, 475, 1e-6);
    CHECK(f.variants[1].has_past); /* a hundred have one */
}

/* Half have liked before, and these like again; pages of a thousand. */
static void the_past_narrows_the_interval(void)
{
    begin("split", "like", 2);
    expose(1, 2000, 0, .5, "2026-03-05", 0, "like");
    expose(2001, 4000, 1, .5, "2026-03-05", 0, "like");
    run_sql("INSERT INTO event (visitor_id, kind, created_at) SELECT seq, 'like', '2026-03-02' "
            "FROM " TABLES_NUMBERS("4000") " WHERE MOD(seq, 2) = 0");
    run_sql("INSERT INTO event (visitor_id, kind, created_at) SELECT seq, 'like', '2026-03-06' "
            "FROM " TABLES_NUMBERS("4000") " WHERE MOD(seq, 10) IN "
                                           "(0, 2, 4, 6)");
    run_sql("INSERT INTO event (visitor_id, kind, created_at) SELECT seq, 'like', '2025-10-01' "
            "FROM " TABLES_NUMBERS("4000")); /* long ago */
    read_goal(NULL);
    const struct findings_variant *v = &f.variants[1];
    CHECK_INT(f.visitors, 4000);
    CHECK(v->has_past);
    CHECK_NEAR(v->kept, (.5 * .8 * .2) / (.4 * .6), .01);
    CHECK(v->cuped.high - v->cuped.low < .6 * (v->plain.high - v->plain.low));
    CHECK_NEAR(v->cuped.by, 0, 1e-9);
}

/* In a bandit the next test of a visitor is another draw; what comes after it is not of the first. */
static void a_bandit_counts_until_the_next_test(void)
{
    begin("bandit", "like", 2);
    expose(1, 400, 0, .5, "2026-03-05", 0, "like");
    expose(401, 800, 1, .5, "2026-03-05", 0, "like");
    run_sql("INSERT INTO test (test_id, token, visitor_id, mbti, enneagram, locale, snapshot_id, created_at) "
            "SELECT seq, seq, 1 + MOD(seq, "
            "800), 'INFP', '4w5', 'ko', 's', IF(seq <= 800, '2026-03-05', '2026-03-07') FROM " TABLES_NUMBERS(
                "1600"));
    run_sql("INSERT INTO test_experiment (test_id, experiment_id, position, propensity) SELECT test_id, 1, "
            "MOD(test_id, 2), .5 FROM test");
    run_sql("INSERT INTO event (visitor_id, kind, created_at) SELECT seq, 'like', IF(seq <= 100, "
            "'2026-03-06', '2026-03-08') FROM " TABLES_NUMBERS("800"));
    read_goal(NULL);
    CHECK_INT(f.visitors, 800);
    CHECK_INT(f.converted, 100);
    run_sql("UPDATE experiment SET kind = 'split' WHERE experiment_id = 1");
    read_goal(NULL);
    CHECK_INT(f.converted, 800);
}

int main(void)
{
    db = tables_start(&server, "mvti_findings_test");
    RUN(nobody_yet);
    RUN(a_better_variant_is_named);
    RUN(a_worse_variant_is_named_and_none_is_not);
    RUN(groups_that_are_not_as_planned_get_no_verdict);
    RUN(shares_that_changed_are_taken_into_account);
    RUN(a_stopped_variant_is_compared_with_its_own_time);
    RUN(what_counts);
    RUN(the_past_narrows_the_interval);
    RUN(a_bandit_counts_until_the_next_test);
    arena_free(&arena);
    db_free(db);
    mariadb_stop(&server);
    return check_done();
}
