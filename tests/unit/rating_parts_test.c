/* data/token_ids, rating_time and newest, each beside a naive twin. */
#include "tests/check.h"

#include <stdlib.h>
#include <time.h>

#include "base/rng.h"
#include "data/newest.h"
#include "data/rating_fields.h"
#include "data/rating_scale.h"
#include "data/rating_time.h"
#include "data/ratings_tally.h"
#include "data/token_ids.h"

/* ---- ids ---- */

static uint32_t number_of(struct token_ids *t, const char *text)
{
    uint32_t n = 1;
    CHECK(token_ids_number(t, text, strlen(text), &n));
    return n;
}

static void numbers_stand_for_themselves(void)
{
    struct token_ids t = {0};
    CHECK_INT(number_of(&t, "0"), 0);
    CHECK_INT(number_of(&t, "2147483647"), 2147483647);
    static const char *const texts[] = {"2147483648",           "00", "007", "-1", "+1", " 1", "1.0",
                                        "99999999999999999999", "a",  "A",   "1a", "",   "한", "B001"};
    for (uint32_t i = 0; i < sizeof texts / sizeof *texts; i++)
        CHECK_INT(number_of(&t, texts[i]), TOKEN_FIRST + i);
    for (uint32_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char out[TOKEN_TEXT];
        CHECK_INT(number_of(&t, texts[i]), TOKEN_FIRST + i);
        CHECK_STR(token_ids_text(&t, TOKEN_FIRST + i, out), texts[i]);
    }
    char out[TOKEN_TEXT];
    CHECK_STR(token_ids_text(&t, 17, out), "17");
    token_ids_free(&t);
    CHECK_INT(number_of(&t, "again"), TOKEN_FIRST);
    token_ids_free(&t);
}

static void many_texts_keep_their_numbers(void)
{
    enum { N = 200000 };
    struct token_ids t = {0};
    char text[40], out[TOKEN_TEXT];
    bool same = true;
    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < N; i++) {
            snprintf(text, sizeof text, "%08x-4f89-11d3-%u", i * 2654435769u, i);
            same = same && number_of(&t, text) == TOKEN_FIRST + i &&
                   strcmp(token_ids_text(&t, TOKEN_FIRST + i, out), text) == 0;
        }
    CHECK(same);
    token_ids_free(&t);
}

static void what_may_be_an_id(void)
{
    char longest[TOKEN_MAX + 1];
    memset(longest, 'x', sizeof longest);
    CHECK(token_ids_valid("a", 1) && token_ids_valid("두 말", strlen("두 말")) &&
          token_ids_valid(longest, TOKEN_MAX));
    CHECK(!token_ids_valid("", 0) && !token_ids_valid("\xff", 1) && !token_ids_valid("a\tb", 3) &&
          !token_ids_valid("a\x7f", 2));
    CHECK(!token_ids_valid("a\0b", 3) && !token_ids_valid(longest, TOKEN_MAX + 1));
}

/* ---- times ---- */

/* The C library's calendar, at moments of seven centuries of seconds. */
static void dates_agree_with_the_calendar(void)
{
    struct rng rng;
    rng_seed(&rng, 7);
    for (int i = 0; i < 20000; i++) {
        time_t s = (time_t)rng_below(&rng, UINT64_C(1) << 32);
        int fraction = (int)rng_below(&rng, 1000), zone = (int)rng_below(&rng, 24) * 60 + 30;
        struct tm tm;
        char day[40], text[64];
        int64_t ms = -1;
        gmtime_r(&s, &tm);
        strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &tm);
        snprintf(text, sizeof text, "%s.%03dZ", day, fraction);
        CHECK_INT(rating_time_read(text, strlen(text), TIME_NONE, &ms), TIME_ISO);
        CHECK_INT(ms, (int64_t)s * 1000 + fraction);
        time_t there = s + zone * 60;
        if (there >= INT64_C(1) << 32)
            continue;
        gmtime_r(&there, &tm);
        strftime(day, sizeof day, "%Y-%m-%d %H:%M:%S", &tm);
        snprintf(text, sizeof text, "%s+%02d:%02d", day, zone / 60, zone % 60);
        CHECK_INT(rating_time_read(text, strlen(text), TIME_ISO, &ms), TIME_ISO);
        CHECK_INT(ms, (int64_t)s * 1000);
    }
}

