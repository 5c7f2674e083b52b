#include "text/search_match.h"

#include <string.h>

#include "text/hangul.h"

enum { LEAST_FORGIVEN = 4, LEAST_SYLLABLES = 3, SYLLABLE_KEYS = 5 };

static bool is_hangul(char c)
{
    return hangul_is_consonant(c) || hangul_is_vowel(c);
}

static bool is_inner(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80;
}

static bool is_end(char c)
{
    return c == '\0' || c == '\n';
}

/* ---- masks ---- */

/* Keys that sound alike share a number, so that a mask forgives what matching forgives. */
static char sound(char c)
{
    return c == '"' ? '&' : c == '$' ? '(' : c; /* ㅐ as ㅔ, ㅒ as ㅖ */
}

static const uint64_t MULTIBYTE = 3ull << 62, HANGUL = 0x1ffffffffull << 26;

static uint64_t letter_bit(char c)
{
    unsigned char u = (unsigned char)sound(c);
    if (u >= 'a' && u <= 'z')
        return 1ull << (u - 'a');
    if (u >= 'A' && hangul_is_consonant((char)u))
        return 1ull << (26 + u - 'A');
    if (hangul_is_vowel((char)u))
        return 1ull << (45 + u - '!');
    return 1ull << (u < 0x80 ? 59 + u % 3 : 62 + u % 2);
}

static uint64_t pair_bit(char a, char b)
{
    unsigned x = (unsigned char)sound(a), y = (unsigned char)sound(b);
    return 1ull << ((x * 256 + y) * 0x9e3779b1u >> 26);
}

struct search_mask search_mask_key(const char *key)
{
    struct search_mask m = {0};
    char before = '\n';
    bool head = true;
    for (; *key != '\0'; key++) {
        if (*key == ' ' || *key == '\n') {
            head = true;
            before = *key == '\n' ? *key : before;
            continue;
        }
        m.letters |= letter_bit(*key);
        if (head)
            m.heads |= letter_bit(*key);
        if (before != '\n')
            m.pairs |= pair_bit(before, *key);
        before = *key;
        head = false;
    }
    return m;
}

struct search_mask search_mask_query(const char *query, size_t n)
{
    struct search_mask m = {.heads = n == 0 ? 0 : letter_bit(query[0])};
    for (size_t i = 0; i < n; i++) {
        m.letters |= letter_bit(query[i]);
        /* a consonant without a vowel may stand for a syllable, whose rest comes first */
        if (i + 1 < n && (!hangul_is_consonant(query[i]) || hangul_is_vowel(query[i + 1])))
            m.pairs |= pair_bit(query[i], query[i + 1]);
    }
    return m;
}

/* ---- matching ---- */

/* Behind the vowels and final consonants of a syllable. */
static const char *behind_syllable(const char *s)
{
    while (hangul_is_vowel(*s))
        s++;
    while (hangul_is_consonant(*s) && !hangul_is_vowel(s[1]))
        s++;
    return s;
}

/* Where a match that begins at s ends; NULL if there is none. */
static const char *match_at(const char *s, const char *query, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        while (*s == ' ')
            s++;
        if (*s != query[i])
            return NULL;
        s++;
        bool alone = hangul_is_consonant(query[i]) && (i + 1 == n || !hangul_is_vowel(query[i + 1]));
        if (alone && hangul_is_vowel(*s))
            s = behind_syllable(s);
    }
    return s;
}

/* Not in the middle of a syllable or of a character of several bytes. */
static bool begins_unit(const char *line, const char *s)
{
    if (is_inner(*s))
        return false;
    if (!is_hangul(*s) || (hangul_is_consonant(*s) && hangul_is_vowel(s[1])))
        return true;
    return s == line || !is_hangul(s[-1]);
}

static const char *behind_article(const char *line)
{
    static const char *const articles[] = {"the ", "a ", "an "};
    for (size_t i = 0; i < sizeof articles / sizeof *articles; i++)
        if (strncmp(line, articles[i], strlen(articles[i])) == 0)
            return line + strlen(articles[i]);
    return line;
}

static enum search_place at_beginning(const char *line, const char *query, size_t n)
{
    const char *end = match_at(line, query, n), *bare = behind_article(line);
    if (end == NULL && bare != line)
        end = match_at(bare, query, n);
    if (end == NULL)
        return SEARCH_NOWHERE;
    return is_end(*end) ? SEARCH_EXACT : SEARCH_BEGINNING;
}

static enum search_place within(const char *line, const char *query, size_t n)
{
    enum search_place best = SEARCH_NOWHERE;
    for (const char *s = line + !is_end(*line); !is_end(*s) && best > SEARCH_WORD; s++)
        if (*s == query[0] && begins_unit(line, s) && match_at(s, query, n) != NULL)
            best = s[-1] == ' ' ? SEARCH_WORD : SEARCH_INSIDE;
    return best;
}

static const char *next_line(const char *s)
{
    s = strchrnul(s, '\n');
    return s + (*s == '\n');
}

static bool is_inside(const char *key, const char *query, size_t n)
{
    const char *line = key;
    for (const char *s = key; *s != '\0'; s++) {
        line = *s == '\n' ? s + 1 : line;
        if (*s == query[0] && begins_unit(line, s) && match_at(s, query, n) != NULL)
            return true;
    }
    return false;
}

