/* What a request costs does not grow with what is in the tables, and everything about a visitor comes in
 * pieces. */
#include "tests/check.h"

#include <unistd.h>

#include "base/clock.h"
#include "fixture/site.h"
#include "fixture/tables.h"
#include "store/arrival.h"
#include "store/counter.h"
#include "store/login_attempt.h"

static struct mariadb server;
static struct site_fixture f;
static long long me;

static void run_sql(const char *text)
{
    tables_run(&server, text);
}

static void run_for_me(const char *fmt)
{
    char sql[1000];
    snprintf(sql, sizeof sql, fmt, me);
    run_sql(sql);
}

/* ---- rows that statements read ---- */

static const struct db_sql READ = {"handler.read", "SHOW SESSION STATUS LIKE 'Handler\\_read%'"};

/* Rows that the site's connection has read so far. */
static int64_t rows_read(void)
{
    struct db_rows rows;
    struct fail why = {0};
    int64_t n = 0;
    CHECK_MSG(db_query(f.site.db, &READ, DB_NOTHING, &rows, &why) == ERR_OK, "%s", why.text);
    while (db_next(&rows))
        n += strtoll(db_get_text(&rows, 1), NULL, 10);
    CHECK(n > 0 && db_end(&rows, &why) == ERR_OK);
    return n;
}

static const struct request_row {
    enum http_method method;
    const char *target; /* %s: the visitor's newest test, or the circle that was begun last */
    const char *body;   /* %s: that test */
    int status;
} requests[] = {
    {HTTP_GET, "/api/v1/home", NULL, 200},
    {HTTP_GET, "/api/v1/characters/1011", NULL, 200},
    {HTTP_PUT, "/api/v1/characters/1011/like", "{}", 200},
    {HTTP_DELETE, "/api/v1/characters/1011/like", NULL, 200},
    {HTTP_PUT, "/api/v1/characters/1011/vote", "{\"mbti\":\"INFP\",\"enneagram\":\"4w5\"}", 200},
    {HTTP_DELETE, "/api/v1/characters/1011/vote", NULL, 200},
    {HTTP_PUT, "/api/v1/characters/1011/mark", "{\"mark\":\"seen\"}", 200},
    {HTTP_DELETE, "/api/v1/characters/1011/mark", "{\"mark\":\"seen\"}", 200},
    {HTTP_GET, "/api/v1/me/marks?limit=20", NULL, 200},
    {HTTP_GET, "/api/v1/me/marks?limit=20&cursor=200-0", NULL, 200},
    {HTTP_GET, "/api/v1/me", NULL, 200},
    {HTTP_GET, "/api/v1/me/tests", NULL, 200},
    {HTTP_GET, "/api/v1/me/tests?limit=5", NULL, 200},
    {HTTP_GET, "/api/v1/me/tests?limit=5&cursor=200-0", NULL, 200},
    {HTTP_GET, "/api/v1/me/likes?limit=20", NULL, 200},
    {HTTP_GET, "/api/v1/me/likes?limit=20&cursor=60000000-100", NULL, 200}, /* 2021-01-14 */
    {HTTP_GET, "/api/v1/me/votes?limit=20", NULL, 200},
    {HTTP_GET, "/api/v1/me/votes?limit=20&cursor=60000000-100", NULL, 200},
    {HTTP_GET, "/api/v1/me/sessions", NULL, 200},
    {HTTP_POST, "/api/v1/events", "[{\"kind\":\"click\",\"character\":1011}]", 202},
    {HTTP_POST, "/api/v1/tests", SITE_TEST, 201},
    {HTTP_GET, "/api/v1/tests/%s", NULL, 200},
    {HTTP_PUT, "/api/v1/tests/%s/feedback", "{\"value\":\"up\"}", 204},
    {HTTP_GET, "/r/%s", NULL, 200},
    {HTTP_PUT, "/api/v1/movies/101/mark", "{\"mark\":\"seen\"}", 200},
    {HTTP_DELETE, "/api/v1/movies/101/mark", "{\"mark\":\"seen\"}", 200},
    {HTTP_PUT, "/api/v1/me/profile", "{\"name\":\"x\"}", 200},
    {HTTP_GET, "/api/v1/movies?limit=20", NULL, 200},
    {HTTP_GET, "/api/v1/types/INFP/recent?days=7", NULL, 200},
    {HTTP_POST, "/api/v1/circles", "{\"test\":\"%s\"}", 201},
    {HTTP_GET, "/api/v1/circles/%s", NULL, 200},
    {HTTP_GET, "/w/%s", NULL, 200},
    {HTTP_PUT, "/api/v1/circles/%s/me", "{\"test\":\"%s\",\"name\":\"y\"}", 200},
    {HTTP_DELETE, "/api/v1/circles/%s/me", NULL, 204},
    {HTTP_DELETE, "/api/v1/me/tests/%s", NULL, 204},
};
enum { REQUESTS = sizeof requests / sizeof *requests };

