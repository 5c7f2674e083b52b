/* What a login does to accounts, guests and sessions, whole or not at all, and what a callback may say. */
#include "tests/check.h"

#include <pthread.h>

#include "app/login.h"
#include "base/log.h"
#include "fixture/eventually.h"
#include "fixture/login.h"
#include "fixture/site_tables.h"
#include "store/account.h"

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

/* The last event of this name in the log. */
static char heard[400];

static void hear(void *arg, enum log_level level, const char *line, size_t n)
{
    (void)level;
    if (memmem(line, n, arg, strlen(arg)) != NULL)
        snprintf(heard, sizeof heard, "%.*s", (int)n, line);
}

static size_t tests_of(struct browser *b)
{
    CHECK_INT(browser_ask(b, "/api/v1/me/tests"), 200);
    return site_at(site_json(&f), "items", NULL)->n;
}

static void a_guest_goes_over_to_the_account_that_is_there(void)
{
    struct browser home = browser_new(&f), b = browser_guest(&f);
    CHECK_INT(browser_sign_in(&home, "owner", NULL), 303);
    CHECK_INT(browser_write(&home, HTTP_POST, "/api/v1/tests", SITE_TEST, NULL), 201);
    char old[64];
    strcpy(old, b.session);
    int64_t visitors = number("SELECT COUNT(*) FROM visitor");
    CHECK_INT(browser_sign_in(&b, "owner", NULL), 303);
    CHECK_INT(tests_of(&b), 2);
    CHECK_INT(tests_of(&home), 2);
    CHECK_INT(number("SELECT COUNT(*) FROM visitor"), visitors - 1); /* the guest is no more */
    strcpy(b.session, old);
    CHECK_INT(tests_of(&b), 0);
}

/* Nothing of a login stays where a part of it fails; the next one does all of it. */
static void a_login_is_whole_or_not_at_all(void)
{
    static const char *const parts[] = {"UPDATE ON test", "UPDATE ON repeated", "INSERT ON session",
                                        "UPDATE ON account"};
    struct browser home = browser_new(&f);
    CHECK_INT(browser_sign_in(&home, "whole", NULL), 303);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct browser b = browser_guest(&f);
        char before[64], sql[300];
        strcpy(before, b.session);
        snprintf(sql, sizeof sql,
                 "INSERT INTO repeated (visitor_id, key_hash, content_hash, made_visitor, created_at) SELECT "
                 "MAX(visitor_id), "
                 "UNHEX(SHA2('%zu', 256)), UNHEX(SHA2('x', 256)), 1, UTC_TIMESTAMP() FROM visitor",
                 i);
        run_sql(sql);
        snprintf(sql, sizeof sql, "CREATE TRIGGER fails BEFORE %s FOR EACH ROW SIGNAL SQLSTATE '45000'",
                 parts[i]);
        run_sql(sql);
        int64_t sessions = number("SELECT COUNT(*) FROM session");
        int status = browser_sign_in(&b, "whole", NULL);
        CHECK_STR(site_header(&f, "Retry-After"), "5");
        run_sql("DROP TRIGGER fails");
        CHECK_MSG(status == 503 && strcmp(b.cause, "busy") == 0, "%s: %d %s", parts[i], status, b.cause);
        CHECK_INT(number("SELECT COUNT(*) FROM session"), sessions);
        CHECK_STR(b.session, before); /* the guest goes on */
        CHECK_INT(tests_of(&b), 1);
        CHECK_INT(browser_sign_in(&b, "whole", NULL), 303);
        CHECK_INT(tests_of(&b), i + 1);
    }
}

