/* The owner's console: who is let in and how long, that nobody else learns that it is there, and that everything done in it is kept. */
#include "tests/check.h"

#include "base/log.h"
#include "fixture/login.h"
#include "fixture/tables.h"
#include "routes.h"
#include "store/ban.h"
#include "store/like_totals.h"
#include "store/training.h"

static struct mariadb server;
static struct site_fixture f;

static int64_t number(const char *sql)
{
    return tables_number(&server, sql);
}

static void run_sql(const char *sql)
{
    tables_run(&server, sql);
}

static struct browser signed_in(const char *person)
{
    struct browser b = browser_new(&f);
    CHECK_INT(browser_sign_in(&b, person, NULL), 303);
    return b;
}

/* A path that the row's pattern matches. */
static const char *example(const struct route *row)
{
    static char path[128];
    const char *at = strchr(row->pattern, '{');
    if (at == NULL)
        return row->pattern;
    snprintf(path, sizeof path, "%.*s%s%s", (int)(at - row->pattern), row->pattern,
             strncmp(at, "{token}", 7) == 0 ? "abcdefghijklmnopqrstuv" : "17", at + strcspn(at, "}") + 1);
    return path;
}

/* Everything that an answer says but the request's number. */
static const char *said(void)
{
    static char text[4096];
    char *id;
    snprintf(text, sizeof text, "%d %s %s", f.site.response.status, site_header(&f, "Content-Type"),
             buf_str(&f.site.response.body));
    if ((id = strstr(text, "\"request_id\"")) != NULL)
        *id = '\0';
    return text;
}

/* What somebody gets at an address below /api/v1 that there is not, and at a page that there is not. */
static void looks_like_nothing(struct browser *b, const struct route *row, enum http_method method,
                               const char *who)
{
    char nothing[4096];
    const char *path = example(row);
    browser_write(b, method, strncmp(path, "/api/", 5) == 0 ? "/api/v1/nothing" : "/nothing", "{}", NULL);
    snprintf(nothing, sizeof nothing, "%s", said());
    const char *const tokens[] = {NULL, "", "wrong"};
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        browser_write(b, method, path, i == 1 ? "no json" : "{}", tokens[i]);
        CHECK_MSG(strcmp(said(), nothing) == 0, "%s: %s: %s", who, path, said());
        CHECK_STR(site_header(&f, "Allow"), "");
        CHECK_STR(site_header(&f, "Location"), "");
    }
}

/* Every route of the console for everybody who is no admin, whatever the method. */
static void to_others_there_is_nothing(void)
{
    struct browser nobody = browser_new(&f), visitor = browser_guest(&f), account = signed_in("alice"),
                   odd = browser_new(&f);
    strcpy(odd.session, "not-a-token");
    size_t rows = 0;
    for (size_t i = 0; i < route_count; i++) {
        const struct route *row = &route_table[i];
        if (row->pool != POOL_ADMIN)
            continue;
        rows++;
        static const enum http_method methods[] = {HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_DELETE, HTTP_OTHER};
        for (size_t m = 0; m < sizeof methods / sizeof *methods; m++) {
            looks_like_nothing(&nobody, row, methods[m], "nobody");
            looks_like_nothing(&odd, row, methods[m], "a cookie of nobody");
            looks_like_nothing(&visitor, row, methods[m], "a guest");
            looks_like_nothing(&account, row, methods[m], "an account");
        }
    }
    CHECK(rows >= 3);
    CHECK_INT(number("SELECT COUNT(*) FROM admin_action"), 0);
}

/* Workers of the public pools do not know the addresses, whoever asks. */
static void other_pools_have_no_console(void)
{
    struct browser owner = signed_in("owner");
    static const unsigned pools[] = {POOL_MAIN, POOL_LOGIN, POOL_EXPORT};
    for (size_t i = 0; i < sizeof pools / sizeof *pools; i++) {
        f.site.pool = pools[i];
        CHECK_INT(browser_write(&owner, HTTP_GET, "/api/v1/admin/overview", NULL, NULL), 404);
        CHECK_INT(browser_write(&owner, HTTP_GET, "/admin", NULL, NULL), 404);
    }
    f.site.pool = POOL_ALL;
}

