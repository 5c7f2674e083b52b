/* The commands of an operator who looks after the site, as the program says them: runs, an ensemble and what
 * is missing of it, sessions, keys, counters, a snapshot file and what it would recommend. */
#include "tests/check.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/rng.h"
#include "base/secret.h"
#include "fixture/program.h"
#include "fixture/small_snapshot.h"
#include "fixture/tables.h"
#include "publish/published_models.h"
#include "store/training_run.h"

static struct mariadb server;
static struct db *db;
static struct program program = {.server = &server, .settings = "--quiet --set reference_dir=sql/reference"};
static struct small_snapshot snapshot;

static int64_t keep_run(const char *model, double lambda, double ndcg)
{
    const struct training_run_value values[] = {{RUN_PARAM, "lambda", NULL, lambda},
                                                {RUN_PARAM, "file", "영화.csv", 0},
                                                {RUN_METRIC, "ndcg.10", NULL, ndcg},
                                                {RUN_METRIC, "hit.10", NULL, NAN}};
    struct training_run r = {.started_ms = 1790000000123,
                             .ended_ms = 1790000002456,
                             .seconds = 2.333,
                             .command = "train",
                             .seed = 7,
                             .status = RUN_FINISHED,
                             .values = values,
                             .n_values = 4};
    int64_t id = 0;
    snprintf(r.model, sizeof r.model, "%s", model);
    CHECK(training_run_store(db, &r, &id, NULL) == ERR_OK);
    return id;
}

static void runs_are_listed_shown_and_compared(void)
{
    char words[64];
    program_says(&program, "runs", 0, "no runs yet; 'mvti dataset build' and 'mvti train ease'");
    program_says(&program, "runs --model bpr", 0, "no runs of bpr yet; 'mvti train bpr' records one");
    program_says(&program, "runs --json", 0, "[]");
    int64_t one = keep_run("ease", 400, 0.25), two = keep_run("ease", 500, 0.5);
    program_says(&program, "runs", 0, "2026-09-21 14:13:20");
    CHECK(strstr(buf_str(&program.said), "0.2500") != NULL &&
          strstr(buf_str(&program.said), "0.5000") != NULL);
    program_says(&program, "runs --limit 1 --json", 0, "\"lambda\":500");
    CHECK(strstr(buf_str(&program.said), "\"hit.10\":null") != NULL);
    CHECK(strstr(buf_str(&program.said), "\"lambda\":400") == NULL);
    snprintf(words, sizeof words, "runs show %lld", (long long)one);
    program_says(&program, words, 0, "영화.csv");
    CHECK(strstr(buf_str(&program.said), "dataset   -") != NULL);
    snprintf(words, sizeof words, "runs show %lld --json", (long long)one);
    program_says(&program, words, 0, "{\"run\":");
    snprintf(words, sizeof words, "runs compare %lld %lld", (long long)one, (long long)two);
    program_says(&program, words, 0, "lambda");
    CHECK(strstr(buf_str(&program.said), "400") != NULL && strstr(buf_str(&program.said), "500") != NULL);
    CHECK(strstr(buf_str(&program.said), "영화.csv") == NULL); /* the same in both */
    snprintf(words, sizeof words, "runs compare %lld %lld", (long long)one, (long long)one);
    program_says(&program, words, 0, "(none)");
}

/* Of VERSION, and the commit in a checkout. */
static void it_says_which_release_it_is(void)
{
    static const char ask[] = "for program in mvti mvti-worker; do \"${BUILD:-build}/$program\" --version | "
                              "grep -qxE \"$program $(cat VERSION)([+][0-9a-f]{10})?\" || exit 1; done";
    CHECK_INT(program_shell(&program, ask), 0);
}

static void runs_that_are_none(void)
{
    program_says(&program, "runs show x", err_exit_status(ERR_INVALID), "'x' is not the number of a run");
    program_says(&program, "runs show 0", err_exit_status(ERR_INVALID), "'0' is not the number of a run");
    program_says(&program, "runs show 987654", err_exit_status(ERR_NOT_FOUND), "987654");
    program_says(&program, "runs compare 1", 64, "usage: mvti runs");
    program_says(&program, "runs show", 64, "usage: mvti runs");
    program_says(&program, "runs dance 1 2", 64, "usage: mvti runs");
}

