/* train/ratings_reader and ratings_file: MovieLens's two formats, each way a row can be wrong, and files that
 * were damaged after they were written. */
#include "tests/check.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/secret.h"
#include "train/ratings_file.h"
#include "train/ratings_reader.h"

static char path[64], out_path[64];

static void put(const char *text, size_t n)
{
    FILE *f = fopen(path, "wb");
    CHECK(f != NULL && fwrite(text, 1, n, f) == n && fclose(f) == 0);
}

/* The file as one string: "line:user/movie/half stars/time;" a row, "line!verdict;" a rejected one. */
static const char *flatten(const char *text)
{
    static struct buf out;
    struct ratings_reader *r = NULL;
    struct ratings_row row;
    struct fail why = {0};
    put(text, strlen(text));
    buf_reset(&out);
    CHECK_MSG(ratings_open(&r, path, &why) == ERR_OK, "%s", why.text);
    while (r != NULL && ratings_next(r, &row)) {
        if (row.verdict == RATINGS_OK)
            buf_printf(&out, "%d:%u/%d/%u/%u;", (int)row.line, row.rating.user, row.rating.movie,
                       row.rating.half_stars, row.rating.time);
        else
            buf_printf(&out, "%d!%d;", (int)row.line, row.verdict);
        CHECK((row.verdict == RATINGS_OK) == (row.reason[0] == '\0'));
    }
    CHECK(r != NULL && ratings_end(r, NULL) == ERR_OK);
    ratings_close(r);
    return buf_str(&out);
}

#define HEAD "userId,movieId,rating,timestamp\n"
#define CHECK_ROWS(text, want) CHECK_STR(flatten(text), want)

static void both_formats(void)
{
    CHECK_ROWS(HEAD "1,31,2.5,1260759144\n1,1029,3.0,1260759179\n",
               "2:1/31/5/1260759144;3:1/1029/6/1260759179;");
    CHECK_ROWS("1::1193::5::978300760\n1::661::0.5::978302109\n",
               "1:1/1193/10/978300760;2:1/661/1/978302109;");
    CHECK_ROWS("\xef\xbb\xbfuserId,movieId,rating,timestamp\r\n1,2,.5,3\r\n\r\n1,3,5,4", "2!9;4:1/3/10/4;");
    CHECK_ROWS("1::2::4::3\r\n\r\n1::3::5::4", "1:1/2/8/3;3:1/3/10/4;");
    CHECK_ROWS("userId,movieId,rating\n1,2,4\n1,3,4.5\n", "2:1/2/8/0;3:1/3/9/0;");
}

static void other_orders_and_quotes(void)
{
    CHECK_ROWS("tag,rating,movie_id,user_id\nx,4,2,1\n\"a,\nb\",3.5,9,1\n", "2:1/2/8/0;3:1/9/7/0;");
    CHECK_ROWS(HEAD "\"1\",\"2\",\"4.0\",\"3\"\n1,3,4.0,3\n1,\"4\",4.0,3\n",
               "2:1/2/8/3;3:1/3/8/3;4:1/4/8/3;");
    CHECK_ROWS(HEAD "1,\"2\n1,3,4.0,3\n", "2!6;3:1/3/8/3;");
}

static void numbers_at_their_limits(void)
{
    CHECK_ROWS(HEAD "2147483647,2147483647,5.0,4294967295\n", "2:2147483647/2147483647/10/4294967295;");
    CHECK_ROWS(HEAD "2147483648,1,5,1\n0,1,5,1\n-1,1,5,1\n,1,5,1\n1x,1,5,1\n99999999999,1,5,1\n 1,1,5,1\n",
               "2!7;3!7;4!7;5!7;6!7;7!7;8!7;");
    CHECK_ROWS(HEAD "1,0,5,1\n1,2147483648,5,1\n1,2.5,5,1\n", "2!8;3!8;4!8;");
    CHECK_ROWS(HEAD
               "1,2,0,1\n1,2,5.5,1\n1,2,6,1\n1,2,4.3,1\n1,2,4.55,1\n1,2,-1,1\n1,2,nan,1\n1,2,,1\n1,2,10,1\n",
               "2!9;3!9;4!9;5!9;6!9;7!9;8!9;9!9;10!9;");
    CHECK_ROWS(HEAD "1,2,4.50,1\n1,3,4.,1\n", "2:1/2/9/1;3!9;");
    CHECK_ROWS(HEAD "1,2,4,4294967296\n1,2,4,-1\n1,2,4,x\n1,2,4,\n1,2,4,1e9\n", "2!10;3!10;4!10;5!10;6!10;");
}

