#include <math.h>

#include "domain/country.h"
#include "domain/presentation.h"
#include "domain/enneagram.h"
#include "domain/mbti.h"
#include "tests/check.h"

static void mbti_reads_what_it_prints(void)
{
    for (int t = 0; t < MBTI_COUNT; t++)
        CHECK_INT(mbti_parse(mbti_name((uint8_t)t), 4), t);
    CHECK_INT(mbti_parse("infp", 4), mbti_parse("INFP", 4));
    CHECK_INT(mbti_parse("XXXX", 4), MBTI_NONE);
    CHECK_INT(mbti_parse("NIFP", 4), MBTI_NONE);
    CHECK_INT(mbti_parse("ENF", 3), MBTI_NONE);
    CHECK_STR(mbti_name(MBTI_NONE), "");
    CHECK_INT(mbti_distance(mbti_parse("ESTJ", 4), mbti_parse("INFP", 4)), 4);
    CHECK_INT(mbti_distance(mbti_parse("ENTJ", 4), mbti_parse("ENTP", 4)), 1);
}

static void enneagram_reads_what_it_prints(void)
{
    for (int t = 0; t < ENNEAGRAM_COUNT; t++) {
        const char *name = enneagram_name((uint8_t)t);
        CHECK_INT(enneagram_parse(name, 3), t);
        CHECK_INT(enneagram_core((uint8_t)t), name[0] - '0');
        int step = (name[2] - name[0] + 9) % 9;
        CHECK_MSG(step == 1 || step == 8, "%s: a wing is a neighbour", name);
    }
    CHECK_INT(enneagram_parse("XwX", 3), ENNEAGRAM_NONE);
    CHECK_INT(enneagram_parse("4w6", 3), ENNEAGRAM_NONE);
    uint8_t any = 0;
    CHECK(enneagram_parse_any("", 0, &any) && any == ENNEAGRAM_NONE);
    CHECK(enneagram_parse_any("4w5", 3, &any) && any == enneagram_parse("4w5", 3));
    CHECK(!enneagram_parse_any("4w6", 3, &any) && !enneagram_parse_any("4", 1, &any));
}

/* The one core that the two answers name: no other social style, and no other way of coping, is an answer of it too. */
static int core_of(int style, int coping)
{
    for (int core = 1; core <= ENNEAGRAM_CORES; core++) {
        bool other = !enneagram_answers(core, (enum social_style)style, (enum coping_style)coping);
        for (int i = 1; i < STYLE_COUNT; i++)
            other |= !enneagram_answers(core, (enum social_style)style,
                                        (enum coping_style)((coping + i) % COPING_COUNT)) ||
                     !enneagram_answers(core, (enum social_style)((style + i) % STYLE_COUNT),
                                        (enum coping_style)coping);
        if (!other)
            return core;
    }
    return 0;
}

static void nine_answers_give_nine_cores(void)
{
    int seen = 0;
    for (int s = 0; s < STYLE_COUNT; s++)
        for (int c = 0; c < COPING_COUNT; c++)
            seen |= 1 << core_of(s, c);
    CHECK_INT(seen, 0x3fe);
    CHECK_INT(core_of(STYLE_WITHDRAWN, COPING_REACTIVE), 4);
    CHECK_INT(social_style_parse("loud"), -1);
}

/* The same in the plainest way: four numbers multiplied. */
static double plain_share(int core, int style, int coping, const uint32_t met[ENNEAGRAM_CORES])
{
    double all = 0, sum = 0, own = 0;
    for (int i = 0; i < ENNEAGRAM_CORES; i++)
        all += met[i] + 1;
    for (int s = 0; s < STYLE_COUNT; s++)
        for (int c = 0; c < COPING_COUNT; c++) {
            int other = core_of(s, c);
            double one = (1.0 / 18 + (met[other - 1] + 1) / all / 2) * (s == style ? .837 : .0815) *
                         (c == coping ? .837 : .0815);
            sum += one;
            own += other == core ? one : 0;
        }
    return own / sum;
}

/* Whoever was met: nobody, a few of each, ten thousand of one type alone. */
static void what_both_answers_name_is_the_likeliest(void)
{
    for (int only = 0; only <= ENNEAGRAM_CORES; only++)
        for (int pair = 0; pair < STYLE_COUNT * COPING_COUNT; pair++) {
            int style = pair / COPING_COUNT, coping = pair % COPING_COUNT;
            uint32_t met[ENNEAGRAM_CORES] = {0};
            for (int i = 0; i < ENNEAGRAM_CORES; i++)
                met[i] = only == i + 1 ? 10000 : only == 0 ? (uint32_t)i * 7 : 0;
            struct enneagram_likely likely[ENNEAGRAM_LIKELY];
            enneagram_likely((enum social_style)style, (enum coping_style)coping, met, likely);
            CHECK_INT(likely[0].core, core_of(style, coping));
            for (int k = 0; k < ENNEAGRAM_LIKELY; k++) {
                CHECK(fabs(likely[k].share - plain_share(likely[k].core, style, coping, met)) < 1e-12);
                CHECK(enneagram_answers(likely[k].core, (enum social_style)style, (enum coping_style)coping));
                CHECK(k == 0 ||
                      (likely[k].share <= likely[k - 1].share && likely[k].core != likely[k - 1].core));
            }
        }
    CHECK(!enneagram_answers(7, STYLE_WITHDRAWN, COPING_REACTIVE)); /* assertive and positive */
    CHECK(!enneagram_answers(0, STYLE_WITHDRAWN, COPING_REACTIVE));
}

static void countries_by_code_and_by_name(void)
{
    static const char *const rows[][2] = {
        {"KR", "KR"},         {"kr", "KR"}, {"한국", "KR"},  {"United States", "US"},
        {"미국, 영국", "US"}, {"PT", "PT"}, {"zw|ZA", "ZW"}, {"Narnia", ""},
        {"XX", ""},           {"K", ""},    {"", ""},        {",KR", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_STR(country_code(rows[i][0]), rows[i][1]);
}

static void presentations_are_told_in_words(void)
{
    static const struct {
        const char *text;
        bool ok;
        const char *figure, *age;
    } rows[] = {
        {"", true, "", ""},
        {"woman", true, "woman", ""},
        {"man|old", true, "man", "old"},
        {"child|robot", true, "robot", "child"},
        {"child", true, "", "child"},
        {"neither", true, "neither", ""},
        {"creature|old", true, "creature", "old"},
        {"Man", false, "", ""},
        {"man|woman", false, "", ""},
        {"old|child", false, "", ""},
        {"man|", false, "", ""},
        {"|man", false, "", ""},
        {"man old", false, "", ""},
        {"person", false, "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t p = 0xff;
        CHECK_MSG(presentation_parse(rows[i].text, &p) == rows[i].ok, "%s", rows[i].text);
        CHECK(presentation_valid(p) && (rows[i].ok || p == 0));
        CHECK_STR(presentation_figure(p), rows[i].figure);
        CHECK_STR(presentation_age(p), rows[i].age);
    }
    CHECK(!presentation_valid(0x06) && !presentation_valid(0x30) && presentation_valid(0x25));
    CHECK_STR(presentation_figure(0xff), "");
}

int main(void)
{
    RUN(countries_by_code_and_by_name);
    RUN(mbti_reads_what_it_prints);
    RUN(enneagram_reads_what_it_prints);
    RUN(nine_answers_give_nine_cores);
    RUN(what_both_answers_name_is_the_likeliest);
    RUN(presentations_are_told_in_words);
    return check_done();
}
