/* `mvti import` on the files that spreadsheets and databases really write: encodings, line ends, delimiters,
 * and a share of rejected rows that says that the file is something else. */
#include "tests/check.h"

#include <sys/stat.h>
#include <unistd.h>

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

/* n good rows, then m bad ones. */
static const char *good_and_bad(int n, int m)
{
    static char text[20000];
    int len = snprintf(text, sizeof text, "movie_id,title_en\n");
    for (int i = 0; i < n; i++)
        len += snprintf(text + len, sizeof text - (size_t)len, "%d,good\n", i + 1);
    for (int i = 0; i < m; i++)
        len += snprintf(text + len, sizeof text - (size_t)len, "x%d,bad\n", i);
    return program_file(&program, "gb.csv", text, (size_t)len);
}

static void too_many_rejected_rows_change_nothing(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(program_import(&program, "movies", good_and_bad(94, 6), ""), 65);
    SAYS("gb.csv: 6 of 100 rows are invalid, more than 5 %");
    SAYS("--tolerate 7");
    SAYS("nothing was changed");
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM movie"), 0);
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM import_run"), 0);
    CHECK_INT(program_import(&program, "movies", "gb.csv", "--tolerate=7"), 0);
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM movie"), 94);
    CHECK_INT(program_import(&program, "movies", good_and_bad(50, 51), ""), 65);
    SAYS("51 of 101 rows are invalid, more than 5 %; check the file: ");
    CHECK_INT(program_import(&program, "movies", good_and_bad(95, 5), ""), 0);
    CHECK_INT(program_import(&program, "movies", good_and_bad(99, 1), "--tolerate=0"), 65);
    CHECK_INT(program_import(&program, "movies", "gb.csv", "--tolerate=101"), 64);
}

static void a_header_and_nothing_else(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(program_import(&program, "movies", FILE_OF("none.csv", "movie_id,title_ko\n"), ""), 0);
    SAYS("none.csv: 0 rows");
    SAYS("holds no rows");
    CHECK_INT(program_import(&program, "movies", "none.csv", "--strict"), 65);
    SAYS("no rows after the header");
    CHECK_INT(
        program_import(&program, "movies", FILE_OF("none.csv", "movie_id,title_ko\r\n\r\n"), "--strict"), 65);
}

static void other_encodings_are_named_and_read(void)
{
    tables_empty_catalog(&server);
    /* 기생충, 올드보이 */
    const char *path =
        FILE_OF("k.csv", "movie_id,title_ko,title_en\r\n1,\xb1\xe2\xbb\xfd\xc3\xe6,Parasite\r\n"
                         "2,\xbf\xc3\xb5\xe5\xba\xb8\xc0\xcc,Oldboy\r\n3,,Alpha\r\n");
    CHECK_INT(program_import(&program, "movies", path, ""), 65);
    SAYS("k.csv:2: is not UTF-8; it looks like CP949 (EUC-KR)");
    SAYS("--encoding cp949");
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM movie"), 0);
    CHECK_INT(program_import(&program, "movies", path, "--encoding=EUC-KR"), 0);
    CHECK_STR(tables_catalog(&server, db, &arena)->movies[1].title_ko, "올드보이");
    CHECK_INT(tables_catalog(&server, db, &arena)->n_movies, 3);
    path = FILE_OF("k.dat", "5::\xb1\xe2\xbb\xfd\xc3\xe6 (2019)::Drama\n");
    CHECK_INT(program_import(&program, "movies", path, ""), 65);
    SAYS("k.dat:1: is not UTF-8; it looks like CP949");
    CHECK_INT(program_import(&program, "movies", path, "--encoding=cp949"), 0);
    CHECK_STR(tables_catalog(&server, db, &arena)->movies[3].title_en, "기생충");
    CHECK_INT(program_import(&program, "movies", path, "--encoding=klingon"), 64);
    SAYS("unknown encoding 'klingon'");
    path = FILE_OF("u.csv", "movie_id,title_ko\n7,쉬리\n");
    CHECK_INT(program_import(&program, "movies", path, "--encoding=cp949"), 65);
    SAYS("u.csv: is UTF-8, not cp949");
    path = FILE_OF("u16.csv", "\xff\xfe"
                              "m\0o\0v\0i\0e\0I\0d\0\t\0t\0i\0t\0l\0e\0_\0k\0o\0\r\0\n\0"
                              "8\0\t\0\x30\xae\r\0\n\0");
    CHECK_INT(program_import(&program, "movies", path, ""), 0);
    CHECK_STR(tables_catalog(&server, db, &arena)->movies[4].title_ko, "기");
}