static void rows_of_the_wrong_shape(void)
{
    CHECK_ROWS(HEAD "1,2,4\n1,2,4,1,1\n1,2,4,1\n", "2!1;3!1;4:1/2/8/1;");
    CHECK_ROWS(HEAD "1,2,4,\xff\n1,3,4,1\n1,4", "2!2;3:1/3/8/1;4!6;");
    CHECK_ROWS("1::2::4::1\n1::2::4\n1:2:4:1\n1::2::4::1::1\n1::x::4::1\n1::7::",
               "1:1/2/8/1;2!1;3!1;4!1;5!8;6!6;");
}

static void repetitions_of_one_user(void)
{
    CHECK_ROWS(HEAD "1,2,4,1\n1,3,4,1\n1,2,5,2\n2,2,4,1\n2,2,4,1\n",
               "2:1/2/8/1;3:1/3/8/1;4!11;5:2/2/8/1;6!11;");
    struct buf b = {0}, want = {0};
    buf_puts(&b, HEAD);
    for (int i = 1; i <= 5000; i++) {
        buf_printf(&b, "7,%d,3,1\n", i * 1024);
        buf_printf(&want, "%d:7/%d/6/1;", i + 1, i * 1024);
    }
    for (int i = 1; i <= 5000; i++) {
        buf_printf(&b, "7,%d,4,1\n", i * 1024);
        buf_printf(&want, "%d!11;", i + 5001);
    }
    buf_puts(&b, "8,1024,4,1\n");
    buf_puts(&want, "10002:8/1024/8/1;");
    CHECK_ROWS(buf_str(&b), buf_str(&want));
    buf_free(&b);
    buf_free(&want);
}

static void files_that_hold_no_ratings(void)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"", "empty"},
        {"movieId,title\n1,Heat\n", "lacks: userId, rating"},
        {"userId,userId\n", "two columns"},
        {"\xff\xfeu", "UTF-16"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ratings_reader *r = NULL;
        struct fail why = {0};
        put(cases[i].text, strlen(cases[i].text));
        CHECK(ratings_open(&r, path, &why) == ERR_INVALID);
        CHECK_MSG(strstr(why.text, cases[i].words) != NULL, "%s", why.text);
        CHECK(r == NULL);
    }
}

/* ---- the file ---- */

static struct rating nth(uint32_t i)
{
    return (struct rating){.user = 1 + i / 50,
                           .movie = 1 + (int32_t)(i * 7919 % 3001),
                           .time = i * 1000003u,
                           .half_stars = (uint8_t)(1 + i % 10)};
}

static bool write_file(uint32_t n, struct ratings_header *h)
{
    struct ratings_writer *w = NULL;
    struct fail why = {0};
    CHECK_MSG(ratings_writer_open(&w, out_path, &why) == ERR_OK, "%s", why.text);
    for (uint32_t i = 0; w != NULL && i < n; i++) {
        struct rating r = nth(i);
        ratings_writer_add(w, &r);
    }
    bool good = w != NULL && ratings_writer_finish(w, true, h, &why) == ERR_OK &&
                ratings_writer_commit(w, &why) == ERR_OK;
    ratings_writer_close(w);
    return good;
}

static void what_is_written_is_read(void)
{
    static const uint32_t sizes[] = {1,     63, 64, 65, RATINGS_BLOCK - 1, RATINGS_BLOCK, RATINGS_BLOCK + 1,
                                     200000};
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        struct ratings_header h;
        struct ratings_file f;
        struct fail why = {0};
        CHECK(write_file(sizes[k], &h));
        CHECK_MSG(ratings_file_open(&f, out_path, &why) == ERR_OK, "%s", why.text);
        CHECK(f.header != NULL && memcmp(f.header, &h, sizeof h) == 0);
        CHECK_INT(h.n_ratings, sizes[k]);
        CHECK_INT(h.n_users, (sizes[k] + 49) / 50);
        CHECK_INT(h.n_movies, sizes[k] < 3001 ? sizes[k] : 3001);
        uint32_t i = 0;
        bool same = true;
        for (size_t block = 0; f.header != NULL && block < ratings_file_blocks(&f); block++) {
            struct ratings_block b = ratings_file_block(&f, block);
            for (size_t j = 0; j < b.n; j++, i++) {
                struct rating r = nth(i);
                same = same && b.user[j] == r.user && b.movie[j] == r.movie && b.time[j] == r.time &&
                       b.half_stars[j] == r.half_stars;
            }
        }
        CHECK(same);
        CHECK_INT(i, sizes[k]);
        ratings_file_close(&f);
    }
}

