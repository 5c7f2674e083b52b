/* Signing in from end to end in one process: the pages, the database, and a provider of the test's own. */
#include "app/limits.h"
#include "tests/check.h"

#include "app/login.h"
#include "base/clock.h"
#include "fixture/login.h"
#include "fixture/site_tables.h"
#include "fixture/tables.h"
#include "store/login_attempt.h"

static struct mariadb server;
static struct site_fixture f;
static struct db *db;

static int64_t number(const char *sql)
{
    return tables_number(&server, sql);
}

static void run_sql(const char *sql)
{
    tables_run(&server, sql);
}

/* ---- tests ---- */

static void the_eighth_tab_closes_the_first(void)
{
    struct browser b = browser_new(&f);
    char states[LOGIN_TABS + 1][64];
    for (int i = 0; i <= LOGIN_TABS; i++) {
        CHECK_INT(browser_ask(&b, "/auth/naver"), 303);
        browser_state(&b, states[i]);
    }
    CHECK_INT(browser_back(&b, states[0], "tabs"), 400);
    CHECK_STR(b.cause, "expired");
    for (int i = LOGIN_TABS; i > 0; i--)
        CHECK_INT(browser_back(&b, states[i], "tabs"), 303);
    CHECK(browser_signed_in(&b));
}

/* Only what is open counts: seven logins that are done close no eighth, and stay what they were. */
static void done_logins_close_nothing(void)
{
    struct browser b = browser_new(&f), other = browser_new(&f);
    char first[64], done[64];
    CHECK_INT(browser_ask(&b, "/auth/naver"), 303);
    browser_state(&b, first);
    for (int i = 0; i < LOGIN_TABS; i++)
        CHECK_INT(browser_sign_in(&b, "tabs", done), 303);
    CHECK_INT(browser_ask(&b, "/auth/naver"), 303);
    CHECK_INT(browser_back(&other, done, "tabs"), 400);
    CHECK_STR(other.cause, "elsewhere");
    CHECK_INT(browser_back(&b, first, "tabs"), 303);
}

static void logout(struct browser *b, const char *body)
{
    struct session s;
    char csrf[SECRET_TOKEN_CHARS + 1], cookie[100];
    session_from_token(&s, &f.site.keys, b->session);
    session_csrf_token(&s, csrf);
    snprintf(cookie, sizeof cookie, "mvti=%s", b->session);
    struct request r = {.method = HTTP_POST,
                        .cookie = cookie,
                        .csrf = csrf,
                        .fetch_site = "same-origin",
                        .content_type = "application/json"};
    CHECK_INT(site_ask_as(&f, &r, "/auth/logout", body, strlen(body)), 204);
    CHECK(strstr(site_header(&f, "Set-Cookie"), "mvti=;") != NULL &&
          strstr(site_header(&f, "Set-Cookie"), "Max-Age=0") != NULL &&
          *site_header(&f, "X-CSRF-Token") == '\0' && *site_header(&f, "Clear-Site-Data") != '\0');
}

static void a_logout_is_one(void)
{
    static const char *const refused[] = {"[]", "{\"everywhere\":1}", "{\"everywhere\":null}"};
    struct browser here = browser_new(&f), there = browser_new(&f), third = browser_new(&f);
    char state[64];
    CHECK_INT(browser_sign_in(&here, "leaver", state), 303);
    CHECK_INT(browser_sign_in(&there, "leaver", NULL), 303);
    CHECK_INT(browser_sign_in(&third, "leaver", NULL), 303);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        snprintf(f.cookie, sizeof f.cookie, "mvti=%.*s", SECRET_TOKEN_CHARS, here.session);
        CHECK_INT(site_ask(&f, HTTP_POST, "/auth/logout", refused[i]), 400);
    }
    logout(&here, "{\"everywhere\":false}");
    CHECK(!browser_signed_in(&here) && browser_signed_in(&there));
    CHECK_INT(browser_back(&here, state, "leaver"), 400);
    CHECK_STR(here.cause, "expired");
    logout(&there, "{\"everywhere\":true}");
    CHECK(!browser_signed_in(&there) && !browser_signed_in(&third));
    logout(&third, ""); /* nobody any more, which is fine */
}

