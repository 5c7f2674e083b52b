#include "text/bert_unicode.h"

struct bert_unicode_range {
    uint32_t first, last;
    enum bert_unicode_kind kind;
};

struct bert_unicode_map {
    uint32_t code;
    uint32_t to[BERT_UNICODE_MAP_MAX]; /* ended by 0 */
};

#include "text/bert_unicode_tables.inc"

enum { SYLLABLES = 0xac00, LEADS = 0x1100, VOWELS = 0x1161, TAILS = 0x11a7, N_VOWELS = 21, N_TAILS = 28 };

bool bert_unicode_is_syllable(uint32_t code)
{
    return code >= SYLLABLES && code <= 0xd7a3;
}

enum bert_unicode_kind bert_unicode_kind(uint32_t code)
{
    size_t low = 0, high = sizeof ranges / sizeof *ranges;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (code < ranges[middle].first)
            high = middle;
        else if (code > ranges[middle].last)
            low = middle + 1;
        else
            return ranges[middle].kind;
    }
    return BERT_UNICODE_PLAIN;
}

static size_t map(const struct bert_unicode_map *rows, size_t n, uint32_t code, uint32_t *out)
{
    size_t low = 0, high = n, used = 0;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (rows[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == n || rows[low].code != code) {
        out[0] = code;
        return 1;
    }
    while (used < BERT_UNICODE_MAP_MAX && rows[low].to[used] != 0) {
        out[used] = rows[low].to[used];
        used++;
    }
    return used;
}

size_t bert_unicode_lower(uint32_t code, uint32_t out[BERT_UNICODE_MAP_MAX])
{
    return map(lowered, sizeof lowered / sizeof *lowered, code, out);
}

size_t bert_unicode_strip(uint32_t code, uint32_t out[BERT_UNICODE_MAP_MAX])
{
    if (!bert_unicode_is_syllable(code))
        return map(stripped, sizeof stripped / sizeof *stripped, code, out);
    uint32_t at = code - SYLLABLES, tail = at % N_TAILS;
    out[0] = LEADS + at / (N_VOWELS * N_TAILS);
    out[1] = VOWELS + at / N_TAILS % N_VOWELS;
    out[2] = TAILS + tail;
    return tail == 0 ? 2 : 3;
}
