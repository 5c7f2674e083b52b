/* What commands answer to words and rows that are wrong, one at a time: a status, and a sentence that says
 * what. */
#include "tests/check.h"

#include "fixture/file.h"
#include "fixture/program.h"
#include "fixture/tables.h"
#include "store/catalog.h"

static struct mariadb server;
static struct db *db;
static struct arena arena;
static struct program program = {.server = &server, .settings = "--quiet --set reference_dir=sql/reference"};

#define SAYS(words) PROGRAM_SAYS(&program, words)

struct saying {
    const char *words;
    int status;
    const char *text;
};

static void say_all(const struct saying *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        program_says(&program, rows[i].words, rows[i].status, rows[i].text);
}

#define SAY_ALL(rows) say_all(rows, sizeof(rows) / sizeof *(rows))

#define FILE_OF(name, text) PROGRAM_FILE(&program, name, text)

/* ---- options ---- */

static void options_of_every_command(void)
{
    static const struct saying rows[] = {
        {"runs --limit", 64, "--limit needs a value"},
        {"runs --limit=x", 64, "--limit"},
        {"runs --dance", 64, "--dance"},
        {"snapshot info -- --odd.mvs", 66, "--odd.mvs"},
        {"--config", 64, "--config: unknown option, or its value is missing"},
        {"--set nonsense runs", 64, "--set nonsense: not NAME=VALUE"},
        {"--config /nonexistent runs", 64, "/nonexistent"},
        {"", 64, "usage: mvti"},
        {"dance", 64, "unknown command 'dance'"},
        {"migrate now", 64, "usage"},
        {"migrate --list", 0, "applied"},
        {"migrate", 0, "nothing to do: all migrations have run"},
        {"doctor now", 64, "usage"},
        {"publish now", 64, "usage"},
        {"publish --keep 0", 64, "--keep"},
    };
    char many[600];
    SAY_ALL(rows);
    int n = snprintf(many, sizeof many, "dataset build --no-db");
    for (int i = 0; i < 33; i++)
        n += snprintf(many + n, sizeof many - (size_t)n, " --ratings x");
    program_says(&program, many, 64, "--ratings: more than 32 times");
}

/* Each guard of a command's words alone, on both of its sides. */
static void words_that_do_not_go_together(void)
{
    static const struct saying rows[] = {
        {"runs --json=yes", 64, "--json takes no value"},
        {"runs --limit 0", 64, "--limit"},
        {"runs --limit 10001", 64, "--limit"},
        {"runs --limit=10000", 0, ""},
        {"runs --published --limit 1", 0, ""},
        {"runs --published show", 64, "--published goes with"},
        {"runs send now", 64, "usage: mvti runs"},
        {"runs show 1 2", 64, "usage: mvti runs"},
        {"runs show 0", 65, "'0' is not the number of a run"},
        {"runs show -1", 65, "'-1' is not the number of a run"},
        {"runs show 1x", 65, "'1x' is not the number of a run"},
        {"runs show ''", 65, "'' is not the number of a run"},
        {"runs compare x 1", 65, "'x' is not the number of a run"},
        {"snapshot history x", 64, "expected info or verify"},
        {"snapshot history --limit 0", 64, "--limit"},
        {"snapshot dance x", 64, "expected info or verify"},
        {"snapshot info a b", 64, "unexpected argument: b"},
        {"publish --rollback --forward", 64, "give one of --rollback"},
        {"publish --rollback --pin", 64, "give one of --rollback"},
        {"publish --forward --unpin", 64, "give one of --rollback"},
        {"publish --unpin x", 64, "give one of --rollback"},
        {"notify", 64, "usage: mvti notify"},
        {"notify --watch --test", 64, "usage: mvti notify"},
        {"notify --test --unit x", 64, "usage: mvti notify"},
        {"report --locale fr", 64, "--locale 'fr': must be ko or en"},
        {"report --week 2026-02-31", 65, "there is no day 2026-02-31"},
        {"recommend --mbti INFP", 64, "at least 3 films"},
        {"recommend --mbti INFP --movies 1,2", 64, "at least 3 films"},
        {"recommend --mbti INFP --movies 1,2,2147483648", 64, "is not a list of film ids"},
        {"recommend --mbti INFP --movies 1,2,3:", 64, "is not a list of film ids"},
        {"simulate audience --out x", 64, "usage: mvti simulate"},
        {"simulate audience --movies x", 64, "usage: mvti simulate"},
        {"dataset kept x", 64, "usage"},
        {"dataset without x", 64, "usage"},
        {"dataset with", 64, "usage"},
        {"dataset info x --without 2026-11-01..", 64, "usage"},
        {"dataset build --no-db --without 2026-11-01..", 64, "usage"},
    };
    SAY_ALL(rows);
}

