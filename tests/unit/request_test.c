#include "app/login.h"
#include "base/percent.h"
#include "base/unicode.h"
#include "tests/check.h"
#include "web/form.h"
#include "web/html.h"
#include "web/origin.h"
#include "web/problem.h"
#include "web/request.h"
#include "web/response.h"

struct param {
    const char *name, *value;
};

static const char *param_of(void *arg, const char *name)
{
    for (const struct param *p = arg; p->name != NULL; p++)
        if (strcmp(p->name, name) == 0)
            return p->value;
    return NULL;
}

static void requests_come_from_cgi_parameters(void)
{
    struct arena a = {0};
    struct request r;
    struct param params[] = {{"REQUEST_METHOD", "POST"},
                             {"REQUEST_URI", "/api/v1/tests?a=1&b=%20"},
                             {"CONTENT_LENGTH", "12"},
                             {"CONTENT_TYPE", "Application/JSON; charset=utf-8"},
                             {0}};
    CHECK(request_from_params(&r, &a, param_of, params) == ERR_OK);
    CHECK(r.method == HTTP_POST && !r.too_long);
    CHECK_STR(r.path, "/api/v1/tests");
    CHECK_STR(r.query, "a=1&b=%20");
    CHECK_STR(r.host, "");
    CHECK_INT(r.content_length, 12);
    CHECK(request_has_type(&r, "application/json") && !request_has_type(&r, "application/js"));
    char longer[5000];
    memset(longer, 'a', sizeof longer - 1);
    longer[0] = '/';
    longer[sizeof longer - 1] = '\0';
    params[1].value = longer;
    params[0].value = "BREW";
    params[2].value = "-1";
    CHECK(request_from_params(&r, &a, param_of, params) == ERR_OK);
    CHECK(r.too_long && r.method == HTTP_OTHER && r.content_length == 0);
    params[2].value = "12x";
    CHECK(request_from_params(&r, &a, param_of, params) == ERR_OK);
    CHECK(r.content_length > 1 << 30); /* what is no number is never small */
    static const struct {
        const char *text;
        size_t n;
    } lengths[] = {{"0", 0}, {"07", 7}, {"9", 9}, {"98", 98}, {"/", 0}, {":", 0}};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        params[2].value = lengths[i].text;
        CHECK(request_from_params(&r, &a, param_of, params) == ERR_OK);
        CHECK_INT(r.content_length, lengths[i].n);
    }
    arena_free(&a);
}

static void a_target_may_be_as_long_as_it_may(void)
{
    struct arena a = {0};
    struct request r;
    static char target[REQUEST_PATH_MAX + REQUEST_QUERY_MAX + 10];
    struct param params[] = {{"REQUEST_URI", target}, {0}};
    for (int more_path = 0; more_path <= 1; more_path++)
        for (int more_query = 0; more_query <= 1; more_query++) {
            size_t path_n = (size_t)(REQUEST_PATH_MAX + more_path),
                   query_n = (size_t)(REQUEST_QUERY_MAX + more_query);
            memset(target, 'a', sizeof target);
            target[path_n] = '?';
            target[path_n + 1 + query_n] = '\0';
            CHECK(request_from_params(&r, &a, param_of, params) == ERR_OK);
            CHECK_INT(r.too_long, more_path || more_query);
            CHECK_INT(strlen(r.path), r.too_long ? 0 : path_n);
        }
    arena_free(&a);
}

static void methods_have_names(void)
{
    CHECK_STR(request_method_name(HTTP_GET), "GET");
    CHECK_STR(request_method_name(HTTP_DELETE), "DELETE");
    CHECK_STR(request_method_name(HTTP_OTHER), "OTHER");
}

