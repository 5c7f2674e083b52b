#include "particles.h"

#include <ctype.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"

enum sound { VOWEL, RIEUL, CONSONANT };
enum { WORD_MOST = 64, HANGUL_FIRST = 0xAC00, HANGUL_COUNT = 11172, FINALS = 28, RIEUL_FINAL = 8 };

static bool is_vowel(char c)
{
    return c != '\0' && strchr("aeiou", c) != NULL;
}

static bool is_vowel_y(char c)
{
    return is_vowel(c) || c == 'y';
}

/* The letter so many places before the end; '\0' before the beginning. */
static char last(const char *w, size_t n, size_t back)
{
    return back < n ? w[n - 1 - back] : '\0';
}

static bool ends(const char *w, size_t n, const char *end)
{
    size_t e = strlen(end);
    return n >= e && memcmp(w + n - e, end, e) == 0;
}

static bool one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* One vowel between consonants, or at the beginning, before a closed end: rock, magic, up, robot, club. */
static bool is_closed(const char *w, size_t n)
{
    size_t end =
        ends(w, n, "ck") || ends(w, n, "pp") || ends(w, n, "tt") ? 2 : one_of(last(w, n, 0), "ckptb");
    return end > 0 && is_vowel_y(last(w, n, end)) && !is_vowel_y(last(w, n, end + 1));
}

/* song, time, sunshine */
static bool is_nasal_e(const char *w, size_t n)
{
    if (ends(w, n, "ng") || ends(w, n, "ne"))
        return true;
    return ends(w, n, "me") && n > 2; /* behind a vowel or a consonant, not alone */
}

/* The first of the endings that fits, as in the script. */
static enum sound latin_ending(const char *w, size_t n)
{
    if (is_nasal_e(w, n))
        return CONSONANT;
    if ((ends(w, n, "the") && !is_vowel(last(w, n, 3))) || (ends(w, n, "e") && is_vowel(last(w, n, 1))))
        return VOWEL;
    if (ends(w, n, "le") && (one_of(last(w, n, 2), "bcdfgkpstz") || is_vowel_y(last(w, n, 2))))
        return RIEUL;
    if (ends(w, n, "ght"))
        return VOWEL;
    if (ends(w, n, "mb") || one_of(last(w, n, 0), "mn"))
        return CONSONANT;
    if (ends(w, n, "l"))
        return RIEUL;
    static const char *const more[] = {"ook", "oop", "oot", "eep", "ep", "aut", "eut", "out"};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        if (ends(w, n, more[i]))
            return CONSONANT;
    return is_closed(w, n) ? CONSONANT : VOWEL;
}

/* By the Korean name of a letter or a digit. */
static enum sound named(char c)
{
    return one_of(c, "LR178") ? RIEUL : one_of(c, "MN036") ? CONSONANT : VOWEL;
}

/* Whether the last so many letters of a text are no small ones; what is not ASCII counts as one letter, of no size. */
static bool are_capitals(const char *s, size_t n, size_t letters)
{
    for (size_t i = n; i > 0 && letters > 0; i--) {
        unsigned char c = (unsigned char)s[i - 1];
        if (islower(c))
            return false;
        letters -= (c & 0xC0) != 0x80;
    }
    return true;
}

/* The Latin letters that a text ends in, without marks and in small letters. */
static size_t latin_word(const char *s, size_t n, char out[WORD_MOST])
{
    struct buf bare = {0};
    size_t from = n, word = 0;
    while (from > 0 && (unsigned char)s[from - 1] > ' ' && n - from < WORD_MOST)
        from--;
    while (from < n && ((unsigned char)s[from] & 0xC0) == 0x80)
        from++;
    if (unicode_bare(&bare, s + from, n - from) == ERR_OK) {
        while (word < bare.len && word < WORD_MOST - 1 &&
               isalpha((unsigned char)bare.data[bare.len - 1 - word]))
            word++;
        memcpy(out, buf_str(&bare) + bare.len - word, word);
    }
    out[word] = '\0';
    buf_free(&bare);
    return word;
}

/* Without what stands behind the last letter or number: a quotation mark, a bracket. *code: that one. */
static size_t to_last_word(const char *s, size_t n, uint32_t *code)
{
    size_t end = 0;
    *code = 0;
    for (size_t i = 0; i < n;) {
        uint32_t c;
        size_t len = utf8_decode(s + i, n - i, &c);
        if (len == 0)
            break;
        i += len;
        if (unicode_is_word(c)) {
            *code = c;
            end = i;
        }
    }
    return end;
}

static enum sound final_sound(const char *s, size_t n)
{
    uint32_t code;
    char word[WORD_MOST];
    n = to_last_word(s, n, &code);
    if (code >= HANGUL_FIRST && code < HANGUL_FIRST + HANGUL_COUNT) {
        uint32_t final = (code - HANGUL_FIRST) % FINALS;
        return final == 0 ? VOWEL : final == RIEUL_FINAL ? RIEUL : CONSONANT;
    }
    if (code >= '0' && code <= '9')
        return named((char)code);
    size_t letters = latin_word(s, n, word);
    if (letters == 0)
        return VOWEL;
    return are_capitals(s, n, letters) ? named((char)toupper((unsigned char)word[letters - 1]))
                                       : latin_ending(word, letters);
}

static const struct {
    const char *mark, *vowel, *consonant;
    bool after_rieul_as_vowel;
} rows[] = {
    {"[은]", "는", "은", false}, {"[이]", "가", "이", false},     {"[을]", "를", "을", false},
    {"[과]", "와", "과", false}, {"[이라]", "라", "이라", false}, {"[이에]", "예", "이에", false},
    {"[아]", "야", "아", false}, {"[으로]", "로", "으로", true},
};

/* The particle in the place of a mark that stands at s; NULL: none does. */
static const char *particle(const char *text, const char *s, size_t *length)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        *length = strlen(rows[i].mark);
        if (strncmp(s, rows[i].mark, *length) != 0)
            continue;
        enum sound sound = final_sound(text, (size_t)(s - text));
        bool open = sound == VOWEL || (sound == RIEUL && rows[i].after_rieul_as_vowel);
        return open ? rows[i].vowel : rows[i].consonant;
    }
    return NULL;
}

void particles_put(struct buf *out, const char *text)
{
    for (const char *s = text; *s != '\0';) {
        size_t length;
        const char *chosen = *s == '[' ? particle(text, s, &length) : NULL;
        if (chosen == NULL)
            buf_putc(out, *s++);
        else {
            buf_puts(out, chosen);
            s += length;
        }
    }
}
