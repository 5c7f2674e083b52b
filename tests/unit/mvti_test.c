/* The command line of mvti, without a database: what it explains, refuses and returns. */
#include "base/buf.h"
#include "tests/check.h"
#include "tests/fixture/file.h"

#include <math.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/utf8.h"

#if defined __x86_64__ || defined __i386__
#define HAS_AVX2 __builtin_cpu_supports("avx2")
#else
#define HAS_AVX2 false
#endif

static char program[600];
static char out[1 << 15];

static int run(const char *arguments)
{
    char command[1500];
    snprintf(command, sizeof command, "env -u MVTI_CONFIG %s %s 2>&1", program, arguments);
    FILE *f = popen(command, "r");
    CHECK(f != NULL);
    size_t n = fread(out, 1, sizeof out - 1, f);
    out[n] = '\0';
    int status = pclose(f);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define SAYS(text) CHECK_MSG(strstr(out, text) != NULL, "\"%s\" is not in:\n%s", text, out)

static void help_lists_commands_and_settings(void)
{
    CHECK_INT(run("--help"), 0);
    SAYS("migrate");
    SAYS("import");
    SAYS("db_socket");
    CHECK_INT(run(""), 64);
    SAYS("usage: mvti");
}

static void every_command_explains_itself(void)
{
    static const char *const commands[] = {"migrate", "import", "import movies", "import ratings"};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        char line[80];
        snprintf(line, sizeof line, "%s --help", commands[i]);
        CHECK_INT(run(line), 0);
        SAYS("usage: mvti");
        SAYS(commands[i]);
        char said[sizeof out];
        memcpy(said, out, sizeof out);
        snprintf(line, sizeof line, "help %s", commands[i]);
        CHECK_INT(run(line), 0);
        CHECK_MSG(strcmp(out, said) == 0, "help %s says something else:\n%s", commands[i], out);
    }
    CHECK_INT(run("help nonsense"), 64);
    SAYS("unknown command 'nonsense'");
}

/* No line is wider than a terminal may be, counted in characters. */
static void help_fits_a_terminal(void)
{
    static const char *const asked[] = {"--help",     "help",          "help help",
                                        "help train", "help evaluate", "help tune"};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        CHECK_INT(run(asked[i]), 0);
        SAYS("usage: mvti");
        for (const char *line = out; *line != '\0';) {
            size_t n = strcspn(line, "\n"), characters = utf8_length(line, n);
            CHECK_MSG(characters <= 100, "%zu characters: %.*s", characters, (int)n, line);
            line += n + (line[n] != '\0');
        }
    }
}

static void what_is_not_known_is_refused(void)
{
    CHECK_INT(run("nonsense"), 64);
    SAYS("unknown command 'nonsense'");
    CHECK_INT(run("--nonsense migrate"), 64);
    CHECK_INT(run("migrate --nonsense"), 64);
    SAYS("unknown option --nonsense");
    CHECK_INT(run("migrate --list=yes"), 64);
    CHECK_INT(run("migrate one-word"), 64);
    CHECK_INT(run("import"), 64);
    CHECK_INT(run("import nonsense x.csv"), 64);
    CHECK_INT(run("import movies"), 64);
    SAYS("missing");
}

static void wrong_settings_are_named(void)
{
    CHECK_INT(run("--set db_timeout_ms=soon migrate"), 64);
    SAYS("db_timeout_ms");
    CHECK_INT(run("--set colour=red migrate"), 64);
    SAYS("colour");
    CHECK_INT(run("--set db_socket migrate"), 64);
    CHECK_INT(run("--config /nonexistent/mvti.conf migrate"), 64);
    SAYS("/nonexistent/mvti.conf");
}

static void a_missing_server_is_unavailable(void)
{
    CHECK_INT(run("--set db_socket=/nonexistent/s migrate"), 69);
    SAYS("cannot connect");
}

static char file[64];