/* Two first logins of one person: the account is made once, the other login finds it. */
static void a_first_login_that_loses_a_race_looks_again(void)
{
    struct browser b = browser_new(&f);
    static const char *const parts[] = {"INSERT ON account", "INSERT ON identity", "INSERT ON visitor"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char sql[300];
        snprintf(sql, sizeof sql, "CREATE TRIGGER fails BEFORE %s FOR EACH ROW SIGNAL SQLSTATE '45000'",
                 parts[i]);
        run_sql(sql);
        CHECK_INT(browser_sign_in(&b, "newborn", NULL), 503);
        CHECK_STR(b.cause, "busy");
        run_sql("DROP TRIGGER fails");
        CHECK_INT(number("SELECT COUNT(*) FROM identity WHERE subject = 'newborn'"), 0);
    }
    /* The unique key says that another tab was faster, every time. */
    run_sql(
        "CREATE TRIGGER fails BEFORE INSERT ON identity FOR EACH ROW SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO "
        "= 1062");
    int64_t accounts = number("SELECT COUNT(*) FROM account");
    CHECK_INT(browser_sign_in(&b, "newborn", NULL), 503);
    run_sql("DROP TRIGGER fails");
    CHECK_INT(number("SELECT COUNT(*) FROM account"), accounts);
    CHECK_INT(browser_sign_in(&b, "newborn", NULL), 303);
}

/* The session that a browser came with has just ended in another tab. */
static void a_session_that_has_ended_meanwhile_is_no_hindrance(void)
{
    struct browser b = browser_new(&f);
    CHECK_INT(browser_sign_in(&b, "tabs", NULL), 303);
    run_sql("CREATE TRIGGER ends BEFORE UPDATE ON account FOR EACH ROW DELETE FROM session");
    CHECK_INT(browser_sign_in(&b, "tabs", NULL), 303);
    run_sql("DROP TRIGGER ends");
    CHECK(browser_signed_in(&b));
    CHECK_INT(number("SELECT COUNT(*) FROM session"), 1);
}

/* Another tab has moved the guest's things and removed the guest, between this one's session and its lock. */
static void a_guest_that_is_gone_meanwhile_is_none(void)
{
    struct browser b = browser_guest(&f);
    char sql[200];
    int64_t gone = number("SELECT MAX(visitor_id) FROM session");
    snprintf(sql, sizeof sql, "DELETE FROM visitor WHERE visitor_id = %lld", (long long)gone);
    run_sql(sql);
    CHECK_INT(browser_sign_in(&b, "late", NULL), 303);
    CHECK_INT(tests_of(&b), 0);
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM session WHERE visitor_id = %lld", (long long)gone);
    CHECK_INT(number(sql), 1); /* which speaks for nobody */
}

/* What a page says at its top. */
static void who_one_is_goes_with_what_one_has(void)
{
    struct browser b = browser_guest(&f);
    struct session s;
    struct arena a = {0};
    struct login_person p;
    struct fail why = {0};
    session_from_token(&s, &f.site.keys, b.session);
    CHECK_INT(login_who(db, &s, &a, &p, &why), ERR_OK);
    CHECK(!p.who.account && p.counts.tests == 1 && p.counts.likes == 0);
    CHECK_INT(browser_sign_in(&b, "counted", NULL), 303);
    session_from_token(&s, &f.site.keys, b.session);
    CHECK_INT(login_who(db, &s, &a, &p, &why), ERR_OK);
    CHECK(p.who.account && p.counts.tests == 1 && p.counts.sessions == 1 && p.account.n == 1);
    arena_free(&a);
}

static void what_cannot_be_stored_of_a_failure_is_over(void)
{
    struct browser b = browser_new(&f);
    char state[64];
    run_sql("CREATE TRIGGER fails BEFORE UPDATE ON login_attempt FOR EACH ROW BEGIN IF NEW.outcome IS NOT "
            "NULL THEN "
            "SIGNAL SQLSTATE '45000'; END IF; END");
    CHECK_INT(browser_sign_in(&b, "refused", state), 502);
    CHECK_STR(b.cause, "provider");
    struct browser good = browser_new(&f);
    CHECK_INT(browser_sign_in(&good, "unstored", NULL), 503);
    CHECK(!browser_signed_in(&good));
    CHECK_INT(number("SELECT COUNT(*) FROM identity WHERE subject = 'unstored'"), 0);
    run_sql("DROP TRIGGER fails");
    run_sql("UPDATE login_attempt SET used_at = used_at - INTERVAL 60 SECOND");
    CHECK_INT(browser_back(&b, state, "x"), 400);
    CHECK_STR(b.cause, "expired");
    /* as an older or newer program may have written it */
    run_sql("UPDATE login_attempt SET outcome = 'unheard', finished_at = UTC_TIMESTAMP(6)");
    CHECK_INT(browser_back(&b, state, "x"), 400);
    CHECK_STR(b.cause, "expired");
}

