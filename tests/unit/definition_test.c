/* lib/experiment/definition and variant: what a definition says, what is wrong with one and where, and that settings survive being stored. */
#include "tests/check.h"

#include "base/buf.h"
#include "experiment/definition.h"

static struct arena arena;

#define WHOLE(middle)                                                                                        \
    "{\"name\": \"taste-first\", \"layer\": \"result\", \"variants\": [{\"name\": \"control\", \"share\": "  \
    "1}, "                                                                                                   \
    "{\"name\": \"taste\", \"share\": 3, \"settings\": {\"match\": {\"film\": 65, \"enneagram\": 25, "       \
    "\"certainty\": 10}}}]" middle "}"

static enum err read(const char *text, struct definition *d, struct fail *why)
{
    *why = (struct fail){0};
    return definition_read(text, strlen(text), "taste.json", &arena, d, why);
}

static void a_short_one_has_defaults(void)
{
    struct definition d;
    struct fail why;
    CHECK_MSG(read(WHOLE(""), &d, &why) == ERR_OK, "%s", why.text);
    CHECK_STR(d.name, "taste-first");
    CHECK_STR(d.salt, "taste-first");
    CHECK_STR(d.goal, "engage");
    CHECK(d.kind == DEFINITION_SPLIT && d.n == 2 && d.starts_at == 0 && d.ends_at == 0);
    CHECK_NEAR(d.traffic, 1, 0);
    CHECK_NEAR(d.variants[0].share, 0.25, 1e-12);
    CHECK_NEAR(d.variants[1].share, 0.75, 1e-12);
    CHECK(d.variants[0].settings.parts == 0 && d.variants[1].settings.parts == VARIANT_MATCH);
    CHECK_NEAR((double)d.variants[1].settings.film, 65, 0);
    CHECK_STR(definition_kind_name(d.kind), "split");
}

static void everything_can_be_said(void)
{
    struct definition d;
    struct fail why;
    enum err rc =
        read("{\"name\":\"arms\",\"layer\":\"result\",\"kind\":\"bandit\",\"goal\":\"like\",\"salt\":\"s-1\","
             "\"traffic\":12.5,"
             "\"start\":\"2026-12-01T09:00:00+09:00\",\"end\":\"2026-12-15\",\"bandit\":{\"floor\":0.05,"
             "\"min_views\":50},"
             "\"guard\":{\"like_drop\":0.1,\"down_rise\":0.02,\"alpha\":0.005,\"tests\":100},\"variants\":["
             "{\"name\":\"all\",\"share\":50},{\"name\":\"ease\",\"share\":50,\"settings\":{\"rankers\":{"
             "\"ease\":1,\"recvae\":0.5},"
             "\"diversity\":{\"film_cap\":1,\"mmr\":0.3},\"explore\":{\"share\":0.2,\"temperature\":0.05,"
             "\"pool\":6}}}]}",
             &d, &why);
    CHECK_MSG(rc == ERR_OK, "%s", why.text);
    const struct variant_settings *s = &d.variants[1].settings;
    CHECK(d.kind == DEFINITION_BANDIT && d.min_views == 50 && d.guard_tests == 100);
    CHECK_INT(d.starts_at, 1796083200); /* midnight UTC */
    CHECK_INT(d.ends_at, 1797292800);
    CHECK_NEAR(d.traffic, 0.125, 1e-12);
    CHECK(s->parts == (VARIANT_RANKERS | VARIANT_DIVERSITY | VARIANT_EXPLORE) && s->n_members == 2);
    CHECK_STR(s->members[1].kind, "recvae");
    CHECK_NEAR((double)s->members[1].weight, 0.5, 0);
    CHECK(s->film_cap == 1 && s->explore_pool == 6);
}