static void an_admin_is_let_in_and_it_is_kept(void)
{
    run_sql("DELETE FROM admin_action");
    struct browser owner = signed_in("owner");
    CHECK_INT(browser_write(&owner, HTTP_GET, "/admin", NULL, NULL), 200);
    CHECK(strstr(buf_str(&f.site.response.body), "the console") != NULL);
    CHECK_STR(site_header(&f, "Cache-Control"), "no-store");
    CHECK_INT(browser_write(&owner, HTTP_GET, "/api/v1/admin/overview", NULL, NULL), 200);
    CHECK(*site_header(&f, "X-CSRF-Token") != '\0');
    CHECK_INT(browser_write(&owner, HTTP_POST, "/api/v1/admin/overview", "{}", NULL), 405);
    CHECK_INT(browser_write(&owner, HTTP_GET, "/api/v1/admin/nothing", NULL, NULL), 404);
    CHECK_INT(number("SELECT COUNT(*) FROM admin_action WHERE action = 'enter' AND outcome = 'done' AND "
                     "admin = 'naver:owner' "
                     "AND visitor_id = (SELECT visitor_id FROM identity WHERE subject = 'owner')"),
              1);
    CHECK_INT(browser_write(&owner, HTTP_GET, "/api/v1/admin/actions?limit=1", NULL, NULL), 200);
    CHECK_STR(site_at(site_json(&f), "items", "0", "action", NULL)->text, "enter");
    signed_in("owner"); /* another browser, that does not open it */
    CHECK_INT(number("SELECT COUNT(*) FROM admin_action"), 1);
}

/* Half an hour without a request, eight hours, and no way in with an old login. */
static void a_visit_ends(void)
{
    struct browser owner = signed_in("owner");
    static const char session[] =
        "UPDATE session SET %s WHERE visitor_id = (SELECT visitor_id FROM identity WHERE subject = 'owner')";
    static const struct {
        const char *set;
        int api, page;
    } steps[] = {
        {"console_seen_at = NULL", 200, 200},
        {"console_seen_at = UTC_TIMESTAMP(6) - INTERVAL 1790 SECOND", 200, 200},
        {"console_seen_at = UTC_TIMESTAMP(6) - INTERVAL 1801 SECOND", 401, 303},
        {"console_seen_at = UTC_TIMESTAMP(6), signed_in_at = UTC_TIMESTAMP() - INTERVAL 28790 SECOND", 200,
         200},
        {"console_seen_at = UTC_TIMESTAMP(6), signed_in_at = UTC_TIMESTAMP() - INTERVAL 28801 SECOND", 401,
         303},
        {"console_seen_at = NULL, signed_in_at = UTC_TIMESTAMP() - INTERVAL 590 SECOND", 200, 200},
        {"console_seen_at = NULL, signed_in_at = UTC_TIMESTAMP() - INTERVAL 601 SECOND", 401, 303},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        char sql[400];
        snprintf(sql, sizeof sql, session, steps[i].set);
        run_sql(sql);
        CHECK_MSG(browser_write(&owner, HTTP_GET, "/api/v1/admin/overview", NULL, NULL) == steps[i].api,
                  "%s: %d", steps[i].set, f.site.response.status);
        if (steps[i].api == 401)
            CHECK(*site_problem(&f, "login") != '\0');
        run_sql(sql);
        CHECK_MSG(browser_write(&owner, HTTP_GET, "/admin", NULL, NULL) == steps[i].page, "%s: %d",
                  steps[i].set, f.site.response.status);
    }
    CHECK_STR(site_header(&f, "Location"), "/login?again=1&return=/admin");
    CHECK_INT(browser_sign_in(&owner, "owner", NULL), 303);
    CHECK_INT(browser_write(&owner, HTTP_GET, "/api/v1/admin/overview", NULL, NULL), 200);
}