static void without_accounts_a_callback_again_says_so(void)
{
    struct browser b = browser_new(&f);
    char state[64];
    CHECK_INT(browser_sign_in(&b, "kept", state), 303);
    run_sql("RENAME TABLE account TO away");
    CHECK_INT(browser_back(&b, state, "x"), 503);
    CHECK_STR(b.cause, "busy");
    CHECK_INT(browser_write(&b, HTTP_POST, "/auth/logout", "{}", NULL), 503);
    run_sql("RENAME TABLE away TO account, identity TO away");
    struct request r = {.method = HTTP_GET, .authorization = "KakaoAK " LOGIN_ADMIN_KEY};
    CHECK_INT(site_ask_as(&f, &r, "/auth/kakao/unlink?user_id=x", NULL, 0), 503);
    CHECK_INT(browser_sign_in(&b, "kept", NULL), 503);
    CHECK_INT(browser_ask(&b, "/api/v1/me"), 503);
    run_sql("RENAME TABLE away TO identity");
    struct arena a = {0};
    struct account account;
    struct fail why;
    CHECK_INT(account_load(db, 2147483647, &a, &account, &why), ERR_NOT_FOUND);
    arena_free(&a);
    CHECK(browser_signed_in(&b));
}

static void parameters_of_a_callback_are_whole(void)
{
    char target[3000], state[64], code[2100];
    struct browser b = browser_new(&f);
    CHECK_INT(browser_ask(&b, "/auth/naver"), 303);
    browser_state(&b, state);
    static const char *const bad[] = {"", "?code=x", "?state=%s",
                                      "?state=%s&code=", "?state=%s&code=x&error=y"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int n = snprintf(target, sizeof target, "/auth/naver/callback");
        const char *hole = strstr(bad[i], "%s");
        snprintf(target + n, sizeof target - (size_t)n, "%.*s%s%s",
                 (int)(hole != NULL ? hole - bad[i] : (long)strlen(bad[i])), bad[i],
                 hole != NULL ? state : "", hole != NULL ? hole + 2 : "");
        CHECK_MSG(browser_ask(&b, target) == 400 && strcmp(b.cause, "request") == 0, "%s: %s", target,
                  b.cause);
    }
    static const char *const states[] = {"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                         "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA."};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        CHECK_INT(browser_back(&b, states[i], "x"), 400);
        CHECK_STR(b.cause, "expired");
    }
    for (int n = 2049; n >= 2048; n--) {
        memset(code, 'x', sizeof code);
        code[n] = '\0';
        snprintf(target, sizeof target, "/auth/naver/callback?state=%s&code=%s", state, code);
        CHECK_INT(browser_ask(&b, target), n > 2048 ? 400 : 303);
        CHECK_STR(b.cause, n > 2048 ? "request" : "");
    }
    CHECK_INT(browser_ask(&b, "/auth/nobody/callback?code=x&state=y"), 404);
    CHECK_INT(browser_ask(&b, "/auth/NAVER"), 404);
}

static int64_t session_id(size_t i)
{
    const struct json_value *items = site_at(site_json(&f), "items", NULL);
    return items != NULL && i < items->n ? json_member(&items->items[i], "id")->integer : 0;
}

