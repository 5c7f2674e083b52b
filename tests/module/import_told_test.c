/* What `mvti import` tells of a file while it reads it. */
#include "tests/check.h"

#include "fixture/program.h"
#include "fixture/tables.h"

static struct mariadb server;
static struct program program = {.server = &server};

#define FILE_OF(name, text) PROGRAM_FILE(&program, name, text)
#define SAYS(words) PROGRAM_SAYS(&program, words)

/* Of a file whose encoding was named a row that is none of it is left out, and says so by the name. */
static void a_row_of_another_encoding_is_named(void)
{
    struct buf text = {0};
    tables_empty_catalog(&server);
    for (int i = 1; i <= 40; i++)
        buf_printf(&text, "%d::%s (2019)::Drama\n", i, i == 30 ? "\xff\xff" : "\xb1\xe2\xbb\xfd\xc3\xe6");
    const char *path = program_file(&program, "one.dat", text.data, text.len);
    CHECK_INT(program_import(&program, "movies", path, "--encoding=cp949"), 0);
    SAYS("one.dat:30: wrong encoding: not valid CP949");
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM movie"), 39);
    buf_free(&text);
}

/* Who waits for a long file is told how far it is, in bytes of it. */
static void how_far_an_import_is(void)
{
    tables_empty_catalog(&server);
    struct buf text = {0};
    buf_puts(&text, "movie_id,title_en\n");
    for (int i = 1; i <= 200; i++)
        buf_printf(&text, "%d,Film %d\n", i, i);
    const char *path = program_file(&program, "long.csv", text.data, text.len);
    char command[200];
    snprintf(command, sizeof command, "--set progress_seconds=0 import movies \"$D/%s\"", path);
    CHECK_INT(program_run(&program, command), 0);
    int lines = 0;
    for (const char *at = buf_str(&program.said); (at = strstr(at, "\"event\":\"job.progress\"")) != NULL;
         at++)
        lines++;
    CHECK_MSG(lines == 200 / 64, "%d lines:\n%s", lines, buf_str(&program.said));
    SAYS(path);
    buf_free(&text);
}

/* A name with a slip of the pen is another name, and its column would be missed by nobody. */
static void columns_that_are_not_used_are_named(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(
        program_import(
            &program, "movies",
            FILE_OF("u.csv", ",movie_id,title_en,titel_ko,year,genre\n0,1,One,\ud558\ub098,2000,Drama\n"),
            "--strict"),
        0);
    SAYS("u.csv: columns that are not used: titel_ko, genre; not in the file: title_ko");
    CHECK_INT(program_import(&program, "movies", FILE_OF("u.csv", "movieId,Title EN,year\n1,One,2000\n"),
                             "--strict"),
              0);
    CHECK(strstr(buf_str(&program.said), "not used") == NULL);
    CHECK_INT(program_import(&program, "plots", FILE_OF("u.csv", "movie_id,plot_en,plot_kr\n1,Once.,x\n"),
                             "--strict"),
              0);
    SAYS("columns that are not used: plot_kr; not in the file: plot_ko, keywords");
}

int main(void)
{
    db_free(tables_start(&server, "mvti_import_told_test"));
    RUN(a_row_of_another_encoding_is_named);
    RUN(how_far_an_import_is);
    RUN(columns_that_are_not_used_are_named);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
