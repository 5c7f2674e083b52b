/* What visitors do, through the pages into a real database: recorded, owned, limited, and durable. */
#include "app/limits.h"
#include "tests/check.h"
#include "tests/fixture/eventually.h"

#include <time.h>

#include "app/quiz.h"
#include "app/react.h"
#include "fixture/site.h"
#include "fixture/tables.h"

static struct mariadb server;
static struct site_fixture f;

static const char BODY[] =
    "{\"mbti\":\"INFP\",\"answers\":[\"withdrawn\",\"reactive\",\"4w5\"],\"movies\":[101,102,103,"
    "104,105,106,107,108,109,110,111,112],\"locale\":\"en\"}";

#define TEXT(...) (site_at(__VA_ARGS__, NULL)->text)

static int64_t number(const char *text)
{
    return tables_number(&server, text);
}

static void run_sql(const char *text)
{
    tables_run(&server, text);
}

static void forget_visitors(void)
{
    static const char *const tables[] = {"visitor",        "session", "test",    "test_movie", "test_result",
                                         "character_like", "event",   "counter", "list_view",  "first_visit"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char sql[64];
        snprintf(sql, sizeof sql, "DELETE FROM %s", tables[i]);
        run_sql(sql);
    }
    f.cookie[0] = '\0';
}

static int64_t all_rows(void)
{
    return number(
        "SELECT (SELECT COUNT(*) FROM visitor) + (SELECT COUNT(*) FROM session) + (SELECT COUNT(*) FROM "
        "test) + (SELECT COUNT(*) FROM "
        "test_movie) + (SELECT COUNT(*) FROM test_result) + (SELECT COUNT(*) FROM character_like) + (SELECT "
        "COUNT(*) FROM event)");
}

/* Takes a test as the visitor of f.cookie and returns its token. */
static const char *take(void)
{
    static char token[32];
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests", BODY), 201);
    snprintf(token, sizeof token, "%s", TEXT(site_json(&f), "token"));
    return token;
}

/* Whether two answers say the same, in the same order. */
static bool same_json(const struct json_value *a, const struct json_value *b)
{
    bool same = a->kind == b->kind && a->n == b->n && a->truth == b->truth && a->real == b->real &&
                (a->kind != JSON_TEXT || strcmp(a->text, b->text) == 0);
    for (size_t i = 0; same && (a->kind == JSON_LIST || a->kind == JSON_MAP) && i < a->n; i++)
        same = (a->kind == JSON_LIST || strcmp(a->names[i], b->names[i]) == 0) &&
               same_json(&a->items[i], &b->items[i]);
    return same;
}

static void a_test_is_stored_whole_and_reads_back(void)
{
    forget_visitors();
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests", BODY), 201);
    const struct json_value *made = site_json(&f);
    CHECK(site_at(made, "saved", NULL)->truth);
    CHECK_INT(number("SELECT COUNT(*) FROM session"), 1);
    CHECK_INT(number("SELECT COUNT(*) FROM test_movie"), 12);
    CHECK_INT(number("SELECT COUNT(*) FROM test_result"), 40);
    CHECK_INT(number("SELECT COUNT(*) FROM test WHERE answers LIKE '%withdrawn%' AND locale = 'en'"), 1);
    char target[80];
    snprintf(target, sizeof target, "/api/v1/tests/%s", TEXT(made, "token"));
    CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200);
    const struct json_value *read = site_json(&f);
    static const char *const lists[] = {"same", "compatible", "movies"};
    for (int l = 0; l < 3; l++) {
        const struct json_value *a = site_at(made, lists[l], NULL), *b = site_at(read, lists[l], NULL);
        CHECK_INT(a->n, l == 2 ? 12 : 20);
        CHECK_INT(b->n, a->n);
        for (size_t i = 0; i < a->n && i < b->n; i++)
            CHECK_MSG(same_json(&a->items[i], &b->items[i]), "%s %zu", lists[l], i);
    }
    CHECK_STR(TEXT(made, "created"), TEXT(read, "created"));
    CHECK(site_at(read, "mine", NULL)->truth);
    CHECK_STR(TEXT(read, "feedback", "same"), "none");
    snprintf(target, sizeof target, "/r/%s", TEXT(made, "token"));
    CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200);
    CHECK(strstr(buf_str(&f.site.response.body), "INFP") != NULL);
}

