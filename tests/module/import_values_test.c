/* Values at the edge of what `mvti import` takes: numbers, votes, genres, links, presentations, and films that may be others. */
#include "tests/check.h"

#include "fixture/file.h"
#include "fixture/program.h"
#include "fixture/tables.h"
#include "store/catalog.h"

static struct mariadb server;
static struct db *db;
static struct arena arena;
static struct program program = {.server = &server};

#define FILE_OF(name, text) PROGRAM_FILE(&program, name, text)

#define SAYS(words) PROGRAM_SAYS(&program, words)

/* What a query counts or adds up. */
static int64_t number(const char *sql)
{
    return tables_number(&server, sql);
}

static bool said(const char *words)
{
    return strstr(buf_str(&program.said), words) != NULL;
}

static void ids_are_numbers_of_four_bytes(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(program_import(
                  &program, "movies",
                  FILE_OF("i.csv", "movie_id,title_en\n0,A\n2147483647,B\n2147483648,C\n-1,D\n12x,E\n1.5,F\n"
                                   "99999999999999999999,G\n-0,H\n+,I\n7.00,J\n"),
                  "--tolerate=90"),
              0);
    CHECK_INT(number("SELECT COUNT(*) FROM movie"), 3);
    CHECK_INT(number("SELECT CAST(SUM(movie_id) AS SIGNED) FROM movie"), 2147483647LL + 7);
    SAYS("i.csv:4: not a number in its range: movie_id '2147483648'");
    SAYS("i.csv:5: not a number in its range: movie_id '-1'");
    SAYS("i.csv:6: not a number in its range: movie_id '12x'");
    SAYS("i.csv:8: not a number in its range: movie_id '99999999999999999999'");
    SAYS("i.csv:9: duplicate in this file: -0");
    CHECK_INT(number("SELECT file_name = 'i.csv' FROM import_run"), 1);
}

/* "2.7k/477" of a voting site: votes, and comments, which are not kept. */
static void votes_are_counts(void)
{
    static const struct {
        const char *text;
        int32_t votes; /* −2: rejected, −1: none */
    } rows[] = {
        {"0", 0},           {"0/0", 0},          {"7/12", 7}, {"2.7k/1.2k", 2700}, {"2.7K", 2700},
        {"1.2m", 1200000},  {"1.2M/5", 1200000}, {"", -1},    {"N/A", -1},         {"2147483647", 2147483647},
        {"2147483648", -2}, {"3k5", -2},         {"7/", -2},  {"/7", -2},          {"7/many", -2},
        {"7/1/1", -2},      {"1.2.3", -2},       {"-1", -2},  {"1e3", -2},         {"7kk", -2},
        {"7 k", -2},        {"7x", -2}};
    enum { N = sizeof rows / sizeof *rows };
    char text[2000], sql[200];
    int n = snprintf(text, sizeof text, "character_id,movie_id,name_en,mbti,enneagram,votes\n");
    for (int i = 0; i < N; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, "%d,1,X,ISFP,9w8,%s\n", i, rows[i].text);
    tables_empty_catalog(&server);
    CHECK_INT(program_import(&program, "movies", FILE_OF("m.csv", "movie_id,title_en\n1,One\n"), ""), 0);
    CHECK_INT(program_import(&program, "characters", program_file(&program, "v.csv", text, (size_t)n),
                             "--tolerate=60"),
              0);
    for (int i = 0; i < N; i++) {
        snprintf(sql, sizeof sql,
                 "SELECT CAST(COALESCE(MAX(COALESCE(votes, -1)), -2) AS SIGNED) FROM film_character WHERE "
                 "character_id = %d",
                 i);
        CHECK_MSG(number(sql) == rows[i].votes, "votes '%s' became %lld", rows[i].text,
                  (long long)number(sql));
    }
}

/* Twenty genres of forty letters, each once, whatever stands between them. */
static void genres_have_a_most(void)
{
    struct buf text = {0};
    tables_empty_catalog(&server);
    buf_printf(&text, "movie_id,title_en,genres\n1,A,%040d|x\n2,B,%041d\n3,C,", 1, 1);
    for (int i = 0; i < 20; i++)
        buf_printf(&text, "%sg%d", i > 0 ? "|" : "", i);
    buf_puts(&text, "\n4,D,");
    for (int i = 0; i < 21; i++)
        buf_printf(&text, "%sg%d", i > 0 ? "|" : "", i);
    buf_puts(&text, "\n5,E,\" Drama |||(none)| |Drama|Dram|Drama \"\n");
    CHECK_INT(program_import(&program, "movies", program_file(&program, "g.csv", text.data, text.len),
                             "--tolerate=40"),
              0);
    SAYS("g.csv:3: a field is too long: genres");
    SAYS("g.csv:5: a field is too long: genres");
    const struct catalog *c = tables_catalog(&server, db, &arena);
    CHECK_INT(c->n_movies, 3);
    CHECK(strlen(c->movies[0].genres) == 42 && strstr(c->movies[1].genres, "g0|g1|") == c->movies[1].genres);
    CHECK_STR(c->movies[2].genres, "Drama|Dram");
    buf_free(&text);
}

