/* lib/import/source_weight: what the setting says, and whom a weight leaves. */
#include "import/source_weight.h"

#include <string.h>

#include "tests/check.h"

static const struct ratings_source sources[] = {{.name = "audience"}, {.name = "ml-25m"}, {.name = "a.b_c"}};

static enum err check(const char *setting, struct fail *why)
{
    return source_weight_check(setting, sources, sizeof sources / sizeof *sources, why);
}

static void settings_that_are_right(void)
{
    struct fail why = {0};
    const char *setting = " audience=0.25\ta.b_c=0 ";
    CHECK_MSG(check("", &why) == ERR_OK && check("  ", &why) == ERR_OK && check(setting, &why) == ERR_OK,
              "%s", why.text);
    CHECK(source_weight_of(setting, "audience") == 0.25);
    CHECK(source_weight_of(setting, "a.b_c") == 0);
    CHECK(source_weight_of(setting, "ml-25m") == 1);
    CHECK(source_weight_of("ml-25m=1", "ml") == 1);
    CHECK(source_weight_of("", "audience") == 1);
}

static void settings_that_are_wrong(void)
{
    static const struct {
        const char *setting, *said;
    } cases[] = {
        {"audience", "'audience' is not NAME=WEIGHT"},
        {"audience=", "'audience=' is not"},
        {"audience=1.5", "'audience=1.5' is not"},
        {"audience=-0.1", "from 0 to 1"},
        {"audience=nan", "from 0 to 1"},
        {"audience=0.5,ml-25m=1", "'audience=0.5,ml-25m=1' is not"},
        {"ml-25m=1 audience = 0.5", "'audience = 0.5' is not"},
        {"=0.5", "'=0.5' is not"},
        {"audienc=0.5", "no ratings were imported as audienc"},
        {"audience=0.5 ml-25m=1 audience=0.5", "source_weights has audience twice"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fail why = {0};
        CHECK_INT(check(cases[i].setting, &why), ERR_INVALID);
        CHECK_MSG(strstr(why.text, cases[i].said) != NULL, "%s: %s", cases[i].setting, why.text);
    }
}

enum { PEOPLE = 2000, FILMS = 3 };

/* Numbers of people as they come, one after the other, each with three films. */
static struct interactions everybody(void)
{
    struct interactions in = INTERACTIONS_NONE;
    for (uint32_t who = 0; who < PEOPLE; who++)
        for (int32_t film = 0; film < FILMS; film++)
            CHECK(interactions_add(&in, who, film));
    return in;
}

/* kept[person]: how many of their likes. Returns the people. */
static size_t people_of(double weight, uint8_t kept[PEOPLE])
{
    struct interactions in = everybody();
    size_t gone = source_weight_apply(weight, &in), people = 0;
    const uint64_t *keys = in.keys.data;
    memset(kept, 0, PEOPLE);
    for (size_t i = 0; i < in.keys.len; i++)
        people += kept[keys[i] >> 32]++ == 0;
    CHECK_INT(gone + in.keys.len, PEOPLE * FILMS);
    interactions_free(&in);
    return people;
}

/* Four standard deviations of a binomial: about one seed in 16,000 would be outside, and the numbers are always the same. */
static void a_share_of_the_people_stays_whole(void)
{
    static const double weights[] = {0, 0.1, 0.25, 0.5, 0.9, 1};
    static uint8_t kept[PEOPLE], before[PEOPLE];
    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++) {
        double w = weights[i], people = (double)people_of(w, kept), off = people - w * PEOPLE;
        CHECK_MSG(off * off <= 16 * PEOPLE * w * (1 - w), "%g of %d people: %g", w, PEOPLE, people);
        size_t in_parts = 0, lost = 0;
        for (size_t who = 0; who < PEOPLE; who++) {
            in_parts += kept[who] != 0 && kept[who] != FILMS;
            lost += kept[who] < before[who]; /* whom less keeps, more keeps too */
        }
        CHECK_INT(in_parts, 0);
        CHECK_INT(lost, 0);
        memcpy(before, kept, sizeof before);
    }
}

int main(void)
{
    RUN(settings_that_are_right);
    RUN(settings_that_are_wrong);
    RUN(a_share_of_the_people_stays_whole);
    return check_done();
}
