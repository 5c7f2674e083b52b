/* data/ratings_reader: the formats, and each way a row can be wrong. What the numbers mean is
 * tests/unit/rating_scale_test.c. */
#include "tests/check.h"

#include <unistd.h>

#include "base/buf.h"
#include "data/ratings_reader.h"

static char path[64];

static void put(const char *text, size_t n)
{
    FILE *f = fopen(path, "wb");
    CHECK(f != NULL && fwrite(text, 1, n, f) == n && fclose(f) == 0);
}

/* Any numbers, and as many rejected rows as there may be: what is looked at here is single rows. */
static struct ratings_rules rules = {.scale = {.kind = SCALE_TOP, .top = 5 * RATING_ONE}, .tolerate = 100};
static struct token_ids people;

/* The file as one string: "line:user/movie/rating/time;" a row, "line!verdict;" a rejected one. */
static const char *flatten(const char *text)
{
    static struct buf out;
    struct ratings_reader *r = NULL;
    struct ratings_row row;
    struct fail why = {0};
    char value[RATING_TEXT], user[TOKEN_TEXT];
    rules.users = &people;
    put(text, strlen(text));
    buf_reset(&out);
    CHECK_MSG(ratings_reader_open(&r, path, &rules, &why) == ERR_OK, "%s", why.text);
    while (r != NULL && ratings_reader_next(r, &row)) {
        if (row.verdict == RATINGS_OK)
            buf_printf(&out, "%d:%s/%d/%s/%lld;", (int)row.line,
                       token_ids_text(&people, row.rating.user, user), row.rating.movie,
                       rating_scale_text(row.rating.value, value), (long long)row.rating.time);
        else
            buf_printf(&out, "%d!%d;", (int)row.line, row.verdict);
        CHECK((row.verdict == RATINGS_OK) == (row.reason[0] == '\0'));
    }
    CHECK_MSG(r != NULL && ratings_reader_end(r, &why) == ERR_OK, "%s", why.text);
    ratings_reader_close(r);
    token_ids_free(&people);
    return buf_str(&out);
}

#define HEAD "userId,movieId,rating,timestamp\n"
#define CHECK_ROWS(text, want) CHECK_STR(flatten(text), want)

/* The verdicts as they come out in the strings below. */
_Static_assert(RATINGS_BAD_USER == 7 && RATINGS_BAD_MOVIE == 8 && RATINGS_BAD_RATING == 9 &&
                   RATINGS_OUTSIDE == 10 && RATINGS_BAD_TIME == 11 && RATINGS_MIXED_TIME == 12,
               "verdicts");

static void formats(void)
{
    CHECK_ROWS(HEAD "1,31,2.5,1260759144\n1,1029,3.0,1260759179\n",
               "2:1/31/2.5/1260759144000;3:1/1029/3/1260759179000;");
    CHECK_ROWS("1::1193::5::978300760\n1::661::0.5::978302109\n",
               "1:1/1193/5/978300760000;2:1/661/0.5/978302109000;");
    CHECK_ROWS("\xef\xbb\xbfuserId,movieId,rating,timestamp\r\n1,2,x,3\r\n\r\n1,3,5,4", "2!9;4:1/3/5/4000;");
    CHECK_ROWS("1::2::4::3\r\n\r\n1::3::5::4", "1:1/2/4/3000;3:1/3/5/4000;");
    CHECK_ROWS("userId,movieId,rating\n1,2,4\r5\n1,3,4\r\n", "2!9;3:1/3/4/0;");
    CHECK_ROWS("userId,movieId,rating\n1,2,4\n1,3,4.5\n", "2:1/2/4/0;3:1/3/4.5/0;");
    CHECK_ROWS("196\t242\t3\t881250949\n186\t302\t3\t891717742\n",
               "1:196/242/3/881250949000;2:186/302/3/891717742000;");
    CHECK_ROWS("1,31,2.5,1260759144\n1,1029,3,1260759179\n",
               "1:1/31/2.5/1260759144000;2:1/1029/3/1260759179000;");
    CHECK_ROWS("1;2;4,5\n1;3;5\n", "1:1/2/4.5/0;2:1/3/5/0;");
    CHECK_ROWS("user_id:token\titem_id:token\trating:float\ttimestamp:float\nA\t2\t4.0\t8.81250949E8\n",
               "2:A/2/4/881250949000;");
    CHECK_ROWS("x:float\titem_id:token\tuser_id:token\r\n\t9\t8\r\n\r\n", "2:8/9/1/0;");
}