/* A request within the half hour moves its end. */
static void each_request_prolongs_it(void)
{
    struct browser owner = signed_in("owner");
    CHECK_INT(browser_write(&owner, HTTP_GET, "/api/v1/admin/overview", NULL, NULL), 200);
    run_sql("UPDATE session SET console_seen_at = UTC_TIMESTAMP(6) - INTERVAL 25 MINUTE WHERE "
            "console_seen_at IS NOT NULL");
    CHECK_INT(browser_write(&owner, HTTP_GET, "/api/v1/admin/overview", NULL, NULL), 200);
    CHECK(number(
              "SELECT COUNT(*) FROM session WHERE console_seen_at > UTC_TIMESTAMP(6) - INTERVAL 60 SECOND") >=
          1);
}

static void the_setting_names_people(void)
{
    static const struct {
        const char *admins;
        bool fine, owner;
    } rows[] = {
        {"", true, false},
        {"naver:owner", true, true},
        {"kakao:owner", true, false},
        {"naver:own", true, false},
        {"naver:owner2, \tnaver:owner", true, true},
        {"account:99999999", true, false},
        {"owner", false, false},
        {"naver:", false, false},
        {":owner", false, false},
        {"Naver:owner", false, false},
        {"account:x", false, false},
        {"account:01", false, false},
    };
    struct browser owner = signed_in("owner");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct fail why = {0};
        snprintf(f.config.admins, sizeof f.config.admins, "%s", rows[i].admins);
        CHECK_MSG((console_admins_check(f.config.admins, &why) == ERR_OK) == rows[i].fine, "%s: %s",
                  rows[i].admins, why.text);
        CHECK_MSG((browser_write(&owner, HTTP_GET, "/api/v1/admin/overview", NULL, NULL) == 200) ==
                      rows[i].owner,
                  "%s", rows[i].admins);
    }
    snprintf(f.config.admins, sizeof f.config.admins, "account:%lld",
             (long long)number("SELECT visitor_id FROM identity WHERE subject = 'owner'"));
    CHECK_INT(browser_write(&owner, HTTP_GET, "/api/v1/admin/overview", NULL, NULL), 200);
    strcpy(f.config.admins, "naver:owner");
}

static int64_t figure(const char *span, const char *name)
{
    const struct json_value *v = site_at(site_json(&f), "periods", span, name, NULL);
    return v != NULL ? v->integer : -1;
}

/* Two weeks with known numbers, on both sides of each end. */
static void figures_are_those_of_the_days(void)
{
    struct browser owner = signed_in("owner");
    int64_t tests = number("SELECT COUNT(*) FROM test");
    run_sql("DELETE FROM visitor_day");
    run_sql("DELETE FROM event_day");
    run_sql("SET @today = (SELECT DATE(CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', value)) FROM site_setting WHERE "
            "name = 'time_zone')");
#define DAY(ago)                                                                                             \
    "(SELECT DATE(CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', value)) - INTERVAL " ago                             \
    " FROM site_setting WHERE name = 'time_zone')"
#define MONDAY "(WEEKDAY(CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', '+09:00')))"
    run_sql("INSERT INTO visitor_day SELECT " DAY(
        "0 DAY") ", seq, 9, 1, seq < 3, 0, 0, 0, 0, 2, 0, 0, 0 FROM " TABLES_NUMBERS("5"));
    run_sql("INSERT INTO visitor_day SELECT " DAY(
        "7 DAY") ", seq, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM " TABLES_NUMBERS("3"));
    run_sql("INSERT INTO visitor_day SELECT " DAY(
        "(" MONDAY
        " + 1) DAY") ", seq, 9, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM " TABLES_NUMBERS("9") " WHERE seq > 2 "
                                                                                        "ON DUPLICATE KEY "
                                                                                        "UPDATE landing = 1");
    run_sql("INSERT INTO event_day VALUES (" DAY("0 DAY") ", 'watch', 4), (" DAY(
        "0 DAY") ", 'click', 10), (" DAY("7 DAY") ", 'watch', 6), (" DAY("35 DAY") ", 'watch', 1000)");
    CHECK_INT(browser_write(&owner, HTTP_GET, "/api/v1/admin/overview", NULL, NULL), 200);
    CHECK_INT(figure("today", "visitors"), 5);
    CHECK_INT(figure("today", "watch"), 4);
    CHECK_INT(figure("today", "clicks"), 10);
    CHECK_INT(figure("today", "tests"), tests);
    CHECK_INT(figure("same_day", "watch"), 6);
    CHECK_INT(figure("this_week", "visitors"), 5);
    CHECK_INT(figure("last_week", "visitors"), 9); /* three of them came twice */
    CHECK_INT(figure("last_week", "watch"), 6);
    CHECK_INT((int64_t)site_at(site_json(&f), "days", NULL)->n, 35);
    const struct json_value *funnel = site_at(site_json(&f), "funnel", "this_week", NULL);
    CHECK_INT(site_at(funnel, "0", "people", NULL)->integer, 5);
    CHECK_INT(site_at(funnel, "1", "people", NULL)->integer, 2);
    CHECK_STR(site_at(funnel, "6", "step", NULL)->text, "click");
    CHECK_INT(site_at(funnel, "6", "events", NULL)->integer, 10);
}

