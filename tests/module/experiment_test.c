/* Experiments in the database: what mvti experiment stores, refuses and shows. */
#include "tests/check.h"

#include <stdarg.h>
#include <unistd.h>

#include "fixture/program.h"
#include "fixture/tables.h"

static struct mariadb server;
static struct program program = {.server = &server, .settings = "--quiet"};

static int64_t number(const char *sql)
{
    return tables_number(&server, sql);
}

/* Two variants, the second of which sets `settings`. */
static void define(const char *name, const char *layer, const char *more, const char *settings)
{
    char file[80], text[600], words[400];
    snprintf(file, sizeof file, "%s.json", name);
    snprintf(text, sizeof text,
             "{\"name\": \"%s\", \"layer\": \"%s\", %s \"variants\": [{\"name\": \"control\", \"share\": "
             "50}, {\"name\": \"other\", "
             "\"share\": 50, \"settings\": {%s}}]}",
             name, layer, more, settings);
    CHECK(mariadb_write(&server, file, text));
    snprintf(words, sizeof words, "experiment apply %s", mariadb_path(&server, file));
    program_says(&program, words, 0, name);
}

#define TASTE "\"match\": {\"film\": 65, \"enneagram\": 25, \"certainty\": 10}"
#define CAP "\"diversity\": {\"film_cap\": 1}"

static void a_definition_is_stored_and_shown(void)
{
    program_says(&program, "experiment list", 0,
                 "there is no experiment; mvti experiment apply FILE makes one");
    define("taste", "result", "\"traffic\": 60, \"end\": \"2099-01-01\",", TASTE);
    program_says(&program, "experiment list", 0, "2099-01-01T00:00:00Z");
    program_says(&program, "experiment show taste", 0,
                 "{\"match\":{\"film\":65,\"enneagram\":25,\"certainty\":10}}");
    program_says(&program, "experiment show none", 66, "there is no experiment none");
    CHECK_INT(number("SELECT COUNT(*) FROM experiment_variant WHERE is_control = 1 AND settings = '{}'"), 1);
    define("taste", "result", "\"traffic\": 60, \"end\": \"2099-01-01\",",
           TASTE "," CAP); /* a draft may change */
    CHECK_INT(number("SELECT COUNT(*) FROM experiment"), 1);
    program_says(&program, "experiment apply /none.json", 66, "/none.json");
    CHECK(mariadb_write(&server, "bad.json", "{\"name\": \"bad\", \"layer\": \"x\", \"variants\": 2}"));
    char words[400];
    snprintf(words, sizeof words, "experiment apply %s", mariadb_path(&server, "bad.json"));
    program_says(&program, words, 65, "bad.json.variants: must be a list");
    CHECK_INT(number("SELECT COUNT(*) FROM experiment"), 1);
}

static void what_runs_keeps_what_it_is(void)
{
    char words[400];
    program_says(&program, "experiment start taste", 0, "taste runs");
    program_says(&program, "experiment start taste", 65, "taste runs already");
    CHECK_INT(number("SELECT slot_from * 100000 + slots FROM experiment WHERE name = 'taste'"), 6000);
    CHECK_INT(number("SELECT COUNT(*) FROM experiment_share"), 2);
    define("taste", "result", "\"traffic\": 60,", TASTE "," CAP); /* its end may change */
    CHECK_INT(number("SELECT COUNT(*) FROM experiment WHERE ends_at IS NULL AND state = 'running'"), 1);
    CHECK(mariadb_write(
        &server, "taste.json",
        "{\"name\": \"taste\", \"layer\": \"result\", \"traffic\": 60, \"variants\": [{\"name\": "
        "\"control\", "
        "\"share\": 1}, {\"name\": \"other\", \"share\": 1, \"settings\": {\"wall\": \"even\"}}]}"));
    snprintf(words, sizeof words, "experiment apply %s", mariadb_path(&server, "taste.json"));
    program_says(&program, words, 65, "taste runs, so its variants' names and settings cannot change");
    CHECK_INT(number("SELECT COUNT(*) FROM experiment_variant WHERE settings LIKE '%wall%'"), 0);
}

/* Experiments of one layer exclude each other; those of two set different things. */
static void a_layer_has_room_once(void)
{
    define("second", "result", "\"traffic\": 50,", "\"wall\": \"even\"");
    program_says(&program, "experiment start second", 65,
                 "second wants 50 % of layer result, of which 40 % in one piece are free");
    define("second", "result", "\"traffic\": 40,", TASTE);
    program_says(&program, "experiment start second", 0, "second runs");
    CHECK_INT(number("SELECT slot_from FROM experiment WHERE name = 'second'"), 6000);
    define("elsewhere", "other", "", CAP);
    program_says(&program, "experiment start elsewhere", 65, "taste in layer result sets diversity too");
    define("elsewhere", "other", "", "\"wall\": \"flat\"");
    program_says(&program, "experiment start elsewhere", 0, "elsewhere runs");
}