static void shapes_that_spreadsheets_write(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(
        program_import(&program, "movies", FILE_OF("mac.csv", "movie_id,title_ko\r1,쉬리\r2,괴물\r"), ""), 0);
    CHECK_INT(program_import(&program, "movies",
                             FILE_OF("semi.csv", "sep=;\r\nMovie ID; Title_EN ;year\r\n3;Alien;1979\r\n"),
                             ""),
              0);
    CHECK_INT(program_import(&program, "movies",
                             FILE_OF("tab.csv", "\"movie_id\"\t\"title_en\"\n4\tBig, Fish\n"), ""),
              0);
    CHECK_INT(tables_catalog(&server, db, &arena)->n_movies, 4);
    CHECK_STR(tables_catalog(&server, db, &arena)->movies[0].title_ko, "쉬리");
    CHECK_STR(tables_catalog(&server, db, &arena)->movies[3].title_en, "Big, Fish");
}

static void titles_are_one_honest_line(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(program_import(&program, "movies",
                             FILE_OF("u.csv", "movie_id,title_en,title_ko\n"
                                              "1,\"The \"\"Housemaid\"\"\r\n(1960)\",\"\xe2\x80\xae"
                                              "evil\txt\"\n"
                                              "2,a\x07"
                                              "b\xe2\x80\x8f\xe2\x80\x8b,\"\n\"\n"
                                              "3,\xe2\x80\xae\xe2\x80\x8b,\n"),
                             "--tolerate=50"),
              0);
    const struct catalog_movie *m = tables_catalog(&server, db, &arena)->movies;
    CHECK_STR(m[0].title_en, "The \"Housemaid\" (1960)");
    CHECK_STR(m[0].title_ko, "evil xt");
    CHECK_STR(m[1].title_en, "ab");
    CHECK_STR(m[1].title_ko, "");
    SAYS("u.csv:6: no title");
}

/* A pipe can be read once only, a device has no end: neither is waited for. */
static void what_is_no_file_is_refused(void)
{
    char path[600];
    snprintf(path, sizeof path, "%s/pipe", server.folder);
    CHECK(mkfifo(path, 0600) == 0);
    CHECK_INT(program_import(&program, "movies", "pipe", ""), 65);
    SAYS("is a pipe or a device");
    unlink(path);
    snprintf(path, sizeof path, "%s/zero", server.folder);
    CHECK(symlink("/dev/zero", path) == 0);
    CHECK_INT(program_import(&program, "movies", "zero", ""), 65);
    CHECK_INT(program_import(&program, "ratings", "zero", "--name zero"), 65);
    SAYS("is a device, not a file");
}

static void a_reason_is_said_once(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(program_import(&program, "movies", FILE_OF("c.csv", "movie_id,title_en\n1,a\n2,\"cut"),
                             "--tolerate=60"),
              0);
    SAYS("c.csv:3: the file ends inside the row");
    CHECK(strstr(buf_str(&program.said), "inside the row: the file ends") == NULL);
}

/* MySQL writes \\N and NULL, pandas 2019.0 and NaN, Excel rows of nothing but commas and 4,5 for 4.5. */
static void missing_values_and_numbers_as_programs_write_them(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(program_import(&program, "movies",
                             FILE_OF("v.csv", "movie_id;title_en;title_ko;year;popularity;rating;country\n"
                                              "1.0;One;\\N;2019.0;NaN;4,5;\\N\n;;;;;;\n2;Two;;NULL;N/A;;\n"),
                             "--strict"),
              0);
    SAYS("3 rows: 2 new, 0 changed, 0 unchanged, 1 skipped, 0 rejected");
    SAYS("skipped 1: an empty row");
    const struct catalog_movie *m = tables_catalog(&server, db, &arena)->movies;
    CHECK_STR(m[0].title_ko, "");
    CHECK_STR(m[0].country, "");
    CHECK_INT(m[0].year, 2019);
    CHECK_INT(m[0].popularity, -1);
    CHECK_INT(m[1].year, 0);
    CHECK_INT(
        program_import(&program, "movies",
                       FILE_OF("v.csv", "movie_id,title_en,year\n3,x,2019.5\n4,x,\n5,x,-\n--6,x,\n+7,x,\n"),
                       "--tolerate=67"),
        0);
    SAYS("v.csv:2: not a number in its range: year '2019.5'");
    SAYS("v.csv:4: not a number in its range: year '-'");
    SAYS("v.csv:5: not a number in its range: movie_id '--6'");
    CHECK_INT(tables_number(&server, "SELECT CAST(SUM(movie_id) AS SIGNED) FROM movie"), 1 + 2 + 4 + 7);
}

