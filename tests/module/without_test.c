/* What a night has learned is undone by the owner's word, for every later night until it is lifted; and bans that end. */
#include "tests/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "auth/guest.h"
#include "fixture/program.h"
#include "fixture/tables.h"
#include "store/training_without.h"

static struct mariadb server;
static struct program program = {.server = &server,
                                 .settings = "--quiet --set session_key_file=\"$D/session.key\""};

/* A day's visitors choose films of their own: 1 on the 1st, 2 on the 2nd and so on. Visitor 4 comes from a network block. */
static void visitors(void)
{
    char sql[600];
    for (int day = 1; day <= 4; day++) {
        snprintf(sql, sizeof sql, "INSERT INTO movie (movie_id, title_en) VALUES (%d, 'Film %d')", day, day);
        tables_run(&server, sql);
        snprintf(sql, sizeof sql, "INSERT INTO visitor (visitor_id, counted) VALUES (%d, 1)", day);
        tables_run(&server, sql);
        snprintf(sql, sizeof sql, "INSERT INTO account (visitor_id) VALUES (%d)", day);
        tables_run(&server, sql);
        snprintf(sql, sizeof sql,
                 "INSERT INTO test (test_id, token, visitor_id, mbti, enneagram, locale, snapshot_id, "
                 "created_at) VALUES (%d, "
                 "LPAD('%d', 22, 'x'), %d, 'INFP', '4w5', 'ko', 'x', '2026-11-0%d 12:00:00')",
                 day, day, day, day);
        tables_run(&server, sql);
        snprintf(sql, sizeof sql, "INSERT INTO test_movie (test_id, position, movie_id) VALUES (%d, 1, %d)",
                 day, day);
        tables_run(&server, sql);
    }
}

static void builds(const char *words, const char *says)
{
    char command[300];
    snprintf(command, sizeof command, "dataset build %s", words);
    program_works(&program, command);
    PROGRAM_SAYS(&program, says);
}

static void days_are_left_out_until_they_are_lifted(void)
{
    builds("", "4 users, 4 films, 4 likes");
    builds("--without 2026-11-02..2026-11-03", "2 users, 2 films, 2 likes");
    PROGRAM_SAYS(&program, "left out by the owner's word: 2 choices, by 1 rules");
    builds("", "2 users, 2 films, 2 likes"); /* the next night */
    builds("--without 2026-11-02..2026-11-03", "by 1 rules");
    builds("--as-of 2026-11-03", "1 users, 1 films, 1 likes");
    program_says(&program, "dataset without", 0, "2026-11-02..2026-11-03  anybody");
    program_works(&program, "dataset with all");
    builds("", "4 users, 4 films, 4 likes");
    CHECK(strstr(buf_str(&program.said), "left out") == NULL);
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM training_without WHERE lifted_at IS NOT NULL"), 1);
    builds("--without 2026-11-04..", "3 users, 3 films, 3 likes");
    program_works(&program, "dataset with all");
}

static void a_visitor_is_left_out(void)
{
    builds("--without visitor:3", "3 users, 3 films, 3 likes");
    program_works(&program, "dataset with all");
    builds("--without visitor:3@2026-11-01..2026-11-02", "4 users, 4 films, 4 likes");
    program_works(&program, "dataset with all");
}

static void a_network_block_is_left_out_by_the_key(void)
{
    struct keyring keys = {0};
    struct guest_entry entry = {.network = "203.0.113.7", .now = 1793750400 /* 2026-11-04 */};
    char sql[200];
    program_works(&program, "key \"$D/session.key\"");
    CHECK(keyring_read(&keys, mariadb_path(&server, "session.key"), NULL) == ERR_OK);
    snprintf(sql, sizeof sql, "UPDATE test SET crowd = %d WHERE test_id = 4", guest_crowd(&keys, &entry));
    tables_run(&server, sql);
    builds("--without 203.0.113.99@2026-11-01..2026-11-05", "3 users, 3 films, 3 likes");
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM training_without WHERE lifted_at IS NULL"), 5);
    program_works(&program, "dataset with all");
    builds("--without 198.51.100.1@2026-11-01..2026-11-05", "4 users, 4 films, 4 likes");
    program_works(&program, "dataset with all");
}

static void what_is_no_rule_changes_nothing(void)
{
    static const char *const wrong[] = {"yesterday",
                                        "2026-11-03..2026-11-02",
                                        "2026-02-30..2026-03-02",
                                        "2026-02-27..2026-02-30",
                                        "2026-11-01..2026-11-02x",
                                        "2026-11-01-2026-11-02",
                                        "visitor:x",
                                        "visitor:0",
                                        "203.0.113.7",
                                        "203.0.113.7@2026-01-01..2026-12-31",
                                        "nowhere@2026-11-01..2026-11-02"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char command[200];
        snprintf(command, sizeof command, "dataset build --without 2026-11-01..2026-11-01 --without %s",
                 wrong[i]);
        CHECK_INT(program_run(&program, command), 65);
    }
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM training_without WHERE lifted_at IS NULL"), 0);
    CHECK(program_run(&program, "dataset with 77") != 0 && program_run(&program, "dataset with x") == 64);
}

