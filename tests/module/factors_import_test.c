/* mvti import factors: a model that was trained elsewhere is listed, measured, published, refused and explained as one of our own. */
#include "tests/check.h"

#include <stdio.h>

#include "fixture/program.h"
#include "fixture/tables.h"
#include "fixture/tastes.h"
#include "model/model_file.h"

static struct mariadb server;
static struct program program = {.server = &server, .settings = "--quiet --set reference_dir=sql/reference"};
#define MODELS "\"$D/state/models/"

static void a_site_with_a_model_of_its_own(void)
{
    /* The same people are held out whenever this runs. */
    program_shell_works(&program,
                        "mkdir -p \"$D/state\" && printf '%s\\n' AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8 "
                        ">\"$D/state/panel.key\" && chmod 600 \"$D/state/panel.key\"");
    tastes_catalog(&server);
    program_says(&program, "import ratings --name likes \"$D/likes.csv\"", 0, "");
    tastes_visitors(&server, 1001, 1200, 60);
    tables_run(&server,
               "INSERT INTO account (visitor_id) SELECT visitor_id FROM visitor WHERE visitor_id % 3 > 0");
    program_says(&program, "dataset build", 0, "held out of training");
    program_says(&program, "train popularity", 0, "");
    program_says(&program, "train ease --set lambda=200", 0, "");
    program_says(&program, "publish --model " MODELS "ease.mvm\"", 0, "nothing to compare it with");
    program_says(&program, "dataset held", 0, "source,person\nlikes,");
    PROGRAM_SAYS(&program, "\nvisitors,");
}

static void write_row(FILE *f, int film, const float *v, size_t d)
{
    fprintf(f, "%d", film);
    for (size_t k = 0; k < d; k++)
        fprintf(f, ",%.9g", (double)v[k]);
    fputc('\n', f);
}

/* The factors of bpr.mvm as another program would write them, in any order: a film that is in no catalog, and one twice. Spoilt, each film has
 * those of another taste. */
static void write_factors(const char *name, bool spoilt)
{
    struct model m;
    struct fail why = {0};
    CHECK_MSG(model_open(&m, mariadb_path(&server, "state/models/bpr.mvm"), &why) == ERR_OK, "%s", why.text);
    FILE *f = fopen(mariadb_path(&server, name), "w");
    CHECK(f != NULL);
    size_t d = m.info->n_factors;
    fprintf(f, "movie_id");
    for (size_t k = 0; k < d; k++)
        fprintf(f, ",f%zu", k);
    fputc('\n', f);
    for (size_t i = m.n_items; i-- > 0;)
        write_row(f, m.item_ids[i], m.weights + (spoilt ? i / 2 : i) * d, d);
    write_row(f, 999999, m.weights, d);
    write_row(f, 1, m.weights, d);
    CHECK(fclose(f) == 0);
    model_close(&m);
}

static void what_is_wrong_is_said_and_left_out(void)
{
    program_says(&program, "train bpr --set factors=8 --set epochs=60", 0, "");
    write_factors("bpr.csv", false);
    program_says(
        &program, "import factors \"$D/bpr.csv\" --tolerate 1", 65,
        "bpr.csv: 1 of 62 rows are rejected, 1 % are tolerated; the first, line 63: film 1 came before");
    program_shell_works(&program, "! ls \"$D\"/state/models/*factors* 2>/dev/null");
    program_says(&program, "import factors \"$D/bpr.csv\" --held-out", 0, "8 factors of each of 60 films");
    PROGRAM_SAYS(&program, "left out: 1 films that the catalog does not have");
    PROGRAM_SAYS(&program, "rejected 1 of 62 rows, 1 of them of a film that came before");
    PROGRAM_SAYS(&program, "bpr.csv:63: film 1 came before; the first row counts");
    program_says(&program, "runs --model factors", 0, "import");
    CHECK_INT(
        tables_number(&server,
                      "SELECT COUNT(*) FROM training_run r JOIN training_run_value v USING (run_id) "
                      "WHERE r.command = 'import' AND r.status = 'finished' AND v.name = 'file' AND "
                      "v.word = 'bpr.csv' AND LENGTH(r.model_hash) = 64 AND LENGTH(r.dataset_hash) = 64"),
        1);
}