/* Excel keeps digits text by a formula, and shows what failed; what programs write for nothing is no title. */
static void what_formulas_and_programs_leave_is_no_title(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(program_import(&program, "movies",
                             FILE_OF("f.csv", "movie_id,title_en,title_ko,genres\n"
                                              "\"=\"\"1\"\"\",\"=\"\"1987\"\"\",nan,NULL\n"
                                              "2,#NAME?,\uc774\ub984,Drama\n3,Three,#REF!,Drama\n"
                                              "4,<NA>,#N/A,Drama\n5,None,\"=\"\"a\"\"&\"\"b\"\"\",=\n"),
                             "--tolerate=60"),
              0);
    SAYS("f.csv:3: a formula of the spreadsheet failed: title_en '#NAME?'");
    SAYS("f.csv:4: a formula of the spreadsheet failed: title_ko '#REF!'");
    SAYS("f.csv:5: no title");
    const struct catalog_movie *m = tables_catalog(&server, db, &arena)->movies;
    CHECK_INT(m[0].id, 1);
    CHECK_STR(m[0].title_en, "1987");
    CHECK_STR(m[0].title_ko, "");
    CHECK_STR(m[0].genres, "");
    CHECK_STR(m[1].title_en, "None");
    CHECK_STR(m[1].title_ko, "=\"a\"&\"b\"");
    CHECK_STR(m[1].genres, "=");
}

/* The one column of a kind that a file must have may be its first. */
static void columns_stand_in_any_order(void)
{
    static const char *const headers[] = {"title_en,movie_id", "title_ko,movie_id", "title,movie_id"};
    char text[80];
    tables_empty_catalog(&server);
    for (int i = 0; i < 3; i++) {
        snprintf(text, sizeof text, "%s\nAlien,%d\n", headers[i], i);
        const char *path = program_file(&program, "o.csv", text, strlen(text));
        CHECK_INT(program_import(&program, "movies", path, "--strict"), 0);
    }
    CHECK_INT(tables_catalog(&server, db, &arena)->n_movies, 3);
    CHECK_STR(tables_catalog(&server, db, &arena)->movies[1].title_ko, "Alien");
}

/* macOS names files, and what is typed into them, in decomposed letters. */
static void texts_are_kept_composed_and_trimmed(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(program_import(&program, "movies",
                             FILE_OF("nfd.csv",
                                     "movie_id,title_en,title_ko,genres\n"
                                     "1,\u00a0Ame\u0301lie\u3000,\u1109\u1171\u1105\u1175,Come\u0301die\n"),
                             "--strict"),
              0);
    CHECK_STR(tables_catalog(&server, db, &arena)->movies[0].title_en, "Am\u00e9lie");
    CHECK_STR(tables_catalog(&server, db, &arena)->movies[0].title_ko, "\uc26c\ub9ac");
    CHECK_STR(tables_catalog(&server, db, &arena)->movies[0].genres, "Com\u00e9die");
    CHECK_INT(program_import(&program, "characters",
                             FILE_OF("nfd.csv",
                                     "character_id,movie_id,name_en,mbti,enneagram,hashtags,description_ko\n"
                                     "0,1,Rene\u0301,INFP,4w5,#\u1109\u1171,\u1109\u1171\n"),
                             "--strict"),
              0);
    const struct catalog_character *c = tables_catalog(&server, db, &arena)->characters;
    CHECK_INT(c->id, 0);
    CHECK_STR(c->name_en, "Ren\u00e9");
    CHECK_STR(c->hashtags_ko, "#\uc26c");
    CHECK_STR(c->description_ko, "\uc26c");
    CHECK_INT(program_import(&program, "plots",
                             FILE_OF("nfd.csv", "movie_id,plot_en,keywords\n1,Cafe\u0301.,cafe\u0301\n"),
                             "--strict"),
              0);
    CHECK_STR(tables_catalog(&server, db, &arena)->movies[0].plot_en, "Caf\u00e9.");
    CHECK_STR(tables_catalog(&server, db, &arena)->movies[0].keywords, "caf\u00e9");
}