static void write_file(const char *text)
{
    CHECK(file_put_text(file, text));
}

/* 30 users in two groups, each of which likes other films; film ids from 1. */
static void write_groups(void)
{
    FILE *f = fopen(file, "w");
    CHECK(f != NULL);
    for (int u = 1; u <= 30; u++)
        for (int i = 0; i < 10; i++)
            fprintf(f, "%d %d\n", u, 1 + u % 2 * 20 + (u * 3 + i * (1 + u % 3)) % 20);
    CHECK(fclose(f) == 0);
}

static int evaluate(const char *models, const char *options)
{
    char line[400];
    snprintf(line, sizeof line, "evaluate %s %s", models, options);
    return run(line);
}

/* A catalog with genres says how far those of a list are from what is known. */
static void genres_of_a_catalog_are_compared(void)
{
    char films[80], options[200];
    struct buf catalog = {0};
    write_groups();
    snprintf(films, sizeof films, "%s-films", file);
    buf_puts(&catalog, "movie_id,genres\n");
    for (int i = 1; i <= 40; i++)
        buf_printf(&catalog, "%d,%s\n", i, i % 3 == 0 ? "Drama" : "War|Comedy");
    CHECK(file_put_text(films, buf_str(&catalog)));
    buf_free(&catalog);
    snprintf(options, sizeof options, "--data %s --format pairs --catalog %s --k 5", file, films);
    CHECK_INT(evaluate("ease,popularity", options), 0);
    SAYS("miscalibration.5");
    snprintf(options, sizeof options, "--data %s --format pairs --catalog %s --k 5 --json", file, films);
    CHECK_INT(evaluate("ease", options), 0);
    SAYS("\"miscalibration\":{\"5\":0.");
    unlink(films);
}

/* What is there already stays until all is measured, and what is read is never written. */
static void a_file_of_each_person_is_replaced_whole(void)
{
    char films[80], each[80], link_to[80], options[400], text[40] = "";
    snprintf(films, sizeof films, "%s-films", file);
    snprintf(each, sizeof each, "%s-each", file);
    snprintf(link_to, sizeof link_to, "%s-link", file);
    write_groups();
    CHECK(file_put_text(films, "movie_id\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n") &&
          file_put_text(each, "of last week"));
    snprintf(options, sizeof options, "--data %s --format pairs --catalog %s --each %s --set %s", file, films,
             each, "bpr.rate=100");
    CHECK_INT(evaluate("bpr,ease", options), 65);
    SAYS("-each: not written, because not every model could be measured");
    FILE *f = fopen(each, "r");
    CHECK(f != NULL && fgets(text, sizeof text, f) != NULL && fclose(f) == 0);
    CHECK_STR(text, "of last week");
    CHECK(symlink(films, link_to) == 0);
    snprintf(options, sizeof options, "--data %s --format pairs --catalog %s --each %s", file, films,
             link_to);
    CHECK_INT(evaluate("ease", options), 64);
    SAYS("-link: is also the input ");
    snprintf(options, sizeof options, "--train %s --test %s --format pairs --catalog %s --each %s", each,
             file, films, each);
    CHECK_INT(evaluate("ease", options), 64);
    SAYS("-each: is also the input ");
    snprintf(options, sizeof options, "--data %s --format pairs --catalog %s --each /dev/null", file, films);
    CHECK_INT(evaluate("ease", options), 64);
    SAYS("--each /dev/null: not a regular file");
    unlink(link_to);
    unlink(films);
    unlink(each);
}