/* Enough people for a share to be held out. */
static void write_likes(void)
{
    FILE *f = fopen(mariadb_path(&server, "likes.csv"), "w");
    CHECK(f != NULL);
    struct rng r;
    rng_seed(&r, 3);
    fputs("userId,movieId,rating,timestamp\n", f);
    for (int u = 1; u <= 120; u++)
        for (int m = 1; m <= 24; m++)
            if (rng_unit(&r) < (u % 3 == m % 3 ? 0.7 : 0.1))
                fprintf(f, "%d,%d,5.0,%d\n", u, m, 1000 + m);
    fclose(f);
}

static void an_ensemble_and_its_parts(void)
{
    for (int m = 1; m <= 24; m++) {
        char text[120];
        snprintf(text, sizeof text, "INSERT INTO movie (movie_id, title_en) VALUES (%d, 'Film %d')", m, m);
        tables_run(&server, text);
    }
    write_likes();
    program_says(&program, "import ratings --name likes \"$D/likes.csv\"", 0, "");
    program_says(&program, "dataset build", 0, "");
    program_says(&program, "publish", err_exit_status(ERR_NOT_FOUND), "run 'mvti train blend' first");
    program_says(&program, "train blend --set lightgcn++.epochs=2", 0, "");
    program_says(&program, "runs --model blend", 0, "blend");
    CHECK_INT(program_shell(
                  &program,
                  "test -s \"$D/state/models/blend.mvm\" && test -s \"$D/state/models/ease-by-length.mvm\""),
              0);
    CHECK_INT(program_shell(&program, "mv \"$D/state/models/ease-by-length.mvm\" \"$D/kept\""), 0);
    program_says(&program, "publish", err_exit_status(ERR_NOT_FOUND),
                 "a part of blend; run 'mvti train blend' again");
    CHECK_INT(program_shell(&program,
                            "cp \"$D/state/models/lightgcn++.mvm\" \"$D/state/models/ease-by-length.mvm\""),
              0);
    program_says(&program, "publish", err_exit_status(ERR_INVALID),
                 "a model of kind lightgcn++, ease-by-length is wanted");
    program_says(&program, "train ease-by-length --set lambda3=3", 0, "");
    program_says(&program, "publish", err_exit_status(ERR_CONFLICT),
                 "is not the one that blend was made with");
    program_says(&program, "train popularity --out \"$D/counts.mvm\"", 0, "");
    program_says(&program, "publish --model \"$D/counts.mvm\"", err_exit_status(ERR_INVALID),
                 "cannot be served alone");
}