static void newest_token(char out[32])
{
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me/tests?limit=1", NULL), 200);
    const struct json_value *token = site_at(site_json(&f), "items", "0", "token", NULL);
    snprintf(out, 32, "%s", token != NULL ? token->text : "");
}

/* Rows each request reads; one that was never asked before would also pay for preparing its statements. */
static void measure(int64_t out[REQUESTS])
{
    char circle[32] = "";
    for (int i = 0; i < REQUESTS; i++) {
        char token[32], target[100], body[100];
        const struct request_row *r = &requests[i];
        bool of_circle = strstr(r->target, "circles/%s") != NULL || strncmp(r->target, "/w/", 3) == 0;
        newest_token(token);
        snprintf(target, sizeof target, r->target, of_circle ? circle : token);
        snprintf(body, sizeof body, r->body != NULL ? r->body : "", token);
        f.site.tests_counted = 0;
        int64_t before = rows_read(), again = rows_read();
        int status = site_ask(&f, r->method, target, r->body != NULL ? body : NULL);
        CHECK_MSG(status == r->status, "%s: %d %.300s", target, status, buf_str(&f.site.response.body));
        out[i] = rows_read() - again - (again - before); /* asking reads rows, too */
        if (strcmp(r->target, "/api/v1/circles") == 0)
            snprintf(circle, sizeof circle, "%s", site_at(site_json(&f), "circle", NULL)->text);
    }
}