/* Everybody's figure: their mean is what is said of all, and the films are the catalog's. */
static void each_person_is_written(void)
{
    char films[80], each[80], options[300], row[400], mean[64];
    struct buf catalog = {0};
    double sum = 0;
    int n = 0;
    write_groups();
    snprintf(films, sizeof films, "%s-films", file);
    snprintf(each, sizeof each, "%s-each", file);
    buf_puts(&catalog, "movie_id\n");
    for (int i = 1; i <= 40; i++)
        buf_printf(&catalog, "%d\n", i);
    CHECK(file_put_text(films, buf_str(&catalog)));
    buf_free(&catalog);
    snprintf(options, sizeof options, "--data %s --format pairs --catalog %s --k 5 --json --each %s", file,
             films, each);
    CHECK_INT(evaluate("ease", options), 0);
    FILE *f = fopen(each, "r");
    CHECK(f != NULL && fgets(row, sizeof row, f) != NULL);
    CHECK_STR(row, "model,seed,person,ndcg,raters,given\n");
    for (double ndcg, raters; fgets(row, sizeof row, f) != NULL; n++) {
        int person, film;
        CHECK(sscanf(row, "ease,0,%d,%lf,%lf,%d ", &person, &ndcg, &raters, &film) == 4);
        CHECK(person == n && raters >= 1 && raters <= 30 && film >= 1 && film <= 40);
        sum += ndcg;
    }
    fclose(f);
    CHECK_INT(n, 30);
    snprintf(mean, sizeof mean, "\"ndcg\":{\"5\":%.4f", floor(1e4 * sum / 30) / 1e4);
    SAYS(mean);
    unlink(films);
    unlink(each);
    snprintf(options, sizeof options, "--data %s --format pairs --each /tmp/x", file);
    CHECK_INT(evaluate("ease", options), 64);
    SAYS("--each /tmp/x needs --catalog");
}

static void several_models_are_measured_on_one_split(void)
{
    char options[200];
    write_groups();
    snprintf(options, sizeof options, "--data %s --format pairs --k 5,10 --seed 3", file);
    CHECK_INT(evaluate("popularity,ease", options), 0);
    SAYS("precision.10");
    SAYS("coverage.10");
    SAYS("novelty.5");
    CHECK_MSG(strstr(out, "miscalibration") == NULL, "no catalog, no genres");
    SAYS("\nndcg.5 with its 99 % interval (bootstrap over people), and the paired difference to "
         "popularity's\npopularity    0.");
    SAYS("\nease          0.");
    SAYS("\nease ");
    SAYS("\npopularity ");
    snprintf(options, sizeof options, "--data %s --format pairs --k 5 --json --set ease.lambda=7", file);
    CHECK_INT(evaluate("popularity,ease", options), 0);
    SAYS("{\"model\":\"popularity\",\"settings\":{},\"n_users\":30,\"n_items\":40,");
    SAYS("\n{\"model\":\"ease\",\"settings\":{\"lambda\":7,\"discount\":0},");
    SAYS("\"protocol\":\"weak\"");
    SAYS("\"map\":{\"5\":");
    SAYS("\"gini\":{\"5\":");
    SAYS("\"ndcg_interval\":{\"at\":5,\"people\":30,\"low\":0.");
    SAYS("\"ndcg_difference\":{\"to\":\"popularity\",\"at\":5,");
    snprintf(options, sizeof options, "--data %s --format pairs --protocol strong --fold-in 0.5 --repeat 3",
             file);
    CHECK_INT(evaluate("ease", options), 0);
    SAYS("\"n_users\": 3,");
    SAYS("\"n_seeds\": 3,");
    SAYS("\"deviation\": {\"recall\"");
    snprintf(options, sizeof options, "--data %s --format pairs --protocol strong --given 4", file);
    CHECK_INT(evaluate("ease", options), 0);
    SAYS("\"given\": 4,");
    SAYS("\"n_test\": 18,");
    snprintf(options, sizeof options, "--data %s --format pairs --given 4", file);
    CHECK_INT(evaluate("ease", options), 64);
    snprintf(options, sizeof options, "--data %s --format pairs --items 5 --recall min", file);
    CHECK_INT(evaluate("ease", options), 0);
    SAYS("\"items\": 5,");
    SAYS("\"n_items\": 40,");
}

