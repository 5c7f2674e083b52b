/* Every statement of every page is refused once, by the real server: as where a table is full, as where a
 * deadlock chose it, and with the connection cut. The page says that it could not, and then the tables are as
 * they were; or it answers. What was refused is done when it is asked for again. */
#include "tests/check.h"

#include "fixture/checksum.h"
#include "fixture/login.h"
#include "fixture/refusing.h"

static struct mariadb server;
static struct site_fixture f;
static struct db *looker;
static struct browser person;
static char token[32], state[64], key[40], name[20];

static const char VOTE[] = "{\"mbti\":\"INFP\",\"enneagram\":\"4w5\"}";
static const char EVENTS[] = "[{\"kind\":\"click\",\"character\":1011,\"list\":\"same\",\"position\":0},"
                             "{\"kind\":\"share\",\"test\":\"aaaaaaaaaaaaaaaaaaaaaa\"}]";

static void sql(const char *text)
{
    CHECK(db_exec_text(looker, text, strlen(text), NULL) == ERR_OK);
}

/* ---- what is in the tables; of a login that failed it is remembered that it was tried ---- */

static struct checksum tables;

static uint64_t sum_of_tables(void)
{
    return checksum_now(&tables, &server, looker);
}

/* ---- who asks ---- */

static void nobody(void)
{
    f.cookie[0] = '\0';
}

static void a_test(void)
{
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests", SITE_TEST), 201);
    snprintf(token, sizeof token, "%s", site_at(site_json(&f), "token", NULL)->text);
}

static void a_guest(void)
{
    nobody();
    a_test();
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1011/like", "{}"), 200);
    person = browser_new(&f);
    snprintf(person.session, sizeof person.session, "%s", strchr(f.cookie, '=') + 1);
}

static void another_name(void)
{
    static int people;
    snprintf(name, sizeof name, "person.%d", people++);
}

/* A guest who has signed in, a moment ago. */
static void an_account(void)
{
    a_guest();
    another_name();
    CHECK_INT(browser_sign_in(&person, name, NULL), 303);
    snprintf(f.cookie, sizeof f.cookie, "mvti=%.*s", SECRET_TOKEN_CHARS, person.session);
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1011/vote", "{\"mbti\":\"INFP\"}"), 200);
}

static void not_marked(void)
{
    CHECK_INT(site_ask(&f, HTTP_DELETE, "/api/v1/characters/1012/mark", "{\"mark\":\"seen\"}"), 200);
}

static void marked(void)
{
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1012/mark", "{\"mark\":\"seen\"}"), 200);
}

static void not_liked(void)
{
    CHECK_INT(site_ask(&f, HTTP_DELETE, "/api/v1/characters/1012/like", "{}"), 200);
}

static void liked(void)
{
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1012/like", "{}"), 200);
}

static void voted(void)
{
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1012/vote", "{\"mbti\":\"ESTJ\"}"), 200);
}

static void not_voted(void)
{
    CHECK_INT(site_ask(&f, HTTP_DELETE, "/api/v1/characters/1012/vote", "{}"), 200);
}

static void not_said(void)
{
    sql("UPDATE test SET feedback = 'none', feedback_compatible = 'none'");
}

static void away_for_hours(void)
{
    sql("UPDATE session SET last_seen_at = last_seen_at - INTERVAL 70 MINUTE");
    f.site.tests_counted = 0;
}

static void at_the_provider(void)
{
    CHECK_INT(browser_ask(&person, "/auth/naver"), 303);
    browser_state(&person, state);
}

static void a_guest_at_the_provider(void)
{
    a_guest();
    another_name();
    at_the_provider();
}

static void with_another_way_in(void)
{
    sql("INSERT INTO identity (visitor_id, provider, issuer, subject, created_at) SELECT "
        "MAX(visitor_id), "
        "'kakao', 'https://kauth.kakao.com', 'k', UTC_TIMESTAMP() FROM identity ON "
        "DUPLICATE KEY UPDATE "
        "visitor_id = VALUES(visitor_id)");
}

static void another_key(void)
{
    static unsigned n;
    snprintf(key, sizeof key, "key-%016u", n++);
}

/* ---- what is asked ---- */

static int start_login(void)
{
    return browser_ask(&person, "/auth/naver");
}

static int come_back(void)
{
    return browser_back(&person, state, "owner");
}

static int come_back_as_newcomer(void)
{
    return browser_back(&person, state, name);
}

static int come_back_refused(void)
{
    return browser_back(&person, state, "refused");
}

static int cut_by_provider(void)
{
    struct request r = {.method = HTTP_GET, .authorization = "KakaoAK " LOGIN_ADMIN_KEY};
    return site_ask_as(&f, &r, "/auth/kakao/unlink?user_id=k", NULL, 0);
}

