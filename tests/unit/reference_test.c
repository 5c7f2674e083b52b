/* The texts and tables of personality types, with one thing wrong in them each time: the sentence names the
 * file and the place. */
#include "tests/check.h"

#include <unistd.h>

#include "base/map_file.h"
#include "fixture/file.h"
#include "json/json.h"
#include "publish/reference.h"

#define FROM "sql/reference"

static const char *const names[] = {"personality.json", "survey.json", "mbti_compatibility.csv",
                                    "enneagram_similarity.csv"};
enum { FILES = sizeof names / sizeof *names };

static char folder[] = "/tmp/mvti-reference-XXXXXX";

static const char *at(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* Copies the file; where its name is `wrong`, the first `from` becomes `to`. */
static void copy(const char *name, const char *wrong, const char *from, const char *to)
{
    static char text[1 << 18];
    char path[64];
    struct map_file m;
    snprintf(path, sizeof path, FROM "/%s", name);
    CHECK(map_file_open(&m, path, NULL) == ERR_OK && m.size < sizeof text / 2);
    size_t n = m.size;
    memcpy(text, m.data, n);
    text[n] = '\0';
    map_file_close(&m);
    if (strcmp(name, wrong) == 0) {
        char *place = strstr(text, from);
        CHECK_MSG(place != NULL, "%s: no %s", name, from);
        if (place == NULL)
            return;
        size_t rest = strlen(place) - strlen(from);
        memmove(place + strlen(to), place + strlen(from), rest + 1);
        memcpy(place, to, strlen(to));
    }
    CHECK(file_put_text(at(name), text));
}

static enum err load(const char *wrong, const char *from, const char *to, struct snapshot_builder *b,
                     struct fail *why)
{
    for (int i = 0; i < FILES; i++)
        copy(names[i], wrong, from, to);
    snapshot_builder_init(b);
    return reference_load(b, folder, why);
}

static void it_is_whole(void)
{
    struct snapshot_builder b;
    struct arena a = {0};
    struct fail why = {0};
    const struct json_value *survey;
    CHECK_MSG(load("", "", "", &b, &why) == ERR_OK, "%s", why.text);
    CHECK_MSG(json_read(&a, b.survey.data, b.survey.len, &survey, &why) == ERR_OK, "%s", why.text);
    const struct json_value *wings = json_member(survey, "wings"), *mbti = json_member(survey, "mbti");
    CHECK(wings != NULL && wings->n == ENNEAGRAM_COUNT && mbti != NULL);
    CHECK_STR(json_text(&wings->items[0], "enneagram"), "1w9");
    CHECK(b.items.len == json_member(mbti, "items")->n + json_member(mbti, "more")->n);
    CHECK(b.partners[MBTI_COUNT - 1] != MBTI_NONE && b.similarity[0] == 1);
    arena_free(&a);
    snapshot_builder_free(&b);
}

static const struct {
    int file;
    const char *from, *to, *says;
} wrongs[] = {
    {0, "{", "", "personality.json: "},
    {0, "\"types\": [", "\"other\": [", "personality.json: types: a list is missing"},
    {0, "\"types\": [", "\"types\": 7, \"other\": [", "personality.json: types: a list is missing"},
    {0, "\"wings\": [", "\"other\": [", "personality.json: wings: a list is missing"},
    {0, "\"INTJ\"", "\"INTX\"", "personality.json: INTX: not one of the 16 types"},
    {0, "\"INTJ\"", "\"INTP\"", "personality.json: types: not all 16 are there"},
    {0, "\"INTJ\"", "7", "personality.json: mbti: a text is missing"},
    {0, "\"INTJ\"", "\"\"", "personality.json: mbti: a text is missing"},
    {0, "\"name\": {", "\"other\": {", "personality.json: name: missing"},
    {0, "\"en\": \"The Long-Game Mind\"", "\"en\": \"\"", "personality.json: en: a text is missing"},
    {0, "\"en\": \"The Long-Game Mind\"", "\"en\": 7", "personality.json: en: a text is missing"},
    {0, "\"#BigPicture\"", "\"a|b\"", "personality.json: en: a list of texts without '|' is wanted"},
    {0, "\"#BigPicture\"", "7", "personality.json: en: a list of texts without '|' is wanted"},
    {0, "\"1w9\"", "\"1w8\"", "personality.json: 1w8: not one of the 18 types with a wing"},
    {0, "\"1w9\"", "\"1w2\"", "personality.json: wings: not all 18 are there"},
    {0, "\"NF\"", "\"FN\"",
     "personality.json: bridges: temperament NF, NT, SJ or SP and core 1 to 9 are wanted"},
    {0, "\"core\": 1,", "\"core\": 0,", "core 1 to 9 are wanted"},
    {0, "\"core\": 1,", "\"core\": 10,", "core 1 to 9 are wanted"},
    {0, "\"core\": 1,", "\"core\": \"1\",", "core 1 to 9 are wanted"},
    {0, "\"core\": 1,", "", "core 1 to 9 are wanted"},
    {0, "\"core\": 1,", "\"core\": 2,", "personality.json: bridges: not all 36 are there"},
    {1, "{", "", "survey.json: "},
    {1, "\"items\": [", "\"other\": [", "survey.json: items: a list is missing"},
    {1, "\"axis\": \"EI\"", "\"axis\": \"SN\"", "survey.json: m01: axis and pole do not fit together"},
    {1, "\"pole\": \"E\"", "\"pole\": \"Q\"", "survey.json: m01: axis and pole do not fit together"},
    {1, "\"pole\": \"E\"", "\"pole\": 7", "survey.json: pole: a text is missing"},
    {1, "\"version\": 2", "\"version\": 3", "survey.json: version: this program scores version 2"},
    {1, "\"version\": 2", "\"other\": 2", "survey.json: version: this program scores version 2"},
    {1, "\"more\": [", "\"other\": [", "survey.json: more: a list is missing"},
    {1, "\"slope\": 1.5", "\"slope\": 1.505", "a number with at most two decimals is wanted"},
    {1, "\"slope\": 1.5", "\"slope\": \"1.5\"", "a number with at most two decimals is wanted"},
    {1, "\"slope\": 1.5", "\"slope\": 0.1", "survey.json: m01: a slope and three rising steps are wanted"},
    {1, "\"slope\": 1.5", "\"slope\": 1e9", "a number with at most two decimals is wanted"},
    {1, "[-1.5, -0.2, 1.2]", "[-1.5, -1.5, 1.2]",
     "survey.json: m01: a slope and three rising steps are wanted"},
    {1, "[-1.5, -0.2, 1.2]", "[-1.5, -0.2]", "a number with at most two decimals is wanted"},
    {1, "[-1.5, -0.2, 1.2]", "[-1.5, -0.2, 1.2, 2]",
     "survey.json: m01: a slope and three rising steps are wanted"},
    {1, "\"axis\": \"EI\",\n        \"pole\": \"I\",\n        \"slope\"",
     "\"axis\": \"SN\",\n        \"pole\": \"N\",\n        \"slope\"",
     "survey.json: EI: an odd number of items is wanted on each axis"},
    {1, "\"tiebreak\": true", "\"tiebreak\": false",
     "items and exactly one tiebreak are wanted on each axis"},
    {1, "\"tiebreak\": true", "\"tiebreak\": 1", "items and exactly one tiebreak are wanted on each axis"},
    {2, "grade", "other", "mbti_compatibility.csv"},
    {2, "INTJ,INTP,84,0", "INTJ,INTX,84,0", "mbti_compatibility.csv:3: two types, a grade from 0 to 100"},
    {2, "INTJ,INTP,84,0", "INTX,INTP,84,0", "mbti_compatibility.csv:3: two types"},
    {2, "INTJ,INTP,84,0", "INTJ,INTP,101,0", "mbti_compatibility.csv:3: two types"},
    {2, "INTJ,INTP,84,0", "INTJ,INTP,-1,0", "mbti_compatibility.csv:3: two types"},
    {2, "INTJ,INTP,84,0", "INTJ,INTP,0x8,0", "mbti_compatibility.csv:3: two types"},
    {2, "INTJ,INTP,84,0", "INTJ,INTP,,0", "mbti_compatibility.csv:3: two types"},
    {2, "INTJ,INTP,84,0", "INTJ,INTP,84,2", "mbti_compatibility.csv:3: two types"},
    {2, "INTJ,INTP,84,0", "INTJ,INTP,84,0.5", "mbti_compatibility.csv:3: two types"},
    {2, "INTJ,INTP,84,0", "INTJ,INTP,84", "mbti_compatibility.csv:3: "},
    {2, "INTJ,INTP,84,0", "INTJ,INTJ,84,0", "mbti_compatibility.csv:3: this pair of types was there before"},
    {2, "INTJ,INTJ,100,0", "INTJ,INTJ,100,1", ": this type has a partner already"},
    {2, "INTJ,INTP,84,0\n", "", "mbti_compatibility.csv: INTJ with INTP is missing or not symmetric"},
    {2, "INTJ,INTP,84,0", "INTJ,INTP,85,0",
     "mbti_compatibility.csv: INTJ with INTP is missing or not symmetric"},
    {3, "enneagram,1w9", "enneagram,1w8", "enneagram_similarity.csv"},
    {3, "\n1w9,", "\n1w8,", "enneagram_similarity.csv:2: each of the 18 types with a wing is wanted once"},
    {3, "\n1w2,", "\n1w9,", "enneagram_similarity.csv:3: each of the 18 types with a wing is wanted once"},
    {3, "1w9,1.00", "1w9,1.01", "enneagram_similarity.csv:2: numbers from 0 to 1 are wanted"},
    {3, "1w9,1.00,0.90", "1w9,1.00,0.91",
     "enneagram_similarity.csv: 1w9 with 1w2 is missing or not symmetric"},
};

static void what_is_wrong_is_named(void)
{
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        struct snapshot_builder b;
        struct fail why = {0};
        enum err rc = load(names[wrongs[i].file], wrongs[i].from, wrongs[i].to, &b, &why);
        CHECK_MSG(
            rc == ERR_INVALID && strstr(why.text, wrongs[i].says) != NULL && strstr(why.text, folder) != NULL,
            "%s → %s: %s: %s, want %s", wrongs[i].from, wrongs[i].to, err_name(rc), why.text, wrongs[i].says);
        snapshot_builder_free(&b);
    }
}

