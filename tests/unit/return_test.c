/* Where a login may lead back to: pages of this site, in one reading. */
#include "app/login.h"
#include "tests/check.h"

static void pages_of_the_site_may_be_returned_to(void)
{
    static const char *const good[] = {
        "/",       "/liked",     "/c/12",    "/test?step=3", "/t/INFP?a=b&c=d",
        "/%EA%B0", "/a%2eb%2Bc", "/a%5a%5f", "/?q=%7e%26",   "/a;b,c!$'()*+=#x",
        "/a[0]",   "/%3A%40%3c", "/authors", "/apis/x",      "/auth"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK_MSG(login_return_valid(good[i]), "%s", good[i]);
}

static void other_readings_are_refused(void)
{
    static const char *const bad[] = {
        "",       "liked", "//",    "//evil.example", "/a//b",     "/\\evil",    "https://evil.example",
        "/a b",   "/a\tb", "/a\nb", "/\x7f",          "/\xc3\xa9", "/a\"b",      "/<b>",
        "/a^b",   "/a`b",  "/{a}",  "/a|b",           "/a@b",      "/a:b",       "/%2f",
        "/%2F",   "/%5c",  "/%5C",  "/%25",           "/%252f",    "/%7f",       "/%7F",
        "/%0a",   "/%0D",  "/%00",  "/%1f",           "/%1B",      "/%",         "/%4",
        "/%4g",   "/%g4",  "/%zz",  "/auth/dev",      "/auth/",    "/api/v1/me", "/api/",
        "/%32f%", "/%%32f"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_MSG(!login_return_valid(bad[i]), "%s", bad[i]);
}

static void an_address_has_a_length(void)
{
    char path[LOGIN_RETURN_MAX + 2];
    for (int n = LOGIN_RETURN_MAX - 1; n <= LOGIN_RETURN_MAX; n++) {
        snprintf(path, sizeof path, "/%0*d", n - 1, 0);
        CHECK_INT(login_return_valid(path), n < LOGIN_RETURN_MAX);
    }
}

static void a_cause_has_a_name_and_a_status(void)
{
    CHECK_STR(login_cause_name(LOGIN_ELSEWHERE), "elsewhere");
    static const enum login_cause causes[] = {LOGIN_FINE,        LOGIN_DENIED, LOGIN_EXPIRED, LOGIN_PROVIDER,
                                              LOGIN_UNAVAILABLE, LOGIN_TAKEN,  LOGIN_LIMITED};
    static const int statuses[] = {303, 403, 400, 502, 503, 409, 429};
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
        CHECK_INT(login_cause_status(causes[i]), statuses[i]);
}

int main(void)
{
    RUN(pages_of_the_site_may_be_returned_to);
    RUN(other_readings_are_refused);
    RUN(an_address_has_a_length);
    RUN(a_cause_has_a_name_and_a_status);
    return check_done();
}
