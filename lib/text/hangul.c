#include "text/hangul.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

enum {
    SYLLABLE_FIRST = 0xac00,
    SYLLABLE_LAST = 0xd7a3,
    PER_VOWEL = 28,
    PER_INITIAL = 21 * PER_VOWEL, /* Unicode 15, section 3.12 */
    JAMO_FIRST = 0x3131,
    JAMO_LAST = 0x314e /* consonants of the compatibility block */
};

/* Initial consonants in syllable order, as compatibility jamo. */
static const uint16_t initials[19] = {0x3131, 0x3132, 0x3134, 0x3137, 0x3138, 0x3139, 0x3141,
                                      0x3142, 0x3143, 0x3145, 0x3146, 0x3147, 0x3148, 0x3149,
                                      0x314a, 0x314b, 0x314c, 0x314d, 0x314e};

/* Clusters that exist only as finals, and the two consonants they are made of. */
static const uint16_t clusters[][3] = {
    {0x3133, 0x3131, 0x3145}, {0x3135, 0x3134, 0x3148}, {0x3136, 0x3134, 0x314e}, {0x313a, 0x3139, 0x3131},
    {0x313b, 0x3139, 0x3141}, {0x313c, 0x3139, 0x3142}, {0x313d, 0x3139, 0x3145}, {0x313e, 0x3139, 0x314c},
    {0x313f, 0x3139, 0x314d}, {0x3140, 0x3139, 0x314e}, {0x3144, 0x3142, 0x3145}};

/* U+00C0…U+017F without their accents; '.' where there is no single letter. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty"
                            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
                            "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
_Static_assert(sizeof latin == 193, "one letter a code point");

static bool is_syllable(uint32_t c)
{
    return c >= SYLLABLE_FIRST && c <= SYLLABLE_LAST;
}

static uint32_t initial_of(uint32_t syllable)
{
    return initials[(syllable - SYLLABLE_FIRST) / PER_INITIAL];
}

/* Blocks that hold separators and symbols only. */
static bool is_symbol(uint32_t c)
{
    return (c >= 0x80 && c < 0xc0) || (c >= 0x2000 && c < 0x2e80) || (c >= 0x3000 && c < 0x3041) ||
           (c >= 0xfe00 && c < 0xfe70) || (c >= 0xff5f && c < 0xff66) || (c >= 0xe000 && c < 0xf900) ||
           c == 0x30fb || c == 0xfeff || c >= 0x1f000;
}

/* The normalised form of one code point; 0 to leave it out. */
static uint32_t fold(uint32_t c)
{
    if (c >= 0xff01 && c <= 0xff5e)
        c -= 0xfee0; /* full-width forms of ASCII */
    if (c >= 'A' && c <= 'Z')
        return c + ('a' - 'A');
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : 0;
    if (c >= 0xc0 && c < 0xc0 + sizeof latin - 1)
        return latin[c - 0xc0] == '.' ? 0 : (uint32_t)latin[c - 0xc0];
    return is_symbol(c) ? 0 : c;
}

static void put_folded(struct buf *out, uint32_t c)
{
    for (size_t i = 0; i < sizeof clusters / sizeof *clusters; i++)
        if (c == clusters[i][0]) {
            utf8_put(out, clusters[i][1]);
            utf8_put(out, clusters[i][2]);
            return;
        }
    if (c != 0)
        utf8_put(out, c);
}

static void normalise(struct buf *out, const char *s, size_t n, bool only_initials)
{
    for (size_t i = 0; i < n;) {
        uint32_t c;
        size_t len = utf8_decode(s + i, n - i, &c);
        i += len > 0 ? len : 1;
        if (len == 0)
            continue;
        c = fold(c);
        put_folded(out, only_initials && is_syllable(c) ? initial_of(c) : c);
    }
}

void hangul_normalise(struct buf *out, const char *s, size_t n)
{
    normalise(out, s, n, false);
}

void hangul_initials(struct buf *out, const char *s, size_t n)
{
    normalise(out, s, n, true);
}

void hangul_search_key(struct buf *out, const char *ko, const char *en)
{
    normalise(out, ko, strlen(ko), false);
    buf_putc(out, '\n');
    normalise(out, en, strlen(en), false);
    buf_putc(out, '\n');
    normalise(out, ko, strlen(ko), true);
}

static bool same(uint32_t wanted, uint32_t have, bool last)
{
    if (wanted == have)
        return true;
    if (!is_syllable(have))
        return false;
    if (wanted >= JAMO_FIRST && wanted <= JAMO_LAST)
        return wanted == initial_of(have);
    bool open = is_syllable(wanted) && (wanted - SYLLABLE_FIRST) % PER_VOWEL == 0;
    return last && open && have - wanted < PER_VOWEL;
}

static bool matches_at(const char *line, size_t n, const char *query, size_t query_n)
{
    size_t at = 0;
    for (size_t i = 0; i < query_n;) {
        uint32_t wanted, have;
        size_t wanted_len = utf8_decode(query + i, query_n - i, &wanted);
        size_t have_len = at < n ? utf8_decode(line + at, n - at, &have) : 0;
        if (wanted_len == 0 || have_len == 0 || !same(wanted, have, i + wanted_len == query_n))
            return false;
        i += wanted_len;
        at += have_len;
    }
    return true;
}

long hangul_find(const char *line, size_t n, const char *query, size_t query_n)
{
    if (query_n == 0)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (((unsigned char)line[i] & 0xc0) != 0x80 && matches_at(line + i, n - i, query, query_n))
            return (long)i;
    return -1;
}
