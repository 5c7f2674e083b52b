/* Latin letters that Unicode does not take apart, as people type them who have only a to z. */
#ifndef MVTI_TEXT_LATIN_H
#define MVTI_TEXT_LATIN_H

#include <stdint.h>

/* One or two letters a … z for a small letter such as æ, ł or ı (as Lucene's ASCIIFoldingFilter has them);
 * NULL for any other code point. */
const char *latin_plain(uint32_t code);

#endif