/* What a result names may have left the catalog since, and a later program may have written it in another
 * way. */
static void a_result_outlives_films_and_characters(void)
{
    char target[80];
    forget_visitors();
    snprintf(target, sizeof target, "/api/v1/tests/%s", take());
    run_sql("UPDATE test_movie SET movie_id = 999999 WHERE position = 0");
    run_sql("UPDATE test_result SET character_id = 999999 WHERE position = 0");
    run_sql(
        "UPDATE test_result SET because_json = CASE position WHEN 1 THEN '[{\"movie_id\":101,\"share\":0.5' "
        "WHEN 2 THEN '[{\"movie_id\":101}]' WHEN 3 THEN '[{\"movie_id\":999999,\"share\":0.5},"
        "{\"movie_id\":102,\"share\":0.5}]' WHEN 4 THEN '[{\"movie_id\":,\"share\":1}]' ELSE because_json "
        "END");
    CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200);
    const struct json_value *v = site_json(&f);
    CHECK_INT(site_at(v, "movies", NULL)->n, 11);
    CHECK_INT(site_at(v, "same", NULL)->n, 19);
    CHECK_INT(site_at(v, "compatible", NULL)->n, 19);
    static const size_t reasons[] = {0, 0, 1, 0}; /* of positions 1 to 4, which come first now */
    for (size_t i = 0; i < 4; i++) {
        const struct json_value *r = site_at(&site_at(v, "same", NULL)->items[i], "reasons", NULL);
        size_t films = 0;
        for (size_t k = 0; k < r->n; k++)
            films +=
                json_member(&r->items[k], "because") != NULL ? json_member(&r->items[k], "because")->n : 0;
        CHECK_MSG(films == reasons[i], "%zu: %zu films", i, films);
    }
}

/* Rows of a version that did not keep what was told say that it is not known. */
static void what_was_not_kept_is_not_made_up(void)
{
    char target[80];
    forget_visitors();
    snprintf(target, sizeof target, "/api/v1/tests/%s", take());
    run_sql("UPDATE test_result SET film = NULL, points = NULL, above = NULL, strange = NULL WHERE list = "
            "'same'");
    CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200);
    const struct json_value *v = site_json(&f);
    static const char *const names[] = {"film", "points", "above"};
    for (size_t i = 0; i < 3; i++) {
        CHECK_INT(site_at(v, "same", "0", "match", names[i], NULL)->kind, JSON_NULL);
        CHECK(site_at(v, "compatible", "0", "match", names[i], NULL)->kind != JSON_NULL);
    }
}

static void the_cookie_is_stored_as_a_hash_only(void)
{
    forget_visitors();
    take();
    const char *token = strchr(f.cookie, '=') + 1;
    uint8_t hash[32];
    char hex[65], sql[160];
    secret_hash(hash, token, strlen(token));
    secret_hex(hex, hash, 32);
    CHECK_INT(strlen(token), 43);
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM session WHERE token_hash = x'%s'", hex);
    CHECK_INT(number(sql), 0); /* a hash that needs no key would do for guessing */
    struct session s;
    session_from_token(&s, &f.site.keys, token);
    secret_hex(hex, s.hash[0], 32);
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM session WHERE token_hash = x'%s'", hex);
    CHECK_INT(number(sql), 1);
}

