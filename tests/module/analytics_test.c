/* mvti analytics on a real database: what waits is sent once to a stand-in of Google's server, whatever that answers. */
#include "tests/check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixture/peer.h"
#include "fixture/program.h"
#include "fixture/tables.h"
#include "store/outbox.h"
#include "store/visitor_event.h"

static struct mariadb server;
static struct db *db;
static struct program program = {.server = &server, .settings = "--quiet --set reference_dir=sql/reference"};
static struct peer peer;

/* What the stand-in answers, and what it heard. */
static const char *status = "204 No Content", *body = "";
static bool silent; /* it closes without a word */
static int asked;
static char heard[8000];

static void answer(int connection, const char *request)
{
    static const char good[] = "{\"validationMessages\":[]}";
    const char *start = strstr(request, "\r\n\r\n");
    bool judging =
        strncmp(request, "POST /debug/mp/collect?measurement_id=G-TEST1&api_secret=s%2F1 ", 63) == 0;
    CHECK(judging || strncmp(request, "POST /mp/collect?measurement_id=G-TEST1&api_secret=s%2F1 ", 57) == 0);
    asked += !judging;
    if (!judging)
        snprintf(heard, sizeof heard, "%s", start != NULL ? start + 4 : "");
    if (silent && !judging)
        return;
    const char *text = body[0] == '\0' && judging ? good : body;
    peer_send(connection, judging && status[0] == '2' ? "200 OK" : status, text, strlen(text));
}

static int64_t number(const char *sql)
{
    return tables_number(&server, sql);
}

static int mvti(const char *words)
{
    char whole[500];
    snprintf(whole, sizeof whole,
             "--set analytics_id=G-TEST1 --set analytics_secret_file=\"$D/secret\" --set "
             "analytics_url=http://127.0.0.1:%d/ %s",
             peer.port, words);
    return program_run(&program, whole);
}

#define SAYS(words, code, text)                                                                              \
    CHECK_MSG(mvti(words) == (code) && strstr(buf_str(&program.said), text) != NULL, "%s",                   \
              buf_str(&program.said))

/* n clicks of a visitor, as a worker stores them. */
static void happen(int64_t visitor_id, size_t n, bool shared)
{
    struct visitor_event events[40];
    struct fail why = {0};
    for (size_t i = 0; i < n; i++) {
        events[i] = visitor_event_of("click");
        events[i].list = "same";
        events[i].position = (int)i;
        events[i].shared = shared;
    }
    CHECK_MSG(visitor_event_store(db, visitor_id, events, n, &why) == ERR_OK, "%s", why.text);
}

static void fresh(void)
{
    status = "204 No Content";
    body = "";
    silent = false;
    asked = 0;
    tables_run(&server, "DELETE FROM outbox");
    /* mvti sessions takes away guests who have none. */
    tables_run(
        &server,
        "INSERT IGNORE INTO visitor (visitor_id, created_at) SELECT seq, '2026-03-01' FROM " TABLES_NUMBERS(
            "5"));
    tables_run(
        &server,
        "INSERT IGNORE INTO first_visit (visitor_id, path, device, locale, bot, created_at) VALUES (3, '/', "
        "'phone', 'ko', 1, UTC_TIMESTAMP(3)), (2, '/c', 'tablet', 'en', 0, UTC_TIMESTAMP(3))");
    tables_run(&server,
               "UPDATE outbox_state SET sent = 0, unsure = 0, late = 0, sent_at = NULL, failures = 0, "
               "retry_at = NULL, problem = ''");
}

#define WAITING "SELECT COUNT(*) FROM outbox WHERE taken_at IS NULL"

static void what_was_agreed_to_waits_and_is_sent_once(void)
{
    fresh();
    happen(1, 5, false);
    CHECK_INT(number("SELECT COUNT(*) FROM outbox"), 0);
    happen(1, 33, true);
    happen(2, 1, true);
    CHECK_INT(number(WAITING), 34);
    CHECK_INT(number("SELECT COUNT(*) FROM outbox o JOIN event e ON e.event_id = o.event_id"), 34);
    SAYS("analytics send", 0, "sent 34 events in 3 requests");
    CHECK_INT(asked, 3);
    CHECK(strstr(heard, "\"name\":\"card_open\"") != NULL && strstr(heard, "\"list\":\"same\"") != NULL);
    CHECK_INT(number("SELECT COUNT(*) FROM outbox"), 0);
    CHECK_INT(number("SELECT sent FROM outbox_state"), 34);
    CHECK(mvti("analytics send") == 0 && strstr(buf_str(&program.said), "sent") == NULL);
    SAYS("analytics status", 0, "sent      34 events, the last 0 min ago");
}

static void what_is_refused_waits_and_what_nobody_answers_does_not(void)
{
    static const struct {
        const char *status;
        int code;
    } refused[] = {{"500 Oh", 69}, {"429 Slow", 69}, {"403 No", 77}, {"404 What", 65}, {"302 There", 65}};
    fresh();
    happen(1, 3, true);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        status = refused[i].status;
        int code = mvti("analytics send --now");
        CHECK_MSG(code != 0 && strstr(buf_str(&program.said), "answered with status") != NULL, "%d %s", code,
                  buf_str(&program.said));
        CHECK_INT(number(WAITING), 3);
    }
    CHECK_INT(number("SELECT failures FROM outbox_state"), 5);
    CHECK_INT(
        number(
            "SELECT CAST(TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), retry_at) BETWEEN 78 AND 80 AS SIGNED) FROM "
            "outbox_state"),
        1);
    SAYS("analytics send", 0, "the next attempt is in");
    SAYS("analytics status", 0, "status 302 (5 times in a row)");
    silent = true;
    CHECK(mvti("analytics send --now") != 0);
    CHECK(strstr(buf_str(&program.said), "3 events were sent without an answer") != NULL);
    CHECK_INT(number("SELECT COUNT(*) FROM outbox"), 0);
    CHECK_INT(number("SELECT unsure FROM outbox_state"), 3);
}