/* A film has one link of a platform, a platform one of each film. */
static void links_go_by_film_and_platform(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(program_import(&program, "movies", FILE_OF("m.csv", "movie_id,title_en\n1,One\n2,Two\n"), ""),
              0);
    CHECK_INT(program_import(
                  &program, "links",
                  FILE_OF("l.csv",
                          "movie_id,platform,url\n1,왓챠,https://watcha.com/1\n1,웨이브,https://wavve.com/1\n"
                          "2,왓챠,https://watcha.com/2\n2,웨이브,no_link\n2,no_result,https://wavve.com/2\n"
                          "3,왓챠,https://watcha.com/3\n2,,https://wavve.com/2\n"),
                  "--tolerate=20"),
              0);
    SAYS("skipped 2: no link");
    SAYS("skipped 1: a film that is not in the catalog");
    SAYS("l.csv:8: no platform");
    CHECK_INT(number("SELECT COUNT(*) FROM watch_link"), 3);
}

/* ---- films that may be others ---- */

/* The same title of other years is a film made anew; a list's rows that are none say nothing. */
static void a_film_made_anew_is_another(void)
{
    tables_empty_catalog(&server);
    FILE_OF("ml.csv",
            "movieId,title,genres\n5,Solaris (1972),Drama\n4x,Else (1950),Drama\n-6,Else (1950),Drama\n"
            "4294967302,Else (1950),Drama\n0,Nothing (2003),Drama\n");
    FILE_OF("own.csv", "movie_id,title_en,title_ko,year\n4,Four,,2000\n5,Solaris,,2002\n6,Six,,2000\n7,,괴물,"
                       "\n0,Zero,,2003\n");
    CHECK_INT(program_import(&program, "movies", "own.csv", "--compare \"$D/ml.csv\""), 0);
    SAYS("own.csv:3: warning: film 5 is \"Solaris\" (2002) here and \"Solaris\" (1972) in ");
    SAYS("own.csv:6: warning: film 0 is \"Zero\" (2003) here and \"Nothing\" (2003) in ");
    SAYS("own.csv: 2 IDs mean another film elsewhere");
    CHECK_INT(program_import(&program, "movies",
                             FILE_OF("ko.csv", "movie_id,title_ko,year\n7,올드보이,\n5,솔라리스,\n"), ""),
              0);
    SAYS("ko.csv:2: warning: film 7 is \"올드보이\" here and \"괴물\" in the catalog");
    SAYS("ko.csv: 1 IDs mean another film elsewhere");
}

/* So many warnings are read by nobody; how many there are is said. */
static void a_thousand_warnings_are_enough(void)
{
    enum { N = 1002 };
    struct buf text = {0};
    tables_empty_catalog(&server);
    for (int pass = 0; pass < 2; pass++) {
        buf_reset(&text);
        buf_puts(&text, "movie_id,title_en\n");
        for (int i = 1; i <= N; i++)
            buf_printf(&text, "%d,%s %d\n", i, pass == 0 ? "Before" : "Otherwise", i);
        CHECK_INT(
            program_import(&program, "movies", program_file(&program, "many.csv", text.data, text.len), ""),
            0);
    }
    CHECK(said("warning: film 1000 is") && !said("warning: film 1001 is"));
    SAYS("many.csv: 1002 IDs mean another film elsewhere");
    buf_reset(&text);
    buf_puts(&text, "movie_id,title_en,country\n");
    for (int i = 1; i <= 102; i++)
        buf_printf(&text, "%d,Otherwise %d,Narnia\n", i, i);
    CHECK_INT(program_import(&program, "movies", program_file(&program, "land.csv", text.data, text.len), ""),
              0);
    CHECK(said("land.csv:101: warning: country") && !said("land.csv:102: warning: country"));
    SAYS("land.csv: further warnings are not listed");
    SAYS("warned 102: country is not known");
    buf_free(&text);
}

/* What a portrait shows of somebody is what the file says, and a wrong word costs nothing else. */
static void presentations_are_checked(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(program_import(&program, "movies", FILE_OF("m.csv", "movie_id,title_en\n1,One\n"), ""), 0);
    CHECK_INT(program_import(&program, "characters",
                             FILE_OF("p.csv", "character_id,movie_id,name_en,mbti,enneagram,presentation\n"
                                              "31,1,A,ISFP,9w8,man|old\n32,1,B,ISFP,9w8,gentleman\n"
                                              "33,1,C,ISFP,9w8,\n"),
                             ""),
              0);
    SAYS("p.csv:3: warning: presentation left out, as it is not one of woman, man");
    const struct catalog_character *c = tables_catalog(&server, db, &arena)->characters;
    CHECK_STR(c[0].presentation, "man|old");
    CHECK_STR(c[1].presentation, "");
    CHECK_STR(c[2].presentation, "");
    CHECK_INT(program_import(&program, "characters",
                             FILE_OF("p2.csv", "character_id,movie_id,name_en,mbti,enneagram,presentation\n"
                                               "31,1,A,ISFP,9w8,sir\n"),
                             ""),
              0);
    CHECK_STR(tables_catalog(&server, db, &arena)->characters[0].presentation, "man|old");
}

int main(void)
{
    db = tables_start(&server, "mvti_import_values_test");
    RUN(presentations_are_checked);
    RUN(ids_are_numbers_of_four_bytes);
    RUN(votes_are_counts);
    RUN(genres_have_a_most);
    RUN(links_go_by_film_and_platform);
    RUN(a_film_made_anew_is_another);
    RUN(a_thousand_warnings_are_enough);
    db_free(db);
    arena_free(&arena);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
