#include "text/search_key.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "text/article.h"
#include "text/hangul.h"
#include "text/latin.h"

enum { READINGS_BYTES = 4096, NUMERAL_MAX = 39, NUMERAL_BYTES = 12, WORD_MAX = 20 };

enum kind { GAP, LATIN, DIGITS, HANGUL, OTHER, AND };

struct word {
    size_t at, n; /* in words.bytes */
    enum kind kind;
    bool glued;  /* nothing stands between it and the word before */
    bool closes; /* the title or a part of it ends behind it */
};

struct words {
    struct buf bytes;
    struct vec all; /* struct word */
    bool glue;      /* nothing has stood behind the last word so far */
};

struct slice {
    const char *s;
    size_t n;
};

/* ---- words ---- */

static enum kind put_code(struct buf *out, uint32_t code)
{
    char keys[HANGUL_KEYS_MAX];
    const char *plain = latin_plain(code);
    size_t n = hangul_keys(code, keys);
    if (n > 0) {
        buf_put(out, keys, n);
        return HANGUL;
    }
    if (plain != NULL) {
        buf_puts(out, plain);
        return LATIN;
    }
    utf8_put(out, code);
    if (code < 0x80)
        return code <= '9' ? DIGITS : LATIN;
    return OTHER;
}

/* Characters inside words that count for nothing: apostrophes, and letters of Hangul that no syllable has
 * today, such as the dot that phones show while a vowel is put together. */
static bool is_nothing(uint32_t code)
{
    char keys[HANGUL_KEYS_MAX];
    return code == '\'' || code == '`' || code == 0x2019 || code == 0x2bc ||
           (hangul_is_letter(code) && hangul_keys(code, keys) == 0);
}

static bool ends_part(uint32_t code)
{
    return code == ':' || code == '-' || code == '(' || code == ')' || (code >= 0x2010 && code <= 0x2015);
}

static void take_gap(struct words *w, uint32_t code)
{
    struct word *last = w->all.len == 0 ? NULL : (struct word *)w->all.data + w->all.len - 1;
    if (code == '&' || code == '+') {
        struct word both = {.at = w->bytes.len, .n = 3, .kind = AND};
        buf_puts(&w->bytes, "and");
        w->bytes.failed |= !vec_push(&w->all, &both);
    } else if (last != NULL && ends_part(code)) {
        last->closes = true;
    }
    w->glue = false;
}

static void take_code(struct words *w, uint32_t code)
{
    if (is_nothing(code))
        return;
    if (!unicode_is_word(code)) {
        take_gap(w, code);
        return;
    }
    size_t at = w->bytes.len;
    enum kind kind = put_code(&w->bytes, code);
    struct word *last = w->all.len == 0 ? NULL : (struct word *)w->all.data + w->all.len - 1;
    if (last != NULL && w->glue && last->kind == kind) {
        last->n += w->bytes.len - at;
        return;
    }
    struct word next = {.at = at, .n = w->bytes.len - at, .kind = kind, .glued = w->glue};
    w->bytes.failed |= !vec_push(&w->all, &next);
    w->glue = true;
}

static void take_slice(struct words *w, struct slice text)
{
    for (size_t i = 0; i < text.n;) {
        uint32_t code = 0;
        size_t len = utf8_decode(text.s + i, text.n - i, &code);
        if (len > 0)
            take_code(w, code);
        i += len > 0 ? len : 1;
    }
    w->glue = false;
}

static void words_reset(struct words *w)
{
    buf_reset(&w->bytes);
    w->all.len = 0;
    w->glue = false;
}

static void words_free(struct words *w)
{
    buf_free(&w->bytes);
    vec_free(&w->all);
}

/* ---- numerals ---- */

