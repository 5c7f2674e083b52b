/* Bans, where they go when visitors become one, and what outlives an account. */
#include "store/ban.h"

#include <stdio.h>
#include <string.h>

#include "app/exile.h"
#include "fixture/tables.h"
#include "tests/check.h"

static struct mariadb server;
static struct db *db;
static struct fail why;

/* Visitors 1 to 9, none of them banned. */
static void nobody_is_banned(void)
{
    tables_run(&server, "DELETE FROM visitor");
    tables_run(&server, "DELETE FROM ban_identity");
    tables_run(&server, "INSERT INTO visitor (visitor_id) SELECT seq FROM " TABLES_NUMBERS("9"));
}

static int64_t of_visitor(const char *what, int visitor)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT CAST(COALESCE(%s, -1) AS SIGNED) FROM visitor WHERE visitor_id = %d",
             what, visitor);
    return tables_number(&server, sql);
}

/* How many hours a ban goes on, rounded; 0: it does not end, −1: there is none. */
static int64_t hours_left(int visitor)
{
    if (of_visitor("banned_at IS NOT NULL", visitor) == 0)
        return -1;
    int64_t seconds = of_visitor("TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(6), banned_until)", visitor);
    return seconds < 0 ? 0 : (seconds + 1800) / 3600;
}

/* hours: as hours_left says. */
static void ban(int visitor, int64_t hours)
{
    CHECK((hours < 0 ? ban_set(db, visitor, false, &why) : ban_for(db, visitor, 3600 * hours, &why)) ==
          ERR_OK);
}

static void since_a_day_ago(int visitor)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "UPDATE visitor SET banned_at = UTC_TIMESTAMP(6) - INTERVAL 1 DAY WHERE visitor_id = %d",
             visitor);
    tables_run(&server, sql);
}

static void a_ban_has_a_beginning_and_may_have_an_end(void)
{
    int64_t since = 1, again;
    nobody_is_banned();
    CHECK(ban_read(db, 1, &since, &why) == ERR_OK && since == 0);
    CHECK(ban_read(db, 77, &since, &why) == ERR_NOT_FOUND);
    ban(1, 2);
    CHECK_INT(hours_left(1), 2);
    CHECK(ban_read(db, 1, &since, &why) == ERR_OK && since > 0);
    since_a_day_ago(1);
    CHECK(ban_read(db, 1, &again, &why) == ERR_OK);
    ban(1, 5);
    CHECK_INT(hours_left(1), 5); /* the new end, the old beginning */
    CHECK(ban_read(db, 1, &since, &why) == ERR_OK && since == again);
    ban(1, 0);
    CHECK_INT(hours_left(1), 0);
    CHECK_INT(hours_left(2), -1);
    ban(1, -1);
    CHECK(ban_read(db, 1, &since, &why) == ERR_OK && since == 0 && hours_left(1) == -1);
    CHECK(ban_set(db, 1, true, &why) == ERR_OK && hours_left(1) == 0);
}

/* Whoever is banned twice gains nothing by becoming one person. */
static void the_longer_of_two_bans_stands(void)
{
    static const int64_t bans[][3] = {{-1, -1, -1}, {-1, 3, -1}, {3, -1, 3}, {0, -1, 0}, {3, 5, 5},
                                      {5, 3, 5},    {0, 3, 0},   {3, 0, 0},  {0, 0, 0}}; /* from, to, then */
    for (size_t i = 0; i < sizeof bans / sizeof *bans; i++) {
        nobody_is_banned();
        ban(1, bans[i][0]);
        ban(2, bans[i][1]);
        CHECK(ban_carry(db, 1, 2, &why) == ERR_OK);
        CHECK_MSG(hours_left(2) == (bans[i][0] < 0 ? bans[i][1] : bans[i][2]), "%lld and %lld gave %lld",
                  (long long)bans[i][0], (long long)bans[i][1], (long long)hours_left(2));
        CHECK_INT(hours_left(1), bans[i][0]);
        CHECK_INT(hours_left(3), -1);
    }
}