static bool has_times(const char *text)
{
    struct ratings_reader *r = NULL;
    put(text, strlen(text));
    CHECK(ratings_reader_open(&r, path, &rules, NULL) == ERR_OK);
    bool has = r != NULL && ratings_reader_have_times(r);
    ratings_reader_close(r);
    return has;
}

static void columns_of_times(void)
{
    CHECK(has_times(HEAD "1,2,4,1\n"));
    CHECK(!has_times("userId,movieId,rating\n1,2,4\n"));
}

static void other_orders_and_quotes(void)
{
    CHECK_ROWS("tag,rating,movie_id,user_id\nx,4,2,1\n\"a,\nb\",3.5,9,1\n", "2:1/2/4/0;3:1/9/3.5/0;");
    CHECK_ROWS("reviewerID,item_id,overall,unixReviewTime\nA1ZCPG,2,4,5\n", "2:A1ZCPG/2/4/5000;");
    CHECK_ROWS(HEAD "\"1\",\"2\",\"4.0\",\"3\"\n1,3,4.0,3\n1,\"4\",4.0,3\n",
               "2:1/2/4/3000;3:1/3/4/3000;4:1/4/4/3000;");
    CHECK_ROWS(HEAD "1,\"2\n1,3,4.0,3\n", "2!6;3:1/3/4/3000;");
    CHECK_ROWS(HEAD " 1 , 2 , 4.5 , 3 \n", "2:1/2/4.5/3000;");
}

static void ids(void)
{
    CHECK_ROWS(HEAD "0,0,5,1\n0,1,5,1\n", "2:0/0/5/1000;3:0/1/5/1000;");
    CHECK_ROWS(HEAD "2147483647,2147483647,5.0,4294967295\n", "2:2147483647/2147483647/5/4294967295000;");
    CHECK_ROWS(
        HEAD "2147483648,1,5,1\n76561198000000000,1,5,1\n-1,1,5,1\n1x,1,5,1\n007,1,5,1\n",
        "2:2147483648/1/5/1000;3:76561198000000000/1/5/1000;4:-1/1/5/1000;5:1x/1/5/1000;6:007/1/5/1000;");
    CHECK_ROWS(HEAD "3f2504e0-4f89-11d3-9a0c-0305e82c3301,2,4.5,100\n\"한글, 사람\",2,4.5,100\n",
               "2:3f2504e0-4f89-11d3-9a0c-0305e82c3301/2/4.5/100000;3:한글, 사람/2/4.5/100000;");
    CHECK_ROWS(HEAD ",1,5,1\n  ,1,5,1\n1,,5,1\n1,1,5,1\n", "2!7;3!7;4!8;5:1/1/5/1000;");
    CHECK_ROWS(HEAD "1,2147483648,5,1\n1,2.5,5,1\n1,B001,5,1\n1,-1,5,1\n1,31.0,5,1\n1,007,5,1\n",
               "2!8;3!8;4!8;5!8;6:1/31/5/1000;7:1/7/5/1000;");
}

static void numbers_of_ratings(void)
{
    CHECK_ROWS(HEAD "1,2,0,1\n1,2,5.5,1\n1,2,6,1\n1,2,-1,1\n1,2,nan,1\n1,2,,1\n1,2,1e9,1\n1,2,10,1\n",
               "2:1/2/0/1000;3!10;4!10;5!10;6!9;7!9;8!9;9!10;");
    CHECK_ROWS(
        HEAD "1,2,4.50,1\n1,3,4.,1\n1,4,.5,1\n1,5,4.3,1\n1,6,4.33337,1\n1,7,5e0,1\n1,8,\"4,5\",1\n",
        "2:1/2/4.5/1000;3:1/3/4/1000;4:1/4/0.5/1000;5:1/5/4.3/1000;6:1/6/4.3333/1000;7:1/7/5/1000;8:1/8/4.5/"
        "1000;");
    CHECK_ROWS("userId,movieId,rating\n1,2,true\n1,3,False\n1,4,True\n", "2:1/2/1/0;3:1/3/0/0;4:1/4/1/0;");
}

#define SHORT "userId,movieId,rating\n"

