/* `mvti import` as a person runs it, on files with everything that goes wrong in life. */
#include "tests/check.h"
#include "tests/fixture/file.h"
#include "tests/fixture/eventually.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "domain/enneagram.h"
#include "domain/mbti.h"
#include "fixture/tables.h"
#include "store/catalog.h"

static struct mariadb server;
static struct db *db;
static struct arena arena;
static char program[600];
static char out[1 << 16]; /* stdout, then stderr of the last run */

static const char *at(const char *name)
{
    static char path[16][600];
    static int next;
    next = (next + 1) % 16;
    snprintf(path[next], sizeof path[next], "%s/%s", server.folder, name);
    return path[next];
}

static const char *file(const char *name, const char *bytes, size_t n)
{
    CHECK(file_put(at(name), bytes, n));
    return at(name);
}

#define FILE_OF(name, text) file(name, text, sizeof(text) - 1)

static pid_t start(const char *kind, const char *path, const char *option)
{
    char socket[700], name[600], user[600];
    snprintf(socket, sizeof socket, "db_socket=%s", server.config.db_socket);
    snprintf(name, sizeof name, "db_name=%s", server.config.db_name);
    snprintf(user, sizeof user, "db_user=%s", server.config.db_user);
    char *argv[] = {program, "--set",  socket,       "--set",      name,           "--set",
                    user,    "import", (char *)kind, (char *)path, (char *)option, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, at("stdout"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, at("stderr"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t pid = -1;
    CHECK(posix_spawn(&pid, program, &actions, NULL, argv, environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

static int finish(pid_t pid)
{
    int status = 0;
    waitpid(pid, &status, 0);
    size_t n = 0;
    const char *names[] = {"stdout", "stderr"};
    for (int i = 0; i < 2; i++) {
        FILE *f = fopen(at(names[i]), "r");
        n += f != NULL ? fread(out + n, 1, sizeof out - 1 - n, f) : 0;
        if (f != NULL)
            fclose(f);
    }
    out[n] = '\0';
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int import(const char *kind, const char *path, const char *option)
{
    return finish(start(kind, path, option));
}

#define SAYS(text) CHECK_MSG(strstr(out, text) != NULL, "\"%s\" is not in:\n%s", text, out)

static void two_films(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(import("movies",
                     FILE_OF("m.csv", "movie_id,title_en,title_ko,year,genres,country,popularity,rating\n"
                                      "1,Toy Story,토이 스토리,1995,Animation|Comedy,US,100,3.9\n"
                                      "2,The Host,괴물,2006,Horror,KR,,\n"),
                     NULL),
              0);
}

static void films_are_stored(void)
{
    two_films();
    SAYS("2 rows: 2 new, 0 changed, 0 unchanged, 0 skipped, 0 rejected");
    const struct catalog *c = tables_catalog(&server, db, &arena);
    CHECK_INT(c->n_movies, 2);
    CHECK_STR(c->movies[0].title_ko, "토이 스토리");
    CHECK_STR(c->movies[0].genres, "Animation|Comedy");
    CHECK_INT(c->movies[0].popularity, 100);
    CHECK_INT(c->movies[1].popularity, -1);
    CHECK_INT(tables_number(&server, "SELECT rows_stored FROM import_run"), 2);
}

static void again_changes_nothing_and_a_change_is_seen(void)
{
    two_films();
    CHECK_INT(import("movies", at("m.csv"), NULL), 0);
    SAYS("0 new, 0 changed, 2 unchanged");
    CHECK_INT(
        import("movies", FILE_OF("m2.csv", "movie_id,title_en,genres\n1,Toy Story,Comedy|Animation\n"), NULL),
        0);
    SAYS("0 new, 1 changed, 0 unchanged");
    const struct catalog *c = tables_catalog(&server, db, &arena);
    CHECK_STR(c->movies[0].genres, "Comedy|Animation");
    CHECK_STR(c->movies[0].title_ko, "토이 스토리"); /* the second file does not know it */
}

static void wrong_rows_cost_only_themselves(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(import("movies",
                     FILE_OF("bad.csv", "\xef\xbb\xbfmovie_id,title_en,year,hashtags_en\r\n"
                                        "1,\"Line\nbreak, \"\"quoted\"\"\",1999,x\r\n"
                                        "2,short row\r\n"
                                        "3,Caf\xe9,1999,x\r\n"
                                        "1,Twice,1999,x\r\n"
                                        "x7,No number,1999,x\r\n"
                                        "4,Far future,9999,x\r\n"
                                        "5,,1999,x\r\n"
                                        "6,Last one,2001,\"never clos"),
                     "--tolerate=90"),
              0);
    SAYS("bad.csv:4: wrong number of columns");
    SAYS("bad.csv:5: not valid UTF-8");
    SAYS("bad.csv:6: duplicate in this file");
    SAYS("bad.csv:7: not a number in its range: movie_id 'x7'");
    SAYS("bad.csv:8: not a number in its range: year '9999'");
    SAYS("bad.csv:9: no title");
    SAYS("bad.csv:10: the file ends inside the row");
    SAYS("8 rows: 1 new, 0 changed, 0 unchanged, 0 skipped, 7 rejected");
    SAYS("rejected 2: not a number in its range");
    CHECK_STR(tables_catalog(&server, db, &arena)->movies[0].title_en, "Line break, \"quoted\"");
}

static void a_long_title_is_rejected(void)
{
    static char text[4096];
    int n = snprintf(text, sizeof text, "movie_id,title_ko\n1,");
    for (int i = 0; i < 256; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, "가");
    n += snprintf(text + n, sizeof text - (size_t)n, "\n2,나\n");
    tables_empty_catalog(&server);
    CHECK_INT(import("movies", file("long.csv", text, (size_t)n), "--tolerate=50"), 0);
    SAYS("long.csv:2: a field is too long: title_ko has 256 of at most 255 characters");
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM movie"), 1);
}

static void missing_columns_are_named(void)
{
    CHECK_INT(import("movies", FILE_OF("a.csv", "id,year\n1,1999\n"), NULL), 65);
    SAYS("movie_id, title_en or title_ko or title");
    CHECK_INT(import("links", FILE_OF("b.csv", "movieId,imdbId\n1,2\n"), NULL), 65);
    SAYS("platform, url");
    CHECK_INT(import("movies", at("absent.csv"), NULL), 66);
    SAYS("absent.csv");
    CHECK_INT(import("movies", FILE_OF("empty.csv", ""), NULL), 65);
}

static void movielens_titles_are_taken_apart(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(import("movies",
                     FILE_OF("ml.csv",
                             "movieId,title,genres\n"
                             "2571,\"Matrix, The (1999)\",Action|Sci-Fi|Thriller\n"
                             "29,\"City of Lost Children, The (Cité des enfants perdus, La) (1995)\",Sci-Fi\n"
                             "3,No year here,(no genres listed)\n"),
                     NULL),
              0);
    const struct catalog *c = tables_catalog(&server, db, &arena);
    CHECK_STR(c->movies[2].title_en, "The Matrix");
    CHECK_INT(c->movies[2].year, 1999);
    CHECK_STR(c->movies[1].title_en, "The City of Lost Children (La Cité des enfants perdus)");
    CHECK_STR(c->movies[0].title_en, "No year here");
    CHECK_INT(c->movies[0].year, 0);
    CHECK_STR(c->movies[0].genres, "");
}

static void old_movielens_is_latin1(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(import("movies",
                     FILE_OF("movies.dat", "1::Mis\xe9rables, Les (1995)::Drama|Musical\r\n"
                                           "2::Too::many::fields\n"
                                           "\n"
                                           "3::Am\xc3\xa9lie (2001)::Comedy\n"
                                           "4::Cut (20"),
                     "--tolerate=50"),
              0);
    SAYS("movies.dat:2: wrong number of columns");
    SAYS("movies.dat:5: the file ends inside the row");
    CHECK_STR(tables_catalog(&server, db, &arena)->movies[0].title_en, "Les Misérables");
    CHECK_STR(tables_catalog(&server, db, &arena)->movies[1].title_en, "Amélie");
    CHECK_INT(import("characters", at("movies.dat"), NULL), 65);
}

static void characters_and_their_votes(void)
{
    two_films();
    CHECK_INT(import("characters",
                     FILE_OF("c.csv", "CharacterId,Character,Contents,Votes,MBTI,Enneagram,movieId\n"
                                      "0,Woody,Toy Story (1995),2.7k/477,esfj,6W7,1\n"
                                      "1,Buzz,Toy Story (1995),15/0,ESTJ,3w2,1\n"
                                      "2,Unknown,Toy Story (1995),1/0,XXXX,3w2,1\n"
                                      "3,Unknown,Toy Story (1995),1/0,INFP,XwX,1\n"
                                      "4,Orphan,Gone (1995),1/0,INFP,4w5,99\n"
                                      "5,Odd votes,Toy Story (1995),many,INFP,4w5,1\n"),
                     "--tolerate=70"),
              0);
    SAYS("c.csv:4: unknown MBTI type: 'XXXX'");
    SAYS("c.csv:5: unknown Enneagram type: 'XwX'");
    SAYS("c.csv:6: its film is not in the catalog: movie 99");
    SAYS("c.csv:7: votes are not a count: 'many'");
    const struct catalog *c = tables_catalog(&server, db, &arena);
    CHECK_INT(c->n_characters, 2);
    CHECK_INT(c->characters[0].votes, 2700);
    CHECK_INT(c->characters[0].mbti, mbti_parse("ESFJ", 4));
    CHECK_INT(c->characters[0].enneagram, enneagram_parse("6w7", 3));
    CHECK_INT(c->characters[1].votes, 15);
}

static void editorial_typing_has_no_votes(void)
{
    two_films();
    CHECK_INT(
        import("characters",
               FILE_OF("e.csv",
                       "character_id,movie_id,name_en,name_ko,mbti,enneagram,votes,hashtags,hashtags_en,"
                       "description_ko,description_en,image_url\n"
                       "21,2,Gang-du,강두,ISFP,9w8,,#아빠 #낮잠,#Dad "
                       "#Naps,설명.,Text.,https://other.example/a.png\n"),
               NULL),
        0);
    const struct catalog_character *c = &tables_catalog(&server, db, &arena)->characters[0];
    CHECK_INT(c->votes, -1);
    CHECK_STR(c->hashtags_en, "#Dad #Naps");
    CHECK_STR(c->description_en, "Text.");
    CHECK_STR(c->image_url, "https://other.example/a.png");
}

static void plots_and_links(void)
{
    two_films();
    CHECK_INT(
        import("plots",
               FILE_OF("p.csv",
                       "movie_id,title_en,plot_en,keywords\n1,x,A boy's toys.,toy|boy\n99,x,y,z\n2,x,,\n"),
               NULL),
        0);
    SAYS("3 rows: 1 new, 0 changed, 0 unchanged, 2 skipped, 0 rejected");
    CHECK_INT(import("plots", FILE_OF("p2.csv", "movie_id,plot_ko\n1,장난감.\n"), NULL), 0);
    CHECK_INT(
        import("links",
               FILE_OF("l.csv", "movie_id,platform,url\n1,왓챠,https://watcha.com/1\n1,no_link,no_link\n"
                                "2,no_result,no_result\n1,넷플릭스,javascript:alert(1)\n"
                                "1,왓챠,https://watcha.com/2\n2,티빙,https://tving.com/\n"),
               "--tolerate=34"),
        0);
    SAYS("skipped 2: no link");
    SAYS("l.csv:5: not an http or https address: 'javascript:alert(1)'");
    SAYS("l.csv:6: duplicate in this file");
    const struct catalog_movie *m = tables_catalog(&server, db, &arena)->movies;
    CHECK_STR(m[0].plot_en, "A boy's toys.");
    CHECK_STR(m[0].plot_ko, "장난감.");
    CHECK_STR(m[0].keywords, "toy|boy");
    CHECK_INT(m[0].n_links, 1);
    CHECK_STR(m[0].links[0].url, "https://watcha.com/1");
    CHECK_STR(m[1].links[0].platform, "티빙");
}

static void strict_stops_and_changes_nothing(void)
{
    tables_empty_catalog(&server);
    const char *path = FILE_OF("s.csv", "movie_id,title_en\n1,a\nx,b\ny,c\n");
    CHECK_INT(import("movies", path, "--strict"), 65);
    SAYS("s.csv:3:");
    SAYS("nothing was changed");
    CHECK(strstr(out, "s.csv:4:") == NULL);
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM movie"), 0);
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM import_run"), 0);
    CHECK_INT(import("movies", path, "--tolerate=67"), 0);
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM movie"), 1);
}

static void a_file_without_a_good_row_fails(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(import("movies", FILE_OF("n.csv", "movie_id,title_en\nx,b\ny,c\n"), NULL), 65);
    SAYS("no row could be used");
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM import_run"), 0);
}

static size_t many_films(char **text, size_t rows)
{
    *text = malloc(rows * 40 + 100);
    size_t n = (size_t)sprintf(*text, "movie_id,title_en,genres\n");
    for (size_t i = 1; i <= rows; i++)
        n += (size_t)sprintf(*text + n, "%zu,Film %zu,Drama\n", i, i);
    return n;
}

static void a_damaged_gzip_changes_nothing(void)
{
    char *text, *packed;
    size_t n = many_films(&text, 3000);
    gzFile gz = gzopen(at("whole.csv.gz"), "wb");
    CHECK(gzwrite(gz, text, (unsigned)n) == (int)n && gzclose(gz) == Z_OK);
    tables_empty_catalog(&server);
    CHECK_INT(import("movies", at("whole.csv.gz"), NULL), 0);
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM movie"), 3000);
    tables_empty_catalog(&server);
    packed = malloc(n);
    FILE *f = fopen(at("whole.csv.gz"), "r");
    size_t m = fread(packed, 1, n, f);
    fclose(f);
    CHECK_INT(import("movies", file("cut.csv.gz", packed, m / 2), NULL), 65);
    SAYS("nothing was changed");
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM movie"), 0);
    free(text);
    free(packed);
}

static void only_a_hundred_rejections_are_printed(void)
{
    static char text[20000];
    int n = snprintf(text, sizeof text, "movie_id,title_en\n1,good\n");
    for (int i = 0; i < 250; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, "x%d,bad\n", i);
    tables_empty_catalog(&server);
    CHECK_INT(import("movies", file("h.csv", text, (size_t)n), "--tolerate=99.9"), 0);
    SAYS("'x99'");
    CHECK(strstr(out, "'x100'") == NULL);
    SAYS("rejected 250:");
}

/* Has the import begun to write? */
static bool writes(void *before)
{
    return tables_written(&server) > *(int64_t *)before + 1000;
}

/* Has the server noticed that the import is gone, and taken back what it did? */
static bool is_rolled_back(void *before)
{
    return tables_connections(&server) <= *(int64_t *)before; /* one of before may have been on its way out */
}

static void a_signal_leaves_nothing(void)
{
    char *text;
    size_t n = many_films(&text, 100000);
    tables_empty_catalog(&server);
    int64_t others = tables_connections(&server), rows = tables_written(&server);
    pid_t pid = start("movies", file("many.csv", text, n), NULL);
    CHECK(eventually(writes, &rows));
    kill(pid, SIGTERM);
    CHECK_INT(finish(pid), 130);
    SAYS("nothing was changed");
    rows = tables_written(&server);
    pid = start("movies", at("many.csv"), NULL);
    CHECK(eventually(writes, &rows));
    kill(pid, SIGKILL);
    CHECK_INT(finish(pid), 128 + SIGKILL);
    CHECK(eventually(is_rolled_back, &others));
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM movie"), 0);
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM import_run"), 0);
    free(text);
}

/* A program that still writes it, or a person who saves it once more. */
static void a_file_that_grows_meanwhile_changes_nothing(void)
{
    static const char more[] = "999999,One more\n";
    char *text;
    size_t n = many_films(&text, 20000);
    tables_empty_catalog(&server);
    int64_t rows = tables_written(&server);
    pid_t pid = start("movies", file("many.csv", text, n), NULL);
    CHECK(eventually(writes, &rows));
    FILE *f = fopen(at("many.csv"), "a");
    CHECK(f != NULL && fwrite(more, 1, sizeof more - 1, f) == sizeof more - 1 && fclose(f) == 0);
    CHECK_INT(finish(pid), 65);
    SAYS("many.csv: changed while it was read; import it again");
    SAYS("nothing was changed");
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM movie"), 0);
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM import_run"), 0);
    free(text);
}

static void without_a_server_it_says_so(void)
{
    struct config kept = server.config;
    snprintf(server.config.db_socket, CONFIG_TEXT, "/nonexistent");
    CHECK_INT(import("movies", at("m.csv"), NULL), 69);
    SAYS("cannot connect");
    server.config = kept;
}

static char shared[600];

static const char *shared_file(const char *name)
{
    static char path[700];
    const char *folder = getenv("MVTI_SHARED_DATA");
    snprintf(shared, sizeof shared, "%s", folder != NULL ? folder : "../shared/data");
    snprintf(path, sizeof path, "%s/%s", shared, name);
    return path;
}

static void the_real_catalog(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(import("movies", shared_file("mvti/movies.csv"), NULL), 0);
    SAYS("1182 rows: 1182 new, 0 changed, 0 unchanged, 0 skipped, 0 rejected");
    char compare[800];
    snprintf(compare, sizeof compare, "--compare=%s", shared_file("ml-latest-small/movies.csv"));
    CHECK_INT(import("movies", shared_file("mvti/movies.csv"), compare), 0);
    SAYS("film 1610 is \"The Man from Earth\" (2007) here and \"The Hunt for Red October\" (1990)");
    SAYS("116 IDs mean another film elsewhere");
    CHECK_INT(import("characters", shared_file("mvti/characters.csv"), NULL), 0);
    SAYS("2829 rows: 2799 new");
    SAYS("rejected 30: its film is not in the catalog");
    CHECK_INT(import("plots", shared_file("tmdb/plots.csv.gz"), NULL), 0);
    SAYS("4602 rows: 606 new");
    CHECK_INT(import("links", shared_file("mvti/watch_links.csv"), NULL), 0);
    SAYS("skipped 1413: no link");
    CHECK_INT(import("characters", shared_file("mvti/pdb_raw_characters.csv"), NULL), 65); /* of any film */
    SAYS("nothing was changed");
    CHECK_INT(import("characters", shared_file("mvti/pdb_raw_characters.csv"), "--tolerate=60"), 0);
    SAYS("rejected 301: unknown MBTI type");
    CHECK_INT(import("movies", shared_file("ml-latest-small/movies.csv"), NULL), 0);
    SAYS("9742 rows: 8927 new");
    CHECK_INT(tables_catalog(&server, db, &arena)->n_movies, 1182 + 8927);
}

static void the_bundled_sample(void)
{
    tables_empty_catalog(&server);
    CHECK_INT(import("movies", "sql/sample/movies.csv", "--strict"), 0);
    CHECK_INT(import("characters", "sql/sample/characters.csv", "--strict"), 0);
    CHECK_INT(import("plots", "sql/sample/plots.csv", "--strict"), 0);
    const struct catalog *c = tables_catalog(&server, db, &arena);
    CHECK(c->n_movies >= 300 && c->n_characters >= 1200);
    for (size_t i = 0; i < c->n_movies; i++)
        CHECK(c->movies[i].plot_ko[0] != '\0' && c->movies[i].plot_en[0] != '\0');
}

int main(int argc, char **argv)
{
    (void)argc;
    const char *tests = strstr(argv[0], "tests/module/");
    snprintf(program, sizeof program, "%.*smvti", tests != NULL ? (int)(tests - argv[0]) : 0, argv[0]);
    db = tables_start(&server, "mvti_import_test");
    RUN(films_are_stored);
    RUN(again_changes_nothing_and_a_change_is_seen);
    RUN(wrong_rows_cost_only_themselves);
    RUN(a_long_title_is_rejected);
    RUN(missing_columns_are_named);
    RUN(movielens_titles_are_taken_apart);
    RUN(old_movielens_is_latin1);
    RUN(characters_and_their_votes);
    RUN(editorial_typing_has_no_votes);
    RUN(plots_and_links);
    RUN(strict_stops_and_changes_nothing);
    RUN(a_file_without_a_good_row_fails);
    RUN(a_damaged_gzip_changes_nothing);
    RUN(only_a_hundred_rejections_are_printed);
    RUN(a_signal_leaves_nothing);
    RUN(a_file_that_grows_meanwhile_changes_nothing);
    RUN(without_a_server_it_says_so);
    RUN(the_bundled_sample);
    if (access(shared_file("mvti/movies.csv"), R_OK) == 0)
        RUN(the_real_catalog);
    else
        SKIP(the_real_catalog, "the shared data is not here");
    db_free(db);
    arena_free(&arena);
    mariadb_stop(&server);
    return check_done();
}
