/* Marks on cards and thumbs on lists: kept, taken back, owned, and what the next test makes of them. */
#include "tests/check.h"

#include <time.h>

#include "app/leave_out.h"
#include "app/limits.h"
#include "fixture/login.h"
#include "fixture/tables.h"

static struct mariadb server;
static struct site_fixture f;

#define MARK_OF(id) "/api/v1/characters/" #id "/mark"
static const char NOT_ME[] = "{\"mark\":\"not_me\"}", SEEN[] = "{\"mark\":\"seen\"}";
static int64_t number(const char *text)
{
    return tables_number(&server, text);
}

static void forget(void)
{
    static const char *const tables[] = {"visitor",        "session", "test",    "test_movie", "test_result",
                                         "character_like", "event",   "counter", "list_view",  "mark"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char sql[64];
        snprintf(sql, sizeof sql, "DELETE FROM %s", tables[i]);
        tables_run(&server, sql);
    }
    f.cookie[0] = '\0';
}

static const struct json_value *take(char token[32])
{
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests", SITE_TEST), 201);
    const struct json_value *v = site_json(&f);
    if (token != NULL)
        snprintf(token, 32, "%s", site_at(v, "token", NULL)->text);
    return v;
}

static const struct json_value *marks(void)
{
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me/marks", NULL), 200);
    return site_at(site_json(&f), "items", NULL);
}

static void marks_are_idempotent_and_taken_back(void)
{
    forget();
    for (int i = 0; i < 2; i++) {
        CHECK_INT(site_ask(&f, HTTP_PUT, MARK_OF(1011), NOT_ME), 200);
        CHECK(site_at(site_json(&f), "marked", NULL)->truth);
        CHECK_STR(site_at(site_json(&f), "mark", NULL)->text, "not_me");
    }
    CHECK_INT(site_ask(&f, HTTP_PUT, MARK_OF(1012),
                       "{\"mark\":\"seen\",\"list\":\"same\",\"position\":3,\"view\":9,\"snapshot\":\"s\"}"),
              200);
    CHECK_INT(site_ask(&f, HTTP_PUT, MARK_OF(1013), SEEN), 200); /* the same film */
    CHECK_INT(number("SELECT COUNT(*) FROM visitor"), 1);
    CHECK_INT(number("SELECT COUNT(*) FROM mark WHERE mark = 'not_me' AND subject_id = 1011"), 1);
    CHECK_INT(number("SELECT COUNT(*) FROM mark WHERE mark = 'seen' AND subject_id = 101"), 1);
    CHECK_INT(number("SELECT COUNT(*) FROM event WHERE kind = 'mark'"), 2); /* what changed */
    CHECK_INT(
        number(
            "SELECT COUNT(*) FROM event WHERE kind = 'mark' AND value = 'seen' AND character_id = 1012 AND "
            "movie_id = 101 AND list = 'same' AND position = 3 AND view_id = 9"),
        1);
    CHECK_INT(number("SELECT COUNT(*) FROM list_view WHERE view_id = 9 AND snapshot_id = 's'"), 1);
    const struct json_value *mine = marks();
    CHECK_INT(mine->n, 2); /* newest first */
    CHECK_STR(site_at(mine, "0", "mark", NULL)->text, "seen");
    CHECK_INT(site_at(mine, "0", "character", "movie", "id", NULL)->integer, 101);
    CHECK_INT(site_at(mine, "1", "character", "id", NULL)->integer, 1011);
    for (int i = 0; i < 2; i++) {
        CHECK_INT(site_ask(&f, HTTP_DELETE, MARK_OF(1011), SEEN), 200); /* by another of its characters */
        CHECK(!site_at(site_json(&f), "marked", NULL)->truth);
    }
    CHECK_INT(number("SELECT COUNT(*) FROM event WHERE kind = 'unmark' AND value = 'seen'"), 1);
    CHECK_INT(marks()->n, 1);
    f.cookie[0] = '\0';
    CHECK_INT(marks()->n, 0); /* somebody else */
}

static void wrong_marks_store_nothing(void)
{
    forget();
    static const char *const bodies[] = {"{}", "{\"mark\":\"dull\"}", "{\"mark\":1}", "[]",
                                         "{\"mark\":\"seen\",\"list\":\"attic\"}"};
    static const char *const fields[] = {"mark", "mark", "mark", "mark", "list"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        CHECK_MSG(site_ask(&f, HTTP_PUT, MARK_OF(1011), bodies[i]) == 400, "%s", bodies[i]);
        CHECK_MSG(*site_problem(&f, fields[i]) != '\0', "%s", bodies[i]);
        CHECK_MSG(site_ask(&f, HTTP_DELETE, MARK_OF(1011), bodies[i]) == 400, "%s", bodies[i]);
    }
    CHECK_INT(site_ask(&f, HTTP_PUT, MARK_OF(999999), SEEN), 404);
    CHECK_INT(number("SELECT COUNT(*) FROM visitor"), 0);
}