static void a_callback_again_leads_on(void)
{
    struct browser b = browser_new(&f), other = browser_new(&f), thief = browser_new(&f);
    char state[64], old[64];
    int before = login_exchanges();
    CHECK_INT(browser_sign_in(&b, "again", state), 303);
    CHECK_STR(b.location, "/liked");
    CHECK_INT(login_exchanges(), before + 1);
    strcpy(old, b.session);
    for (int i = 0; i < 3; i++) {
        CHECK_INT(browser_back(&b, state, i == 0 ? "again" : "somebody"), 303);
        CHECK_STR(b.location, "/liked");
    }
    CHECK(strcmp(b.session, old) == 0 && login_exchanges() == before + 1 && browser_signed_in(&b));
    /* another browser, also with the session of this one, or its login cookie and another person's session */
    CHECK_INT(browser_back(&other, state, "again"), 400);
    CHECK_STR(other.cause, "elsewhere");
    strcpy(thief.session, b.session);
    CHECK_INT(browser_back(&thief, state, "again"), 400);
    CHECK_STR(thief.cause, "elsewhere");
    CHECK_INT(browser_sign_in(&other, "another", NULL), 303);
    strcpy(other.login, b.login);
    CHECK_INT(browser_back(&other, state, "again"), 400);
    CHECK_STR(other.cause, "expired");
    CHECK(browser_signed_in(&other));
    CHECK_INT(login_exchanges(), before + 2);
    /* A session of that account makes no other browser the one that began it, however long ago that is. */
    run_sql("UPDATE login_attempt SET expires_at = UTC_TIMESTAMP(6)");
    CHECK_INT(browser_back(&thief, state, "again"), 400);
    CHECK_STR(thief.cause, "expired");
    CHECK_INT(browser_back(&b, state, "again"), 303);
    run_sql("UPDATE login_attempt SET finished_at = finished_at - INTERVAL 601 SECOND");
    CHECK_INT(browser_back(&b, state, "again"), 400);
    CHECK_STR(b.cause, "expired");
}

static void without_its_session_it_leads_on_for_a_moment(void)
{
    struct browser b = browser_new(&f);
    char state[64];
    CHECK_INT(browser_sign_in(&b, "lost", state), 303);
    b.session[0] = '\0';
    CHECK_INT(browser_back(&b, state, "lost"), 303);
    CHECK(b.session[0] == '\0' && !browser_signed_in(&b));
    run_sql("UPDATE login_attempt SET finished_at = finished_at - INTERVAL 31 SECOND");
    CHECK_INT(browser_back(&b, state, "lost"), 400);
    /* logged out: the session is no more */
    CHECK_INT(browser_sign_in(&b, "lost", state), 303);
    run_sql("DELETE FROM session");
    CHECK_INT(browser_back(&b, state, "lost"), 400);
    CHECK_STR(b.cause, "expired");
    CHECK(!browser_signed_in(&b));
}

static void a_failure_is_told_again(void)
{
    static const struct {
        const char *code, *cause;
        int status;
    } cases[] = {{"refused", "provider", 502}, {"ill", "unavailable", 503}};
    for (size_t i = 0; i < 2; i++) {
        struct browser b = browser_new(&f);
        char state[64];
        CHECK_INT(browser_sign_in(&b, cases[i].code, state), cases[i].status);
        int before = login_exchanges();
        for (int n = 0; n < 2; n++) {
            CHECK_STR(b.cause, cases[i].cause);
            CHECK_INT(browser_back(&b, state, "fine"), cases[i].status);
        }
        CHECK(login_exchanges() == before && !browser_signed_in(&b));
    }
    struct browser b = browser_new(&f);
    char state[64], target[200];
    static const struct {
        const char *tail, *cause;
    } answers[] = {{"error=access_denied", "denied"}, {"code=x&iss=https://elsewhere.example", "provider"}};
    for (size_t i = 0; i < 2; i++) {
        CHECK_INT(browser_ask(&b, "/auth/naver"), 303);
        snprintf(target, sizeof target, "/auth/naver/callback?state=%s&%s", browser_state(&b, state),
                 answers[i].tail);
        for (int n = 0; n < 2; n++) {
            CHECK(browser_ask(&b, target) >= 400);
            CHECK_STR(b.cause, answers[i].cause);
        }
        CHECK(browser_back(&b, state, "late") >= 400); /* a code after the refusal */
        CHECK(!browser_signed_in(&b));
    }
}