/* n of everything: likes, votes, marks and events of others on one character, tests, circles and logins of all, and what I did myself. */
static void fill(int n)
{
    static const char *const others[] = {
        "INSERT IGNORE INTO character_like (visitor_id, character_id) SELECT 1000000 + seq, 1011 "
        "FROM " TABLES_NUMBERS("%d"),
        "INSERT IGNORE INTO character_vote (visitor_id, character_id, mbti, enneagram) SELECT 1000000 + seq, "
        "1011, "
        "ELT(1 + seq %% 3, 'INFP', 'ESTJ', 'ENTP'), ELT(1 + seq %% 4, '4w5', '1w2', NULL, '7w8') "
        "FROM " TABLES_NUMBERS("%d"),
        "INSERT IGNORE INTO visitor (visitor_id) SELECT 1000000 + seq FROM " TABLES_NUMBERS("%d"),
        "INSERT IGNORE INTO session (visitor_id, token_hash, expires_at, ends_at) SELECT 1000000 + seq, "
        "LPAD(HEX(seq), 32, 'x'), '2099-01-01', '2099-01-01' FROM " TABLES_NUMBERS("%d"),
        "INSERT IGNORE INTO test (token, visitor_id, mbti, enneagram, locale, snapshot_id, created_at) "
        "SELECT "
        "CONCAT('other', LPAD(seq, 17, '0')), 1000000 + seq, 'INFP', '4w5', 'ko', 's', '2020-01-01' "
        "FROM " TABLES_NUMBERS("%d"),
        "INSERT IGNORE INTO mark (visitor_id, mark, subject_id, created_at) SELECT 1000000 + seq, 'seen', "
        "101, "
        "'2021-01-01' FROM " TABLES_NUMBERS("%d"),
        "INSERT INTO event (visitor_id, kind, character_id, created_at) SELECT 1000000 + seq, 'like', 1011, "
        "'2021-01-01' + INTERVAL seq MINUTE FROM " TABLES_NUMBERS("%d"),
        "INSERT IGNORE INTO circle_member (circle, test_id, founder, name, joined_at) SELECT LPAD(seq, 22, "
        "'c'), "
        "seq, 1, '', '2021-01-01' FROM " TABLES_NUMBERS("%d"),
        "INSERT IGNORE INTO profile (visitor_id, name, updated_at) SELECT 1000000 + seq, 'z', '2021-01-01' "
        "FROM " TABLES_NUMBERS("%d"),
        "INSERT IGNORE INTO repeated (key_hash, content_hash, visitor_id, made_visitor, created_at) SELECT "
        "LPAD(HEX(seq), 32, 'k'), LPAD('', 32, 'c'), 1000000 + seq, 0, '2021-01-01' FROM " TABLES_NUMBERS(
            "%d"),
    };
    static const char *const mine[] = {
        "INSERT IGNORE INTO test (token, visitor_id, mbti, enneagram, locale, snapshot_id, created_at) "
        "SELECT "
        "CONCAT('mine', LPAD(seq, 18, '0')), %lld, 'INFP', '4w5', 'ko', 's', '2020-01-01' "
        "FROM " TABLES_NUMBERS("%d"),
        "INSERT IGNORE INTO character_like (visitor_id, character_id, created_at) SELECT %lld, 100000 + seq, "
        "'2021-01-01' + INTERVAL seq MINUTE FROM " TABLES_NUMBERS("%d"),
        "INSERT IGNORE INTO character_vote (visitor_id, character_id, mbti, updated_at) SELECT %lld, 100000 "
        "+ seq, "
        "'INFP', '2021-01-01' + INTERVAL seq MINUTE FROM " TABLES_NUMBERS("%d"),
        "INSERT IGNORE INTO mark (visitor_id, mark, subject_id, created_at) SELECT %lld, 'not_me', 100000 + "
        "seq, '2021-01-01' FROM " TABLES_NUMBERS("%d"),
        "INSERT INTO event (visitor_id, kind, character_id, created_at) SELECT %lld, 'like', 1011, "
        "'2021-01-01' + "
        "INTERVAL seq MINUTE FROM " TABLES_NUMBERS("%d"),
    };
    char sql[600];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        snprintf(sql, sizeof sql, others[i], n);
        run_sql(sql);
    }
    for (size_t i = 0; i < sizeof mine / sizeof *mine; i++) {
        snprintf(sql, sizeof sql, mine[i], me, n);
        run_sql(sql);
    }
    int64_t wrong;
    struct fail why = {0};
    struct db *db = db_new(&server.config, 60000);
    for (int kind = 0; kind < COUNTER_KINDS; kind++)
        CHECK_MSG(counter_recount(db, (enum counter_kind)kind, true, &wrong, &why) == ERR_OK, "%s", why.text);
    db_free(db);
    run_sql("ANALYZE TABLE test, character_like, character_vote, mark, event, session, counter, visitor, "
            "circle_member, profile, repeated");
}

static void a_visitor_with_an_account(void)
{
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests", SITE_TEST), 201);
    me = (long long)tables_number(&server, "SELECT visitor_id FROM test");
    run_for_me("INSERT INTO account (visitor_id) VALUES (%lld)");
    run_for_me("UPDATE session SET provider = 'dev', signed_in_at = UTC_TIMESTAMP() WHERE visitor_id = %lld");
}

static void no_request_reads_more_when_there_is_more(void)
{
    int64_t warm[REQUESTS], small[REQUESTS], large[REQUESTS];
    fill(1000);
    measure(warm);
    measure(small);
    fill(50000);
    measure(large);
    for (int i = 0; i < REQUESTS; i++)
        CHECK_MSG(large[i] <= small[i] + small[i] / 10 + 20, "%s: %lld rows, then %lld", requests[i].target,
                  (long long)small[i], (long long)large[i]);
    CHECK_MSG(small[2] > 5, "%lld", (long long)small[2]); /* or nothing was measured */
}

/* Rows that one look at a limit reads. */
static int64_t read_by(enum err (*look)(void))
{
    CHECK(look() == ERR_OK); /* prepared, and its plan warm */
    int64_t before = rows_read(), again = rows_read();
    CHECK(look() == ERR_OK);
    return rows_read() - again - (again - before);
}

static const uint8_t hash[SECRET_HASH_BYTES] = "many                           ";

static enum err look_at_arrivals(void)
{
    int64_t wait;
    return arrival_wait(f.site.db, hash, 100, 600, &wait, NULL);
}

