/* data/rating_scale: files as people export them, what is said of each, and what a like is on each scale. */
#include "tests/check.h"

#include <math.h>

#include <string.h>

#include "data/rating_scale.h"

struct run {
    double value;
    int times;
};

/* What the judge says of so many rows of each value ("" for nothing); runs end with 0 times. */
static const char *judge(const struct rating_scale *scale, const struct run *runs)
{
    static struct fail why;
    struct rating_values v = {0};
    why = (struct fail){0};
    for (; runs->times > 0; runs++)
        for (int i = 0; i < runs->times; i++)
            CHECK(rating_values_add(
                      &v, (int32_t)(runs->value * RATING_ONE + (runs->value < 0 ? -0.5 : 0.5))) > 0);
    CHECK((rating_scale_judge(scale, &v, 5, "f", &why) == ERR_OK) == (why.text[0] == '\0'));
    return why.text;
}

static const char *guess(const struct run *runs)
{
    static const struct rating_scale nothing_said = {.kind = SCALE_GUESS};
    return judge(&nothing_said, runs);
}

#define RUNS(...) ((const struct run[]){__VA_ARGS__, {0, 0}})
#define CHECK_SAYS(said, words)                                                                              \
    do {                                                                                                     \
        const char *s_ = (said);                                                                             \
        CHECK_MSG(strstr(s_, words) != NULL, "'%s' lacks '%s'", s_, words);                                  \
    } while (0)

static void five_stars_pass(void)
{
    CHECK_STR(guess(RUNS({4.5, 1})), "");
    CHECK_STR(guess(RUNS({0.5, 10}, {1, 10}, {3.5, 10}, {5, 10})), "");
    CHECK_STR(guess(RUNS({1, 300}, {2, 300}, {3, 300}, {4, 300}, {5, 300})), "");
    CHECK_STR(guess(RUNS({3.67, 10}, {4.33, 10}, {5, 10})), "");
    CHECK_STR(guess(RUNS({1, 2}, {4, 3})), "");
    CHECK_STR(guess(RUNS({5, 5000})), "");
}

/* A slip of the pen is a row to be rejected; a scale shows in many rows. */
static void one_wrong_row_is_no_scale(void)
{
    CHECK_STR(guess(RUNS({3, 500}, {5, 500}, {45, 1})), "");
    CHECK_STR(guess(RUNS({3, 5000}, {5, 5000}, {0, 9})), "");
    CHECK_SAYS(guess(RUNS({3, 500}, {5, 500}, {9, 2})), "scale of 10");
    CHECK_SAYS(guess(RUNS({3, 5}, {9, 1})), "scale of 10");
}

static void other_tops_are_named(void)
{
    const char *said = guess(RUNS({2, 100}, {5, 3666}, {8, 1000}, {10, 234}));
    CHECK_SAYS(said, "looks like a scale of 10 (values above 5, up to 10, in 1,234 of 5,000 rows)");
    CHECK_SAYS(said, "read it with --scale 10");
    CHECK_SAYS(guess(RUNS({7.5, 20}, {9.5, 20})), "scale of 10");
    CHECK_SAYS(guess(RUNS({20, 20}, {85, 20}, {100, 1})), "read it with --scale 100");
    CHECK_SAYS(guess(RUNS({2, 600}, {7, 600})),
               "--scale 10, or with --scale 7 if that is its highest rating");
    CHECK_SAYS(guess(RUNS({9, 2000}, {4, 2000}, {99, 1})), "--scale 10");
    CHECK_SAYS(guess(RUNS({0.1, 20}, {0.87, 20}, {1, 3})), "--scale 1");
    CHECK_SAYS(guess(RUNS({0, 20}, {0.5, 20}, {1, 3})), "--scale 1");
    CHECK_SAYS(guess(RUNS({1, 600}, {4, 600})), "no rating above 4 in 1,200 rows: is it a scale of 4?");
    CHECK_SAYS(guess(RUNS({1, 600}, {2, 600}, {3, 1})), "a scale of 3?");
    CHECK_SAYS(guess(RUNS({1, 10}, {2, 10})), "a scale of 2?");
    CHECK_SAYS(guess(RUNS({1, 20}, {7, 20}, {300, 20})), "--like-at X");
    CHECK_SAYS(guess(RUNS({-9.95, 20}, {3, 20}, {9.5, 20})), "--like-at X");
}