static void a_first_one_that_never_ends_is_not_waited_for_long(void)
{
    struct browser b = browser_new(&f);
    char state[64];
    CHECK_INT(browser_ask(&b, "/auth/naver"), 303);
    browser_state(&b, state);
    run_sql("UPDATE login_attempt SET used_at = UTC_TIMESTAMP(6) - INTERVAL 31 SECOND WHERE used_at IS NULL");
    double began = clock_monotonic();
    CHECK_INT(browser_back(&b, state, "x"), 400);
    CHECK_STR(b.cause, "expired");
    run_sql("UPDATE login_attempt SET used_at = UTC_TIMESTAMP(6) WHERE outcome IS NULL");
    CHECK(clock_monotonic() - began < LOGIN_WAIT_SECONDS);
    CHECK_INT(browser_back(&b, state, "x"), 503);
    CHECK_STR(b.cause, "unavailable");
    CHECK(clock_monotonic() - began >= LOGIN_WAIT_SECONDS);
}

static void a_browser_meets_its_limit_and_its_address_much_later(void)
{
    run_sql("DELETE FROM login_attempt");
    f.config.rate_limits = 1;
    struct browser b = browser_new(&f), other = browser_new(&f);
    for (int i = 0; i < limits_table[LIMITS_LOGINS_BROWSER].most; i++)
        CHECK_INT(browser_ask(&b, "/auth/naver"), 303);
    for (int i = 0; i < 2; i++) {
        CHECK_INT(browser_ask(&b, "/auth/naver"), 429);
        CHECK_STR(b.cause, "limited");
        b.address = "192.0.2.2"; /* is still this browser */
    }
    CHECK_INT(browser_ask(&other, "/auth/naver"), 303);
    /* with these two, as many as an address may begin */
    char sql[600];
    snprintf(sql, sizeof sql,
             "INSERT INTO login_attempt (state_hash, browser_hash, address_hash, provider, return_path, "
             "expires_at, "
             "created_at) SELECT UNHEX(SHA2(seq, 256)), UNHEX(SHA2(seq, 256)), address_hash, 'naver', '/', "
             "expires_at, "
             "UTC_TIMESTAMP(6) FROM " TABLES_NUMBERS(
                 "%d") " JOIN (SELECT * FROM login_attempt ORDER BY created_at DESC "
                       "LIMIT 1) AS a",
             limits_table[LIMITS_LOGINS_NETWORK].most - limits_table[LIMITS_LOGINS_BROWSER].most - 2);
    run_sql(sql);
    struct browser six = browser_new(&f);
    six.address = "2001:db8:1:2:aaaa::1";
    CHECK_INT(browser_ask(&six, "/auth/naver"), 303);
    CHECK_INT(number("SELECT COUNT(DISTINCT address_hash) FROM login_attempt"), 2);
    six.address = "2001:db8:1:2:bbbb::9"; /* the same line */
    CHECK_INT(browser_ask(&six, "/auth/naver"), 303);
    CHECK_INT(number("SELECT COUNT(DISTINCT address_hash) FROM login_attempt"), 2);
    struct browser last = browser_new(&f), late = browser_new(&f), elsewhere = browser_new(&f);
    CHECK_INT(browser_ask(&last, "/auth/naver"), 303);
    CHECK_INT(browser_ask(&late, "/auth/naver"), 429);
    CHECK(late.login[0] == '\0');
    elsewhere.address = "192.0.2.9";
    CHECK_INT(browser_ask(&elsewhere, "/auth/naver"), 303);
    f.config.rate_limits = 0;
    CHECK_INT(browser_ask(&late, "/auth/naver"), 303);
    f.config.rate_limits = 1;
    /* The oldest of them leaves the minute in a quarter of one; that is what is said. */
    run_sql("UPDATE login_attempt SET created_at = created_at - INTERVAL 45 SECOND");
    CHECK_INT(browser_ask(&b, "/auth/naver"), 429);
    long wait = strtol(site_header(&f, "Retry-After"), NULL, 10);
    CHECK_MSG(wait >= 5 && wait <= 15, "%ld", wait);
    run_sql("UPDATE login_attempt SET created_at = created_at - INTERVAL 16 SECOND");
    CHECK_INT(browser_ask(&b, "/auth/naver"), 303);
    f.config.rate_limits = 0;
}

