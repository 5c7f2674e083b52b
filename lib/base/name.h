/* Names of people and titles of films, as they are kept: one line that stands by itself. */
#ifndef MVTI_BASE_NAME_H
#define MVTI_BASE_NAME_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Appends a name in NFC without characters that hide or turn text (unicode_is_unseen), without blanks at its
 * ends, and of at most `most` code points, cut between grapheme clusters (inside one only if it alone is
 * longer). What holds characters together stays where it does: U+200C and U+200D between letters of scripts
 * that join and between emoji, tags behind a flag. Nothing is appended for a name that shows nothing.
 * ERR_INVALID: not UTF-8; ERR_NOMEM. */
MUST_USE enum err name_clean(struct buf *out, const char *name, size_t n, size_t most);

#endif
