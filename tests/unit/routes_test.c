/* The table's checks, asked for every row: what a row says is what happens. */
#include "fixture/site.h"
#include "routes.h"
#include "tests/check.h"

static struct site_fixture f;

/* A path that the row's pattern matches. */
static const char *example(const char *pattern)
{
    static char path[256];
    size_t n = 0;
    for (const char *p = pattern; *p != '\0';) {
        const char *value = strncmp(p, "{id}", 4) == 0           ? "101"
                            : strncmp(p, "{token}", 7) == 0      ? "abcdefghijklmnopqrstuv"
                            : strncmp(p, "{mbti}", 6) == 0       ? "INFP"
                            : strncmp(p, "{enneagram}", 11) == 0 ? "4w5"
                            : strncmp(p, "{provider}", 10) == 0  ? "kakao"
                                                                 : NULL;
        if (value == NULL) {
            path[n++] = *p++;
            continue;
        }
        n += (size_t)sprintf(path + n, "%s", value);
        p += strcspn(p, "}") + 1;
    }
    path[n] = '\0';
    return path;
}

static void every_row_is_found_and_no_other_method(void)
{
    struct site only = {0};
    struct exchange p = {.arena = &f.site.arena, .site = &only};
    unsigned allowed;
    for (size_t i = 0; i < route_count; i++) {
        only.pool = route_table[i].pool; /* the main pool and the picture pool share addresses */
        const char *path = example(route_table[i].pattern);
        CHECK_MSG(route_find(route_table[i].method, path, &p, &allowed) == &route_table[i], "%s", path);
        CHECK_MSG(route_find(HTTP_OTHER, path, &p, &allowed) == NULL && (allowed & route_table[i].method),
                  "%s", path);
    }
}

static void wrong_methods_are_told_the_right_ones(void)
{
    CHECK_INT(site_ask(&f, HTTP_DELETE, "/api/v1/home", NULL), 405);
    CHECK_STR(site_header(&f, "Allow"), "GET, HEAD");
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/characters/1011/like", NULL), 405);
    CHECK_STR(site_header(&f, "Allow"), "PUT, DELETE");
    CHECK_STR(site_header(&f, "Content-Type"), "application/problem+json");
}