static void what_was_stopped_does_not_come_back(void)
{
    program_says(&program, "experiment stop taste --reason 'the other is better'", 0, "taste is stopped");
    program_says(&program, "experiment stop taste", 65, "taste was stopped already: the other is better");
    program_says(&program, "experiment start taste", 65, "was stopped and does not come back");
    program_says(&program, "experiment list", 0, "the other is better");
    program_says(&program, "experiment stop none", 66, "there is no experiment none");
    define("third", "result", "\"traffic\": 60,", "\"wall\": \"even\"");
    program_says(&program, "experiment start third", 65, "elsewhere in layer other sets wall too");
    program_says(&program, "experiment stop elsewhere", 0, "elsewhere is stopped");
    program_says(&program, "experiment start third", 0, "third runs");
    define("late", "late", "\"end\": \"2020-01-01\",", "\"wall\": \"flat\"");
    program_says(&program, "experiment start late", 65, "the end of late has passed");
}

/* ---- what became of results ---- */

static int64_t next_test = 1;

static void run_sql(const char *format, ...)
{
    char sql[1500];
    va_list list;
    va_start(list, format);
    vsnprintf(sql, sizeof sql, format, list);
    va_end(list);
    tables_run(&server, sql);
}

/* n tests of as many visitors, made by a variant of an experiment; of 100, so many have a like of the character in it, a click, a thumb down. */
static void plant(const char *experiment, int position, int n, int liked, int clicked, int down)
{
    const char *numbers = tables_range(next_test, next_test + n - 1);
    next_test += n;
    run_sql("INSERT INTO test (test_id, token, visitor_id, mbti, enneagram, locale, snapshot_id, feedback, "
            "created_at) SELECT seq, "
            "CONCAT('t', seq), seq, 'INFP', '4w5', 'ko', 's', IF(seq %% 100 < %d, 'down', 'none'), "
            "UTC_TIMESTAMP() FROM %s",
            down, numbers);
    run_sql("INSERT INTO test_result (test_id, list, position, character_id, match_type, percent, "
            "enneagram_similarity, because_json) "
            "SELECT seq, 'same', 0, 11, 'same', 80, 1, '[]' FROM %s",
            numbers);
    run_sql("INSERT INTO test_experiment (test_id, experiment_id, position, propensity) SELECT seq, "
            "experiment_id, %d, 0.5 FROM "
            "%s JOIN experiment WHERE name = '%s'",
            position, numbers, experiment);
    run_sql("INSERT INTO character_like (visitor_id, character_id, created_at) SELECT seq, IF(seq %% 100 < "
            "%d, 11, 12), UTC_TIMESTAMP(6) "
            "FROM %s",
            liked, numbers);
    run_sql("INSERT INTO event (visitor_id, test_id, kind, created_at) SELECT seq, seq, IF(seq %% 100 >= 100 "
            "- %d, 'click', 'impression'), "
            "UTC_TIMESTAMP() FROM %s",
            clicked, numbers);
}

static int64_t weight_of(const char *experiment, int position)
{
    char sql[300];
    snprintf(sql, sizeof sql,
             "SELECT CAST(ROUND(1000 * v.weight) AS SIGNED) FROM experiment_variant v JOIN experiment e ON "
             "e.experiment_id = "
             "v.experiment_id WHERE e.name = '%s' AND v.position = %d",
             experiment, position);
    return number(sql);
}

static void a_bandit_follows_what_it_counts(void)
{
    define("arms", "arms", "\"kind\": \"bandit\", \"bandit\": {\"floor\": 0.05, \"min_views\": 100},",
           "\"explore\": {\"share\": 0.1}");
    program_says(&program, "experiment start arms", 0, "0 reweighted");
    plant("arms", 0, 300, 2, 8, 0);
    plant("arms", 1, 90, 30, 30, 0);
    program_says(&program, "experiment refresh", 0, "0 reweighted"); /* too few of the second */
    CHECK_INT(weight_of("arms", 1), 500);
    plant("arms", 1, 60, 0, 35, 0);
    program_says(&program, "experiment refresh", 0, "1 reweighted");
    CHECK_INT(weight_of("arms", 1), 950);
    CHECK_INT(weight_of("arms", 0), 50); /* the floor */
    CHECK_INT(number("SELECT COUNT(DISTINCT since) FROM experiment_share s JOIN experiment e ON "
                     "e.experiment_id = s.experiment_id WHERE "
                     "e.name = 'arms'"),
              2);
    program_says(&program, "experiment refresh", 0, "0 reweighted"); /* the same counts, the same weights */
    program_says(&program, "experiment show arms", 0, "0.9500");
    CHECK_INT(number("SELECT tests * 1000000 + liked * 1000 + engaged FROM experiment_day d JOIN experiment "
                     "e ON e.experiment_id = "
                     "d.experiment_id WHERE e.name = 'arms' AND d.position = 0"),
              300 * 1000000 + 6 * 1000 + 30);
    run_sql("DELETE FROM character_like"); /* taken back */
    program_says(&program, "experiment refresh", 0, "running");
    CHECK_INT(number("SELECT CAST(SUM(liked) AS SIGNED) FROM experiment_day"), 0);
    program_says(&program, "experiment stop arms", 0, "arms is stopped");
}

