/* Numbers that are kept beside the rows, and rows that leave in pieces: exact whoever writes at once, whoever
 * is merged or deleted, and mended where something else changed the rows. */
#include "tests/check.h"

#include <pthread.h>

#include "base/clock.h"
#include "fixture/tables.h"
#include "store/counter.h"
#include "store/retention.h"
#include "store/rollup.h"
#include "store/visitor.h"
#include "store/visitor_event.h"
#include "store/visitor_like.h"
#include "store/visitor_quiz.h"
#include "store/visitor_vote.h"

static struct mariadb server;
static struct db *db;

static int64_t number(const char *text)
{
    return tables_number(&server, text);
}

static void run_sql(const char *text)
{
    tables_run(&server, text);
}

static void empty(void)
{
    static const char *const tables[] = {
        "visitor",        "session", "account", "test",    "test_movie", "test_result", "character_like",
        "character_vote", "event",   "counter", "leaving", "day_total",  "identity"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char sql[64];
        snprintf(sql, sizeof sql, "DELETE FROM %s", tables[i]);
        run_sql(sql);
    }
}

/* How many counters say something else than the rows. */
static int64_t wrong_counters(bool mend)
{
    int64_t all = 0, wrong;
    struct fail why = {0};
    for (int kind = 0; kind < COUNTER_KINDS; kind++) {
        CHECK_MSG(counter_recount(db, (enum counter_kind)kind, mend, &wrong, &why) == ERR_OK, "%s", why.text);
        if (wrong > 0 && !mend)
            fprintf(stderr, "%s: %lld wrong\n", counter_name((enum counter_kind)kind), (long long)wrong);
        all += wrong;
    }
    return all;
}

/* ---- what visitors do, each in a transaction like the pages' ---- */

enum deed { LIKE, UNLIKE, VOTE, UNVOTE, TEST, FORGET, MERGE, DELETE };

struct doing {
    int64_t visitor, other;
    enum deed deed;
    int32_t subject;
    const char *token;
};

static enum err store_test(struct db *d, int64_t visitor, const char *token, struct fail *why)
{
    static const int32_t movies[] = {101, 102, 103};
    struct visitor_quiz_result result = {.character_id = 1011, .percent = 90, .because = "[]"};
    struct visitor_quiz t = {.token = token,
                             .visitor_id = visitor,
                             .mbti = 3,
                             .enneagram = 4,
                             .locale = "ko",
                             .snapshot_id = "s",
                             .created = clock_wall(),
                             .movies = movies,
                             .n_movies = 3,
                             .results = &result,
                             .n_results = 1};
    return visitor_quiz_store(d, &t, why);
}

static enum err do_it(struct db *d, void *arg, struct fail *why)
{
    const struct doing *x = arg;
    bool changed;
    struct visitor_vote vote = {.character_id = x->subject,
                                .mbti = (uint8_t)(x->other % MBTI_COUNT),
                                .enneagram = x->other % 3 == 0 ? ENNEAGRAM_NONE : (uint8_t)(x->other % 18)};
    enum err rc = x->deed == DELETE || x->deed == MERGE ? visitor_lock(d, x->visitor, why)
                                                        : visitor_hold(d, x->visitor, why);
    if (rc != ERR_OK)
        return rc;
    switch (x->deed) {
    case LIKE:
        return visitor_like_add(d, x->visitor, x->subject, &changed, why);
    case UNLIKE:
        return visitor_like_remove(d, x->visitor, x->subject, &changed, why);
    case VOTE:
        return visitor_vote_put(d, x->visitor, &vote, why);
    case UNVOTE:
        return visitor_vote_remove(d, x->visitor, x->subject, why);
    case TEST:
        rc = store_test(d, x->visitor, x->token, why);
        return rc == ERR_OK ? visitor_like_settle(d, x->visitor, why) : rc;
    case FORGET:
        return visitor_quiz_delete(d, x->visitor, x->token, why);
    case MERGE:
        return visitor_merge(d, x->visitor, x->other, why);
    default:
        return visitor_delete(d, x->visitor, why);
    }
}