static void a_planted_cookie_is_replaced(void)
{
    forget_visitors();
    snprintf(f.cookie, sizeof f.cookie, "mvti=0123456789012345678901234567890123456789012");
    take();
    CHECK(strncmp(f.cookie, "mvti=0123456789", 15) != 0);
    CHECK_INT(number("SELECT COUNT(*) FROM session"), 1);
    char kept[64];
    snprintf(kept, sizeof kept, "%s", f.cookie);
    take(); /* a known one stays */
    CHECK_STR(f.cookie, kept);
    CHECK_INT(number("SELECT COUNT(*) FROM session"), 1);
}

static void an_expired_session_is_nobody(void)
{
    forget_visitors();
    take();
    run_sql("UPDATE session SET expires_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND");
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me/tests", NULL), 200);
    CHECK_INT(site_at(site_json(&f), "items", NULL)->n, 0);
}

static void f1_only_the_owner_may_delete(void)
{
    forget_visitors();
    char token[32], target[80], mine[64];
    snprintf(token, sizeof token, "%s", take());
    CHECK_INT(strlen(token), 22); /* 128 random bits */
    snprintf(mine, sizeof mine, "%s", f.cookie);
    snprintf(target, sizeof target, "/api/v1/me/tests/%s", token);
    f.cookie[0] = '\0';
    CHECK_INT(site_ask(&f, HTTP_DELETE, target, NULL), 404);
    f.cookie[0] = '\0';
    take(); /* somebody with a session of their own */
    CHECK_INT(site_ask(&f, HTTP_DELETE, target, NULL), 404);
    char feedback[80];
    snprintf(feedback, sizeof feedback, "/api/v1/tests/%s/feedback", token);
    CHECK_INT(site_ask(&f, HTTP_PUT, feedback, "{\"value\":\"up\"}"), 404);
    CHECK_INT(number("SELECT COUNT(*) FROM test"), 2);
    CHECK_INT(number("SELECT COUNT(*) FROM test WHERE feedback <> 'none'"), 0);
    snprintf(feedback, sizeof feedback, "/api/v1/tests/%s", token);
    CHECK_INT(site_ask(&f, HTTP_GET, feedback, NULL), 200); /* shared: readable, not theirs */
    CHECK(!site_at(site_json(&f), "mine", NULL)->truth && site_at(site_json(&f), "feedback", NULL) == NULL);
    snprintf(f.cookie, sizeof f.cookie, "%s", mine);
    CHECK_INT(site_ask(&f, HTTP_DELETE, target, NULL), 204);
    CHECK_INT(f.site.response.body.len, 0);
    CHECK_INT(number("SELECT COUNT(*) FROM test"), 1);
    CHECK_INT(number("SELECT COUNT(*) FROM test_result"), 40);
    CHECK_INT(number("SELECT COUNT(*) FROM test_movie"), 12);
    CHECK_INT(site_ask(&f, HTTP_DELETE, target, NULL), 404);
}

static void f5_the_counter_counts_completed_tests(void)
{
    forget_visitors();
    f.site.tests_counted = 0;
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests", "{\"mbti\":\"INFP\"}"),
              400); /* started, not completed */
    take();
    take();
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/home", NULL), 200);
    CHECK_INT(site_at(site_json(&f), "tests", NULL)->integer, 2);
}

static void f7_the_newest_test_is_mine(void)
{
    forget_visitors();
    take();
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests",
                       "{\"mbti\":\"ESTJ\",\"enneagram\":\"8w7\",\"movies\":[101,102,103]}"),
              201);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/home", NULL), 200);
    const struct json_value *v = site_json(&f);
    CHECK_STR(TEXT(v, "mine", "mbti"), "ESTJ");
    CHECK_INT(site_at(v, "mine", "same", NULL)->n, 10);
    CHECK(site_at(v, "mine", "same", "0", "match", "percent", NULL) != NULL);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me/tests", NULL), 200);
    CHECK_STR(TEXT(site_json(&f), "items", "0", "mbti"), "ESTJ");
    CHECK_STR(TEXT(site_json(&f), "items", "1", "mbti"), "INFP");
}

