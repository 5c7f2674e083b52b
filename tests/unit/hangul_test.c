#include "base/utf8.h"
#include "text/hangul.h"
#include "tests/check.h"

static const char *normalised(struct buf *b, const char *s)
{
    buf_reset(b);
    hangul_normalise(b, s, strlen(s));
    return buf_str(b);
}

static void utf8_follows_rfc_3629(void)
{
    static const struct {
        const char *bytes;
        size_t n;
        bool valid;
    } rows[] = {
        {"", 0, true},
        {"abc", 3, true},
        {"아바타", 9, true},
        {"\xf0\x9f\x8e\xac", 4, true},
        {"a\0b", 3, false},             /* NUL */
        {"\xc0\xaf", 2, false},         /* overlong */
        {"\xe0\x80\xaf", 3, false},     /* overlong */
        {"\xed\xa0\x80", 3, false},     /* surrogate */
        {"\xf4\x90\x80\x80", 4, false}, /* above U+10FFFF */
        {"\xec\x95", 2, false},         /* cut */
        {"\x80", 1, false},             /* continuation alone */
        {"\xf5\x80\x80\x80", 4, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_MSG(utf8_valid(rows[i].bytes, rows[i].n) == rows[i].valid, "row %zu", i);
    CHECK_INT(utf8_length("a아바타", 10), 4);
}

static void utf8_put_inverts_decode(void)
{
    struct buf b = {0};
    for (uint32_t c = 1; c < 0x110000; c += c < 0x3000 ? 1 : 97) {
        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        uint32_t back = 0;
        buf_reset(&b);
        utf8_put(&b, c);
        CHECK_MSG(utf8_decode(b.data, b.len, &back) == b.len && back == c, "U+%04X", c);
    }
    buf_free(&b);
}

static void normalising_drops_case_blanks_and_accents(void)
{
    struct buf b = {0};
    CHECK_STR(normalised(&b, "  The Lord of the Rings: The Two Towers "), "thelordoftheringsthetwotowers");
    CHECK_STR(normalised(&b, "아바타: 물의 길"), "아바타물의길");
    CHECK_STR(normalised(&b, "Amélie"), "amelie");
    CHECK_STR(normalised(&b, "Ｗ·８０"), "w80");
    CHECK_STR(normalised(&b, "Škoda Łódź Żeń ő"), "skodalodzzeno");
    CHECK_STR(normalised(&b, "“기생충” – 2019"), "기생충2019");
    CHECK_STR(normalised(&b, "ㄳ"), "ㄱㅅ");
    CHECK_STR(normalised(&b, "千と千尋の神隠し"), "千と千尋の神隠し");
    CHECK_STR(normalised(&b, "a\xff"
                             "b"),
              "ab");
    CHECK_STR(normalised(&b, ""), "");
    buf_free(&b);
}

static void initials_of_syllables(void)
{
    struct buf b = {0};
    hangul_initials(&b, "아바타 2", strlen("아바타 2"));
    CHECK_STR(buf_str(&b), "ㅇㅂㅌ2");
    buf_reset(&b);
    hangul_initials(&b, "까치힣", strlen("까치힣"));
    CHECK_STR(buf_str(&b), "ㄲㅊㅎ");
    buf_reset(&b);
    hangul_search_key(&b, "기생충", "Parasite");
    CHECK_STR(buf_str(&b), "기생충\nparasite\nㄱㅅㅊ");
    buf_free(&b);
}

static void queries_find_titles(void)
{
    static const struct {
        const char *line, *query;
        long at;
    } rows[] = {
        {"아바타", "아바타", 0},
        {"아바타", "ㅇㅂㅌ", 0},
        {"아바타물의길", "ㅁㅇㄱ", 9},
        {"어벤져스", "어ㅂㅈㅅ", 0},
        {"어벤져스", "어베", 0},
        {"어벤져스", "ㅇ벤", 0},
        {"어벤져스", "어베스", -1}, /* only the last syllable may be unfinished */
        {"어벤져스", "어벨", -1},
        {"어벤져스", "ㅏ", -1},
        {"parasite", "site", 4},
        {"parasite", "sites", -1},
        {"까마귀", "ㄱㅁ", -1},
        {"", "a", -1},
        {"a", "", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        long at = hangul_find(rows[i].line, strlen(rows[i].line), rows[i].query, strlen(rows[i].query));
        CHECK_MSG(at == rows[i].at, "'%s' in '%s': %ld", rows[i].query, rows[i].line, at);
    }
}

int main(void)
{
    RUN(utf8_follows_rfc_3629);
    RUN(utf8_put_inverts_decode);
    RUN(normalising_drops_case_blanks_and_accents);
    RUN(initials_of_syllables);
    RUN(queries_find_titles);
    return check_done();
}
