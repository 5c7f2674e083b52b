/* What "the same text" and "one character" mean to people (Unicode 15, by utf8proc). Texts are valid UTF-8
 * (utf8_valid); they may hold NUL. */
#ifndef MVTI_BASE_UNICODE_H
#define MVTI_BASE_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends the text in Normalization Form C (UAX #15): what is kept and compared. Appends nothing on
 * ERR_INVALID (not UTF-8) and ERR_NOMEM (out->failed as well). ASCII is only copied. */
MUST_USE enum err unicode_nfc(struct buf *out, const char *s, size_t n);
/* Appends what a text is without its form: compatibility decomposition (full-width, superscripts, ligatures,
 * Roman numerals, half-width and compound Hangul become what they stand for; a syllable its conjoining
 * letters), case folded (ß is ss), without marks and without what has no look of its own. For comparing, not
 * for showing. ERR_INVALID, ERR_NOMEM as unicode_nfc. */
MUST_USE enum err unicode_bare(struct buf *out, const char *s, size_t n);
/* A letter or a number of any script (categories L and N). */
bool unicode_is_word(uint32_t code);
/* Controls, ends of lines and paragraphs, and format characters that only hide or turn what stands around
 * them (marks and overrides of direction, U+200B, U+2060, U+FEFF, soft hyphens, tags, annotations …). The
 * joiners U+200C and U+200D are among them; whoever keeps text must know where they belong. */
bool unicode_is_unseen(uint32_t code);
/* Shows nothing, but takes room or changes what stands before it: spaces of all widths, the fillers of
 * Hangul, the empty Braille pattern, variation selectors, U+034F. */
bool unicode_is_blank(uint32_t code);
/* Bytes of the grapheme cluster that begins at s, 1…n (UAX #29, extended): what people take for one
 * character, such as a syllable of conjoining letters, a letter with its marks, a flag, or a family of emoji.
 * n > 0. */
size_t unicode_cluster(const char *s, size_t n);
/* Grapheme clusters in the text. */
size_t unicode_clusters(const char *s, size_t n);
/* Bytes of the longest beginning that has at most `clusters` grapheme clusters and `bytes` bytes and ends
 * between clusters. 0 when the first cluster has more bytes than that. */
size_t unicode_cut(const char *s, size_t n, size_t clusters, size_t bytes);

#endif
