/* Every read of the catalog, and every refusal, with the database away throughout. */
#include "app/recommend.h"
#include "fixture/site.h"
#include "tests/check.h"

#include <unistd.h>

static struct site_fixture f;

#define INT(...) (site_at(__VA_ARGS__, NULL)->integer)
#define TEXT(...) (site_at(__VA_ARGS__, NULL)->text)

static bool is_character(const struct json_value *c)
{
    return site_at(c, "id", NULL) && site_at(c, "name", "ko", NULL) && site_at(c, "name", "en", NULL) &&
           site_at(c, "movie", "id", NULL) && site_at(c, "movie", "title", "ko", NULL) &&
           site_at(c, "movie", "genres", NULL) && site_at(c, "mbti", NULL) && site_at(c, "enneagram", NULL) &&
           site_at(c, "hashtags", "ko", NULL) && site_at(c, "votes", NULL) && site_at(c, "certainty", NULL) &&
           site_at(c, "image", NULL) && site_at(c, "presentation", "figure", NULL);
}

static void home_shows_the_catalog_and_no_invented_count(void)
{
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/home", NULL), 200);
    const struct json_value *v = site_json(&f);
    CHECK(site_at(v, "tests", NULL)->kind == JSON_NULL && site_at(v, "mine", NULL)->kind == JSON_NULL);
    CHECK_INT(INT(v, "movies"), 60);
    CHECK_INT(INT(v, "characters"), 240);
    CHECK_INT(site_at(v, "types", NULL)->n, 16);
    CHECK_INT(site_at(v, "popular", NULL)->n, 12);
    CHECK(is_character(site_at(v, "popular", "3", NULL)));
    CHECK_STR(site_header(&f, "Set-Cookie"), "");
}

static void f3_five_pages_of_posters_are_distinct(void)
{
    char target[200] = "/api/v1/movies?limit=12";
    bool seen[60] = {false};
    for (int page = 0; page < 5; page++) {
        CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200);
        const struct json_value *v = site_json(&f), *items = site_at(v, "items", NULL);
        CHECK_INT(items->n, 12);
        for (size_t i = 0; i < items->n; i++) {
            long id = (long)site_at(&items->items[i], "id", NULL)->integer - 101;
            CHECK_MSG(id >= 0 && id < 60 && !seen[id], "film %ld twice", id + 101);
            seen[id] = true;
        }
        const struct json_value *next = site_at(v, "next_cursor", NULL);
        CHECK(page < 4 ? next->kind == JSON_TEXT : next->kind == JSON_NULL);
        if (next->kind == JSON_TEXT)
            snprintf(target, sizeof target, "/api/v1/movies?limit=12&cursor=%s", next->text);
    }
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/movies", NULL), 200);
    CHECK_STR(site_header(&f, "Cache-Control"), "no-store"); /* every visit its own draw */
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/movies?seed=5", NULL), 200);
    CHECK_STR(site_header(&f, "Cache-Control"), "public, max-age=60");
}

static void movies_and_their_characters(void)
{
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/movies/101", NULL), 200);
    const struct json_value *v = site_json(&f);
    CHECK_INT(INT(v, "id"), 101);
    CHECK(site_at(v, "plot", "ko", NULL) && site_at(v, "links", NULL)->kind == JSON_LIST);
    CHECK_INT(site_at(v, "characters", NULL)->n, 4);
    CHECK(site_at(v, "characters", "0", "match", NULL) == NULL);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/movies/101?mbti=infp&enneagram=4w5", NULL), 200);
    int64_t percent = INT(site_json(&f), "characters", "0", "match", "percent");
    CHECK(percent >= 0 && percent <= 100);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/movies/101?mbti=INFP", NULL), 200);
    CHECK(site_at(site_json(&f), "characters", "0", "match", "enneagram", NULL)->kind == JSON_NULL);
}

static void characters_have_neighbours(void)
{
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/characters/1011?mbti=INFP&enneagram=4w5", NULL), 200);
    const struct json_value *v = site_json(&f);
    CHECK(is_character(v) && site_at(v, "match", "type", NULL));
    CHECK(site_at(v, "liked", NULL)->kind == JSON_BOOL && site_at(v, "likes", NULL)->kind == JSON_NULL);
    CHECK_INT(site_at(v, "others", NULL)->n, 3);
    CHECK(site_at(v, "similar", NULL)->n > 0 && is_character(site_at(v, "similar", "0", NULL)));
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/characters/999999", NULL), 404);
}