/* The same of a ban that comes back with a way of signing in. */
static void a_kept_ban_comes_back(void)
{
    static const uint8_t hash[SECRET_HASH_BYTES] = {1}, other[SECRET_HASH_BYTES] = {2};
    static const int64_t bans[][3] = {{3, -1, 3}, {0, -1, 0}, {3, 5, 5}, {5, 3, 5}, {3, 0, 0}, {0, 3, 0}};
    for (size_t i = 0; i < sizeof bans / sizeof *bans; i++) {
        nobody_is_banned();
        ban(1, bans[i][0]);
        since_a_day_ago(1);
        CHECK(ban_keep(db, 1, hash, &why) == ERR_OK && ban_keep(db, 1, hash, &why) == ERR_OK);
        ban(2, bans[i][1]);
        CHECK(ban_return(db, 2, other, &why) == ERR_OK && hours_left(2) == bans[i][1]);
        CHECK(ban_return(db, 2, hash, &why) == ERR_OK);
        CHECK_MSG(hours_left(2) == bans[i][2], "%lld and %lld gave %lld", (long long)bans[i][0],
                  (long long)bans[i][1], (long long)hours_left(2));
        CHECK(of_visitor("TIMESTAMPDIFF(HOUR, banned_at, UTC_TIMESTAMP(6))", 2) == 24);
        CHECK(ban_return(db, 3, hash, &why) == ERR_OK && hours_left(3) == -1); /* it was forgotten */
    }
}

static void what_is_over_or_never_was_does_not_come_back(void)
{
    static const uint8_t hash[SECRET_HASH_BYTES] = {1};
    nobody_is_banned();
    CHECK(ban_keep(db, 1, hash, &why) == ERR_OK);
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM ban_identity"), 0);
    ban(1, 2);
    CHECK(ban_keep(db, 1, hash, &why) == ERR_OK);
    tables_run(&server, "UPDATE ban_identity SET banned_until = UTC_TIMESTAMP() - INTERVAL 1 SECOND");
    CHECK(ban_return(db, 2, hash, &why) == ERR_OK && hours_left(2) == -1);
}

static void what_is_old_is_forgotten(void)
{
    char sql[200];
    int64_t n;
    nobody_is_banned();
    for (int i = 1; i <= 4; i++) {
        const uint8_t hash[SECRET_HASH_BYTES] = {(uint8_t)i};
        ban(i, 1);
        CHECK(ban_keep(db, i, hash, &why) == ERR_OK);
    }
    snprintf(
        sql, sizeof sql,
        "UPDATE ban_identity SET kept_at = UTC_TIMESTAMP(6) - INTERVAL %d DAY + INTERVAL IF(identity_hash < "
        "x'03', -1, 1) HOUR",
        BAN_KEPT_DAYS);
    tables_run(&server, sql);
    CHECK(ban_expire(db, 1, &n, &why) == ERR_OK && n == 1);
    CHECK(ban_expire(db, 10, &n, &why) == ERR_OK && n == 1);
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM ban_identity"), 2);
    tables_run(&server,
               "UPDATE visitor SET banned_until = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE visitor_id <= 3");
    CHECK(ban_lapse(db, 2, &n, &why) == ERR_OK && n == 2);
    CHECK(ban_lapse(db, 2, &n, &why) == ERR_OK && n == 1);
    CHECK(hours_left(1) == -1 && hours_left(3) == -1 && hours_left(4) == 1);
}

static void they_are_listed_newest_first(void)
{
    struct arena a = {0};
    struct bans list;
    nobody_is_banned();
    CHECK(ban_list(db, 10, &a, &list, &why) == ERR_OK && list.n == 0);
    ban(2, 1);
    ban(7, 0);
    ban(3, 1);
    since_a_day_ago(3);
    tables_run(&server, "UPDATE visitor SET banned_at = '2030-01-01' WHERE visitor_id IN (2, 7)");
    CHECK(ban_list(db, 10, &a, &list, &why) == ERR_OK && list.n == 3);
    CHECK(list.items[0].visitor_id == 7 && list.items[0].until == 0);
    CHECK(list.items[1].visitor_id == 2 &&
          list.items[1].until == of_visitor("UNIX_TIMESTAMP(banned_until)", 2));
    CHECK_INT(list.items[2].visitor_id, 3);
    CHECK(ban_list(db, 2, &a, &list, &why) == ERR_OK && list.n == 2 && list.items[1].visitor_id == 2);
    arena_free(&a);
}