static void who_is_banned_and_for_how_long(void)
{
    static const struct saying rows[] = {
        {"ban", 64, "usage: mvti ban"},
        {"ban add", 64, "usage: mvti ban"},
        {"ban list x", 64, "usage: mvti ban"},
        {"ban dance 203.0.113.1", 64, "usage: mvti ban"},
        {"ban add visitor:0", 64, "visitor:0: visitor:NUMBER"},
        {"ban add visitor:-1", 64, "visitor:NUMBER"},
        {"ban add visitor:", 64, "visitor:NUMBER"},
        {"ban add account:1x", 64, "account:1x: visitor:NUMBER"},
        {"ban add 203.0.113.1 --for 0d", 64, "--for 0d: hours or days"},
        {"ban add 203.0.113.1 --for 3651d", 64, "--for 3651d"},
        {"ban add 203.0.113.1 --for 7", 64, "--for 7: hours or days"},
        {"ban add 203.0.113.1 --for 7w", 64, "--for 7w"},
        {"ban add 203.0.113.1 --for d", 64, "--for d"},
        {"ban add 203.0.113.1 --for 7dd", 64, "--for 7dd"},
        {"ban purge 203.0.113.1", 65, "203.0.113.1: this needs visitor:NUMBER"},
        {"ban votes 203.0.113.1", 65, "203.0.113.1: this needs visitor:NUMBER"},
        {"ban lift 203.0.113.1", 66, "203.0.113.1 is not banned"},
        {"ban add 203.0.113.1 --for 3650d", 0, ""},
        {"ban add 203.0.113.2 --for 1h", 0, ""},
        {"ban lift 203.0.113.1", 0, ""},
        {"ban lift 203.0.113.2", 0, ""},
    };
    CHECK_INT(program_shell(&program, "mkdir -p \"$D/state\""), 0);
    SAY_ALL(rows);
}

/* ---- data ---- */

static void datasets(void)
{
    static const struct saying before[] = {
        {"dataset", 64, "usage"},
        {"dataset dance", 64, "usage"},
        {"dataset build x", 64, "usage"},
        {"dataset build --items some", 64, "usage"},
        {"dataset build --items catalog --no-db", 64, "usage"},
        {"dataset build --scale ten", 64, "--scale ten"},
        {"dataset info /nonexistent.mvd", 66, "/nonexistent.mvd"},
        {"dataset build", 65, "the catalog has no films; import movies first, or use --items all"},
        {"dataset build --no-db --ratings /nonexistent.csv", 66, "/nonexistent.csv"},
        {"dataset build --no-db --tolerate 50 --out /nonexistent/x.mvd --ratings \"$D/r.csv\"", 74,
         "/nonexistent/x.mvd"},
        {"dataset build --no-db --ratings \"$D/r.csv\" --out \"$D/one.mvd\"", 65, "1 of 4 rows rejected"},
        {"dataset build --no-db --ratings \"$D/r.csv\" --out \"$D/one.mvd\" --tolerate 50", 0,
         "r.csv: skipped 1 invalid rows"},
    };
    tables_empty_catalog(&server);
    FILE_OF("r.csv", "userId,movieId,rating,timestamp\n1,1,5,1\n1,2,4,1\n2,1,4.5,1\nx,y,z,1\n");
    SAY_ALL(before);
    CHECK_INT(program_import(&program, "movies", FILE_OF("m.csv", "movie_id,title_en\n1,One\n2,Two\n"), ""),
              0);
    CHECK_INT(program_import(&program, "ratings", "r.csv", "--tolerate 50 --name r"), 0);
    static const struct saying after[] = {
        {"dataset info \"$D/state/ratings/r.mvr\"", 0, "3 ratings of 2 films by 2 people, on a scale of 5"},
        {"dataset build --no-db --ratings \"$D/state/ratings/r.mvr\" --out \"$D/two.mvd\"", 0,
         "two.mvd: 2 users, 2 films, 3 likes"},
        {"dataset info \"$D/two.mvd\"", 0, "two.mvd: 2 users"},
        {"dataset info \"$D/bad.mvr\"", 65, "bad.mvr"},
        {"dataset info \"$D/m.csv\"", 65, "m.csv"},
    };
    FILE_OF("bad.mvr", "MVTIRATE and nothing that follows");
    SAY_ALL(after);
    tables_run(&server, "UPDATE rating_source SET content_hash = REPEAT('0', 64)");
    program_says(&program, "dataset build", 65, "is not the file that was imported as r; import it again");
}