static void nothing_of_it_known_changes_nothing(void)
{
    program_shell_works(&program, "cp \"$D/state/models/factors.mvm\" \"$D/before.mvm\"");
    PROGRAM_FILE(&program, "strange.csv", "movie_id,f0\n888,1\n889,2\n");
    PROGRAM_FILE(&program, "empty.csv", "movie_id,f0\n");
    PROGRAM_FILE(&program, "bad.csv", "movie_id,f0\n1,1\n2,nan\n");
    program_says(&program, "import factors \"$D/strange.csv\"", 65,
                 "none of its 2 films is in the catalog, which has 60");
    program_says(&program, "import factors \"$D/empty.csv\"", 65, "holds no films");
    program_says(&program, "import factors \"$D/bad.csv\"", 65, "line 3: column f0: 'nan' is not finite");
    PROGRAM_FILE(&program, "small.csv", "movie_id,f0,f1\n1,0,1e-30\n2,-0.0,1e-300\n");
    program_says(&program, "import factors \"$D/small.csv\"", 65, "every factor is 0, or too small");
    program_says(&program, "import factors \"$D/bpr.csv\" --out \"$D/bpr.csv\"", 65,
                 "bpr.csv: is also the input ");
    program_shell_works(&program, "head -n 1 \"$D/bpr.csv\" | grep -q ^movie_id");
    program_shell_works(&program, "cmp \"$D/state/models/factors.mvm\" \"$D/before.mvm\"");
}

/* To the last digit as the model whose factors they are. */
static void it_is_measured_as_what_it_was(void)
{
    program_shell_works(&program, "{ echo movie_id; seq 1 60; } >\"$D/catalog.csv\"");
    program_says(&program,
                 "evaluate " MODELS "bpr.mvm\"," MODELS
                 "factors.mvm\",popularity --data \"$D/likes.csv\" --format "
                 "movielens --catalog \"$D/catalog.csv\" --protocol strong --given 5 --json",
                 0, "\"model\":\"factors.mvm\"");
    CHECK(mariadb_write(&server, "figures", buf_str(&program.said)));
    program_shell_works(
        &program,
        "grep -o '\"ndcg\":{[^}]*}' \"$D/figures\" >\"$D/ndcg\" && test $(wc -l <\"$D/ndcg\") = 3 && "
        "test $(sort -u \"$D/ndcg\" | wc -l) = 2 && test $(head -n 2 \"$D/ndcg\" | sort -u | wc -l) = 1");
    program_says(&program, "evaluate " MODELS "factors.mvm\" --data \"$D/likes.csv\" --format movielens", 64,
                 "needs --catalog");
    program_says(
        &program,
        "evaluate \"$D/none.mvm\" --data \"$D/likes.csv\" --format movielens --catalog \"$D/catalog.csv\"",
        66, "none.mvm");
}

/* Whoever was held out judges both. */
static void it_is_published_and_explained(void)
{
    program_says(&program, "publish --model " MODELS "factors.mvm\" --margin 0.5", 0,
                 "no change beyond chance: ");
    program_says(&program, "snapshot info \"$D/state/snapshots/current\"", 0,
                 "model       factors, 60 films");
    CHECK_INT(
        tables_number(&server,
                      "SELECT COUNT(*) FROM v_lineage l JOIN training_run r USING (run_id) WHERE l.kind = "
                      "'factors' AND r.command = 'import'"),
        1);
    program_says(&program, "recommend --mbti INFP --enneagram 4w5 --movies 1,9,13 --json", 0, "\"share\":");
    program_says(&program, "publish --rollback", 0, "rolled back to");
}

/* With and without a word on whom they learnt from. */
static void a_worse_one_is_refused(void)
{
    write_factors("spoilt.csv", true);
    static const char *const how[] = {" --held-out", ""};
    for (size_t i = 0; i < 2; i++) {
        char words[200];
        snprintf(words, sizeof words, "import factors \"$D/spoilt.csv\"%s", how[i]);
        program_says(&program, words, 0, "8 factors of each of 60 films");
        program_says(&program, "publish --model " MODELS "factors.mvm\"", 65,
                     "not published: worse: NDCG@10 of ");
    }
    program_says(&program, "import factors \"$D/bpr.csv\"", 0, "8 factors of each of 60 films");
    program_says(&program, "publish --margin 0.5 --model " MODELS "factors.mvm\"", 0,
                 "the new models do not say whom they were not trained on");
}

int main(void)
{
    db_free(tables_start(&server, "mvti_factors_test"));
    RUN(a_site_with_a_model_of_its_own);
    RUN(what_is_wrong_is_said_and_left_out);
    RUN(nothing_of_it_known_changes_nothing);
    RUN(it_is_measured_as_what_it_was);
    RUN(it_is_published_and_explained);
    RUN(a_worse_one_is_refused);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
