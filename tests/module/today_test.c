/* The first page's numbers of today: true, and moved by nobody who does not count. */
#include "tests/check.h"

#include "fixture/site.h"
#include "fixture/tables.h"

static struct mariadb server;
static struct site_fixture f;

static void run(const char *sql)
{
    tables_run(&server, sql);
}

static void forget(void)
{
    static const char *const tables[] = {"visitor",    "session",     "test",
                                         "test_movie", "test_result", "counter"};
    char sql[64];
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        snprintf(sql, sizeof sql, "DELETE FROM %s", tables[i]);
        run(sql);
    }
}

/* A test of a visitor, so many hours ago, whose result begins with a character. */
static void took(int visitor, int counted, int hours, int character)
{
    static int test;
    char sql[400];
    test++;
    snprintf(sql, sizeof sql,
             "INSERT IGNORE INTO visitor (visitor_id, counted, created_at) VALUES (%d, %d, UTC_TIMESTAMP())",
             visitor, counted);
    run(sql);
    snprintf(sql, sizeof sql,
             "INSERT INTO test (test_id, token, visitor_id, mbti, enneagram, locale, snapshot_id, crowd, "
             "created_at) VALUES (%d, "
             "'token%d', %d, 'INFP', '4w5', 'ko', 's', 0, UTC_TIMESTAMP(3) - INTERVAL %d HOUR)",
             test, test, visitor, hours);
    run(sql);
    snprintf(sql, sizeof sql,
             "INSERT INTO test_result (test_id, list, position, character_id, match_type, percent, "
             "enneagram_similarity, because_json) "
             "VALUES (%d, 'same', 0, %d, 'same', 90, 1, '[]'), (%d, 'same', 1, 1099, 'same', 80, 1, '[]')",
             test, character, test);
    run(sql);
}

static const struct json_value *home(void)
{
    f.site.today_read = 0; /* another worker */
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/home", NULL), 200);
    return site_at(site_json(&f), "today", NULL);
}

static void today_is_counted_and_who_was_met(void)
{
    forget();
    CHECK_INT(site_at(home(), "tests", NULL)->integer, 0);
    for (int v = 1; v <= 3; v++)
        took(v, 1, 0, 1011);
    for (int v = 4; v <= 5; v++)
        took(v, 1, 0, 1021);
    took(6, 1, 0, 1031); /* one person alone is nobody's news */
    took(1, 1, 0, 1021); /* and one person twice is one person */
    took(1, 1, 0, 1021);
    took(7, 1, 25, 1041); /* yesterday */
    took(8, 1, 25, 1041);
    for (int v = 20; v < 60; v++)
        took(v, 0, 0, 1041); /* guests who do not count: a crowd of one network */
    const struct json_value *t = home();
    CHECK_INT(site_at(t, "tests", NULL)->integer, 8 + 40);
    CHECK(!site_at(t, "more", NULL)->truth);
    CHECK_INT(site_at(t, "met", NULL)->n, 2);
    CHECK_INT(site_at(t, "met", "0", "id", NULL)->integer, 1011); /* of equals the smaller id */
    CHECK_INT(site_at(t, "met", "1", "id", NULL)->integer, 1021);
}

static void what_left_the_catalog_is_not_shown(void)
{
    forget();
    for (int v = 1; v <= 2; v++) {
        took(v, 1, 0, 999999);
        took(v, 1, 0, 1012);
    }
    const struct json_value *t = home();
    CHECK_INT(site_at(t, "met", NULL)->n, 1);
    CHECK_INT(site_at(t, "met", "0", "id", NULL)->integer, 1012);
}

static void a_worker_asks_now_and_then(void)
{
    forget();
    home();
    took(1, 1, 0, 1011);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/home", NULL), 200);
    CHECK_INT(site_at(site_json(&f), "today", "tests", NULL)->integer, 0);
    CHECK_INT(site_at(home(), "tests", NULL)->integer, 1);
}

int main(void)
{
    db_free(tables_start(&server, "today_test"));
    site_make(&f, 60, &server.config);
    /* Noon, whatever the clock says: yesterday is 25 hours ago and today has begun. */
    run("UPDATE site_setting SET value = CONCAT(IF(HOUR(UTC_TIMESTAMP()) > 12, '-', '+'), LPAD(ABS(12 - "
        "HOUR(UTC_TIMESTAMP())), 2, '0'), ':00') "
        "WHERE name = 'time_zone'");
    RUN(today_is_counted_and_who_was_met);
    RUN(what_left_the_catalog_is_not_shown);
    RUN(a_worker_asks_now_and_then);
    site_free(&f);
    mariadb_stop(&server);
    return check_done();
}