static enum err look_at_logins(void)
{
    struct login_attempt t = {.provider = "dev"};
    memcpy(t.browser, hash, sizeof hash);
    memcpy(t.address, hash, sizeof hash);
    struct login_attempt_pace most = {100, 100}, wait;
    return login_attempt_wait(f.site.db, &t, &most, &wait, NULL);
}

/* A school's network has many guests a day and many logins, where nearly everybody else has one. */
static void a_limit_reads_what_is_in_its_window(void)
{
    static const char *const rows[] = {
        "INSERT INTO arrival (proof_hash, network_hash, created_at) SELECT LPAD(seq, 32, 'p'), IF(seq <= "
        "3020, RPAD('many', 31, ' '), "
        "LPAD(seq, 32, 'n')), UTC_TIMESTAMP(6) - INTERVAL IF(seq <= 20, 0, 3600) SECOND FROM " TABLES_NUMBERS(
            "20000"),
        "INSERT INTO login_attempt (state_hash, browser_hash, address_hash, provider, return_path, "
        "created_at, expires_at) SELECT "
        "LPAD(seq, 32, 's'), IF(seq <= 3020, RPAD('many', 31, ' '), LPAD(seq, 32, 'n')), IF(seq <= 3020, "
        "RPAD('many', 31, ' '), "
        "LPAD(seq, 32, 'n')), 'dev', '/', UTC_TIMESTAMP(6) - INTERVAL IF(seq <= 20, 0, 3600) SECOND, "
        "'2099-01-01' FROM " TABLES_NUMBERS("20000"),
        "ANALYZE TABLE arrival, login_attempt"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        run_sql(rows[i]);
    int64_t arrivals = read_by(look_at_arrivals), logins = read_by(look_at_logins);
    CHECK_MSG(arrivals >= 20 && arrivals < 100, "%lld", (long long)arrivals);
    CHECK_MSG(logins >= 40 && logins < 150, "%lld", (long long)logins);
}

/* ---- lists in pages ---- */

static size_t walk(const char *list, const char *id, const char *inner)
{
    char target[200], cursor[80] = "";
    static int64_t seen[2000];
    size_t n = 0;
    do {
        snprintf(target, sizeof target, "/api/v1/me/%s?limit=7%s%s", list, *cursor ? "&cursor=" : "", cursor);
        CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200);
        const struct json_value *v = site_json(&f), *items = site_at(v, "items", NULL);
        for (size_t i = 0; i < items->n && n < 2000; i++) {
            const struct json_value *at =
                inner != NULL ? json_member(&items->items[i], inner) : &items->items[i];
            const struct json_value *key = json_member(at, id);
            seen[n] = key->kind == JSON_INT ? key->integer : (int64_t)strtoll(key->text + 4, NULL, 10);
            for (size_t k = 0; k < n; k++)
                CHECK(seen[k] != seen[n]);
            n++;
        }
        const struct json_value *next = json_member(v, "next_cursor");
        snprintf(cursor, sizeof cursor, "%s", next->kind == JSON_TEXT ? next->text : "");
    } while (*cursor != '\0' && n < 2000);
    return n;
}

static void pages_hold_everything_once(void)
{
    run_for_me("DELETE FROM test WHERE visitor_id = %lld");
    run_for_me("DELETE FROM character_like WHERE visitor_id = %lld");
    run_for_me("DELETE FROM character_vote WHERE visitor_id = %lld");
    run_for_me("DELETE FROM mark WHERE visitor_id = %lld");
    run_for_me(
        "INSERT INTO test (token, visitor_id, mbti, enneagram, locale, snapshot_id) SELECT CONCAT('page', "
        "LPAD(seq, 18, '0')), %lld, 'INFP', '4w5', 'ko', 's' FROM " TABLES_NUMBERS("40"));
    /* Many at the same second, as when a page is tapped through quickly. */
    run_for_me("INSERT INTO character_like (visitor_id, character_id, created_at) SELECT %lld, (100 + seq) * "
               "10 + 1, "
               "'2024-01-01' + INTERVAL seq DIV 20 SECOND FROM " TABLES_NUMBERS("55"));
    run_for_me("INSERT INTO character_vote (visitor_id, character_id, mbti, updated_at) SELECT %lld, (100 + "
               "seq) * 10 "
               "+ 1, 'INFP', '2024-01-01' + INTERVAL seq DIV 20 SECOND FROM " TABLES_NUMBERS("55"));
    run_for_me("INSERT INTO mark (visitor_id, mark, subject_id, created_at) SELECT %lld, 'not_me', (100 + "
               "seq) * 10 + 1, '2024-01-01' FROM " TABLES_NUMBERS("55"));
    CHECK_INT(walk("tests", "token", NULL), 40);
    CHECK_INT(walk("likes", "id", NULL), 55);
    CHECK_INT(walk("votes", "id", "character"), 55);
    CHECK_INT(walk("marks", "id", "character"), 55);
    static const char *const bad[] = {
        "x", "1", "1-", "-1", "g-1", "1-80000000", "fffffffffffffffff-1", "ffffffffffffffff-1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char target[100];
        snprintf(target, sizeof target, "/api/v1/me/likes?cursor=%s", bad[i]);
        CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 400);
        CHECK(*site_problem(&f, "cursor") != '\0');
    }
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me/tests?limit=101", NULL), 400);
}