/* What the field says it is of must be what the scale is of; else the row is rejected (13), not misread. */
static void ratings_in_words_and_shares(void)
{
    _Static_assert(RATINGS_OTHER_TOP == 13, "verdicts");
    struct rating_scale plain = rules.scale;
    CHECK_ROWS(SHORT "1,2,yes\n1,3,No\n1,4,👍\n1,5,👎\n1,6,👍🏽\n",
               "2:1/2/1/0;3:1/3/0/0;4:1/4/1/0;5!10;6:1/6/1/0;");
    CHECK_ROWS(SHORT "1,7,❤️\n1,8,싫어요\n1,9,maybe\n", "2:1/7/1/0;3!10;4!9;");
    CHECK_ROWS(SHORT "1,2,4/5\n1,3,★★★☆☆\n1,4,★★★★\n1,5,★★☆\n", "2:1/2/4/0;3:1/3/3/0;4:1/4/4/0;5!9;");
    CHECK_ROWS(SHORT "1,2,5\n1,6,8/10\n1,7,98%\n1,8,4%\n1,9,/5\n", "2:1/2/5/0;3!13;4!13;5!13;6!9;");
    rules.scale = (struct rating_scale){.kind = SCALE_TOP, .top = 100 * RATING_ONE};
    CHECK_ROWS("userId,movieId,rating\n1,2,98%\n1,3,70 %\n1,4,55\n1,5,8/10\n1,6,4/100\n1,7,101%\n",
               "2:1/2/98/0;3:1/3/70/0;4:1/4/55/0;5!13;6:1/6/4/0;7!10;");
    rules.scale = (struct rating_scale){.kind = SCALE_THUMBS};
    CHECK_ROWS("userId,movieId,rating\n1,2,no\n1,3,dislike\n1,4,100%\n", "2:1/2/0/0;3:1/3/-1/0;4!13;");
    rules.scale = plain;
}

static void times(void)
{
    CHECK_ROWS(HEAD "1,2,4,4294967296\n1,2,4,-1\n1,2,4,x\n1,2,4,\n1,2,4,1e9\n1,2,4,12.5\n",
               "2!11;3!11;4!11;5!11;6:1/2/4/1000000000000;7:1/2/4/12500;");
    CHECK_ROWS(HEAD "1,2,4,1112486027123\n1,2,4,0\n1,2,4,1112486027\n",
               "2:1/2/4/1112486027123;3:1/2/4/0;4!12;");
    CHECK_ROWS(HEAD "1,2,4,1112486027123456\n1,2,4,1112486027123456789\n", "2:1/2/4/1112486027123;3!12;");
    CHECK_ROWS(HEAD "1,2,4,2022-06-24 21:20:11\n1,2,4,2022-06-24T21:20:11Z\n1,2,4,2022-06-24\n"
                    "1,2,4,2022-06-24T21:20:11.250+09:00\n1,2,4,2022-06-24T21:20-0330\n1,2,4,1655000000\n",
               "2:1/2/4/1656105611000;3:1/2/4/1656105611000;4:1/2/4/1656028800000;5:1/2/4/1656073211250;"
               "6:1/2/4/1656118200000;7!12;");
    CHECK_ROWS(HEAD "1,2,4,2022-02-29\n1,2,4,2022-13-01\n1,2,4,2022-06-24T25:00\n1,2,4,2022-06-24x\n"
                    "1,2,4,1969-12-31\n1,2,4,24/06/2022\n1,2,4,2020-02-29\n",
               "2!11;3!11;4!11;5!11;6!11;7!11;8:1/2/4/1582934400000;");
}

static void rows_of_the_wrong_shape(void)
{
    CHECK_ROWS(HEAD "1,2,4\n1,2,4,1,1\n1,2,4,1\n", "2!1;3!1;4:1/2/4/1000;");
    CHECK_ROWS(HEAD "1,2,4,\xff\n1,3,4,1\n1,4", "2!2;3:1/3/4/1000;4!6;");
    CHECK_ROWS("1::2::4::1\n1::2::4\n1:2:4:1\n1::2::4::1::1\n1::x::4::1\n1::7::",
               "1:1/2/4/1000;2!1;3!1;4!1;5!8;6!6;");
    CHECK_ROWS("user_id:token\titem_id:token\n1\n1\t2\t3\n1\t2\n", "2!1;3!1;4:1/2/1/0;");
}

/* Why the only row of a file is rejected. */
static const char *reason(const struct ratings_rules *with, const char *row)
{
    static char said[400];
    char text[600];
    struct ratings_reader *r = NULL;
    struct ratings_row out;
    snprintf(text, sizeof text, HEAD "%s\n", row);
    put(text, strlen(text));
    CHECK(ratings_reader_open(&r, path, with, NULL) == ERR_OK && ratings_reader_next(r, &out));
    snprintf(said, sizeof said, "%s", out.reason);
    ratings_reader_close(r);
    return said;
}