static const struct {
    const char *text;
    enum time_kind kind;
    int64_t ms;
} time_cases[] = {{"0", TIME_SECONDS, 0},
                  {"4294967295", TIME_SECONDS, 4294967295000},
                  {"4294967296", TIME_NONE, 0},
                  {"99999999999", TIME_NONE, 0},
                  {"100000000000", TIME_MILLI, 100000000000},
                  {"4294967295999", TIME_MILLI, 4294967295999},
                  {"4294967296000", TIME_NONE, 0},
                  {"1112486027000001", TIME_MICRO, 1112486027000},
                  {"1112486027000000001", TIME_NANO, 1112486027000},
                  {"99999999999999999999", TIME_NONE, 0},
                  {"1112486027.25", TIME_SECONDS, 1112486027250},
                  {"1.112486027E9", TIME_SECONDS, 1112486027000},
                  {"1.112486027e+12", TIME_MILLI, 1112486027000},
                  {"-1", TIME_NONE, 0},
                  {"", TIME_NONE, 0},
                  {"1e", TIME_NONE, 0},
                  {"0x10", TIME_NONE, 0},
                  {"nan", TIME_NONE, 0},
                  {"1970-01-01", TIME_ISO, 0},
                  {"2000-02-29T00:00Z", TIME_ISO, 951782400000},
                  {"2100-02-29", TIME_NONE, 0},
                  {"2022-06-24 21:20:11 UTC", TIME_ISO, 1656105611000},
                  {"2022-06-24 21:20:11,5 -03", TIME_ISO, 1656116411500},
                  {"2022-06-24T", TIME_NONE, 0},
                  {"2022-06-24T21", TIME_NONE, 0},
                  {"2022-06-24T21:20:", TIME_NONE, 0},
                  {"2022-06-24T21:20+", TIME_NONE, 0},
                  {"2022-06-24T21:20ZZ", TIME_NONE, 0},
                  {"2022-06-24T21:20+9", TIME_NONE, 0},
                  {"2022-06-24T21:20+09:", TIME_NONE, 0},
                  {"2022-06-24T21:20+09:6", TIME_NONE, 0},
                  {"2022-06-24T21:20+0960", TIME_NONE, 0},
                  {"2022-06-24T21:20+24", TIME_NONE, 0},
                  {"2022-06-24T21:20x", TIME_NONE, 0},
                  {"2022-06-24T24:20", TIME_NONE, 0},
                  {"2022-06-24T21:60", TIME_NONE, 0},
                  {"2022-06-24T21:20:61", TIME_NONE, 0},
                  {"2022-06-24T2x:20", TIME_NONE, 0},
                  {"2022-06-24_21:20", TIME_NONE, 0},
                  {"2022-13-24", TIME_NONE, 0},
                  {"2022-00-24", TIME_NONE, 0},
                  {"2022-06-31", TIME_NONE, 0},
                  {"2022-06-00", TIME_NONE, 0},
                  {"2000-02-30", TIME_NONE, 0},
                  {"2022-0624", TIME_NONE, 0},
                  {"2022-06x24", TIME_NONE, 0},
                  {"9999-12-31", TIME_NONE, 0},
                  {"2016-12-31T23:59:60Z", TIME_ISO, 1483228800000}, /* a leap second */
                  {"0.0", TIME_SECONDS, 0},
                  {"0.5", TIME_SECONDS, 500},
                  {"9.5", TIME_SECONDS, 9500},
                  {"2/22-06-24", TIME_NONE, 0}, /* the bytes beside the digits */
                  {"2:22-06-24", TIME_NONE, 0},
                  {"2022-0/-24", TIME_NONE, 0},
                  {"2022-06-2:", TIME_NONE, 0},
                  {"2022-06-24T21:2/", TIME_NONE, 0},
                  {"2022-06-24T21:20+0:", TIME_NONE, 0},
                  {"2022-06-2", TIME_NONE, 0},
                  {"2022-06-", TIME_NONE, 0},
                  {"/5", TIME_NONE, 0},
                  {":5", TIME_NONE, 0},
                  {"+5", TIME_NONE, 0},
                  {".5", TIME_NONE, 0},
                  {"1112486027.", TIME_SECONDS, 1112486027000},
                  {"1112486027.x", TIME_NONE, 0},
                  {"1112486027.0000000000000000000000000000", TIME_SECONDS, 1112486027000},
                  {"1112486027.00000000000000000000000000000", TIME_NONE, 0}, /* 40 bytes */
                  {"1970-01-01T00:00+01:00", TIME_NONE, 0}};