/* ---- the export ---- */

struct taken {
    struct buf all; /* head and body */
    size_t pieces, largest, stop_at;
    const char *sql; /* run at piece `stop_at`; NULL: the reader leaves there */
};

static bool take(void *arg, const char *bytes, size_t n)
{
    struct taken *t = arg;
    buf_put(&t->all, bytes, n);
    t->largest = n > t->largest ? n : t->largest;
    if (++t->pieces != t->stop_at)
        return true;
    if (t->sql == NULL)
        return false;
    run_sql(t->sql);
    return true;
}

static void ask_for_pieces(enum http_method method, struct taken *t)
{
    f.site.response.sink = take;
    f.site.response.sink_arg = t;
    site_ask(&f, method, "/api/v1/me/export", NULL);
    f.site.response.sink = NULL;
}

static void do_more_events(void)
{
    run_for_me("INSERT INTO event (visitor_id, kind, character_id, list, position, created_at) SELECT %lld, "
               "'impression', 1011, 'same', seq %% 20, '2022-01-01' + INTERVAL seq DIV 7 SECOND "
               "FROM " TABLES_NUMBERS("30000"));
}

static size_t times(const char *text, const char *word)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, word)) != NULL; p++)
        n++;
    return n;
}

/* The same whether it comes in pieces or whole, and the pieces are small. */
static void an_export_in_pieces_is_the_whole(void)
{
    do_more_events();
    struct taken t = {0};
    ask_for_pieces(HTTP_GET, &t);
    CHECK(f.site.response.begun && !f.site.response.broken);
    CHECK_MSG(t.pieces > 20 && t.largest < 65535, "%zu pieces, the largest %zu", t.pieces, t.largest);
    CHECK_MSG(f.site.arena.used < 100000, "%zu", f.site.arena.used);
    const char *body = strstr(buf_str(&t.all), "\r\n\r\n");
    CHECK(strncmp(buf_str(&t.all), "Status: 200 OK\r\n", 16) == 0 &&
          strstr(t.all.data, "Content-Length") == NULL);
    CHECK(body != NULL && strstr(t.all.data, "application/json") < body);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me/export", NULL), 200);
    const char *whole = buf_str(&f.site.response.body), *after = strstr(whole, "\"account\"");
    const char *piecewise = strstr(body, "\"account\""); /* "exported" is the moment */
    CHECK(after != NULL && piecewise != NULL && strcmp(after, piecewise) == 0);
    CHECK_INT(times(whole, "\"token\":"), 40);
    CHECK_INT(times(whole, "\"mbti\":"), 40 + 55); /* of tests and votes */
    CHECK_INT(times(whole, "\"client\":"), 1);
    CHECK_MSG(times(whole, "\"kind\":") >= 30000, "%zu", times(whole, "\"kind\":"));
    buf_free(&t.all);
}

static void a_head_is_a_head(void)
{
    struct taken t = {0};
    ask_for_pieces(HTTP_HEAD, &t);
    CHECK(f.site.response.begun && !f.site.response.broken);
    CHECK_MSG(t.all.len < 2000, "%zu", t.all.len);
    buf_free(&t.all);
}