static void reasons_are_cut_between_characters(void)
{
    static const struct ratings_rules thumbs = {.scale = {.kind = SCALE_THUMBS}, .tolerate = 100};
    rules.users = NULL;
    /* 40 bytes end inside the 14th syllable */
    CHECK_STR(reason(&rules, "1,2,가나다라마바사아자차카타파하가나,1"),
              "rating is not a number: '가나다라마바사아자차카타파…'");
    CHECK_STR(reason(&rules, "1,2,아주 좋음,1"), "rating is not a number: '아주 좋음'");
    CHECK_STR(reason(&thumbs, "1,2,5,1"), "rating 5 is none of 1, 0, -1");
    CHECK_STR(reason(&rules, "1,2,5.5,1"), "rating 5.5 is outside 0 … 5");
}

/* What the whole file's end says. */
static const char *ending(const char *text, double tolerate)
{
    static struct fail why;
    struct ratings_reader *r = NULL;
    struct ratings_row row;
    const struct ratings_rules plain = {.tolerate = tolerate};
    why = (struct fail){0};
    put(text, strlen(text));
    if (ratings_reader_open(&r, path, &plain, &why) == ERR_OK) {
        while (ratings_reader_next(r, &row))
            ;
        CHECK((ratings_reader_end(r, &why) == ERR_OK) == (why.text[0] == '\0'));
    }
    ratings_reader_close(r);
    return why.text;
}

static void too_many_rejected_rows_end_a_file(void)
{
    static const char one_of_four[] = HEAD "1,1,5,1\n1,2,4,1\n1,B001,4,1\n1,4,4,1\n";
    const char *said = ending(one_of_four, 5);
    CHECK_MSG(strstr(said, "1 of 4 rows rejected") != NULL && strstr(said, "line 4") != NULL &&
                  strstr(said, "film id is not") != NULL && strstr(said, "'B001'") != NULL &&
                  strstr(said, "--tolerate 26") != NULL,
              "%s", said);
    CHECK_STR(ending(one_of_four, 26), "");
    CHECK_STR(ending(one_of_four, 25), "");
    CHECK(strstr(ending(HEAD, 100), "only a header row") != NULL);
    CHECK(strstr(ending(HEAD "1,B,4,1\n", 100), "not one could be used") != NULL);
}

static void files_that_hold_no_ratings(void)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"", "empty"},
        {"movieId,title\n1,Heat\n", "lacks: userId, rating"},
        {"movieId,rating,timestamp\n1,5,1\n", "lacks: userId (it has"}, /* each of them alone */
        {"userId,rating,timestamp\n1,5,1\n", "lacks: movieId (it has"},
        {"userId,movieId,timestamp\n1,5,1\n", "lacks: rating (it has"},
        {"userId,userId\n", "two columns"},
        {"userId,movieId\n1,2\n", "if every row is a like, use --scale likes"},
        {"user_id:token\trating:float\n", "user_id:token and item_id:token"},
        {"\xff\xfeu", "UTF-16"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ratings_reader *r = NULL;
        struct fail why = {0};
        put(cases[i].text, strlen(cases[i].text));
        CHECK(ratings_reader_open(&r, path, &ratings_reader_plain, &why) == ERR_INVALID);
        CHECK_MSG(strstr(why.text, cases[i].words) != NULL, "%s", why.text);
        CHECK(r == NULL);
    }
}

static void movielens_itself(void)
{
    const char *real = "../shared/data/ml-latest-small/ratings.csv";
    struct ratings_reader *r = NULL;
    struct ratings_row row;
    CHECK(ratings_reader_open(&r, real, &ratings_reader_plain, NULL) == ERR_OK);
    int n = 0;
    for (; r != NULL && ratings_reader_next(r, &row); n++)
        CHECK_INT(row.verdict, RATINGS_OK);
    CHECK_INT(n, 100836);
    ratings_reader_close(r);
}

int main(void)
{
    snprintf(path, sizeof path, "/tmp/mvti_ratings_test.%ld", (long)getpid());
    RUN(formats);
    RUN(columns_of_times);
    RUN(other_orders_and_quotes);
    RUN(ids);
    RUN(numbers_of_ratings);
    RUN(ratings_in_words_and_shares);
    RUN(times);
    RUN(rows_of_the_wrong_shape);
    RUN(reasons_are_cut_between_characters);
    RUN(too_many_rejected_rows_end_a_file);
    RUN(files_that_hold_no_ratings);
    if (access("../shared/data/ml-latest-small/ratings.csv", R_OK) == 0)
        RUN(movielens_itself);
    else
        SKIP(movielens_itself, "../shared/data is not there");
    unlink(path);
    return check_done();
}