static enum err act(struct db *d, struct doing x)
{
    struct fail why = {0};
    enum err rc = ERR_BUSY;
    for (int i = 0; i < 20 && rc == ERR_BUSY; i++) /* a test wants it done however many others write */
        rc = db_transaction(d, do_it, &x, &why);
    if (rc != ERR_OK)
        fprintf(stderr, "deed %d of %lld: %s\n", x.deed, (long long)x.visitor, why.text);
    return rc;
}

static int64_t newcomer(struct db *d)
{
    int64_t id = 0;
    CHECK(visitor_add(d, true, -1, &id, NULL) == ERR_OK);
    return id;
}

/* Whose likes count at once. */
static int64_t account(struct db *d)
{
    static const struct db_sql ACCOUNT = {"account", "INSERT INTO account (visitor_id) VALUES (?)"};
    int64_t id = newcomer(d);
    CHECK(db_exec(d, &ACCOUNT, DB_BIND(db_int(id)), NULL) == ERR_OK);
    return id;
}

static int64_t likes_of(int32_t character)
{
    int64_t likes = -1;
    bool liked;
    CHECK(visitor_like_count(db, 0, character, &likes, &liked, NULL) == ERR_OK);
    return likes;
}

/* ---- many at once ---- */

enum { WRITERS = 4, ROUNDS = 25 };

static const char *token_of(int writer, int i, char out[32])
{
    snprintf(out, 32, "writer%02dtest%04dxxxxxx", writer, i);
    return out;
}

static void *writer(void *arg)
{
    int me = (int)(intptr_t)arg;
    struct db *d = db_new(&server.config, 20000);
    int64_t guest = newcomer(d), home = account(d), leaver = account(d);
    char token[32];
    bool fine = true;
    for (int i = 0; i < ROUNDS; i++) {
        int32_t character = 1 + i % 3;
        fine = fine && act(d, (struct doing){guest, 0, LIKE, character, NULL}) == ERR_OK &&
               act(d, (struct doing){home, 0, i % 2 ? LIKE : UNLIKE, character, NULL}) == ERR_OK &&
               act(d, (struct doing){leaver, 0, LIKE, character, NULL}) == ERR_OK &&
               act(d, (struct doing){home, me + i, i % 5 ? VOTE : UNVOTE, character, NULL}) == ERR_OK &&
               act(d, (struct doing){leaver, i, VOTE, character, NULL}) == ERR_OK &&
               act(d, (struct doing){guest, 0, TEST, 0, token_of(me, i, token)}) == ERR_OK;
        if (i % 3 == 0)
            fine = fine && act(d, (struct doing){guest, 0, FORGET, 0, token}) == ERR_OK;
    }
    fine = fine && act(d, (struct doing){guest, home, MERGE, 0, NULL}) == ERR_OK &&
           act(d, (struct doing){leaver, 0, DELETE, 0, NULL}) == ERR_OK;
    db_free(d);
    return (void *)(intptr_t)fine;
}

static void counters_are_exact_whoever_writes_at_once(void)
{
    empty();
    pthread_t t[WRITERS];
    for (int i = 0; i < WRITERS; i++)
        pthread_create(&t[i], NULL, writer, (void *)(intptr_t)i);
    for (int i = 0; i < WRITERS; i++) {
        void *fine;
        pthread_join(t[i], &fine);
        CHECK(fine != NULL);
    }
    CHECK_INT(wrong_counters(false), 0);
    CHECK_INT(likes_of(1), 2 * WRITERS); /* what the leavers liked stays, what both of two liked is one */
    CHECK_INT(likes_of(1), number("SELECT COUNT(*) FROM character_like WHERE character_id = 1"));
    int64_t tests;
    CHECK(visitor_quiz_count(db, &tests, NULL) == ERR_OK);
    CHECK_INT(tests, number("SELECT COUNT(*) FROM test"));
    struct visitor_vote mine;
    struct consensus_votes votes;
    CHECK(visitor_vote_count(db, 0, 2, &votes, &mine, NULL) == ERR_OK && mine.mbti == MBTI_NONE);
    CHECK_INT(votes.count, number("SELECT COUNT(*) FROM character_vote WHERE character_id = 2"));
}