static void roman(unsigned value, char out[NUMERAL_BYTES])
{
    static const char *const ones[] = {"", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"};
    static const char *const tens[] = {"", "x", "xx", "xxx"};
    snprintf(out, NUMERAL_BYTES, "%s%s", tens[value / 10], ones[value % 10]);
}

/* 1 … 39 for a Roman numeral as it is written today, else 0. */
static unsigned roman_value(const char *s, size_t n)
{
    char one[NUMERAL_BYTES];
    if (n >= NUMERAL_BYTES || strspn(s, "ivx") < n)
        return 0;
    for (unsigned value = 1; value <= NUMERAL_MAX; value++) {
        roman(value, one);
        if (strlen(one) == n && memcmp(one, s, n) == 0)
            return value;
    }
    return 0;
}

static unsigned digits_value(const char *s, size_t n)
{
    unsigned value = (unsigned)(s[0] - '0');
    if (n == 2)
        value = value * 10 + (unsigned)(s[1] - '0');
    return n > 2 || s[0] == '0' || value > NUMERAL_MAX ? 0 : value;
}

static const char *const number_words[WORD_MAX + 1] = {
    "",         "one",     "two",     "three",     "four",     "five",     "six",
    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",   "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"};

static unsigned spelt_value(const char *s, size_t n)
{
    for (unsigned value = 1; value <= WORD_MAX; value++)
        if (strlen(number_words[value]) == n && memcmp(number_words[value], s, n) == 0)
            return value;
    return 0;
}

/* Is this 편 behind a number, as in 대부 2편? It only counts. */
static bool counts_films(const struct words *w, size_t i)
{
    static const uint32_t letters[] = {0x1111, 0x1167, 0x11ab};
    const struct word *words = w->all.data;
    char keys[3 * HANGUL_KEYS_MAX];
    size_t n = 0;
    if (i == 0 || i >= w->all.len || words[i].kind != HANGUL)
        return false;
    for (size_t k = 0; k < sizeof letters / sizeof *letters; k++)
        n += hangul_keys(letters[k], keys + n);
    const char *before = w->bytes.data + words[i - 1].at;
    bool number = words[i - 1].kind == DIGITS ||
                  (words[i - 1].kind == LATIN && roman_value(before, words[i - 1].n) > 0);
    return number && words[i].n == n && memcmp(w->bytes.data + words[i].at, keys, n) == 0;
}

/* The number that a word stands for in a series, 0 if it stands for none. */
static unsigned numeral(const struct words *w, size_t i)
{
    const struct word *words = w->all.data, *one = &words[i];
    const char *s = w->bytes.data + one->at;
    bool runs_on = i + 1 < w->all.len && words[i + 1].glued && words[i + 1].kind == LATIN; /* 3D */
    unsigned value = 0;
    if (i == 0 || runs_on)
        return 0;
    if (one->kind == LATIN)
        value = roman_value(s, one->n) + spelt_value(s, one->n); /* no word is both */
    else if (one->kind == DIGITS)
        value = digits_value(s, one->n);
    bool one_letter = value == 1 || value == 5 || value == 10;
    return one_letter && !one->closes && i + 1 < w->all.len && !counts_films(w, i + 1) ? 0 : value;
}

/* ---- readings ---- */

enum reading { PLAIN, WITH_AND = 1, AS_DIGITS = 2, AS_ROMAN = 4, AS_WORDS = 8, WITHOUT_COUNTER = 16 };

static void put_word(struct buf *out, const struct words *w, size_t i, unsigned how)
{
    const struct word *one = (const struct word *)w->all.data + i;
    char other[NUMERAL_BYTES] = "";
    unsigned value = (how & (AS_DIGITS | AS_ROMAN | AS_WORDS)) != 0 ? numeral(w, i) : 0;
    if (value > 0 && (how & AS_DIGITS) != 0)
        snprintf(other, sizeof other, "%u", value);
    else if (value > 0 && (how & AS_ROMAN) != 0)
        roman(value, other);
    else if (value > 0 && value <= WORD_MAX)
        snprintf(other, sizeof other, "%s", number_words[value]);
    if (other[0] != '\0')
        buf_puts(out, other);
    else
        buf_put(out, w->bytes.data + one->at, one->n);
}

static void put_key(struct buf *out, const struct words *w, unsigned how)
{
    const struct word *words = w->all.data;
    bool first = true;
    for (size_t i = 0; i < w->all.len; i++) {
        if (words[i].kind == AND && (how & WITH_AND) == 0)
            continue;
        if ((how & WITHOUT_COUNTER) != 0 && counts_films(w, i))
            continue;
        if (!first)
            buf_putc(out, ' ');
        put_word(out, w, i, how);
        first = false;
    }
    out->failed |= w->bytes.failed;
}

/* A text of symbols alone: ASCII as its full-width twin, which is no key of Hangul. */
static void put_symbols(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.n;) {
        uint32_t code = 0;
        size_t len = utf8_decode(text.s + i, text.n - i, &code);
        if (len > 0 && code > ' ' && code != 0x3000)
            utf8_put(out, code > 0x20 && code < 0x7f ? code + 0xfee0 : code);
        i += len > 0 ? len : 1;
    }
}

/* Ends the reading that begins at `at`, or takes it back if it is empty or known. */
static void end_reading(struct buf *out, size_t at)
{
    if (out->failed || out->len == at)
        return;
    buf_putc(out, '\n');
    size_t n = out->len - at;
    for (size_t line = 0; line < at && !out->failed;) {
        size_t len =
            (size_t)((char *)memchr(out->data + line, '\n', out->len - line) - (out->data + line)) + 1;
        if (len == n && memcmp(out->data + line, out->data + at, n) == 0) {
            out->len = at;
            out->data[at] = '\0';
            return;
        }
        line += len;
    }
}

static void put_readings(struct buf *out, const struct words *w)
{
    static const unsigned hows[] = {PLAIN,
                                    WITH_AND,
                                    AS_DIGITS,
                                    AS_ROMAN,
                                    AS_WORDS,
                                    WITH_AND | AS_DIGITS,
                                    WITH_AND | AS_ROMAN,
                                    WITH_AND | AS_WORDS};
    for (size_t i = 0; i < sizeof hows / sizeof *hows && out->len < READINGS_BYTES; i++) {
        size_t at = out->len;
        put_key(out, w, hows[i]);
        end_reading(out, at);
    }
}

/* ---- parts of a title ---- */

static struct slice trimmed(struct slice text)
{
    while (text.n > 0 && text.s[text.n - 1] == ' ')
        text.n--;
    for (; text.n > 0 && *text.s == ' '; text.s++)
        text.n--;
    return text;
}

/* Takes the parentheses at the end off a title: what stands in them into *inside. False if there are none, or
 * nothing else. */
static bool cut_parenthesis(struct slice *title, struct slice *inside)
{
    struct slice t = trimmed(*title);
    size_t depth = 0;
    for (size_t i = t.n; i-- > 0 && t.s[t.n - 1] == ')';) {
        depth += t.s[i] == ')';
        depth -= t.s[i] == '(';
        if (depth > 0)
            continue;
        *inside = trimmed((struct slice){t.s + i + 1, t.n - i - 2});
        *title = trimmed((struct slice){t.s, i});
        return title->n > 0;
    }
    return false;
}

/* What is behind the last comma if that is an article. */
static bool has_article(struct slice title, struct slice *article)
{
    const char *comma = memrchr(title.s, ',', title.n);
    if (comma == NULL)
        return false;
    *article = trimmed((struct slice){comma + 1, title.n - (size_t)(comma + 1 - title.s)});
    for (const char *const *one = article_list; *one != NULL; one++)
        if (strlen(*one) == article->n && strncasecmp(*one, article->s, article->n) == 0)
            return true;
    return false;
}

static void put_part(struct buf *out, struct words *w, struct slice part)
{
    struct slice article;
    if (has_article(part, &article)) {
        words_reset(w);
        take_slice(w, article);
        take_slice(w, (struct slice){part.s, (size_t)(article.s - part.s)});
        put_readings(out, w);
    }
    words_reset(w);
    take_slice(w, part);
    put_readings(out, w);
}

static struct slice without_aka(struct slice part)
{
    static const char *const marks[] = {"a.k.a.", "aka "};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t n = strlen(marks[i]);
        if (part.n > n && memcmp(part.s, marks[i], n) == 0)
            return trimmed((struct slice){part.s + n, part.n - n});
    }
    return part;
}

