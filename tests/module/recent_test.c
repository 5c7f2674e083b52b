/* The ranking of a type by days: hearts of the site's days, once a person, and no heart alone leads; and the queue of errors. */
#include "tests/check.h"

#include "app/mend.h"
#include "app/trend.h"
#include "fixture/site.h"
#include "fixture/tables.h"
#include "store/db.h"

static struct mariadb server;
static struct site_fixture f;
static struct db *db;

static void run(const char *sql)
{
    tables_run(&server, sql);
}

#define MIDNIGHT                                                                                             \
    "(SELECT CONVERT_TZ(DATE(CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', z.value)), z.value, '+00:00') FROM "      \
    "site_setting z WHERE z.name = 'time_zone')"

/* A heart so many seconds behind the midnight with which the day began that was `days` days ago. */
static void liked(int visitor, int character, int counted, int days, int seconds)
{
    char sql[500];
    snprintf(sql, sizeof sql,
             "INSERT IGNORE INTO visitor (visitor_id, counted, created_at) VALUES (%d, 1, UTC_TIMESTAMP())",
             visitor);
    run(sql);
    snprintf(sql, sizeof sql,
             "INSERT INTO character_like (visitor_id, character_id, counted, created_at) VALUES (%d, %d, "
             "%d, " MIDNIGHT " - INTERVAL %d DAY + INTERVAL %d SECOND)",
             visitor, character, counted, days, seconds);
    run(sql);
}

static int32_t of(const struct recent_likes *likes, int32_t character)
{
    for (size_t i = 0; i < likes->n; i++)
        if (likes->rows[i].character_id == character)
            return likes->rows[i].likes;
    return 0;
}

static void hearts_are_of_days_of_the_site_and_of_people_who_count(void)
{
    static struct recent_likes week, month;
    struct fail why = {0};
    run("DELETE FROM character_like");
    liked(1, 1011, 1, 0, 1);
    liked(2, 1011, 1, 6, 1);  /* the first second of the first of seven days */
    liked(3, 1011, 1, 6, -1); /* and the last of the day before it */
    liked(4, 1011, 1, 29, 1);
    liked(5, 1011, 1, 29, -1);
    liked(6, 1011, 0, 0, 1); /* does not count for everybody */
    liked(7, 1011, 1, 0, 1);
    run("UPDATE visitor SET banned_at = UTC_TIMESTAMP() WHERE visitor_id = 7");
    liked(1, 1021, 1, 0, 1);
    for (int again = 0; again < 2; again++) {
        CHECK_MSG(recent_like_count(db, &why) == ERR_OK, "%s", why.text);
        CHECK(recent_like_read(db, RECENT_LIKE_WEEK, &week, &why) == ERR_OK &&
              recent_like_read(db, RECENT_LIKE_MONTH, &month, &why) == ERR_OK);
        CHECK_INT(of(&week, 1011), 2);
        CHECK_INT(of(&month, 1011), 4);
        CHECK_INT(of(&week, 1021), 1);
        CHECK_INT(week.n, 2);
    }
}

/* By the definition: hearts, and the popularity of all time as TREND_DAMPING of them. */
static void no_heart_alone_leads_a_ranking(void)
{
    static struct recent_likes likes;
    const struct snapshot *s = &f.site.serving.snapshot;
    struct arena arena = {0};
    for (uint8_t t = 0; t < MBTI_COUNT; t++) {
        struct browse_page all, page;
        const struct rank_ask ask = {.mbti = t, .limit = s->n_characters};
        rank_type(s, t, 0, s->n_characters, &all);
        likes.n = 0;
        CHECK(trend_rank(s, &ask, &likes, &arena, &page) == ERR_OK && page.n == all.n);
        for (size_t i = 0; i < page.n; i++)
            CHECK(page.items[i] == all.items[i]); /* nobody liked anything: that of all time */
        if (all.n < 3)
            continue;
        uint32_t last = all.items[all.n - 1], first = all.items[0];
        float gap = s->characters[first].popularity - s->characters[last].popularity;
        likes.n = 1;
        likes.rows[0].character_id = s->characters[last].id;
        likes.rows[0].likes = (int32_t)(TREND_DAMPING * gap);
        CHECK(trend_rank(s, &ask, &likes, &arena, &page) == ERR_OK && page.items[0] == first);
        likes.rows[0].likes = TREND_DAMPING + 1;
        CHECK(trend_rank(s, &ask, &likes, &arena, &page) == ERR_OK && page.items[0] == last);
        CHECK(page.items[1] == first && page.n == all.n);
        for (size_t before = 0; before < 3; before++) { /* wherever it stands among hearts for others */
            likes.n = 3;
            for (size_t i = 0; i < likes.n; i++)
                likes.rows[i].character_id = i < before ? (int32_t)i - 9 : INT32_MAX - (int32_t)(likes.n - i);
            likes.rows[before].character_id = s->characters[last].id;
            likes.rows[before].likes = TREND_DAMPING + 1;
            CHECK(trend_rank(s, &ask, &likes, &arena, &page) == ERR_OK && page.items[0] == last);
        }
    }
    arena_free(&arena);
}