static void a_skipped_enneagram_is_null_and_reads_back(void)
{
    forget_visitors();
    char path[80];
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests",
                       "{\"mbti\":\"INFP\",\"enneagram\":null,\"movies\":[101,102,103]}"),
              201);
    const struct json_value *v = site_json(&f);
    CHECK(site_at(v, "personality", "enneagram", NULL)->kind == JSON_NULL);
    int64_t percent = site_at(v, "same", "0", "match", "percent", NULL)->integer;
    snprintf(path, sizeof path, "/api/v1/tests/%s", TEXT(v, "token"));
    CHECK_INT(number("SELECT COUNT(*) FROM test WHERE enneagram IS NULL"), 1);
    CHECK_INT(number("SELECT COUNT(*) FROM test_result WHERE enneagram_similarity IS NOT NULL"), 0);
    CHECK_INT(site_ask(&f, HTTP_GET, path, NULL), 200);
    v = site_json(&f);
    CHECK(site_at(v, "personality", "enneagram", NULL)->kind == JSON_NULL);
    CHECK_INT(site_at(v, "same", "0", "match", "percent", NULL)->integer, percent);
    run_sql("UPDATE test SET enneagram = '4w6'"); /* no type at all is not the same as a wrong one */
    CHECK_INT(site_ask(&f, HTTP_GET, path, NULL), 500);
}

static void likes_are_idempotent_and_counted(void)
{
    forget_visitors();
    take();
    for (int i = 0; i < 3; i++) {
        CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1011/like", NULL), 200);
        CHECK_INT(site_at(site_json(&f), "likes", NULL)->integer, 1);
    }
    char first[64];
    snprintf(first, sizeof first, "%s", f.cookie);
    f.cookie[0] = '\0';
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1011/like", "{}"), 200);
    CHECK_INT(site_at(site_json(&f), "likes", NULL)->integer, 2);
    char second[64];
    snprintf(second, sizeof second, "%s", f.cookie);
    snprintf(f.cookie, sizeof f.cookie, "%s", first);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/characters/1011", NULL), 200);
    CHECK_INT(site_at(site_json(&f), "likes", NULL)->integer, 1); /* of the one with a test */
    snprintf(f.cookie, sizeof f.cookie, "%s", second);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/characters/1011", NULL), 200);
    CHECK(site_at(site_json(&f), "liked", NULL)->truth &&
          site_at(site_json(&f), "likes", NULL)->integer == 2);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me/likes", NULL), 200);
    CHECK_INT(site_at(site_json(&f), "items", "0", "id", NULL)->integer, 1011);
    CHECK_INT(site_ask(&f, HTTP_DELETE, "/api/v1/characters/1011/like", NULL), 200);
    CHECK(!site_at(site_json(&f), "liked", NULL)->truth &&
          site_at(site_json(&f), "likes", NULL)->integer == 1);
    CHECK_INT(number("SELECT COUNT(*) FROM event WHERE kind = 'like'"), 2);
    CHECK_INT(number("SELECT COUNT(*) FROM event WHERE kind = 'unlike'"), 1);
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/999999/like", NULL), 404);
}