enum search_place search_match(const char *key, const char *query, size_t n, bool heads)
{
    enum search_place best = SEARCH_NOWHERE;
    if (!heads)
        return is_inside(key, query, n) ? SEARCH_INSIDE : SEARCH_NOWHERE;
    for (const char *line = key; *line != '\0' && best > SEARCH_EXACT; line = next_line(line)) {
        enum search_place place = at_beginning(line, query, n);
        if (place > SEARCH_WORD && best > SEARCH_WORD)
            place = within(line, query, n);
        best = place < best ? place : best;
    }
    return best;
}

static bool begins_word(const char *key, const char *s)
{
    return s == key || s[-1] == ' ' || s[-1] == '\n';
}

bool search_match_word(const char *key, const char *word, size_t n)
{
    for (const char *s = key; *s != '\0'; s++)
        if (*s == word[0] && begins_word(key, s) && match_at(s, word, n) != NULL)
            return true;
    return false;
}

/* ---- mistakes ---- */

static const char *past_blank(const char *s)
{
    while (*s == ' ')
        s++;
    return s;
}

/* Behind a key or a character of several bytes, which a line or a query never ends within. */
static const char *behind(const char *s)
{
    do
        s++;
    while (is_inner(*s));
    return s;
}

/* Advances both as far as they are the same; true if that is the whole query. */
static bool run(const char **s, const char **query, const char *query_end)
{
    for (;; ++*s, ++*query) {
        *s = past_blank(*s);
        if (*query == query_end)
            return true;
        if (sound(**s) == sound(**query))
            continue;
        for (; is_inner(**query); --*query)
            --*s;
        return false;
    }
}

static bool same(const char *s, const char *query, const char *query_end)
{
    return query <= query_end && run(&s, &query, query_end);
}

static bool mistyped_at(const char *s, const char *query, const char *query_end)
{
    if (run(&s, &query, query_end))
        return true;
    const char *query_next = behind(query);
    if (same(s, query_next, query_end)) /* one too many */
        return true;
    if (is_end(*s))
        return false;
    const char *next = past_blank(behind(s));
    if (same(next, query_next, query_end) || same(next, query, query_end)) /* a wrong one, one too few */
        return true;
    const char *first = query_next; /* changed places: the title's first is the query's second */
    return first < query_end && same(next, query, query_next) && same(s, first, behind(first)) &&
           same(past_blank(behind(next)), behind(first), query_end);
}

/* ---- a mistaken syllable ---- */

static bool begins_syllable(const char *s)
{
    return hangul_is_consonant(*s) && hangul_is_vowel(s[1]);
}

/* From where both differ, back to the beginning of the query's syllable: the title has the same keys there.
 */
static void back_to_syllable(const char **s, const char **query, const char *first)
{
    while (*query > first && !begins_syllable(*query)) {
        --*query;
        do
            --*s;
        while (**s == ' ');
    }
}

/* One syllable too many, too few or another one, of three or more that are typed. */
static bool misspelt_at(const char *s, const char *query, size_t n)
{
    const char *first = query, *end = query + n;
    if (run(&s, &query, end))
        return true;
    back_to_syllable(&s, &query, first);
    const char *second = begins_syllable(query) ? behind_syllable(query + 1) : behind(query);
    const char *next =
        is_end(*s) ? NULL : past_blank(begins_syllable(s) ? behind_syllable(s + 1) : behind(s));
    return same(s, second, end) || (next != NULL && (same(next, query, end) || same(next, second, end)));
}

static size_t syllables(const char *query, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i + 1 < n; i++)
        count += begins_syllable(query + i);
    return count;
}

/* With one mistake, one of the first two keys is where it was or beside it. */
static bool may_begin(const char *s, const char *query)
{
    char a = sound(s[0]), b = sound(s[1]), x = sound(query[0]), y = sound(query[1]);
    return a == x || a == y || b == x || b == y || b == ' ';
}

/* Keys and characters of several bytes. */
static size_t units(const char *query, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += !is_inner(query[i]);
    return count;
}

bool search_match_mistyped(const char *key, const char *query, size_t n)
{
    if (n >= 2 && is_hangul(query[n - 1]) && search_match_word(key, query, n - 1))
        return true;
    bool misspelt = syllables(query, n) >= LEAST_SYLLABLES;
    bool forgiven = units(query, n) >= LEAST_FORGIVEN;
    for (const char *s = key; forgiven && *s != '\0'; s++) {
        if (!begins_word(key, s))
            continue;
        if ((may_begin(s, query) && mistyped_at(s, query, query + n)) ||
            (misspelt && misspelt_at(s, query, n)))
            return true;
    }
    return false;
}

bool search_match_may_be_mistyped(struct search_mask title, struct search_mask query)
{
    int letters = __builtin_popcountll(query.letters & ~title.letters);
    int pairs = __builtin_popcountll(query.pairs & ~title.pairs);
    if ((query.letters & MULTIBYTE) != 0) /* up to three letters of up to four bytes */
        return letters <= 2 && pairs <= 13;
    if (__builtin_popcountll(query.letters & HANGUL) >= 3) /* a syllable */
        return letters <= SYLLABLE_KEYS && pairs <= SYLLABLE_KEYS + 1;
    return letters == 0 ? pairs <= 3
                        : letters == 1 && pairs <= 2; /* changed places; a wrong one, one too many */
}
