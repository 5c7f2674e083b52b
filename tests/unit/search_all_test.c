/* Search over characters and kinds of people; over films: search_test.c. */
#include "app/search.h"
#include "fixture/small_snapshot.h"
#include "tests/check.h"

static struct small_snapshot small;
static struct snapshot s;
static struct arena arena;

static void searching_finds_every_character_by_name(void)
{
    struct search_result found;
    for (uint32_t i = 0; i < s.n_characters; i++) {
        const char *names[] = {snapshot_text(&s, s.characters[i].name_ko),
                               snapshot_text(&s, s.characters[i].name_en)};
        for (int t = 0; t < 2; t++) {
            CHECK(search_characters(&s, names[t], 0, s.n_characters, &arena, &found) == ERR_OK);
            bool has = false;
            for (size_t j = 0; j < found.n; j++)
                has |= found.items[j] == i;
            CHECK_MSG(has, "'%s' does not find character %d", names[t], s.characters[i].id);
        }
    }
    CHECK(search_characters(&s, "zzzqqq", 0, 10, &arena, &found) == ERR_OK && found.found == 0);
}

/* The first kind that is found, "INFP", "4w5" or "INFP 4w5"; "" for none. */
static const char *first_kind(const char *query, char out[16])
{
    struct search_result found;
    uint8_t mbti, enneagram;
    CHECK(search_kinds(&s, query, 3, &arena, &found) == ERR_OK && found.n <= 3 && found.n <= found.found);
    *out = '\0';
    if (found.n == 0)
        return out;
    search_kind(found.items[0], &mbti, &enneagram);
    bool both = mbti != MBTI_NONE && enneagram != ENNEAGRAM_NONE;
    snprintf(out, 16, "%s%s%s", mbti_name(mbti), both ? " " : "", enneagram_name(enneagram));
    return out;
}

static void kinds_are_found_by_their_names(void)
{
    static const struct {
        const char *query, *kind;
    } asked[] = {
        {"INFP", "INFP"},         {"infp", "INFP"},         {"인프피", "INFP"}, {"엔팁", "ENTP"},
        {"4w5", "4w5"},           {"4W5", "4w5"},           {"w5", "4w5"},      {"infp4w5", "INFP 4w5"},
        {"INFP-4w5", "INFP 4w5"}, {"4w5 infp", "INFP 4w5"}, {"ㅑㅜ레", "INFP"}, {"estjj", "ESTJ"},
        {"중재자", "INFP"},       {"mediator", "INFP"},     {"ㅈㅈㅈ", "INFP"}, {"4번", "4w3"},
        {"individualist", "4w3"}, {"zzzqqq", ""},           {"!?", ""},         {"tp", ""},
    };
    char kind[16];
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        CHECK_STR(first_kind(asked[i].query, kind), asked[i].kind);
    for (uint8_t t = 0; t < MBTI_COUNT; t++)
        CHECK_STR(first_kind(mbti_name(t), kind), mbti_name(t));
    for (uint8_t e = 0; e < ENNEAGRAM_COUNT; e++)
        CHECK_STR(first_kind(enneagram_name(e), kind), enneagram_name(e));
}

