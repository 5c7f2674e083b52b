/* From imported ratings and visitors' choices to a dataset and a model, with the program as a person runs it.
 */
#include "tests/check.h"

#include <unistd.h>

#include "data/dataset.h"
#include "fixture/program.h"
#include "fixture/tables.h"
#include "model/model_file.h"

static struct mariadb server;
static struct program program = {.server = &server, .settings = "--quiet"};

static const char *at(const char *name)
{
    return mariadb_path(&server, name);
}

static int mvti(const char *words)
{
    return program_run(&program, words);
}

static void sql(const char *text)
{
    tables_run(&server, text);
}

static void write_ratings(void)
{
    FILE *f = fopen(at("ml.csv"), "w");
    CHECK(f != NULL);
    /* film 9 is in no catalog; user 3 likes nothing of it; 3.0 is no like */
    fputs(
        "userId,movieId,rating,timestamp\n1,1,4.0,5\n1,2,3.5,5\n1,3,3.0,5\n2,2,5.0,5\n2,9,5.0,5\n3,9,5.0,5\n",
        f);
    fclose(f);
}

static void a_catalog_with_ratings_and_visitors(void)
{
    sql("INSERT INTO movie (movie_id, title_en) VALUES (1, 'One'), (2, 'Two'), (3, 'Three'), (0, 'Zero')");
    sql("INSERT INTO film_character (character_id, movie_id, name_en, mbti, enneagram, description_ko, "
        "description_en) VALUES (0, 0, 'Nobody', 'INFP', '4w5', '', '')");
    sql("INSERT INTO visitor (visitor_id) VALUES (7), (8)");
    sql("INSERT INTO test (test_id, token, visitor_id, mbti, enneagram, locale, snapshot_id) VALUES "
        "(1, REPEAT('t', 22), 7, 'INFP', '4w5', 'ko', 's'), (2, REPEAT('u', 22), 7, 'INFP', '4w5', 'ko', "
        "'s')");
    sql("INSERT INTO test_movie (test_id, position, movie_id) VALUES (1, 0, 1), (1, 1, 3), (2, 0, 1), (2, 1, "
        "9)");
    /* Of one day two would be heard as one (data/credit.h). */
    sql("INSERT INTO character_like (visitor_id, character_id, created_at) VALUES (8, 0, UTC_TIMESTAMP()), "
        "(7, 0, UTC_TIMESTAMP() - INTERVAL 1 DAY)");
    write_ratings();
    CHECK_INT(mvti("import ratings --name ml --simulated \"$D/ml.csv\""), 0);
}

static void likes_of_everyone_become_the_dataset(void)
{
    struct dataset d;
    struct fail why = {0};
    CHECK_INT(mvti("dataset build"), 0);
    if (dataset_open(&d, at("state/datasets/current.mvd"), &why) != ERR_OK) {
        CHECK_MSG(false, "%s", why.text);
        return;
    }
    const int32_t items[] = {0, 1, 2, 3}, columns[] = {1, 2, /**/ 2, /**/ 0, 1, 3, /**/ 0};
    const struct dataset_user users[] = {{0, 1}, {0, 2}, {1, 7}, {1, 8}};
    CHECK_INT(d.x.n_cols, 4);
    CHECK(memcmp(d.item_ids, items, sizeof items) == 0);
    CHECK_INT(d.x.n_rows, 4);
    CHECK(memcmp(d.users, users, sizeof users) == 0);
    CHECK_INT(csr_count(&d.x), 7);
    CHECK(memcmp(d.x.col, columns, sizeof columns) == 0);
    CHECK_STR(d.sources[0].name, "ml");
    CHECK_STR(d.sources[1].name, "visitors");
    CHECK_INT(d.sources[0].simulated, 1);
    CHECK_INT(d.info->simulated, 1);
    CHECK_INT(d.info->catalog_only, 1);
    dataset_close(&d);
}

/* A like that its own visitor contradicts says nothing of the film; what was chosen stays. */
static void marks_take_a_like_back(void)
{
    struct dataset d;
    sql("INSERT INTO film_character (character_id, movie_id, name_en, mbti, enneagram, description_ko, "
        "description_en) "
        "VALUES (21, 2, 'Second', 'INFP', '4w5', '', ''), (22, 2, 'Other', 'INFP', '4w5', '', '')");
    sql("INSERT INTO character_like (visitor_id, character_id) VALUES (7, 21), (8, 21), (8, 22)");
    sql("INSERT INTO mark (visitor_id, mark, subject_id, created_at) VALUES (7, 'not_me', 21, "
        "UTC_TIMESTAMP()), (7, 'seen', 0, "
        "UTC_TIMESTAMP()), (7, 'seen', 1, UTC_TIMESTAMP()), (8, 'not_me', 21, UTC_TIMESTAMP())");
    CHECK_INT(mvti("dataset build"), 0);
    CHECK(dataset_open(&d, at("state/datasets/current.mvd"), NULL) == ERR_OK);
    /* 7: film 1, chosen though seen, and 3; no longer 0, of which they like somebody. 8: 0, and 2 for its other character. */
    const int32_t columns[] = {1, 2, /**/ 2, /**/ 1, 3, /**/ 0, 2};
    CHECK_INT(csr_count(&d.x), 7);
    CHECK(csr_count(&d.x) == 7 && memcmp(d.x.col, columns, sizeof columns) == 0);
    dataset_close(&d);
    sql("DELETE FROM mark");
    sql("DELETE FROM character_like WHERE character_id > 0");
    sql("DELETE FROM film_character WHERE character_id > 0");
    CHECK_INT(mvti("dataset build"), 0);
}