/* The groups again, with text ids, a scale of ten and a time a row, as RecBole's file. */
static void write_inter(void)
{
    FILE *f = fopen(file, "w");
    CHECK(f != NULL && fputs("user_id:token\titem_id:token\trating:float\ttimestamp:float\n", f) >= 0);
    for (int i = 0; i < 10; i++)
        for (int u = 1; u <= 30; u++)
            fprintf(f, "A%dZ\tB%03d\t%d\t%d.0\n", u, u % 2 * 20 + (u * 3 + i * (1 + u % 3)) % 20, 7 + i % 4,
                    i * 100 + u);
    CHECK(fclose(f) == 0);
}

static void other_scales_ids_and_times(void)
{
    char options[200];
    write_inter();
    snprintf(options, sizeof options, "--data %s --format inter", file);
    CHECK_INT(evaluate("popularity", options), 65);
    SAYS("looks like a scale of 10");
    snprintf(options, sizeof options, "--data %s --format inter --scale 10 --protocol time --split 0.8,0,0.2",
             file);
    CHECK_INT(evaluate("ease", options), 0);
    SAYS("\"n_users\": 30,");
    SAYS("\"n_train\": 240,");
    SAYS("\"n_test\": 60,");
    SAYS("\"scale\": \"10\",");
    SAYS("\"protocol\": \"time\",");
    snprintf(options, sizeof options, "--data %s --format inter --like-at 9 --protocol time", file);
    CHECK_INT(evaluate("ease", options), 0);
    SAYS("\"n_train\": 96,");
    SAYS("\"like_at\": \"9\",");
    snprintf(options, sizeof options, "--data %s --format inter --scale ten", file);
    CHECK_INT(evaluate("ease", options), 64);
    SAYS("--scale ten");
    snprintf(options, sizeof options, "--data %s --format pairs --protocol time", file);
    CHECK_INT(evaluate("ease", options), 64);
    SAYS("neither ratings nor times");
    snprintf(options, sizeof options, "--data %s --format inter --protocol later", file);
    CHECK_INT(evaluate("ease", options), 64);
    SAYS("leave-one-out or time");
    char line[300];
    snprintf(line, sizeof line,
             "tune item-knn --data %s --format inter --scale 10 --protocol time --budget 2", file);
    CHECK_INT(run(line), 0);
    SAYS("best of 2 trials");
}

static void candidates_have_three_figures(void)
{
    char options[200];
    write_file("(1,2)\t3\t4\n(2,3)\t2\n");
    snprintf(options, sizeof options, "--train %s --candidates %s --format rows", file, file);
    CHECK_INT(evaluate("popularity", options), 65);
    SAYS(":1: a comma in an ID");
    snprintf(options, sizeof options, "--train /dev/null --candidates %s --format rows", file);
    CHECK(evaluate("popularity", options) != 0);
    char train[80], command[300];
    snprintf(train, sizeof train, "%s.train", file);
    snprintf(command, sizeof command, "printf '1\\t3\\t5\\n2\\t2\\t5\\n3\\t3\\t1\\n' >%s", train);
    CHECK_INT(system(command), 0);
    snprintf(options, sizeof options, "--train %s --candidates %s --format rows --k 1 --json", train, file);
    CHECK_INT(evaluate("popularity", options), 0);
    unlink(train);
    /* liked: film 3 twice, film 2 once: user 2's film 3 is first, user 1's film 2 is behind it */
    SAYS("\"ndcg\":{\"1\":0.5},\"hit\":{\"1\":0.5},\"mrr\":{\"1\":0.5}");
    CHECK(strstr(out, "recall") == NULL);
}