static int once(const char *target, const char *body)
{
    struct session s;
    char csrf[SECRET_TOKEN_CHARS + 1] = "";
    session_from_token(&s, &f.site.keys, person.session);
    session_csrf_token(&s, csrf);
    struct request r = {.method = HTTP_POST,
                        .cookie = f.cookie,
                        .csrf = csrf,
                        .fetch_site = "same-origin",
                        .content_type = "application/json",
                        .idempotency_key = key};
    return site_ask_as(&f, &r, target, body, strlen(body));
}

static int test_once(void)
{
    return once("/api/v1/tests", SITE_TEST);
}

struct deed {
    const char *name;
    enum http_method method;
    const char *target, *body;
    int status;
    void (*before)(void); /* each time */
    int (*ask)(void);     /* NULL: method, target, body as the visitor of f.cookie */
    enum then {
        THEN_AGAIN, /* nothing has been done, and the same works */
        THEN_ANY,   /* some of it may have been done; the same works, as often as one likes */
        THEN_ANEW   /* nothing has been done, and it must be begun anew */
    } then;
};

static int ask(const struct deed *d)
{
    char target[200];
    if (d->ask != NULL)
        return d->ask();
    const char *hole = strchr(d->target, '@');
    snprintf(target, sizeof target, "%.*s%s%s", (int)strcspn(d->target, "@"), d->target,
             hole != NULL ? token : "", hole != NULL ? hole + 1 : "");
    return site_ask(&f, d->method, target, d->body);
}

static bool says_why(int status)
{
    if (strstr(site_header(&f, "Content-Type"), "html") != NULL)
        return status == 503 && buf_str(&f.site.response.body)[0] == '<';
    return site_at(site_json(&f), "status", NULL)->integer == status;
}

/* A test is answered also where it cannot be kept. */
static bool unsaved(int status)
{
    return status == 200 && site_at(site_json(&f), "saved", NULL) != NULL &&
           !site_at(site_json(&f), "saved", NULL)->truth;
}

/* Statement n is refused, and all behind it if `on`. */
static void refuse(const struct deed *d, enum refusal kind, size_t n, bool on)
{
    if (d->before != NULL)
        d->before();
    uint64_t before = sum_of_tables();
    refusing_begin(kind, n, on);
    int status = ask(d);
    refusing_end();
    bool same = sum_of_tables() == before;
    CHECK_MSG(
        status == d->status || ((same || d->then == THEN_ANY) &&
                                (unsaved(status) || ((status == 500 || status == 503) && says_why(status)))),
        "%s: %s of statement %zu (%s%s): %d, %s", d->name, refusal_name(kind), n, refusing_what(),
        on ? ", and all behind it" : "", status, same ? "nothing has changed" : "something has changed");
    if (status == d->status)
        return;
    if (d->then == THEN_ANEW)
        d->before();
    status = ask(d);
    CHECK_MSG(status == d->status, "%s: asked again after statement %zu (%s): %d", d->name, n,
              refusing_what(), status);
}

static void refuse_each(const struct deed *d)
{
    if (d->before != NULL)
        d->before();
    refusing_begin(REFUSAL_FULL, 0, false);
    int status = ask(d);
    size_t n = refusing_end();
    CHECK_MSG(status == d->status && n > 0, "%s: %d after %zu statements: %s", d->name, status, n,
              buf_str(&f.site.response.body));
    for (size_t i = 1; i <= n; i++) {
        refuse(d, REFUSAL_FULL, i, false);
        refuse(d, (enum refusal)(i % REFUSAL_KINDS), i, i % REFUSAL_KINDS == REFUSAL_FULL);
    }
}

static void refuse_all(const struct deed *deeds, size_t n)
{
    for (size_t i = 0; i < n; i++)
        refuse_each(&deeds[i]);
}

#define REFUSE(deeds) refuse_all(deeds, sizeof(deeds) / sizeof *(deeds))

static void pages_that_read(void)
{
    static const struct deed deeds[] = {
        {"home", HTTP_GET, "/api/v1/home", NULL, 200, away_for_hours, NULL, THEN_AGAIN},
        {"character", HTTP_GET, "/api/v1/characters/1011", NULL, 200, NULL, NULL, THEN_AGAIN},
        {"test", HTTP_GET, "/api/v1/tests/@", NULL, 200, NULL, NULL, THEN_AGAIN},
        {"my tests", HTTP_GET, "/api/v1/me/tests", NULL, 200, NULL, NULL, THEN_AGAIN},
        {"my likes", HTTP_GET, "/api/v1/me/likes", NULL, 200, NULL, NULL, THEN_AGAIN},
        {"my marks", HTTP_GET, "/api/v1/me/marks", NULL, 200, NULL, NULL, THEN_AGAIN},
        {"my votes", HTTP_GET, "/api/v1/me/votes", NULL, 200, NULL, NULL, THEN_AGAIN},
        {"me", HTTP_GET, "/api/v1/me", NULL, 200, NULL, NULL, THEN_AGAIN},
        {"sessions", HTTP_GET, "/api/v1/me/sessions", NULL, 200, NULL, NULL, THEN_AGAIN},
        {"export", HTTP_GET, "/api/v1/me/export", NULL, 200, NULL, NULL, THEN_AGAIN},
        {"result", HTTP_GET, "/r/@", NULL, 200, NULL, NULL, THEN_AGAIN},
    };
    an_account();
    REFUSE(deeds);
}