static void a_failed_transaction_counts_nothing(void)
{
    empty();
    int64_t me = account(db);
    struct doing x = {me, 0, LIKE, 7, NULL};
    CHECK(db_begin(db, NULL) == ERR_OK && do_it(db, &x, NULL) == ERR_OK);
    db_rollback(db);
    CHECK_INT(likes_of(7), 0);
    CHECK(act(db, x) == ERR_OK && act(db, x) == ERR_OK); /* the second changes nothing */
    CHECK_INT(likes_of(7), 1);
    CHECK_INT(wrong_counters(false), 0);
}

/* A guest's like counts when it has a test, and then exactly once. */
static void a_like_that_begins_to_count_is_counted(void)
{
    empty();
    int64_t guest = newcomer(db), home = account(db);
    CHECK(act(db, (struct doing){guest, 0, LIKE, 7, NULL}) == ERR_OK);
    CHECK(act(db, (struct doing){guest, 0, LIKE, 8, NULL}) == ERR_OK);
    CHECK(act(db, (struct doing){guest, 0, UNLIKE, 8, NULL}) == ERR_OK);
    CHECK_INT(likes_of(7), 0);
    for (int i = 0; i < 2; i++) {
        char token[32];
        CHECK(act(db, (struct doing){guest, 0, TEST, 0, token_of(0, i, token)}) == ERR_OK);
        CHECK_INT(likes_of(7), 1);
    }
    int64_t late = newcomer(db);
    CHECK(act(db, (struct doing){late, 0, LIKE, 7, NULL}) == ERR_OK);
    CHECK(act(db, (struct doing){late, 0, LIKE, 9, NULL}) == ERR_OK);
    CHECK(act(db, (struct doing){home, 0, LIKE, 9, NULL}) == ERR_OK);
    CHECK_INT(likes_of(7), 1);
    CHECK(act(db, (struct doing){late, home, MERGE, 0, NULL}) == ERR_OK);
    CHECK_INT(likes_of(7), 2);
    CHECK_INT(likes_of(9), 1);
    CHECK_INT(wrong_counters(false), 0);
}

static void a_recount_mends_what_others_changed(void)
{
    empty();
    int64_t me = account(db);
    CHECK(act(db, (struct doing){me, 0, LIKE, 7, NULL}) == ERR_OK);
    char sql[300];
    snprintf(sql, sizeof sql,
             "INSERT INTO character_like (visitor_id, character_id) VALUES (%lld, 8), (%lld, 9)",
             (long long)me, (long long)me + 1000);
    run_sql(sql);
    run_sql("DELETE FROM character_like WHERE character_id = 7");
    run_sql(
        "INSERT INTO character_vote (visitor_id, character_id, mbti, enneagram) VALUES (1, 8, 'INFP', NULL), "
        "(2, 8, 'INFP', '4w5')");
    CHECK_INT(wrong_counters(false),
              5); /* likes of 7, 8 and 9, two parts of votes; what I like is one still */
    CHECK_INT(likes_of(8), 0);
    CHECK_INT(wrong_counters(true), 5);
    CHECK_INT(wrong_counters(false), 0);
    CHECK_INT(likes_of(7), 0);
    CHECK_INT(likes_of(8), 1);
    struct visitor_counts counts;
    CHECK(visitor_count(db, me, &counts, NULL) == ERR_OK);
    CHECK_INT(counts.likes, 1);
    CHECK(act(db, (struct doing){me, 0, UNLIKE, 8, NULL}) == ERR_OK);
    CHECK_INT(likes_of(8), 0);
    CHECK_INT(wrong_counters(false), 0);
}

/* ---- leaving ---- */

static void run_of(const char *format, int64_t visitor)
{
    char sql[600];
    snprintf(sql, sizeof sql, format, (long long)visitor);
    run_sql(sql);
}

