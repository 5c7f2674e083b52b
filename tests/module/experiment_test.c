/* Experiments in the database: what mvti experiment stores, refuses and shows. */
#include "tests/check.h"

#include <unistd.h>

#include "fixture/program.h"
#include "fixture/tables.h"

static struct mariadb server;
static struct program program = {.server = &server, .settings = "--quiet"};

/* The command ends with this status, and says so. */
static void says(const char *words, int status, const char *text)
{
    int got = program_run(&program, words);
    CHECK_MSG(got == status && strstr(buf_str(&program.said), text) != NULL,
              "mvti %s: %d, wanted %d \"%s\": %s", words, got, status, text, buf_str(&program.said));
}

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
    says(words, 0, name);
}

#define TASTE "\"match\": {\"film\": 65, \"enneagram\": 25, \"certainty\": 10}"
#define CAP "\"diversity\": {\"film_cap\": 1}"

static void a_definition_is_stored_and_shown(void)
{
    says("experiment list", 0, "there is no experiment; mvti experiment apply FILE makes one");
    define("taste", "result", "\"traffic\": 60, \"end\": \"2099-01-01\",", TASTE);
    says("experiment list", 0, "2099-01-01T00:00:00Z");
    says("experiment show taste", 0, "{\"match\":{\"film\":65,\"enneagram\":25,\"certainty\":10}}");
    says("experiment show none", 66, "there is no experiment none");
    CHECK_INT(number("SELECT COUNT(*) FROM experiment_variant WHERE is_control = 1 AND settings = '{}'"), 1);
    define("taste", "result", "\"traffic\": 60, \"end\": \"2099-01-01\",",
           TASTE "," CAP); /* a draft may change */
    CHECK_INT(number("SELECT COUNT(*) FROM experiment"), 1);
    says("experiment apply /none.json", 66, "/none.json");
    CHECK(mariadb_write(&server, "bad.json", "{\"name\": \"bad\", \"layer\": \"x\", \"variants\": 2}"));
    char words[400];
    snprintf(words, sizeof words, "experiment apply %s", mariadb_path(&server, "bad.json"));
    says(words, 65, "bad.json.variants: must be a list");
    CHECK_INT(number("SELECT COUNT(*) FROM experiment"), 1);
}

static void what_runs_keeps_what_it_is(void)
{
    char words[400];
    says("experiment start taste", 0, "taste runs");
    says("experiment start taste", 65, "taste runs already");
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
    says(words, 65, "taste runs, so its variants' names and settings cannot change");
    CHECK_INT(number("SELECT COUNT(*) FROM experiment_variant WHERE settings LIKE '%wall%'"), 0);
}

/* Experiments of one layer exclude each other; those of two set different things. */
static void a_layer_has_room_once(void)
{
    define("second", "result", "\"traffic\": 50,", "\"wall\": \"even\"");
    says("experiment start second", 65,
         "second wants 50 % of layer result, of which 40 % in one piece are free");
    define("second", "result", "\"traffic\": 40,", TASTE);
    says("experiment start second", 0, "second runs");
    CHECK_INT(number("SELECT slot_from FROM experiment WHERE name = 'second'"), 6000);
    define("elsewhere", "other", "", CAP);
    says("experiment start elsewhere", 65, "taste in layer result sets diversity too");
    define("elsewhere", "other", "", "\"wall\": \"flat\"");
    says("experiment start elsewhere", 0, "elsewhere runs");
}

static void what_was_stopped_does_not_come_back(void)
{
    says("experiment stop taste --reason 'the other is better'", 0, "taste is stopped");
    says("experiment stop taste", 65, "taste was stopped already: the other is better");
    says("experiment start taste", 65, "was stopped and does not come back");
    says("experiment list", 0, "the other is better");
    says("experiment stop none", 66, "there is no experiment none");
    define("third", "result", "\"traffic\": 60,", "\"wall\": \"even\"");
    says("experiment start third", 65, "elsewhere in layer other sets wall too");
    says("experiment stop elsewhere", 0, "elsewhere is stopped");
    says("experiment start third", 0, "third runs");
    define("late", "late", "\"end\": \"2020-01-01\",", "\"wall\": \"flat\"");
    says("experiment start late", 65, "the end of late has passed");
}

static void words_are_checked(void)
{
    says("experiment", 64, "usage: mvti experiment");
    says("experiment start", 64, "usage: mvti experiment");
    says("experiment begin taste", 64, "no such action");
    says("experiment list taste", 64, "no such action");
}

int main(void)
{
    struct db *db = tables_start(&server, "experiment");
    db_free(db);
    RUN(a_definition_is_stored_and_shown);
    RUN(what_runs_keeps_what_it_is);
    RUN(a_layer_has_room_once);
    RUN(what_was_stopped_does_not_come_back);
    RUN(words_are_checked);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
