/* mvti import ratings as an operator runs it: the program, a real database, real files. What is looked at is
 * the table's row and the .mvr file, which must always fit each other. */
#include "tests/check.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secret.h"
#include "data/ratings_file.h"
#include "data/ratings_likes.h"
#include "fixture/eventually.h"
#include "fixture/program.h"
#include "fixture/tables.h"
#include "store/ratings_source.h"

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
    enum err found = ratings_source_hold(db, name, &arena, row != NULL ? row : &s, &why);
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
    CHECK_INT(mvti("import ratings \"$D/ratings.csv\" --name ../evil"), 64);
    CHECK_INT(mvti("import ratings \"$D/ratings.csv\" --name ''"), 64);
    CHECK_INT(program_shell(&program,
                            "cd \"$D\" && mkdir -p ml-tiny && gzip -c ratings.csv >ml-tiny/ratings.csv.gz"),
              0);
    CHECK_INT(
        program_shell(&program, "cd \"$D\" && sed 's/,11,/,12,/' ratings.csv | gzip >ml-tiny/ratings.csv.gz"),
        0);
    CHECK_INT(mvti("import ratings \"$D/ml-tiny/ratings.csv.gz\""), 0);
    CHECK_INT(stored("ml-tiny", NULL), 3);
    put("crowd.dat", "1::10::4::1000\n");
    CHECK_INT(mvti("import ratings \"$D/crowd.dat\""), 0);
    CHECK_INT(stored("crowd", NULL), 1);
}

static void rejected_rows_are_named_and_counted(void)
{
    put("bad.csv", HEAD "1,10,4.0,1\n1,10,5.0,2\n1,x,1,1\n\"3\",10,\"4.5\",3\n4,10,9,4\n5,10\n6,10,4,");
    CHECK_INT(mvti("import ratings \"$D/bad.csv\" --tolerate 60"), 0);
    CHECK_SAYS("/bad.csv:4: film id is not a number from 0 to 2147483647: 'x'\n");
    CHECK_SAYS("/bad.csv:6: rating 9 is outside 0.5");
    CHECK_SAYS("/bad.csv:7: wrong number of columns: 2 of 4");
    CHECK_SAYS("/bad.csv:8: timestamp is not");
    CHECK_SAYS("1 ratings were superseded");
    CHECK_SAYS("rejected 4 of 7 rows:\n");
    CHECK_SAYS("1  wrong number of columns\n");
    CHECK_INT(stored("bad", NULL), 2);
    struct buf b = {0};
    buf_puts(&b, HEAD "1,1,5,1\n");
    for (int i = 0; i < 150; i++)
        buf_puts(&b, "1,x,4,1\n");
    put("many.csv", buf_str(&b));
    buf_free(&b);
    CHECK_INT(mvti("import ratings \"$D/many.csv\" --tolerate 100"), 0);
    CHECK_SAYS(":102: film id");
    CHECK(strstr(buf_str(&program.said), ":103: film id") == NULL);
    CHECK_SAYS("are not listed");
    CHECK_SAYS("150  film id is not");
}

static void many_rejected_rows_stop_it(void)
{
    CHECK_INT(mvti("import ratings \"$D/many.csv\" --name none"), 65);
    CHECK_SAYS("many.csv: 150 of 151 rows rejected, 150 of them as in line 3 (film id");
    CHECK_SAYS(":102: film id");
    CHECK_INT(stored("none", NULL), 0);
    put("one.csv", HEAD "1,1,5,1\n1,2,5,1\n1,3,5,1\n1,4,x,1\n");
    CHECK_INT(mvti("import ratings \"$D/one.csv\" --name none"), 65);
    CHECK_SAYS("--tolerate 26");
    CHECK_INT(mvti("import ratings \"$D/one.csv\" --name none --tolerate 26"), 0);
    CHECK_INT(stored("none", NULL), 3);
    CHECK_INT(mvti("import ratings \"$D/one.csv\" --tolerate 101"), 64);
}

/* The likes of a source at the usual threshold. */
static void check_likes(const char *name, int want)
{
    char path[400];
    struct interactions in = INTERACTIONS_NONE;
    struct dataset_source record = {0};
    struct fail why = {0};
    snprintf(path, sizeof path, "%s/state/ratings/%s.mvr", server.folder, name);
    CHECK_MSG(ratings_likes_file(&in, &(struct ratings_likes){.path = path, .threshold = 3.5}, &record,
                                 &why) == ERR_OK,
              "%s", why.text);
    CHECK_MSG((int)in.keys.len == want, "%s: %zu likes, not %d", name, in.keys.len, want);
    interactions_free(&in);
}

