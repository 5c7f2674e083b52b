/* Keys of Hangul against an input method written from the keyboard's description (tests/fixture/ime.h). */
#include "text/hangul.h"

#include "base/unicode.h"
#include "base/utf8.h"
#include "fixture/ime.h"
#include "tests/check.h"

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
        {"\xbf\xbf", 2, false},         /* and in pairs */
        {"\xa0\x80", 2, false},
        {"\xc1\xbf", 2, false}, /* overlong */
        {"\xf5\x80\x80\x80", 4, false},
        {"\xed\x9f\xbf", 3, true}, /* the ends of what is no character */
        {"\xed\xbf\xbf", 3, false},
        {"\xee\x80\x80", 3, true},
        {"\xf4\x8f\xbf\xbf", 4, true},
        {"\xc2\x80", 2, true}, /* the least of each length */
        {"\xe0\xa0\x80", 3, true},
        {"\xf0\x90\x80\x80", 4, true},
        {"\xf0\x8f\xbf\xbf", 4, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_MSG(utf8_valid(rows[i].bytes, rows[i].n) == rows[i].valid, "row %zu", i);
    CHECK_INT(utf8_length("a아바타", 10), 4);
    CHECK(utf8_cut("a아바", 7, 7) == 7 && utf8_cut("a아바", 7, 6) == 4 && utf8_cut("a아바", 7, 3) == 1 &&
          utf8_cut("아", 3, 2) == 0);
    static const char rests[] = "a\x80\x80\x80"; /* no text: nothing to begin at */
    CHECK(utf8_cut(rests + 1, 3, 2) == 0 && utf8_cut(rests + 1, 3, 0) == 0);
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

/* Keys of a text by NFKD and hangul_keys. */
static void keys_of(struct buf *out, const char *text)
{
    struct buf bare = {0};
    CHECK(unicode_bare(&bare, text, strlen(text)) == ERR_OK);
    for (size_t i = 0; i < bare.len;) {
        uint32_t c = 0;
        char keys[HANGUL_KEYS_MAX];
        i += utf8_decode(bare.data + i, bare.len - i, &c);
        buf_put(out, keys, hangul_keys(c, keys));
    }
    buf_free(&bare);
}

/* The keys one by one, each shown as the letter it is. */
static void twin_keys_of(struct buf *out, const char *text)
{
    uint32_t keys[16];
    struct buf letter = {0};
    size_t n = ime_keys(text, keys);
    for (size_t i = 0; i < n; i++) {
        buf_reset(&letter);
        utf8_put(&letter, keys[i]);
        keys_of(out, buf_str(&letter));
    }
    buf_free(&letter);
}

static void every_syllable_is_its_keys(void)
{
    struct buf text = {0}, got = {0}, want = {0};
    for (uint32_t c = 0xac00; c <= 0xd7a3; c++) {
        buf_reset(&text);
        buf_reset(&got);
        buf_reset(&want);
        utf8_put(&text, c);
        keys_of(&got, buf_str(&text));
        twin_keys_of(&want, buf_str(&text));
        CHECK_MSG(got.len >= 2 && strcmp(buf_str(&got), buf_str(&want)) == 0, "%s", buf_str(&text));
        CHECK(hangul_is_consonant(got.data[0]) && hangul_is_vowel(got.data[1]));
    }
    buf_free(&text);
    buf_free(&got);
    buf_free(&want);
}

/* What the input method shows has the keys that were pressed, and no others. */
static void what_is_shown_has_the_keys_pressed(void)
{
    static const char *const texts[] = {"대부",      "과학",   "닭고기", "값싼",
                                        "괜찮아 워", "ㅅㄱㄹ", "쌍화점", "앉은 읽기"};
    struct buf shown = {0}, got = {0}, want = {0};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
        uint32_t keys[128];
        size_t n = ime_keys(texts[t], keys);
        buf_reset(&shown);
        ime_show(&shown, keys, n);
        CHECK_MSG(strchr(texts[t], ' ') != NULL || t == 5 || strcmp(buf_str(&shown), texts[t]) == 0, "%s: %s",
                  texts[t], buf_str(&shown));
        for (size_t i = 0; i <= n; i++) {
            buf_reset(&shown);
            buf_reset(&got);
            buf_reset(&want);
            ime_show(&shown, keys, i);
            keys_of(&got, buf_str(&shown));
            for (size_t k = 0; k < i; k++) {
                struct buf one = {0};
                utf8_put(&one, keys[k]);
                keys_of(&want, buf_str(&one));
                buf_free(&one);
            }
            CHECK_MSG(strcmp(buf_str(&got), buf_str(&want)) == 0, "%s after %zu keys: %s", texts[t], i,
                      buf_str(&shown));
        }
    }
    buf_free(&shown);
    buf_free(&got);
    buf_free(&want);
}

static void all_forms_of_a_letter_are_one_key(void)
{
    static const char *const forms[][2] = {
        {"대부", "\u1103\u1162\u1107\u116e"}, /* conjoining */
        {"ㄷㅂ", "\uffa7\uffb2"},             /* half-width */
        {"ㄱㅅ", "ㄳ"},                       /* a pair that keyboards join */
        {"ㄱㅅ", "\uffa3"},                   /* likewise, half-width */
        {"대", "ㄷㅐ"},
        {"과", "ㄱㅗㅏ"},
        {"가", "ㄱ\u3164ㅏ"}, /* a filler is nothing */
    };
    struct buf a = {0}, b = {0};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        buf_reset(&a);
        buf_reset(&b);
        keys_of(&a, forms[i][0]);
        keys_of(&b, forms[i][1]);
        CHECK_MSG(a.len > 0 && strcmp(buf_str(&a), buf_str(&b)) == 0, "row %zu", i);
    }
    buf_free(&a);
    buf_free(&b);
}

static void the_keyboards_are_each_other_s(void)
{
    static const char latin[] = "qwertyuiopasdfghjklzxcvbnmQWERTOP";
    static const char *const hangul =
        "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ"; /* KS X 5002 */
    struct buf keys = {0};
    keys_of(&keys, hangul);
    CHECK_INT(keys.len, sizeof latin - 1);
    for (size_t i = 0; i < keys.len; i++) {
        CHECK_INT(hangul_from_latin(latin[i]), keys.data[i]);
        CHECK_INT(hangul_to_latin(keys.data[i]), latin[i]);
    }
    CHECK_INT(hangul_from_latin('A'), hangul_from_latin('a'));
    CHECK_INT(hangul_from_latin('1'), 0);
    CHECK_INT(hangul_from_latin('\0'), 0);
    CHECK_INT(hangul_to_latin('a'), 0);
    buf_free(&keys);
}

int main(void)
{
    RUN(utf8_follows_rfc_3629);
    RUN(utf8_put_inverts_decode);
    RUN(every_syllable_is_its_keys);
    RUN(what_is_shown_has_the_keys_pressed);
    RUN(all_forms_of_a_letter_are_one_key);
    RUN(the_keyboards_are_each_other_s);
    return check_done();
}
