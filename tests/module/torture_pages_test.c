/* Every request that reads or writes the database, while memory runs out: the right answer, or one that says
 * so and has stored nothing or all of it, never a part; and the same request on the same connection works. */
#include "base/log.h"
#include "fixture/failing.h"
#include "fixture/login.h"
#include "fixture/site.h"
#include "fixture/tables.h"
#include "fixture/torture.h"
#include "tests/check.h"

#define TEST "{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":[101,102,103],\"locale\":\"en\"}"
#define VOTE "{\"mbti\":\"ENTP\",\"enneagram\":\"7w8\"}"
#define TOKEN "abcdefghijklmnopqrstuv"
#define EVENTS                                                                                               \
    "[{\"kind\":\"impression\",\"character\":1011,\"list\":\"same\",\"position\":1,\"test\":\"" TOKEN "\"}," \
    "{\"kind\":\"click\",\"movie\":101},{\"kind\":\"share\",\"test\":\"" TOKEN "\"}]"
#define UNSAVED .without = 200, .marks = {"\"saved\":false"}
#define KEY "7b8ff2a5-7d35-4f5e-9d8e-000000000001"

enum { STATE = 600 };

static struct mariadb server;
static struct site_fixture f;
static struct db *db; /* of the test itself */
static char cookie[64], csrf[SECRET_TOKEN_CHARS + 1];
static char login_cookie[100], callback[200]; /* of a browser that has begun to sign in */
static char clean[STATE];                     /* before every request */

enum who { GUEST, OWNER, BROWSER };

struct question {
    enum http_method method;
    const char *target;
    enum who who;
    const char *body;
    int status;
    bool writes;
    const char *key;
    int without; /* status of an answer that does without the database, and says so; 0: there is none */
    const char *marks[2]; /* by one of these */
    char right[STATE];    /* after the request */
    uint64_t answer;      /* hash of what was read */
};

/* ---- the tables ---- */

static const char *const tables[] = {"visitor",    "account",     "session",        "test",
                                     "test_movie", "test_result", "character_like", "character_vote",
                                     "event",      "repeated",    "arrival",        "counter",
                                     "leaving",    "identity",    "login_attempt",  "mark"};

/* What the tables hold, but for what no two runs share: numbers of rows, times, tokens. */
static const char state_sql[] =
    "SELECT CONCAT_WS(' ', (SELECT COUNT(*) FROM visitor), (SELECT COUNT(*) FROM account), (SELECT COUNT(*) "
    "FROM session), (SELECT COUNT(*) FROM repeated), (SELECT COUNT(*) FROM arrival), (SELECT COUNT(*) FROM "
    "leaving), (SELECT COUNT(*) FROM login_attempt), (SELECT SUM(CRC32(CONCAT(mbti, enneagram, feedback, "
    "feedback_compatible))) "
    "FROM test), (SELECT "
    "SUM(CRC32(CONCAT(position, ',', movie_id))) FROM test_movie), (SELECT SUM(CRC32(CONCAT(mark, "
    "subject_id))) FROM mark), (SELECT SUM(CRC32(CONCAT(list, position, "
    "',', character_id, because_json))) FROM test_result), (SELECT SUM(CRC32(character_id)) FROM "
    "character_like), (SELECT SUM(CRC32(CONCAT(character_id, mbti, IFNULL(enneagram, '-')))) FROM "
    "character_vote), (SELECT SUM(CRC32(CONCAT_WS(',', kind, test_id IS NULL, character_id, movie_id, list, "
    "position))) FROM event), (SELECT GROUP_CONCAT(CONCAT(kind, '=', n) ORDER BY kind) FROM (SELECT kind, "
    "SUM(n) n FROM counter GROUP BY kind) c))";

static void run(const char *sql)
{
    struct fail why = {0};
    CHECK_MSG(db_exec_text(db, sql, strlen(sql), &why) == ERR_OK, "%.60s: %s", sql, why.text);
}

