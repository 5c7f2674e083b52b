/* The survey as it stands in sql/reference: version 1 by its sums, version 2 beside what make_survey.py has by NumPy. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "domain/graded.h"
#include "publish/reference.h"
#include "tests/check.h"

static struct snapshot_builder b;
static const struct survey_item *items;
static size_t n_items;

/* Answers of the years before version 2, and what was told and stored then: they give it still. */
static void version_one_says_what_it_said(void)
{
    static const struct {
        int8_t answers[12];
        const char *type;
        int percent[MBTI_AXES];
    } rows[] = {
        {{0}, "INFP", {50, 50, 50, 50}},
        {{2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}, "ENFJ", {33, 67, 67, 33}},
        {{-2, 2, -2, 2, 2, -2, 2, -2, -2, 2, 2, -2}, "INFP", {100, 100, 100, 100}},
        {{1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, -1}, "ENFP", {42, 50, 58, 67}},
        {{-1, 1, 1, 1, -1, 1, 1, 1, 0, 0, 0, 0}, "ENFP", {50, 50, 50, 50}},
    };
    size_t n = survey_items_of(items, n_items, SURVEY_SUMS);
    CHECK_INT(n, 12);
    CHECK_INT(survey_items_of(items, n_items, SURVEY_GRADED), 28);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct survey_score score;
        survey_score(items, rows[i].answers, n, &score);
        CHECK_STR(mbti_name(score.mbti), rows[i].type);
        for (int axis = 0; axis < MBTI_AXES; axis++)
            CHECK_MSG(score.second_percent[axis] == rows[i].percent[axis], "row %zu, %s: %d", i,
                      mbti_axis_name((enum mbti_axis)axis), score.second_percent[axis]);
    }
}

/* One row of survey.txt: true if it was read. */
static bool read_row(FILE *f, int8_t *answers, int *percent)
{
    char line[512];
    if (fgets(line, sizeof line, f) == NULL)
        return false;
    char *at = strtok(line, " \n");
    for (size_t i = 0; i < n_items && at != NULL; i++) {
        at = strtok(NULL, " \n");
        answers[i] = at == NULL || *at == '.' ? SURVEY_UNASKED : (int8_t)atoi(at);
    }
    for (int axis = 0; axis < MBTI_AXES && at != NULL; axis++)
        if ((at = strtok(NULL, " \n")) != NULL)
            percent[axis] = atoi(at);
    return at != NULL;
}

static void version_two_is_what_numpy_has(void)
{
    FILE *f = fopen("tests/unit/fixtures/survey.txt", "r");
    int8_t answers[SURVEY_MAX_ITEMS];
    int percent[MBTI_AXES], rows = 0;
    CHECK(f != NULL);
    for (; f != NULL && read_row(f, answers, percent); rows++) {
        struct survey_score score;
        CHECK(graded_enough(items, answers, n_items));
        graded_score(items, answers, n_items, &score);
        for (int axis = 0; axis < MBTI_AXES; axis++) {
            CHECK_MSG(score.second_percent[axis] == percent[axis], "row %d, axis %d: %d, not %d", rows + 1,
                      axis, score.second_percent[axis], percent[axis]);
            CHECK_INT(score.mbti >> (MBTI_AXES - 1 - axis) & 1, percent[axis] > 50);
        }
    }
    CHECK_INT(rows, 272);
    if (f != NULL)
        fclose(f);
}

static const int8_t points[] = {-2, -1, 1, 2};

/* Puts the way-th of all ways to answer the brief items (or all) of one axis; false when there is no such way. */
static bool put_way(int8_t *answers, size_t n, uint8_t axis, unsigned way)
{
    for (size_t i = 0; i < n; i++)
        if (items[i].axis == axis) {
            answers[i] = points[way % 4];
            way /= 4;
        }
    return way == 0;
}

/* The short form's answers and all are turned round: so are letter and percentage, and neither is ever in the middle. */
static void no_axis_ties(size_t n)
{
    int8_t answers[SURVEY_MAX_ITEMS], turned[SURVEY_MAX_ITEMS];
    struct survey_score score, back;
    memset(answers, SURVEY_UNASKED, sizeof answers);
    memset(turned, SURVEY_UNASKED, sizeof turned);
    for (uint8_t axis = 0; axis < MBTI_AXES; axis++) {
        unsigned bit = 1u << (MBTI_AXES - 1 - axis);
        for (unsigned way = 0; put_way(answers, n, axis, way); way += n > 12 ? 7 : 1) {
            for (size_t i = 0; i < n; i++)
                turned[i] = answers[i] == SURVEY_UNASKED ? SURVEY_UNASKED : (int8_t)-answers[i];
            graded_score(items, answers, n_items, &score);
            graded_score(items, turned, n_items, &back);
            CHECK_MSG(score.second_percent[axis] != 50 && back.second_percent[axis] != 50, "axis %d, way %u",
                      axis, way);
            CHECK_INT((score.mbti & bit) != 0, score.second_percent[axis] > 50);
            if (n > 12)
                CHECK_INT(score.second_percent[axis] + back.second_percent[axis], 100);
        }
        put_way(answers, n, axis, 0);
    }
}

static void no_axis_ties_in_the_short_form(void)
{
    no_axis_ties(survey_items_of(items, n_items, SURVEY_SUMS));
}

static void no_axis_ties_where_all_is_answered(void)
{
    no_axis_ties(n_items);
}

static void an_axis_without_an_answer_is_not_enough(void)
{
    int8_t answers[SURVEY_MAX_ITEMS];
    memset(answers, SURVEY_UNASKED, sizeof answers);
    CHECK(!graded_enough(items, answers, n_items));
    for (size_t i = 0; i < 4; i++) {
        CHECK(!graded_enough(items, answers, n_items));
        answers[i] = -1;
    }
    CHECK(graded_enough(items, answers, n_items));
}

static void parameters_have_bounds(void)
{
    struct survey_item good = {MBTI_JP, 1, 0, 0, SURVEY_MIN_SLOPE, {-SURVEY_MAX_STEP, 0, SURVEY_MAX_STEP}},
                       bad;
    CHECK(survey_item_valid(&good));
    CHECK((bad = good, bad.axis = MBTI_AXES, !survey_item_valid(&bad)));
    CHECK((bad = good, bad.slope--, !survey_item_valid(&bad)));
    CHECK((bad = good, bad.slope = SURVEY_MAX_SLOPE + 1, !survey_item_valid(&bad)));
    CHECK((bad = good, bad.steps[0]--, !survey_item_valid(&bad)));
    CHECK((bad = good, bad.steps[1] = bad.steps[0], !survey_item_valid(&bad)));
    CHECK((bad = good, bad.steps[2]++, !survey_item_valid(&bad)));
}

int main(void)
{
    struct fail why = {0};
    snapshot_builder_init(&b);
    if (reference_load(&b, "sql/reference", &why) != ERR_OK) {
        fprintf(stderr, "%s\n", why.text);
        return 1;
    }
    items = b.items.data;
    n_items = b.items.len;
    RUN(version_one_says_what_it_said);
    RUN(version_two_is_what_numpy_has);
    RUN(no_axis_ties_in_the_short_form);
    RUN(no_axis_ties_where_all_is_answered);
    RUN(an_axis_without_an_answer_is_not_enough);
    RUN(parameters_have_bounds);
    snapshot_builder_free(&b);
    return check_done();
}
