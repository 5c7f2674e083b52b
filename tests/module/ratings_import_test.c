/* mvti import ratings as an operator runs it: the program, a real database, real files. What is looked at is
 * the table's row and the .mvr file, which must always fit each other. */
#include "tests/check.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "fixture/program.h"
#include "fixture/tables.h"
#include "store/ratings_source.h"
#include "train/ratings_file.h"

static struct mariadb server;
static struct db *db;
static struct arena arena;
static struct program program = {.server = &server};

static void put(const char *name, const char *text)
{
    CHECK(mariadb_write(&server, name, text));
}

static int mvti(const char *words)
{
    return program_run(&program, words);
}

#define CHECK_SAYS(words)                                                                                    \
    CHECK_MSG(strstr(buf_str(&program.said), words) != NULL, "%s", buf_str(&program.said))

static void sql(const char *text)
{
    tables_run(&server, text);
}

/* Row and file of a source fit each other; the number of ratings, 0 when both are absent, −1 when they
 * differ. */
static long stored(const char *name, struct ratings_source *row)
{
    char path[400], hash[65];
    struct ratings_file f;
    struct ratings_source s;
    struct fail why = {0};
    snprintf(path, sizeof path, "%s/state/ratings/%s.mvr", server.folder, name);
    enum err file = ratings_file_open(&f, path, &why);
    enum err found = ratings_source_find(db, name, &arena, row != NULL ? row : &s, &why);
    if (file == ERR_NOT_FOUND && found == ERR_NOT_FOUND)
        return 0;
    long n = -1;
    if (file == ERR_OK && found == ERR_OK) {
        const struct ratings_source *r = row != NULL ? row : &s;
        secret_hex(hash, f.header->checksum, RATINGS_HASH);
        if (strcmp(hash, r->content_hash) == 0 && (int64_t)f.header->n_ratings == r->n_ratings &&
            (int64_t)f.header->n_users == r->n_users && (f.header->simulated == 1) == r->simulated)
            n = (long)r->n_ratings;
    }
    ratings_file_close(&f);
    return n;
}

/* No half-written or set-aside file lies about. */
static bool folder_is_tidy(void)
{
    return program_shell(&program, "! ls \"$D/state/ratings\" | grep -qv '\\.mvr$'") == 0;
}

#define HEAD "userId,movieId,rating,timestamp\n"

static void a_file_becomes_a_source(void)
{
    struct ratings_source row;
    put("ratings.csv", HEAD "1,10,4.0,1000\n1,11,3.5,1001\n2,10,0.5,1002\n");
    CHECK_INT(mvti("import ratings \"$D/ratings.csv\" --name first"), 0);
    CHECK_SAYS("3 ratings of 2 films by 2 people, as source 'first'");
    CHECK_INT(stored("first", &row), 3);
    CHECK_STR(row.file_name, "ratings.csv");
    CHECK(!row.simulated && row.n_users == 2 && row.n_movies == 2 && row.imported_at > 1700000000);
    CHECK_INT(mvti("import ratings \"$D/ratings.csv\" --name first --simulated"), 0);
    CHECK_SAYS("simulated people");
    CHECK_INT(stored("first", &row), 3);
    CHECK(row.simulated && folder_is_tidy());
}

static void names_come_from_the_file(void)
{
    CHECK_INT(mvti("import ratings \"$D/ratings.csv\" --name ../evil"), 65);
    CHECK_INT(mvti("import ratings \"$D/ratings.csv\" --name ''"), 65);
    CHECK_INT(program_shell(&program,
                            "cd \"$D\" && mkdir -p ml-tiny && gzip -c ratings.csv >ml-tiny/ratings.csv.gz"),
              0);
    CHECK_INT(mvti("import ratings \"$D/ml-tiny/ratings.csv.gz\""), 0);
    CHECK_INT(stored("ml-tiny", NULL), 3);
    put("crowd.dat", "1::10::4::1000\n");
    CHECK_INT(mvti("import ratings \"$D/crowd.dat\""), 0);
    CHECK_INT(stored("crowd", NULL), 1);
}