/* Each line is wrong in one way, and the sentence says where. */
static void what_is_wrong_is_named(void)
{
    static const struct {
        const char *text, *says;
    } wrong[] = {
        {"", "taste.json: "},
        {"[]", "taste.json: must be an object"},
        {"{\"name\": \"a\", \"name\": \"b\"}", "taste.json: an object has a duplicate member"},
        {WHOLE(", \"shares\": 1"), "taste.json: there is no member \"shares\""},
        {WHOLE(", \"kind\": \"abtest\""), "taste.json.kind: must be one of split, bandit"},
        {WHOLE(", \"traffic\": 101"), "taste.json.traffic: must be a number from 0.01 to 100"},
        {WHOLE(", \"start\": \"tomorrow\""), "taste.json.start: must be a time"},
        {WHOLE(", \"start\": \"2026-02-31\""), "taste.json.start: must be a time"},
        {WHOLE(", \"start\": \"2026-12-01T10:00\""), "taste.json.start: must be a time"},
        {WHOLE(", \"start\": \"2026-12-01T10:00Zjunk\""), "taste.json.start: must be a time"},
        {WHOLE(", \"start\": \"2026-12-01T10:00+9:00\""), "taste.json.start: must be a time"},
        {WHOLE(", \"start\": \"2026-12-02\", \"end\": \"2026-12-02\""),
         "taste.json.end: is not after its start"},
        {WHOLE(", \"guard\": {\"tests\": 2}"), "taste.json.guard.tests: must be a whole number from 20"},
        {WHOLE(", \"bandit\": {\"floor\": 0.02}"),
         "taste.json.bandit: only an experiment of kind bandit has it"},
        {WHOLE(", \"kind\": \"bandit\", \"bandit\": {\"floor\": 0.5}"),
         "taste.json.bandit.floor: must be a number from 0.01 to 0.05"},
        {"{\"name\": \"Taste\"}", "taste.json.name: must be 1 to 40 lower-case letters"},
        {"{\"layer\": \"a\"}", "taste.json.name: is missing"},
        {"{\"name\": \"a\", \"layer\": \"b\", \"variants\": [{\"name\": \"c\", \"share\": 1}]}",
         "taste.json.variants: must be a list of 2 to 8"},
        {"{\"name\": \"a\", \"layer\": \"b\", \"variants\": [{\"name\": \"c\", \"share\": 1}, {\"name\": "
         "\"c\", \"share\": 1}]}",
         "taste.json.variants[1].name: variants[0] has that name already"},
        {"{\"name\": \"a\", \"layer\": \"b\", \"variants\": [{\"name\": \"c\", \"share\": 1}, {\"name\": "
         "\"d\"}]}",
         "taste.json.variants[1].share: is missing"},
        {"{\"name\": \"a\", \"layer\": \"b\", \"variants\": [{\"name\": \"c\", \"share\": 0}, {\"name\": "
         "\"d\", \"share\": 1}]}",
         "taste.json.variants[0].share: must be a number"},
        {"{\"name\": \"a\", \"layer\": \"b\", \"variants\": [{\"name\": \"c\", \"share\": 1, \"settings\": "
         "{\"wall\": \"even\"}}, "
         "{\"name\": \"d\", \"share\": 1}]}",
         "taste.json.variants[0].settings: the first variant is the control"},
        {"{\"name\": \"a\", \"layer\": \"b\", \"kind\": \"bandit\", \"variants\": [{\"name\": \"c\", "
         "\"share\": 1}, "
         "{\"name\": \"d\", \"share\": 1, \"settings\": {\"wall\": \"even\"}}]}",
         "taste.json.variants[1].settings: a bandit draws anew"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct definition d;
        struct fail why;
        CHECK(read(wrong[i].text, &d, &why) == ERR_INVALID);
        CHECK_MSG(strncmp(why.text, wrong[i].says, strlen(wrong[i].says)) == 0, "%s\nsays: %s\nnot: %s",
                  wrong[i].text, why.text, wrong[i].says);
    }
}

static void wrong_settings_are_named(void)
{
    static const struct {
        const char *settings, *says;
    } wrong[] = {
        {"[]", ": must be an object"},
        {"{\"weights\": {}}", ": there is no member \"weights\""},
        {"{\"match\": {\"film\": 65, \"enneagram\": 25}}", ".match.certainty: is missing"},
        {"{\"match\": {\"film\": 65, \"enneagram\": 25, \"certainty\": 11}}",
         ".match: film, enneagram and certainty must add up to 100"},
        {"{\"match\": {\"film\": \"65\", \"enneagram\": 25, \"certainty\": 10}}",
         ".match.film: must be a number"},
        {"{\"rankers\": {}}", ".rankers: must be an object of 1 to 8"},
        {"{\"rankers\": {\"EASE\": 1}}", ".rankers: \"EASE\" is not a kind of model"},
        {"{\"rankers\": {\"lightgcn++\": 0}}", ".rankers: one of the weights must be above 0"},
        {"{\"rankers\": {\"ease\": 0}}", ".rankers: one of the weights must be above 0"},
        {"{\"rankers\": {\"ease\": -1}}", ".rankers.ease: must be a number from 0"},
        {"{\"rankers\": {\"ease\": 0.0001}}", ".rankers.ease: must be 0 or at least 0.001"},
        {"{\"diversity\": {\"film_cap\": 0}}", ".diversity.film_cap: must be a whole number from 1 to 50"},
        {"{\"diversity\": {\"film_cap\": 1.5}}", ".diversity.film_cap: must be a whole number"},
        {"{\"diversity\": {\"mmr\": 2}}", ".diversity.mmr: must be a number from 0 to 1"},
        {"{\"explore\": {\"share\": 0.6}}", ".explore.share: must be a number from 0 to 0.5"},
        {"{\"explore\": {\"pool\": 1}}", ".explore.pool: must be a whole number from 2 to 50"},
        {"{\"wall\": \"random\"}", ".wall: must be steep"},
        {"{\"texts\": {}}", ".texts: must be an object of 1 to 16"},
        {"{\"texts\": {\"a b\": {\"ko\": \"x\", \"en\": \"y\"}}}",
         ".texts: \"a b\" is not the name of a text"},
        {"{\"texts\": {\"about.title\": {\"ko\": \"x\", \"en\": \"y\"}}}",
         ".texts: \"about.title\" is on no page"},
        {"{\"texts\": {\"home.a\": {\"ko\": \"x\"}}}", ".texts.home.a: must be {"},
        {"{\"texts\": {\"home.a\": {\"ko\": \"x\", \"en\": \"\"}}}", ".texts.home.a: must be {"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const struct json_value *v;
        struct variant_settings s;
        struct variant_words words;
        struct fail why = {0};
        CHECK(json_read(&arena, wrong[i].settings, strlen(wrong[i].settings), &v, NULL) == ERR_OK);
        CHECK(variant_read(v, "here", &s, &words, &why) == ERR_INVALID);
        CHECK_MSG(strncmp(why.text, "here", 4) == 0 &&
                      strncmp(why.text + 4, wrong[i].says, strlen(wrong[i].says)) == 0,
                  "%s\nsays: %s", wrong[i].settings, why.text);
    }
}

static void settings_survive_being_written(void)
{
    static const char text[] =
        "{\"match\":{\"film\":40.5,\"enneagram\":44.5,\"certainty\":15},\"rankers\":{\"ease\":1,\"bts\":0.25}"
        ","
        "\"diversity\":{\"film_cap\":3,\"mmr\":0.5},\"explore\":{\"share\":0.1,\"temperature\":0.02,\"pool\":"
        "10},"
        "\"wall\":\"even\",\"texts\":{\"home.title\":{\"ko\":\"당신은 \\\"누구\\\"?\",\"en\":\"Who?\"}}}";
    const struct json_value *v;
    struct variant_settings s;
    struct variant_words words;
    struct buf b = {0};
    struct json_out w;
    CHECK(json_read(&arena, text, strlen(text), &v, NULL) == ERR_OK);
    CHECK(variant_read(v, "here", &s, &words, NULL) == ERR_OK);
    json_out_start(&w, &b);
    variant_write(&w, &s, &words);
    CHECK_STR(buf_str(&b), text);
    buf_free(&b);
}

int main(void)
{
    RUN(a_short_one_has_defaults);
    RUN(everything_can_be_said);
    RUN(what_is_wrong_is_named);
    RUN(wrong_settings_are_named);
    RUN(settings_survive_being_written);
    arena_free(&arena);
    return check_done();
}