static void callbacks_are_counted_by_browser(void)
{
    f.config.rate_limits = 1;
    struct browser b = browser_new(&f), other = browser_new(&f);
    secret_token(b.login, SECRET_TOKEN_BYTES);
    char state[64];
    secret_token(state, SECRET_TOKEN_BYTES);
    for (int i = 0; i < 20; i++)
        CHECK_INT(browser_back(&b, state, "x"), 400);
    CHECK_INT(browser_back(&b, state, "x"), 429);
    long wait = strtol(site_header(&f, "Retry-After"), NULL, 10);
    CHECK(wait > 0 && wait <= 60);
    CHECK_INT(browser_back(&other, state, "x"), 400); /* no cookie, so only its address counts */
    secret_token(other.login, SECRET_TOKEN_BYTES);
    CHECK_INT(browser_back(&other, state, "x"), 400);
    other.login[0] = '\0';
    int n = 0;
    while (n < 3000 && browser_back(&other, state, "x") == 400)
        n++;
    CHECK_MSG(n > 1000 && n < 1200, "%d", n);
    other.address = "192.0.2.99";
    CHECK_INT(browser_back(&other, state, "x"), 400);
    f.config.rate_limits = 0;
    CHECK_INT(browser_back(&b, state, "x"), 400);
}

static void a_link_begins_on_a_page_of_ours(void)
{
    struct browser b = browser_new(&f), nobody = browser_new(&f);
    CHECK_INT(browser_sign_in(&b, "linker", NULL), 303);
    CHECK_INT(browser_ask(&b, "/api/v1/me"), 200);
    char with[200], proof[64];
    snprintf(proof, sizeof proof, "%s", json_text(site_at(site_json(&f), "account", NULL), "link_proof"));
    snprintf(with, sizeof with, "/auth/naver?action=link&proof=%s", proof);
    static const char bare[] = "/auth/naver?action=link";
    static const char *const others[] = {"cross-site", "same-site", "none", "same-origin "};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        b.fetch_site = others[i];
        CHECK_INT(browser_ask(&b, bare), 400);
        CHECK_INT(browser_ask(&b, with), 400);
        CHECK_STR(b.cause, "request");
    }
    b.fetch_site = "same-origin";
    CHECK_INT(browser_ask(&b, bare), 303);
    b.fetch_site = "";
    CHECK_INT(browser_ask(&b, bare), 400);
    CHECK_STR(b.cause, "request");
    CHECK_INT(browser_ask(&b, with), 303);
    nobody.fetch_site = "";
    CHECK_INT(browser_ask(&nobody, with), 400);
    nobody.fetch_site = "same-origin";
    CHECK_INT(browser_ask(&nobody, bare), 403);
    CHECK_STR(nobody.cause, "stale");
    with[strlen(with) - 1] ^= 1;
    CHECK_INT(browser_ask(&b, with), 400);
    CHECK_INT(browser_ask(&b, "/auth/naver?action=other"), 400);
    CHECK_INT(browser_ask(&b, "/auth/naver?return=//evil.example"), 400);
    CHECK_STR(site_header(&f, "Retry-After"), "");
    static const char *const nowhere[] = {"/auth/nobody", "/auth/nobody/callback?state=x&code=y"};
    for (size_t i = 0; i < 2; i++) { /* for a person, as everything here */
        CHECK_INT(browser_ask(&b, nowhere[i]), 404);
        CHECK(strncmp(site_header(&f, "Content-Type"), "text/html", 9) == 0);
    }
}