static void sessions_are_listed_and_ended_by_their_owner(void)
{
    struct browser here = browser_new(&f), there = browser_new(&f), other = browser_new(&f),
                   nobody = browser_new(&f), g = browser_guest(&f);
    char target[100];
    CHECK_INT(browser_sign_in(&here, "many", NULL), 303);
    CHECK_INT(browser_sign_in(&there, "many", NULL), 303);
    CHECK_INT(browser_sign_in(&other, "another", NULL), 303);
    CHECK_INT(browser_ask(&nobody, "/api/v1/me/sessions"), 401);
    CHECK_INT(browser_ask(&g, "/api/v1/me/sessions"), 401);
    CHECK_INT(browser_ask(&other, "/api/v1/me/sessions"), 200);
    int64_t strangers = session_id(0);
    /* No new login is asked for: ending a session is what somebody does who fears for it. */
    run_sql("UPDATE session SET signed_in_at = signed_in_at - INTERVAL 1 HOUR");
    CHECK_INT(browser_write(&here, HTTP_DELETE, "/api/v1/me", "{\"confirm\":\"delete\"}", NULL), 403);
    CHECK_STR(site_problem(&f, "login"), "sign in again first, because this cannot be undone");
    CHECK_INT(browser_ask(&here, "/api/v1/me/sessions"), 200);
    CHECK_INT(site_at(site_json(&f), "items", NULL)->n, 2);
    bool first = site_at(site_json(&f), "items", "0", "current", NULL)->truth;
    CHECK(site_at(site_json(&f), "items", "1", "current", NULL)->truth != first);
    int64_t mine = session_id(first ? 0 : 1), theirs = session_id(first ? 1 : 0);
    snprintf(target, sizeof target, "/api/v1/me/sessions/%lld", (long long)strangers);
    log_set_sink(hear, "session.ended", LOG_INFO);
    heard[0] = '\0';
    CHECK_INT(browser_write(&here, HTTP_DELETE, target, "{}", NULL), 404);
    CHECK_INT(browser_write(&g, HTTP_DELETE, target, "{}", NULL), 401);
    CHECK_STR(heard, "");
    CHECK(browser_signed_in(&other));
    snprintf(target, sizeof target, "/api/v1/me/sessions/%lld", (long long)theirs);
    CHECK_INT(browser_write(&here, HTTP_DELETE, target, "{}", NULL), 204);
    CHECK(!browser_signed_in(&there) && browser_signed_in(&here));
    CHECK(strstr(heard, "another session") != NULL);
    CHECK_INT(browser_write(&here, HTTP_DELETE, target, "{}", NULL), 404);
    snprintf(target, sizeof target, "/api/v1/me/sessions/%lld", (long long)mine);
    CHECK_INT(browser_write(&here, HTTP_DELETE, target, "{}", NULL), 204);
    CHECK(strstr(site_header(&f, "Set-Cookie"), "mvti=;") != NULL);
    CHECK(!browser_signed_in(&here) && strstr(heard, "this session") != NULL);
    log_set_sink(NULL, NULL, LOG_INFO);
}

static int cut(const char *query, int status)
{
    struct request r = {.method = HTTP_GET, .authorization = "KakaoAK " LOGIN_ADMIN_KEY};
    char target[100];
    snprintf(target, sizeof target, "/auth/kakao/unlink%s", query);
    return site_ask_as(&f, &r, target, NULL, 0) == status;
}

static void a_tie_that_is_cut_takes_what_there_is(void)
{
    log_set_sink(hear, "login.cut", LOG_INFO);
    CHECK(cut("", 400) && cut("?user_id=", 400) && cut("?user_id=nobody", 200));
    CHECK_STR(buf_str(&f.site.response.body), "{}");
    CHECK(strstr(heard, "kakao: no such account") != NULL);
    struct browser b = browser_new(&f);
    CHECK_INT(browser_sign_in(&b, "cut", NULL), 303);
    /* a second way, as kakao */
    run_sql("INSERT INTO identity (visitor_id, provider, issuer, subject, created_at) SELECT "
            "visitor_id, "
            "'kakao', 'https://kauth.kakao.com', 'cut.k', UTC_TIMESTAMP() FROM identity "
            "WHERE subject = "
            "'cut'");
    CHECK(cut("?user_id=cut", 200)); /* naver's */
    CHECK_INT(number("SELECT COUNT(*) FROM identity WHERE subject LIKE 'cut%'"), 2);
    CHECK(cut("?user_id=cut.k", 200));
    CHECK(strstr(heard, "kakao: done") != NULL);
    CHECK_STR(buf_str(&f.site.response.body), "{}"); /* the same, whoever it was */
    log_set_sink(NULL, NULL, LOG_INFO);
    CHECK_INT(number("SELECT COUNT(*) FROM identity WHERE subject LIKE 'cut%'"), 1);
    CHECK(browser_signed_in(&b));
    int64_t id = number("SELECT visitor_id FROM identity WHERE subject = 'cut'");
    struct fail why;
    CHECK_INT(account_identity_remove(db, id, "kakao", &why), ERR_NOT_FOUND);
    CHECK_INT(browser_write(&b, HTTP_DELETE, "/api/v1/me/identities/naver", "{}", NULL),
              409); /* the only way in */
    CHECK(browser_signed_in(&b));
}