static void other_scales_are_refused_until_told(void)
{
    put("ten.csv", HEAD "1,900001,4,100\n1,900002,9,101\n2,900001,5,100\n2,900003,10,101\n3,900001,7,1\n");
    CHECK_INT(mvti("import ratings \"$D/ten.csv\""), 65);
    CHECK_SAYS(
        "looks like a scale of 10 (values above 5, up to 10, in 3 of 5 rows); read it with --scale 10");
    CHECK(strstr(buf_str(&program.said), "outside") == NULL);
    CHECK_INT(stored("ten", NULL), 0);
    CHECK_INT(mvti("import ratings \"$D/ten.csv\" --strict"), 65);
    CHECK_SAYS("--scale 10");
    CHECK_INT(mvti("import ratings \"$D/ten.csv\" --scale 10"), 0);
    CHECK_INT(stored("ten", NULL), 5);
    check_likes("ten", 3);
    CHECK_INT(mvti("import ratings \"$D/ten.csv\" --scale 10 --like-at 9"), 0);
    check_likes("ten", 2);
    CHECK_INT(mvti("import ratings \"$D/ten.csv\" --scale 5"), 65);
    CHECK_SAYS("rows rejected");
    CHECK_INT(mvti("import ratings \"$D/ten.csv\" --scale ten"), 64);
    CHECK_SAYS("--scale ten");
    put("thumbs.csv", HEAD "1,900001,1,100\n1,900002,0,101\n2,900001,1,100\n2,900003,-1,101\n");
    CHECK_INT(mvti("import ratings \"$D/thumbs.csv\""), 65);
    CHECK_SAYS("--scale thumbs");
    CHECK_INT(stored("thumbs", NULL), 0);
    CHECK_INT(mvti("import ratings \"$D/thumbs.csv\" --scale thumbs"), 0);
    CHECK_INT(stored("thumbs", NULL), 4);
    check_likes("thumbs", 2);
    put("likes.csv", "user;film\n1;7\n2;8\n2;9\n");
    CHECK_INT(mvti("import ratings \"$D/likes.csv\""), 65);
    CHECK_SAYS("--scale likes");
    CHECK_INT(mvti("import ratings \"$D/likes.csv\" --scale likes"), 0);
    check_likes("likes", 3);
    put("hours.csv", "user_id,item_id,rating\n1,7,0.3\n1,8,1999.25\n2,8,12\n");
    CHECK_INT(mvti("import ratings \"$D/hours.csv\""), 65);
    CHECK_SAYS("--like-at X");
    CHECK_INT(mvti("import ratings \"$D/hours.csv\" --like-at 2"), 0);
    check_likes("hours", 2);
}

static void ids_and_times_of_any_kind(void)
{
    put("zero.csv", HEAD "0,1,5,100\n0,2,5,100\n1,0,5,100\n1,2,5,100\n");
    CHECK_INT(mvti("import ratings \"$D/zero.csv\""), 0);
    CHECK_SAYS("4 ratings of 3 films by 2 people");
    CHECK_INT(stored("zero", NULL), 4);
    put("text.csv",
        "userId;movieId;rating;timestamp\n"
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301;2;4,5;2022-06-24 21:20:11\nA1ZCPG;2;5;2022-06-24T21:20Z\n"
        "A1ZCPG;2;0,5;2021-06-24\n");
    CHECK_INT(mvti("import ratings \"$D/text.csv\""), 0);
    CHECK_SAYS("2 ratings of 1 films by 2 people");
    check_likes("text", 2);
    put("mixed.csv", HEAD "1,1,5,1112486027000\n1,2,5,1112486027\n1,3,5,1112486028\n");
    CHECK_INT(mvti("import ratings \"$D/mixed.csv\""), 65);
    CHECK_SAYS("timestamp in seconds, those before in milliseconds");
}

