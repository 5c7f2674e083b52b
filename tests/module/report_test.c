/* Reports of events, through the page into a real database: judged row by row, stored with what they were about. */
#include "tests/check.h"

#include "fixture/site.h"
#include "fixture/tables.h"

static struct mariadb server;
static struct site_fixture f;

static int64_t number(const char *text)
{
    return tables_number(&server, text);
}

/* The next report is that of a new visitor, and finds nothing. */
static void forget(void)
{
    tables_run(&server, "DELETE FROM event");
    tables_run(&server, "DELETE FROM list_view");
    tables_run(&server, "DELETE FROM first_visit");
    f.cookie[0] = '\0';
}

/* One event that is wrong is named and takes no other with it, whatever is wrong with it. */
static void a_bad_event_is_refused_alone(void)
{
    forget();
    static const struct {
        const char *event, *field;
    } rows[] = {
        {"{\"kind\":\"dance\"}", "kind"},
        {"{\"kind\":\"like\",\"character\":1011}", "kind"}, /* the server's own */
        {"7", "kind"},
        {"{\"kind\":\"click\",\"character\":999999}", "character"},
        {"{\"kind\":\"click\",\"list\":\"attic\"}", "list"},
        {"{\"kind\":\"click\",\"list\":\"same\",\"view\":0}", "view"},
        {"{\"kind\":\"click\",\"list\":\"same\",\"view\":9007199254740992}", "view"},
        {"{\"kind\":\"click\",\"view\":5}", "list"},
        {"{\"kind\":\"click\",\"snapshot\":\"s\"}", "view"},
        {"{\"kind\":\"share\",\"value\":\"pigeon\"}", "value"},
        {"{\"kind\":\"question\",\"took\":-1}", "took"},
        {"{\"kind\":\"click\",\"at\":\"noon\"}", "at"},
        {"{\"kind\":\"landing\",\"source\":{\"path\":\"/\",\"locale\":\"fr\"}}", "locale"},
        {"{\"kind\":\"landing\",\"source\":{\"path\":\"/\",\"locale\":\"ko\",\"referrer\":\"a b\"}}",
         "referrer"},
    };
    enum { BAD = sizeof rows / sizeof *rows };
    char body[4096] = "[{\"kind\":\"click\",\"character\":1011}";
    for (size_t i = 0; i < BAD; i++)
        snprintf(body + strlen(body), sizeof body - strlen(body), ",%s", rows[i].event);
    snprintf(body + strlen(body), sizeof body - strlen(body), ",{\"kind\":\"click\",\"movie\":101}]");
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/events", body), 202);
    const struct json_value *answer = site_json(&f), *refused = json_member(answer, "refused");
    CHECK_INT(site_at(answer, "stored", NULL)->integer, 2);
    CHECK_INT(refused->n, BAD);
    for (size_t i = 0; i < refused->n && i < BAD; i++) {
        CHECK_INT(json_member(&refused->items[i], "index")->integer, i + 1);
        CHECK_STR(json_text(&refused->items[i], "field"), rows[i].field);
    }
    CHECK_INT(number("SELECT COUNT(*) FROM event WHERE kind = 'click'"), 2);
    CHECK_INT(number("SELECT COUNT(*) FROM event"), 2);
}

static void events_say_what_they_were_about(void)
{
    forget();
    CHECK_INT(
        site_ask(
            &f, HTTP_POST, "/api/v1/events",
            "[{\"kind\":\"landing\",\"at\":4102444800123,\"source\":{\"path\":\"/c\",\"locale\":\"en\","
            "\"referrer\":\"news.example\",\"utm_source\":\"소식\",\"app\":\"kakaotalk\",\"touch\":true}},"
            "{\"kind\":\"impression\",\"character\":1011,\"list\":\"same\",\"position\":0,\"view\":"
            "9007199254740991,\"snapshot\":\"test-1\",\"ranker\":\"ease\",\"at\":1767225600123},"
            "{\"kind\":\"click\",\"character\":1011,\"list\":\"same\",\"position\":0,\"view\":"
            "9007199254740991,"
            "\"snapshot\":\"other\"},"
            "{\"kind\":\"question\",\"list\":\"survey\",\"position\":3,\"took\":2500},"
            "{\"kind\":\"watch\",\"movie\":101,\"value\":\"왓챠\"}]"),
        202);
    CHECK_INT(number("SELECT COUNT(*) FROM list_view WHERE view_id = 9007199254740991 AND list = 'same' AND "
                     "snapshot_id = 'test-1' AND ranker = 'ease'"),
              1);
    CHECK_INT(number("SELECT COUNT(*) FROM event WHERE view_id = 9007199254740991"), 2);
    CHECK_INT(number("SELECT COUNT(*) FROM event WHERE browser_at = '2026-01-01 00:00:00.123'"), 1);
    CHECK_INT(number("SELECT COUNT(*) FROM event WHERE browser_at = '2100-01-01 00:00:00.123'"), 1);
    CHECK_INT(
        number("SELECT COUNT(*) FROM event WHERE kind = 'question' AND took_ms = 2500 AND position = 3"), 1);
    CHECK_INT(number("SELECT COUNT(*) FROM event WHERE value = '왓챠' AND browser_at IS NULL"), 1);
    CHECK_INT(number("SELECT COUNT(*) FROM first_visit WHERE path = '/c' AND referrer = 'news.example' AND "
                     "utm_source = '소식' AND utm_medium IS NULL AND app = 'kakaotalk' AND locale = 'en'"),
              1);
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/events",
                       "[{\"kind\":\"landing\",\"source\":{\"path\":\"/\",\"locale\":\"ko\"}}]"),
              202);
    CHECK_INT(number("SELECT COUNT(*) FROM first_visit"), 1);
    CHECK_INT(number("SELECT COUNT(*) FROM first_visit WHERE path = '/c'"), 1); /* the first one stays */
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1011/like",
                       "{\"list\":\"compatible\",\"position\":4,\"view\":77,\"snapshot\":\"test-1\"}"),
              200);
    CHECK_INT(
        number("SELECT COUNT(*) FROM event e JOIN list_view v ON v.view_id = e.view_id WHERE e.kind = 'like' "
               "AND e.character_id = 1011 AND e.position = 4 AND v.list = 'compatible' AND e.list = v.list"),
        1);
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1011/like", "{\"list\":\"attic\"}"), 400);
}

int main(void)
{
    db_free(tables_start(&server, "report_test"));
    site_make(&f, 60, &server.config);
    f.config.rate_limits = 0;
    RUN(a_bad_event_is_refused_alone);
    RUN(events_say_what_they_were_about);
    site_free(&f);
    mariadb_stop(&server);
    return check_done();
}