static void a_failure_in_the_middle_is_known(void)
{
    struct taken left = {.stop_at = 3};
    ask_for_pieces(HTTP_GET, &left);
    CHECK(f.site.response.begun && f.site.response.broken);
    CHECK_INT(left.pieces, 3);
    buf_free(&left.all);
    char kill[60];
    struct db_rows rows;
    static const struct db_sql ID = {"id", "SELECT CONNECTION_ID()"};
    CHECK(db_first(f.site.db, &ID, DB_NOTHING, &rows, NULL) == ERR_OK);
    snprintf(kill, sizeof kill, "KILL %lld", (long long)db_get_int(&rows, 0));
    CHECK(db_end(&rows, NULL) == ERR_OK);
    struct taken lost = {.stop_at = 3, .sql = kill};
    ask_for_pieces(HTTP_GET, &lost);
    CHECK(f.site.response.begun && f.site.response.broken);
    CHECK(lost.all.len > 2 && strcmp(lost.all.data + lost.all.len - 2, "]}") != 0); /* no whole document */
    buf_free(&lost.all);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me", NULL), 200);
}

static void a_failure_before_it_is_a_problem_document(void)
{
    char cookie[64];
    snprintf(cookie, sizeof cookie, "%s", f.cookie);
    f.cookie[0] = '\0';
    struct taken t = {0};
    ask_for_pieces(HTTP_GET, &t);
    CHECK_INT(f.site.response.status, 404);
    CHECK(!f.site.response.begun && t.pieces == 0);
    snprintf(f.cookie, sizeof f.cookie, "%s", cookie);
}

static long resident_kib(void)
{
    long size, resident = 0;
    FILE *s = fopen("/proc/self/statm", "r");
    CHECK(s != NULL && fscanf(s, "%ld %ld", &size, &resident) == 2);
    if (s != NULL)
        fclose(s);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Whole in memory, it takes much; afterwards it no longer does. */
static void memory_goes_back_to_the_system(void)
{
    for (int i = 0; i < 3; i++)
        do_more_events();
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/home", NULL), 200);
    site_rest(&f.site);
    long before = resident_kib();
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/me/export", NULL), 200);
    CHECK_MSG(f.site.response.body.len > 10 << 20, "%zu", f.site.response.body.len);
    long most = resident_kib();
    site_rest(&f.site);
    CHECK_MSG(most - before > 8000 && resident_kib() - before < 3000, "%ld, %ld, %ld KiB", before, most,
              resident_kib());
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/home", NULL), 200);
}

/* ---- a slow statement ---- */

/* Somebody holds my row: I am told to come again, others are served by the same worker. */
static void a_locked_row_is_one_visitors_trouble(void)
{
    struct db *holder = db_new(&server.config, 20000);
    struct fail why = {0};
    char sql[100], mine[64];
    int n = snprintf(sql, sizeof sql, "SELECT * FROM visitor WHERE visitor_id = %lld FOR UPDATE", me);
    CHECK(db_begin(holder, &why) == ERR_OK && db_exec_text(holder, sql, (size_t)n, &why) == ERR_OK);
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1021/like", "{}"), 503);
    CHECK(atoi(site_header(&f, "Retry-After")) > 0);
    snprintf(mine, sizeof mine, "%s", f.cookie);
    f.cookie[0] = '\0';
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests", SITE_TEST), 201);
    CHECK(site_at(site_json(&f), "saved", NULL)->truth);
    db_rollback(holder);
    db_free(holder);
    snprintf(f.cookie, sizeof f.cookie, "%s", mine);
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1021/like", "{}"), 200);
}

int main(void)
{
    db_free(tables_start(&server, "mvti_cost"));
    site_make(&f, 60, &server.config);
    a_visitor_with_an_account();
    RUN(no_request_reads_more_when_there_is_more);
    RUN(a_limit_reads_what_is_in_its_window);
    f.config.rate_limits = 0;
    RUN(pages_hold_everything_once);
    RUN(an_export_in_pieces_is_the_whole);
    RUN(a_head_is_a_head);
    RUN(a_failure_in_the_middle_is_known);
    RUN(a_failure_before_it_is_a_problem_document);
    RUN(memory_goes_back_to_the_system);
    RUN(a_locked_row_is_one_visitors_trouble);
    site_free(&f);
    mariadb_stop(&server);
    return check_done();
}
