/* What pages say when the store has said no, and what a worker keeps between answers and after its last. */
#include <string.h>

#include "base/log.h"
#include "fixture/site.h"
#include "tests/check.h"

static struct site_fixture f;
static char last[1000]; /* line of the log */

static void hear(void *arg, enum log_level level, const char *line, size_t n)
{
    (void)arg;
    (void)level;
    snprintf(last, sizeof last, "%.*s", (int)n, line);
}

static struct exchange page(void)
{
    response_reset(&f.site.response);
    last[0] = '\0';
    return (struct exchange){.site = &f.site, .response = &f.site.response, .arena = &f.site.arena};
}

/* What was refused is no success, and what the database refuses to us is no fault of the visitor. */
static void each_refusal_has_its_status_and_its_words(void)
{
    static const struct {
        enum err said, code;
        int status, retry_after;
        const char *detail, *field;
    } rows[] = {
        {ERR_NOT_FOUND, ERR_NOT_FOUND, 0, 0, "there is nothing of yours at this address", NULL},
        {ERR_DENIED, ERR_DENIED, 401, 0, "sign in first", NULL},
        {ERR_CONFLICT, ERR_CONFLICT, 403, 0, "", "login"},
        {ERR_UNPROVEN, ERR_UNPROVEN, 403, 0, "", "X-Guest-Proof"},
        {ERR_LIMITED, ERR_LIMITED, 429, 7, "the sentence", NULL},
        {ERR_UNAVAILABLE, ERR_UNAVAILABLE, 503, 5, "saving is not possible right now", NULL},
        {ERR_BUSY, ERR_UNAVAILABLE, 503, 5, "saving is not possible right now", NULL},
        {ERR_IO, ERR_FAULT, 500, 0, "something went wrong here", NULL},
        {ERR_FAULT, ERR_FAULT, 500, 0, "something went wrong here", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct exchange p = page();
        p.why = (struct fail){.text = "the sentence", .wait = 7, .limit = "tests"};
        CHECK_MSG(exchange_unsaved(&p, rows[i].said) == rows[i].code, "row %zu", i);
        CHECK_MSG(rows[i].status == 0 || p.problem.status == rows[i].status, "row %zu: %d", i,
                  p.problem.status);
        CHECK_INT(p.problem.retry_after, rows[i].retry_after);
        CHECK_STR(p.problem.detail, rows[i].detail);
        CHECK_INT(p.problem.n_errors, rows[i].field != NULL);
        if (rows[i].field != NULL)
            CHECK_STR(p.problem.errors[0].field, rows[i].field);
        CHECK_INT(strstr(last, "limit.reached") != NULL, rows[i].said == ERR_LIMITED);
    }
}

/* By the name of the limit an operator finds it (docs/contributing.md). */
static void the_log_names_the_limit(void)
{
    struct exchange p = page();
    p.why = (struct fail){.text = "the sentence", .wait = 7, .limit = "tests"};
    exchange_log_limit(&p);
    CHECK_MSG(strstr(last, "\"tests: the sentence; retry in 7 s\"") != NULL, "%s", last);
    p.why.limit = NULL;
    exchange_log_limit(&p);
    CHECK_MSG(strstr(last, "\"limit: the sentence; retry in 7 s\"") != NULL, "%s", last);
}

static void cookies_are_secure_where_the_site_is(void)
{
    size_t n;
    for (int secure = 0; secure <= 1; secure++) {
        struct exchange p = page();
        f.config.secure_cookies = secure;
        exchange_set_cookie(&p, "name", "value", 60);
        const char *set = response_find(p.response, "Set-Cookie", &n);
        CHECK(set != NULL && memmem(set, n, "HttpOnly", 8) != NULL);
        CHECK_INT(set != NULL && memmem(set, n, "; Secure", 8) != NULL, secure);
    }
    f.config.secure_cookies = 0;
}

/* A long answer, such as an export, is not kept in memory until the next; an ordinary one is no reason to ask the system. */
static void after_a_long_answer_memory_is_given_back(void)
{
    static const struct {
        size_t bytes;
        bool kept;
    } rows[] = {{1 << 16, true}, {(4 << 20) - 1, true}, {4 << 20, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        response_free(&f.site.response);
        arena_free(&f.site.arena);
        f.site.response.body = (struct buf){0};
        CHECK(buf_reserve(&f.site.response.body, rows[i].bytes));
        site_rest(&f.site);
        CHECK_MSG((f.site.response.body.data != NULL) == rows[i].kept, "row %zu", i);
    }
}

/* Takes so many pieces; then its reader has gone. */
static int pieces_left, pieces_offered;

static bool take(void *arg, const char *bytes, size_t n)
{
    (void)arg;
    CHECK(bytes != NULL && n > 0);
    pieces_offered++;
    return pieces_left-- > 0;
}

/* Where the head is not taken the body is not offered; a piece that is not worth sending waits. */
static void an_answer_ends_where_its_reader_does(void)
{
    for (int taken = 0; taken <= 3; taken++) {
        struct response r = {.sink = take};
        pieces_left = taken;
        pieces_offered = 0;
        response_reset(&r);
        buf_puts(&r.body, "first");
        CHECK_INT(response_flush(&r, 1), taken >= 2); /* the head, and the first piece */
        CHECK_INT(pieces_offered, taken >= 1 ? 2 : 1);
        buf_puts(&r.body, "rest");
        if (taken >= 2) {
            CHECK(response_flush(&r, 5) && pieces_offered == 2);
            CHECK_INT(response_flush(&r, 4), taken >= 3);
            CHECK(pieces_offered == 3 && r.body.len == 0);
        }
        response_free(&r);
    }
}

static void nothing_secret_outlives_the_site(void)
{
    static const struct keyring no_keys;
    static const struct provider_set no_providers;
    f.site.providers.n = 1;
    memset(f.site.providers.items[0].secret, 's', sizeof f.site.providers.items[0].secret);
    CHECK(memcmp(&f.site.keys, &no_keys, sizeof no_keys) != 0);
    site_free(&f);
    CHECK(memcmp(&f.site.keys, &no_keys, sizeof no_keys) == 0);
    CHECK(memcmp(&f.site.providers, &no_providers, sizeof no_providers) == 0);
}

int main(void)
{
    log_set_sink(hear, NULL, LOG_DEBUG);
    site_make(&f, 3, NULL);
    RUN(each_refusal_has_its_status_and_its_words);
    RUN(the_log_names_the_limit);
    RUN(cookies_are_secure_where_the_site_is);
    RUN(after_a_long_answer_memory_is_given_back);
    RUN(an_answer_ends_where_its_reader_does);
    RUN(nothing_secret_outlives_the_site);
    return check_done();
}
