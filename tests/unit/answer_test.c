/* What providers answer, read from bytes: statuses, discovery documents, answers to a code. */
#include "auth/answer.h"
#include "tests/check.h"

#define DOCUMENT                                                                                             \
    "\"issuer\":\"https://accounts.google.com\",\"authorization_endpoint\":\"https://a.example/authorize\"," \
    "\"token_endpoint\":\"https://a.example/token\",\"jwks_uri\":\"https://a.example/keys\""

static struct config config;
static struct provider_set set;
static const struct provider *google, *dev;
static struct arena arena;
static struct fail why;

static const struct json_value *json(const char *text)
{
    const struct json_value *v = NULL;
    CHECK_MSG(json_read(&arena, text, strlen(text), &v, &why) == ERR_OK, "%s: %s", text, why.text);
    return v;
}

static enum err read_status(long status, const char *body)
{
    const struct json_value *v;
    why.text[0] = '\0';
    return answer_read(&arena, status, body, strlen(body), &v, &why);
}

static void only_200_with_json_is_an_answer(void)
{
    CHECK_INT(read_status(200, "{}"), ERR_OK);
    CHECK_INT(read_status(200, " [1]\n"), ERR_OK);
    static const long ill[] = {429, 500, 502, 503, 599}, wrong[] = {201, 204, 302, 400, 401, 403, 404};
    for (size_t i = 0; i < sizeof ill / sizeof *ill; i++) {
        CHECK_INT(read_status(ill[i], "{}"), ERR_UNAVAILABLE);
        CHECK(strstr(why.text, "the provider answered with status ") != NULL);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_INT(read_status(wrong[i], "{}"), ERR_DENIED);
    CHECK_STR(why.text, "the provider answered with status 404");
}

static void what_is_no_json_is_refused(void)
{
    static const char *const bodies[] = {"",
                                         "<html>",
                                         "{",
                                         "{}{}",
                                         "{'a':1}",
                                         "NaN",
                                         "{\"a\":\"\xc0\xaf\"}",
                                         "{\"a\":\"\\u0000\"}",
                                         "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        CHECK_MSG(read_status(200, bodies[i]) == ERR_DENIED, "%s", bodies[i]);
        CHECK_STR(why.text, "the provider's answer is not JSON");
    }
    char many[2 * JSON_MAX_VALUES + 4] = "[0";
    for (size_t i = 1; i < JSON_MAX_VALUES; i++)
        strcpy(many + 2 * i, ",0");
    strcat(many, "]");
    CHECK_INT(read_status(200, many), ERR_DENIED);
}

static void a_discovery_document_is_taken_over(void)
{
    struct answer_discovery at = {0};
    CHECK_INT(answer_read_discovery(google, json("{" DOCUMENT "}"), &at, &why), ERR_OK);
    CHECK_STR(at.authorization, "https://a.example/authorize");
    CHECK_STR(at.token, "https://a.example/token");
    CHECK_STR(at.keys, "https://a.example/keys");
    CHECK(answer_read_discovery(
              dev,
              json("{" DOCUMENT ",\"issuer\":\"http://127.0.0.1:9000\",\"jwks_uri\":\"http://[::1]:9/k\"}"),
              &at, &why) == ERR_OK);
    CHECK_STR(at.keys, "http://[::1]:9/k");
}

/* In a header, as OpenID Connect Discovery's default is, unless the document lists the body as a way. */
static void the_secret_goes_where_the_document_says(void)
{
    static const struct {
        const char *methods;
        bool basic;
    } rows[] = {{"[\"client_secret_basic\"]", true},
                {"[\"client_secret_basic\",\"client_secret_post\"]", false},
                {"[\"client_secret_post\"]", false},
                {"[]", true},
                {"[1,null,[\"client_secret_post\"]]", true},
                {"\"client_secret_post\"", true}};
    struct answer_discovery at = {.basic = false};
    CHECK_INT(answer_read_discovery(google, json("{" DOCUMENT "}"), &at, &why), ERR_OK);
    CHECK(at.basic);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[600];
        snprintf(text, sizeof text, "{" DOCUMENT ",\"token_endpoint_auth_methods_supported\":%s}",
                 rows[i].methods);
        CHECK_INT(answer_read_discovery(google, json(text), &at, &why), ERR_OK);
        CHECK_MSG(at.basic == rows[i].basic, "%s", rows[i].methods);
    }
}

static void refuse(const struct provider *p, const char *text, const char *sentence)
{
    struct answer_discovery at = {.token = "as it was"};
    CHECK_MSG(answer_read_discovery(p, json(text), &at, &why) == ERR_DENIED, "%s", text);
    CHECK_MSG(strstr(why.text, sentence) != NULL, "%s: %s", text, why.text);
    CHECK_STR(at.token, "as it was");
}

static void another_issuers_document_is_refused(void)
{
    static const char *const issuers[] = {"null",
                                          "7",
                                          "[\"https://accounts.google.com\"]",
                                          "\"\"",
                                          "\"https://accounts.google.com/\"",
                                          "\"HTTPS://accounts.google.com\"",
                                          "\"accounts.google.com\"",
                                          "\"https://accounts.google.com.a.example\""};
    char text[600];
    for (size_t i = 0; i < sizeof issuers / sizeof *issuers; i++) {
        snprintf(text, sizeof text, "{" DOCUMENT ",\"issuer\":%s}", issuers[i]);
        refuse(google, text, "google: the discovery document belongs to another issuer");
    }
    refuse(google, "{}", "another issuer");
    refuse(google, "[{" DOCUMENT "}]", "another issuer");
    refuse(google, "null", "another issuer");
    refuse(dev, "{" DOCUMENT "}", "dev: the discovery document belongs to another issuer");
}