static void what_must_not_be_sent_is_not(void)
{
    fresh();
    happen(1, 2, true);
    happen(3, 2, true); /* a program */
    happen(4, 2, true); /* gone */
    happen(5, 2, true); /* takes it back */
    happen(2, 4, true); /* two of them too old, two left by a killed process */
    tables_run(&server, "DELETE FROM visitor WHERE visitor_id = 4");
    tables_run(&server,
               "UPDATE event SET created_at = UTC_TIMESTAMP(3) - INTERVAL 80 HOUR WHERE visitor_id = 2 AND "
               "position < 2 AND event_id IN (SELECT event_id FROM outbox)");
    tables_run(&server,
               "UPDATE outbox o JOIN event e ON e.event_id = o.event_id SET o.taken_at = UTC_TIMESTAMP(3) - "
               "INTERVAL 3 MINUTE WHERE e.visitor_id = 2 AND e.position >= 2");
    CHECK(outbox_withdraw(db, 5, NULL) == ERR_OK);
    SAYS("analytics send", 0, "sent 2 events in 1 requests");
    CHECK(strstr(buf_str(&program.said), "2 events were too old") != NULL);
    CHECK(strstr(buf_str(&program.said), "2 events were sent without an answer") != NULL);
    CHECK_INT(number("SELECT COUNT(*) FROM outbox"), 0);
    CHECK_INT(number("SELECT COUNT(*) FROM outbox_session WHERE visitor_id = 4"), 0);
    happen(1, 3, true);
    tables_run(&server, "UPDATE outbox SET queued_at = UTC_TIMESTAMP(3) - INTERVAL 80 HOUR");
    SAYS("sessions", 0, "deleted 3 events that were not sent to Google Analytics in time");
    CHECK_INT(number("SELECT late FROM outbox_state"), 5);
}

/* Taken back between the look and the mark: nothing is marked. */
static void a_batch_that_changed_meanwhile_is_left(void)
{
    struct arena a = {0};
    struct outbox_batch b;
    struct fail why = {0};
    uint8_t key[OUTBOX_KEY], again[OUTBOX_KEY];
    fresh();
    CHECK(outbox_next(db, &a, &b, &why) == ERR_NOT_FOUND);
    happen(1, 4, true);
    CHECK_MSG(outbox_next(db, &a, &b, &why) == ERR_OK, "%s", why.text);
    CHECK(b.n == 4 && b.visitor_id == 1);
    tables_run(&server, "DELETE FROM outbox ORDER BY event_id LIMIT 1");
    CHECK(outbox_take(db, &b, &why) == ERR_CONFLICT);
    CHECK_INT(number(WAITING), 3);
    CHECK(outbox_key(db, key, &why) == ERR_OK && outbox_key(db, again, &why) == ERR_OK);
    CHECK(memcmp(key, again, sizeof key) == 0);
    arena_free(&a);
}

static void what_is_wrong_is_named(void)
{
    fresh();
    happen(1, 1, true);
    SAYS("doctor", 69, "✓ Google Analytics: answers at http://127.0.0.1");
    tables_run(&server, "UPDATE outbox SET queued_at = UTC_TIMESTAMP(3) - INTERVAL 3 HOUR");
    SAYS("doctor", 69, "✗ Google Analytics: answers, but 1 events wait");
    status = "503 Down";
    SAYS("analytics send", 69, "not everything was sent");
    SAYS("doctor", 69, "✗ Google Analytics: answered with status 503");
    status = "204 No Content";
    SAYS("doctor", 69, "1 requests in a row were not taken: answered with status 503");
    body = "<html>";
    SAYS("doctor", 69, "the server there is not Google Analytics");
    body = "{\"validationMessages\":[{\"description\":\"no such thing\"}]}";
    SAYS("doctor", 69, "rejected the events: no such thing");
    body = "{\"validationMessages\":[{}]}";
    SAYS("doctor", 69, "it does not say why");
    SAYS("--set analytics_id=UA-1 doctor", 69, "'UA-1' is not a measurement ID");
    SAYS("--set analytics_id=UA-1 analytics send", 65, "'UA-1' is not a measurement ID");
    SAYS("--set analytics_secret_file= analytics send", 65, "no file given");
    CHECK(program_shell(&program, "echo >\"$D/empty\"; chmod 600 \"$D/empty\"") == 0);
    SAYS("--set analytics_secret_file=\"$D/empty\" analytics send", 65, "contains no secret");
    SAYS("analytics", 64, "usage");
    SAYS("analytics sing", 64, "neither 'send' nor 'status'");
    CHECK_INT(number(WAITING), 1);
    SAYS("--set analytics_id= analytics send", 0, "dropped 1 events");
    CHECK_INT(number(WAITING), 0);
}

int main(void)
{
    db = tables_start(&server, "mvti_analytics_test");
    CHECK(program_shell(&program, "umask 077; echo s/1 >\"$D/secret\"") == 0);
    peer_open(&peer, answer);
    RUN(what_was_agreed_to_waits_and_is_sent_once);
    RUN(what_is_refused_waits_and_what_nobody_answers_does_not);
    RUN(what_must_not_be_sent_is_not);
    RUN(a_batch_that_changed_meanwhile_is_left);
    RUN(what_is_wrong_is_named);
    peer_close(&peer);
    db_free(db);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