static void feedback_and_events_are_recorded(void)
{
    forget_visitors();
    char token[32], target[80], events[400];
    snprintf(token, sizeof token, "%s", take());
    snprintf(target, sizeof target, "/api/v1/tests/%s/feedback", token);
    static const char *const values[] = {"up", "up", "none", "down"};
    for (int i = 0; i < 4; i++) {
        char body[40];
        snprintf(body, sizeof body, "{\"value\":\"%s\"}", values[i]);
        CHECK_INT(site_ask(&f, HTTP_PUT, target, body), 204);
    }
    CHECK_INT(number("SELECT COUNT(*) FROM test WHERE feedback = 'down'"), 1);
    snprintf(events, sizeof events,
             "[{\"kind\":\"impression\",\"character\":1011,\"test\":\"%s\",\"list\":\"same\",\"position\":0},"
             "{\"kind\":\"click\",\"movie\":101,\"test\":\"aaaaaaaaaaaaaaaaaaaaaa\"},{\"kind\":\"share\"}]",
             token);
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/events", events), 202);
    CHECK_INT(site_at(site_json(&f), "stored", NULL)->integer, 3);
    CHECK_INT(number("SELECT COUNT(*) FROM event e JOIN test t ON e.test_id = t.test_id WHERE e.kind = "
                     "'impression' AND "
                     "e.position = 0 AND e.list = 'same' AND e.visitor_id = t.visitor_id"),
              1);
    CHECK_INT(
        number("SELECT COUNT(*) FROM event WHERE kind = 'click' AND movie_id = 101 AND test_id IS NULL"), 1);
}