static void rejected_rows_are_named_and_counted(void)
{
    put("bad.csv", HEAD "1,10,4.0,1\n1,10,5.0,2\nx,1,1,1\n\"3\",10,\"4.5\",3\n4,10,9,4\n5,10\n6,10,4,");
    CHECK_INT(mvti("import ratings \"$D/bad.csv\""), 0);
    CHECK_SAYS("/bad.csv:3: the user has rated this film in an earlier row\n");
    CHECK_SAYS("/bad.csv:4: user id is not");
    CHECK_SAYS("/bad.csv:6: rating is not one of");
    CHECK_SAYS("/bad.csv:7: wrong number of columns: 2 of 4");
    CHECK_SAYS("/bad.csv:8: timestamp is not");
    CHECK_SAYS("rejected 5 of 7 rows:\n");
    CHECK_SAYS("1  wrong number of columns\n");
    CHECK_INT(stored("bad", NULL), 2);
    struct buf b = {0};
    buf_puts(&b, HEAD "1,1,1,1\n");
    for (int i = 0; i < 150; i++)
        buf_puts(&b, "1,1,7,1\n");
    put("many.csv", buf_str(&b));
    buf_free(&b);
    CHECK_INT(mvti("import ratings \"$D/many.csv\""), 0);
    CHECK_SAYS(":102: rating");
    CHECK(strstr(buf_str(&program.said), ":103: rating") == NULL);
    CHECK_SAYS("only counted");
    CHECK_SAYS("150  rating is not one of");
}

static void strict_stops_at_the_first(void)
{
    CHECK_INT(mvti("import ratings \"$D/bad.csv\" --name first --strict"), 65);
    CHECK_SAYS("/bad.csv:3: ");
    CHECK_INT(stored("first", NULL), 3);
    CHECK_INT(mvti("import ratings \"$D/bad.csv\" --name fresh --strict"), 65);
    CHECK_INT(stored("fresh", NULL), 0);
    CHECK(folder_is_tidy());
}

static void files_that_are_none_change_nothing(void)
{
    put("empty.csv", HEAD);
    CHECK_INT(mvti("import ratings \"$D/empty.csv\" --name first"), 65);
    put("movies.csv", "movieId,title\n1,Heat\n");
    CHECK_INT(mvti("import ratings \"$D/movies.csv\" --name first"), 65);
    CHECK_SAYS("lacks: userId, rating");
    CHECK_INT(mvti("import ratings /nonexistent --name first"), 66);
    CHECK_INT(program_shell(&program, "cd \"$D\" && head -c -9 ml-tiny/ratings.csv.gz >cut.csv.gz"), 0);
    CHECK_INT(mvti("import ratings \"$D/cut.csv.gz\" --name first"), 65);
    CHECK_SAYS("ends early");
    CHECK_INT(stored("first", NULL), 3);
    CHECK(folder_is_tidy());
}

/* The database refuses after the file is complete. */
static void a_refusing_database_leaves_both(void)
{
    sql("RENAME TABLE import_run TO import_run_away");
    put("two.csv", HEAD "1,10,4.0,1000\n1,11,3.5,1001\n");
    CHECK(mvti("import ratings \"$D/two.csv\" --name first") != 0);
    CHECK_INT(stored("first", NULL), 3);
    CHECK(mvti("import ratings \"$D/two.csv\"") != 0);
    CHECK_INT(stored("two", NULL), 0);
    sql("RENAME TABLE import_run_away TO import_run");
    CHECK(folder_is_tidy());
    CHECK_INT(mvti("import ratings \"$D/two.csv\" --name first"), 0);
    CHECK_INT(stored("first", NULL), 2);
}

/* The file cannot take its place after the row is written. */
static void a_refusing_folder_leaves_both(void)
{
    char path[400];
    snprintf(path, sizeof path, "%s/state/ratings/wall.mvr", server.folder);
    CHECK(mkdir(path, 0755) == 0);
    struct ratings_source row;
    struct fail why = {0};
    CHECK(mvti("import ratings \"$D/two.csv\" --name wall") != 0);
    CHECK(ratings_source_find(db, "wall", &arena, &row, &why) == ERR_NOT_FOUND);
    CHECK(rmdir(path) == 0 && folder_is_tidy());
}

static void without_a_database_nothing_is_read(void)
{
    CHECK_INT(mvti("--set db_socket=/nonexistent import ratings \"$D/two.csv\" --name first"), 69);
    CHECK_INT(stored("first", NULL), 2);
    CHECK_INT(mvti("import ratings"), 64);
    CHECK_INT(mvti("import ratings --help"), 0);
    CHECK_SAYS("--simulated");
}

static void sources_are_listed_by_name(void)
{
    struct ratings_source *items;
    size_t n;
    CHECK(ratings_source_list(db, &arena, &items, &n, NULL) == ERR_OK && n == 5);
    CHECK_STR(items[0].name, "bad");
    CHECK_STR(items[4].name, "ml-tiny");
}

int main(void)
{
    db = tables_start(&server, "mvti_ratings_import_test");
    RUN(a_file_becomes_a_source);
    RUN(names_come_from_the_file);
    RUN(rejected_rows_are_named_and_counted);
    RUN(strict_stops_at_the_first);
    RUN(files_that_are_none_change_nothing);
    RUN(a_refusing_database_leaves_both);
    RUN(a_refusing_folder_leaves_both);
    RUN(without_a_database_nothing_is_read);
    RUN(sources_are_listed_by_name);
    db_free(db);
    arena_free(&arena);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