/* What a banned visitor has done is left out of what the night reads, and is there again without the ban; a guest's ban goes to the account. */
static void the_night_leaves_a_banned_visitor_out(void)
{
    struct db *db = db_new(&server.config, 0);
    struct arena a = {0};
    struct fail why = {0};
    struct vec choices = VEC_OF(struct training_choice);
    struct like_totals likes;
    run_sql("DELETE FROM visitor WHERE visitor_id NOT IN (SELECT visitor_id FROM account)");
    run_sql("DELETE FROM test");
    run_sql("DELETE FROM character_like");
    run_sql("DELETE FROM counter");
    struct browser b = browser_guest(&f);
    CHECK_INT(browser_write(&b, HTTP_PUT, "/api/v1/characters/1011/like", "{}", NULL), 200);
    int64_t visitor = number("SELECT visitor_id FROM test");
    const size_t wanted[] = {3, 0, 3};
    for (size_t i = 0; i < 3; i++) {
        CHECK(i == 0 || ban_set(db, visitor, i == 1, &why) == ERR_OK);
        choices.len = 0;
        CHECK(training_choices(db, number("SELECT UNIX_TIMESTAMP() + 60"), &choices,
                               &(struct training_left){0}, &why) == ERR_OK);
        CHECK_INT(choices.len, wanted[i]);
        CHECK(like_totals_read(db, &a, &likes, &why) == ERR_OK);
        CHECK_INT(like_totals_of(&likes, 1011), wanted[i] > 0);
        CHECK_INT(browser_write(&b, HTTP_PUT, "/api/v1/characters/1012/like", "{}", NULL),
                  i == 1 ? 403 : 200);
    }
    CHECK(ban_set(db, visitor, true, &why) == ERR_OK);
    CHECK_INT(browser_sign_in(&b, "carol", NULL), 303);
    CHECK_INT(number("SELECT COUNT(*) FROM visitor v JOIN identity i ON i.visitor_id = v.visitor_id WHERE "
                     "i.subject = 'carol' AND banned_at IS NOT NULL"),
              1);
    vec_free(&choices);
    arena_free(&a);
    db_free(db);
}