static void models_to_measure(void)
{
    static const struct saying rows[] = {
        {"evaluate", 64, "usage"},
        {"evaluate ease,dance --data x", 64, "unknown model 'dance'"},
        {"evaluate ease --data x --format pairs --recall all", 64, "--recall all: held or min"},
        {"evaluate ease,popularity --data x --set lambda=3", 64,
         "with several models, write MODEL.NAME=VALUE"},
        {"evaluate ease --data x --set lambda=x", 64, "lambda"},
        {"evaluate ease --train x --test y --format pairs --protocol strong", 64,
         "--protocol and --split need --data"},
        {"evaluate ease --data x --format pairs --content y", 64, "--content y needs --catalog"},
        {"evaluate ease --data x --format pairs --new-films 0.2", 64,
         "--new-films 0.2 needs --protocol strong"},
        {"evaluate ease --data x --format pairs --find-new", 64, "--find-new needs --new-films"},
        {"evaluate ease --data x --format pairs --protocol weak --new-films 0.2", 64,
         "--new-films 0.2 needs --protocol strong"},
        {"evaluate ease --data x --format pairs --given 4", 64, "--given 4 needs --protocol strong"},
        {"evaluate ease --data x --format pairs --protocol weak --given 4", 64,
         "--given 4 needs --protocol strong"},
        {"evaluate ease --data x", 64, "--train, --test and --format are needed"},
        {"evaluate ease --train x --format pairs", 64, "--train, --test and --format are needed"},
        {"evaluate ease --test x --format pairs", 64, "--train, --test and --format are needed"},
        {"evaluate ease --train x --test y --format pairs --split 0.8,0.1,0.1", 64,
         "--protocol and --split need --data"},
        {"evaluate ease --data x --format pairs --split 0.8,0.2", 64, "--split 0.8,0.2: three shares"},
        {"evaluate ease --data x --format pairs --split 0.7,0.1,0.1,0.1", 64, "three shares"},
        {"evaluate ease --data x --format pairs --split ,,", 64, "--split ,,: three shares"},
        {"evaluate ease --data x --format pairs --scale 10", 64, "--format pairs has neither ratings nor"},
        {"evaluate ease --data x --format pairs --like-at 4", 64, "has neither ratings nor times"},
        {"evaluate ease --data x --format pairs --encoding UTF-8", 64, "has neither ratings nor times"},
        {"evaluate ease --data x --format pairs --protocol time", 64, "has neither ratings nor times"},
        {"evaluate ease --data /nonexistent --format movielens --scale 10", 66, "/nonexistent"},
        {"evaluate ease --data /nonexistent --format inter --protocol time", 66, "/nonexistent"},
        {"evaluate ease --data x --format pairs --each y", 64, "--each y needs --catalog"},
        {"evaluate ease --data x --format pairs --k 0", 64, "--k 0: at most"},
        {"evaluate ease --data x --format pairs --k 10,10", 64, "--k 10,10: at most"},
        {"evaluate ease --data x --format pairs --k 10,", 64, "--k 10,: at most"},
        {"evaluate ease --data x --format pairs --k 10:20", 64, ""},
        {"evaluate ease --data /nonexistent --format pairs --k 1,2", 66, "/nonexistent"},
        {"evaluate all --data /nonexistent.csv --format pairs", 66, "/nonexistent.csv"},
        {"evaluate bpr,ease --data \"$D/pairs\" --format pairs --set bpr.rate=100", 65,
         "bpr, seed 0: BPR: the vectors diverge"},
        {"tune bpr --data \"$D/pairs\" --format pairs --set rate=100 --budget 2", 65,
         "no trial produced a result"},
        {"tune ease --data \"$D/pairs\" --format pairs --set lambda=1e-30", 64, "lambda"},
    };
    char many[600];
    FILE_OF("pairs", "1 1\n1 2\n1 3\n2 1\n2 2\n2 3\n3 1\n3 2\n3 3\n");
    SAY_ALL(rows);
    int n = snprintf(many, sizeof many, "evaluate ease");
    for (int i = 0; i < 32; i++)
        n += snprintf(many + n, sizeof many - (size_t)n, ",ease");
    snprintf(many + n, sizeof many - (size_t)n, " --data x");
    program_says(&program, many, 64, "more than 32 models");
    n = snprintf(many, sizeof many, "evaluate ");
    for (int i = 0; i < 450; i++)
        n += snprintf(many + n, sizeof many - (size_t)n, "x");
    program_says(&program, many, 64, "the list of models is too long");
}