/* From the parts above to a snapshot of all of them, and back to the one before. */
static void an_ensemble_is_published_and_taken_back(void)
{
    tables_run(&server, "INSERT INTO film_character (character_id, movie_id, name_en, mbti, enneagram, "
                        "description_ko, description_en) VALUES (5, 5, 'Somebody', 'INFP', '4w5', '', '')");
    program_says(&program, "doctor", 69, "models/ease-by-length.mvm is not the one that blend was made with");
    program_says(&program, "publish --rollback", err_exit_status(ERR_NOT_FOUND),
                 "no older snapshot to roll back to");
    CHECK_INT(program_shell(&program, "mv \"$D/kept\" \"$D/state/models/ease-by-length.mvm\""), 0);
    program_says(&program, "publish", 0, "");
    CHECK_INT(program_shell(&program, "readlink \"$D/state/snapshots/current\" >\"$D/first\""), 0);
    /* The run that made the model knows where it is served. */
    CHECK(tables_number(
              &server, "SELECT COUNT(*) FROM training_run WHERE model = 'blend' AND snapshot_id <> ''") == 1);
    CHECK(program_run(&program, "doctor") >= 0 &&
          strstr(buf_str(&program.said), "model blend: part lightgcn++: intact; 24 films") != NULL);
    /* A twin of film 1, which people would see twice. */
    tables_run(&server, "INSERT INTO movie (movie_id, title_en, year) VALUES (101, 'Twin', 1999), "
                        "(102, 'Twin', 1999)");
    /* Addresses that came in before imports looked at them. */
    tables_run(
        &server,
        "INSERT INTO film_character (character_id, movie_id, name_en, mbti, enneagram, description_ko, "
        "description_en, image_url) VALUES (6, 6, 'A', 'INFP', '4w5', '', '', '/own/six.webp'), "
        "(7, 6, 'B', 'INFP', '4w5', '', '', '/\\\\wrong.example/a'), (8, 6, 'C', 'INFP', '4w5', '', '', "
        "'javascript:wrong.example')");
    program_says(&program, "publish", 0, "which is shown for both");
    program_says(&program, "recommend --mbti INFP --enneagram 4w5 --movies 1,2,102", 0, "");
    CHECK_INT(
        program_shell(
            &program,
            "cd \"$D\" && (cat likes.csv; printf '500,101,5,2\\n500,102,5,3\\n501,102,5,4\\n') >more.csv"),
        0);
    program_says(&program, "import ratings --name likes \"$D/more.csv\"", 0, "");
    program_says(&program, "dataset build --out \"$D/twins.mvd\"", 0,
                 "2 likes of duplicate films count for the film that is shown instead");
    CHECK(strstr(buf_str(&program.said), ", 25 films, ") != NULL);
    CHECK_INT(program_shell(&program, "cd \"$D/state/snapshots\" && grep -q /own/six.webp current && "
                                      "! grep -q wrong.example current"),
              0);
    program_says(&program, "publish --rollback", 0, "");
    CHECK_INT(program_shell(&program,
                            "test \"$(readlink \"$D/state/snapshots/current\")\" = \"$(cat \"$D/first\")\""),
              0);
    program_says(&program, "publish --rollback", err_exit_status(ERR_NOT_FOUND),
                 "no older snapshot to roll back to");
    tables_run(&server, "DELETE FROM movie WHERE movie_id = 102");
    program_says(&program, "publish --keep 1", 0, "");
    CHECK_INT(program_shell(&program, "test $(ls \"$D\"/state/snapshots/*.mvs | wc -l) = 1"), 0);
}

/* Of the last training: whoever has no weight, why; and in the books what each part is worth. */
static void weights_are_explained(void)
{
    static const char *const parts[] = {"ease-by-length", "admm-slim", "lightgcn++", "bts"};
    const char *text = buf_str(&program.said), *line = strstr(text, "weights: ");
    CHECK(line != NULL);
    for (size_t p = 0; line != NULL && p < 4; p++) {
        char none[64], why[64];
        snprintf(none, sizeof none, "%s 0.000", parts[p]);
        snprintf(why, sizeof why, "  %s has no weight: ", parts[p]);
        CHECK_MSG((strstr(line, none) != NULL) == (strstr(text, why) != NULL), "%s: %s", parts[p], text);
    }
    bool fitted = strstr(text, "the report's fusion, which was the best") == NULL;
    CHECK_INT(tables_number(
                  &server,
                  "SELECT COUNT(*) FROM training_run_value WHERE (name LIKE 'gain.%' OR name LIKE "
                  "'share.%') AND run_id = (SELECT MAX(run_id) FROM training_run WHERE parent_id IS NULL)"),
              fitted ? 4 : 0);
}