/* The webhook sends a form; a name in it and in the address is one too many. */
static void a_tie_is_cut_by_a_form_too(void)
{
    static const struct {
        const char *target, *body, *type;
        int status;
    } rows[] = {{"/auth/kakao/unlink", "user_id=nobody", "application/x-www-form-urlencoded", 200},
                {"/auth/kakao/unlink?x=1", "user_id=nobody", "application/x-www-form-urlencoded", 200},
                {"/auth/kakao/unlink?user_id=x", "user_id=nobody", "application/x-www-form-urlencoded", 400},
                {"/auth/kakao/unlink", "user_id=%zz", "application/x-www-form-urlencoded", 400},
                {"/auth/kakao/unlink", "", "application/x-www-form-urlencoded", 400},
                {"/auth/kakao/unlink", "{}", "application/json", 415}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct request r = {
            .method = HTTP_POST, .authorization = "KakaoAK " LOGIN_ADMIN_KEY, .content_type = rows[i].type};
        int status = site_ask_as(&f, &r, rows[i].target, rows[i].body, strlen(rows[i].body));
        CHECK_MSG(status == rows[i].status, "%s %s: %d", rows[i].target, rows[i].body, status);
    }
}

/* RFC 7636: whoever has the code alone cannot trade it. */
static void a_code_is_traded_with_the_proof_that_its_login_began_with(void)
{
    char state[64], challenge[2][64] = {"", ""}, own[SECRET_TOKEN_CHARS + 1];
    for (int i = 0; i < 2; i++) {
        struct browser b = browser_new(&f);
        uint8_t hash[SECRET_HASH_BYTES];
        CHECK_INT(browser_ask(&b, "/auth/naver"), 303);
        sscanf(strstr(b.location, "&code_challenge="), "&code_challenge=%63[A-Za-z0-9_-]", challenge[i]);
        CHECK_INT(browser_back(&b, browser_state(&b, state), "prover"), 303);
        CHECK(strlen(login_verifier()) == SECRET_TOKEN_CHARS && strcmp(login_verifier(), state) != 0);
        secret_sha256(hash, login_verifier(), SECRET_TOKEN_CHARS);
        secret_base64url(own, hash, sizeof hash);
        CHECK_STR(challenge[i], own);
    }
    CHECK(strcmp(challenge[0], challenge[1]) != 0);
    CHECK_INT(number("SELECT counted FROM visitor JOIN identity USING (visitor_id) WHERE subject = 'prover'"),
              1);
}

/* Made up codes of one browser. */
static void refused_codes_of_a_browser_have_an_end(void)
{
    char state[64];
    struct browser b = browser_new(&f);
    f.config.rate_limits = 1;
    CHECK_INT(browser_ask(&b, "/auth/naver?return=/liked"), 303);
    browser_state(&b, state);
    for (int i = 0; i < 5; i++)
        CHECK_INT(browser_sign_in(&b, "refused", NULL), 502);
    int exchanges = login_exchanges();
    CHECK_INT(browser_back(&b, state, "honest"), 429);
    CHECK_STR(b.cause, "limited");
    long wait = strtol(site_header(&f, "Retry-After"), NULL, 10);
    CHECK(wait > 0 && wait <= 60);
    CHECK_INT(login_exchanges(), exchanges);
    b.address = "192.0.2.77";
    CHECK_INT(browser_back(&b, state, "honest"), 429); /* it is the browser, wherever it is */
    f.config.rate_limits = 0;
    CHECK_INT(browser_back(&b, state, "honest"), 303); /* its state was not taken */
}