static void titles_of_movielens(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(
        program_import(&program, "movies",
                       FILE_OF("ml.csv",
                               "movieId,title,genres\n0,\"Postman, The (Postino, Il) (1994)\",Drama\n"
                               "1,Death Note (2006\u20132007) ,Drama\n2,\"Monsters, Inc. (2001)\",Drama\n"),
                       "--strict"),
        0);
    const struct catalog_movie *m = tables_catalog(&server, db, &arena)->movies;
    CHECK_INT(m[0].id, 0);
    CHECK_STR(m[0].title_en, "The Postman (Il Postino)");
    CHECK_STR(m[1].title_en, "Death Note");
    CHECK_INT(m[1].year, 2006);
    CHECK_STR(m[2].title_en, "Monsters, Inc.");
    CHECK_INT(program_import(&program, "movies",
                             FILE_OF("own.csv", "movie_id,title_en\n0,\"Avventura, L'\"\n"), "--strict"),
              0);
    CHECK_STR(tables_catalog(&server, db, &arena)->movies[0].title_en, "L'Avventura");
}

static void links_that_lie_about_where_they_go(void)
{
    CHECK_INT(program_import(&program, "links",
                             FILE_OF("l.csv",
                                     "movie_id,platform,url\n0,넷플릭스,https://netflix.com@evil.example/\n"
                                     "1,넷플릭스,https://netflix.com.evil.example/\n"
                                     "2,넷플릭스,https://www.netflix.com/title/1\n"
                                     "2,Mubi,https://mubi.com\\@evil.example/\n"),
                             "--tolerate=75"),
              0);
    SAYS("l.csv:2: an address with a user name: 'https://netflix.com@evil.example/'");
    SAYS("l.csv:3: an address that is not the platform's");
    SAYS("l.csv:5: an address with blanks, backslashes");
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM watch_link"), 1);
}

/* A wrong address costs the image and not the character, and none that was there before. */
static void images_that_no_page_may_show(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(program_import(&program, "movies", FILE_OF("m.csv", "movie_id,title_en\n1,One\n2,Two\n"), ""),
              0);
    CHECK_INT(program_import(
                  &program, "characters",
                  FILE_OF("i.csv",
                          "character_id,movie_id,name_en,mbti,enneagram,image_url\n"
                          "31,1,A,ISFP,9w8,javascript:alert(1)\n32,1,B,ISFP,9w8,/own/b.webp\n"
                          "33,1,C,ISFP,9w8,https://other.example/c.png\n34,1,D,ISFP,9w8,//other.example/d\n"),
                  ""),
              0);
    SAYS("i.csv:2: warning: image_url left out, as it is neither an https address nor a path of this site: "
         "'javascript:alert(1)'");
    SAYS("i.csv:5: warning: image_url left out");
    SAYS("4 rows: 4 new, 0 changed");
    SAYS("warned 2: image_url left out");
    SAYS("warned 1: an image on another host: kept, but pages show images of this site only");
    const struct catalog_character *c = tables_catalog(&server, db, &arena)->characters;
    CHECK_STR(c[0].image_url, "");
    CHECK_STR(c[1].image_url, "/own/b.webp");
    CHECK_STR(c[2].image_url, "https://other.example/c.png");
    CHECK_INT(program_import(&program, "characters",
                             FILE_OF("i2.csv", "character_id,movie_id,name_en,mbti,enneagram,image_url\n"
                                               "32,1,Bee,ISFP,9w8,data:text/html;x\n"),
                             ""),
              0);
    CHECK_STR(tables_catalog(&server, db, &arena)->characters[1].image_url, "/own/b.webp");
    CHECK_STR(tables_catalog(&server, db, &arena)->characters[1].name_en, "Bee");
}

