/* What stands between a request and its page, without a database: each check refuses by itself, in words, and
 * leaves no trace of what it refused. */
#include <string.h>

#include "auth/client_mark.h"
#include "base/clock.h"
#include "base/log.h"
#include "fixture/login.h"
#include "fixture/site.h"
#include "routes.h"
#include "tests/check.h"

#define LIKE "/api/v1/characters/1011/like"

static struct site_fixture f;

/* The log, as far as it tells of failures and of the request. */
static char failures[2000], last[1000];

static void hear(void *arg, enum log_level level, const char *line, size_t n)
{
    (void)arg;
    (void)level;
    snprintf(last, sizeof last, "%.*s", (int)n, line);
    if (memmem(line, n, "request.failed", 14) != NULL)
        snprintf(failures, sizeof failures, "%.*s", (int)n, line);
}

/* A browser's request with a session, which needs no database until a page asks for it. */
static struct request of_session(char cookie[64], char csrf[SECRET_TOKEN_CHARS + 1], const char *name)
{
    struct session s;
    char token[SECRET_TOKEN_CHARS + 1];
    secret_token(token, SECRET_TOKEN_BYTES);
    snprintf(cookie, 64, "%s=%s", name, token);
    session_from_token(&s, &f.site.keys, token);
    session_csrf_token(&s, csrf);
    return (struct request){.method = HTTP_PUT,
                            .cookie = cookie,
                            .csrf = csrf,
                            .fetch_site = "same-origin",
                            .content_type = "application/json"};
}

static const char *detail(void)
{
    return site_at(site_json(&f), "detail", NULL)->text;
}

static bool is_problem(int status)
{
    static const char begin[] = "{\"type\":\"about:blank\"";
    return f.site.response.status == status &&
           strcmp(site_header(&f, "Content-Type"), "application/problem+json") == 0 &&
           strcmp(site_header(&f, "Cache-Control"), "no-store") == 0 &&
           strncmp(buf_str(&f.site.response.body), begin, sizeof begin - 1) == 0;
}

static void refusals_say_why_in_words(void)
{
    CHECK(site_ask(&f, HTTP_DELETE, "/api/v1/home", NULL) == 405 && is_problem(405));
    CHECK_STR(detail(), "this address does not support that method");
    CHECK_STR(site_header(&f, "Retry-After"), "");
    struct request host = {.method = HTTP_GET, .host = "other.example"};
    CHECK(site_ask_as(&f, &host, "/api/v1/home", NULL, 0) == 421 && is_problem(421));
    CHECK_STR(detail(), "this server does not answer for that host");
    struct request type = {.method = HTTP_PUT, .fetch_site = "same-origin", .content_type = "text/plain"};
    CHECK(site_ask_as(&f, &type, LIKE, "{}", 2) == 415 && is_problem(415));
    CHECK_STR(detail(), "the body must be application/json");
    CHECK_STR(failures, ""); /* a refusal is no failure */
}

static void a_session_needs_its_token_under_either_name(void)
{
    char cookie[64], csrf[SECRET_TOKEN_CHARS + 1];
    for (int secure = 0; secure <= 1; secure++) {
        f.config.secure_cookies = secure;
        struct request r = of_session(cookie, csrf, secure ? "__Host-mvti" : "mvti");
        CHECK_INT(site_ask_as(&f, &r, LIKE, "{}", 2), 503); /* the database is asked, and away */
        r.csrf = "";
        CHECK(site_ask_as(&f, &r, LIKE, "{}", 2) == 403 && is_problem(403));
        CHECK_STR(site_problem(&f, "X-CSRF-Token"), "send the token that answers to this session carry");
        CHECK_STR(site_header(&f, "Set-Cookie"), "");
        /* A cookie of the other name is none, so there is nothing to misuse. */
        r = of_session(cookie, csrf, secure ? "mvti" : "__Host-mvti");
        r.csrf = "";
        CHECK_INT(site_ask_as(&f, &r, LIKE, "{}", 2), 503);
    }
    f.config.secure_cookies = 0;
}