static void one_file_has_one_name(void)
{
    CHECK_INT(mvti("import ratings \"$D/ratings.csv\" --name again"), 65);
    CHECK_SAYS("already been imported as source 'first'");
    CHECK_INT(stored("again", NULL), 0);
    CHECK_INT(program_shell(&program,
                            "cd \"$D\" && (head -n 1 ratings.csv; tail -n +2 ratings.csv | tac) >turned.csv"),
              0);
    CHECK_INT(mvti("import ratings \"$D/turned.csv\""), 65);
    CHECK_SAYS("'first'");
    CHECK_INT(mvti("import ratings \"$D/turned.csv\" --name first"), 0);
    CHECK_INT(stored("first", NULL), 3);
    CHECK(folder_is_tidy());
}

static void datasets_are_built_of_all_of_them(void)
{
    CHECK_INT(mvti("dataset build --items all"), 0);
    CHECK_SAYS("  ten                  5 rows, 2 likes of 2 users");
    CHECK_SAYS("  thumbs               4 rows, 2 likes of 2 users");
    CHECK_SAYS("  zero                 4 rows, 4 likes of 2 users");
    CHECK_INT(mvti("dataset info \"$D/state/ratings/ten.mvr\""), 0);
    CHECK_SAYS("ten.mvr: 5 ratings of 3 films by 3 people, likes and others");
    CHECK_INT(mvti("dataset info \"$D/state/ratings/zero.mvr\""), 0);
    CHECK_SAYS("on a scale of 5\n");
    CHECK_INT(
        program_shell(
            &program,
            "printf '\\003' | dd of=\"$D/state/ratings/zero.mvr\" bs=1 seek=8 conv=notrunc status=none"),
        0);
    CHECK_INT(mvti("dataset build --items all"), 65);
    CHECK_SAYS("zero.mvr: of a version that this program does not know; import its ratings again");
    CHECK_INT(mvti("import ratings \"$D/zero.csv\""), 0);
    CHECK_INT(mvti("dataset build --items all"), 0);
}

static void strict_stops_at_the_first(void)
{
    CHECK_INT(mvti("import ratings \"$D/bad.csv\" --name first --strict"), 65);
    CHECK_SAYS("/bad.csv:4: ");
    CHECK_INT(stored("first", NULL), 3);
    CHECK_INT(mvti("import ratings \"$D/bad.csv\" --name fresh --strict"), 65);
    CHECK_INT(stored("fresh", NULL), 0);
    CHECK(folder_is_tidy());
}

static void files_that_are_none_change_nothing(void)
{
    put("empty.csv", HEAD);
    CHECK_INT(mvti("import ratings \"$D/empty.csv\" --name first"), 65);
    CHECK_SAYS("empty.csv: contains only a header row, no ratings");
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
    CHECK(ratings_source_hold(db, "wall", &arena, &row, &why) == ERR_NOT_FOUND);
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
    CHECK(ratings_source_list(db, &arena, &items, &n, NULL) == ERR_OK && n == 12);
    CHECK_STR(items[0].name, "bad");
    CHECK_STR(items[11].name, "zero");
}

static void other_encodings_are_named_and_read(void)
{
    /* "홍길동" in CP949 */
    put("kr.csv", HEAD "\xc8\xab\xb1\xe6\xb5\xbf,10,5,1000\n\xb1\xe6\xb5\xbf,11,4,1001\n");
    CHECK_INT(mvti("import ratings \"$D/kr.csv\""), 65);
    CHECK_SAYS("kr.csv:2: is not UTF-8; it looks like CP949");
    CHECK_SAYS("--encoding cp949");
    CHECK_INT(stored("kr", NULL), 0);
    CHECK_INT(mvti("import ratings \"$D/kr.csv\" --encoding cp949"), 0);
    CHECK_INT(stored("kr", NULL), 2);
    CHECK_INT(mvti("dataset build --no-db --ratings \"$D/kr.csv\" --encoding cp949 --out \"$D/kr.mvd\""), 0);
    CHECK_SAYS("2 likes of 2 users");
    CHECK_INT(mvti("import ratings \"$D/ratings.csv\" --name kr2 --encoding klingon"), 64);
    CHECK_SAYS("unknown encoding 'klingon'");
    /* a header of Korean words: 사용자,영화 */
    put("head.csv", "\xbb\xe7\xbf\xeb\xc0\xda,\xbf\xb5\xc8\xad\n1,2\n");
    CHECK_INT(mvti("import ratings \"$D/head.csv\""), 65);
    CHECK_SAYS("--encoding cp949");
}

