/* The members of what the site serves are tuned as visitors need them, and training takes what was found. */
#include "tests/check.h"

#include <string.h>

#include "fixture/program.h"
#include "fixture/tables.h"
#include "fixture/tastes.h"

static struct mariadb server;
static struct program program = {.server = &server, .settings = "--quiet --set reference_dir=sql/reference"};

#define FIXED                                                                                                \
    " --set recvae.epochs=2 --set recvae.hidden=20 --set recvae.latent=8 --set recvae.batch=100 --set "      \
    "recvae.rate=1e-3 "                                                                                      \
    "--set recvae.dropout=0.5 --set recvae.noise=0.01"

static void members_are_searched_one_after_the_other(void)
{
    tastes_catalog(&server);
    program_says(&program, "import ratings --name likes \"$D/likes.csv\"", 0, "");
    program_says(&program, "dataset build", 0, "");
    program_says(&program,
                 "tune ader --budget 3 --save --set admm-slim.lambda1=1 --set admm-slim.lambda2=50 --set "
                 "admm-slim.alpha=0.5" FIXED,
                 0, "ease of ader");
    CHECK(strstr(buf_str(&program.said), "admm-slim of ader") == NULL); /* nothing of it is left to search */
    CHECK(strstr(buf_str(&program.said), "recvae of ader") != NULL &&
          strstr(buf_str(&program.said), "ader.recvae.conf, which mvti train ader uses") != NULL);
    CHECK_MSG(strstr(buf_str(&program.said), "best of 3 trials") != NULL, "%s", buf_str(&program.said));
    CHECK_MSG(strstr(buf_str(&program.said), "ader with the defaults: ndcg.10 0.") != NULL &&
                  strstr(buf_str(&program.said), "ader as found: ndcg.10 0.") != NULL &&
                  strstr(buf_str(&program.said), ", rule ") != NULL,
              "%s", buf_str(&program.said));
    program_says(&program, "tune ader --data x --format pairs", 64, "an ensemble is tuned on a dataset");
    program_says(&program, "tune ader --test x --format pairs", 64, "must not be chosen on the test data");
}

#define TUNED                                                                                                \
    "FROM training_run r WHERE r.command = 'tune' AND r.status = 'finished' AND LENGTH(r.dataset_hash) = "   \
    "64 AND r.model = "
#define FIGURES(name)                                                                                        \
    "(SELECT v.value FROM training_run_value v WHERE v.run_id = r.run_id AND v.name = '" name "')"

/* Each search is a run with a point for each trial and what it found, and so is the whole. */
static void searches_are_in_the_books(void)
{
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM training_run WHERE command = 'tune'"), 3);
    CHECK_INT(tables_number(&server,
                            "SELECT COUNT(*) " TUNED
                            "'ease' AND " FIGURES("trials") " = 3 AND " FIGURES("ndcg.10") " >= " FIGURES(
                                "defaults.ndcg.10") " AND " FIGURES("lambda") " > 0"),
              1);
    CHECK_INT(tables_number(
                  &server, "SELECT COUNT(*) FROM training_curve c JOIN training_run r ON r.run_id = c.run_id "
                           "WHERE r.command = 'tune' AND r.model = 'recvae' AND c.name = 'ndcg.10'"),
              3);
    CHECK_INT(
        tables_number(&server, "SELECT COUNT(*) " TUNED "'ader' AND " FIGURES("ndcg.10") " > 0 AND " FIGURES(
                                   "weight.ease") " IS NOT NULL AND " FIGURES("ease.lambda") " > 0"),
        1);
    program_says(&program, "tune popularity --budget 2", 65, "no settings to search");
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM training_run WHERE command = 'tune'"), 3);
}

static void training_takes_what_was_found(void)
{
    program_shell_works(&program,
                        "echo 'lambda = 123' >\"$D/state/tuned/ader.ease.conf\"; echo 'lambda2 = 77' "
                        ">\"$D/state/tuned/admm-slim.conf\"");
    program_says(&program, "train ader --once" FIXED " --set recvae.gamma=0.01", 0,
                 "settings not given are taken from ");
    CHECK(strstr(buf_str(&program.said), "ader.ease.conf") != NULL &&
          strstr(buf_str(&program.said), "/admm-slim.conf") != NULL);
#define VALUE_OF(name)                                                                                       \
    "SELECT CAST(ROUND(v.value) AS SIGNED) FROM training_run_value v JOIN training_run r ON r.run_id = "     \
    "v.run_id WHERE "                                                                                        \
    "r.model = 'ader' AND v.kind = 'param' AND v.name = '" name "' ORDER BY v.run_id DESC LIMIT 1"
    CHECK_INT(tables_number(&server, VALUE_OF("ease.lambda")), 123);
    CHECK_INT(tables_number(&server, VALUE_OF("admm-slim.lambda2")), 77);
    program_says(&program, "train ader --once --set ease.lambda=9" FIXED, 0, "");
    CHECK_INT(tables_number(&server, VALUE_OF("ease.lambda")), 9); /* what is given comes first */
    program_shell_works(&program, "echo 'lambda = -1' >\"$D/state/tuned/ader.ease.conf\"");
    program_says(&program, "train ader --once" FIXED, 65, "ader.ease.conf:1: lambda=-1");
}

int main(void)
{
    db_free(tables_start(&server, "mvti_tune_test"));
    RUN(members_are_searched_one_after_the_other);
    RUN(searches_are_in_the_books);
    RUN(training_takes_what_was_found);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
