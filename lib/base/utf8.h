/* UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef MVTI_BASE_UTF8_H
#define MVTI_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Decodes the sequence at s (n bytes left, n > 0) into *code and returns its length 1…4; 0 if it is not
 * valid. */
size_t utf8_decode(const char *s, size_t n, uint32_t *code);
/* True if all n bytes are valid UTF-8 and none is NUL. */
bool utf8_valid(const char *s, size_t n);
/* True if all n bytes are ASCII, NUL among them. */
bool utf8_is_ascii(const char *s, size_t n);
/* Number of code points in valid UTF-8. */
size_t utf8_length(const char *s, size_t n);
/* The most bytes of s, n long and valid UTF-8, that are at most `most` and end between characters. */
size_t utf8_cut(const char *s, size_t n, size_t most);
/* Appends one code point; code must be a valid scalar value. */
void utf8_put(struct buf *out, uint32_t code);

#endif