static void settings_are_searched_and_kept(void)
{
    char line[400], state[80], conf[128];
    write_groups();
    snprintf(state, sizeof state, "%s.state", file);
    snprintf(conf, sizeof conf, "%s/tuned/ease.conf", state);
    snprintf(line, sizeof line,
             "--quiet --set state_dir=%s tune ease --data %s --format pairs --budget 4 --save", state, file);
    CHECK_INT(run(line), 0);
    SAYS("\n  4 ");
    SAYS("best of 4 trials: ndcg.10 ");
    SAYS("\n--set lambda=");
    CHECK_INT(access(conf, R_OK), 0);
    snprintf(line, sizeof line, "--set state_dir=%s train ease --dataset /nonexistent.mvd", state);
    CHECK(run(line) != 0);
    SAYS("settings not given are taken from ");
    CHECK(run("tune popularity --data x --format pairs") != 0);
    CHECK_INT(run("tune ease --train x --test y --format pairs"), 64);
    SAYS("must not be chosen on the test data");
    unlink(conf);
    snprintf(conf, sizeof conf, "%s/tuned", state);
    rmdir(conf);
    snprintf(conf, sizeof conf, "%s/models", state);
    rmdir(conf);
    snprintf(conf, sizeof conf, "%s/runs", state);
    CHECK_INT(rmdir(conf), 0); /* no lock is left in it */
    CHECK_INT(rmdir(state), 0);
}

static void evaluation_refuses_what_does_not_fit(void)
{
    const char *const bad[] = {"--set lambda=3", "--set bpr.rate=1", "--protocol odd", "--split 1,2",
                               "--k 10,5",       "--recall all",     "--test x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char options[200];
        snprintf(options, sizeof options, "--data %s --format pairs %s", file, bad[i]);
        write_groups();
        CHECK_MSG(evaluate("popularity,ease", options) >= 64, "%s", bad[i]);
    }
    CHECK_INT(evaluate("ease,nothing", "--data x --format pairs"), 64);
    SAYS("unknown model 'nothing'");
}

/* OpenBLAS says which kernels it took each time it is loaded: none from before AVX where the processor has
 * better, after two starts at most. What a person has set stays. */
static void kernels_fit_the_processor(void)
{
    static const char core[] = "Core: ", old[] = "Core: Prescott";
    unsetenv("OPENBLAS_CORETYPE");
    setenv("OPENBLAS_VERBOSE", "2", 1);
    CHECK_INT(run("--help"), 0);
    const char *first = strstr(out, core), *second = first != NULL ? strstr(first + 1, core) : NULL;
    CHECK(first != NULL && (second == NULL || strstr(second + 1, core) == NULL));
    if (HAS_AVX2)
        CHECK(strstr(second != NULL ? second : first, old) == NULL);
    setenv("OPENBLAS_CORETYPE", "Prescott", 1);
    CHECK_INT(run("--help"), 0);
    first = strstr(out, old);
    CHECK(first != NULL && strstr(first + 1, core) == NULL);
    unsetenv("OPENBLAS_CORETYPE");
    unsetenv("OPENBLAS_VERBOSE");
}

int main(int argc, char **argv)
{
    (void)argc;
    const char *tests = strstr(argv[0], "tests/unit/");
    snprintf(program, sizeof program, "%.*smvti", tests != NULL ? (int)(tests - argv[0]) : 0, argv[0]);
    RUN(help_lists_commands_and_settings);
    RUN(every_command_explains_itself);
    RUN(help_fits_a_terminal);
    RUN(kernels_fit_the_processor);
    RUN(what_is_not_known_is_refused);
    RUN(wrong_settings_are_named);
    RUN(a_missing_server_is_unavailable);
    snprintf(file, sizeof file, "/tmp/mvti-test-%d", (int)getpid());
    RUN(each_person_is_written);
    RUN(a_file_of_each_person_is_replaced_whole);
    RUN(several_models_are_measured_on_one_split);
    RUN(genres_of_a_catalog_are_compared);
    RUN(other_scales_ids_and_times);
    RUN(candidates_have_three_figures);
    RUN(settings_are_searched_and_kept);
    RUN(evaluation_refuses_what_does_not_fit);
    unlink(file);
    return check_done();
}