static void an_audience(void)
{
    static const struct saying rows[] = {
        {"simulate", 64, "usage"},
        {"simulate dance", 64, "usage"},
        {"simulate audience --movies /nonexistent.csv --out \"$D/a.csv\"", 66, "/nonexistent.csv"},
        {"simulate audience --movies \"$D/m.csv\" --out \"$D/a.csv\"", 65, "m.csv"},
        {"simulate audience --movies \"$D/few.csv\" --out \"$D/a.csv\"", 65, "films"},
        {"simulate audience --movies sql/sample/movies.csv --out /nonexistent/a.csv", 74,
         "/nonexistent/a.csv"},
    };
    FILE_OF("few.csv", "movie_id,genres,year\n1,Drama,1999\nx,Drama,1999\n2,War,\n");
    SAY_ALL(rows);
    CHECK_INT(program_shell(&program, "test ! -e \"$D/a.csv\""), 0);
}

static void places_where_nothing_can_be(void)
{
    static const struct saying rows[] = {
        {"--set state_dir=/dev/null publish", 74, "/dev/null/snapshots"},
        {"--set state_dir=/nonexistent/x dataset build", 74, "/nonexistent/x"},
        {"--set state_dir=/dev/null import ratings \"$D/r.csv\"", 74, "/dev/null"},
        {"--set db_password_file=/nonexistent runs", 69, "database password file /nonexistent"},
        {"--set db_password_file=/dev/null --set db_user=nobody-here runs", 69, "cannot connect"},
        {"--set mlflow_uri=nonsense train ease", 0, "was not sent to MLflow"},
    };
    tables_run(&server, "DELETE FROM rating_source");
    CHECK_INT(program_import(&program, "ratings", "r.csv", "--tolerate 50 --name r"), 0);
    program_says(&program, "dataset build", 0, "");
    SAY_ALL(rows);
}

static void trainings(void)
{
    static const struct saying rows[] = {
        {"train", 64, "usage"},
        {"train dance", 64, "unknown model 'dance'"},
        {"train ease --set lambda=x", 64, "lambda"},
        {"train ease --dataset /nonexistent.mvd", 66, "/nonexistent.mvd"},
        {"train ease --dataset \"$D/r.csv\"", 65, "r.csv"},
        {"train ease --movies x", 64, "--movies: ease learns from likes"},
        {"train bts --plots x", 64, "--plots needs --movies"},
        {"train bts --movies /nonexistent.csv", 66, "/nonexistent.csv"},
        {"train bts --movies sql/sample/movies.csv --plots /nonexistent.csv", 66, "/nonexistent.csv"},
        {"--set db_socket=/nonexistent train bts --movies sql/sample/movies.csv --plots sql/sample/plots.csv "
         "--holdout 0 --out "
         "\"$D/texts.mvm\"",
         0, "texts.mvm"},
        {"train ease --holdout 0 --out /nonexistent/x.mvm", 74, "/nonexistent/x.mvm"},
        {"train ease --holdout 0 --out \"$D\"", 74, "Is a directory"},
        {"train recvae --holdout 0 --set epochs=1 --set hidden=16 --set latent=8 --out \"$D/r\"", 0,
         "written to"},
    };
    SAY_ALL(rows);
    CHECK_INT(
        program_shell(&program,
                      "mkdir -p \"$D/state/tuned\" && echo 'lambda = many' >\"$D/state/tuned/ease.conf\""),
        0);
    program_says(&program, "train ease --holdout 0", 65, "ease.conf:1: ");
    CHECK_INT(program_shell(&program, "echo 'lambda = 7' >\"$D/state/tuned/ease.conf\""), 0);
    program_says(&program, "train ease --holdout 0", 0, "lambda = 7");
    CHECK_INT(program_shell(&program, "rm -r \"$D/state/tuned\""), 0);
}

/* ---- rows ---- */