static bool is_year(struct slice part)
{
    return part.n == 4 && strspn(part.s, "0123456789") >= 4;
}

static void put_parts(struct buf *out, struct words *w, struct slice title)
{
    struct slice rest = title, inside;
    while (cut_parenthesis(&rest, &inside))
        ;
    put_part(out, w, rest);
    for (rest = title; cut_parenthesis(&rest, &inside);)
        if (!is_year(inside))
            put_part(out, w, without_aka(inside));
}

/* The whole as it is written, so that whoever types or pastes a title as shown finds it. */
static void put_whole(struct buf *out, struct words *w, struct slice title)
{
    size_t at = out->len;
    take_slice(w, title);
    put_key(out, w, PLAIN);
    if (out->len == at)
        put_symbols(out, title);
    end_reading(out, at);
}

enum err search_key_title(struct buf *out, const char *title)
{
    struct words w = {.all = VEC_OF(struct word)};
    struct buf bare = {0};
    if (unicode_bare(&bare, title, strlen(title)) == ERR_OK) {
        struct slice text = {buf_str(&bare), bare.len};
        put_whole(out, &w, text);
        put_parts(out, &w, text);
    }
    out->failed |= bare.failed;
    words_free(&w);
    buf_free(&bare);
    return out->failed ? ERR_NOMEM : ERR_OK;
}

