/* lib/store/change and what an export reads: nothing that was committed is left out, in whatever order it was. */
#include "tests/check.h"

#include "fixture/tables.h"
#include "store/export_rows.h"
#include "store/retention.h"
#include "store/rollup.h"

static struct mariadb server;
static struct db *db, *other;
static struct arena arena;

static int64_t number(const char *text)
{
    return tables_number(&server, text);
}

static int64_t seal(void)
{
    struct fail why = {0};
    int64_t batch = 0;
    CHECK_MSG(change_seal(db, &batch, &why) == ERR_OK, "%s", why.text);
    return batch;
}

/* ---- what an export would bring ---- */

struct brought {
    int64_t rows, gone, sum, gone_sum;
};

static enum err count_row(void *arg, struct db_rows *rows, unsigned first, struct fail *why)
{
    struct brought *b = arg;
    (void)why;
    b->rows++;
    b->sum += db_get_int(rows, first);
    return ERR_OK;
}

static enum err count_gone(void *arg, int64_t a, int64_t b, struct fail *why)
{
    struct brought *found = arg;
    (void)b;
    (void)why;
    found->gone++;
    found->gone_sum += a;
    return ERR_OK;
}

static struct brought bring(const char *table, int64_t after, int64_t until)
{
    struct fail why = {0};
    struct brought found = {0};
    struct export_columns columns;
    const struct export_table *t = export_table_find(table);
    const struct export_sink sink = {&found, count_row, count_gone};
    const struct export_question question = {
        t, &columns, {.after = after, .until = until, .whole = after == 0}, &arena};
    CHECK_MSG(export_table_columns(db, t, &arena, &columns, &why) == ERR_OK, "%s", why.text);
    CHECK_MSG(export_rows(db, &question, &sink, &why) == ERR_OK, "%s: %s", table, why.text);
    return found;
}

/* ---- tests ---- */

static void test_what_is_committed_later_comes_later(void)
{
    struct fail why = {0};
    int64_t before = seal();
    CHECK(db_begin(other, &why) == ERR_OK);
    CHECK_MSG(change_one(other, CHANGE_TEST, 7, &why) == ERR_OK, "%s", why.text);
    CHECK(db_begin(db, &why) == ERR_OK && change_one(db, CHANGE_TEST, 8, &why) == ERR_OK &&
          db_commit(db, &why) == ERR_OK);
    /* The younger one is committed, the older one is not: sealing neither waits for it nor counts it in. */
    int64_t first = seal();
    CHECK_INT(first, before + 1);
    CHECK_INT(bring("test", before, first).gone_sum, 8);
    CHECK(db_commit(other, &why) == ERR_OK);
    int64_t second = seal();
    CHECK_INT(bring("test", first, second).gone_sum, 7);
    CHECK_INT(bring("test", before, second).gone_sum, 15);
    CHECK_INT(number("SELECT COUNT(*) FROM change_new"), 0);
}

static void test_what_is_rolled_back_is_no_change(void)
{
    struct fail why = {0};
    int64_t before = seal();
    CHECK(db_begin(other, &why) == ERR_OK && change_one(other, CHANGE_TEST, 9, &why) == ERR_OK);
    db_rollback(other);
    CHECK_INT(bring("test", before, seal()).gone, 0);
}

/* More than a piece, some of it twice. */
static void test_many_changes_are_one_batch(void)
{
    int64_t before = seal();
    tables_run(&server, "INSERT INTO change_new (what, a, b) SELECT 'view', 1 + seq % 2500, 1 + seq % 2500 "
                        "FROM " TABLES_NUMBERS("3333"));
    int64_t batch = seal();
    CHECK_INT(batch, before + 1);
    struct brought found = bring("view", before, batch);
    CHECK_INT(found.gone, 2500);
    CHECK_INT(found.gone_sum, 2500 * 2501 / 2);
}

static void test_ranges_of_events_bring_rows_and_what_is_missing(void)
{
    int64_t before = seal();
    tables_run(&server, "INSERT INTO event (event_id, visitor_id, kind, created_at) SELECT seq * 2, 1, "
                        "'click', NOW() FROM " TABLES_NUMBERS("20") " WHERE seq >= 10");
    tables_run(&server, "INSERT INTO change_new (what, a, b) VALUES ('event', 20, 30), ('event', 25, 33), "
                        "('event', 34, 34), ('event', 39, 39), "
                        "('event', 40, 40)");
    struct brought found = bring("event", before, seal());
    CHECK_INT(found.rows, 9); /* 20, 22 … 34, 40 */
    CHECK_INT(found.sum, (20 + 34) * 8 / 2 + 40);
    CHECK_INT(found.gone, 8); /* 21, 23 … 33, 39 */
    CHECK_INT(found.gone_sum, (21 + 33) * 7 / 2 + 39);
    tables_run(&server, "DELETE FROM event");
}