static void each_address_must_be_there_and_allowed(void)
{
    static const char *const names[] = {"authorization_endpoint", "token_endpoint", "jwks_uri"};
    static const char *const bad[] = {"null",
                                      "7",
                                      "[\"https://a.example\"]",
                                      "\"\"",
                                      "\"/token\"",
                                      "\"http://a.example/token\"",
                                      "\"http://localhost.a.example/\"",
                                      "\"http://127.0.0.1:3306/\"",
                                      "\"https://accounts.google.com@a.example/\"",
                                      "\"https://a.example/#f\"",
                                      "\"https://a.example/\\r\\nX: y\"",
                                      "\"https://a.example/한\"",
                                      "\"file:///etc/passwd\""};
    char text[800];
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
            snprintf(text, sizeof text, "{" DOCUMENT ",\"%s\":%s}", names[n], bad[i]);
            refuse(google, text, "google: the discovery document lacks an endpoint");
        }
        snprintf(text, sizeof text, "{" DOCUMENT ",\"%s\":\"https://%0*d\"}", names[n], PROVIDER_TEXT - 8, 0);
        refuse(google, text, "lacks an endpoint");
        snprintf(text, sizeof text, "{" DOCUMENT ",\"%s\":\"https://%0*d\"}", names[n], PROVIDER_TEXT - 9, 0);
        struct answer_discovery at;
        CHECK_INT(answer_read_discovery(google, json(text), &at, &why), ERR_OK);
    }
    /* a loopback issuer may name loopback, but nothing else over http */
    refuse(dev,
           "{" DOCUMENT ",\"issuer\":\"http://127.0.0.1:9000\",\"token_endpoint\":\"http://a.example/\"}",
           "lacks an endpoint");
    refuse(google,
           "{\"issuer\":\"https://accounts.google.com\",\"authorization_endpoint\":\"https://a.example\","
           "\"token_endpoint\":\"https://a.example\"}",
           "lacks an endpoint");
}

static void an_id_token_is_asked_for(void)
{
    const char *token = NULL;
    const struct json_value *v = json("{\"id_token\":\"a.b.c\",\"access_token\":\"ya29.a-b_c~+/=\"}");
    CHECK_INT(answer_read_id_token(google, v, &token, &why), ERR_OK);
    CHECK_STR(token, "a.b.c");
    CHECK_INT(answer_read_id_token(google, json("{\"id_token\":\"a.b.c\"}"), &token, &why), ERR_OK);
    static const char *const bad[] = {"{}",
                                      "[]",
                                      "null",
                                      "\"a.b.c\"",
                                      "{\"id_token\":7}",
                                      "{\"id_token\":[\"a.b.c\"]}",
                                      "{\"access_token\":\"a\"}",
                                      "{\"error\":\"invalid_grant\",\"error_description\":\"no\"}",
                                      "{\"id_token\":\"a.b.c\",\"access_token\":\"\"}",
                                      "{\"id_token\":\"a.b.c\",\"access_token\":\"a b\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_MSG(answer_read_id_token(google, json(bad[i]), &token, &why) == ERR_DENIED, "%s", bad[i]);
        CHECK_STR(why.text, "google: no id_token in its answer");
    }
}

static void an_access_token_must_fit_a_header(void)
{
    const char *token = NULL;
    char text[5000];
    static const char *const bad[] = {"null",    "7",    "{}", "\"\"", "\"a b\"", "\"a\\r\\nX: y\"",
                                      "\"a,b\"", "\"é\""};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(text, sizeof text, "{\"access_token\":%s}", bad[i]);
        CHECK_MSG(answer_read_access_token(google, json(text), &token, &why) == ERR_DENIED, "%s", text);
        CHECK_STR(why.text, "google: no access token in its answer");
    }
    CHECK_INT(answer_read_access_token(google, json("{\"error\":\"invalid_grant\"}"), &token, &why),
              ERR_DENIED);
    for (int n = 4096; n <= 4097; n++) {
        snprintf(text, sizeof text, "{\"access_token\":\"%0*d\"}", n, 0);
        CHECK_INT(answer_read_access_token(google, json(text), &token, &why),
                  n == 4096 ? ERR_OK : ERR_DENIED);
    }
    CHECK_INT(strlen(token), 4096);
}

int main(void)
{
    config_init(&config);
    config.n_providers = 2;
    for (size_t i = 0; i < 2; i++) {
        strcpy(config.providers[i].id, i == 0 ? "google" : "dev");
        strcpy(config.providers[i].client_id, "me");
        strcpy(config.providers[i].client_secret_file, "secret");
    }
    strcpy(config.providers[1].issuer, "http://127.0.0.1:9000");
    CHECK_MSG(provider_load(&config, false, &set, &why) == ERR_OK, "%s", why.text);
    google = &set.items[0];
    dev = &set.items[1];
    RUN(only_200_with_json_is_an_answer);
    RUN(what_is_no_json_is_refused);
    RUN(a_discovery_document_is_taken_over);
    RUN(the_secret_goes_where_the_document_says);
    RUN(another_issuers_document_is_refused);
    RUN(each_address_must_be_there_and_allowed);
    RUN(an_id_token_is_asked_for);
    RUN(an_access_token_must_fit_a_header);
    arena_free(&arena);
    return check_done();
}