/* 기생충 and Amélie encoded twice; lost letters; and titles that only look so. */
static void texts_that_were_damaged_before(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(program_import(
                  &program, "movies",
                  FILE_OF("twice.csv",
                          "movie_id,title_ko,title_en\n51,\xc3\xaa\xc2\xb8\xc2\xb0\xc3\xac\xc6\x92\xc2\x9d"
                          "\xc3\xac\xc2\xb6\xc2\xa9,Parasite\n52,,Am\xc3\x83\xc2\xa9lie\n53,,One\n"),
                  ""),
              65);
    SAYS("twice.csv:2: encoded twice: its UTF-8 was read as Windows-1252 and saved as UTF-8 again: "
         "title_ko '");
    SAYS("was '기생충'");
    SAYS("was 'Amélie'");
    CHECK_INT(
        program_import(&program, "movies",
                       FILE_OF("lost.csv",
                               "movie_id,title_ko,title_en\n51,?\? ?\?,Parasite\n52,,Am\xef\xbf\xbdlie\n"
                               "53,,Amélie\n54,뭐야 ?\?,What?\?\n55,,Ça ira © £\n56,?,¿?\n"),
                       ""),
        0);
    SAYS("lost.csv:2: warning: a text was damaged before it came here: title_ko '?\? ?\?' is question marks "
         "only");
    SAYS("lost.csv:3: warning: a text was damaged before it came here: title_en 'Am\xef\xbf\xbdlie' has lost "
         "a character (U+FFFD)");
    SAYS("warned 2: a text was damaged");
}

static void genres_and_countries_that_nobody_meant(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(program_import(&program, "movies",
                             FILE_OF("g.csv",
                                     "movie_id,title_en,genres,country\n41,A,\"Drama, Crime\",US\n"
                                     "42,B,Drama|Crime,Narnia\n43,C,Sci-Fi & Fantasy|Children's,pt\n44,D,,\n"
                                     "45,E,드라마/범죄,\"미국, 영국\"\n"),
                             ""),
              0);
    SAYS(
        "g.csv:2: warning: a genre has a comma, semicolon or slash in it; genres are separated by |: 'Drama, "
        "Crime'");
    SAYS("g.csv:3: warning: country is not known, so the site names none; every code of ISO 3166-1 is (KR): "
         "'Narnia'");
    SAYS("g.csv:6: warning: a genre");
    SAYS("warned 2: a genre");
    SAYS("warned 1: country");
    SAYS("5 rows: 5 new, 0 changed, 0 unchanged, 0 skipped, 0 rejected");
}

static void two_films_with_one_title_and_year(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(
        program_import(&program, "movies",
                       FILE_OF("twice.csv",
                               "movieId,title,genres\n990214,Emma (1996),Drama\n990215,EMMA (1996),Drama\n"
                               "990216,Emma (2020),Drama\n"),
                       ""),
        0);
    SAYS("twice.csv:3: warning: film 990215 has the same title and year as film 990214: \"EMMA\" (1996); the "
         "site "
         "shows one");
    SAYS("twice.csv: 1 films have the same title and year as another film");
    CHECK_INT(tables_catalog(&server, db, &arena)->n_movies, 3);
    CHECK_INT(program_import(&program, "movies",
                             FILE_OF("more.csv", "movie_id,title_en,year\n5,Emma,2020\n6,Alien,1979\n"), ""),
              0);
    SAYS("more.csv:2: warning: film 5 has the same title and year as film 990216");
    CHECK(strstr(buf_str(&program.said), "990214") == NULL); /* no business of this file */
}