static void pipes_are_read_or_refused_with_words(void)
{
    CHECK_INT(
        program_shell(&program, "cd \"$D\" && mkfifo pipe.csv && (sed s/,10,/,77,/ ratings.csv >pipe.csv &)"),
        0);
    CHECK_INT(mvti("import ratings \"$D/pipe.csv\""), 0);
    CHECK_INT(stored("pipe", NULL), 3);
    CHECK_INT(mvti("import ratings /dev/stdin --name piped <\"$D/two.csv\""), 65);
    CHECK_SAYS("already been imported as source 'first'");
    CHECK_INT(mvti("import ratings /dev/null"), 65);
    CHECK_SAYS("/dev/null: is a device, not a file");
    CHECK_INT(program_shell(&program, "cd \"$D\" && (cat kr.csv >pipe.csv &)"), 0);
    CHECK_INT(mvti("import ratings \"$D/pipe.csv\" --encoding cp949"), 65);
    CHECK_SAYS("save it as a file first");
    CHECK_INT(program_shell(&program, "cat \"$D/pipe.csv\" >/dev/null"), 0); /* lets its writer go */
}

static void what_a_file_looks_like_is_named(void)
{
    put("shares.csv", HEAD "1,10,98%,2000\n1,11,40%,2001\n");
    CHECK_INT(mvti("import ratings \"$D/shares.csv\""), 65);
    CHECK_SAYS("rating looks like one of 100; --scale 100 reads it: '98%'");
    CHECK_INT(mvti("import ratings \"$D/shares.csv\" --scale 100"), 0);
    check_likes("shares", 1);
    put("words.csv", HEAD "1,10,yes,900\n1,11,no,901\n2,11,👍,901\n");
    CHECK_INT(mvti("import ratings \"$D/words.csv\""), 65);
    CHECK_SAYS("read it with --scale thumbs");
    CHECK_INT(mvti("import ratings \"$D/words.csv\" --scale thumbs"), 0);
    check_likes("words", 2);
    put("days.csv", HEAD "1,10,5,44196.5\n1,11,4,43831\n");
    CHECK_INT(mvti("import ratings \"$D/days.csv\""), 65);
    CHECK_SAYS("look like days as spreadsheets count them");
    CHECK_INT(stored("days", NULL), 0);
    put("zones.csv", HEAD "1,12,5,2020-01-01T00:00:00+09:00\n1,13,4,2020-01-01T00:00:00\n");
    CHECK_INT(mvti("import ratings \"$D/zones.csv\""), 0);
    CHECK_SAYS("warning: 1 timestamps say how far from UTC they are and 1 do not");
    put("matrix.csv", "");
    CHECK_INT(program_shell(&program, "cd \"$D\" && (seq -s, 500; seq -s, 500) >matrix.csv"), 0);
    CHECK_INT(mvti("import ratings \"$D/matrix.csv\""), 65);
    CHECK_SAYS("matrix.csv:1: 500 columns");
    CHECK_SAYS("Ratings are read one a row");
    CHECK_INT(mvti("import ratings \"$D/many.csv\" --name hopeless"), 65);
    CHECK_SAYS("look at the file");
    CHECK(strstr(buf_str(&program.said), "--tolerate") == NULL);
}