/* The account's own identity of this provider, another's, and a second one of the same provider. */
static void what_is_linked_is_ones_own(void)
{
    struct browser a = browser_new(&f), b = browser_new(&f);
    char state[64];
    CHECK_INT(browser_sign_in(&a, "own.a", NULL), 303);
    CHECK_INT(browser_sign_in(&b, "own.b", NULL), 303);
    static const char *const codes[] = {"own.a", "own.b", "own.c"};
    for (int i = 0; i < 3; i++) {
        CHECK_INT(browser_ask(&a, "/auth/naver?action=link&return=/me"), 303);
        CHECK_INT(browser_back(&a, browser_state(&a, state), codes[i]), i == 0 ? 303 : 409);
        CHECK_STR(a.cause, i == 0 ? "" : "taken");
        CHECK(browser_signed_in(&a));
    }
    /* somebody else by the time the answer comes, a guest, or a login of long ago */
    CHECK_INT(browser_ask(&a, "/auth/naver?action=link&return=/me"), 303);
    browser_state(&a, state);
    struct browser changed = a;
    strcpy(changed.session, b.session);
    CHECK_INT(browser_back(&changed, state, "own.d"), 403);
    CHECK_STR(changed.cause, "stale");
    CHECK_INT(browser_ask(&a, "/auth/naver?action=link&return=/me"), 303);
    run_sql("UPDATE session SET signed_in_at = UTC_TIMESTAMP() - INTERVAL 601 SECOND");
    CHECK_INT(browser_back(&a, browser_state(&a, state), "own.d"), 403);
    CHECK_INT(browser_ask(&a, "/auth/naver?action=link&return=/me"), 403);
    CHECK_STR(a.cause, "stale");
    CHECK_INT(number("SELECT COUNT(*) FROM identity WHERE subject IN ('own.c', 'own.d')"), 0);
}

static int cut(const char *authorization)
{
    struct request r = {.method = HTTP_GET, .authorization = authorization};
    return site_ask_as(&f, &r, "/auth/kakao/unlink?user_id=nobody", NULL, 0);
}

