/* Search keys for Korean and English titles.
 *
 * A normalised text has no blanks, punctuation or symbols; Latin letters are lower-case ASCII (accents
 * dropped, full-width forms folded); joined final consonants, which a Korean keyboard makes of two initials
 * typed in a row (ㄱㅅ becomes ㄳ), are taken apart again. Input is taken as NFC; bytes that are not UTF-8
 * are left out. */
#ifndef MVTI_TEXT_HANGUL_H
#define MVTI_TEXT_HANGUL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Appends the normalised text. */
void hangul_normalise(struct buf *out, const char *s, size_t n);
/* Appends the normalised text with every Hangul syllable replaced by its initial consonant (아바타 → ㅇㅂㅌ);
 * what is no syllable stays. */
void hangul_initials(struct buf *out, const char *s, size_t n);
/* Appends "normalised ko\nnormalised en\ninitials of ko": the `search` text of a film in the snapshot. */
void hangul_search_key(struct buf *out, const char *ko, const char *en);
/* Finds a normalised query in a normalised line of n bytes: syllables match themselves, a consonant matches a
 * syllable that begins with it (어ㅂㅈㅅ finds 어벤져스), and a last syllable still being typed matches its
 * completions (어베 finds 어벤져스). Returns the byte offset of the first match, −1 if there is none. O(n ·
 * query). */
long hangul_find(const char *line, size_t n, const char *query, size_t query_n);

#endif
