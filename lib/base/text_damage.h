/* Text that was damaged before it came here: still valid UTF-8, and no longer what somebody wrote. */
#ifndef MVTI_BASE_TEXT_DAMAGE_H
#define MVTI_BASE_TEXT_DAMAGE_H

#include <stdbool.h>

#include "base/buf.h"

/* Was valid UTF-8 encoded twice: are its characters the bytes of UTF-8 that a program took for Windows-1252, where bytes 0x80…0x9f without a
 * character stand for themselves (WHATWG Encoding Standard)? `once` is emptied and, if so, holds the text as it was. False too when the
 * buffer fails. */
bool text_damage_twice(const char *text, size_t n, struct buf *once);
/* What else was lost, in words for a person whose subject is the text, or NULL: U+FFFD, which decoders put where bytes were no text; nothing
 * but two or more question marks, what a database writes for letters that its character set lacks. */
const char *text_damage_lost(const char *text, size_t n);

#endif