/* What is worse than bearable is stopped, and what is only worse is not. */
static void the_guard_rail_stops_what_is_worse(void)
{
    static const char three[] = "{\"name\": \"guarded\", \"layer\": \"arms\", \"variants\": [{\"name\": "
                                "\"control\", \"share\": 1}, {\"name\": \"unliked\", "
                                "\"share\": 1, \"settings\": {\"explore\": {\"share\": 0.1}}}, {\"name\": "
                                "\"fine\", \"share\": 1, \"settings\": "
                                "{\"explore\": {\"share\": 0.2}}}]}";
    char words[400];
    CHECK(mariadb_write(&server, "guarded.json", three));
    snprintf(words, sizeof words, "experiment apply %s", mariadb_path(&server, "guarded.json"));
    program_says(&program, words, 0, "guarded is a draft of 3 variants");
    program_says(&program, "experiment start guarded", 0, "guarded runs");
    plant("guarded", 0, 600, 30, 0, 5);
    plant("guarded", 1, 600, 8, 0, 5);
    plant("guarded", 2, 600, 28, 0, 6);
    program_says(
        &program, "experiment refresh", 0,
        "guarded: variant unliked is stopped: guard-rail: a like in 48 of 600 tests, of the control in 180 "
        "of 600");
    program_says(&program, "experiment refresh", 0, "0 stopped");
    program_says(&program, "experiment list", 0, "guarded    running");
    program_says(&program, "experiment show guarded", 0, "guard-rail: a like in 48");
    program_says(&program, "doctor", 69, "guarded: variant unliked was stopped");
    plant("guarded", 2, 600, 30, 0, 25);
    program_says(&program, "experiment refresh", 0,
                 "guarded: variant fine is stopped: guard-rail: a thumb down on 186 of 1200 tests");
    CHECK(strstr(buf_str(&program.said),
                 "guarded is stopped: guard-rail: every variant but the control was stopped") != NULL);
    program_says(&program, "experiment list", 0, "guarded    stopped");
    program_says(&program, "doctor", 69, "guarded was stopped");
}

static void an_end_that_has_come_is_kept(void)
{
    define("short", "arms", "\"end\": \"2099-01-01\",", "\"explore\": {\"share\": 0.1}");
    program_says(&program, "experiment start short", 0, "short runs");
    run_sql("UPDATE experiment SET ends_at = UTC_TIMESTAMP() - INTERVAL 1 MINUTE WHERE name = 'short'");
    program_says(&program, "experiment refresh", 0, "short is stopped: its end has come");
    CHECK_INT(number("SELECT COUNT(*) FROM experiment WHERE name = 'short' AND state = 'stopped' AND "
                     "stop_reason = 'its end has come'"),
              1);
}

static void the_doctor_looks_at_the_file(void)
{
    CHECK(mariadb_write(&server, "state/experiments/current.mve", "nothing"));
    program_says(&program, "doctor", 69, "workers assign nobody; run: mvti experiment refresh");
    CHECK(unlink(mariadb_path(&server, "state/experiments/current.mve")) == 0);
    program_says(&program, "doctor", 69, "so workers assign nobody");
    program_says(&program, "experiment refresh", 0, "running");
    program_says(&program, "doctor", 69, "experiments: 2 running");
    program_says(&program, "--set experiment_force=taste=other doctor", 69, "gives these to everybody");
}

static void words_are_checked(void)
{
    program_says(&program, "experiment", 64, "usage: mvti experiment");
    program_says(&program, "experiment start", 64, "usage: mvti experiment");
    program_says(&program, "experiment begin taste", 64, "unknown action");
    program_says(&program, "experiment list taste", 64, "unknown action");
}

int main(void)
{
    struct db *db = tables_start(&server, "experiment");
    db_free(db);
    RUN(a_definition_is_stored_and_shown);
    RUN(what_runs_keeps_what_it_is);
    RUN(a_layer_has_room_once);
    RUN(what_was_stopped_does_not_come_back);
    RUN(a_bandit_follows_what_it_counts);
    RUN(the_guard_rail_stops_what_is_worse);
    RUN(an_end_that_has_come_is_kept);
    RUN(the_doctor_looks_at_the_file);
    RUN(words_are_checked);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
