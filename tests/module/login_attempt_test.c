/* Logins under way in the database: who gets one, and what is told of it afterwards. */
#include "tests/check.h"

#include "fixture/tables.h"
#include "store/login_attempt.h"

static struct mariadb server;
static struct db *db;

static int64_t number(const char *sql)
{
    return tables_number(&server, sql);
}

static void run_sql(const char *sql)
{
    tables_run(&server, sql);
}

static void one_of_any_number_takes_a_state(void)
{
    struct arena a = {0};
    struct fail why;
    struct login_attempt t = {.provider = "naver", .return_path = "/liked", .link_visitor_id = 7}, got;
    memset(t.state, 1, sizeof t.state);
    memset(t.browser, 2, sizeof t.browser);
    uint8_t other[SECRET_HASH_BYTES] = {3};
    CHECK(login_attempt_add(db, &t, 300, 7, &why) == ERR_OK);
    CHECK(login_attempt_take(db, &(struct login_attempt_key){other, t.browser, "naver"}, &a, &got, &why) ==
          ERR_NOT_FOUND);
    CHECK(login_attempt_take(db, &(struct login_attempt_key){t.state, other, "naver"}, &a, &got, &why) ==
          ERR_NOT_FOUND);
    CHECK(login_attempt_take(db, &(struct login_attempt_key){t.state, t.browser, "kakao"}, &a, &got, &why) ==
          ERR_NOT_FOUND);
    /* By another connection too, as another worker has: the first has taken it and not told the second. */
    struct db *second = db_new(&server.config, 0);
    CHECK(login_attempt_take(db, &(struct login_attempt_key){t.state, t.browser, "naver"}, &a, &got, &why) ==
          ERR_OK);
    CHECK(strcmp(got.return_path, "/liked") == 0 && got.link_visitor_id == 7 &&
          memcmp(got.state, t.state, sizeof t.state) == 0);
    for (int i = 0; i < 3; i++)
        CHECK(login_attempt_take(i == 0 ? db : second,
                                 &(struct login_attempt_key){t.state, t.browser, "naver"}, &a, &got,
                                 &why) == ERR_NOT_FOUND);
    CHECK_INT(number("SELECT COUNT(*) FROM login_attempt WHERE used_at IS NOT NULL"), 1);
    memset(t.state, 4, sizeof t.state);
    CHECK(login_attempt_add(db, &t, 300, 7, &why) == ERR_OK);
    run_sql("UPDATE login_attempt SET expires_at = UTC_TIMESTAMP(6) WHERE used_at IS NULL");
    CHECK(login_attempt_take(db, &(struct login_attempt_key){t.state, t.browser, "naver"}, &a, &got, &why) ==
          ERR_NOT_FOUND);
    db_free(second);
    arena_free(&a);
}

static void what_came_of_it_is_told(void)
{
    struct arena a = {0};
    struct fail why;
    struct login_attempt t = {.provider = "naver", .return_path = "/x"}, got;
    struct login_attempt_end end;
    memset(t.state, 5, sizeof t.state);
    memset(t.browser, 6, sizeof t.browser);
    uint8_t other[SECRET_HASH_BYTES] = {7};
    CHECK(login_attempt_look(db, &(struct login_attempt_key){t.state, t.browser, "naver"}, &a, &end, &why) ==
          ERR_NOT_FOUND);
    CHECK(login_attempt_add(db, &t, 300, 7, &why) == ERR_OK);
    CHECK(login_attempt_look(db, &(struct login_attempt_key){t.state, t.browser, "kakao"}, &a, &end, &why) ==
          ERR_NOT_FOUND);
    CHECK(login_attempt_look(db, &(struct login_attempt_key){t.state, t.browser, "naver"}, &a, &end, &why) ==
          ERR_OK);
    CHECK(end.same_browser && end.in_time && end.seconds == -1 && *end.outcome == '\0' &&
          !end.session_lives && end.visitor_id == 0 && strcmp(end.return_path, "/x") == 0);
    CHECK(login_attempt_take(db, &(struct login_attempt_key){t.state, t.browser, "naver"}, &a, &got, &why) ==
          ERR_OK);
    run_sql("UPDATE login_attempt SET used_at = used_at - INTERVAL 9 SECOND");
    CHECK(login_attempt_look(db, &(struct login_attempt_key){t.state, other, "naver"}, &a, &end, &why) ==
          ERR_OK);
    CHECK(!end.same_browser && end.seconds >= 9 && *end.outcome == '\0');
    run_sql("INSERT INTO session (session_id, visitor_id, token_hash, expires_at, ends_at) VALUES (77, 5, "
            "REPEAT('z', "
            "32), UTC_TIMESTAMP() + INTERVAL 1 DAY, UTC_TIMESTAMP() + INTERVAL 1 DAY)");
    CHECK(login_attempt_finish(db, t.state, "fine", 5, 77, &why) == ERR_OK);
    CHECK(login_attempt_look(db, &(struct login_attempt_key){t.state, t.browser, "naver"}, &a, &end, &why) ==
          ERR_OK);
    CHECK(end.seconds >= 0 && end.seconds < 9 && strcmp(end.outcome, "fine") == 0 && end.visitor_id == 5 &&
          end.session_lives);
    static const char *const over[] = {"expires_at", "ends_at"};
    for (int i = 0; i < 2; i++) {
        char sql[160];
        snprintf(sql, sizeof sql,
                 "UPDATE session SET expires_at = UTC_TIMESTAMP() + INTERVAL 1 DAY, ends_at = "
                 "UTC_TIMESTAMP() + INTERVAL 1 DAY, %s = UTC_TIMESTAMP()",
                 over[i]);
        run_sql(sql);
        CHECK(login_attempt_look(db, &(struct login_attempt_key){t.state, t.browser, "naver"}, &a, &end,
                                 &why) == ERR_OK &&
              !end.session_lives);
    }
    run_sql("DELETE FROM session");
    arena_free(&a);
}

int main(void)
{
    db = tables_start(&server, "mvti_login_attempt");
    RUN(one_of_any_number_takes_a_state);
    RUN(what_came_of_it_is_told);
    db_free(db);
    mariadb_stop(&server);
    return check_done();
}