enum err search_key_query(struct buf *out, const char *query)
{
    struct words w = {.all = VEC_OF(struct word)};
    struct buf bare = {0};
    size_t at = out->len;
    if (unicode_bare(&bare, query, strlen(query)) == ERR_OK) {
        struct slice text = {buf_str(&bare), bare.len};
        take_slice(&w, text);
        put_key(out, &w, WITHOUT_COUNTER);
        if (out->len == at)
            put_symbols(out, text);
    }
    out->failed |= bare.failed;
    words_free(&w);
    buf_free(&bare);
    return out->failed ? ERR_NOMEM : ERR_OK;
}

/* ---- the other keyboard ---- */

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Shift tells two keys of Hangul apart; Caps Lock does not. */
static void from_latin(struct buf *out, const char *query, const char *key)
{
    bool shift = false;
    for (const char *s = query; *s != '\0'; s++)
        shift |= is_small(*s);
    for (const char *s = shift ? query : key; *s != '\0'; s++) {
        char c = hangul_from_latin(*s);
        if (c != 0)
            buf_putc(out, c);
        else if ((*s >= '0' && *s <= '9') || *s == ' ')
            buf_putc(out, *s);
    }
}

static void to_latin(struct buf *out, const char *key)
{
    for (; *key != '\0'; key++) {
        char c = hangul_to_latin(*key);
        buf_putc(out, c == 0 ? *key : c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
    }
}

enum err search_key_other_keyboard(struct buf *out, const char *query)
{
    struct buf key = {0};
    bool latin = false, hangul = false, other = false;
    enum err rc = search_key_query(&key, query);
    for (const char *s = buf_str(&key); *s != '\0'; s++) {
        latin |= is_small(*s);
        hangul |= hangul_is_consonant(*s) || hangul_is_vowel(*s);
        other |= (unsigned char)*s >= 0x80;
    }
    if (rc == ERR_OK && latin && !hangul && !other)
        from_latin(out, query, buf_str(&key));
    else if (rc == ERR_OK && hangul && !latin && !other)
        to_latin(out, buf_str(&key));
    buf_free(&key);
    return out->failed ? ERR_NOMEM : rc;
}