static void type_pages_rank_and_page(void)
{
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/types", NULL), 200);
    CHECK_INT(site_at(site_json(&f), "items", NULL)->n, 16);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/types/INFP?limit=5", NULL), 200);
    const struct json_value *v = site_json(&f);
    CHECK_INT(site_at(v, "grades", NULL)->n, 16);
    CHECK(site_at(v, "compatible", "mbti", NULL) && site_at(v, "in_films", "ko", NULL));
    int64_t n = INT(v, "characters"), seen = 0;
    char target[128] = "/api/v1/types/INFP?limit=5";
    for (;;) {
        CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200);
        v = site_json(&f);
        seen += (int64_t)site_at(v, "items", NULL)->n;
        const struct json_value *next = site_at(v, "next_cursor", NULL);
        if (next->kind == JSON_NULL)
            break;
        snprintf(target, sizeof target, "/api/v1/types/INFP?limit=5&cursor=%s", next->text);
    }
    CHECK_INT(seen, n);
}

static void recommendations_explain_themselves(void)
{
    CHECK_INT(
        site_ask(&f, HTTP_GET, "/api/v1/recommendations?mbti=INFP&enneagram=4w5&movies=101,102,103", NULL),
        200);
    const struct json_value *v = site_json(&f);
    static const char *const lists[] = {"same", "compatible"};
    for (int l = 0; l < 2; l++) {
        const struct json_value *list = site_at(v, lists[l], NULL);
        CHECK_INT(list->n, 20);
        for (size_t i = 0; i < list->n; i++) {
            const struct json_value *c = &list->items[i];
            CHECK(is_character(c) && site_at(c, "reasons", NULL)->n == 4);
            double sum = 0;
            const struct json_value *because = site_at(c, "reasons", "0", "because", NULL);
            for (size_t b = 0; because != NULL && b < because->n; b++)
                sum += site_at(&because->items[b], "share", NULL)->real;
            CHECK_MSG(because == NULL || fabs(sum - 1) < 1e-3, "shares sum to %f", sum); /* 4 decimals each */
        }
    }
    CHECK_STR(TEXT(v, "personality", "mbti"), "INFP");
    CHECK(site_at(v, "personality", "axes", NULL)->kind == JSON_NULL);
    CHECK(site_at(v, "personality", "description", "ko", NULL)->n > 1);
    CHECK_STR(TEXT(v, "snapshot"), f.site.serving.snapshot.id);
}

