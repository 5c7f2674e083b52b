/* Accounts vote on characters, and the next publishing shows what they agree on. */
#include "tests/check.h"

#include "fixture/program.h"
#include "fixture/tables.h"
#include "fixture/tastes.h"
#include "model/snapshot.h"
#include "publish/typing.h"
#include "store/visitor_vote.h"

static struct mariadb server;
static struct program program = {.server = &server, .settings = "--quiet --set reference_dir=sql/reference"};
static struct db *db;

static void vote(int first, int n, int32_t character, const char *mbti)
{
    struct visitor_vote v = {
        .character_id = character, .mbti = mbti_parse(mbti, 4), .enneagram = ENNEAGRAM_NONE};
    struct fail why = {0};
    CHECK(db_begin(db, &why) == ERR_OK);
    for (int i = 0; i < n; i++)
        CHECK_MSG(visitor_vote_put(db, first + i, &v, &why) == ERR_OK, "%s", why.text);
    CHECK(db_commit(db, &why) == ERR_OK);
}

static struct snapshot_character published(int32_t id)
{
    struct snapshot s;
    struct fail why = {0};
    struct snapshot_character out = {.mbti = MBTI_NONE};
    program_works(&program, "publish --force");
    CHECK_MSG(snapshot_open(&s, mariadb_path(&server, "state/snapshots/current"), &why) == ERR_OK, "%s",
              why.text);
    int64_t i = snapshot_character_index(&s, id);
    CHECK(i >= 0);
    if (i >= 0)
        out = s.characters[i];
    snapshot_close(&s);
    return out;
}

static void a_quarrel_changes_nothing(void)
{
    vote(1000, 40, 5, "INTJ");
    vote(2000, 40, 5, "ENTP");
    struct snapshot_character c = published(5);
    CHECK_STR(mbti_name(c.mbti), "INFP");
    CHECK_INT(c.votes, -1);
}

static void what_they_agree_on_is_published(void)
{
    vote(3000, 60, 5, "INTJ");
    vote(3000, 60, 6, "ISTJ");
    vote(3000, 3, 999, "ISTJ"); /* whom the catalog no longer has */
    struct snapshot_character c = published(5), other = published(6);
    CHECK_STR(mbti_name(c.mbti), "INTJ");
    CHECK_INT(c.votes, 100);
    CHECK_NEAR(c.certainty, 100.0 / 150, 1e-6);
    CHECK_STR(mbti_name(other.mbti), "ENFP"); /* the source has 200 */
    CHECK_INT(other.votes, 200);
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM film_character WHERE mbti = 'INFP'"), 1);
}

static void what_is_taken_back_no_longer_counts(void)
{
    struct fail why = {0};
    CHECK(db_begin(db, &why) == ERR_OK);
    for (int i = 0; i < 60; i++)
        CHECK(visitor_vote_remove(db, 3000 + i, 5, &why) == ERR_OK);
    CHECK(db_commit(db, &why) == ERR_OK);
    CHECK_STR(mbti_name(published(5).mbti), "INFP");
}

static void the_tally_counts_characters(void)
{
    struct arena a = {0};
    struct catalog catalog;
    struct typing_tally tally;
    struct fail why = {0};
    CHECK(catalog_read(db, &a, &catalog, &why) == ERR_OK);
    CHECK(typing_apply(db, &catalog, &tally, &why) == ERR_OK && tally.voted == 2 && tally.changed == 0);
    vote(4000, 60, 5, "INTJ");
    CHECK(typing_apply(db, &catalog, &tally, &why) == ERR_OK && tally.voted == 2 && tally.changed == 1);
    arena_free(&a);
}

int main(void)
{
    db = tables_start(&server, "mvti_typing_test");
    tastes_catalog(&server);
    tables_run(&server, "INSERT INTO film_character (character_id, movie_id, name_en, mbti, enneagram, "
                        "votes, description_ko, "
                        "description_en) VALUES (6, 6, 'Another', 'ENFP', '7w6', 200, '', '')");
    program_works(&program, "import ratings --name likes \"$D/likes.csv\"");
    program_works(&program, "dataset build");
    program_works(&program, "train ease --holdout 0");
    RUN(a_quarrel_changes_nothing);
    RUN(what_they_agree_on_is_published);
    RUN(what_is_taken_back_no_longer_counts);
    RUN(the_tally_counts_characters);
    db_free(db);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