static void kinds_of_times(void)
{
    for (size_t i = 0; i < sizeof time_cases / sizeof *time_cases; i++) {
        int64_t ms = 0;
        enum time_kind kind =
            rating_time_read(time_cases[i].text, strlen(time_cases[i].text), TIME_NONE, &ms);
        CHECK_MSG(kind == time_cases[i].kind && (kind == TIME_NONE || ms == time_cases[i].ms), "%s: %d, %lld",
                  time_cases[i].text, kind, (long long)ms);
    }
    int64_t ms;
    CHECK_INT(rating_time_read("0", 1, TIME_MILLI, &ms), TIME_MILLI);
    CHECK_INT(rating_time_read("0", 1, TIME_ISO, &ms), TIME_SECONDS);
}

static void what_times_say_of_themselves(void)
{
    static const struct {
        const char *text;
        bool offset, date;
    } cases[] = {{"2022-06-24", false, false},
                 {"2022-06-24 21:20:11", false, false},
                 {"2022-06-24T21:20Z", true, false},
                 {"2022-06-24 21:20 UTC", true, false},
                 {"2022-06-24T21:20:11.5+09:00", true, false},
                 {"2022-06-24T21:20:11-03", true, false},
                 {"12/31/2020", false, true},
                 {"31.12.20", false, true},
                 {"2020. 12. 31.", false, true},
                 {"2020/12/31 10:00", false, true},
                 {"1-2-2020", false, true},
                 {"19.9.1999", false, true},
                 {"2024년 1월 3일", false, true},
                 {"2024년1월3일 오후 4:05", false, true},
                 {"2024年1月3日", false, true},
                 {"3 Jan 2024", false, true},
                 {"January 3, 2024", false, true},
                 {"3-Sept-99", false, true},
                 {"12 31 2020", false, true},
                 {"3 Janus 2024", false, false},
                 {"March", false, false},
                 {"월 일 년", false, false},
                 {"1 234 567", false, false},
                 {"1/2/3", false, false},
                 {"4.5", false, false},
                 {"1112486027.25", false, false},
                 {"yesterday", false, false},
                 {"", false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n = strlen(cases[i].text);
        int64_t ms;
        bool time = rating_time_read(cases[i].text, n, TIME_NONE, &ms) != TIME_NONE;
        CHECK_MSG((time && rating_time_says_offset(cases[i].text, n)) == cases[i].offset, "%s",
                  cases[i].text);
        CHECK_MSG((!time && rating_time_like_date(cases[i].text, n)) == cases[i].date, "%s", cases[i].text);
    }
}

/* ---- ratings ---- */

static void ratings_as_people_write_them(void)
{
    static const struct {
        const char *text;
        bool is;
        double value;
        int32_t top;
    } cases[] = {{"4.5", true, 4.5, 0},
                 {"4,5", true, 4.5, 0},
                 {"-1", true, -1, 0},
                 {"200000", true, 200000, 0},
                 {"-200000", true, -200000, 0},
                 {"200000.1", false, 0, 0},
                 {"0000000000000000000000000000000000000.5", true, 0.5, 0},
                 {"00000000000000000000000000000000000000.5", false, 0, 0}, /* 40 bytes */
                 {"", false, 0, 0},
                 {"%", false, 0, 0},
                 {"9%", true, 9, 100},
                 {"98 %", true, 98, 100},
                 {"8/10", true, 8, 10},
                 {"8 / 10", false, 0, 0},
                 {"8 /10", true, 8, 10},
                 {"8/9", true, 8, 9},
                 {"1/1", true, 1, 1},
                 {"8/0", false, 0, 0},
                 {"8/x", false, 0, 0},
                 {"8/10x", false, 0, 0},
                 {"8/200000", true, 8, 200000},
                 {"8/200001", false, 0, 0},
                 {"/10", false, 0, 0},
                 {"\u2605\u2605\u2605\u2606\u2606", true, 3, 5},
                 {"\u2605", true, 1, 5},
                 {"\u2605\u2605\u2605\u2605\u2605\u2605", false, 0, 0},
                 {"\u2605\u2606", false, 0, 0},
                 {"\u2606\u2605", false, 0, 0},
                 {"\U0001f44d", true, 1, 0},
                 {"\U0001f44d\U0001f3fb", true, 1, 0}, /* in a colour of skin, the first and the last */
                 {"\U0001f44d\U0001f3ff\ufe0f", true, 1, 0},
                 {"\U0001f44d\U0001f3fa", false, 0, 0}, /* an amphora is none */
                 {"\U0001f44d\U0001f4fb", false, 0, 0},
                 {"\U0001f44e", true, -1, 0},
                 {"\U0001f3fb", false, 0, 0},
                 {"5\ufe0f", false, 0, 0},
                 {"nan", false, 0, 0},
                 {"inf", false, 0, 0},
                 {"1e", false, 0, 0},
                 {"1,5.0", false, 0, 0},
                 {"4..5", false, 0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct csv_field f = {cases[i].text, strlen(cases[i].text)};
        int32_t value = 0, top = 0;
        CHECK_MSG(rating_fields_value(&f, &value, &top) == cases[i].is, "%s", cases[i].text);
        if (cases[i].is) {
            CHECK_MSG(value == (int32_t)(cases[i].value * RATING_ONE), "%s: %d", cases[i].text, value);
            CHECK_MSG(top == cases[i].top, "%s of %d", cases[i].text, top);
        }
    }
}

static void blanks_around_a_field_are_none_of_it(void)
{
    static const struct {
        const char *text, *kept;
    } cases[] = {{" a ", "a"}, {"\ta\t", "a"}, {"a\r", "a"}, {" \t\r", ""}, {"", ""}, {" a b ", "a b"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct csv_field f = rating_fields_trim((struct csv_field){cases[i].text, strlen(cases[i].text)});
        CHECK_MSG(f.n == strlen(cases[i].kept) && memcmp(f.text, cases[i].kept, f.n) == 0, "row %zu", i);
    }
}

/* ---- a whole file ---- */

static enum err times_of(int64_t from, int64_t to, enum time_kind kind, struct fail *why)
{
    struct ratings_tally t = {0};
    struct ratings_row row = {.verdict = RATINGS_OK};
    const int64_t times[] = {to, 0, from, (from + to) / 2};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        row.rating.time = times[i] * 1000;
        ratings_tally_add(&t, &row, OFFSET_NONE);
    }
    return ratings_tally_times(&t, kind, "f.csv", why);
}

static void times_that_are_something_else(void)
{
    struct fail why = {0};
    CHECK(times_of(44000, 44099, TIME_SECONDS, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "f.csv: timestamps from 44000 to 44099 look like days as spreadsheets") !=
                  NULL,
              "%s", why.text);
    CHECK(times_of(19991231, 20201231, TIME_SECONDS, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "look like dates without dashes") != NULL, "%s", why.text);
    CHECK(times_of(44000, 44099, TIME_MILLI, &why) == ERR_OK);
    CHECK(times_of(25568, 44099, TIME_SECONDS, &why) == ERR_OK);
    CHECK(times_of(44000, 80001, TIME_SECONDS, &why) == ERR_OK);
    CHECK(times_of(1, 50000, TIME_SECONDS, &why) == ERR_OK);
    CHECK(times_of(0, 0, TIME_NONE, &why) == ERR_OK);
    CHECK(times_of(881250949, 891717742, TIME_SECONDS, &why) == ERR_OK);
}

static enum err rejected_of(uint64_t rejected, uint64_t good, double tolerate, struct fail *why)
{
    struct ratings_tally t = {0};
    struct ratings_row row = {.verdict = RATINGS_OK, .line = 2};
    for (uint64_t i = 0; i < good; i++)
        ratings_tally_add(&t, &row, OFFSET_NONE);
    row = (struct ratings_row){.verdict = RATINGS_BAD_RATING, .line = 7, .reason = "odd"};
    for (uint64_t i = 0; i < rejected; i++)
        ratings_tally_add(&t, &row, OFFSET_NONE);
    return ratings_tally_rejected(&t, tolerate, "f.csv", why);
}

static void a_hopeless_file_is_to_be_looked_at(void)
{
    struct fail why = {0};
    CHECK(rejected_of(0, 10, 0, &why) == ERR_OK && rejected_of(1, 19, 5.1, &why) == ERR_OK);
    CHECK(rejected_of(50, 50, 5, &why) == ERR_INVALID);
    CHECK_STR(why.text,
              "f.csv: 50 of 100 rows rejected, 50 of them as in line 7 (odd); --tolerate 51 leaves them out");
    CHECK(rejected_of(51, 49, 5, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "(odd); look at the file: ") != NULL && strstr(why.text, "--tolerate") == NULL,
              "%s", why.text);
    CHECK(rejected_of(51, 49, 51, &why) == ERR_OK); /* who has looked may say so */
    CHECK(rejected_of(3, 0, 100, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "not one could be used") != NULL, "%s", why.text);
}

static void offsets_said_and_unsaid(void)
{
    struct ratings_tally t = {0};
    struct ratings_row row = {.verdict = RATINGS_OK, .rating.time = 1};
    char text[RATINGS_REASON];
    ratings_tally_add(&t, &row, OFFSET_UNSAID);
    CHECK_STR(ratings_tally_remark(&t, text), "");
    ratings_tally_add(&t, &row, OFFSET_SAID);
    ratings_tally_add(&t, &row, OFFSET_UNSAID);
    CHECK_STR(ratings_tally_remark(&t, text),
              "1 timestamps say how far from UTC they are and 2 do not; the latter were taken for UTC");
}

/* ---- the newest ---- */

enum { ROWS = 400 };

struct row {
    uint32_t user;
    int32_t movie;
    int64_t time;
};

/* Is there a row of the same pair that is newer, or as new and later? */
static bool is_old_naive(const struct row *rows, size_t n, size_t i)
{
    for (size_t k = 0; k < n; k++)
        if (rows[k].user == rows[i].user && rows[k].movie == rows[i].movie &&
            (rows[k].time > rows[i].time || (rows[k].time == rows[i].time && k > i)))
            return true;
    return false;
}

static uint64_t key_of(const struct row *r)
{
    return (uint64_t)r->user << 32 | (uint32_t)r->movie;
}

static void check_newest(const struct row *rows, size_t n)
{
    struct newest_watch w = {0};
    struct newest t;
    uint64_t keys[ROWS + 1];
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        keys[i] = key_of(&rows[i]);
        CHECK(newest_watch_row(&w, rows[i].user, rows[i].movie));
        any = any || is_old_naive(rows, n, i);
    }
    CHECK(w.again || !any); /* the watch may cry wolf, but never sleeps */
    CHECK(newest_start(&t, keys, n, NULL) == ERR_OK);
    CHECK((t.n > 0) == any);
    for (size_t i = 0; i < n; i++)
        newest_offer(&t, key_of(&rows[i]), rows[i].time, i);
    for (size_t i = 0; i < n; i++)
        CHECK_INT(newest_is_old(&t, key_of(&rows[i]), i), is_old_naive(rows, n, i));
    newest_free(&t);
    newest_watch_free(&w);
}

static void the_newest_agrees_with_naive(void)
{
    struct rng rng;
    struct row rows[ROWS];
    rng_seed(&rng, 5);
    for (int round = 0; round < 400; round++) {
        size_t n = (size_t)rng_below(&rng, round < 200 ? 12 : ROWS);
        uint64_t people = 1 + rng_below(&rng, 6), films = 1 + rng_below(&rng, 300);
        for (size_t i = 0; i < n; i++)
            rows[i] = (struct row){(uint32_t)rng_below(&rng, people), (int32_t)rng_below(&rng, films),
                                   (int64_t)rng_below(&rng, 1 + rng_below(&rng, 4))};
        check_newest(rows, n);
    }
}

/* Files whose people stand together, each film once, cost no second look. */
static void plain_files_are_not_suspected(void)
{
    struct newest_watch w = {0};
    for (uint32_t user = 0; user < 300; user++)
        for (int32_t i = 0; i < 40; i++) /* ascending for the even ones */
            CHECK(newest_watch_row(&w, user, user % 2 == 0 ? i : (i * 7919 + 3) % 40009));
    CHECK(!w.again);
    CHECK(newest_watch_row(&w, 299, 3) && w.again);
    newest_watch_free(&w);
}

int main(void)
{
    RUN(numbers_stand_for_themselves);
    RUN(many_texts_keep_their_numbers);
    RUN(what_may_be_an_id);
    RUN(dates_agree_with_the_calendar);
    RUN(kinds_of_times);
    RUN(what_times_say_of_themselves);
    RUN(ratings_as_people_write_them);
    RUN(blanks_around_a_field_are_none_of_it);
    RUN(times_that_are_something_else);
    RUN(a_hopeless_file_is_to_be_looked_at);
    RUN(offsets_said_and_unsaid);
    RUN(the_newest_agrees_with_naive);
    RUN(plain_files_are_not_suspected);
    return check_done();
}