static void read_state(char out[STATE])
{
    static const struct db_sql statement = {"state", state_sql};
    struct db_rows rows;
    struct fail why = {0};
    out[0] = '\0';
    if (db_first(db, &statement, DB_NOTHING, &rows, &why) == ERR_OK) {
        snprintf(out, STATE, "%s", db_get_text(&rows, 0));
        CHECK_MSG(db_end(&rows, &why) == ERR_OK, "%s", why.text);
    }
    CHECK_MSG(out[0] != '\0', "%s", why.text);
}

/* CALL restore() brings back what the tables hold now. */
static void keep_tables(void)
{
    struct buf procedure = {0};
    char sql[200];
    buf_puts(&procedure, "CREATE PROCEDURE restore() BEGIN ");
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        snprintf(sql, sizeof sql, "CREATE TABLE kept_%s AS SELECT * FROM %s", tables[i], tables[i]);
        run(sql);
        buf_printf(&procedure, "DELETE FROM %s; INSERT INTO %s SELECT * FROM kept_%s; ", tables[i], tables[i],
                   tables[i]);
    }
    buf_puts(&procedure, "END");
    run(buf_str(&procedure));
    buf_free(&procedure);
    read_state(clean);
}

static void restore(const struct question *q)
{
    if (q->writes)
        run("CALL restore()");
}

/* ---- a request ---- */

static bool said_so; /* the log named the cause */

static void hear(void *arg, enum log_level level, const char *line, size_t n)
{
    (void)arg;
    said_so = said_so || (level >= LOG_WARNING && memmem(line, n, "memory", 6) != NULL);
}

static struct buf pieces;

static bool take(void *arg, const char *bytes, size_t n)
{
    (void)arg;
    bool before = failing_pause(true);
    buf_put(&pieces, bytes, n);
    failing_pause(before);
    return true;
}

/* As a worker that has just started: nothing is kept, no statement is prepared. */
static void start_anew(void)
{
    arena_free(&f.site.arena);
    response_free(&f.site.response);
    buf_free(&f.site.serving.shell);
    f.site.serving.shell_read = (struct file_version){0};
    f.site.serving.shell_unreadable = (struct lasting){0};
    db_free(f.site.db);
    f.site.db = db_new(&f.config, 0);
    f.site.tests_counted = 0;
    f.site.callbacks = f.site.callback_addresses = f.site.refused_browsers = (struct limit){0};
    buf_free(&pieces);
}

static int send_form(const struct question *q)
{
    struct request r = {.method = q->method,
                        .id = "a-request",
                        .content_type = "application/json",
                        .fetch_site = "same-origin",
                        .address = "192.0.2.1",
                        .idempotency_key = q->key,
                        .cookie = q->who == OWNER     ? cookie
                                  : q->who == BROWSER ? login_cookie
                                                      : "",
                        .csrf = q->who == OWNER ? csrf : ""};
    said_so = false;
    f.site.response.sink = strstr(q->target, "/export") != NULL ? take : NULL;
    return site_ask_as(&f, &r, q->target, q->body, q->body != NULL ? strlen(q->body) : 0);
}

/* An answer that was read, without the moment at which it was made. */
static void says(struct torture_result *out, const char *text, size_t n)
{
    static const char member[] = "\"exported\":\"";
    const char *time = memmem(text, n, member, sizeof member - 1);
    size_t before = time != NULL ? (size_t)(time - text) + sizeof member - 1 : n;
    torture_says(out, text, before);
    if (time != NULL)
        torture_says(out, text + before + strcspn(text + before, "\""),
                     n - before - strcspn(text + before, "\""));
}

static bool is_marked(const struct question *q, const char *body)
{
    return strstr(body, q->marks[0]) != NULL || (q->marks[1] != NULL && strstr(body, q->marks[1]) != NULL);
}

/* What the web server got. */
struct got {
    int status;
    bool broken, problem;
    struct torture_result answer;
    const char *body;
};

static struct got receive(struct buf *head)
{
    const struct response *r = &f.site.response;
    struct response_part parts[2];
    response_parts(r, head, parts);
    struct got g = {.status = r->begun ? r->status : atoi(parts[0].text + strlen("Status: ")),
                    .broken = r->begun && r->broken,
                    .problem = strstr(parts[0].text, "application/problem+json\r\n") != NULL,
                    .body = parts[1].text};
    says(&g.answer, r->begun ? buf_str(&pieces) : parts[1].text, r->begun ? pieces.len : parts[1].n);
    return g;
}

