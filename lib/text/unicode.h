/* What BERT's basic tokenizer and TF-IDF need to know of a code point. The tables are those of Hugging Face
 * `tokenizers` (tests/tools/make_unicode.py). */
#ifndef MVTI_TEXT_UNICODE_H
#define MVTI_TEXT_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum unicode_kind {
    UNICODE_PLAIN,
    UNICODE_DROP, /* control, format, private use, U+FFFD */
    UNICODE_SPACE,
    UNICODE_PUNCTUATION, /* category P*, and every ASCII sign */
    UNICODE_CJK          /* a Chinese character: a word by itself. Not Hangul, not kana */
};

enum { UNICODE_MAP_MAX = 3 };

enum unicode_kind unicode_kind(uint32_t code);
/* Lower case into out; the number of code points (1…3). */
size_t unicode_lower(uint32_t code, uint32_t out[UNICODE_MAP_MAX]);
/* Canonical decomposition (NFD) without its nonspacing marks (category Mn): "é" gives "e", a mark gives
 * nothing, a Hangul syllable its two or three conjoining letters. The number of code points (0…3). */
size_t unicode_strip(uint32_t code, uint32_t out[UNICODE_MAP_MAX]);
bool unicode_is_syllable(uint32_t code); /* Hangul, U+AC00…U+D7A3 */

#endif
