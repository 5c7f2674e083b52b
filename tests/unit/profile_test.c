/* What is kept of a person: a subject as it was sent, and a name that cannot turn the text around it. */
#include "auth/profile.h"
#include "base/utf8.h"
#include "tests/check.h"

static const char ISSUER[] = "https://nid.naver.com";

static struct arena arena;
static struct fail why;
static struct oidc_identity who;

static const struct json_value *json(const char *text)
{
    const struct json_value *v = NULL;
    CHECK_MSG(json_read(&arena, text, strlen(text), &v, &why) == ERR_OK, "%s: %s", text, why.text);
    return v;
}

static const char *named(const char *name)
{
    memset(&who, 'x', sizeof who);
    CHECK_INT(profile_identity(ISSUER, "7", name, &who, &why), ERR_OK);
    return who.name;
}

static void who_it_is_is_kept_as_sent(void)
{
    CHECK_STR(named(NULL), "");
    CHECK_STR(who.issuer, ISSUER);
    CHECK_STR(who.subject, "7");
    CHECK_STR(named("춘식이 😀"), "춘식이 😀");
    CHECK_INT(profile_identity(ISSUER, " ä\n", NULL, &who, &why), ERR_OK);
    CHECK_STR(who.subject, " ä\n");
}

static void a_subject_of_no_or_too_many_bytes_is_refused(void)
{
    char subject[258];
    CHECK_INT(profile_identity(ISSUER, NULL, "x", &who, &why), ERR_DENIED);
    CHECK_STR(why.text, "the provider does not say who signed in");
    CHECK_INT(profile_identity(ISSUER, "", "x", &who, &why), ERR_DENIED);
    for (int n = 255; n <= 256; n++) {
        snprintf(subject, sizeof subject, "%0*d", n, 0);
        CHECK_INT(profile_identity(ISSUER, subject, "x", &who, &why), n == 255 ? ERR_OK : ERR_DENIED);
    }
    CHECK_STR(who.subject, "");
    snprintf(subject, sizeof subject, "%0*d", (int)sizeof who.issuer, 0);
    CHECK_INT(profile_identity(subject, "7", "x", &who, &why), ERR_DENIED);
}