static void marks_count_with_the_other_reactions(void)
{
    forget();
    f.config.rate_limits = 1;
    take(NULL);
    int limited = 0;
    for (int i = 0; i < limits_table[LIMITS_REACTIONS].most + 2; i++)
        limited += site_ask(&f, i % 2 == 0 ? HTTP_PUT : HTTP_DELETE, MARK_OF(1011), NOT_ME) == 429;
    CHECK_INT(limited, 2);
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1012/like", "{}"), 429);
    f.config.rate_limits = 0;
}

static int64_t id_at(const struct json_value *v, const char *list, const char *at)
{
    return site_at(v, list, at, "id", NULL)->integer;
}

static bool lists_have(const struct json_value *v, const char *key, int64_t id)
{
    static const char *const lists[] = {"same", "compatible"};
    bool found = false;
    for (int l = 0; l < 2; l++) {
        const struct json_value *list = site_at(v, lists[l], NULL);
        for (size_t i = 0; i < list->n; i++)
            found |= (strcmp(key, "id") == 0 ? json_member(&list->items[i], "id")
                                             : site_at(&list->items[i], "movie", "id", NULL))
                         ->integer == id;
    }
    return found;
}

static void mark(int64_t character, const char *body)
{
    char target[80];
    snprintf(target, sizeof target, "/api/v1/characters/%lld/mark", (long long)character);
    CHECK_INT(site_ask(&f, HTTP_PUT, target, body), 200);
}

/* The first card of one list is not like them, the first of the other is of a film that they know. */
static void the_next_test_leaves_them_out(void)
{
    forget();
    char token[32], target[80];
    const struct json_value *v = take(token);
    int64_t unlike = id_at(v, "same", "0"), known = id_at(v, "compatible", "0");
    int64_t film = site_at(v, "compatible", "0", "movie", "id", NULL)->integer;
    CHECK_INT(site_at(v, "left_out", "characters", NULL)->integer, 0);
    mark(unlike, NOT_ME);
    mark(known, SEEN);
    mark(1011, SEEN); /* of a film that is chosen again: nothing to leave out */
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/home", NULL), 200);
    const struct json_value *home = site_at(site_json(&f), "mine", "same", NULL);
    CHECK_INT(home->n, 10);
    for (size_t i = 0; i < home->n; i++)
        CHECK(json_member(&home->items[i], "id")->integer != unlike &&
              site_at(&home->items[i], "movie", "id", NULL)->integer != film);
    v = take(token);
    CHECK(!lists_have(v, "id", unlike) && !lists_have(v, "movie", film));
    CHECK_INT(site_at(v, "same", NULL)->n, 20);
    CHECK_INT(site_at(v, "left_out", "characters", NULL)->integer, 1);
    CHECK_INT(site_at(v, "left_out", "movies", NULL)->integer, 1);
    snprintf(target, sizeof target, "/api/v1/tests/%s", token);
    CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200);
    CHECK_INT(site_at(site_json(&f), "left_out", "movies", NULL)->integer, 1);
    char mine[64];
    snprintf(mine, sizeof mine, "%s", f.cookie);
    f.cookie[0] = '\0';
    CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200); /* a friend is not told what was marked */
    CHECK(site_at(site_json(&f), "left_out", NULL) == NULL);
    CHECK(lists_have(take(NULL), "id", unlike)); /* nor do their marks concern anybody else */
    snprintf(f.cookie, sizeof f.cookie, "%s", mine);
    snprintf(target, sizeof target, "/api/v1/characters/%lld/mark", (long long)unlike);
    CHECK_INT(site_ask(&f, HTTP_DELETE, target, NOT_ME), 200);
    CHECK(lists_have(take(NULL), "id", unlike));
}

/* The newest are looked at, so a request costs the same however many there are. */
static void the_newest_marks_are_looked_at(void)
{
    forget();
    char sql[600];
    int64_t unlike = id_at(take(NULL), "same", "0");
    mark(unlike, NOT_ME);
    CHECK(!lists_have(take(NULL), "id", unlike));
    snprintf(sql, sizeof sql,
             "INSERT INTO mark (visitor_id, mark, subject_id, created_at) SELECT (SELECT MAX(visitor_id) "
             "FROM visitor), "
             "'not_me', 900000 + seq, UTC_TIMESTAMP() FROM " TABLES_NUMBERS("%d"),
             LEAVE_OUT_MOST);
    tables_run(&server, sql);
    CHECK(lists_have(take(NULL), "id", unlike));
}

/* Whoever marks everything gets short lists or none, and no error. */
static void everything_may_be_marked(void)
{
    forget();
    take(NULL);
    tables_run(
        &server,
        "INSERT INTO mark (visitor_id, mark, subject_id, created_at) SELECT (SELECT MAX(visitor_id) FROM "
        "visitor), 'seen', 100 + seq, UTC_TIMESTAMP() FROM " TABLES_NUMBERS("60"));
    const struct json_value *v = take(NULL);
    CHECK_INT(site_at(v, "same", NULL)->n, 0);
    CHECK_INT(site_at(v, "compatible", NULL)->n, 0);
    CHECK_INT(site_at(v, "left_out", "movies", NULL)->integer, 57); /* three are chosen */
}

