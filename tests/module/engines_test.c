/* The engines of `mvti import ratings` and `mvti dataset build`, called as a library: what they give back and
 * note, and that what goes wrong on the way leaves things as they were. */
#include "import/ratings_import.h"

#include <string.h>
#include <unistd.h>

#include "fixture/tables.h"
#include "import/dataset_gather.h"
#include "tests/check.h"

static struct mariadb server;
static struct db *db;
static struct arena arena;

/* What an import notes, a line each, and what happens behind its back while it reads. */
static struct buf notes;
static const char *meanwhile;

static void on_note(void *arg, const char *sentence)
{
    (void)arg;
    buf_printf(&notes, "%s\n", sentence);
}

static void on_report(void *arg, const char *stage, uint64_t done, uint64_t total)
{
    (void)arg, (void)stage, (void)done, (void)total;
    if (meanwhile != NULL)
        tables_run(&server, meanwhile);
    meanwhile = NULL;
}

static bool stop;

static bool on_stopping(void *arg)
{
    (void)arg;
    return stop;
}

static const struct progress progress = {.report = on_report, .note = on_note, .stopping = on_stopping};

static struct ratings_import import_of(const char *path)
{
    buf_reset(&notes);
    return (struct ratings_import){.db = db,
                                   .arena = &arena,
                                   .progress = &progress,
                                   .config = &server.config,
                                   .path = path,
                                   .rules = ratings_reader_plain};
}

static enum err run(struct ratings_import *im, const char *name, struct fail *why)
{
    enum err rc = ratings_import_name(im, name, why);
    return rc == ERR_OK ? ratings_import_run(im, why) : rc;
}

static void it_counts_and_notes(void)
{
    struct fail why = {0};
    CHECK(mariadb_write(&server, "some.csv",
                        "userId,movieId,rating,timestamp\n1,10,4,1\n1,10,5,2\n1,x,4,3\n2,11,3,4\n"));
    struct ratings_import im = import_of(mariadb_path(&server, "some.csv"));
    im.rules.tolerate = 50;
    CHECK_MSG(run(&im, NULL, &why) == ERR_OK, "%s", why.text);
    CHECK_STR(im.name, "some");
    CHECK_INT(im.rows, 4);
    CHECK_INT(im.rejected, 1);
    CHECK_INT(im.by_verdict[RATINGS_BAD_MOVIE], 1);
    CHECK_INT(im.superseded, 1);
    CHECK_INT(im.header.n_ratings, 2);
    CHECK_INT(im.known.catalog, 0);
    const char *at = strstr(buf_str(&notes), "some.csv:4: film id is not");
    CHECK_MSG(at != NULL && strchr(at, '\n')[1] == '\0', "%s", buf_str(&notes));
    ratings_import_close(&im);
    CHECK_INT(tables_number(&server, "SELECT n_ratings FROM rating_source WHERE name = 'some'"), 2);
    CHECK_INT(tables_number(&server, "SELECT rows_rejected FROM import_run WHERE kind = 'ratings'"), 1);
}

/* The older file is that of the row, whose hash was not changed. */
static void a_database_that_fails_meanwhile_leaves_the_source(void)
{
    struct fail why = {0};
    struct ratings_file f = {0};
    CHECK(mariadb_write(&server, "more.csv",
                        "userId,movieId,rating,timestamp\n1,10,4,1\n2,10,5,2\n3,10,5,2\n"));
    struct ratings_import im = import_of(mariadb_path(&server, "more.csv"));
    meanwhile = "RENAME TABLE import_run TO import_run_away";
    CHECK(run(&im, "some", &why) != ERR_OK);
    CHECK(meanwhile == NULL);
    ratings_import_close(&im);
    tables_run(&server, "RENAME TABLE import_run_away TO import_run");
    CHECK_INT(tables_number(&server, "SELECT n_ratings FROM rating_source WHERE name = 'some'"), 2);
    CHECK_MSG(ratings_file_open(&f, mariadb_path(&server, "ratings/some.mvr"), &why) == ERR_OK, "%s",
              why.text);
    CHECK_INT(f.header->n_ratings, 2);
    ratings_file_close(&f);
}

static void nothing_is_begun_without_a_name(void)
{
    struct fail why = {0};
    struct ratings_import im = import_of(mariadb_path(&server, "absent.csv"));
    CHECK(ratings_import_name(&im, "../up", &why) == ERR_INVALID);
    CHECK(strstr(why.text, "'../up'") != NULL);
    ratings_import_close(&im);
    im.path = "ml-tiny/ratings.csv.gz";
    CHECK(ratings_import_name(&im, NULL, &why) == ERR_OK);
    CHECK_STR(im.name, "ml-tiny");
    CHECK(ratings_import_run(&im, &why) == ERR_NOT_FOUND);
    ratings_import_close(&im);
}