/* With texts, films that nobody has rated have a score too; publishing says what it could compare. */
static void an_ensemble_with_a_content_model(void)
{
    FILE *f = fopen(mariadb_path(&server, "plots.csv"), "w");
    CHECK(f != NULL && fputs("movie_id,plot_en,keywords\n", f) >= 0);
    for (int m = 1; m <= 24; m++)
        fprintf(f, "%d,A %s and a %s in a %s,%s\n", m, m % 3 == 0 ? "sailor" : "farmer",
                m % 2 ? "storm" : "feast", m % 5 == 0 ? "harbour" : "village", m % 3 == 0 ? "sea" : "field");
    fclose(f);
    program_says(&program, "import plots \"$D/plots.csv\"", 0, "24 rows: 24 new");
    program_says(&program, "train bts --holdout 0", 0, "bts.mvm");
    program_says(&program, "train blend --set lightgcn++.epochs=2", 0, "bts 0.");
    weights_are_explained();
    CHECK(strstr(buf_str(&program.said), "no content model") == NULL);
    program_says(&program, "publish --margin 0.9", 0, "published ");
    program_says(&program, "doctor", 69, "model blend: part bts: intact; 24 films");
    CHECK_INT(program_shell(&program, "echo broken >\"$D/state/models/bts.mvm\""), 0);
    program_says(&program, "train blend", err_exit_status(ERR_CORRUPT), "bts.mvm: ");
    program_says(&program, "publish", err_exit_status(ERR_CORRUPT), "bts.mvm: ");
    program_says(&program, "doctor", 69, "bts.mvm: ");
    CHECK_INT(program_shell(&program, "rm \"$D/state/models/bts.mvm\""), 0);
    program_says(&program, "train blend --set lightgcn++.epochs=2", 0, "no content model");
}

/* A catalog of very many films gets a forest to search in. */
static void a_large_part_is_searched(void)
{
    struct published_models m;
    struct config config = server.config;
    struct fail why = {0};
    snprintf(config.state_dir, sizeof config.state_dir, "%s", mariadb_path(&server, "state"));
    CHECK_MSG(published_models_open(&m, &config, NULL, &why) == ERR_OK, "%s", why.text);
    CHECK(published_models_index(&m, &config, 25, &why) == ERR_OK && m.searched == 0);
    CHECK_MSG(published_models_index(&m, &config, 24, &why) == ERR_OK, "%s", why.text);
    CHECK(m.searched > 0 && m.forest.info->n_items == 24);
    CHECK(strncmp(m.parts[m.searched - 1].info->kind, "lightgcn", 8) == 0);
    published_models_close(&m);
    CHECK_INT(program_shell(&program, "rm \"$D\"/state/models/lightgcn*.mvf"), 0);
}

static void one_publisher_at_a_time(void)
{
    int lock = open(mariadb_path(&server, "state/snapshots/lock"), O_RDWR);
    CHECK(lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0);
    program_says(&program, "publish", err_exit_status(ERR_BUSY), "another mvti publish is running");
    program_says(&program, "publish --rollback", err_exit_status(ERR_BUSY),
                 "another mvti publish is running");
    close(lock);
    CHECK_INT(program_shell(&program, "rm \"$D/state/snapshots/lock\" && mkdir \"$D/state/snapshots/lock\""),
              0);
    program_says(&program, "publish", err_exit_status(ERR_IO), "snapshots/lock: Is a directory");
    CHECK_INT(program_shell(&program, "rmdir \"$D/state/snapshots/lock\""), 0);
    for (int m = 200; m < 250; m++) {
        char text[120];
        snprintf(text, sizeof text, "INSERT INTO movie (movie_id, title_en, year) VALUES (%d, 'Same', 1999)",
                 m);
        tables_run(&server, text);
    }
    program_says(&program, "publish --margin 0.9", 0, "and 29 more"); /* of films that are shown once */
}