/* Without a session there is nothing that a token could be of. */
static void nobody_needs_no_token(void)
{
    struct request r = {.method = HTTP_PUT, .fetch_site = "same-origin", .content_type = "application/json"};
    CHECK_INT(site_ask_as(&f, &r, "/api/v1/characters/1011/vote", "{\"mbti\":\"INFP\"}", 15), 401);
    CHECK_STR(detail(), "sign in first");
    r.method = HTTP_POST;
    CHECK_INT(site_ask_as(&f, &r, "/auth/logout", "{}", 2), 204);
}

static void a_body_has_a_length(void)
{
    char cookie[64], csrf[SECRET_TOKEN_CHARS + 1], body[1100];
    memset(body, ' ', sizeof body);
    memcpy(body, "{}", 2);
    struct request r = of_session(cookie, csrf, "mvti");
    CHECK_INT(site_ask_as(&f, &r, LIKE, body, 1024), 503); /* it is read, and the database asked */
    CHECK_INT(site_ask_as(&f, &r, LIKE, body, 1025), 413);
    CHECK_STR(site_problem(&f, "body"), "the body is larger than 1024 bytes");
}

static size_t half(void *arg, char *out, size_t n)
{
    (void)arg;
    memset(out, ' ', n);
    memcpy(out, "{}", n < 2 ? n : 2);
    return n / 2;
}

static void a_body_that_ends_early_is_none(void)
{
    char cookie[64], csrf[SECRET_TOKEN_CHARS + 1];
    struct request r = of_session(cookie, csrf, "mvti");
    site_ask_as(&f, &r, LIKE, "{}", 2); /* fills what is empty */
    r.path = LIKE;
    r.content_length = 10;
    r.read_body = half;
    route_serve(&f.site, &r);
    CHECK(is_problem(400));
    CHECK_STR(site_problem(&f, "body"), "the body ended early");
}