/* Of everything that was imported, and of mine.csv, of which half may be wrong. */
static struct dataset_gather gathering(void)
{
    static const char *files[1];
    files[0] = mariadb_path(&server, "mine.csv");
    return (struct dataset_gather){.db = db,
                                   .arena = &arena,
                                   .progress = &progress,
                                   .config = &server.config,
                                   .files = files,
                                   .n_files = 1,
                                   .rules = {.tolerate = 50},
                                   .threshold = 3.5,
                                   .min_user = 1};
}

/* Films 10 and 11 are the same to people, so the like of one counts for the other. */
static void a_dataset_is_gathered_of_sources_and_files(void)
{
    struct fail why = {0};
    struct dataset d = {0};
    char path[400];
    snprintf(path, sizeof path, "%s", mariadb_path(&server, "all.mvd"));
    tables_run(&server, "INSERT INTO movie (movie_id, title_en, year) VALUES (10, 'Heat', 1995), (11, "
                        "'Heat', 1995), (12, 'Ran', 1985)");
    CHECK(mariadb_write(&server, "mine.csv", "userId,movieId,rating\n1,12,5\n2,11,5\nx\n"));
    struct dataset_gather g = gathering();
    g.catalog_only = true;
    buf_reset(&notes);
    stop = true;
    CHECK_INT(dataset_gather_run(&g, path, &why), ERR_STOPPED);
    CHECK(access(path, F_OK) != 0);
    stop = false;
    g.moved = 0;
    CHECK_MSG(dataset_gather_run(&g, path, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(g.moved, 1);
    CHECK_INT(g.visitors.choices, 0);
    CHECK(strstr(buf_str(&notes), "mine.csv: skipped 1 invalid rows") != NULL);
    CHECK_MSG(dataset_open(&d, path, &why) == ERR_OK, "%s", why.text);
    CHECK_INT(d.n_sources, 2);
    CHECK_INT(csr_count(&d.x), 3);
    CHECK_INT(d.x.n_cols, 2);
    CHECK(d.item_ids[0] == 10 && d.item_ids[1] == 12);
    dataset_close(&d);
}

/* Without the three imported people only the file's are left; a wrong setting stops before anything is written. */
static void a_source_weighs_what_the_setting_says(void)
{
    struct fail why = {0};
    struct dataset d = {0};
    char path[400];
    snprintf(path, sizeof path, "%s", mariadb_path(&server, "weighed.mvd"));
    struct dataset_gather g = gathering();
    CHECK(config_set(&server.config, "source_weights", "other=0", &why) == ERR_OK);
    CHECK_INT(dataset_gather_run(&g, path, &why), ERR_INVALID);
    CHECK_MSG(strstr(why.text, "no ratings were imported as other") != NULL && access(path, F_OK) != 0, "%s",
              why.text);
    CHECK(config_set(&server.config, "source_weights", "some=0", &why) == ERR_OK);
    CHECK_MSG(dataset_gather_run(&g, path, &why) == ERR_OK && dataset_open(&d, path, &why) == ERR_OK, "%s",
              why.text);
    CHECK_INT(d.n_sources, 1);
    CHECK_INT(csr_count(&d.x), 2);
    dataset_close(&d);
    buf_reset(&notes);
    CHECK(config_set(&server.config, "source_weights", "some=0.999", &why) == ERR_OK);
    CHECK(dataset_gather_run(&g, path, &why) == ERR_OK && dataset_open(&d, path, &why) == ERR_OK);
    CHECK_INT(d.n_sources, 2);
    CHECK(strstr(buf_str(&notes), "some weighs 0.999: 0 of its likes are left out") != NULL);
    dataset_close(&d);
    CHECK(config_set(&server.config, "source_weights", "some=1e-9", &why) == ERR_OK);
    CHECK(dataset_gather_run(&g, path, &why) == ERR_OK && dataset_open(&d, path, &why) == ERR_OK);
    CHECK_INT(d.n_sources, 1);
    CHECK(strstr(buf_str(&notes), "some weighs 1e-09, which is less than one of its people") != NULL);
    dataset_close(&d);
    CHECK(config_set(&server.config, "source_weights", "", &why) == ERR_OK);
}

int main(void)
{
    db = tables_start(&server, "mvti_engines");
    RUN(it_counts_and_notes);
    RUN(a_database_that_fails_meanwhile_leaves_the_source);
    RUN(nothing_is_begun_without_a_name);
    RUN(a_dataset_is_gathered_of_sources_and_files);
    RUN(a_source_weighs_what_the_setting_says);
    db_free(db);
    arena_free(&arena);
    buf_free(&notes);
    mariadb_stop(&server);
    return check_done();
}