static enum err meaning(const struct question *q, const struct got *g)
{
    if (!g->broken && g->status == q->status && (q->writes || g->answer.hash == q->answer))
        return ERR_OK;
    if (!g->broken && q->without != 0 && g->status == q->without && is_marked(q, g->body))
        return said_so || !q->writes ? ERR_NOMEM : ERR_FAULT;
    bool refused = g->broken || g->status == 503 || (g->status == 500 && g->problem);
    return refused && said_so ? ERR_NOMEM : ERR_FAULT;
}

static enum err judge(const struct question *q, struct fail *why)
{
    struct buf head = {0};
    struct got g = receive(&head);
    enum err rc = meaning(q, &g);
    if (rc != ERR_OK)
        fail_set(why, rc, "%d%s %.300s", g.status, said_so ? "" : ", and the log does not say why:", g.body);
    buf_free(&head);
    return rc;
}

/* Whole, or not at all. */
static enum err look(const struct question *q, enum err rc, struct fail *why)
{
    char now[STATE];
    read_state(now);
    bool whole = strcmp(now, q->right) == 0, nothing = strcmp(now, clean) == 0;
    if (whole || (nothing && rc != ERR_OK))
        return rc;
    return fail_set(why, ERR_FAULT, "answered with %d: there was\n%s\nthere is\n%s\nright is\n%s",
                    f.site.response.status, clean, now, q->right);
}

/* On the connection that the failure left. A key makes one of both. */
static enum err ask_again(const struct question *q, struct fail *why)
{
    char now[STATE];
    if (q->key == NULL)
        restore(q);
    if (send_form(q) != q->status)
        return fail_set(why, ERR_FAULT, "again: %d %.300s", f.site.response.status,
                        buf_str(&f.site.response.body));
    read_state(now);
    return strcmp(now, q->right) == 0
               ? ERR_OK
               : fail_set(why, ERR_FAULT, "again: there is\n%s\nright is\n%s", now, q->right);
}

static enum err ask(void *arg, struct torture_result *out, struct fail *why)
{
    const struct question *q = arg;
    struct fail ignored;
    (void)out;
    send_form(q);
    failing_pause(true);
    enum err rc = look(q, judge(q, why), why), again = rc;
    if (rc == ERR_OK || rc == ERR_NOMEM)
        again = ask_again(q, rc == ERR_OK ? why : &ignored);
    if (again == ERR_FAULT && rc == ERR_NOMEM)
        *why = ignored;
    restore(q);
    start_anew();
    failing_pause(false);
    return again == ERR_FAULT ? ERR_FAULT : rc;
}

static bool question(struct question *q)
{
    start_anew();
    int status = send_form(q);
    CHECK_MSG(status == q->status, "%s: %d %.300s", q->target, status, buf_str(&f.site.response.body));
    struct buf head = {0};
    q->answer = receive(&head).answer.hash;
    buf_free(&head);
    read_state(q->right);
    CHECK_MSG((strcmp(q->right, clean) != 0) == q->writes, "%s", q->target);
    restore(q);
    start_anew();
    return torture(q->target, ask, q);
}

static void ask_all(struct question *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        CHECK_MSG(question(&rows[i]), "%s", rows[i].target);
}
#define ASK(rows) ask_all(rows, sizeof rows / sizeof *(rows))

/* ---- what is asked ---- */

/* What follows the six are members by name. */
#define ASKED(METHOD, TARGET, WHO, BODY, STATUS, WRITES, ...)                                                \
    {                                                                                                        \
        .method = METHOD, .target = TARGET, .who = WHO, .body = BODY, .status = STATUS, .writes = WRITES,    \
        __VA_ARGS__                                                                                          \
    }