/* `from` did much: tests, likes, votes and events beyond one piece. */
static void do_much(int64_t from)
{
    run_of("INSERT INTO test (token, visitor_id, mbti, enneagram, locale, snapshot_id, answers) SELECT "
           "CONCAT('much', LPAD(seq, 18, '0')), %lld, 'INFP', '4w5', 'ko', 's', '{}' FROM " TABLES_NUMBERS(
               "2500"),
           from);
    run_sql("INSERT INTO test_movie (test_id, position, movie_id) SELECT test_id, 0, 101 FROM test");
    run_of(
        "INSERT INTO character_like (visitor_id, character_id) SELECT %lld, seq FROM " TABLES_NUMBERS("1000"),
        from);
    run_of("INSERT INTO character_vote (visitor_id, character_id, mbti) SELECT %lld, seq, 'INFP' "
           "FROM " TABLES_NUMBERS("500"),
           from);
    run_of(
        "INSERT INTO event (visitor_id, kind, created_at) SELECT %lld, 'click', UTC_TIMESTAMP() - INTERVAL 3 "
        "DAY FROM " TABLES_NUMBERS("5000"),
        from);
    wrong_counters(true);
}

static int64_t rows_of(int64_t visitor)
{
    char sql[600];
    long long v = (long long)visitor;
    snprintf(
        sql, sizeof sql,
        "SELECT (SELECT COUNT(*) FROM test WHERE visitor_id = %lld) + (SELECT COUNT(*) FROM character_like "
        "WHERE visitor_id = %lld) + (SELECT COUNT(*) FROM character_vote WHERE visitor_id = %lld) + (SELECT "
        "COUNT(*) FROM event WHERE visitor_id = %lld) + (SELECT COUNT(*) FROM visitor WHERE visitor_id = "
        "%lld)",
        v, v, v, v, v);
    return number(sql);
}