/* From here on the catalog has films. */
static void films_of_another_catalog_are_noticed(void)
{
    CHECK_INT(mvti("import ratings \"$D/ratings.csv\" --name first"), 0);
    CHECK_SAYS("warning: the catalog has no films yet");
    sql("INSERT INTO movie (movie_id, title_en) VALUES (10, 'Ten'), (11, 'Eleven'), (12, 'Twelve'), (13, "
        "'Last')");
    CHECK_INT(mvti("import ratings \"$D/ratings.csv\" --name first"), 0);
    CHECK_SAYS("2 of its 2 films are in the catalog, with 3 of its 3 ratings");
    CHECK(strstr(buf_str(&program.said), "warning") == NULL);
    put("some.csv", HEAD "1,10,5,1\n1,501,4,1\n2,502,4,1\n2,503,4,1\n");
    CHECK_INT(mvti("import ratings \"$D/some.csv\""), 0);
    CHECK_SAYS("some.csv: warning: only 1 of its 4 films is in the catalog, with 1 of its 4 ratings");
    put("wide.csv", HEAD
        "1,10,5,1\n1,11,4,1\n2,12,4,1\n2,13,4,1\n3,501,5,1\n3,502,5,1\n3,503,5,1\n3,504,5,1\n3,505,5,1\n");
    CHECK_INT(mvti("import ratings \"$D/wide.csv\""), 0);
    CHECK_SAYS("4 of its 9 films are in the catalog");
    CHECK(strstr(buf_str(&program.said), "warning") == NULL);
    put("strange.csv", HEAD "1,501,5,1\n1,502,4,1\n");
    CHECK_INT(mvti("import ratings \"$D/strange.csv\""), 65);
    CHECK_SAYS("strange.csv: none of its 2 films is in the catalog");
    CHECK_SAYS("mvti import movies");
    CHECK_INT(stored("strange", NULL), 0);
    CHECK_INT(mvti("import ratings \"$D/strange.csv\" --name first"), 65);
    CHECK_INT(stored("first", NULL), 3);
    CHECK(mvti("doctor") != 0);
    CHECK_SAYS("✓ ratings: first: 3 by 2 people, just made; 2 of its 2 films are in the catalog");
    CHECK_SAYS("– ratings: some: only 1 of its 4 films is in the catalog");
    sql("DELETE FROM movie WHERE movie_id = 10");
    CHECK(mvti("doctor") != 0);
    CHECK_SAYS("✗ ratings: some: none of its 4 films is in the catalog");
    CHECK_INT(mvti("dataset build"), 0);
    CHECK_SAYS("  some                 4 rows, 0 likes of 0 users; nothing is left of it: are its films in "
               "the catalog");
    CHECK(folder_is_tidy());
}

/* Has the program read all there is, and sleeps until there is more? */
static bool waits_for_more(void *arg)
{
    const int *pipe = arg; /* the pipe, and who reads it */
    int left = -1;
    char path[40], state = '?';
    snprintf(path, sizeof path, "/proc/%d/stat", pipe[1]);
    FILE *stat = fopen(path, "r");
    if (stat != NULL) {
        (void)!fscanf(stat, "%*d (%*[^)]) %c", &state);
        fclose(stat);
    }
    return ioctl(pipe[0], FIONREAD, &left) == 0 && left == 0 && state == 'S';
}

static bool has_ended(void *arg)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t) * (pid_t *)arg, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

/* Somebody's other program says nothing for a while, or for ever. */
static void a_signal_is_heard_while_a_pipe_is_silent(void)
{
    static const char rows[] = "userId,movieId,rating,timestamp\n1,1,5,1000000000\n";
    char path[400];
    snprintf(path, sizeof path, "%s/silent.csv", server.folder);
    CHECK(mkfifo(path, 0600) == 0);
    int writer = open(path, O_RDWR | O_CLOEXEC);
    CHECK(write(writer, rows, sizeof rows - 1) == sizeof rows - 1);
    pid_t pid = program_start(&program, "import ratings \"$D/silent.csv\"");
    CHECK(eventually(waits_for_more, (int[]){writer, pid}));
    kill(pid, SIGTERM);
    if (!eventually(has_ended, &pid))
        kill(pid, SIGKILL);
    CHECK_INT(program_end(&program, pid), 130);
    CHECK_SAYS("nothing was changed");
    close(writer);
}

int main(void)
{
    db = tables_start(&server, "mvti_ratings_import_test");
    RUN(a_file_becomes_a_source);
    RUN(names_come_from_the_file);
    RUN(rejected_rows_are_named_and_counted);
    RUN(many_rejected_rows_stop_it);
    RUN(one_file_has_one_name);
    RUN(other_scales_are_refused_until_told);
    RUN(ids_and_times_of_any_kind);
    RUN(datasets_are_built_of_all_of_them);
    RUN(strict_stops_at_the_first);
    RUN(files_that_are_none_change_nothing);
    RUN(a_refusing_database_leaves_both);
    RUN(a_refusing_folder_leaves_both);
    RUN(without_a_database_nothing_is_read);
    RUN(sources_are_listed_by_name);
    RUN(other_encodings_are_named_and_read);
    RUN(pipes_are_read_or_refused_with_words);
    RUN(a_signal_is_heard_while_a_pipe_is_silent);
    RUN(what_a_file_looks_like_is_named);
    RUN(films_of_another_catalog_are_noticed);
    db_free(db);
    arena_free(&arena);
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