/* As people put names of types together: in any order, by any name, with words that say nothing more. */
static void kinds_are_found_in_any_words(void)
{
    static const struct {
        const char *query, *kind;
    } asked[] = {
        {"인프피 4w5", "INFP 4w5"},
        {"4w5 인프피", "INFP 4w5"},
        {"중재자 4w5", "INFP 4w5"},
        {"4w5 INFP", "INFP 4w5"},
        {"5w4 infp", "INFP 5w4"},
        {"INFP, 4w5", "INFP 4w5"},
        {"4w5INFP", "INFP 4w5"},
        {"인프피4w5", "INFP 4w5"},
        {"INFP 유형", "INFP"},
        {"인프피유형", "INFP"},
        {"infp type", "INFP"},
        {"The Mediator", "INFP"},
        {"INFP-T 4w5", "INFP 4w5"},
        {"엔팁 캐릭터", "ENTP"},
        {"MBTI INFP", "INFP"},
        {"4w5 유형", "4w5"},
        {"에니어그램 4w5", "4w5"},
        {"enneagram 4", "4w3"},
        {"4유형", "4w3"},
        {"type 4", "4w3"},
        {"4번 인프피", "INFP 4w3"},
        {"INFP 4번", "INFP 4w3"},
        {"인프피 예술가", "INFP 4w3"},
        {"4번 날개 5번 인프피", "INFP 4w5"},
        {"INFP 4 wing 5", "INFP 4w5"},
        {"4번 5날개 인프피", "INFP 4w5"},
        {"인프피 4윙5", "INFP 4w5"},
        {"중재자 인프피 4w5", "INFP 4w5"},
        {"INFP INFP", "INFP"},
        {"INFP형 인간", "INFP"},
        {"4w5 4w5 INFP", "INFP 4w5"},
        {"mediator 4w5", "INFP 4w5"},
        {"infp personality type", "INFP"},
        {"INFP 성격 유형", "INFP"},
        {"dlsvmvl 4w5", "INFP 4w5"},
        {"dlsvmvl4w5", "INFP 4w5"},
        {"4w5 dlsvmvl", "INFP 4w5"},
        {"dlsvmvl, 4w5", "INFP 4w5"},
        {"dlsvmvl dbgud", "INFP"},
        {"인프피 4ㅈ5", "INFP 4w5"},
        {"ㅑㅜ레 4ㅈ5", "INFP 4w5"},
        {"4ㅈ5 중재자", "INFP 4w5"},
        {"dlsvmvl 4qjs", "INFP 4w3"},

        {"중재자 친구", ""},
        {"dlsvmvl cjsrn", ""},
        {"INFP ENFP", ""},

        {"9 영화", ""},
    };
    char kind[16];
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
        CHECK_STR(first_kind(asked[i].query, kind), asked[i].kind);
    struct search_result found;
    CHECK(search_kinds(&s, "4w5 INFP", 400, &arena, &found) == ERR_OK && found.found == 1 && !found.guessed);
    CHECK(search_kinds(&s, "dlsvmvl 4w5", 400, &arena, &found) == ERR_OK && found.found == 1 &&
          found.guessed);
    CHECK(search_kinds(&s, "4번 인프피", 400, &arena, &found) == ERR_OK && found.found == 2);
}

/* Nothing on the way to what is found shows nothing. */
static void kinds_are_found_keystroke_by_keystroke(void)
{
    static const char *const typed[] = {"4w5 INFP",    "INFP 4w5",       "인프피 4w5",
                                        "중재자 유형", "4w5 에니어그램", "infp type",
                                        "4w5 인프피",  "인프피유형",     "dlsvmvl 4w5"};
    char kind[16];
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
        for (size_t n = strlen(typed[i]); n > 0; n--) {
            char part[64];
            snprintf(part, sizeof part, "%.*s", (int)n, typed[i]);
            if ((typed[i][n] & 0xc0) != 0x80)
                CHECK_MSG(*first_kind(part, kind) != '\0', "'%s' finds no kind", part);
        }
}

/* A pair has the letters of both its types: who asks for one type gets no eighteen pairs. */
static void pairs_stand_back_behind_types(void)
{
    struct search_result found;
    CHECK(search_kinds(&s, "infp", 400, &arena, &found) == ERR_OK);
    CHECK_INT(found.n, 1);
    CHECK(search_kinds(&s, "4w5", 400, &arena, &found) == ERR_OK); /* and no 5w4, whose words begin so too */
    CHECK_INT(found.n, 1);
    CHECK(search_kinds(&s, "infp 4", 400, &arena, &found) == ERR_OK); /* 4w3 and 4w5 */
    CHECK_INT(found.n, 2);
    CHECK(search_kinds(&s, "inf", 400, &arena, &found) == ERR_OK);
    CHECK_INT(found.n, 2);
}

int main(void)
{
    small_snapshot_make(&small, 60, 4);
    if (snapshot_open(&s, small.path, NULL) != ERR_OK)
        return 1;
    RUN(searching_finds_every_character_by_name);
    RUN(kinds_are_found_by_their_names);
    RUN(kinds_are_found_in_any_words);
    RUN(kinds_are_found_keystroke_by_keystroke);
    RUN(pairs_stand_back_behind_types);
    arena_free(&arena);
    snapshot_close(&s);
    small_snapshot_free(&small);
    return check_done();
}
