/* Answers to the survey, of either version, become a type. */
#include "fixture/site.h"
#include "tests/check.h"

static struct site_fixture f;

#define INT(...) (site_at(__VA_ARGS__, NULL)->integer)
#define TEXT(...) (site_at(__VA_ARGS__, NULL)->text)
#define MOVIES "\"movies\":[101,102,103]"

static void the_survey_gives_a_type(void)
{
    struct buf b = {0};
    buf_puts(&b, "{\"survey\":[");
    const struct survey_item *items = f.site.serving.snapshot.items;
    for (size_t i = 0; items[i].brief; i++)
        buf_printf(&b, "%s%d", i > 0 ? "," : "", items[i].second ? 2 : -2);
    buf_puts(&b, "],\"answers\":[\"withdrawn\",\"reactive\",\"4w5\"],\"movies\":[101,102,103]}");
    CHECK_INT(site_ask(&f, HTTP_POST, "/api/v1/tests", b.data), 200);
    const struct json_value *v = site_json(&f);
    CHECK_STR(TEXT(v, "personality", "mbti"), "INFP");
    CHECK_STR(TEXT(v, "personality", "axes", "0", "axis"), "EI");
    CHECK_INT(INT(v, "personality", "axes", "2", "percent"), 100);
    CHECK_STR(TEXT(v, "personality", "enneagram"), "4w5");
    buf_free(&b);
}

/* The first item of each axis is answered; the rest was not asked. */
static void some_of_the_survey_is_enough(void)
{
    const struct snapshot *s = &f.site.serving.snapshot;
    static const struct {
        const char *first, *second, *field;
        int status;
    } rows[] = {{"1", "null", "", 200},          {"0", "null", "survey", 400},
                {"3", "null", "survey", 400},    {"\"1\"", "null", "survey", 400},
                {"null", "null", "survey", 400}, {"1", "0", "survey", 400}};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        struct buf b = {0};
        buf_puts(&b, "{\"survey_version\":2,\"survey\":[");
        for (size_t i = 0; i < s->n_survey_items; i++)
            buf_printf(&b, "%s%s", i > 0 ? "," : "", i < 4 ? rows[k].first : rows[k].second);
        buf_puts(&b, "],\"enneagram\":\"4w5\"," MOVIES "}");
        CHECK_MSG(site_ask(&f, HTTP_POST, "/api/v1/tests", b.data) == rows[k].status, "%s", b.data);
        if (rows[k].status == 400)
            CHECK(*site_problem(&f, rows[k].field) != '\0');
        else
            CHECK_STR(TEXT(site_json(&f), "personality", "mbti"), "ENTP");
        buf_free(&b);
    }
}

int main(void)
{
    site_make(&f, 40, NULL);
    RUN(the_survey_gives_a_type);
    RUN(some_of_the_survey_is_enough);
    site_free(&f);
    return check_done();
}