static void entity_tags_compare_weakly(void)
{
    struct request r = {.if_none_match = "\"x\", W/\"y\""};
    CHECK(request_matches_tag(&r, "\"x\"") && request_matches_tag(&r, "\"y\"") &&
          !request_matches_tag(&r, "\"z\""));
    r.if_none_match = "*";
    CHECK(request_matches_tag(&r, "\"z\""));
    static const char *const others[] = {"", "z", "*z", "\"*\"", "*\"z\""};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        r.if_none_match = others[i];
        CHECK_MSG(!request_matches_tag(&r, "\"z\""), "%s", others[i]);
    }
}

static void queries_decode_once_or_are_refused(void)
{
    struct arena a = {0};
    struct form f;
    CHECK(form_parse(&f, &a, "q=%EC%95%84+b%2525&&x&y=", NULL) == ERR_OK);
    CHECK_STR(form_get(&f, "q"), "아 b%25");
    CHECK_STR(form_get(&f, "x"), "");
    CHECK_STR(form_get(&f, "y"), "");
    CHECK(form_get(&f, "z") == NULL && f.n == 3);
    CHECK(form_parse(&f, &a, "q=%ec%95%af&&&%61=%4A", NULL) == ERR_OK);
    CHECK_STR(form_get(&f, "q"), "앯");
    CHECK_STR(form_get(&f, "a"), "J");
    CHECK_INT(f.n, 2);
    static const char *const bad[] = {"a=%",   "a=%4",  "a=%zz", "a=%4z",   "a=%z4",
                                      "a=%4g", "a=%00", "a=%ff", "a=1&a=2", "%C0%AF=1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_MSG(form_parse(&f, &a, bad[i], NULL) == ERR_INVALID, "%s", bad[i]);
    struct buf many = {0};
    for (int i = 0; i <= FORM_MAX_PAIRS; i++)
        buf_printf(&many, "p%d=1&", i);
    CHECK(form_parse(&f, &a, many.data, NULL) == ERR_INVALID);
    buf_free(&many);
    arena_free(&a);
}

/* Whoever passes a link on can add to it: what it said stays. */
static void of_a_link_counts_what_can_be_read(void)
{
    struct arena a = {0};
    struct form f;
    struct buf many = {0};
    CHECK(form_parse_link(&f, &a, "a=1&b=%zz&a=2&%ff=3&c=4&a=%") == ERR_OK);
    CHECK_STR(form_get(&f, "a"), "1");
    CHECK_STR(form_get(&f, "c"), "4");
    CHECK_INT(f.n, 2);
    for (int i = 0; i < 2 * FORM_MAX_PAIRS; i++)
        buf_printf(&many, "p%d=%d&", i, i);
    CHECK(form_parse_link(&f, &a, many.data) == ERR_OK);
    CHECK_INT(f.n, FORM_MAX_PAIRS);
    CHECK_STR(form_get(&f, "p0"), "0");
    buf_free(&many);
    arena_free(&a);
}

static void whole_numbers_are_in_range(void)
{
    int64_t n = 7;
    CHECK(form_whole("20", 1, 50, &n) && n == 20);
    CHECK(form_whole("-2", -2, 2, &n) && n == -2);
    CHECK(form_whole("50", 1, 50, &n) && n == 50);
    CHECK(form_whole("999999999999999999", 0, INT64_MAX, &n) && n == 999999999999999999);
    CHECK(!form_whole("1000000000000000000", 0, INT64_MAX, &n) && !form_whole("", 0, 50, &n) &&
          !form_whole("-", 0, 50, &n));
    static const char *const bad[] = {
        "", "-", "0", "51", "1.5", "1e1", " 1", "1 ", "+1", "0x1", "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_MSG(!form_whole(bad[i], 1, 50, &n), "%s", bad[i]);
}

static void hosts_and_origins(void)
{
    static const struct {
        const char *host;
        bool allowed;
    } hosts[] = {{"example.org", true},
                 {"EXAMPLE.org:443", true},
                 {"localhost:8080", true},
                 {"127.0.0.1", true},
                 {"[::1]:80", true},
                 {"example.org.", true},
                 {"Example.org.:8443", true},
                 {"localhost.:8080", true},
                 {".", false},
                 {"example.org..", false},
                 {".example.org", false},
                 {"example.org.x", false},
                 {"example.org:.", false},
                 {"", false},
                 {"evil.org", false},
                 {"example.org.evil", false},
                 {"example.org:80@evil", false},
                 {"localhost.evil", false},
                 {"[::1", false},
                 {"127.0.0.1:1234567", false}};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        CHECK_MSG(origin_host_allowed(hosts[i].host, "https://example.org") == hosts[i].allowed, "%s",
                  hosts[i].host);
    static const struct {
        const char *host, *url;
        bool alias;
    } names[] = {{"example.org", "https://example.org", false},
                 {"Example.org:443", "https://example.org", false},
                 {"example.org.", "https://example.org", true},
                 {"example.org.:8443", "https://example.org:8443", true},
                 {"localhost:8080", "https://example.org", false},
                 {"localhost:8080", "http://127.0.0.1:8080", true},
                 {"[::1]:8080", "http://localhost:8080", true},
                 {"127.0.0.1:9090", "http://127.0.0.1:8080", false},
                 {"evil.org", "http://127.0.0.1:8080", false},
                 {"", "https://example.org", false}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK_MSG(origin_host_alias(names[i].host, names[i].url) == names[i].alias, "%s of %s", names[i].host,
                  names[i].url);
    static const struct {
        const char *site, *origin, *host;
        bool allowed;
    } origins[] = {
        {"same-origin", "", "example.org", true},
        {"none", "", "example.org", true},
        {"same-site", "https://example.org", "example.org", false},
        {"cross-site", "https://example.org", "example.org", false},
        {"", "https://example.org", "example.org", true},
        {"", "https://evil.org", "example.org", false},
        {"", "http://evil.org", "evil.org", false}, /* equal to Host, but not loopback: rebinding */
        {"", "http://127.0.0.1:8080", "127.0.0.1:8080", true},
        {"", "http://127.0.0.1:9090", "127.0.0.1:8080", false},
        {"", "null", "127.0.0.1:8080", false},
        {"", "", "example.org", false}};
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        struct request r = {
            .fetch_site = origins[i].site, .origin = origins[i].origin, .host = origins[i].host};
        CHECK_MSG(origin_allowed(&r, "https://example.org") == origins[i].allowed, "row %zu", i);
    }
}

static void html_is_escaped_by_context(void)
{
    struct buf b = {0};
    html_text(&b, "<b>\"&'");
    CHECK_STR(buf_str(&b), "&lt;b&gt;\"&amp;'");
    buf_reset(&b);
    html_attribute(&b, "<b>\"&'한");
    CHECK_STR(buf_str(&b), "&lt;b&gt;&quot;&amp;&#39;한");
    buf_free(&b);
}

static void responses_cannot_be_split(void)
{
    struct response r = {0};
    struct buf b = {0};
    response_reset(&r);
    response_header(&r, "X", "a\r\nSet-Cookie: b");
    response_header(&r, "Y", "c");
    buf_puts(&r.body, "hello");
    response_head(&r, &b);
    CHECK_STR(buf_str(&b), "Status: 200 OK\r\nY: c\r\nContent-Length: 5\r\n\r\n");
    size_t n = 0;
    const char *y = response_find(&r, "y", &n);
    CHECK(y != NULL && n == 1 && *y == 'c' && response_find(&r, "X", &n) == NULL);
    response_free(&r);
    buf_free(&b);
}

static const char *excerpt(const char *s, size_t most)
{
    static char kept[2048];
    struct buf b = {0};
    html_excerpt(&b, s, most);
    snprintf(kept, sizeof kept, "%s", buf_str(&b));
    buf_free(&b);
    return kept;
}

static void excerpts_end_between_words_and_characters(void)
{
    CHECK_STR(excerpt("", 5), "");
    CHECK_STR(excerpt(" \n\t", 5), "");
    CHECK_STR(excerpt("short", 5), "short");
    CHECK_STR(excerpt("  two \r\n  lines\t", 20), "two lines");
    CHECK_STR(excerpt("one two three", 12), "one two…");
    CHECK_STR(excerpt("one two three", 8), "one two…");
    CHECK_STR(excerpt("one two three", 13), "one two three");
    CHECK_STR(excerpt("unbreakable", 5), "unbr…");
    CHECK_STR(excerpt("a unbreakableword", 12), "a unbreakab…");
    CHECK_STR(excerpt("x", 1), "x");
    CHECK_STR(excerpt("xy", 1), "…");
    /* Syllables of precomposed and of conjoining letters, a letter with two marks, a family, a flag. */
    CHECK_STR(excerpt("가나다라", 3), "가나…");
    CHECK_STR(excerpt("\u1100\u1161\u11a8\u1102\u1161\u1103\u1161", 3),
              "\u1100\u1161\u11a8\u1102\u1161\u1103\u1161");
    CHECK_STR(excerpt("\u1100\u1161\u11a8\u1102\u1161\u1103\u1161", 2), "\u1100\u1161\u11a8…");
    CHECK_STR(excerpt("e\u0301\u0323e\u0301\u0323e", 2), "e\u0301\u0323…");
    CHECK_STR(excerpt("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 2), "👨‍👩‍👧…");
    CHECK_STR(excerpt("🇰🇷🇰🇷🇰🇷", 2), "🇰🇷…");
    char text[1200] = "";
    for (int i = 0; i < 100; i++)
        strcat(text, "영화 속 ");
    const char *cut = excerpt(text, 200);
    CHECK(unicode_clusters(cut, strlen(cut)) <= 200 && unicode_clusters(cut, strlen(cut)) > 190);
    CHECK(strstr(cut, "속…") != NULL || strstr(cut, "영화…") != NULL);
}

/* Also of what a code stands for: "Unknown" would stand in the status line. */
static void every_status_of_a_code_has_a_name(void)
{
    for (int code = 0; code < ERR_COUNT; code++)
        CHECK_MSG(strcmp(problem_title(err_http_status((enum err)code)), "Unknown") != 0, "%s",
                  err_name((enum err)code));
    for (int cause = 0; cause < LOGIN_CAUSES; cause++)
        CHECK_MSG(strcmp(problem_title(login_cause_status((enum login_cause)cause)), "Unknown") != 0, "%s",
                  login_cause_name((enum login_cause)cause));
    CHECK_STR(problem_title(303), "See Other");
    CHECK_STR(problem_title(421), "Misdirected Request");
    CHECK_STR(problem_title(299), "Unknown");
}

/* Memory ended in the middle of the last line. */
static void half_a_header_is_none(void)
{
    struct response r = {0};
    size_t n;
    response_header(&r, "First", "1");
    buf_puts(&r.headers, "Second: 2");
    CHECK(response_find(&r, "First", &n) != NULL && n == 1);
    CHECK(response_find(&r, "Third", &n) == NULL);
    response_free(&r);
}

static void query_values_are_escaped(void)
{
    struct buf b = {0};
    percent_encode(&b, "a b&c=\xec\x98\x81/~-._Z9");
    CHECK_STR(buf_str(&b), "a%20b%26c%3D%EC%98%81%2F~-._Z9");
    buf_free(&b);
}

int main(void)
{
    RUN(query_values_are_escaped);
    RUN(requests_come_from_cgi_parameters);
    RUN(a_target_may_be_as_long_as_it_may);
    RUN(methods_have_names);
    RUN(entity_tags_compare_weakly);
    RUN(queries_decode_once_or_are_refused);
    RUN(of_a_link_counts_what_can_be_read);
    RUN(whole_numbers_are_in_range);
    RUN(hosts_and_origins);
    RUN(html_is_escaped_by_context);
    RUN(responses_cannot_be_split);
    RUN(half_a_header_is_none);
    RUN(excerpts_end_between_words_and_characters);
    RUN(every_status_of_a_code_has_a_name);
    return check_done();
}
