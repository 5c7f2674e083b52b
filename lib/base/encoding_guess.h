/* What bytes look like that are not UTF-8, to tell a person which encoding to name. */
#ifndef MVTI_BASE_ENCODING_GUESS_H
#define MVTI_BASE_ENCODING_GUESS_H

#include <stddef.h>

#include "base/err.h"

struct encoding_look {
    const char *name;  /* for decoder_open and for people: "cp949" */
    const char *words; /* and who writes it: "CP949 (EUC-KR), which Excel in Korean writes as CSV" */
};

/* The encoding that the bytes are most likely in, by which of them decode and whether what comes out are the
 * usual characters of a language. *out is NULL when nothing fits. ERR_NOMEM. About 0.1 µs for a byte above
 * ASCII and encoding.
 */
MUST_USE enum err encoding_guess(const char *bytes, size_t n, const struct encoding_look **out);

#endif