/* As large as several pages of the database's answers. */
static void test_whole_tables_come_in_pages(void)
{
    tables_run(&server, "INSERT INTO event (event_id, visitor_id, kind, created_at) SELECT seq * 3, 1, "
                        "'click', NOW() FROM " TABLES_NUMBERS("45000"));
    tables_run(&server,
               "INSERT INTO character_like (visitor_id, character_id, created_at) SELECT 1 + (seq - 1) "
               "DIV 100, (seq - 1) % 100, NOW() FROM " TABLES_NUMBERS("45000"));
    struct brought events = bring("event", 0, 1), likes = bring("like", 0, 1);
    CHECK_INT(events.rows, 45000);
    CHECK_INT(events.sum, (int64_t)3 * 45000 * 45001 / 2);
    CHECK_INT(likes.rows, 45000);
    CHECK_INT(likes.sum, (int64_t)100 * 450 * 451 / 2);
}

static void test_retention_says_what_it_deletes(void)
{
    struct fail why = {0};
    int64_t n, last, before;
    tables_run(&server, "UPDATE event SET created_at = '2020-01-01' WHERE event_id <= 3000");
    tables_run(&server, "INSERT INTO list_view (view_id, list, created_at) SELECT seq * 7919, 'same', "
                        "'2020-01-01' FROM " TABLES_NUMBERS("50"));
    CHECK(rollup_some(db, 100000, &n, &why) == ERR_OK);
    tables_run(&server, "UPDATE rollup_state SET event_id = 1000000");
    before = seal();
    CHECK_MSG(retention_events(db, 1600000000, 300, &n, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(n, 300);
    CHECK_MSG(retention_list_views(db, 1600000000, 30, &n, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(n, 30);
    last = seal();
    struct brought events = bring("event", before, last), views = bring("view", before, last);
    CHECK_INT(events.rows, 0);
    CHECK(events.gone >= 300 && events.gone <= 900);
    CHECK_INT(views.gone, 30);
    CHECK_INT(views.rows, 0);
    /* Nothing is old any more: no range of nothing. */
    CHECK(retention_events(db, 1000, 300, &n, &why) == ERR_OK && n == 0);
    CHECK_INT(bring("event", last, seal()).gone, 0);
}

static void test_what_is_forgotten_is_known_to_be(void)
{
    struct fail why = {0};
    struct change_span span;
    int64_t n = 0, batch;
    tables_run(&server, "INSERT INTO change_new (what, a, b) VALUES ('test', 1, 1)");
    batch = seal();
    tables_run(&server, "INSERT INTO change_new (what, a, b) VALUES ('test', 2, 2)");
    seal();
    tables_run(&server, "UPDATE change_batch SET sealed_at = sealed_at - INTERVAL 40 DAY WHERE batch <= "
                        "(SELECT a FROM (SELECT MAX(batch) - 1 AS a "
                        "FROM change_batch) b)");
    do
        CHECK_MSG(change_expire(db, 30, 1000, &n, &why) == ERR_OK, "%s", why.text);
    while (n == 1000);
    CHECK(change_span(db, &span, &why) == ERR_OK);
    CHECK_INT(span.oldest, batch);
    CHECK(span.newest > batch + 1);
    CHECK_INT(bring("test", span.oldest, span.newest).gone_sum, 2);
    CHECK_INT(number("SELECT COUNT(*) FROM change_log WHERE batch <= (SELECT MIN(batch) FROM change_batch)"),
              0);
}

int main(void)
{
    db = tables_start(&server, "mvti_change_test");
    if (db == NULL)
        return 1;
    other = db_new(&server.config, 0);
    RUN(test_what_is_committed_later_comes_later);
    RUN(test_what_is_rolled_back_is_no_change);
    RUN(test_many_changes_are_one_batch);
    RUN(test_ranges_of_events_bring_rows_and_what_is_missing);
    RUN(test_whole_tables_come_in_pages);
    RUN(test_retention_says_what_it_deletes);
    RUN(test_what_is_forgotten_is_known_to_be);
    db_free(other);
    db_free(db);
    arena_free(&arena);
    mariadb_stop(&server);
    return check_done();
}