static void a_thumb_a_list(void)
{
    forget();
    char token[32], target[80];
    take(token);
    snprintf(target, sizeof target, "/api/v1/tests/%s/feedback", token);
    CHECK_INT(site_ask(&f, HTTP_PUT, target, "{\"list\":\"same\",\"value\":\"up\",\"view\":7}"), 204);
    CHECK_INT(site_ask(&f, HTTP_PUT, target, "{\"list\":\"compatible\",\"value\":\"down\"}"), 204);
    CHECK_INT(number("SELECT COUNT(*) FROM event WHERE kind = 'feedback' AND list = 'same' AND value = 'up' "
                     "AND view_id "
                     "= 7 AND test_id IS NOT NULL"),
              1);
    CHECK_INT(
        number(
            "SELECT COUNT(*) FROM event WHERE kind = 'feedback' AND list = 'compatible' AND value = 'down'"),
        1);
    CHECK_INT(number("SELECT COUNT(*) FROM v_test WHERE feedback = 'up' AND feedback_compatible = 'down'"),
              1);
    CHECK_INT(number("SELECT CAST(thumbs_up * 10 + thumbs_down AS SIGNED) FROM v_daily WHERE tests = 1"), 11);
    CHECK_INT(site_ask(&f, HTTP_PUT, target, "{\"list\":\"same\",\"value\":\"none\"}"), 204);
    snprintf(target, sizeof target, "/api/v1/tests/%s", token);
    CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200);
    CHECK_STR(site_at(site_json(&f), "feedback", "same", NULL)->text, "none");
    CHECK_STR(site_at(site_json(&f), "feedback", "compatible", NULL)->text, "down");
    snprintf(target, sizeof target, "/api/v1/tests/%s/feedback", token);
    CHECK_INT(site_ask(&f, HTTP_PUT, target, "{\"value\":\"up\"}"), 204); /* the whole result */
    CHECK_INT(number("SELECT COUNT(*) FROM test WHERE feedback = 'up' AND feedback_compatible = 'up'"), 1);
    static const char *const wrong[] = {"{\"list\":\"wall\",\"value\":\"up\"}",
                                        "{\"list\":\"attic\",\"value\":\"up\"}",
                                        "{\"list\":1,\"value\":\"up\"}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK_INT(site_ask(&f, HTTP_PUT, target, wrong[i]), 400);
        CHECK(*site_problem(&f, "list") != '\0');
    }
}

/* What both have marked is there once afterwards, and nothing stays behind with the guest's number. */
static void marks_go_over_to_an_account(void)
{
    forget();
    struct browser home = browser_new(&f), guest = browser_new(&f);
    take(NULL);
    snprintf(home.session, sizeof home.session, "%s", strchr(f.cookie, '=') + 1);
    mark(1011, NOT_ME);
    mark(1021, SEEN);
    CHECK_INT(browser_sign_in(&home, "marker", NULL), 303);
    f.cookie[0] = '\0';
    take(NULL);
    snprintf(guest.session, sizeof guest.session, "%s", strchr(f.cookie, '=') + 1);
    mark(1011, NOT_ME);
    mark(1031, SEEN);
    CHECK_INT(number("SELECT COUNT(*) FROM mark"), 4);
    CHECK_INT(browser_sign_in(&guest, "marker", NULL), 303);
    CHECK_INT(number("SELECT COUNT(*) FROM mark"), 3);
    CHECK_INT(number("SELECT COUNT(DISTINCT visitor_id) FROM mark"), 1);
    snprintf(f.cookie, sizeof f.cookie, "mvti=%.*s", SECRET_TOKEN_CHARS, guest.session);
    CHECK_INT(marks()->n, 3);
    CHECK_INT(site_ask(&f, HTTP_DELETE, "/api/v1/me", "{\"confirm\":\"delete\"}"), 204);
    CHECK_INT(number("SELECT COUNT(*) FROM mark"), 0);
}

int main(void)
{
    db_free(tables_start(&server, "mark_test"));
    site_make(&f, 60, &server.config);
    login_provider_open(&f);
    f.config.rate_limits = 0;
    RUN(marks_are_idempotent_and_taken_back);
    RUN(wrong_marks_store_nothing);
    RUN(marks_count_with_the_other_reactions);
    RUN(the_next_test_leaves_them_out);
    RUN(the_newest_marks_are_looked_at);
    RUN(everything_may_be_marked);
    RUN(a_thumb_a_list);
    RUN(marks_go_over_to_an_account);
    login_provider_close();
    site_free(&f);
    mariadb_stop(&server);
    return check_done();
}