static int64_t finish(void)
{
    int64_t n = -1;
    struct fail why = {0};
    CHECK_MSG(visitor_leave_rest(db, &n, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(number("SELECT COUNT(*) FROM leaving"), 0);
    return n;
}

static void a_large_account_is_deleted_in_pieces(void)
{
    empty();
    int64_t me = account(db), other = account(db), id;
    do_much(me);
    CHECK(act(db, (struct doing){other, 0, LIKE, 1, NULL}) == ERR_OK);
    CHECK(visitor_quiz_id(db, "much000000000000000001", &id, NULL) == ERR_OK);
    CHECK(act(db, (struct doing){me, 0, DELETE, 0, NULL}) == ERR_OK);
    /* Nobody reaches it, though most is there still. */
    struct arena a = {0};
    struct visitor_quiz t;
    CHECK_MSG(rows_of(me) > 2000, "%lld", (long long)rows_of(me));
    CHECK(visitor_quiz_id(db, "much000000000000002500", &id, NULL) == ERR_NOT_FOUND);
    CHECK(visitor_quiz_load(db, "much000000000000002500", &a, &t, NULL) == ERR_NOT_FOUND);
    CHECK_INT(likes_of(1), 2);
    CHECK_INT(finish(), 1);
    CHECK_INT(rows_of(me), 0);
    CHECK_INT(finish(), 0);
    /* What training learned from stays under one number without a row. */
    CHECK_INT(number("SELECT COUNT(DISTINCT visitor_id) FROM test"), 1);
    CHECK_INT(
        number(
            "SELECT COUNT(*) FROM test WHERE answers IS NULL AND token NOT LIKE 'much%' AND visitor_id NOT "
            "IN (SELECT visitor_id FROM visitor)"),
        2500);
    CHECK_INT(number("SELECT COUNT(*) FROM test_movie"), 2500);
    CHECK_INT(number("SELECT COUNT(*) FROM character_like"), 1001);
    CHECK_INT(number("SELECT COUNT(*) FROM character_vote"), 0);
    CHECK_INT(number("SELECT CAST(SUM(new_visitors) AS SIGNED) FROM v_daily"), 2);
    CHECK_INT(wrong_counters(false), 0);
    arena_free(&a);
}

static void a_large_guest_is_merged_in_pieces(void)
{
    empty();
    int64_t guest = newcomer(db), home = account(db), id;
    do_much(guest);
    run_sql("DELETE FROM character_vote"); /* guests have none */
    wrong_counters(true);
    for (int32_t c = 1; c <= 3; c++)
        CHECK(act(db, (struct doing){home, 0, LIKE, c, NULL}) == ERR_OK);
    CHECK(act(db, (struct doing){guest, home, MERGE, 0, NULL}) == ERR_OK);
    CHECK(visitor_quiz_id(db, "much000000000000002500", &id, NULL) == ERR_OK); /* a shared result stays */
    CHECK_INT(likes_of(2), 1);
    CHECK_INT(finish(), 1);
    CHECK_INT(rows_of(guest), 0);
    CHECK_INT(rows_of(home), 2500 + 1000 + 5000 + 1);
    struct visitor_counts counts;
    CHECK(visitor_count(db, home, &counts, NULL) == ERR_OK);
    CHECK_INT(counts.tests, 2500);
    CHECK_INT(counts.likes, 1000);
    CHECK_INT(wrong_counters(false), 0);
}

/* An account that goes while a guest's things are still on their way to it. */
static void an_heir_who_leaves_takes_it_along(void)
{
    empty();
    int64_t guest = newcomer(db), home = account(db);
    do_much(guest);
    CHECK(act(db, (struct doing){guest, home, MERGE, 0, NULL}) == ERR_OK);
    CHECK(number("SELECT COUNT(*) FROM leaving WHERE merged = 1") == 1);
    CHECK(act(db, (struct doing){home, 0, DELETE, 0, NULL}) == ERR_OK);
    CHECK_INT(finish(), 2);
    CHECK_INT(rows_of(guest) + rows_of(home), 0);
    CHECK_INT(number("SELECT COUNT(*) FROM event"), 0);
    CHECK_INT(number("SELECT COUNT(DISTINCT visitor_id) FROM test"), 1);
    CHECK_INT(wrong_counters(false), 0);
}

/* Others' events about a test are many, too. */
static void a_test_is_forgotten_in_pieces(void)
{
    empty();
    int64_t me = newcomer(db);
    CHECK(act(db, (struct doing){me, 0, TEST, 0, "aaaaaaaaaaaaaaaaaaaaaa"}) == ERR_OK);
    run_sql("INSERT INTO event (visitor_id, test_id, kind) SELECT 77, (SELECT test_id FROM test), 'click' "
            "FROM " TABLES_NUMBERS("5000"));
    CHECK(act(db, (struct doing){me, 0, FORGET, 0, "aaaaaaaaaaaaaaaaaaaaaa"}) == ERR_OK);
    CHECK_INT(number("SELECT COUNT(*) FROM event WHERE test_id IS NOT NULL"), 3000);
    CHECK_INT(finish(), 1);
    CHECK_INT(number("SELECT COUNT(*) FROM event WHERE test_id IS NULL"), 5000);
}

/* ---- retention ---- */

static void old_events_become_numbers(void)
{
    empty();
    run_sql(
        "INSERT INTO event (visitor_id, kind, created_at) SELECT 1, ELT(1 + seq % 3, 'impression', 'click', "
        "'share'), UTC_TIMESTAMP() - INTERVAL (900 - seq) DIV 90 DAY - INTERVAL 2 MINUTE "
        "FROM " TABLES_NUMBERS("900"));
    static const char sums[] =
        "SELECT CAST(SUM(impressions) * 1000000 + SUM(clicks) * 1000 + SUM(shares) AS SIGNED) FROM v_daily";
    int64_t n, old = clock_wall() - 5 * 86400 - 3600, all = 0;
    CHECK(retention_events(db, old, 100, &n, NULL) == ERR_OK && n == 0); /* not counted yet */
    CHECK(rollup_some(db, 1000, &n, NULL) == ERR_OK);
    int64_t before = number(sums);
    for (n = 100; n == 100; all += n)
        CHECK(retention_events(db, old, 100, &n, NULL) == ERR_OK);
    CHECK_INT(all, 360); /* 6 to 9 days old */
    CHECK_INT(number("SELECT COUNT(*) FROM event"), 540);
    CHECK_INT(number(sums), before);
}

static void guests_without_a_session_leave(void)
{
    empty();
    int64_t here = newcomer(db), idle = newcomer(db), gone = newcomer(db), home = account(db);
    char sql[600];
    snprintf(
        sql, sizeof sql,
        "INSERT INTO session (visitor_id, token_hash, expires_at, ends_at) VALUES (%lld, REPEAT('a', 32), "
        "UTC_TIMESTAMP() + INTERVAL 170 DAY, '2099-01-01'), (%lld, REPEAT('b', 32), UTC_TIMESTAMP() + "
        "INTERVAL "
        "100 DAY, '2099-01-01')",
        (long long)here, (long long)idle);
    run_sql(sql);
    CHECK(act(db, (struct doing){gone, 0, LIKE, 5, NULL}) == ERR_OK);
    int64_t n, after = 0;
    CHECK(retention_guest_sessions(db, 80 * 86400, 10, &n, NULL) == ERR_OK && n == 0); /* away for 100 days */
    CHECK(retention_guest_sessions(db, 120 * 86400, 10, &n, NULL) == ERR_OK && n == 1);
    CHECK(retention_guests(db, &after, 1, &n, NULL) == ERR_OK && n == 1);
    CHECK(retention_guests(db, &after, 10, &n, NULL) == ERR_OK && n == 1);
    CHECK_INT(number("SELECT COUNT(*) FROM visitor"), 2); /* here, and the account without a session */
    CHECK_INT(rows_of(here) + rows_of(home), 2);
    CHECK_INT(number("SELECT COUNT(*) FROM character_like WHERE character_id = 5"), 1); /* for training */
    CHECK_INT(likes_of(5), 0); /* of a guest without a test: it never counted */
    CHECK_INT(rows_of(gone), 0);
    CHECK_INT(number("SELECT CAST(SUM(new_visitors) AS SIGNED) FROM v_daily"), 4);
    CHECK_INT(wrong_counters(false), 0);
}

static void sessions_of_a_visitor_are_capped(void)
{
    empty();
    int64_t me = newcomer(db), session = 0;
    struct visitor_counts counts;
    uint8_t hash[SECRET_HASH_BYTES] = {0, 1};
    const struct visitor_session_new begun = {me, hash, 1000, 2000, "dev", ""};
    for (; hash[0] < VISITOR_SESSIONS_MOST + 5; hash[0]++)
        CHECK(visitor_session_add(db, &begun, &session, NULL) == ERR_OK);
    CHECK(visitor_count(db, me, &counts, NULL) == ERR_OK);
    CHECK_INT(counts.sessions, VISITOR_SESSIONS_MOST);
    uint8_t oldest[SECRET_HASH_BYTES] = {0, 1}, newest[SECRET_HASH_BYTES] = {VISITOR_SESSIONS_MOST + 4, 1};
    struct visitor_session s;
    CHECK(visitor_session_find(db, oldest, oldest, &s, NULL) == ERR_NOT_FOUND);
    CHECK(visitor_session_find(db, newest, newest, &s, NULL) == ERR_OK);
    CHECK_INT(s.session_id, session);
}

int main(void)
{
    db = tables_start(&server, "mvti_counter");
    RUN(counters_are_exact_whoever_writes_at_once);
    RUN(a_failed_transaction_counts_nothing);
    RUN(a_like_that_begins_to_count_is_counted);
    RUN(a_recount_mends_what_others_changed);
    RUN(a_large_account_is_deleted_in_pieces);
    RUN(a_large_guest_is_merged_in_pieces);
    RUN(an_heir_who_leaves_takes_it_along);
    RUN(a_test_is_forgotten_in_pieces);
    RUN(old_events_become_numbers);
    RUN(guests_without_a_session_leave);
    RUN(sessions_of_a_visitor_are_capped);
    db_free(db);
    mariadb_stop(&server);
    return check_done();
}