static void thumbs_and_likes_are_named(void)
{
    CHECK_SAYS(guess(RUNS({1, 2}, {0, 1}, {-1, 1})),
               "looks like thumbs (1 in 2, 0 in 1 and -1 in 1 of 4 rows)");
    CHECK_SAYS(guess(RUNS({1, 2}, {0, 1})), "--scale thumbs");
    CHECK_SAYS(guess(RUNS({1, 2}, {-1, 1})), "--scale thumbs");
    CHECK_SAYS(guess(RUNS({0, 2})), "--scale thumbs");
    CHECK_SAYS(guess(RUNS({1, 7})), "--scale likes");
}

static void marks_for_no_rating_are_named(void)
{
    CHECK_SAYS(guess(RUNS({-1, 19}, {7, 40}, {10, 41})),
               "--scale 10 --tolerate 20, which leaves out the rows with -1");
    CHECK_SAYS(guess(RUNS({-1, 19}, {3, 40}, {5, 41})), "--scale 5 --tolerate 20 leaves them out");
    CHECK_SAYS(guess(RUNS({0, 19}, {3, 40}, {5, 41})), "a scale from 0 to 5, or 0 for 'not rated'?");
    CHECK_SAYS(guess(RUNS({-3, 19}, {3, 40}, {5, 41})), "--like-at X");
}

/* What a person has said is believed, unless the file cannot be it. */
static void told_scales(void)
{
    struct rating_scale s;
    CHECK(rating_scale_read(&s, "10", NULL, NULL) == ERR_OK);
    CHECK_STR(judge(&s, RUNS({2, 3000})), "");
    CHECK_INT(rating_scale_least(&s, 3.5), 7 * RATING_ONE);
    CHECK(rating_scale_holds(&s, 0) && rating_scale_holds(&s, 10 * RATING_ONE));
    CHECK(!rating_scale_holds(&s, -1) && !rating_scale_holds(&s, 10 * RATING_ONE + 1));
    CHECK(rating_scale_read(&s, "100", NULL, NULL) == ERR_OK);
    CHECK_INT(rating_scale_least(&s, 3.5), 70 * RATING_ONE);
    CHECK_INT(rating_scale_least(&s, 3.7), 74 * RATING_ONE);
    CHECK(rating_scale_read(&s, "5", NULL, NULL) == ERR_OK);
    CHECK_STR(judge(&s, RUNS({0, 30}, {1, 70})), "");
    CHECK_INT(rating_scale_least(&s, 3.5), 35000);
    CHECK(rating_scale_read(&s, "thumbs", NULL, NULL) == ERR_OK && rating_scale_is_own(&s));
    CHECK_INT(rating_scale_least(&s, 3.5), RATING_ONE);
    CHECK_STR(judge(&s, RUNS({1, 2}, {0, 1}, {-1, 1})), "");
    CHECK_SAYS(judge(&s, RUNS({1, 20}, {4, 20})), "are not thumbs");
    CHECK(rating_scale_read(&s, "likes", NULL, NULL) == ERR_OK && rating_scale_is_own(&s));
    CHECK_INT(rating_scale_least(&s, 3.5), INT32_MIN);
    CHECK_STR(judge(&s, RUNS({1, 2})), "");
    CHECK_SAYS(judge(&s, RUNS({1, 2}, {3, 1})), "not every row is a like");
    CHECK(rating_scale_read(&s, "10", "8.5", NULL) == ERR_OK && rating_scale_is_own(&s));
    CHECK_INT(rating_scale_least(&s, 3.5), 85000);
    CHECK(rating_scale_read(&s, NULL, "-2", NULL) == ERR_OK);
    CHECK_INT(rating_scale_least(&s, 3.5), -20000);
    CHECK_STR(judge(&s, RUNS({-9.95, 20}, {3, 20}, {1999, 20})), "");
    CHECK(rating_scale_read(&s, NULL, NULL, NULL) == ERR_OK && s.kind == SCALE_GUESS &&
          !rating_scale_is_own(&s));
    CHECK_INT(rating_scale_least(&s, 0), INT32_MIN);
}