static void a_key_is_the_whole_key(void)
{
    static const char *const wrong[] = {"",
                                        "KakaoAK ",
                                        "KakaoAK",
                                        "KakaoAK 0123456789abcdex",
                                        "KakaoAK 1123456789abcdef",
                                        "KakaoAK 0123456789abcde",
                                        "KakaoAK 0123456789abcdef0",
                                        "KakaoAK 0123456789abcdef ",
                                        "KakaoAK  0123456789abcdef",
                                        "KakaoAK 0123456789abcdef0123456789abcdef",
                                        "KakaoAK 0123456789ABCDEF",
                                        "kakaoak 0123456789abcdef",
                                        "Bearer 0123456789abcdef",
                                        "xxxxxxx 0123456789abcdef",
                                        "0123456789abcdef"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK_MSG(cut(wrong[i]) == 403, "%s", wrong[i]);
    CHECK_INT(cut("KakaoAK 0123456789abcdef"), 200);
    struct request r = {.method = HTTP_GET, .authorization = "KakaoAK "};
    CHECK_INT(site_ask_as(&f, &r, "/auth/naver/unlink?user_id=x", NULL, 0), 404); /* it has no key */
}

static void a_guest_becomes_the_account(void)
{
    struct browser b = browser_guest(&f);
    char guest[64];
    strcpy(guest, b.session);
    CHECK_INT(browser_sign_in(&b, "guest", NULL), 303);
    CHECK(strcmp(guest, b.session) != 0);
    CHECK_INT(browser_ask(&b, "/api/v1/me/tests"), 200);
    CHECK_INT(site_at(site_json(&f), "items", NULL)->n, 1);
    struct browser old = browser_new(&f);
    strcpy(old.session, guest);
    CHECK(!browser_signed_in(&old));
    CHECK_INT(
        number("SELECT COUNT(*) FROM session s JOIN account USING (visitor_id) WHERE s.signed_in_at IS NULL"),
        0);
    /* The next login here ends the session before it. */
    strcpy(old.session, b.session);
    CHECK_INT(browser_sign_in(&b, "guest", NULL), 303);
    CHECK(browser_signed_in(&b) && !browser_signed_in(&old));
}

static void old_logins_are_removed(void)
{
    struct fail why;
    int64_t n;
    struct browser b = browser_new(&f);
    run_sql("DELETE FROM login_attempt");
    for (int i = 0; i < 3; i++)
        CHECK_INT(browser_ask(&b, "/auth/naver"), 303);
    CHECK(login_attempt_expire(db, 10, &n, &why) == ERR_OK && n == 0);
    run_sql("UPDATE login_attempt SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 59 MINUTE");
    CHECK(login_attempt_expire(db, 10, &n, &why) == ERR_OK && n == 0);
    run_sql("UPDATE login_attempt SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 61 MINUTE");
    CHECK(login_attempt_expire(db, 2, &n, &why) == ERR_OK && n == 2);
    CHECK(login_attempt_expire(db, 2, &n, &why) == ERR_OK && n == 1);
}

static void a_change_of_keys_loses_no_login_under_way(void)
{
    struct browser b = browser_new(&f);
    char state[64], second[64];
    CHECK_INT(browser_ask(&b, "/auth/naver?return=/liked"), 303);
    browser_state(&b, state);
    CHECK_INT(browser_ask(&b, "/auth/naver?return=/liked"), 303);
    browser_state(&b, second);
    struct keyring *k = &f.site.keys;
    memcpy(k->keys[1], k->keys[0], sizeof k->keys[0]);
    secret_random(k->keys[0], sizeof k->keys[0]);
    k->n = 2;
    for (int i = 0; i < 2; i++) {
        CHECK_INT(browser_back(&b, state, "rotated"), 303);
        CHECK_STR(b.location, "/liked");
    }
    CHECK(browser_signed_in(&b));
    k->n = 1;
    CHECK_INT(browser_back(&b, second, "rotated"), 400);
}

static void without_the_database_it_says_so(void)
{
    struct browser b = browser_new(&f);
    char state[64];
    CHECK_INT(browser_ask(&b, "/auth/naver"), 303);
    browser_state(&b, state);
    run_sql("RENAME TABLE login_attempt TO away");
    for (f.config.rate_limits = 1; f.config.rate_limits >= 0; f.config.rate_limits--)
        CHECK(browser_ask(&b, "/auth/naver") == 503 && strcmp(b.cause, "busy") == 0);
    f.config.rate_limits = 0;
    CHECK(browser_back(&b, state, "x") == 503 && strcmp(b.cause, "busy") == 0);
    run_sql("RENAME TABLE away TO login_attempt, session TO away");
    CHECK(browser_back(&b, state, "x") == 503 && strcmp(b.cause, "busy") == 0);
    run_sql("RENAME TABLE away TO session");
    CHECK(browser_back(&b, state, "x") == 503 && strcmp(b.cause, "busy") == 0); /* as it was told before */
    CHECK_INT(browser_sign_in(&b, "back", NULL), 303);
}

int main(void)
{
    db = site_tables_start(&f, &server, "mvti_login");
    login_provider_open(&f);
    RUN(the_eighth_tab_closes_the_first);
    RUN(done_logins_close_nothing);
    RUN(a_logout_is_one);
    RUN(a_callback_again_leads_on);
    RUN(without_its_session_it_leads_on_for_a_moment);
    RUN(a_failure_is_told_again);
    RUN(a_browser_meets_its_limit_and_its_address_much_later);
    RUN(callbacks_are_counted_by_browser);
    RUN(a_link_begins_on_a_page_of_ours);
    RUN(what_is_linked_is_ones_own);
    RUN(a_key_is_the_whole_key);
    RUN(a_guest_becomes_the_account);
    RUN(old_logins_are_removed);
    RUN(without_the_database_it_says_so);
    RUN(a_change_of_keys_loses_no_login_under_way);
    RUN(a_first_one_that_never_ends_is_not_waited_for_long);
    login_provider_close();
    site_tables_stop(&f, &server, db);
    return check_done();
}