static void f9_strange_paths_are_404(void)
{
    static const char *const paths[] = {"",

                                        "//",
                                        "/api",
                                        "/api/v1/movies/",
                                        "/api/v1/movies/0",
                                        "/api/v1/movies/01",
                                        "/api/v1/movies/-1",
                                        "/api/v1/movies/1.0",
                                        "/api/v1/movies/2147483648",
                                        "/api/v1/movies/99999999999999999999",
                                        "/api/v1/movies/%31",
                                        "/api/v1/movies/101/extra",
                                        "/api/v1/types/XXXX",
                                        "/api/v1/types/infp",
                                        "/api/v1/types/INFPX",
                                        "/api/v1/tests/short",
                                        "/api/v1/tests/abcdefghijklmnopqrst../",
                                        "/c/\xff",
                                        "/t/ABCD",
                                        "/m/{id}",
                                        "/api/v1/movies/2000000000",
                                        "/c/2000000000"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        CHECK_MSG(site_ask(&f, HTTP_GET, paths[i], NULL) == 404, "%s: %d", paths[i], f.site.response.status);
}

/* Every pattern with every byte in place of its parameter, and every known word where it does not belong. */
static void f9_fuzzed_segments_never_fail(void)
{
    for (size_t i = 0; i < route_count; i++) {
        const char *at = strchr(route_table[i].pattern, '{');
        for (unsigned c = 1; at != NULL && c < 256; c++) {
            char path[256];
            snprintf(path, sizeof path, "%.*s%c%c%c", (int)(at - route_table[i].pattern),
                     route_table[i].pattern, (int)c, (int)(c * 7 % 255 + 1), (int)(c * 31 % 255 + 1));
            int status = site_ask(&f, route_table[i].method, path, NULL);
            CHECK_MSG(status < 500 || status == 503, "%s: %d", path, status);
        }
    }
}

static void f2_unsafe_rows_refuse_other_sites(void)
{
    for (size_t i = 0; i < route_count; i++) {
        const struct route *row = &route_table[i];
        bool unsafe = row->method != HTTP_GET;
        if (row->pool == POOL_ADMIN) /* says nothing to strangers: tests/module/console_test.c */
            continue;
        if (row->guard == GUARD_KEY) { /* no browser's authority is asked for, so there is none to misuse */
            CHECK_MSG(row->session == SESSION_NONE && strstr(row->pattern, "/unlink") != NULL, "%s",
                      row->pattern);
            continue;
        }
        CHECK_MSG(unsafe == (route_wants_token(row) || row->guard == GUARD_FORM) &&
                      unsafe == (row->body_limit > 0) && (!unsafe || row->session != SESSION_NONE),
                  "%s", row->pattern);
        CHECK_MSG((row->guard == GUARD_FORM) == (row->again != NULL), "%s", row->pattern);
        if (!unsafe)
            continue;
        struct request cross = {
            .method = row->method, .content_type = "application/json", .fetch_site = "cross-site"};
        CHECK_MSG(site_ask_as(&f, &cross, example(row->pattern), "{}", 2) == 403, "%s", row->pattern);
        struct request silent = {.method = row->method, .content_type = "application/json"};
        CHECK_MSG(site_ask_as(&f, &silent, example(row->pattern), "{}", 2) == 403, "%s", row->pattern);
        struct request form = {
            .method = row->method, .content_type = "text/plain", .fetch_site = "same-origin"};
        CHECK_MSG(site_ask_as(&f, &form, example(row->pattern), "{}", 2) == 415, "%s", row->pattern);
        struct request large = {.method = row->method,
                                .content_type = row->guard == GUARD_FORM ? "application/x-www-form-urlencoded"
                                                                         : "application/json",
                                .origin = "https://mvti.example"};
        char *bytes = calloc(1, row->body_limit + 1);
        memset(bytes, ' ', row->body_limit + 1);
        CHECK_MSG(site_ask_as(&f, &large, example(row->pattern), bytes, row->body_limit + 1) == 413, "%s",
                  row->pattern);
        free(bytes);
    }
}

static void f8_only_our_hosts_are_answered(void)
{
    struct request r = {.method = HTTP_GET, .host = "evil.example"};
    CHECK_INT(site_ask_as(&f, &r, "/api/v1/types", NULL, 0), 421);
    r.host = "";
    CHECK_INT(site_ask_as(&f, &r, "/api/v1/types", NULL, 0), 421);
    r.host = "localhost:8080";
    CHECK_INT(site_ask_as(&f, &r, "/api/v1/types", NULL, 0), 200);
    r.host = "10.0.0.7"; /* a probe comes by address */
    CHECK_INT(site_ask_as(&f, &r, "/healthz", NULL, 0), 200);
}

static void catalog_answers_are_tagged(void)
{
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/types", NULL), 200);
    char tag[64];
    snprintf(tag, sizeof tag, "%s", site_header(&f, "ETag"));
    CHECK(strlen(tag) > 4);
    CHECK_STR(site_header(&f, "Cache-Control"), "public, max-age=60");
    struct request r = {.method = HTTP_GET, .if_none_match = tag};
    CHECK_INT(site_ask_as(&f, &r, "/api/v1/types", NULL, 0), 304);
    CHECK_INT(f.site.response.body.len, 0);
    CHECK_STR(site_header(&f, "ETag"), tag);
    /* a failure is not "unchanged" */
    CHECK_INT(site_ask_as(&f, &r, "/api/v1/movies/2000000000", NULL, 0), 404);
    CHECK_INT(site_ask_as(&f, &r, "/api/v1/home", NULL, 0), 200); /* personal: never */
    CHECK_STR(site_header(&f, "ETag"), "");
    CHECK_STR(site_header(&f, "Cache-Control"), "private, no-store");
}

static void ids_of_requests_come_from_the_front_or_are_made(void)
{
    struct request r = {.method = HTTP_GET, .id = "front-1"};
    CHECK_INT(site_ask_as(&f, &r, "/api/v1/nothing", NULL, 0), 404);
    CHECK_STR(json_member(site_json(&f), "request_id")->text, "front-1");
    CHECK_STR(site_header(&f, "X-Request-Id"), ""); /* the front says it itself */
    r.id = "two words\"";
    CHECK_INT(site_ask_as(&f, &r, "/api/v1/nothing", NULL, 0), 404);
    CHECK_INT(json_member(site_json(&f), "request_id")->n, 22);
    CHECK_INT(strlen(site_header(&f, "X-Request-Id")), 22);
}

static void broken_queries_and_long_targets(void)
{
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/types?a=%00", NULL), 400);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/types?a=1&a=2", NULL), 400);
    struct request r = {.method = HTTP_GET, .too_long = true};
    CHECK_INT(site_ask_as(&f, &r, "", NULL, 0), 414);
}

int main(void)
{
    site_make(&f, 40, NULL);
    RUN(every_row_is_found_and_no_other_method);
    RUN(wrong_methods_are_told_the_right_ones);
    RUN(f9_strange_paths_are_404);
    RUN(f9_fuzzed_segments_never_fail);
    RUN(f2_unsafe_rows_refuse_other_sites);
    RUN(f8_only_our_hosts_are_answered);
    RUN(catalog_answers_are_tagged);
    RUN(ids_of_requests_come_from_the_front_or_are_made);
    RUN(broken_queries_and_long_targets);
    site_free(&f);
    return check_done();
}