static void tests_are_stored_whole_or_not_at_all(void)
{
    static struct question rows[] = {
        ASKED(HTTP_POST, "/api/v1/tests", GUEST, TEST, 201, true, UNSAVED),
        ASKED(HTTP_POST, "/api/v1/tests", GUEST, TEST, 201, true, .key = KEY, UNSAVED),
        ASKED(HTTP_POST, "/api/v1/tests", OWNER, TEST, 201, true, UNSAVED),
        ASKED(HTTP_PUT, "/api/v1/tests/" TOKEN "/feedback", OWNER, "{\"value\":\"up\"}", 204, true),
        ASKED(HTTP_DELETE, "/api/v1/me/tests/" TOKEN, OWNER, "{}", 204, true),
    };
    ASK(rows);
}

static void likes_votes_and_events_are_stored_whole_or_not_at_all(void)
{
    static struct question rows[] = {
        ASKED(HTTP_PUT, "/api/v1/characters/1012/like", GUEST, "{}", 200, true),
        ASKED(HTTP_PUT, "/api/v1/characters/1012/like", OWNER, "{}", 200, true),
        ASKED(HTTP_DELETE, "/api/v1/characters/1011/like", OWNER, "{}", 200, true),
        ASKED(HTTP_PUT, "/api/v1/characters/1012/mark", GUEST, "{\"mark\":\"seen\"}", 200, true),
        ASKED(HTTP_PUT, "/api/v1/characters/1012/mark", OWNER, "{\"mark\":\"not_me\"}", 200, true),
        ASKED(HTTP_DELETE, "/api/v1/characters/1011/mark", OWNER, "{\"mark\":\"not_me\"}", 200, true),
        ASKED(HTTP_PUT, "/api/v1/characters/1012/vote", OWNER, VOTE, 200, true),
        ASKED(HTTP_DELETE, "/api/v1/characters/1011/vote", OWNER, "{}", 200, true),
        ASKED(HTTP_POST, "/api/v1/events", OWNER, EVENTS, 202, true),
        ASKED(HTTP_POST, "/api/v1/events", GUEST, EVENTS, 202, true, .key = KEY),
    };
    ASK(rows);
}

static void what_is_read_is_read_whole(void)
{
    static struct question rows[] = {
        ASKED(HTTP_GET, "/api/v1/recommendations?mbti=INFP&enneagram=4w5&movies=101,102,103", GUEST, NULL,
              200, false),
        ASKED(HTTP_GET, "/api/v1/tests/" TOKEN, OWNER, NULL, 200, false),
        ASKED(HTTP_GET, "/api/v1/me", OWNER, NULL, 200, false),
        ASKED(HTTP_GET, "/api/v1/me/tests", OWNER, NULL, 200, false),
        ASKED(HTTP_GET, "/api/v1/me/likes", OWNER, NULL, 200, false),
        ASKED(HTTP_GET, "/api/v1/me/votes", OWNER, NULL, 200, false),
        ASKED(HTTP_GET, "/api/v1/me/marks", OWNER, NULL, 200, false),
        ASKED(HTTP_GET, "/api/v1/me/sessions", OWNER, NULL, 200, false),
        ASKED(HTTP_GET, "/api/v1/me/export", OWNER, NULL, 200, false),
        ASKED(HTTP_GET, "/r/" TOKEN, GUEST, NULL, 200, false),
    };
    ASK(rows);
}

/* These do without the database where it is away, and so they do when memory is short there. */
static void pages_that_need_no_database_go_on(void)
{
    static struct question rows[] = {
        ASKED(HTTP_GET, "/api/v1/home", OWNER, NULL, 200, false, .without = 200,
              .marks = {"\"tests\":null", "\"mine\":null"}),
        ASKED(HTTP_GET, "/api/v1/characters/1011", OWNER, NULL, 200, false, .without = 200,
              .marks = {"\"likes\":null"}),
    };
    ASK(rows);
}

static void leaving_is_whole_or_not_at_all(void)
{
    static struct question rows[] = {
        ASKED(HTTP_POST, "/auth/logout", OWNER, "{}", 204, true),
        ASKED(HTTP_DELETE, "/api/v1/me", OWNER, "{\"confirm\":\"delete\"}", 204, true),
    };
    ASK(rows);
}