static void pages_that_write(void)
{
    static const struct deed deeds[] = {
        {"first like", HTTP_PUT, "/api/v1/characters/1012/like", "{}", 200, nobody, NULL, THEN_ANY},
        {"first test", HTTP_POST, "/api/v1/tests", SITE_TEST, 201, nobody, NULL, THEN_AGAIN},
        {"first events", HTTP_POST, "/api/v1/events", EVENTS, 202, nobody, NULL, THEN_ANY},
    };
    static const struct deed known[] = {
        {"test of a guest", HTTP_POST, "/api/v1/tests", SITE_TEST, 201, NULL, NULL, THEN_AGAIN},
        {"test once", HTTP_POST, NULL, NULL, 201, another_key, test_once, THEN_AGAIN},
        {"like", HTTP_PUT, "/api/v1/characters/1012/like", "{}", 200, not_liked, NULL, THEN_ANY},
        {"mark", HTTP_PUT, "/api/v1/characters/1012/mark", "{\"mark\":\"seen\"}", 200, not_marked, NULL,
         THEN_ANY},
        {"unmark", HTTP_DELETE, "/api/v1/characters/1012/mark", "{\"mark\":\"seen\"}", 200, marked, NULL,
         THEN_ANY},
        {"unlike", HTTP_DELETE, "/api/v1/characters/1012/like", "{}", 200, liked, NULL, THEN_ANY},
        {"events", HTTP_POST, "/api/v1/events", EVENTS, 202, NULL, NULL, THEN_AGAIN},
        {"feedback", HTTP_PUT, "/api/v1/tests/@/feedback", "{\"value\":\"up\"}", 204, not_said, NULL,
         THEN_AGAIN},
        {"my test", HTTP_DELETE, "/api/v1/me/tests/@", "{}", 204, a_test, NULL, THEN_AGAIN},
    };
    REFUSE(deeds);
    a_guest();
    REFUSE(known);
}

static void pages_of_an_account(void)
{
    static const struct deed deeds[] = {
        {"vote", HTTP_PUT, "/api/v1/characters/1012/vote", VOTE, 200, not_voted, NULL, THEN_ANY},
        {"unvote", HTTP_DELETE, "/api/v1/characters/1012/vote", "{}", 200, voted, NULL, THEN_ANY},
        {"identity", HTTP_DELETE, "/api/v1/me/identities/kakao", "{}", 204, with_another_way_in, NULL,
         THEN_AGAIN},
        {"cut", HTTP_GET, NULL, NULL, 200, with_another_way_in, cut_by_provider, THEN_AGAIN},
        {"delete", HTTP_DELETE, "/api/v1/me", "{\"confirm\":\"delete\"}", 204, an_account, NULL, THEN_AGAIN},
        {"log out", HTTP_POST, "/auth/logout", "{}", 204, an_account, NULL, THEN_AGAIN},
        {"log out everywhere", HTTP_POST, "/auth/logout", "{\"everywhere\":true}", 204, an_account, NULL,
         THEN_AGAIN},
    };
    an_account();
    REFUSE(deeds);
}

static void logins(void)
{
    static const struct deed deeds[] = {
        {"start", HTTP_GET, NULL, NULL, 303, NULL, start_login, THEN_AGAIN},
        {"newcomer", HTTP_GET, NULL, NULL, 303, a_guest_at_the_provider, come_back_as_newcomer, THEN_ANEW},
        {"a guest goes over", HTTP_GET, NULL, NULL, 303, a_guest_at_the_provider, come_back, THEN_ANEW},
        {"again", HTTP_GET, NULL, NULL, 303, at_the_provider, come_back, THEN_ANEW},
        {"refused", HTTP_GET, NULL, NULL, 502, at_the_provider, come_back_refused, THEN_ANEW},
    };
    an_account();
    REFUSE(deeds);
}

int main(void)
{
    db_free(tables_start(&server, "mvti_refused_test"));
    looker = db_new(&server.config, 20000);
    checksum_of(&tables, &server, looker, "TABLE_NAME <> 'login_attempt'");
    site_make(&f, 40, &server.config);
    f.config.rate_limits = 0;
    login_provider_open(&f);
    RUN(pages_that_read);
    RUN(pages_that_write);
    RUN(pages_of_an_account);
    RUN(logins);
    login_provider_close();
    site_free(&f);
    db_free(looker);
    buf_free(&tables.sql);
    mariadb_stop(&server);
    return check_done();
}