static void nothing_appears_before_the_commit(void)
{
    struct ratings_header h;
    struct ratings_writer *w = NULL;
    struct fail why = {0};
    unlink(out_path);
    CHECK(!write_file(0, &h));
    CHECK(access(out_path, F_OK) != 0);
    CHECK(write_file(10, &h));
    CHECK(ratings_writer_open(&w, out_path, &why) == ERR_OK);
    struct rating r = nth(5);
    ratings_writer_add(w, &r);
    CHECK(ratings_writer_finish(w, false, &h, &why) == ERR_OK);
    ratings_writer_close(w);
    struct ratings_file f;
    CHECK(ratings_file_open(&f, out_path, &why) == ERR_OK && f.header->n_ratings == 10);
    ratings_file_close(&f);
}

static void expect_corrupt(const char *words)
{
    struct ratings_file f;
    struct fail why = {0};
    CHECK(ratings_file_open(&f, out_path, &why) == ERR_CORRUPT);
    CHECK_MSG(strstr(why.text, words) != NULL, "%s", why.text);
    CHECK(f.header == NULL);
    ratings_file_close(&f);
}

static void damage(long offset, unsigned char mask)
{
    FILE *f = fopen(out_path, "r+b");
    CHECK(f != NULL && fseek(f, offset, SEEK_SET) == 0);
    int c = fgetc(f);
    CHECK(fseek(f, offset, SEEK_SET) == 0 && fputc(c ^ mask, f) != EOF && fclose(f) == 0);
}

static void damaged_files_are_refused(void)
{
    struct ratings_header h;
    struct fail why = {0};
    struct ratings_file f;
    CHECK(write_file(1000, &h));
    static const long places[] = {
        0, 8, 12, 16, 24, 32, 48, 80, 128, 129, 128 + 1024 * 12 + 5, 128 + 1024 * 13 - 1};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        damage(places[i], 0x10);
        expect_corrupt("");
        damage(places[i], 0x10);
    }
    CHECK(ratings_file_open(&f, out_path, &why) == ERR_OK);
    ratings_file_close(&f);
    CHECK(truncate(out_path, 5000) == 0);
    expect_corrupt("not as long");
    CHECK(truncate(out_path, 100) == 0);
    expect_corrupt("too short");
    CHECK(truncate(out_path, 0) == 0);
    expect_corrupt("too short");
    unlink(out_path);
    CHECK(ratings_file_open(&f, out_path, &why) == ERR_NOT_FOUND);
}

/* A file whose checksum is right but whose content is not: made by writing what the reader would refuse. */
static void values_out_of_range_are_refused(void)
{
    static const struct rating wrong[] = {{0, 1, 1, 1}, {1, 0, 1, 1}, {1, 1, 1, 0}, {1, 1, 1, 11}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct ratings_writer *w = NULL;
        struct ratings_header h;
        struct fail why = {0};
        struct rating good = nth(3);
        CHECK(ratings_writer_open(&w, out_path, &why) == ERR_OK);
        ratings_writer_add(w, &good);
        ratings_writer_add(w, &wrong[i]);
        CHECK(ratings_writer_finish(w, false, &h, &why) == ERR_OK &&
              ratings_writer_commit(w, &why) == ERR_OK);
        ratings_writer_close(w);
        expect_corrupt("out of range");
    }
}

static void movielens_itself(void)
{
    const char *real = "../shared/data/ml-latest-small/ratings.csv";
    struct ratings_reader *r = NULL;
    struct ratings_row row;
    CHECK(ratings_open(&r, real, NULL) == ERR_OK);
    int n = 0;
    for (; r != NULL && ratings_next(r, &row); n++)
        CHECK_INT(row.verdict, RATINGS_OK);
    CHECK_INT(n, 100836);
    ratings_close(r);
}

int main(void)
{
    CHECK(secret_init() == ERR_OK);
    snprintf(path, sizeof path, "/tmp/mvti_ratings_test.%ld", (long)getpid());
    snprintf(out_path, sizeof out_path, "/tmp/mvti_ratings_test.%ld.mvr", (long)getpid());
    RUN(both_formats);
    RUN(other_orders_and_quotes);
    RUN(numbers_at_their_limits);
    RUN(rows_of_the_wrong_shape);
    RUN(repetitions_of_one_user);
    RUN(files_that_hold_no_ratings);
    RUN(what_is_written_is_read);
    RUN(nothing_appears_before_the_commit);
    RUN(damaged_files_are_refused);
    RUN(values_out_of_range_are_refused);
    if (access("../shared/data/ml-latest-small/ratings.csv", R_OK) == 0)
        RUN(movielens_itself);
    else
        SKIP(movielens_itself, "../shared/data is not there");
    unlink(path);
    unlink(out_path);
    return check_done();
}