static void names_lose_what_hides_or_turns_text(void)
{
    static const char *const names[] = {
        "a\x01"
        "b\r\n\t\x1b\x7f", /* C0 and DEL */
        "a\xc2\x85"
        "b\xc2\x80\xc2\x9f",          /* C1 */
        "\u202ea\u202cb\u2066\u2069", /* overrides, isolates */
        "a\u200e\u200f\u061cb",       /* marks */
        "\ufeffa\u200bb\u200c\u2060", /* of no width */
        "a\u2028b\u2029",             /* ends of lines and paragraphs */
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK_MSG(strcmp(named(names[i]), "ab") == 0, "row %zu: %s", i, who.name);
    CHECK_STR(named("\u202e\u200b"), "");
    CHECK_STR(named("a\u00a0b c"), "a\u00a0b c");
    CHECK_STR(named(" \u3000a b\u00a0 "), "a b");
    CHECK_STR(named(" \u200b\u3164\u3000"), "");
}

/* The widest characters have four bytes, and only what stays counts. */
static void names_are_cut_between_characters(void)
{
    static const char *const units[] = {"a", "é", "한", "😀"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        for (size_t n = 39; n <= 41; n++) {
            char name[400] = "";
            for (size_t k = 0; k < n; k++)
                strcat(strcat(name, "\u200b"), units[i]);
            const char *kept = named(name);
            CHECK_INT(utf8_length(kept, strlen(kept)), n < 40 ? n : 40);
            CHECK_INT(strlen(kept), strlen(units[i]) * (n < 40 ? n : 40));
            CHECK(utf8_valid(kept, strlen(kept)));
        }
}

static void names_keep_what_belongs_together(void)
{
    static const struct {
        const char *given, *kept;
    } rows[] = {
        {"👨\u200d👩\u200d👧\u200d👦", "👨\u200d👩\u200d👧\u200d👦"},
        {"❤\ufe0f\u200d🔥 민지", "❤\ufe0f\u200d🔥 민지"},
        {"🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
         "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"},
        {"می\u200cخواهم", "می\u200cخواهم"},
        {"क्\u200dष", "क्\u200dष"},
        {"a\u200db\u200cc", "abc"}, /* nothing to join */
        {"\u200d민지\u200d", "민지"},
        {"👨\u200d\u200d👩", "👨\u200d👩"},
        {"민\U000e0067지", "민지"},                 /* a tag without its flag */
        {"\u1106\u1175\u11ab\u110c\u1175", "민지"}, /* NFC */
        {"Ame\u0301lie", "Amélie"},
        {"e\u200b\u0301", "é"},
        {"co\u00adop", "coop"},
        {"\u3164민지\u2800", "민지"},
        {"민\u3164지", "민\u3164지"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_MSG(strcmp(named(rows[i].given), rows[i].kept) == 0, "row %zu: %s", i, who.name);
}

static void what_shows_nothing_is_no_name(void)
{
    static const char *const blank[] = {
        "",       " ",      "\u3164",       "\u3164\u3164", "\u200b",       "\u2800",
        "\u200d", "\u200c", "\u00ad\u200e", "\u115f\u1160", "\uffa0",       "\ufe0f",
        "\u034f", "\u3000", "\u180e",       "\U000e0067",   "\u200d\u3164", "\ufeff\t\r\n"};
    char claims[200];
    for (size_t i = 0; i < sizeof blank / sizeof *blank; i++) {
        CHECK_MSG(named(blank[i])[0] == '\0', "row %zu", i);
        if (strchr(blank[i], '\n') != NULL)
            continue;
        snprintf(claims, sizeof claims, "{\"sub\":\"7\",\"nickname\":\"%s\",\"name\":\"민지\"}", blank[i]);
        CHECK_INT(profile_read_claims(ISSUER, json(claims), &who, &why), ERR_OK);
        CHECK_MSG(strcmp(who.name, "민지") == 0, "row %zu: %s", i, who.name);
        snprintf(claims, sizeof claims,
                 "{\"resultcode\":\"00\",\"response\":{\"id\":\"7\",\"nickname\":\"%s\"}}", blank[i]);
        CHECK_INT(profile_read_naver(ISSUER, json(claims), &who, &why), ERR_OK);
        CHECK_STR(who.name, "");
    }
}

/* 40 code points are the column's room. */
static void names_are_cut_between_clusters(void)
{
    static const struct {
        const char *unit;
        size_t points;
    } units[] = {
        {"👨\u200d👩\u200d👧\u200d👦", 7}, {"🇰🇷", 2}, {"👍🏽", 2}, {"q\u0323\u0307", 3}, {"क\u093f", 2}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        char name[1200] = "";
        for (int k = 0; k < 41; k++)
            strcat(name, units[i].unit);
        const char *kept = named(name);
        CHECK_INT(strlen(kept), 40 / units[i].points * strlen(units[i].unit));
    }
    char heap[400] = "Z";
    for (int k = 0; k < 80; k++)
        strcat(heap, "\u0351");
    const char *kept = named(heap);
    CHECK_INT(utf8_length(kept, strlen(kept)), 40);
}

static void names_of_invalid_utf8_never_come_this_far(void)
{
    static const char *const bodies[] = {
        "{\"sub\":\"7\",\"name\":\"\xc0\xaf\"}", "{\"sub\":\"7\",\"name\":\"\xe0\x80\xaf\"}",
        "{\"sub\":\"7\",\"name\":\"\xed\xa0\xbd\"}", "{\"sub\":\"7\\u0000\",\"name\":\"x\"}"};
    const struct json_value *v;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        CHECK_MSG(json_read(&arena, bodies[i], strlen(bodies[i]), &v, &why) == ERR_INVALID, "row %zu", i);
}

static void claims_give_the_nickname_or_else_the_name(void)
{
    static const struct {
        const char *claims, *name;
    } rows[] = {
        {"{\"sub\":\"7\",\"name\":\"Film Friend\"}", "Film Friend"},
        {"{\"sub\":\"7\",\"nickname\":\"춘식이\",\"name\":\"Film Friend\"}", "춘식이"},
        {"{\"sub\":\"7\",\"nickname\":7,\"name\":\"Film Friend\"}", "Film Friend"},
        {"{\"sub\":\"7\",\"name\":[\"Film\"]}", ""},
        {"{\"sub\":\"7\",\"nickname\":\"\",\"name\":\" \",\"preferred_username\":\"minji\"}", "minji"},
        {"{\"sub\":\"7\",\"nickname\":\"\u3164\",\"given_name\":\"민지\"}", "민지"},
        {"{\"sub\":\"7\"}", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_INT(profile_read_claims(ISSUER, json(rows[i].claims), &who, &why), ERR_OK);
        CHECK_STR(who.name, rows[i].name);
        CHECK_STR(who.subject, "7");
    }
    static const char *const bad[] = {"{}", "[]", "null", "{\"sub\":7}", "{\"sub\":null}", "{\"sub\":\"\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_MSG(profile_read_claims(ISSUER, json(bad[i]), &who, &why) == ERR_DENIED, "%s", bad[i]);
}

static void naver_says_00_or_nothing(void)
{
    CHECK_INT(profile_read_naver(ISSUER,
                                 json("{\"resultcode\":\"00\",\"message\":\"success\",\"response\":{\"id\":"
                                      "\"32742776\",\"nickname\":\"영화좋아\",\"name\":\"not asked for\"}}"),
                                 &who, &why),
              ERR_OK);
    CHECK_STR(who.subject, "32742776");
    CHECK_STR(who.name, "영화좋아");
    CHECK_STR(who.issuer, ISSUER);
    static const struct {
        const char *profile, *sentence;
    } bad[] = {{"{\"resultcode\":\"024\",\"message\":\"Authentication failed\"}", "refuses the profile"},
               {"{\"resultcode\":\"024\",\"response\":{\"id\":\"7\"}}", "refuses the profile"},
               {"{\"resultcode\":\"0\",\"response\":{\"id\":\"7\"}}", "refuses the profile"},
               {"{\"resultcode\":0,\"response\":{\"id\":\"7\"}}", "refuses the profile"},
               {"{\"resultcode\":null,\"response\":{\"id\":\"7\"}}", "refuses the profile"},
               {"{\"response\":{\"id\":\"7\"}}", "refuses the profile"},
               {"{\"resultcode\":\"00\"}", "refuses the profile"},
               {"{\"resultcode\":\"00\",\"id\":\"7\"}", "refuses the profile"},
               {"{\"resultcode\":\"00\",\"response\":null}", "does not say who"},
               {"{\"resultcode\":\"00\",\"response\":[{\"id\":\"7\"}]}", "does not say who"},
               {"{\"resultcode\":\"00\",\"response\":{\"id\":7}}", "does not say who"},
               {"{\"resultcode\":\"00\",\"response\":{\"id\":\"\"}}", "does not say who"},
               {"{\"resultcode\":\"00\",\"response\":{\"nickname\":\"x\"}}", "does not say who"},
               {"[]", "refuses the profile"},
               {"\"00\"", "refuses the profile"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK_MSG(profile_read_naver(ISSUER, json(bad[i].profile), &who, &why) == ERR_DENIED, "%s",
                  bad[i].profile);
        CHECK_MSG(strstr(why.text, bad[i].sentence) != NULL, "%s: %s", bad[i].profile, why.text);
    }
}

int main(void)
{
    RUN(who_it_is_is_kept_as_sent);
    RUN(a_subject_of_no_or_too_many_bytes_is_refused);
    RUN(names_lose_what_hides_or_turns_text);
    RUN(names_are_cut_between_characters);
    RUN(names_keep_what_belongs_together);
    RUN(what_shows_nothing_is_no_name);
    RUN(names_are_cut_between_clusters);
    RUN(names_of_invalid_utf8_never_come_this_far);
    RUN(claims_give_the_nickname_or_else_the_name);
    RUN(naver_says_00_or_nothing);
    arena_free(&arena);
    return check_done();
}