/* An account is made with its first session, or neither; the code is used up either way. */
static void signing_in_is_whole_or_not_at_all(void)
{
    static struct question rows[] = {
        ASKED(HTTP_GET, "/auth/naver?return=/liked", GUEST, NULL, 303, true),
        ASKED(HTTP_GET, "/auth/naver?return=/liked&action=link", OWNER, NULL, 303, true),
        ASKED(HTTP_GET, callback, BROWSER, NULL, 303, true),
    };
    ASK(rows);
}

/* Begins to sign in as somebody new. */
static void make_browser(void)
{
    char state[64];
    struct browser b = browser_new(&f);
    CHECK_INT(browser_ask(&b, "/auth/naver?return=/liked"), 303);
    snprintf(login_cookie, sizeof login_cookie, "mvti-login=%s", b.login);
    snprintf(callback, sizeof callback, "/auth/naver/callback?state=%s&code=newcomer",
             browser_state(&b, state));
    f.cookie[0] = '\0';
    run("UPDATE login_attempt SET expires_at = expires_at + INTERVAL 1 DAY"); /* all tries take longer than it lives */
}

/* With nothing failing: what goes in pieces begins as every other answer. */
static void an_export_has_its_head(void)
{
    struct request r = {.method = HTTP_GET, .cookie = cookie};
    start_anew();
    f.site.response.sink = take;
    CHECK_INT(site_ask_as(&f, &r, "/api/v1/me/export", NULL, 0), 200);
    CHECK(f.site.response.begun && !f.site.response.broken);
    static const char *const heads[] = {"Status: 200 OK\r\n",
                                        "\r\nContent-Type: application/json; charset=utf-8\r\n",
                                        "\r\nCache-Control: private, no-store\r\n",
                                        "\r\nX-Request-Id: ",
                                        "\r\nX-CSRF-Token: ",
                                        "\r\n\r\n{\"exported\":"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        CHECK_MSG(strstr(buf_str(&pieces), heads[i]) != NULL, "%s", heads[i]);
    CHECK(pieces.data[pieces.len - 1] == '}');
    start_anew();
    r.id = "of-the-front";
    site_ask_as(&f, &r, "/api/v1/me/export", NULL, 0);
    CHECK(strstr(buf_str(&pieces), "X-Request-Id") == NULL);
    f.site.response.sink = NULL;
    start_anew();
}

/* Somebody with an account who has done something of everything, an hour ago. */
static void make_owner(void)
{
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests", TEST), 201);
    run("UPDATE test SET token = '" TOKEN "'");
    run("INSERT INTO account (visitor_id, display_name) SELECT visitor_id, 'Owner' FROM visitor");
    run("INSERT INTO identity (visitor_id, provider, issuer, subject) SELECT visitor_id, 'naver', "
        "'https://issuer', 'someone' FROM visitor");
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1011/like", "{}"), 200);
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1011/mark", "{\"mark\":\"not_me\"}"), 200);
    CHECK_INT(site_ask(&f, HTTP_PUT, "/api/v1/characters/1011/vote", "{\"mbti\":\"INFJ\"}"), 200);
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/events", EVENTS), 202);
    run("UPDATE session SET last_seen_at = last_seen_at - INTERVAL 2 HOUR");
    snprintf(cookie, sizeof cookie, "%s", f.cookie);
    struct session s;
    session_from_token(&s, &f.site.keys, strchr(cookie, '=') + 1);
    session_csrf_token(&s, csrf);
    f.cookie[0] = '\0';
}

int main(void)
{
    db = tables_start(&server, "mvti_torture");
    site_make(&f, 40, &server.config);
    f.config.rate_limits = 1;
    log_set_sink(hear, NULL, LOG_DEBUG);
    login_provider_open(&f);
    make_owner();
    make_browser();
    keep_tables();
    torture_tries(5);
    RUN(an_export_has_its_head);
    RUN(tests_are_stored_whole_or_not_at_all);
    RUN(likes_votes_and_events_are_stored_whole_or_not_at_all);
    RUN(what_is_read_is_read_whole);
    RUN(pages_that_need_no_database_go_on);
    RUN(leaving_is_whole_or_not_at_all);
    RUN(signing_in_is_whole_or_not_at_all);
    login_provider_close();
    site_free(&f);
    buf_free(&pieces);
    db_free(db);
    mariadb_stop(&server);
    return check_done();
}
