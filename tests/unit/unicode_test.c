/* Normalization and grapheme clusters: the Unicode standard's own examples, and rules that hold for every
 * code point. */
#include "base/unicode.h"

#include "base/utf8.h"
#include "tests/check.h"

static struct buf b;

static const char *nfc(const char *s)
{
    buf_reset(&b);
    CHECK(unicode_nfc(&b, s, strlen(s)) == ERR_OK);
    return buf_str(&b);
}

static void composing_follows_uax_15(void)
{
    static const struct {
        const char *text, *composed;
    } rows[] = {
        {"", ""},
        {"plain ASCII", "plain ASCII"},
        {"Ame\u0301lie", "Amélie"},
        {"A\u030angstro\u0308m", "Ångström"},
        {"\u212b \u2126", "\u00c5 \u03a9"}, /* singletons: the Ångström and the Ohm sign */
        {"s\u0323\u0307", "\u1e69"},        /* two marks, already in order */
        {"s\u0307\u0323", "\u1e69"},        /* and not */
        {"a\u0315\u0300\u05ae\u0300b", "\u00e0\u05ae\u0300\u0315b"},
        {"\u0958", "\u0915\u093c"}, /* an exclusion stays apart */
        {"\u1112\u1161\u11ab\u1100\u1173\u11af", "한글"},
        {"\ub300\u11a8", "댁"}, /* an open syllable takes a final letter */
        {"Nguye\u0302\u0303n Vie\u0323\u0302t", "Nguyễn Việt"},
        {"\uff71\uff9e \u2163 \u00b3 \ufb01",
         "\uff71\uff9e \u2163 \u00b3 \ufb01"}, /* compatibility forms stay */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_STR(nfc(rows[i].text), rows[i].composed);
}

/* Hangul is composed by arithmetic: all 11,172 syllables from their letters. */
static void every_syllable_is_composed_of_its_letters(void)
{
    struct buf letters = {0};
    for (uint32_t i = 0; i < 11172; i++) {
        uint32_t code = 0;
        buf_reset(&letters);
        utf8_put(&letters, 0x1100 + i / 588);
        utf8_put(&letters, 0x1161 + i % 588 / 28);
        if (i % 28 != 0)
            utf8_put(&letters, 0x11a7 + i % 28);
        const char *syllable = nfc(buf_str(&letters));
        CHECK_MSG(utf8_decode(syllable, b.len, &code) == b.len && code == 0xac00 + i, "syllable %u", i);
    }
    buf_free(&letters);
}

static void composing_twice_changes_nothing(void)
{
    struct buf once = {0}, twice = {0};
    for (uint32_t c = 1; c < 0x110000; c += c < 0x30000 ? 1 : 251) {
        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        struct buf text = {0};
        buf_reset(&once);
        buf_reset(&twice);
        utf8_put(&text, 'a');
        utf8_put(&text, c);
        utf8_put(&text, 0x301);
        CHECK(unicode_nfc(&once, text.data, text.len) == ERR_OK);
        CHECK(unicode_nfc(&twice, once.data, once.len) == ERR_OK);
        CHECK_MSG(strcmp(once.data, twice.data) == 0 && utf8_valid(once.data, once.len), "U+%04X", c);
        buf_free(&text);
    }
    buf_free(&once);
    buf_free(&twice);
}

static void what_is_no_text_is_refused(void)
{
    static const char *const bad[] = {"é\xff", "\xed\xa0\x80", "\xec\x95", "\xc0\xaf"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        buf_reset(&b);
        buf_puts(&b, "kept");
        CHECK_INT(unicode_nfc(&b, bad[i], strlen(bad[i])), ERR_INVALID);
        CHECK_STR(buf_str(&b), "kept");
    }
    buf_reset(&b);
    CHECK(unicode_nfc(&b, "a\0e\u0301", 5) == ERR_OK);
    CHECK(b.len == 4 && memcmp(b.data, "a\0é", 4) == 0);
}

/* One cluster a row: what a person sees as one character. */
static const char *const one[] = {
    "a",
    "한",
    "\u1112\u1161\u11ab", /* conjoining letters */
    "\ub300\u11b8",       /* a syllable and a final letter */
    "e\u0301",
    "Z\u0351\u036b\u0343\u036a", /* marks upon marks */
    "\r\n",
    "👍🏽",                             /* skin tone */
    "👩\u200d❤️\u200d💋\u200d👨", /* joined by U+200D */
    "👨\u200d👩\u200d👧\u200d👦",
    "🏳️\u200d🌈",
    "❤️\u200d🔥",
    "🇰🇷",                                                               /* two regional indicators */
    "1️⃣",                                                          /* keycap */
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", /* a flag of tags */
    "क\u093f",                                                          /* a vowel sign */
    "ก\u0e33",                                                          /* Thai SARA AM */

};

static void clusters_follow_uax_29(void)
{
    for (size_t i = 0; i < sizeof one / sizeof *one; i++) {
        CHECK_MSG(unicode_cluster(one[i], strlen(one[i])) == strlen(one[i]), "row %zu: %s", i, one[i]);
        CHECK_INT(unicode_clusters(one[i], strlen(one[i])), 1);
    }
    CHECK_INT(unicode_clusters("می\u200cخواهم", strlen("می\u200cخواهم")), 7);
    CHECK_INT(unicode_clusters("🇰🇷🇯🇵🇺", strlen("🇰🇷🇯🇵🇺")), 3);
    CHECK_INT(unicode_clusters("", 0), 0);
    CHECK_INT(unicode_cluster("\xff\xff", 2), 1);
}

static void cuts_are_between_clusters(void)
{
    struct buf text = {0};
    size_t n = sizeof one / sizeof *one, before = 0;
    for (size_t i = 0; i < n; i++) {
        buf_puts(&text, one[i]);
        buf_puts(&text, ".");
    }
    for (size_t i = 0; i < n; before += strlen(one[i]) + 1, i++) {
        size_t end = before + strlen(one[i]);
        CHECK_INT(unicode_cut(text.data, text.len, 2 * i + 1, text.len), end);
        for (size_t bytes = before; bytes < end; bytes++)
            CHECK_INT(unicode_cut(text.data, text.len, 1000, bytes), before);
        CHECK_INT(unicode_cut(text.data, text.len, 1000, end), end);
    }
    CHECK_INT(unicode_cut(text.data, text.len, 1000, text.len + 7), text.len);
    CHECK_INT(unicode_cut(text.data, text.len, 0, text.len), 0);
    CHECK_INT(unicode_cut("한", 3, 1, 2), 0);
    buf_free(&text);
}

int main(void)
{
    RUN(composing_follows_uax_15);
    RUN(every_syllable_is_composed_of_its_letters);
    RUN(composing_twice_changes_nothing);
    RUN(what_is_no_text_is_refused);
    RUN(clusters_follow_uax_29);
    RUN(cuts_are_between_clusters);
    buf_free(&b);
    return check_done();
}