/* ---- by who they are at their provider ---- */

static struct account_identity identity(const char *issuer, const char *subject)
{
    return (struct account_identity){.issuer = issuer, .subject = subject};
}

static bool comes_back(const struct keyring *keys, struct account_identity who)
{
    tables_run(&server, "UPDATE visitor SET banned_at = NULL, banned_until = NULL WHERE visitor_id = 2");
    CHECK(exile_return(db, keys, 2, &who, &why) == ERR_OK);
    return hours_left(2) >= 0;
}

static void a_person_is_known_by_issuer_and_subject(void)
{
    struct keyring keys = {.n = 1, .keys = {{1}}}, rotated = {.n = 2, .keys = {{2}, {1}}},
                   gone = {.n = 1, .keys = {{2}}};
    struct account_identity who = identity("https://a.example", "x y");
    nobody_is_banned();
    ban(1, 0);
    CHECK(exile_keep_one(db, &keys, 1, &who, &why) == ERR_OK);
    CHECK(!comes_back(&keys, identity("https://b.example", "x y")) &&
          !comes_back(&keys, identity("https://a.example", "x z")));
    CHECK(!comes_back(&gone, who) && comes_back(&rotated, who) && !comes_back(&rotated, who));
}

static void of_an_account_all_ways_of_signing_in_are_known(void)
{
    struct keyring keys = {.n = 1, .keys = {{1}}};
    nobody_is_banned();
    CHECK(account_add(db, 1, "n", &why) == ERR_OK);
    CHECK(account_identity_add(db, 1, "google", "https://g.example", "1", &why) == ERR_OK);
    CHECK(account_identity_add(db, 1, "kakao", "https://k.example", "2", &why) == ERR_OK);
    CHECK(exile_keep(db, &keys, 1, &why) == ERR_OK && exile_keep(db, &keys, 3, &why) == ERR_OK);
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM ban_identity"), 0); /* nobody is banned */
    ban(1, 0);
    ban(3, 0);
    CHECK(exile_keep(db, &keys, 1, &why) == ERR_OK &&
          exile_keep(db, &keys, 3, &why) == ERR_OK); /* 3 is a guest */
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM ban_identity"), 2);
    CHECK(comes_back(&keys, identity("https://g.example", "1")) &&
          comes_back(&keys, identity("https://k.example", "2")));
    CHECK(exile_keep(db, &keys, 77, &why) == ERR_OK); /* nobody */
}

static void a_name_that_no_column_holds_is_refused(void)
{
    static char subject[1007];
    struct keyring keys = {.n = 1};
    struct account_identity who = identity("https://a.example", subject);
    memset(subject, 'x', 1005);
    CHECK(exile_keep_one(db, &keys, 1, &who, &why) == ERR_OK);
    memset(subject, 'x', 1006);
    CHECK(exile_keep_one(db, &keys, 1, &who, &why) == ERR_TOO_LARGE &&
          strstr(why.text, "1024 bytes") != NULL);
    CHECK(exile_return(db, &keys, 1, &who, &why) == ERR_TOO_LARGE);
}

int main(void)
{
    db = tables_start(&server, "mvti_ban_test");
    RUN(a_ban_has_a_beginning_and_may_have_an_end);
    RUN(the_longer_of_two_bans_stands);
    RUN(a_kept_ban_comes_back);
    RUN(what_is_over_or_never_was_does_not_come_back);
    RUN(what_is_old_is_forgotten);
    RUN(they_are_listed_newest_first);
    RUN(a_person_is_known_by_issuer_and_subject);
    RUN(of_an_account_all_ways_of_signing_in_are_known);
    RUN(a_name_that_no_column_holds_is_refused);
    db_free(db);
    mariadb_stop(&server);
    return check_done();
}
