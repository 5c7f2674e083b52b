/* Every statement of the queue for Google Analytics is refused once, by the real server: what is one step is done whole or not at all, and
 * nothing is ever sent of which the queue does not know. */
#include "tests/check.h"

#include "fixture/refusing.h"
#include "fixture/tables.h"
#include "store/outbox.h"
#include "store/visitor_event.h"

static struct mariadb server;
static struct db *db;

static int64_t number(const char *sql)
{
    return tables_number(&server, sql);
}

/* Three events of a visitor wait, one of them too old, and one is left of a killed process. */
static void set(void)
{
    struct visitor_event events[4];
    tables_run(&server, "DELETE FROM outbox");
    tables_run(&server, "DELETE FROM event");
    tables_run(&server, "INSERT IGNORE INTO visitor (visitor_id, created_at) VALUES (1, NOW())");
    for (size_t i = 0; i < 4; i++) {
        events[i] = visitor_event_of("click");
        events[i].position = (int)i;
        events[i].shared = true;
    }
    CHECK(visitor_event_store(db, 1, events, 4, NULL) == ERR_OK);
    tables_run(&server,
               "UPDATE event SET created_at = UTC_TIMESTAMP(3) - INTERVAL 80 HOUR WHERE position = 3");
    tables_run(&server,
               "UPDATE outbox o JOIN event e ON e.event_id = o.event_id SET o.taken_at = UTC_TIMESTAMP(3) - "
               "INTERVAL 3 MINUTE WHERE e.position = 2");
    tables_run(&server, "UPDATE outbox SET queued_at = UTC_TIMESTAMP(3) - INTERVAL 80 HOUR");
    tables_run(&server,
               "UPDATE outbox_state SET client_key = NULL, late = 0, unsure = 0, sent = 0, failures = 0");
}

/* What the tables hold, in a number. */
static int64_t sum(void)
{
    return number(
        "SELECT CAST((SELECT COUNT(*) + 10 * COALESCE(SUM(taken_at IS NOT NULL), 0) FROM outbox) + 100 * "
        "(sent + 3 * unsure + 7 * late + 11 * failures) + 10000 * (client_key IS NOT NULL) AS SIGNED) FROM "
        "outbox_state");
}

static enum err take(enum outbox_end end, struct fail *why)
{
    struct arena a = {0};
    struct outbox_batch b;
    const struct outbox_outcome outcome = {end, "no", 60};
    enum err rc = outbox_next(db, &a, &b, why);
    if (rc == ERR_OK)
        rc = outbox_take(db, &b, why);
    if (rc == ERR_OK)
        rc = outbox_settle(db, &b, &outcome, why);
    arena_free(&a);
    return rc;
}

static enum err sent(struct fail *why)
{
    return take(OUTBOX_SENT, why);
}

static enum err waits(struct fail *why)
{
    return take(OUTBOX_WAITS, why);
}

static enum err tidy(struct fail *why)
{
    int64_t late, unsure;
    enum err rc = outbox_tidy(db, &late, &unsure, why);
    CHECK(rc == ERR_OK || (late == 0 && unsure == 0));
    return rc;
}

static enum err expire(struct fail *why)
{
    int64_t n;
    return outbox_expire(db, 2, &n, why);
}

static enum err clear(struct fail *why)
{
    int64_t n;
    return outbox_clear(db, 100, &n, why);
}

static enum err key(struct fail *why)
{
    uint8_t bytes[OUTBOX_KEY];
    return outbox_key(db, bytes, why);
}

static enum err state(struct fail *why)
{
    struct outbox_state s;
    return outbox_read(db, &s, why);
}

static enum err withdraw(struct fail *why)
{
    return outbox_withdraw(db, 1, why);
}

static enum err store(struct fail *why)
{
    struct visitor_event e = visitor_event_of("click");
    e.shared = true;
    return visitor_event_store(db, 1, &e, 1, why);
}

static void every_step_is_whole(void)
{
    static const struct {
        enum err (*step)(struct fail *why);
        bool one;   /* a transaction: nothing has changed then */
        bool looks; /* it changes nothing anyway */
    } steps[] = {{sent, false, false},   {waits, false, false},   {tidy, true, false},
                 {expire, false, false}, {clear, true, false},    {key, true, false},
                 {state, true, true},    {withdraw, true, false}, {store, false, false}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct fail why = {0};
        set();
        int64_t before = sum();
        refusing_begin(REFUSAL_FULL, 0, false);
        CHECK_MSG(steps[i].step(&why) == ERR_OK, "step %zu: %s", i, why.text);
        size_t n = refusing_end();
        CHECK(n > 0 && (steps[i].looks || sum() != before || steps[i].step == waits));
        for (size_t k = 1; k <= n; k++) {
            set();
            before = sum();
            refusing_begin(REFUSAL_FULL, k, false);
            enum err rc = steps[i].step(&why);
            refusing_end();
            CHECK_MSG(rc != ERR_OK, "step %zu, statement %zu (%s)", i, k, refusing_what());
            CHECK_MSG(!steps[i].one || sum() == before, "step %zu, statement %zu (%s)", i, k,
                      refusing_what());
        }
    }
}

int main(void)
{
    db = tables_start(&server, "mvti_refused_outbox_test");
    RUN(every_step_is_whole);
    db_free(db);
    mariadb_stop(&server);
    return check_done();
}
