/* What publishing reads of likes: the counters, whatever their slots, and nothing else that is counted. */
#include "store/like_totals.h"

#include "fixture/tables.h"
#include "store/counter.h"
#include "tests/check.h"

static struct mariadb server;
static struct db *db;
static struct arena arena;

static struct like_totals totals(void)
{
    struct like_totals t = {0};
    struct fail why = {0};
    CHECK_MSG(like_totals_read(db, &arena, &t, &why) == ERR_OK, "%s", why.text);
    return t;
}

static void nobody_likes_anybody_at_first(void)
{
    struct like_totals t = totals();
    CHECK_INT(t.n, 0);
    CHECK_INT(like_totals_of(&t, 7), 0);
}

static void a_total_is_the_sum_of_its_slots(void)
{
    tables_run(&server,
               "INSERT INTO counter (kind, subject, part, slot, n) VALUES ('likes', 20, '', 0, 5), ('likes', "
               "20, '', 3, -2), ('likes', 7, '', 15, 1), ('likes', 9, '', 1, 2), ('likes', 9, '', 2, -2), "
               "('votes', 7, 'INFP', 0, 40), ('tests', 0, '', 1, 9), ('visitor.likes', 20, '', 0, 100)");
    struct like_totals t = totals();
    CHECK_INT(t.n, 2); /* 9 has none any more */
    CHECK(t.n == 2 && t.rows[0].character_id == 7 && t.rows[1].character_id == 20);
    CHECK_INT(like_totals_of(&t, 7), 1);
    CHECK_INT(like_totals_of(&t, 20), 3);
    CHECK_INT(like_totals_of(&t, 8) + like_totals_of(&t, 9) + like_totals_of(&t, 21), 0);
}

static void add(int64_t visitor_id, int64_t by)
{
    struct fail why = {0};
    CHECK(db_begin(db, &why) == ERR_OK);
    CHECK_MSG(counter_add(db, &(struct counter_change){COUNTER_LIKES, 8, NULL, visitor_id, by}, &why) ==
                  ERR_OK,
              "%s", why.text);
    CHECK(db_commit(db, &why) == ERR_OK);
}

/* Taken back by another than who gave, as after a merge: another slot, the same sum. */
static void what_a_visitor_adds_is_in_it(void)
{
    for (int64_t visitor = 1; visitor <= 40; visitor++)
        add(visitor, 1);
    struct like_totals t = totals();
    CHECK_INT(like_totals_of(&t, 8), 40);
    for (int64_t visitor = 41; visitor <= 80; visitor++)
        add(3 * visitor, -1);
    t = totals();
    CHECK_INT(like_totals_of(&t, 8), 0);
    CHECK_INT(t.n, 2);
}

int main(void)
{
    db = tables_start(&server, "mvti_like_totals");
    RUN(nobody_likes_anybody_at_first);
    RUN(a_total_is_the_sum_of_its_slots);
    RUN(what_a_visitor_adds_is_in_it);
    db_free(db);
    arena_free(&arena);
    mariadb_stop(&server);
    return check_done();
}