/* One request at a time, with a word that there is and a name that can be one; each is kept as it was asked. */
static void requests_are_kept_until_they_are_carried_out(void)
{
    struct browser owner = signed_in("owner");
    static const char request[] = "/api/v1/admin/requests";
    static const struct {
        const char *body, *field;
    } bad[] = {
        {"{}", "action"},
        {"{\"action\":\"enter\"}", "action"},
        {"{\"action\":7}", "action"},
        {"{\"action\":\"unpin\",\"subject\":\"a\"}", "subject"},
        {"{\"action\":\"rollback\",\"subject\":\"../x\"}", "subject"},
        {"{\"action\":\"rollback\",\"subject\":\"\"}", "subject"},
        {"{\"action\":\"pin\",\"subject\":5}", "subject"},
        {"{\"action\":\"ban\"}", "subject"},
        {"{\"action\":\"ban\",\"subject\":\"0\"}", "subject"},
        {"{\"action\":\"ban\",\"subject\":\"abc\"}", "subject"},
    };
    CHECK_INT(browser_write(&owner, HTTP_GET, "/api/v1/admin/live", NULL, NULL), 200);
    run_sql("DELETE FROM admin_action");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_MSG(browser_write(&owner, HTTP_POST, request, bad[i].body, NULL) == 400, "%s", bad[i].body);
        CHECK_MSG(*site_problem(&f, bad[i].field) != '\0', "%s", bad[i].body);
    }
    CHECK_INT(browser_write(&owner, HTTP_POST, request, "{\"action\":\"unpin\"}", "wrong"), 403);
    CHECK_INT(number("SELECT COUNT(*) FROM admin_action"), 0);
    CHECK_INT(
        browser_write(&owner, HTTP_POST, request, "{\"action\":\"rollback\",\"subject\":\"abc-1\"}", NULL),
        202);
    CHECK_INT(number("SELECT COUNT(*) FROM admin_action WHERE outcome = 'asked' AND action = 'rollback' AND "
                     "subject = 'abc-1' AND ended_at IS NULL"),
              1);
    CHECK_INT(browser_write(&owner, HTTP_POST, request, "{\"action\":\"unpin\"}", NULL), 409);
    struct admin_action a;
    struct arena arena = {0};
    struct fail why = {0};
    struct db *db = db_new(&server.config, 0);
    CHECK(admin_action_take(db, &arena, &a, &why) == ERR_OK);
    CHECK(admin_action_take(db, &arena, &a, &why) == ERR_NOT_FOUND);
    CHECK_INT(browser_write(&owner, HTTP_POST, request, "{\"action\":\"unpin\"}", NULL),
              409); /* it is at work */
    int64_t n;
    CHECK(admin_action_give_up(db, 60, &n, &why) == ERR_OK && n == 0);
    run_sql("UPDATE admin_action SET asked_at = asked_at - INTERVAL 61 SECOND");
    CHECK(admin_action_give_up(db, 60, &n, &why) == ERR_OK && n == 1);
    CHECK_INT(browser_write(&owner, HTTP_POST, request, "{\"action\":\"unpin\"}", NULL), 202);
    run_sql("DELETE FROM admin_action");
    arena_free(&arena);
    db_free(db);
}

static void without_its_database_it_says_so(void)
{
    struct browser owner = signed_in("owner"), nobody = browser_new(&f);
    CHECK_INT(browser_write(&owner, HTTP_GET, "/api/v1/admin/overview", NULL, NULL), 200);
    run_sql("RENAME TABLE visitor_day TO visitor_day_away");
    CHECK_INT(browser_write(&owner, HTTP_GET, "/api/v1/admin/overview", NULL, NULL), 503);
    CHECK_INT(browser_write(&nobody, HTTP_GET, "/api/v1/admin/overview", NULL, NULL), 404);
    run_sql("RENAME TABLE visitor_day_away TO visitor_day");
}

static void write_page(void)
{
    char path[300];
    snprintf(path, sizeof path, "%s/admin.html", f.small.folder);
    FILE *out = fopen(path, "w");
    CHECK(out != NULL && fputs("<!doctype html><title>the console</title>", out) >= 0 && fclose(out) == 0);
}

static void remove_page(void)
{
    char path[300];
    snprintf(path, sizeof path, "%s/admin.html", f.small.folder);
    CHECK(remove(path) == 0);
}

int main(void)
{
    struct db *db = tables_start(&server, "mvti_console_test");
    site_make(&f, 40, &server.config);
    strcpy(f.config.admins, "naver:owner");
    login_provider_open(&f);
    write_page();
    RUN(to_others_there_is_nothing);
    RUN(other_pools_have_no_console);
    RUN(an_admin_is_let_in_and_it_is_kept);
    RUN(a_visit_ends);
    RUN(each_request_prolongs_it);
    RUN(the_setting_names_people);
    RUN(figures_are_those_of_the_days);
    RUN(the_night_leaves_a_banned_visitor_out);
    RUN(requests_are_kept_until_they_are_carried_out);
    RUN(without_its_database_it_says_so);
    remove_page();
    site_free(&f);
    login_provider_close();
    db_free(db);
    mariadb_stop(&server);
    return check_done();
}