static void pages_show_the_days_that_are_asked_for(void)
{
    const struct snapshot *s = &f.site.serving.snapshot;
    uint8_t t = s->characters[0].mbti;
    char target[80], said[80];
    struct fail why = {0};
    const uint32_t last = s->ranking[s->rank_start[t + 1] - 1];
    run("DELETE FROM character_like");
    for (int v = 1; v <= TREND_DAMPING + 1; v++)
        liked(v, s->characters[last].id, 1, 0, 1);
    run("UPDATE visitor SET banned_at = NULL");
    CHECK(recent_like_count(db, &why) == ERR_OK);
    snprintf(target, sizeof target, "/api/v1/types/%s/recent?days=7&limit=1", mbti_name(t));
    CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200);
    CHECK_INT(site_at(site_json(&f), "items", "0", "id", NULL)->integer, s->characters[last].id);
    snprintf(target, sizeof target, "/t/%s?days=30", mbti_name(t));
    snprintf(said, sizeof said, "<ol class=\"ranking\"><li><a class=\"ranked\" href=\"/c/%d\"",
             (int)s->characters[last].id);
    CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200);
    CHECK(strstr(buf_str(&f.site.response.body), said) != NULL);
    CHECK(strstr(buf_str(&f.site.response.body), "?days=30\" aria-current=\"true\"") != NULL);
    snprintf(target, sizeof target, "/api/v1/types/%s/recent?days=8", mbti_name(t));
    CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 400);
    CHECK(*site_problem(&f, "days") != '\0');
}

static void reports_wait_until_they_are_closed_and_are_not_without_number(void)
{
    struct arena arena = {0};
    struct fail why = {0};
    struct error_reports page = {.most = 10};
    int64_t open;
    static const char body[] =
        "{\"about\":\"character\",\"id\":1011,\"kind\":\"text\",\"text\":\"\xEB\xA0\x88\xEC\x98\xB9\"}";
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/reports", body), 204);
    CHECK(mend_queue(db, &page, &arena, &why) == ERR_OK && page.n == 1);
    CHECK_STR(page.items[0].said, "\xEB\xA0\x88\xEC\x98\xB9");
    CHECK_INT(page.items[0].subject_id, 1011);
    CHECK(error_report_close(db, page.items[0].report_id, &why) == ERR_OK);
    CHECK(error_report_close(db, page.items[0].report_id, &why) == ERR_NOT_FOUND);
    static const char *const wrong[][2] = {
        {"{\"about\":\"character\",\"id\":999999,\"kind\":\"text\"}", "id"},
        {"{\"about\":\"character\",\"id\":\"1\",\"kind\":\"text\"}", "id"},
        {"{\"about\":\"user\",\"id\":1011,\"kind\":\"text\"}", "about"},
        {"{\"about\":\"movie\",\"id\":101,\"kind\":\"rude\"}", "kind"},
        {"{\"about\":\"movie\",\"id\":101,\"kind\":\"text\",\"text\":7}", "text"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/reports", wrong[i][0]), 400);
        CHECK_MSG(*site_problem(&f, wrong[i][1]) != '\0', "%s", wrong[i][0]);
    }
    run("INSERT INTO error_report (about, subject_id, kind, said, created_at) SELECT 'movie', 101, 'link', "
        "'', "
        "UTC_TIMESTAMP() FROM " TABLES_NUMBERS("1000"));
    CHECK(error_report_open(db, &open, &why) == ERR_OK && open == ERROR_REPORT_OPEN);
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/reports", body), 429);
    run("DELETE FROM error_report");
    arena_free(&arena);
}

int main(void)
{
    db = tables_start(&server, "recent_test");
    site_make(&f, 60, &server.config);
    /* Noon, whatever the clock says, so that no day ends meanwhile. */
    run("UPDATE site_setting SET value = CONCAT(IF(HOUR(UTC_TIMESTAMP()) > 12, '-', '+'), LPAD(ABS(12 - "
        "HOUR(UTC_TIMESTAMP())), 2, '0'), ':00') WHERE name = 'time_zone'");
    RUN(hearts_are_of_days_of_the_site_and_of_people_who_count);
    RUN(no_heart_alone_leads_a_ranking);
    RUN(pages_show_the_days_that_are_asked_for);
    RUN(reports_wait_until_they_are_closed_and_are_not_without_number);
    site_free(&f);
    db_free(db);
    mariadb_stop(&server);
    return check_done();
}