static void ids_that_mean_another_film(void)
{
    tables_empty_catalog(&server);
    FILE_OF("ml.csv", "movieId,title,genres\n1610,\"Hunt for Red October, The (1990)\",Action\n"
                      "1,Toy Story (1995),Comedy\n2,\"Haine, La (Hate) (1995)\",Drama\n3,Up (2009),Drama\n");
    FILE_OF(
        "own.csv",
        "movie_id,title_en,title_ko,year\n1610,The Man from Earth,,2007\n1,Toy Story,,1996\n2,Hate,,1995\n"
        "3,Superman,,2009\n4,Only here,,2000\n");
    CHECK_INT(program_import(&program, "movies", "own.csv", "--compare \"$D/ml.csv\""), 0);
    SAYS("own.csv:2: warning: film 1610 is \"The Man from Earth\" (2007) here and \"The Hunt for Red "
         "October\" (1990) in ");
    SAYS("own.csv:5: warning: film 3 is \"Superman\" (2009) here and \"Up\" (2009) in ");
    SAYS("own.csv: 2 IDs mean another film elsewhere");
    CHECK_INT(tables_catalog(&server, db, &arena)->n_movies, 5);
    CHECK_INT(program_import(&program, "movies", "ml.csv", ""), 0);
    SAYS("ml.csv:2: warning: film 1610 is \"The Hunt for Red October\" (1990) here and \"The Man from "
         "Earth\" (2007) in the catalog");
    CHECK_INT(program_import(&program, "movies", "ml.csv", "--compare \"$D/absent.csv\""), 66);
    CHECK_INT(program_import(&program, "movies", "ml.csv", "--compare \"$D/own.csv\""), 65);
    SAYS("own.csv: the file lacks columns to compare: movieId, title");
}

static int import_case(const char *name, const char *options)
{
    char words[300];
    snprintf(words, sizeof words, "import movies ../shared/cases/%s %s", name, options);
    return program_run(&program, words);
}

static const struct catalog_movie *film(int32_t id)
{
    static struct catalog_movie none = {.title_en = "", .title_ko = ""};
    const struct catalog *c = tables_catalog(&server, db, &arena);
    for (size_t i = 0; i < c->n_movies; i++)
        if (c->movies[i].id == id)
            return &c->movies[i];
    return &none;
}

static void files_that_failed_elsewhere(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(import_case("cp949.csv", ""), 65);
    CHECK_INT(import_case("cp949.dat", ""), 65);
    CHECK_INT(import_case("cp949.csv", "--encoding cp949"), 0);
    CHECK_INT(import_case("cp949.dat", "--encoding euc-kr"), 0);
    CHECK_STR(film(990001)->title_ko, "기생충");
    CHECK_STR(film(990012)->title_en, "올드보이");
    CHECK_INT(import_case("cr-only.csv", "--strict"), 0);
    CHECK_STR(film(990035)->title_ko, "올드보이");
    CHECK_INT(import_case("header-only.csv", ""), 0);
    SAYS("0 rows");
    CHECK_INT(import_case("header-only.csv", "--strict"), 65);
    CHECK_INT(import_case("foreign-articles.csv", "--strict"), 0);
    CHECK_STR(film(990201)->title_en, "La Haine (Hate)");
    CHECK_STR(film(990202)->title_en, "Das Boot (The Boat)");
    CHECK_STR(film(990203)->title_en, "Il Postino");
    CHECK_INT(import_case("year-ranges.csv", "--strict"), 0);
    CHECK_STR(film(990205)->title_en, "The Big Bang Theory");
    CHECK_INT(film(990206)->year, 2006);
    CHECK_INT(film(990210)->year, 1975);
    CHECK_INT(import_case("film-twice.csv", "--strict"), 0);
    SAYS("film-twice.csv:3: warning: film 990215 has the same title and year as film 990214");
}

int main(void)
{
    db = tables_start(&server, "mvti_import_shapes_test");
    RUN(too_many_rejected_rows_change_nothing);
    RUN(a_header_and_nothing_else);
    RUN(titles_are_one_honest_line);
    RUN(what_is_no_file_is_refused);
    RUN(a_reason_is_said_once);
    RUN(other_encodings_are_named_and_read);
    RUN(shapes_that_spreadsheets_write);
    RUN(missing_values_and_numbers_as_programs_write_them);
    RUN(what_formulas_and_programs_leave_is_no_title);
    RUN(columns_stand_in_any_order);
    RUN(texts_are_kept_composed_and_trimmed);
    RUN(titles_of_movielens);
    RUN(links_that_lie_about_where_they_go);
    RUN(images_that_no_page_may_show);
    RUN(texts_that_were_damaged_before);
    RUN(genres_and_countries_that_nobody_meant);
    RUN(two_films_with_one_title_and_year);
    RUN(ids_that_mean_another_film);
    if (access("../shared/cases/cp949.csv", R_OK) == 0)
        RUN(files_that_failed_elsewhere);
    else
        SKIP(files_that_failed_elsewhere, "the shared cases are not here");
    db_free(db);
    arena_free(&arena);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