static void what_is_no_scale(void)
{
    static const struct {
        const char *scale, *like_at, *says;
    } bad[] = {{"ten", NULL, "--scale ten"},
               {"", NULL, "--scale"},
               {"0", NULL, "--scale 0"},
               {"-5", NULL, "--scale -5"},
               {"nan", NULL, "--scale nan"},
               {"1e9", NULL, "--scale 1e9"},
               {"thumbs", "1", "cannot be combined with --scale"},
               {"likes", "1", "cannot be combined with --scale"},
               {NULL, "x", "--like-at x"},
               {"10", "1e9", "--like-at 1e9"},
               {NULL, "nan", "--like-at nan"},
               {"100", "700", "nothing would be a like"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct rating_scale s;
        struct fail why = {0};
        CHECK(rating_scale_read(&s, bad[i].scale, bad[i].like_at, &why) == ERR_INVALID);
        CHECK_SAYS(why.text, bad[i].says);
    }
}

/* Codes: half stars first, others as they come, none behind the 255th. */
static void codes(void)
{
    struct rating_values v = {0};
    int32_t table[RATING_CODES];
    for (int i = 1; i <= 10; i++)
        CHECK_INT(rating_values_add(&v, i * RATING_ONE / 2), i);
    for (int32_t i = 0; i < 245; i++) {
        CHECK_INT(rating_values_add(&v, 100001 + 7 * i), 11 + i);
        CHECK_INT(rating_values_add(&v, 100001 + 7 * i), 11 + i);
    }
    CHECK_INT(rating_values_add(&v, 99), 0);
    CHECK_INT(rating_values_add(&v, -99), 0);
    CHECK_INT(rating_values_add(&v, 100001), 11);
    rating_values_table(&v, table);
    CHECK_INT(table[9], 45000);
    CHECK_INT(table[255], 100001 + 7 * 244);
    CHECK_INT(v.count[0], 2);
    CHECK_INT(v.least, -99);
}

static void scales_have_two_ends(void)
{
    static const struct {
        const char *scale;
        double value;
        bool holds;
    } rows[] = {{NULL, 0.5, true},    {NULL, 0.4999, false},  {NULL, 5, true},         {NULL, 5.0001, false},
                {"10", 0, true},      {"10", -0.0001, false}, {"10", 10, true},        {"10", 10.0001, false},
                {"thumbs", -1, true}, {"thumbs", 0, true},    {"thumbs", 1, true},     {"thumbs", 0.5, false},
                {"thumbs", 2, false}, {"likes", -3, true},    {"200000", 200000, true}};
    struct fail why = {0};
    struct rating_scale s;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(rating_scale_read(&s, rows[i].scale, NULL, &why) == ERR_OK);
        CHECK_MSG(rating_scale_holds(&s, (int32_t)lround(rows[i].value * RATING_ONE)) == rows[i].holds,
                  "row %zu", i);
    }
    static const char *const none[] = {"0", "0.9999", "200000.1", "", "x", "5x", "-5", "nan", "inf"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK_MSG(rating_scale_read(&s, none[i], NULL, &why) == ERR_INVALID, "%s", none[i]);
    CHECK(rating_scale_read(&s, "1", NULL, &why) == ERR_OK && s.top == RATING_ONE);
}

static void the_lowest_like_has_its_ends_too(void)
{
    static const struct {
        const char *scale, *like_at;
        enum err rc;
        double threshold, least; /* 0: every row is a like */
    } rows[] = {{"10", "10", ERR_OK, 3.5, 10},
                {"10", "10.0001", ERR_INVALID, 0, 0},
                {NULL, "-200000", ERR_OK, 3.5, -200000},
                {NULL, "-200001", ERR_INVALID, 0, 0},
                {NULL, "200001", ERR_INVALID, 0, 0},
                {"likes", "1", ERR_INVALID, 0, 0},
                {"thumbs", "1", ERR_INVALID, 0, 0},
                {"thumbs", NULL, ERR_OK, 3.5, 1},
                {"10", NULL, ERR_OK, 3.5, 7},
                {NULL, NULL, ERR_OK, 3.5, 3.5}};
    struct fail why = {0};
    struct rating_scale s;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_MSG(rating_scale_read(&s, rows[i].scale, rows[i].like_at, &why) == rows[i].rc, "row %zu", i);
        if (rows[i].rc == ERR_OK)
            CHECK_MSG(rating_scale_least(&s, rows[i].threshold) ==
                          (int32_t)lround(rows[i].least * RATING_ONE),
                      "row %zu", i);
    }
    CHECK(rating_scale_read(&s, "likes", NULL, &why) == ERR_OK && rating_scale_least(&s, 3.5) == INT32_MIN);
    CHECK(rating_scale_read(&s, "10", NULL, &why) == ERR_OK && rating_scale_least(&s, 0) == INT32_MIN);
    s = (struct rating_scale){.kind = SCALE_ANY};
    CHECK(rating_scale_least(&s, 0) == INT32_MIN && rating_scale_least(&s, 3.5) == 35000);
}

int main(void)
{
    RUN(scales_have_two_ends);
    RUN(the_lowest_like_has_its_ends_too);
    RUN(five_stars_pass);
    RUN(one_wrong_row_is_no_scale);
    RUN(other_tops_are_named);
    RUN(thumbs_and_likes_are_named);
    RUN(marks_for_no_rating_are_named);
    RUN(told_scales);
    RUN(what_is_no_scale);
    RUN(codes);
    return check_done();
}