/* Both of a pair name each other. */
static void partners_are_pairs(void)
{
    struct map_file m;
    char line[64] = "";
    CHECK(map_file_open(&m, FROM "/mbti_compatibility.csv", NULL) == ERR_OK);
    const char *end = memmem(m.data, m.size, ",1\n", 3), *row = end;
    while (row != NULL && row[-1] != '\n')
        row--;
    if (row != NULL)
        snprintf(line, sizeof line, "%.*s", (int)(end - row), row);
    map_file_close(&m);
    char from[80], to[80];
    snprintf(from, sizeof from, "%s,1", line);
    snprintf(to, sizeof to, "%s,0", line);
    struct snapshot_builder b;
    struct fail why = {0};
    CHECK(load(names[2], from, to, &b, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, " and its partner are no pair") != NULL, "%s", why.text);
    snapshot_builder_free(&b);
}

static void files_that_are_not_there(void)
{
    for (int i = 0; i < FILES; i++) {
        struct snapshot_builder b;
        struct fail why = {0};
        for (int k = 0; k < FILES; k++)
            copy(names[k], "", "", "");
        CHECK(unlink(at(names[i])) == 0);
        snapshot_builder_init(&b);
        CHECK(reference_load(&b, folder, &why) == ERR_NOT_FOUND);
        CHECK_MSG(strstr(why.text, names[i]) != NULL, "%s", why.text);
        snapshot_builder_free(&b);
    }
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    RUN(it_is_whole);
    RUN(what_is_wrong_is_named);
    RUN(partners_are_pairs);
    RUN(files_that_are_not_there);
    for (int i = 0; i < FILES; i++)
        unlink(at(names[i]));
    CHECK(rmdir(folder) == 0);
    return check_done();
}