static void a_ban_is_for_a_time(void)
{
    program_works(&program, "ban add visitor:1 --for 2h");
    program_says(&program, "ban list", 0, "visitor:1");
    builds("", "3 users, 3 films, 3 likes");
    program_works(&program, "sessions");
    builds("", "3 users, 3 films, 3 likes");
    tables_run(&server,
               "UPDATE visitor SET banned_until = UTC_TIMESTAMP() - INTERVAL 1 SECOND WHERE visitor_id = 1");
    program_says(&program, "sessions", 0, "deleted 1 bans whose time is over");
    builds("", "4 users, 4 films, 4 likes");
    program_works(&program, "ban add visitor:1");
    program_says(&program, "ban list", 0, "for good");
    program_works(&program, "ban lift visitor:1");
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM visitor WHERE banned_at IS NOT NULL"), 0);
    CHECK_INT(program_run(&program, "ban add visitor:77"), 66);
    CHECK_INT(program_run(&program, "ban add visitor:1 --for soon"), 64);
    CHECK_INT(program_run(&program, "ban away visitor:1"), 64);
}

static void what_a_visitor_did_is_purged(void)
{
    tables_run(&server, "INSERT INTO film_character (character_id, movie_id, name_en, mbti, enneagram, "
                        "description_ko, description_en) VALUES (9, 1, 'Somebody', 'INFP', '4w5', '', '')");
    tables_run(&server, "INSERT INTO character_like (visitor_id, character_id, counted, created_at) VALUES "
                        "(2, 9, 1, UTC_TIMESTAMP())");
    tables_run(&server, "INSERT INTO character_vote (visitor_id, character_id, mbti, updated_at) VALUES (2, "
                        "9, 'INTJ', UTC_TIMESTAMP())");
    tables_run(&server, "INSERT INTO mark (visitor_id, mark, subject_id, created_at) VALUES (2, 'seen', 1, "
                        "UTC_TIMESTAMP()), (1, 'seen', 1, UTC_TIMESTAMP())");
    tables_run(&server,
               "INSERT INTO event (visitor_id, kind, created_at) SELECT IF(seq = 2002, 1, 2), 'click', "
               "UTC_TIMESTAMP(3) FROM " TABLES_NUMBERS("2002")); /* more than a piece */
    program_works(&program, "recount");
    program_says(&program, "ban votes visitor:2", 0, "1 votes of visitor:2 are deleted");
    program_says(&program, "ban purge visitor:2", 0,
                 "1 tests, 1 likes, 0 votes, 1 marks and 2001 events of visitor:2 are deleted");
    CHECK_INT(tables_number(&server, "SELECT (SELECT COUNT(*) FROM test WHERE visitor_id = 2) + (SELECT "
                                     "COUNT(*) FROM character_like) + "
                                     "(SELECT COUNT(*) FROM character_vote)"),
              0);
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) * 100 + MAX(visitor_id) FROM event"), 101);
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) * 100 + MAX(visitor_id) FROM mark"), 101);
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM change_new WHERE what = 'event'"), 2001);
    program_says(&program, "recount", 0, "");
    program_works(&program, "ban lift visitor:2");
    builds("", "3 users, 3 films, 3 likes"); /* the ban's end brings nothing back */
}

static void networks_are_a_file(void)
{
    program_works(&program, "ban add 203.0.113.9/24 --for 36h");
    program_works(&program, "ban add client:0123456789abcdef");
    program_says(&program, "ban list", 0, "203.0.113.0/24");
    PROGRAM_SAYS(&program, "client:0123456789abcdef");
    CHECK_INT(program_shell(
                  &program,
                  "[ \"$(stat -c %a \"$D/state/denied\")\" = 644 ] && [ $(wc -l <\"$D/state/denied\") = 2 ]"),
              0);
    program_says(&program, "ban add ::/64", 64, "everybody with an IPv4 address");
    program_works(&program, "ban lift 203.0.113.0/24");
    CHECK_INT(program_run(&program, "ban lift 203.0.113.0/24"), 66);
    CHECK_INT(program_run(&program, "ban add 10.0.0.0/8"), 64);
    CHECK_INT(program_run(&program, "ban add client:xyz"), 64);
}

static void bans_of_the_same_moment_all_stand(void)
{
    enum { N = 8 };
    int status, failed = 0;
    pid_t child[N];
    char words[64];
    for (int i = 0; i < N; i++)
        if ((child[i] = fork()) == 0) {
            snprintf(words, sizeof words, "ban add 198.51.100.%d", i);
            _exit(program_run(&program, words));
        }
    for (int i = 0; i < N; i++)
        failed += waitpid(child[i], &status, 0) != child[i] || status != 0;
    CHECK_INT(failed, 0);
    CHECK_INT(program_shell(&program, "[ $(grep -c ' 198.51.100' \"$D/state/denied\") = 8 ]"), 0);
}

int main(void)
{
    db_free(tables_start(&server, "mvti_without_test"));
    visitors();
    RUN(days_are_left_out_until_they_are_lifted);
    RUN(a_visitor_is_left_out);
    RUN(a_network_block_is_left_out_by_the_key);
    RUN(what_is_no_rule_changes_nothing);
    RUN(a_ban_is_for_a_time);
    RUN(what_a_visitor_did_is_purged);
    RUN(networks_are_a_file);
    RUN(bans_of_the_same_moment_all_stand);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