/* Every row but the first two has one thing wrong. */
static void rows_of_characters(void)
{
    static const char *const reasons[] = {"c.csv:4: votes are not a count: 'many'",
                                          "c.csv:5: votes are not a count: '1.2.3'",
                                          "c.csv:6: votes are not a count: '9/x'",
                                          "c.csv:7: votes are not a count: '9999999k'",
                                          "c.csv:8: no name",
                                          "c.csv:9: unknown MBTI type: 'INFX'",
                                          "c.csv:10: unknown Enneagram type: '4w8'",
                                          "c.csv:11: not a number in its range: character_id 'x'",
                                          "c.csv:12: duplicate in this file: 1",
                                          "c.csv:13: not a number in its range: movie_id '-1'"};
    tables_empty_catalog(&server);
    CHECK_INT(program_import(&program, "movies", FILE_OF("m.csv", "movie_id,title_en\n1,One\n"), ""), 0);
    CHECK_INT(
        program_import(
            &program, "characters",
            FILE_OF("c.csv",
                    "character_id,movie_id,name_en,mbti,enneagram,votes\n1,1,A,INFP,4w5,2.7k/12\n"
                    "2,1,B,INFP,4w5,1.2m\n3,1,C,INFP,4w5,many\n4,1,D,INFP,4w5,1.2.3\n5,1,E,INFP,4w5,9/x\n"
                    "6,1,F,INFP,4w5,9999999k\n7,1,\xc2\xa0,INFP,4w5,1\n8,1,H,INFX,4w5,1\n9,1,I,INFP,4w8,1\n"
                    "x,1,J,INFP,4w5,1\n1,1,K,INFP,4w5,1\n11,-1,L,INFP,4w5,1\n"),
            "--tolerate=100"),
        0);
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        SAYS(reasons[i]);
    SAYS("12 rows: 2 new, 0 changed, 0 unchanged, 0 skipped, 10 rejected");
    CHECK_INT(tables_number(&server, "SELECT CAST(SUM(votes) AS SIGNED) FROM film_character"), 1202700);
}

static void rows_of_films_and_links(void)
{
    static const char *const reasons[] = {"f.csv:3: a field is too long: genres", "f.csv:5: no title",
                                          "f.csv:6: not a number in its range: year '12345'"};
    tables_empty_catalog(&server);
    CHECK_INT(
        program_import(
            &program, "movies",
            FILE_OF(
                "f.csv",
                "movie_id,title_en,genres,rating,year\n1,One, Drama |Drama||(no genres listed)|War "
                ",\"4,5\",1999\n"
                "2,Two,"
                "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,,\n"
                "3,Three,,5.5,\n4,,,,\n5,Five,,,12345\n"),
            "--tolerate=100"),
        0);
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        SAYS(reasons[i]);
    CHECK_STR(tables_catalog(&server, db, &arena)->movies[0].genres, "Drama|War");
    CHECK_INT(tables_catalog(&server, db, &arena)->n_movies,
              2); /* a column that is not read, such as rating, rejects no row */
    CHECK_INT(
        program_import(
            &program, "links",
            FILE_OF("l.csv",
                    "movie_id,platform,url\n1,,https://www.netflix.com/title/1\n1,netflix,no_link\n"
                    "x,netflix,https://www.netflix.com/title/1\n1,netflix,https://www.netflix.com/title/1\n"
                    "1,netflix,https://www.netflix.com/title/1\n9,netflix,https://www.netflix.com/title/1\n"),
            "--tolerate=100"),
        0);
    SAYS("l.csv:2: no platform");
    SAYS("l.csv:4: not a number in its range: movie_id 'x'");
    SAYS("l.csv:6: duplicate in this file: netflix");
    SAYS("6 rows: 1 new, 0 changed, 0 unchanged, 2 skipped, 3 rejected");
    CHECK_INT(program_import(&program, "plots",
                             FILE_OF("p.csv", "movie_id,plot_en\n1,It begins\n1,Again\nx,y\n9,None\n1.5,z\n"),
                             "--tolerate=100"),
              0);
    SAYS("p.csv:3: duplicate in this file: 1");
}

int main(void)
{
    db = tables_start(&server, "mvti_commands_test");
    RUN(options_of_every_command);
    RUN(words_that_do_not_go_together);
    RUN(who_is_banned_and_for_how_long);
    RUN(datasets);
    RUN(models_to_measure);
    RUN(an_audience);
    RUN(places_where_nothing_can_be);
    RUN(trainings);
    RUN(rows_of_characters);
    RUN(rows_of_films_and_links);
    buf_free(&program.said);
    arena_free(&arena);
    db_free(db);
    mariadb_stop(&server);
    return check_done();
}
