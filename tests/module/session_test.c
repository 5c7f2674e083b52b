/* Sessions in the database: keyed, limited in time, guarded by a token, and moved to a new key. */
#include "tests/check.h"

#include "app/visit.h"
#include "fixture/site_tables.h"

static struct mariadb server;
static struct site_fixture f;
static struct db *db;

static void run_sql(const char *text)
{
    tables_run(&server, text);
}

static int64_t number(const char *text)
{
    return tables_number(&server, text);
}

static size_t my_tests(void)
{
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me/tests", NULL), 200);
    return site_at(site_json(&f), "items", NULL)->n;
}

static void begin(void)
{
    run_sql("DELETE FROM session");
    run_sql("DELETE FROM visitor");
    f.cookie[0] = '\0';
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests", SITE_TEST), 201);
}

static void a_write_of_a_session_needs_its_token(void)
{
    begin();
    const char *header = site_header(&f, "X-CSRF-Token");
    CHECK_INT(strlen(header), SECRET_TOKEN_CHARS);
    char other[64];
    snprintf(other, sizeof other, "%s", header);
    other[3] = other[3] == 'x' ? 'y' : 'x';
    const char *const tokens[] = {NULL, "", other, strchr(f.cookie, '=') + 1};
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        struct request r = {.method = HTTP_PUT,
                            .cookie = f.cookie,
                            .csrf = tokens[i],
                            .content_type = "application/json",
                            .fetch_site = "same-origin"};
        CHECK_INT(site_ask_as(&f, &r, "/api/v1/characters/1011/like", "{}", 2), 403);
        CHECK(*site_problem(&f, "X-CSRF-Token") != '\0');
    }
    CHECK_INT(number("SELECT COUNT(*) FROM character_like"), 0);
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1011/like", "{}"), 200);
    CHECK_INT(number("SELECT COUNT(*) FROM character_like"), 1);
}

static void sessions_end_idle_and_at_last(void)
{
    begin();
    CHECK_INT(number("SELECT DATEDIFF(expires_at, created_at) FROM session"), 180);
    CHECK_INT(number("SELECT DATEDIFF(ends_at, created_at) FROM session"), 400);
    run_sql(
        "UPDATE session SET last_seen_at = UTC_TIMESTAMP() - INTERVAL 9 DAY, expires_at = UTC_TIMESTAMP() + "
        "INTERVAL 1 DAY, ends_at = UTC_TIMESTAMP() + INTERVAL 3 DAY");
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1012/like", "{}"), 200);
    CHECK_INT(number("SELECT expires_at = ends_at FROM session"), 1); /* prolonged, but not past its end */
    CHECK_INT(my_tests(), 1);
    run_sql("UPDATE session SET expires_at = UTC_TIMESTAMP() - INTERVAL 1 SECOND");
    CHECK_INT(my_tests(), 0);
}

/* What most requests need not write they do not ask the database for either. */
static void a_visit_is_remembered_once_an_hour(void)
{
    begin();
    run_sql("UPDATE session SET last_seen_at = UTC_TIMESTAMP() - INTERVAL 50 MINUTE");
    int64_t before = tables_status(&server, "Com_update");
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me", NULL), 200);
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1014/like", "{}"), 200);
    CHECK_INT(tables_status(&server, "Com_update"), before);
    run_sql("UPDATE session SET last_seen_at = UTC_TIMESTAMP() - INTERVAL 70 MINUTE");
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me", NULL), 200);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me", NULL), 200);
    CHECK_INT(tables_status(&server, "Com_update"), before + 2); /* with the one of this test */
    CHECK_INT(number("SELECT last_seen_at > UTC_TIMESTAMP() - INTERVAL 1 MINUTE FROM session"), 1);
}

static void a_new_key_logs_nobody_out(void)
{
    begin();
    struct keyring *k = &f.site.keys;
    memcpy(k->keys[1], k->keys[0], sizeof k->keys[1]);
    secret_random(k->keys[0], sizeof k->keys[0]);
    k->n = 2;
    CHECK_INT(my_tests(), 1);
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1013/like", "{}"), 200); /* moves to the new key */
    k->n = 1;
    CHECK_INT(my_tests(), 1);
    secret_random(k->keys[0], sizeof k->keys[0]);
    CHECK_INT(my_tests(), 0);
}

static void expired_sessions_are_removed(void)
{
    begin();
    run_sql("INSERT INTO session (visitor_id, token_hash, expires_at, ends_at) VALUES (7, REPEAT('a', 32), "
            "'2020-01-01', '2030-01-01'), (7, REPEAT('b', 32), '2020-01-02', '2030-01-01')");
    struct fail why = {0};
    int64_t n;
    CHECK(visitor_session_expire(db, 1, &n, &why) == ERR_OK && n == 1);
    CHECK(visitor_session_expire(db, 10, &n, &why) == ERR_OK && n == 1);
    CHECK_INT(number("SELECT COUNT(*) FROM session"), 1);
    CHECK_INT(my_tests(), 1);
}

static void sessions_are_ended_in_number(void)
{
    begin();
    struct fail why = {0};
    int64_t n;
    run_sql("INSERT INTO session (visitor_id, token_hash, expires_at, ends_at) VALUES (7, REPEAT('a', 32), "
            "'2090-01-01', '2090-01-01'), (7, REPEAT('b', 32), '2090-01-02', '2090-01-01')");
    CHECK(visitor_session_end_all(db, 7, &n, &why) == ERR_OK && n == 2);
    CHECK(visitor_session_end_all(db, 7, NULL, &why) == ERR_OK);
    CHECK_INT(my_tests(), 1);
    CHECK(visitor_session_end_some(db, 1, &n, &why) == ERR_OK && n == 1);
    CHECK(visitor_session_end_some(db, 1, &n, &why) == ERR_OK && n == 0);
    CHECK_INT(my_tests(), 0);
}

int main(void)
{
    db = site_tables_start(&f, &server, "mvti_session");
    RUN(a_write_of_a_session_needs_its_token);
    RUN(sessions_end_idle_and_at_last);
    RUN(a_visit_is_remembered_once_an_hour);
    RUN(a_new_key_logs_nobody_out);
    RUN(sessions_are_ended_in_number);
    RUN(expired_sessions_are_removed);
    site_tables_stop(&f, &server, db);
    return check_done();
}