static void wrong_recommendation_requests_name_the_field(void)
{
    static const struct {
        const char *query, *field;
    } rows[] = {
        {"mbti=INFP&enneagram=4w5&movies=101,102", "movies"},
        {"mbti=INFP&enneagram=4w5", "movies"},
        {"mbti=INFP&enneagram=4w5&movies=", "movies"},
        {"mbti=INFP&enneagram=4w5&movies=101,102,102", "movies"},
        {"mbti=INFP&enneagram=4w5&movies=101,102,999999", "movies"},
        {"mbti=INFP&enneagram=4w5&movies=101,102,x", "movies"},
        {"mbti=INFP&enneagram=4w5&movies=101,102,103,", "movies"},
        {"mbti=INFP&enneagram=4w5&movies=101,,102,103", "movies"},
        {"mbti=INFP&enneagram=4w5&movies=-101,102,103", "movies"},
        {"mbti=INFP&enneagram=4w5&movies=101,102,99999999999", "movies"},
        {"mbti=XXXX&enneagram=4w5&movies=101,102,103", "mbti"},
        {"enneagram=4w5&movies=101,102,103", "mbti"},
        {"mbti=INFP&enneagram=4w6&movies=101,102,103", "enneagram"},
        {"mbti=INFP&enneagram=4w5&movies=101,102,103&limit=0", "limit"},
        {"mbti=INFP&enneagram=4w5&movies=101,102,103&limit=51", "limit"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char target[256];
        snprintf(target, sizeof target, "/api/v1/recommendations?%s", rows[i].query);
        CHECK_MSG(site_ask(&f, HTTP_GET, target, NULL) == 400, "%s", target);
        CHECK_MSG(*site_problem(&f, rows[i].field) != '\0', "%s does not name %s", target, rows[i].field);
    }
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/recommendations?mbti=X&enneagram=Y&movies=1", NULL), 400);
    CHECK_INT(site_at(site_json(&f), "errors", NULL)->n, 3); /* all at once */
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/movies?cursor=zz", NULL), 400);
    CHECK(*site_problem(&f, "cursor") != '\0');
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/movies?limit=101", NULL), 400);
    CHECK(*site_problem(&f, "limit") != '\0');
    CHECK_INT(
        site_ask(
            &f, HTTP_GET,
            "/api/v1/movies?q=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            NULL),
        400);
    CHECK(*site_problem(&f, "q") != '\0');
}

static void without_a_database_a_test_is_answered_and_not_saved(void)
{
    CHECK_INT(
        site_ask(&f, HTTP_POST, "/api/v1/tests",
                 "{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":[101,102,103],\"locale\":\"ko\"}"),
        200);
    const struct json_value *v = site_json(&f);
    CHECK(site_at(v, "token", NULL)->kind == JSON_NULL && !site_at(v, "saved", NULL)->truth);
    CHECK_INT(site_at(v, "same", NULL)->n, 20);
    CHECK_INT(site_at(v, "movies", NULL)->n, 3);
    CHECK_STR(site_header(&f, "Set-Cookie"), "");
    static const struct {
        enum http_method method;
        const char *target, *body;
    } writes[] = {
        {HTTP_PUT, "/api/v1/characters/1011/like", "{}"},
        {HTTP_DELETE, "/api/v1/characters/1011/like", NULL},
        {HTTP_PUT, "/api/v1/characters/1011/mark", "{\"mark\":\"seen\"}"},
        {HTTP_DELETE, "/api/v1/characters/1011/mark", "{\"mark\":\"not_me\"}"},
        {HTTP_POST, "/api/v1/events", "[{\"kind\":\"click\",\"character\":1011}]"},
        {HTTP_GET, "/api/v1/tests/abcdefghijklmnopqrstuv", NULL},
    };
    for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
        CHECK_MSG(site_ask(&f, writes[i].method, writes[i].target, writes[i].body) == 503, "%s",
                  writes[i].target);
        CHECK(atoi(site_header(&f, "Retry-After")) > 0);
        CHECK_STR(site_header(&f, "Set-Cookie"), "");
    }
    CHECK_INT(site_ask(&f, HTTP_GET, "/r/abcdefghijklmnopqrstuv", NULL), 503);
    CHECK_INT(site_ask(&f, HTTP_GET, "/readyz", NULL), 200);
    CHECK(!site_at(site_json(&f), "database", NULL)->truth);
}

static void wrong_tests_name_the_field(void)
{
#define MOVIES "\"movies\":[101,102,103]"
    static const struct {
        const char *body, *field;
    } rows[] = {
        {"", "body"},
        {"[]", "body"},
        {"nonsense", "body"},
        {"{\"mbti\":\"INFP\"", "body"},
        {"{\"mbti\":\"INFP\",\"enneagram\":\"4w5\"}", "movies"},
        {"{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":[101,102]}", "movies"},
        {"{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":[101,102,102]}", "movies"},
        {"{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":[101,102,999]}", "movies"},
        {"{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":[101,102,\"103\"]}", "movies"},
        {"{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":[101,102,103.5]}", "movies"},
        {"{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":\"101,102,103\"}", "movies"},
        {"{\"mbti\":\"ABCD\",\"enneagram\":\"4w5\"," MOVIES "}", "mbti"},
        {"{\"mbti\":7,\"enneagram\":\"4w5\"," MOVIES "}", "mbti"},
        {"{\"enneagram\":\"4w5\"," MOVIES "}", "mbti"},
        {"{\"mbti\":\"INFP\",\"enneagram\":\"4w9\"," MOVIES "}", "enneagram"},
        {"{\"mbti\":\"INFP\"," MOVIES "}", "enneagram"},
        {"{\"mbti\":\"INFP\",\"answers\":[\"withdrawn\",\"reactive\",\"7w6\"]," MOVIES "}", "answers"},
        {"{\"mbti\":\"INFP\",\"answers\":[\"withdrawn\",\"reactive\"]," MOVIES "}", "answers"},
        {"{\"mbti\":\"INFP\",\"answers\":[\"a\",\"b\",\"4w5\"]," MOVIES "}", "answers"},
        {"{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"answers\":[\"withdrawn\",\"reactive\",\"4w5\"]," MOVIES
         "}",
         "answers"},
        {"{\"survey\":[1,2],\"enneagram\":\"4w5\"," MOVIES "}", "survey"},
        {"{\"survey\":\"x\",\"enneagram\":\"4w5\"," MOVIES "}", "survey"},
        {"{\"survey\":[1],\"survey_version\":3,\"enneagram\":\"4w5\"," MOVIES "}", "survey_version"},
        {"{\"survey\":[],\"mbti\":\"INFP\",\"enneagram\":\"4w5\"," MOVIES "}", "survey"},
        {"{\"mbti\":\"INFP\",\"enneagram\":\"4w5\"," MOVIES ",\"locale\":\"fr\"}", "locale"},
        {"{\"mbti\":\"INFP\",\"enneagram\":\"4w5\"," MOVIES ",\"locale\":1}", "locale"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_MSG(site_ask(&f, HTTP_POST, "/api/v1/tests", rows[i].body) == 400, "%s: %d", rows[i].body,
                  f.site.response.status);
        CHECK_MSG(*site_problem(&f, rows[i].field) != '\0', "%s does not name %s", rows[i].body,
                  rows[i].field);
        CHECK_STR(site_header(&f, "Set-Cookie"), "");
    }
}

static void ten_thousand_films_and_nul_bytes(void)
{
    struct buf b = {0};
    buf_puts(&b, "{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":[");
    for (int i = 0; i < 10000; i++)
        buf_printf(&b, "%s%d", i > 0 ? "," : "", i % 9 + 1);
    buf_puts(&b, "]}");
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests", b.data), 413);
    CHECK(*site_problem(&f, "body") != '\0');
    buf_reset(&b);
    buf_puts(&b, "{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":[");
    for (int i = 0; i < 101; i++)
        buf_printf(&b, "%s%d", i > 0 ? "," : "", 101 + i % 60);
    buf_puts(&b, "]}");
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests", b.data), 400);
    CHECK(*site_problem(&f, "movies") != '\0');
    buf_free(&b);
    struct request r = {.method = HTTP_POST, .content_type = "application/json", .fetch_site = "same-origin"};
    CHECK_INT(site_ask_as(&f, &r, "/api/v1/tests", "{\"mbti\":\"IN\0P\"}", 15), 400);
    CHECK(*site_problem(&f, "body") != '\0');
}

static void wrong_events_and_feedback_are_refused(void)
{
    static const char *const bodies[] = {"{}",
                                         "[]",
                                         "[1]",
                                         "[{}]",
                                         "[{\"kind\":\"like\"}]",
                                         "[{\"kind\":\"click\",\"character\":999999}]",
                                         "[{\"kind\":\"click\",\"movie\":\"x\"}]",
                                         "[{\"kind\":\"click\",\"list\":\"x\"}]",
                                         "[{\"kind\":\"click\",\"position\":-1}]",
                                         "[{\"kind\":\"click\",\"test\":\"x\"}]"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        CHECK_MSG(site_ask(&f, HTTP_POST, "/api/v1/events", bodies[i]) == 400, "%s", bodies[i]);
        CHECK(*site_problem(&f, "body") != '\0');
    }
    const char *target = "/api/v1/tests/abcdefghijklmnopqrstuv/feedback";
    CHECK_INT(site_ask(&f, HTTP_PUT, target, "{\"value\":\"maybe\"}"), 400);
    CHECK(*site_problem(&f, "value") != '\0');
    CHECK_INT(site_ask(&f, HTTP_PUT, target, "{}"), 400);
}

/* Which of two would count is nobody's guess (RFC 7493, 2.3). */
static void members_that_stand_twice_are_refused(void)
{
    static const char *const bodies[] = {
        "{\"value\":\"up\",\"value\":\"down\"}", "{\"value\":\"up\",\"value\":\"up\"}",
        "{\"value\":\"up\",\"\\u0076alue\":\"down\"}", "{\"a\":[{\"b\":1,\"b\":{}}],\"value\":\"up\"}"};
    const char *target = "/api/v1/tests/abcdefghijklmnopqrstuv/feedback";
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        CHECK_MSG(site_ask(&f, HTTP_PUT, target, bodies[i]) == 400, "%s", bodies[i]);
        CHECK_STR(site_problem(&f, "body"), "an object has a duplicate member");
    }
    CHECK_INT(site_ask(&f, HTTP_PUT, target, "{\"value\":\"up\",\"a\":{\"value\":\"::\\\":\"}}"), 404);
}

static void html_pages_carry_their_head(void)
{
    CHECK_INT(site_ask(&f, HTTP_GET, "/c/1011", NULL), 200);
    const char *html = buf_str(&f.site.response.body);
    CHECK_STR(site_header(&f, "Content-Type"), "text/html; charset=utf-8");
    CHECK(strstr(html, "<meta property=\"og:title\"") && strstr(html, "https://mvti.example/c/1011"));
    CHECK(!strstr(html, "mvti:head"));
    const char *title = strstr(html, "<title>");
    CHECK(title != NULL && strstr(title + 1, "<title>") == NULL); /* the shell's own is gone */
    CHECK_INT(site_ask(&f, HTTP_GET, "/m/101", NULL), 200);
    CHECK_INT(site_ask(&f, HTTP_GET, "/t/INFP", NULL), 200);
    CHECK_INT(site_ask(&f, HTTP_GET, "/t/ABCD", NULL), 404);
    CHECK_STR(site_header(&f, "Content-Type"), "text/html; charset=utf-8");
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/types/ABCD", NULL), 404);
    CHECK_STR(site_header(&f, "Content-Type"), "application/problem+json");
    CHECK_INT(site_ask(&f, HTTP_GET, "/c/999999", NULL), 404);
    CHECK(strstr(buf_str(&f.site.response.body), "noindex") != NULL);
}

/* What the page's script would draw, for who runs none. */
static void html_pages_say_what_the_api_says(void)
{
    static const struct {
        const char *target, *texts[7];
    } rows[] = {
        {"/c/1011",
         {"<main id=\"main\"", "<h1>", "<h2 id=\"others\">", "<h2 id=\"similar\">", "href=\"/m/101\""}},
        {"/m/101", {"<h1>", "<h2 id=\"people\">", "href=\"/c/1011\"", "\"@type\":\"Movie\""}},
        {"/",
         {"<h1>", "<div class=\"tiles\">", "href=\"/t/ENFP\"", "\"@type\":\"WebSite\"",
          "\"@type\":\"SearchAction\"", "hreflang=\"en\" href=\"https://mvti.example/en\""}},
        {"/en",
         {"<html lang=\"en\"", "href=\"/en/t/ENFP\"", "rel=\"canonical\" href=\"https://mvti.example/en\"",
          "content=\"en_US\""}},
        {"/about", {"<section id=\"privacy\">", "<dl class=\"formula\">", "<section id=\"mark\">"}},
        {"/en/about", {"<html lang=\"en\"", "href=\"/about\" lang=\"ko\""}},
        {"/en/c/1011",
         {"<html lang=\"en\"", "href=\"/en/m/101\"", "href=\"/c/1011\" lang=\"ko\"",
          "hreflang=\"ko\" href=\"https://mvti.example/c/1011\""}},
        {"/t/INFP", {"<h1>", "<ol class=\"ranking\">", "<ul class=\"grades\">", "\"@type\":\"ItemList\""}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_INT(site_ask(&f, HTTP_GET, rows[i].target, NULL), 200);
        const char *html = buf_str(&f.site.response.body);
        for (size_t t = 0; rows[i].texts[t] != NULL; t++)
            CHECK_MSG(strstr(html, rows[i].texts[t]) != NULL, "%s %s", rows[i].target, rows[i].texts[t]);
        CHECK(strstr(html, "<div id=\"app\" data-static=\"page\">") && !strstr(html, "mvti:body"));
    }
}

/* Where the operator has a key of Kakao's, pages say so, to nginx too, and the page about privacy what that means. */
static void pages_offer_kakaotalk_where_there_is_a_key(void)
{
    static const char *const pages[] = {"/", "/en/t/INFP", "/about", "/me", "/en/liked", "/login"};
    for (int with = 0; with <= 1; with++) {
        snprintf(f.config.kakao_js_key, sizeof f.config.kakao_js_key, "%s", with ? "0123456789abcdef" : "");
        for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
            CHECK_INT(site_ask(&f, HTTP_GET, pages[i], NULL), 200);
            const char *html = buf_str(&f.site.response.body);
            CHECK((strstr(html, "<meta name=\"mvti-kakao\" content=\"0123456789abcdef 2.") != NULL) == with);
            CHECK_STR(site_header(&f, "X-Mvti-Kakao"), with ? "1" : "");
            if (i == 2)
                CHECK((strstr(html, "카카오의 스크립트") != NULL) == with);
        }
        CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/types", NULL), 200);
        CHECK_STR(site_header(&f, "X-Mvti-Kakao"), "");
    }
    f.config.kakao_js_key[0] = '\0';
}

/* Two rows for one film: the page of the hidden one leads to that of the shown one, wherever an id is given.
 */
static void what_is_shown_as_another_leads_there(void)
{
    static const char *const moved[][2] = {
        {"/m/51", "/m/101"}, {"/c/511", "/c/1011"}, {"/t/infp", "/t/INFP"}, {"/t/Estj", "/t/ESTJ"}};
    for (size_t i = 0; i < sizeof moved / sizeof *moved; i++) {
        CHECK_INT(site_ask(&f, HTTP_GET, moved[i][0], NULL), 301);
        CHECK_STR(site_header(&f, "Location"), moved[i][1]);
        CHECK_STR(site_header(&f, "Cache-Control"), "no-cache"); /* another may be shown tomorrow */
    }
    CHECK_INT(site_ask(&f, HTTP_GET, "/m/53", NULL), 404);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/movies/51", NULL), 200);
    CHECK_INT(INT(site_json(&f), "id"), 101);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/characters/511", NULL), 200);
    CHECK_INT(INT(site_json(&f), "id"), 1011);
    CHECK_INT(
        site_ask(&f, HTTP_GET, "/api/v1/recommendations?mbti=INFP&enneagram=4w5&movies=51,52,103", NULL),
        200);
    struct buf hidden = {0};
    buf_put(&hidden, f.site.response.body.data, f.site.response.body.len);
    CHECK_INT(
        site_ask(&f, HTTP_GET, "/api/v1/recommendations?mbti=INFP&enneagram=4w5&movies=101,102,103", NULL),
        200);
    CHECK(hidden.len == f.site.response.body.len &&
          memcmp(hidden.data, f.site.response.body.data, hidden.len) == 0);
    buf_free(&hidden);
    CHECK_INT(
        site_ask(&f, HTTP_GET, "/api/v1/recommendations?mbti=INFP&enneagram=4w5&movies=51,101,103", NULL),
        400);
    CHECK(strstr(site_problem(&f, "movies"), "film 101 twice") != NULL);
}

static void a_changed_shell_is_noticed(void)
{
    FILE *out = fopen(f.shell, "w");
    fputs("<html><head><!--mvti:head--></head><body>new<!--mvti:body--><!--/mvti:body--></body></html>", out);
    fclose(out);
    CHECK_INT(site_ask(&f, HTTP_GET, "/t/INFP", NULL), 200);
    CHECK(strstr(buf_str(&f.site.response.body), "<body>new") != NULL);
}

static void search_finds_by_page(void)
{
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/movies?q=%21", NULL), 200);
    CHECK_INT(site_at(site_json(&f), "items", NULL)->n, 0);
    char target[256];
    struct buf b = {0};
    for (const char *p = snapshot_text(&f.site.serving.snapshot, f.site.serving.snapshot.movies[5].title_en);
         *p; p++)
        buf_printf(&b, "%%%02X", (unsigned char)*p);
    snprintf(target, sizeof target, "/api/v1/movies?limit=50&q=%s", b.data);
    CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200);
    CHECK(site_at(site_json(&f), "items", NULL)->n >= 1);
    buf_free(&b);
}

/* One thing wrong each time, named. */
static void votes_and_events_are_read_to_the_end(void)
{
    static const struct {
        enum http_method method;
        const char *target, *body, *field, *says;
    } rows[] = {
        {HTTP_PUT, "/api/v1/characters/1011/vote", "{}", "mbti", "is missing"},
        {HTTP_PUT, "/api/v1/characters/1011/vote", "{\"mbti\":7}", "mbti", "must be a string"},
        {HTTP_PUT, "/api/v1/characters/1011/vote", "{\"mbti\":\"INFX\"}", "mbti", "one of the 16 types"},
        {HTTP_PUT, "/api/v1/characters/1011/vote", "{\"mbti\":\"INFP\",\"enneagram\":\"4w8\"}", "enneagram",
         "18 types"},
        {HTTP_PUT, "/api/v1/characters/1011/vote", "{\"mbti\":\"INFP\",\"enneagram\":7}", "enneagram",
         "18 types"},
        {HTTP_POST, "/api/v1/events", "{}", "body", "a list of 1 to"},
        {HTTP_POST, "/api/v1/events", "[]", "body", "a list of 1 to"},
        {HTTP_POST, "/api/v1/events", "[{}]", "body", "kind is not a known kind"},
        {HTTP_POST, "/api/v1/events", "[{\"kind\":7}]", "body", "kind must be a string of 1 to"},
        {HTTP_POST, "/api/v1/events", "[{\"kind\":\"click\",\"character\":\"x\"}]", "body",
         "character must be a whole number from 0"},
        {HTTP_POST, "/api/v1/events", "[{\"kind\":\"click\",\"character\":9}]", "body",
         "there is no character 9"},
        {HTTP_POST, "/api/v1/events", "[{\"kind\":\"click\",\"movie\":9}]", "body", "there is no film 9"},
        {HTTP_POST, "/api/v1/events", "[{\"kind\":\"click\",\"list\":7}]", "body", "list must be a string"},
        {HTTP_POST, "/api/v1/events", "[{\"kind\":\"click\",\"list\":\"x\"}]", "body",
         "list is not a known list"},
        {HTTP_POST, "/api/v1/events", "[{\"kind\":\"click\",\"position\":-1}]", "body", "position must be"},
        {HTTP_POST, "/api/v1/events", "[{\"kind\":\"click\",\"position\":0.5}]", "body", "position must be"},
        {HTTP_POST, "/api/v1/events", "[{\"kind\":\"click\",\"test\":\"x\"}]", "body",
         "test is not the token of a result"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_INT(site_ask(&f, rows[i].method, rows[i].target, rows[i].body), 400);
        CHECK_MSG(strstr(site_problem(&f, rows[i].field), rows[i].says) != NULL, "%s: %s", rows[i].body,
                  site_problem(&f, rows[i].field));
    }
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/999999/vote", "{\"mbti\":\"INFP\"}"), 404);
}

int main(void)
{
    site_make(&f, 60, NULL);
    RUN(home_shows_the_catalog_and_no_invented_count);
    RUN(f3_five_pages_of_posters_are_distinct);
    RUN(movies_and_their_characters);
    RUN(characters_have_neighbours);
    RUN(type_pages_rank_and_page);
    RUN(recommendations_explain_themselves);
    RUN(wrong_recommendation_requests_name_the_field);
    RUN(without_a_database_a_test_is_answered_and_not_saved);
    RUN(wrong_tests_name_the_field);
    RUN(ten_thousand_films_and_nul_bytes);
    RUN(wrong_events_and_feedback_are_refused);
    RUN(members_that_stand_twice_are_refused);
    RUN(html_pages_carry_their_head);
    RUN(html_pages_say_what_the_api_says);
    RUN(pages_offer_kakaotalk_where_there_is_a_key);
    RUN(what_is_shown_as_another_leads_there);
    RUN(a_changed_shell_is_noticed);
    RUN(search_finds_by_page);
    RUN(votes_and_events_are_read_to_the_end);
    site_free(&f);
    return check_done();
}
