/* What BERT's basic tokenizer and TF-IDF need to know of a code point. The tables are those of Hugging Face
 * `tokenizers` (tests/tools/make_bert_unicode.py), whose Unicode is older than that of base/unicode.h: a
 * vocabulary was trained with them, so a newer table would tokenize differently. */
#ifndef MVTI_TEXT_BERT_UNICODE_H
#define MVTI_TEXT_BERT_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum bert_unicode_kind {
    BERT_UNICODE_PLAIN,
    BERT_UNICODE_DROP, /* control, format, private use, U+FFFD */
    BERT_UNICODE_SPACE,
    BERT_UNICODE_PUNCTUATION, /* category P*, and every ASCII sign */
    BERT_UNICODE_CJK          /* a Chinese character: a word by itself. Not Hangul, not kana */
};

enum { BERT_UNICODE_MAP_MAX = 3 };

enum bert_unicode_kind bert_unicode_kind(uint32_t code);
/* Lower case into out; the number of code points (1…3). */
size_t bert_unicode_lower(uint32_t code, uint32_t out[BERT_UNICODE_MAP_MAX]);
/* Canonical decomposition (NFD) without its nonspacing marks (category Mn): "é" gives "e", a mark gives
 * nothing, a Hangul syllable its two or three conjoining letters. The number of code points (0…3). */
size_t bert_unicode_strip(uint32_t code, uint32_t out[BERT_UNICODE_MAP_MAX]);
bool bert_unicode_is_syllable(uint32_t code); /* Hangul, U+AC00…U+D7A3 */

#endif
