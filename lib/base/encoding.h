/* Character encodings: what people call them, and their bytes as UTF-8 piece by piece. The only home of
 * iconv. */
#ifndef MVTI_BASE_ENCODING_H
#define MVTI_BASE_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { ENCODING_NAME_MAX = 40 };

/* Stands for input that is no text in its encoding: no byte of UTF-8, so that whoever checks notices. */
#define ENCODING_BAD '\xff'

struct decoder;

/* `label` in any case: one of the names that WHATWG's Encoding Standard gives to Korean, Japanese, Chinese
 * and Western encodings, which mean their supersets as Windows writes them (euc-kr: CP949), or one that iconv
 * knows. ERR_INVALID names what can be given; ERR_NOMEM. */
MUST_USE enum err decoder_open(struct decoder **out, const char *label, struct fail *why);
/* Whether decoder_open would take the label; its errors. NULL is none, and right. */
MUST_USE enum err encoding_check(const char *label, struct fail *why);
/* Safe on NULL. */
void decoder_close(struct decoder *d);
/* What the decoder reads, such as "CP949". */
const char *decoder_name(const struct decoder *d);
/* Converts as much of *in (*n bytes, both moved on) as fits into out [room], room ≥ 8, and gives the bytes
 * written. Each byte (code unit of UTF-16 and UTF-32) that is no text becomes ENCODING_BAD. A character that
 * is cut at the end stays in *in, unless `last`. */
size_t decoder_run(struct decoder *d, const char **in, size_t *n, bool last, char *out, size_t room);

#endif