/* Whoever makes codes up, with a browser for each, keeps nobody else of the network out. */
static void refused_codes_of_others_keep_nobody_out(void)
{
    char state[64];
    struct browser before = browser_new(&f), after = browser_new(&f);
    f.config.rate_limits = 1;
    CHECK_INT(browser_ask(&before, "/auth/naver?return=/liked"), 303);
    browser_state(&before, state);
    for (int n = 0; n < 300; n++) {
        struct browser b = browser_new(&f);
        CHECK_INT(browser_sign_in(&b, "refused", NULL), 502);
    }
    CHECK_INT(browser_back(&before, state, "honest"), 303);
    CHECK_INT(browser_sign_in(&after, "honest", NULL), 303);
    f.config.rate_limits = 0;
}

/* Somebody else is at a statement about identities, and waits. */
static bool waits(void *arg)
{
    (void)arg;
    return number("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID() AND INFO "
                  "LIKE "
                  "'%FROM identity WHERE visitor_id%'") > 0 &&
           tables_status(&server, "Innodb_row_lock_current_waits") > 0;
}

static void *delete_aside(void *arg)
{
    CHECK_INT(browser_write(arg, HTTP_DELETE, "/api/v1/me", "{\"confirm\":\"delete\"}", NULL), 204);
    return NULL;
}

/* A login has found the account, which somebody deletes elsewhere, and moves the things of its guest there. */
static void what_comes_into_an_account_that_is_being_deleted_goes_with_it(void)
{
    static const char moved[] = "UPDATE test SET visitor_id = (SELECT visitor_id FROM identity WHERE subject "
                                "= 'leaving') ORDER BY test_id DESC LIMIT 1";
    static const struct db_sql find = {
        "test.find", "SELECT visitor_id FROM identity WHERE subject = 'leaving' FOR UPDATE"};
    struct browser b = browser_new(&f), guest = browser_guest(&f);
    struct db *login = db_new(&server.config, 60000);
    struct fail why = {0};
    pthread_t thread;
    int64_t account = 0;
    CHECK_INT(tests_of(&guest), 1);
    CHECK_INT(browser_sign_in(&b, "leaving", NULL), 303);
    CHECK(db_begin(login, &why) == ERR_OK && db_number(login, &find, DB_NOTHING, &account, &why) == ERR_OK);
    CHECK(pthread_create(&thread, NULL, delete_aside, &b) == 0);
    CHECK(eventually(waits, NULL));
    CHECK_MSG(db_exec_text(login, moved, sizeof moved - 1, &why) == ERR_OK, "%s", why.text);
    CHECK(db_commit(login, &why) == ERR_OK);
    pthread_join(thread, NULL);
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM test WHERE visitor_id IN (0, %lld)", (long long)account);
    CHECK_INT(number(sql), 0);
    db_free(login);
}

int main(void)
{
    db = site_tables_start(&f, &server, "mvti_login_account");
    login_provider_open(&f);
    RUN(a_guest_goes_over_to_the_account_that_is_there);
    RUN(a_login_is_whole_or_not_at_all);
    RUN(a_first_login_that_loses_a_race_looks_again);
    RUN(a_guest_that_is_gone_meanwhile_is_none);
    RUN(who_one_is_goes_with_what_one_has);
    RUN(what_cannot_be_stored_of_a_failure_is_over);
    RUN(without_accounts_a_callback_again_says_so);
    RUN(parameters_of_a_callback_are_whole);
    RUN(sessions_are_listed_and_ended_by_their_owner);
    RUN(a_tie_that_is_cut_takes_what_there_is);
    RUN(a_tie_is_cut_by_a_form_too);
    RUN(a_code_is_traded_with_the_proof_that_its_login_began_with);
    RUN(refused_codes_of_a_browser_have_an_end);
    RUN(refused_codes_of_others_keep_nobody_out);
    RUN(a_session_that_has_ended_meanwhile_is_no_hindrance);
    RUN(what_comes_into_an_account_that_is_being_deleted_goes_with_it);
    login_provider_close();
    site_tables_stop(&f, &server, db);
    return check_done();
}
