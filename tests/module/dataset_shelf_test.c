/* Datasets of past nights: kept by their hash as long as something was made from them, and built anew as of a day. */
#include "tests/check.h"

#include <string.h>

#include "fixture/program.h"
#include "fixture/tables.h"
#include "fixture/tastes.h"

static struct mariadb server;
static struct program program = {.server = &server, .settings = "--quiet --set reference_dir=sql/reference"};

static void hash_said(char out[65])
{
    const char *at = strstr(buf_str(&program.said), "  hash ");
    CHECK(at != NULL);
    snprintf(out, 65, "%.64s", at != NULL ? at + 7 : "");
}

static void kept(int n)
{
    char command[200];
    snprintf(command, sizeof command, "test $(ls \"$D\"/state/datasets/kept | grep -vc held) = %d", n);
    program_shell_works(&program, command);
}

static char first[65], second[65];

static void a_night_is_kept_while_something_was_made_from_it(void)
{
    program_says(&program, "dataset kept", 0, "no datasets are kept yet");
    program_shell_works(&program,
                        "mkdir -p \"$D/state\" && printf '%s\\n' AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8 "
                        ">\"$D/state/panel.key\" && chmod 600 \"$D/state/panel.key\"");
    tastes_catalog(&server);
    program_says(&program, "import ratings --name likes \"$D/likes.csv\"", 0, "");
    tables_run(&server, "UPDATE rating_source SET imported_at = '2026-01-01'");
    tastes_visitors(&server, 1001, 300, 1);
    tables_run(&server, "UPDATE test SET created_at = '2026-01-10 12:00:00'");
    program_says(&program, "dataset build", 0, "held out of training");
    hash_said(first);
    kept(1);
    program_shell_works(&program, "test $(ls \"$D\"/state/datasets/kept | grep -c held) = 1");
    program_says(&program, "train ease --holdout 0", 0, "");
    program_says(&program, "train popularity --holdout 0", 0, "");
    program_says(&program, "publish --model \"$D/state/models/ease.mvm\"", 0, "published ");
    tastes_visitors(&server, 2001, 300, 1);
    tables_run(&server, "UPDATE test SET created_at = '2026-02-10 12:00:00' WHERE visitor_id >= 2001");
    program_says(&program, "dataset build", 0, "held out of training");
    hash_said(second);
    CHECK(strcmp(first, second) != 0);
    kept(2);
    program_says(&program, "dataset kept", 0, first);
    CHECK(strstr(buf_str(&program.said), second) != NULL && strstr(buf_str(&program.said), " likes") != NULL);
    program_says(&program, "dataset build --out \"$D/other.mvd\" --min-user 5", 0, "");
    kept(2); /* a file of somebody's own is no night's */
}

static void a_model_is_trained_from_a_kept_one(void)
{
    char words[200];
    snprintf(words, sizeof words, "train ease --holdout 0 --dataset %.12s --out \"$D/again.mvm\"", first);
    program_says(&program, words, 0, "");
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM training_run WHERE model = 'ease'"), 2);
    CHECK_INT(
        tables_number(&server, "SELECT COUNT(DISTINCT dataset_hash) FROM training_run WHERE model = 'ease'"),
        1);
    program_says(&program, "train ease --dataset 0123456789", 66,
                 "no dataset 0123456789 is kept; 'mvti dataset kept' lists them");
    program_says(&program, "train ease --dataset nothing.mvd", 66, "nothing.mvd");
}

static void a_night_is_built_anew(void)
{
    char hash[65];
    program_says(&program, "dataset build --as-of 2026-01-31", 0,
                 "choices that were withdrawn or deleted since then");
    CHECK(strstr(buf_str(&program.said), "as-of.mvd") != NULL);
    hash_said(hash);
    CHECK_STR(hash, first);
    program_says(&program, "dataset build --as-of '2026-01-10 12:00'", 0,
                 "held out of training, to compare snapshots on: 0 visitors");
    program_says(&program, "dataset build --as-of 2026-02-10", 0, "");
    hash_said(hash);
    CHECK_STR(hash, second);
    program_says(&program, "dataset build --as-of 2025-12-31", 65, ""); /* neither ratings nor visitors yet */
    /* Whom the law lets go stays gone. */
    tables_run(&server, "DELETE FROM test_movie WHERE test_id = 1001");
    program_says(&program, "dataset build --as-of 2026-01-31", 0, "");
    hash_said(hash);
    CHECK(strcmp(hash, first) != 0);
    program_says(&program, "dataset build --as-of yesterday", 64, "--as-of 'yesterday': not YYYY-MM-DD");
    program_says(&program, "dataset build --as-of 2026-02-31", 64, "--as-of '2026-02-31': not YYYY-MM-DD");
    program_says(&program, "dataset build --as-of 2026-01-3112:00", 64, "not YYYY-MM-DD");
    program_says(&program, "dataset build --as-of 2026-01-31T12:00", 64, "not YYYY-MM-DD");
    program_says(&program, "dataset build --as-of '2026-01-31 12:00:00'", 64, "not YYYY-MM-DD");
    program_says(&program, "dataset build --as-of 1969-12-30", 64, "--as-of 1969-12-30: out of range");
    program_says(&program, "dataset build --as-of 2026-01-31 --no-db", 64, "usage");
    program_says(&program, "dataset info --as-of 2026-01-31", 64, "usage");
    kept(2);
}

static void what_nothing_was_made_from_goes(void)
{
    program_says(&program, "train ease --holdout 0", 0, "");
    program_says(&program, "train popularity --holdout 0", 0, "");
    program_says(&program, "publish --model \"$D/state/models/ease.mvm\" --keep 2 --force", 0, "published ");
    kept(2); /* the older snapshot is kept */
    program_says(&program, "train ease --holdout 0 --set lambda=9", 0, "");
    program_says(&program, "publish --model \"$D/state/models/ease.mvm\" --keep 1 --force", 0, "published ");
    kept(1);
    program_says(&program, "dataset kept", 0, second);
    /* What cannot be read may have been made from any. */
    program_shell_works(
        &program,
        "echo broken >\"$D/state/models/odd.mvm\" && cp \"$D/state/datasets/current.mvd\" "
        "\"$D/state/datasets/kept/0000000000000000000000000000000000000000000000000000000000000000.mvd\"");
    program_says(&program, "dataset build", 0, "");
    CHECK(program_shell(&program, "test -e \"$D\"/state/datasets/kept/0000000000000000*") == 0);
    program_shell_works(&program, "rm \"$D/state/models/odd.mvm\"");
    program_says(&program, "dataset build", 0, "");
    CHECK(program_shell(&program, "test -e \"$D\"/state/datasets/kept/0000000000000000*") != 0);
}

int main(void)
{
    db_free(tables_start(&server, "mvti_dataset_shelf_test"));
    RUN(a_night_is_kept_while_something_was_made_from_it);
    RUN(a_model_is_trained_from_a_kept_one);
    RUN(a_night_is_built_anew);
    RUN(what_nothing_was_made_from_goes);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