static void refused_requests_store_nothing(void)
{
    forget_visitors();
    static const struct {
        enum http_method method;
        const char *target, *body;
    } rows[] = {
        {HTTP_POST, "/api/v1/tests", "{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":[101,102]}"},
        {HTTP_POST, "/api/v1/tests", "{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":[101,102,999999]}"},
        {HTTP_POST, "/api/v1/tests", "{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":[101,101,101]}"},
        {HTTP_POST, "/api/v1/tests", "nonsense"},
        {HTTP_POST, "/api/v1/events", "[{\"kind\":\"click\",\"character\":1012345},{\"kind\":\"x\"}]"},
        {HTTP_PUT, "/api/v1/characters/999999/like", "{}"},
        {HTTP_PUT, "/api/v1/tests/aaaaaaaaaaaaaaaaaaaaaa/feedback", "{\"value\":\"up\"}"},
        {HTTP_DELETE, "/api/v1/me/tests/aaaaaaaaaaaaaaaaaaaaaa", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int status = site_ask(&f, rows[i].method, rows[i].target, rows[i].body);
        CHECK_MSG(status >= 400 && status < 500, "row %zu: %d", i, status);
        CHECK_STR(f.cookie, "");
    }
    CHECK_INT(all_rows(), 0);
}

static void f2_reading_changes_nothing(void)
{
    forget_visitors();
    char token[32], target[80];
    snprintf(token, sizeof token, "%s", take());
    static const char sum[] =
        "SELECT CAST((SELECT SUM(CRC32(CONCAT_WS('|', session_id, last_seen_at, expires_at))) FROM "
        "session) + (SELECT SUM(CRC32(CONCAT_WS('|', test_id, token, feedback))) FROM test) + "
        "(SELECT COUNT(*) FROM event) + (SELECT COUNT(*) FROM character_like) AS SIGNED)";
    run_sql(
        "UPDATE session SET last_seen_at = UTC_TIMESTAMP() - INTERVAL 1 DAY"); /* a write would touch it */
    int64_t before = number(sum);
    static const char *const paths[] = {"/api/v1/home",
                                        "/api/v1/survey",
                                        "/api/v1/movies",
                                        "/api/v1/movies/101",
                                        "/api/v1/characters/1011",
                                        "/api/v1/types",
                                        "/api/v1/types/INFP",
                                        "/api/v1/recommendations?mbti=INFP&enneagram=4w5&movies=101,102,103",
                                        "/api/v1/me/tests",
                                        "/api/v1/me/likes",
                                        "/c/1011",
                                        "/m/101",
                                        "/t/INFP",
                                        "/healthz",
                                        "/readyz",
                                        "/api/v1/characters/1011/like",
                                        "/api/v1/me/marks",
                                        "/api/v1/characters/1011/mark",
                                        "/api/v1/events"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        site_ask(&f, HTTP_GET, paths[i], NULL);
        site_ask(&f, HTTP_HEAD, paths[i], NULL);
    }
    static const char *const stored[] = {"/api/v1/tests/%s", "/r/%s", "/api/v1/me/tests/%s",
                                         "/api/v1/tests/%s/feedback"};
    for (size_t i = 0; i < sizeof stored / sizeof *stored; i++) {
        snprintf(target, sizeof target, stored[i], token);
        site_ask(&f, HTTP_GET, target, NULL);
    }
    CHECK_INT(number(sum), before);
}

static void writes_are_limited_a_session(void)
{
    forget_visitors();
    f.config.rate_limits = 1;
    for (int i = 0; i < limits_table[LIMITS_TESTS].most; i++)
        take();
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests", BODY), 429);
    CHECK_INT(number("SELECT COUNT(*) FROM test"), limits_table[LIMITS_TESTS].most);
    /* The oldest of them leaves the hour in 100 seconds; then there is room for one. */
    run_sql("UPDATE test SET created_at = created_at - INTERVAL 3000 SECOND");
    run_sql("UPDATE test SET created_at = UTC_TIMESTAMP() - INTERVAL 3500 SECOND ORDER BY test_id LIMIT 1");
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests", BODY), 429);
    int wait = atoi(site_header(&f, "Retry-After"));
    CHECK_MSG(wait > 90 && wait <= 100, "%d", wait);
    run_sql("UPDATE test SET created_at = created_at - INTERVAL 100 SECOND");
    take();
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests", BODY), 429);
    int limited = 0;
    for (int i = 0; i < limits_table[LIMITS_REACTIONS].most + 2; i++) {
        enum http_method method = i % 2 == 0 ? HTTP_PUT : HTTP_DELETE;
        limited += site_ask(&f, method, "/api/v1/characters/1011/like", NULL) == 429;
    }
    CHECK_INT(limited, 2);
    f.config.rate_limits = 0;
}

static bool answers(void *target)
{
    return site_ask(&f, HTTP_GET, target, NULL) == 200;
}

static void answers_survive_a_killed_database(void)
{
    if (server.pid == 0) {
        SKIP(answers_survive_a_killed_database, "the server is shared");
        return;
    }
    forget_visitors();
    char token[32], target[80];
    snprintf(token, sizeof token, "%s", take());
    mariadb_kill(&server);
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests", BODY), 200);
    CHECK(!site_at(site_json(&f), "saved", NULL)->truth);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/home", NULL), 200);
    CHECK(mariadb_again(&server));
    snprintf(target, sizeof target, "/api/v1/tests/%s", token);
    CHECK(eventually(answers, target)); /* db.h: one second without another attempt after a failed one */
    CHECK_INT(site_at(site_json(&f), "same", NULL)->n, 20);
    CHECK_INT(number("SELECT COUNT(*) FROM test"), 1);
    take();
    CHECK_INT(number("SELECT COUNT(*) FROM test"), 2);
}

int main(void)
{
    db_free(tables_start(&server, "visitor_test"));
    site_make(&f, 60, &server.config);
    f.config.rate_limits = 0;
    RUN(a_test_is_stored_whole_and_reads_back);
    RUN(a_result_outlives_films_and_characters);
    RUN(what_was_not_kept_is_not_made_up);
    RUN(the_cookie_is_stored_as_a_hash_only);
    RUN(a_planted_cookie_is_replaced);
    RUN(an_expired_session_is_nobody);
    RUN(f1_only_the_owner_may_delete);
    RUN(f5_the_counter_counts_completed_tests);
    RUN(f7_the_newest_test_is_mine);
    RUN(a_skipped_enneagram_is_null_and_reads_back);
    RUN(likes_are_idempotent_and_counted);
    RUN(feedback_and_events_are_recorded);
    RUN(refused_requests_store_nothing);
    RUN(f2_reading_changes_nothing);
    RUN(writes_are_limited_a_session);
    RUN(answers_survive_a_killed_database);
    site_free(&f);
    mariadb_stop(&server);
    return check_done();
}