static void settings_are_searched_and_kept(void)
{
    static const struct {
        const char *words;
        int status;
        const char *text;
    } rows[] = {{"tune nothing", 64, "unknown model 'nothing'"},
                {"tune ease --metric best", 64, "--metric best"},
                {"tune ease --set lambda=x", 64, "lambda"},
                {"tune ease --train a --test b --format lists", 64, "must not be chosen on the test data"},
                {"tune ease --dataset /nonexistent.mvd", 66, "/nonexistent.mvd"},
                {"tune", 64, "usage"},
                {"evaluate nothing", 64, ""},
                {"train --help", 0, "--set lambda=X"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        program_says(&program, rows[i].words, rows[i].status, rows[i].text);
    program_says(&program, "tune ease --budget 2 --save", 0, "");
    CHECK_INT(program_shell(&program, "grep -q '^lambda = ' \"$D/state/tuned/ease.conf\""), 0);
    program_says(&program, "tune ease --seconds 1", 0, "");
}

static void keys_and_sessions(void)
{
    struct stat st;
    program_says(&program, "key \"$D/key\"", 0, "readable by its owner only");
    CHECK(stat(mariadb_path(&server, "key"), &st) == 0 && (st.st_mode & 077) == 0);
    CHECK(program_run(&program, "key \"$D/key\"") != 0); /* one that is there stays */
    program_says(&program, "key", 64, "usage");
    program_says(&program, "sessions", 0, "deleted 0 expired sessions");
    CHECK(strstr(buf_str(&program.said), "finished 0 large deletions") != NULL);
    program_says(&program, "sessions --end 7", 0, "ended 0 sessions");
    program_says(&program, "sessions --end-all", 0, "ended 0 sessions");
    program_says(&program, "sessions --end 0", 64, "--end");
}

static void counters_are_held_to_the_rows(void)
{
    program_says(&program, "recount", 0, ": 0 corrected");
    program_says(&program, "recount now", 64, "usage");
}

static void a_snapshot_file_by_itself(void)
{
    char words[600];
    snprintf(words, sizeof words, "snapshot info '%s'", snapshot.path);
    program_says(&program, words, 0, "films       12");
    CHECK(strstr(buf_str(&program.said), "characters  48") != NULL);
    snprintf(words, sizeof words, "snapshot verify '%s'", snapshot.path);
    program_says(&program, words, 0, ": intact, 12 films, 48 characters");
    program_says(&program, "snapshot verify /nonexistent.mvs", err_exit_status(ERR_NOT_FOUND),
                 "/nonexistent.mvs");
    snprintf(words, sizeof words, "snapshot dance '%s'", snapshot.path);
    program_says(&program, words, 64, "expected info or verify");
    program_says(&program, "snapshot info", 64, "usage");
}

static void what_it_would_recommend(void)
{
    static const char who[] = "recommend --mbti INFP --enneagram 4w5";
    static const struct {
        const char *more;
        int status;
        const char *text;
    } rows[] = {{"--movies 101,102,103", 0, "like you: INFP"},
                {"--movies 101,102,103 --limit 2", 0, "good match: "},
                {"--movies 101,102,103 --json", 0, "\"mbti\":\"INFP\""},
                {"--movies 101,x", 64, "'x' is not a list of film ids"},
                {"--movies 101,-1", 64, "'-1' is not a list of film ids"},
                {"--movies 99999999999", 64, "is not a list of film ids"},
                {"--movies 101", 64, "at least 3 films"},
                {"--movies 101,102,999", 65, "there is no film 999"},
                {"--movies 101,102,103 --enneagram 4w8", 64, ""},
                {"--movies 101,102,103 --mbti XXXX", 64, ""},
                {"--movies 101,102,103 --limit 0", 64, "--limit"}};
    char words[600];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(words, sizeof words, "%s --snapshot '%s' %s", who, snapshot.path, rows[i].more);
        program_says(&program, words, rows[i].status, rows[i].text);
    }
    snprintf(words, sizeof words, "--set state_dir=/nonexistent %s --movies 101,102,103", who);
    program_says(&program, words, err_exit_status(ERR_NOT_FOUND), "/nonexistent/snapshots/current");
}

int main(void)
{
    CHECK(secret_init() == ERR_OK);
    db = tables_start(&server, "mvti_operator_test");
    small_snapshot_make(&snapshot, 12, 5);
    RUN(runs_are_listed_shown_and_compared);
    RUN(it_says_which_release_it_is);
    RUN(runs_that_are_none);
    RUN(an_ensemble_and_its_parts);
    RUN(an_ensemble_is_published_and_taken_back);
    RUN(an_ensemble_with_a_content_model);
    RUN(a_large_part_is_searched);
    RUN(one_publisher_at_a_time);
    RUN(settings_are_searched_and_kept);
    RUN(keys_and_sessions);
    RUN(counters_are_held_to_the_rows);
    RUN(a_snapshot_file_by_itself);
    RUN(what_it_would_recommend);
    small_snapshot_free(&snapshot);
    buf_free(&program.said);
    db_free(db);
    mariadb_stop(&server);
    return check_done();
}
