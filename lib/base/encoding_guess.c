#include "base/encoding_guess.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/encoding.h"
#include "base/utf8.h"

/* One decoded character: its bytes in the file and its code point. */
struct glyph {
    const unsigned char *raw; /* [n] */
    size_t n;
    uint32_t code;
    bool in_run; /* stands beside another byte above ASCII */
};

static bool between(uint32_t c, uint32_t low, uint32_t high)
{
    return c >= low && c <= high;
}

/* The 2,350 syllables of KS X 1001 that ordinary text is made of. The 8,822 others of CP949 are what smart
 * quotes and accented letters of Western files come out as. */
static bool korean(const struct glyph *g)
{
    return g->n == 2 && between(g->raw[0], 0xb0, 0xc8) && g->raw[1] >= 0xa1;
}

static bool kana(const struct glyph *g)
{
    return between(g->code, 0x3041, 0x30fe);
}

static bool japanese(const struct glyph *g)
{
    return kana(g) || (g->n == 2 && between(g->code, 0x4e00, 0x9fff));
}

/* The first level of GB 2312, 3,755 characters of daily use. */
static bool simplified(const struct glyph *g)
{
    return g->n == 2 && between(g->raw[0], 0xb0, 0xd7) && g->raw[1] >= 0xa1;
}

/* The first level of Big5, 5,401 characters. */
static bool traditional(const struct glyph *g)
{
    return g->n == 2 && between(g->raw[0], 0xa4, 0xc6);
}

static bool cyrillic(const struct glyph *g)
{
    return between(g->code, 0x430, 0x44f) && g->in_run;
}

static bool western(const struct glyph *g)
{
    return between(g->code, 0xa1, 0xff) || g->code == 0x152 || g->code == 0x153 || g->code == 0x160 ||
           g->code == 0x161 || g->code == 0x178 || g->code == 0x17d || g->code == 0x17e ||
           between(g->code, 0x2013, 0x2122) || g->code == 0x20ac;
}

static bool anything(const struct glyph *g)
{
    (void)g;
    return true;
}

static bool punctuation(uint32_t c)
{
    return between(c, 0x2010, 0x203b) || between(c, 0x3000, 0x3020) || between(c, 0xff01, 0xff5e);
}

struct candidate {
    struct encoding_look look;
    bool (*usual)(const struct glyph *g);
    double usual_share; /* least part of the characters above ASCII, punctuation aside */
    bool (*sign)(const struct glyph *g);
    double sign_share; /* least part that tells it from its neighbours */
};

/* In the order of belief: Korean first, because an audience of Koreans uploads Korean files, and because the
 * share that it asks for is one that the others' texts do not reach. */
static const struct candidate candidates[] = {
    {{"cp949", "CP949 (EUC-KR), which Excel in Korean writes as CSV"}, korean, 0.8, anything, 0},
    {{"shift_jis", "Shift_JIS (CP932), which Excel in Japanese writes as CSV"}, japanese, 0.8, kana, 0.2},
    {{"euc-jp", "EUC-JP"}, japanese, 0.8, kana, 0.2},
    {{"gb18030", "GB18030 (GBK), which Excel in Chinese writes as CSV"}, simplified, 0.7, anything, 0},
    {{"big5", "Big5, which Excel in traditional Chinese writes as CSV"}, traditional, 0.7, anything, 0},
    {{"windows-1251", "Windows-1251 (Cyrillic)"}, cyrillic, 0.6, anything, 0},
    {{"windows-1252", "Windows-1252 (Latin-1), which Excel in Western languages writes as CSV"},
     western,
     0.9,
     anything,
     0},
};

struct tally {
    size_t characters, usual, sign, wrong;
};

static void count(struct tally *t, const struct candidate *c, const struct glyph *g)
{
    if (punctuation(g->code) && c->usual != western)
        return;
    t->characters++;
    t->usual += c->usual(g);
    t->sign += c->sign(g);
}

/* The character at bytes, decoded alone; its length in the file, 0 if it is none. */
static size_t glyph_at(struct decoder *d, const char *bytes, size_t n, struct glyph *g)
{
    char out[8];
    for (size_t take = 1; take <= 4 && take <= n; take++) {
        const char *at = bytes;
        size_t left = take;
        size_t made = decoder_run(d, &at, &left, false, out, sizeof out);
        if (made == 0)
            continue; /* it is longer */
        *g = (struct glyph){.raw = (const unsigned char *)bytes, .n = take};
        return out[0] != ENCODING_BAD && utf8_decode(out, made, &g->code) > 0 ? take : 0;
    }
    return 0;
}

static bool is_high(const char *bytes, size_t n, size_t at)
{
    return at < n && (unsigned char)bytes[at] >= 0x80;
}

static void decode(struct tally *t, const struct candidate *c, struct decoder *d, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n;) {
        struct glyph g;
        size_t len = is_high(bytes, n, i) ? glyph_at(d, bytes + i, n - i, &g) : 1;
        if (len == 0) {
            t->wrong++;
            i++;
            continue;
        }
        if (is_high(bytes, n, i)) {
            g.in_run = (i > 0 && is_high(bytes, n, i - 1)) || is_high(bytes, n, i + len);
            count(t, c, &g);
        }
        i += len;
    }
}

static enum err fits(const struct candidate *c, const char *bytes, size_t n, bool *yes)
{
    struct decoder *d;
    struct tally t = {0};
    enum err rc = decoder_open(&d, c->look.name, NULL);
    *yes = false;
    if (rc != ERR_OK)
        return rc == ERR_NOMEM ? rc : ERR_OK; /* this system's iconv does not know it */
    decode(&t, c, d, bytes, n);
    decoder_close(d);
    double all = (double)t.characters;
    *yes = t.usual > 0 && (double)t.wrong <= 0.01 * all && (double)t.usual >= c->usual_share * all &&
           (double)t.sign >= c->sign_share * all;
    return ERR_OK;
}

enum err encoding_guess(const char *bytes, size_t n, const struct encoding_look **out)
{
    enum err rc = ERR_OK;
    *out = NULL;
    for (size_t i = 0; rc == ERR_OK && *out == NULL && i < sizeof candidates / sizeof candidates[0]; i++) {
        bool yes;
        rc = fits(&candidates[i], bytes, n, &yes);
        if (rc == ERR_OK && yes)
            *out = &candidates[i].look;
    }
    return rc;
}