/* A guest's test that came at once is heard as a quarter of one: alone, not at all. */
static void haste_is_not_believed(void)
{
    struct dataset d;
    sql("UPDATE test SET hasty = 1 WHERE test_id = 2"); /* films 1 and 9; film 1 is in test 1 as well */
    sql("UPDATE test SET created_at = created_at - INTERVAL 1 DAY WHERE test_id = 1");
    CHECK_INT(mvti("dataset build --items all"), 0);
    CHECK(dataset_open(&d, at("state/datasets/current.mvd"), NULL) == ERR_OK);
    size_t hasty = csr_count(&d.x);
    dataset_close(&d);
    sql("UPDATE test SET hasty = 0");
    CHECK_INT(mvti("dataset build --items all"), 0);
    CHECK(dataset_open(&d, at("state/datasets/current.mvd"), NULL) == ERR_OK);
    CHECK_INT(csr_count(&d.x), hasty + 2); /* film 9, and the like of film 0 */
    dataset_close(&d);
    sql("UPDATE test SET hasty = NULL, created_at = UTC_TIMESTAMP()");
    CHECK_INT(mvti("dataset build"), 0);
}

static void all_items_on_request(void)
{
    struct dataset d;
    CHECK_INT(mvti("dataset build --items all --min-user 2"), 0);
    CHECK(dataset_open(&d, at("state/datasets/current.mvd"), NULL) == ERR_OK);
    CHECK_INT(d.x.n_cols, 5); /* 0 1 2 3 9 */
    CHECK_INT(d.x.n_rows, 3); /* user 3 and session 8 have one like each */
    dataset_close(&d);
    CHECK_INT(mvti("dataset build"), 0);
}

static void training_keeps_what_it_was_trained_on(void)
{
    struct dataset d;
    struct model m;
    CHECK_INT(mvti("train ease --set lambda=2 --seed 3 --holdout 0"), 0);
    CHECK(dataset_open(&d, at("state/datasets/current.mvd"), NULL) == ERR_OK);
    CHECK(model_open(&m, at("state/models/ease.mvm"), NULL) == ERR_OK);
    CHECK(memcmp(m.info->dataset_hash, d.hash, 32) == 0);
    CHECK_INT(m.info->seed, 3);
    CHECK_INT(m.info->simulated, 1);
    CHECK_INT(m.n_items, 4);
    CHECK_INT(m.n_settings, 2);
    CHECK(strcmp(m.settings[0].name, "lambda") == 0 && m.settings[0].value == 2);
    CHECK(strcmp(m.settings[1].name, "discount") == 0 && m.settings[1].value == 0);
    CHECK_INT(m.n_metrics, 0);
    model_close(&m);
    dataset_close(&d);
}

static void a_ratings_file_that_is_not_the_imported_one_is_refused(void)
{
    sql("UPDATE rating_source SET content_hash = REPEAT('0', 64)");
    CHECK_INT(mvti("dataset build"), err_exit_status(ERR_CORRUPT));
    CHECK(strstr(buf_str(&program.said), "import it again") != NULL);
}

static void wrong_words_are_usage_errors(void)
{
    const char *const bad[] = {"dataset",
                               "dataset make",
                               "dataset build --items some",
                               "dataset build --no-db --items catalog",
                               "train",
                               "train nothing",
                               "evaluate ease",
                               "evaluate ease --train a --test b --format lists --k 20,10",
                               "evaluate ease --train a --test b --format lists --set lambda=x",
                               "simulate audience"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_MSG(mvti(bad[i]) == 64, "mvti %s", bad[i]);
    CHECK_INT(mvti("train ease --dataset /nowhere.mvd"), err_exit_status(ERR_NOT_FOUND));
}

int main(void)
{
    db_free(tables_start(&server, "mvti_training_test"));
    RUN(a_catalog_with_ratings_and_visitors);
    RUN(likes_of_everyone_become_the_dataset);
    RUN(marks_take_a_like_back);
    RUN(haste_is_not_believed);
    RUN(all_items_on_request);
    RUN(training_keeps_what_it_was_trained_on);
    RUN(a_ratings_file_that_is_not_the_imported_one_is_refused);
    RUN(wrong_words_are_usage_errors);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