/* What a provider sends comes in the address or as a form, and each name once in both. */
static void a_form_is_read_with_the_query(void)
{
    static const struct {
        const char *query, *body;
        int status;
        const char *field;
    } rows[] = {{"", "user_id=5", 503, NULL},     {"?user_id=5", "", 503, NULL},
                {"?a=1", "user_id=5", 503, NULL}, {"", "", 400, "user_id"},
                {"", "a=1", 400, "user_id"},      {"?user_id=5", "user_id=5", 400, "body"},
                {"", "user_id=%zz", 400, "body"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char target[80];
        struct request r = {.method = HTTP_POST,
                            .authorization = "KakaoAK " LOGIN_ADMIN_KEY,
                            .content_type = "application/x-www-form-urlencoded"};
        snprintf(target, sizeof target, "/auth/kakao/unlink%s", rows[i].query);
        CHECK_MSG(site_ask_as(&f, &r, target, rows[i].body, strlen(rows[i].body)) == rows[i].status,
                  "row %zu: %d", i, f.site.response.status);
        CHECK(is_problem(rows[i].status));
        CHECK_MSG(rows[i].field == NULL || *site_problem(&f, rows[i].field) != '\0', "row %zu", i);
    }
}

static void without_a_catalog_it_says_so(void)
{
    f.site.serving.ready = false;
    failures[0] = '\0';
    CHECK(site_ask(&f, HTTP_GET, "/api/v1/movies", NULL) == 503 && is_problem(503));
    CHECK_STR(detail(), "no catalog has been published yet");
    CHECK_STR(site_header(&f, "Retry-After"), "5");
    CHECK(strstr(failures, "no catalog has been published yet") != NULL);
    f.site.serving.ready = true;
}

/* At an address of pages, one for people; at those of programs, a document for programs. */
static void nothing_at_this_address(void)
{
    CHECK_INT(site_ask(&f, HTTP_GET, "/nothing", NULL), 404);
    CHECK(strncmp(site_header(&f, "Content-Type"), "text/html", 9) == 0);
    CHECK_STR(site_header(&f, "Cache-Control"), "no-store");
    CHECK(strncmp(buf_str(&f.site.response.body), "<!doctype html>", 15) == 0);
    CHECK(site_ask(&f, HTTP_GET, "/api/v1/nothing", NULL) == 404 && is_problem(404));
    CHECK(site_ask(&f, HTTP_GET, "/api/v1/movies/999999", NULL) == 404 && is_problem(404));
    /* Where even the page for people is missing, the document says what there is to say. */
    snprintf(f.config.shell_file, sizeof f.config.shell_file, "%s.gone", f.shell);
    serving_close(&f.site.serving);
    serving_init(&f.site.serving, &f.config);
    serving_refresh(&f.site.serving, 0);
    CHECK(site_ask(&f, HTTP_GET, "/nothing", NULL) >= 404 && is_problem(f.site.response.status));
    snprintf(f.config.shell_file, sizeof f.config.shell_file, "%s", f.shell);
    serving_close(&f.site.serving);
    serving_init(&f.site.serving, &f.config);
    serving_refresh(&f.site.serving, 0);
    CHECK_INT(site_ask(&f, HTTP_GET, "/nothing", NULL), 404);
}

/* An address that somebody passed on is the page's, whatever services have added to it. */
static void what_is_added_to_a_page_is_nothing_to_it(void)
{
    static const char *const pages[] = {"/c/1011", "/m/101", "/t/INFP"};
    static const char *const added[] = {
        "", "?utm_source=kakao&utm_source=x", "?fbclid=%zz", "?a=%ED%A0%80", "?a=%00", "?=", "?&&=&"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        for (size_t k = 0; k < sizeof added / sizeof *added; k++) {
            char target[100];
            snprintf(target, sizeof target, "%s%s", pages[i], added[k]);
            CHECK_MSG(site_ask(&f, HTTP_GET, target, NULL) == 200, "%s: %d", target, f.site.response.status);
            snprintf(target, sizeof target, "/api/v1/types%s", added[k]);
            int status = site_ask(&f, HTTP_GET, target, NULL);
            CHECK_MSG(status == (k >= 1 && k <= 4 ? 400 : 200), "%s: %d", target, status);
        }
}

/* Whoever is on the way to sign in sees a page, whatever is wrong; a provider's program does not. */
static void signing_in_fails_in_a_page(void)
{
    struct browser b = browser_new(&f);
    failures[0] = '\0';
    CHECK_INT(browser_ask(&b, "/auth/naver?return=%zz"), 400);
    CHECK_STR(b.cause, "request");
    CHECK_STR(site_header(&f, "Cache-Control"), "no-store");
    CHECK(strncmp(buf_str(&f.site.response.body), "<!doctype html>", 15) == 0);
    CHECK_STR(failures, "");
    CHECK_INT(browser_ask(&b, "/auth/naver?return=/me"), 503); /* the database is away */
    CHECK_STR(b.cause, "busy");
    CHECK(browser_ask(&b, "/auth/kakao/unlink?a=%zz") == 400 && is_problem(400));
    CHECK(browser_ask(&b, "/api/v1/movies?q=%zz") == 400 && is_problem(400));
}

static void requests_have_an_id_of_the_front_or_of_ours(void)
{
    char id[REQUEST_ID_MAX + 1];
    for (size_t n = 0; n <= REQUEST_ID_MAX; n++) {
        memset(id, 'a', n);
        id[n] = '\0';
        struct request r = {.method = HTTP_GET, .id = id};
        CHECK_INT(site_ask_as(&f, &r, "/api/v1/nothing", NULL, 0), 404);
        bool kept = n > 0 && n < REQUEST_ID_MAX;
        const char *said = site_at(site_json(&f), "request_id", NULL)->text;
        CHECK_MSG((strcmp(said, id) == 0) == kept && *said != '\0', "%zu", n);
        CHECK((*site_header(&f, "X-Request-Id") == '\0') == kept); /* the front adds its own */
        char member[100];
        snprintf(member, sizeof member, "\"request_id\":\"%s\"", said);
        CHECK_MSG(strstr(last, member) != NULL, "%s", last);
    }
}

static int headers_of(const char *name)
{
    int n = 0;
    for (const char *at = buf_str(&f.site.response.headers); (at = strstr(at, name)) != NULL; at++)
        n++;
    return n;
}

static void answers_say_what_they_are(void)
{
    struct request r = {.method = HTTP_GET};
    CHECK_INT(site_ask_as(&f, &r, "/api/v1/types", NULL, 0), 200);
    CHECK_STR(site_header(&f, "Content-Type"), "application/json; charset=utf-8");
    CHECK_STR(site_header(&f, "Cache-Control"), "public, max-age=60");
    CHECK_INT(headers_of("Content-Type: "), 1);
    CHECK_INT(site_ask_as(&f, &r, "/robots.txt", NULL, 0), 200);
    CHECK(strncmp(site_header(&f, "Content-Type"), "text/plain", 10) == 0 &&
          headers_of("Content-Type: ") == 1);
    CHECK_STR(site_header(&f, "Cache-Control"), "no-cache");
    struct request out = {
        .method = HTTP_POST, .fetch_site = "same-origin", .content_type = "application/json"};
    CHECK_INT(site_ask_as(&f, &out, "/auth/logout", "{}", 2), 204);
    CHECK(headers_of("Content-Type: ") == 0);
}

/* What a first write needs is told where pages of the site ask, and nowhere else. */
static void nobody_is_told_how_to_begin(void)
{
    struct request r = {.method = HTTP_GET};
    char cookie[64], csrf[SECRET_TOKEN_CHARS + 1];
    f.config.guest_work = 5;
    CHECK_INT(site_ask_as(&f, &r, "/api/v1/me", NULL, 0), 200);
    CHECK(*site_header(&f, "X-Guest-Challenge") != '\0' && *site_header(&f, "X-CSRF-Token") == '\0');
    CHECK_INT(site_ask_as(&f, &r, "/api/v1/movies", NULL, 0), 200);
    CHECK_STR(site_header(&f, "X-Guest-Challenge"), "");
    r = of_session(cookie, csrf, "mvti");
    r.method = HTTP_GET;
    CHECK_INT(site_ask_as(&f, &r, "/api/v1/home", NULL, 0), 200);
    CHECK_STR(site_header(&f, "X-CSRF-Token"), csrf);
    CHECK_STR(site_header(&f, "X-Guest-Challenge"), "");
    /* a refusal tells nothing of the session */
    CHECK_INT(site_ask_as(&f, &r, "/auth/naver?return=//evil.example", NULL, 0), 400);
    CHECK_STR(site_header(&f, "X-CSRF-Token"), "");
    f.config.guest_work = 0;
}

static int lines_of_requests;

static void count(void *arg, enum log_level level, const char *line, size_t n)
{
    hear(arg, level, line, n);
    lines_of_requests += memmem(line, n, "\"event\":\"request\",", 18) != NULL;
}

static int logged(enum http_method method, const char *target, int times)
{
    char id[40];
    lines_of_requests = 0;
    for (int i = 0; i < times; i++) {
        snprintf(id, sizeof id, "%032x", (unsigned)i);
        struct request r = {.method = method, .id = id, .address = "192.0.2.77"};
        (void)site_ask_as(&f, &r, target, NULL, 0);
    }
    return lines_of_requests;
}

static void some_reads_are_logged_and_everything_else(void)
{
    log_set_sink(count, NULL, LOG_DEBUG);
    f.config.log_sample = 8;
    int reads = logged(HTTP_GET, "/api/v1/movies", 400);
    CHECK(reads > 15 && reads < 90); /* 50 ± 5 standard deviations of 6.6 */
    CHECK_INT(logged(HTTP_GET, "/api/v1/movies/0", 40), 40);
    CHECK(strstr(last, "\"sample\":1}") != NULL && strstr(last, "GET ") != NULL);
    CHECK_INT(logged(HTTP_POST, "/api/v1/events", 40), 40);
    CHECK_INT(logged(HTTP_GET, "/healthz", 40), 0);
    f.config.log_sample = 1;
    CHECK_INT(logged(HTTP_GET, "/api/v1/movies", 40), 40);
    CHECK_INT(logged(HTTP_GET, "/healthz", 40), 0);
    log_set_sink(hear, NULL, LOG_DEBUG);
}

static void lines_name_nobody_by_address(void)
{
    char first[1000];
    (void)logged(HTTP_GET, "/api/v1/movies", 1);
    const char *at = strstr(last, "\"client\":\"");
    CHECK(at != NULL && strspn(at + 10, "0123456789abcdef") == 16 && strstr(last, "192.0.2.77") == NULL);
    snprintf(first, sizeof first, "%.28s", at != NULL ? at : "");
    (void)logged(HTTP_POST, "/api/v1/events", 1);
    CHECK(strstr(last, first) != NULL);
    struct request other = {.method = HTTP_GET, .id = "x", .address = "192.0.2.78"};
    (void)site_ask_as(&f, &other, "/api/v1/movies", NULL, 0);
    CHECK(strstr(last, "\"client\":\"") != NULL && strstr(last, first) == NULL);
}

/* By address, by the mark of today's log, and not for longer than it is said. */
static void a_banned_network_only_reads(void)
{
    static const char *const words[] = {"192.0.2.0/24", "192.0.2.77", "client:"};
    for (int i = 0; i < 3; i++) {
        struct denied *d = &f.site.denying.list;
        char who[64];
        char mark[CLIENT_MARK_CHARS + 1];
        client_mark(&f.site.keys, clock_wall(), "192.0.2.77", mark);
        snprintf(who, sizeof who, "%s%s", words[i], i == 2 ? mark : "");
        struct denied_entry e = {.until = clock_wall() + 60};
        CHECK(denied_parse(who, &e, NULL) == ERR_OK && denied_put(d, &e, 0, NULL) == ERR_OK);
        struct request r = {.method = HTTP_POST,
                            .address = "192.0.2.77",
                            .fetch_site = "same-origin",
                            .content_type = "application/json"};
        CHECK_INT(site_ask_as(&f, &r, "/api/v1/events", "{}", 2), 403);
        CHECK_STR(site_problem(&f, "network"), "only reading is possible from this network for now");
        r = (struct request){.method = HTTP_GET, .address = "192.0.2.77"};
        CHECK_INT(site_ask_as(&f, &r, "/api/v1/movies", NULL, 0), 200);
        r = (struct request){.method = HTTP_POST,
                             .address = "198.51.100.1",
                             .fetch_site = "same-origin",
                             .content_type = "application/json"};
        CHECK(site_ask_as(&f, &r, "/api/v1/events", "{}", 2) != 403 || *site_problem(&f, "network") == 0);
        e.until = clock_wall() - 1;
        CHECK(denied_put(d, &e, 0, NULL) == ERR_OK && d->n == 1);
        r = (struct request){.method = HTTP_POST,
                             .address = "192.0.2.77",
                             .fetch_site = "same-origin",
                             .content_type = "application/json"};
        CHECK(site_ask_as(&f, &r, "/api/v1/events", "{}", 2) != 403 || *site_problem(&f, "network") == 0);
        CHECK(denied_lift(d, &e) && d->n == 0 && !denied_lift(d, &e));
    }
}

int main(void)
{
    site_make(&f, 40, NULL);
    login_provider_open(&f);
    log_set_sink(hear, NULL, LOG_DEBUG);
    RUN(refusals_say_why_in_words);
    RUN(a_session_needs_its_token_under_either_name);
    RUN(nobody_needs_no_token);
    RUN(a_body_has_a_length);
    RUN(a_body_that_ends_early_is_none);
    RUN(a_form_is_read_with_the_query);
    RUN(without_a_catalog_it_says_so);
    RUN(nothing_at_this_address);
    RUN(what_is_added_to_a_page_is_nothing_to_it);
    RUN(signing_in_fails_in_a_page);
    RUN(requests_have_an_id_of_the_front_or_of_ours);
    RUN(answers_say_what_they_are);
    RUN(nobody_is_told_how_to_begin);
    RUN(some_reads_are_logged_and_everything_else);
    RUN(lines_name_nobody_by_address);
    RUN(a_banned_network_only_reads);
    login_provider_close();
    site_free(&f);
    return check_done();
}
