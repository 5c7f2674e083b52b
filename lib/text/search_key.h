/* Titles and queries as search compares them: only what is typed counts.
 *
 * A key is words with one blank between, in letters a … z, digits, keys of Hangul (text/hangul.h) and UTF-8
 * of other scripts: no case, marks, punctuation or symbols; æ is ae, ³ is 3, Ⅱ is ii, full-width and
 * half-width forms are plain, NFC and NFD the same. A word also ends where the script changes or digits begin
 * or end. A text without any letter or digit is its symbols ("$", "…", "🎬"). */
#ifndef MVTI_TEXT_SEARCH_KEY_H
#define MVTI_TEXT_SEARCH_KEY_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends the readings of a title, a key and '\n' each; one that stands in out already is left out. First the
 * whole, then, as far as there are any: the title without what stands in parentheses at its end, each of
 * these
 * ("(a.k.a. The Professional) (Léon)"), all with an article behind a comma put first ("Haine, La"), with "&"
 * and
 * "+" read as "and", and with each number in the three ways in which it is written: "Rocky II", "Rocky 2",
 * "Rocky Two" (to twenty). A number is a whole word and not the first; i, v and x alone are numerals, and
 * their like (5, ten), only at the end of a title, in front of a colon, dash or parenthesis (World War I: …)
 * or of 편. What is no UTF-8 is taken as "". ERR_NOMEM. */
MUST_USE enum err search_key_title(struct buf *out, const char *title);
/* Appends the key of a query; "대부 2편" is 대부 2. ERR_NOMEM. */
MUST_USE enum err search_key_query(struct buf *out, const char *query);
/* Appends the key of what the same keys give on the other keyboard: "eoqn" is 대부, "ㅎㅐㅇ" is god. Nothing
 * for a query that has letters of both or of other scripts. ERR_NOMEM. */
MUST_USE enum err search_key_other_keyboard(struct buf *out, const char *query);

#endif
