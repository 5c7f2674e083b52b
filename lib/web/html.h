/* Text into HTML, one function a context. Input is UTF-8. */
#ifndef MVTI_WEB_HTML_H
#define MVTI_WEB_HTML_H

#include <stddef.h>

#include "base/buf.h"

/* Between tags: & < > are escaped. */
void html_text(struct buf *out, const char *s);
/* Inside a double- or single-quoted attribute: & < > " ' are escaped. */
void html_attribute(struct buf *out, const char *s);
/* Appends plain text, not escaped: the same in at most `most` characters as people count them (grapheme
 * clusters), with runs of blanks and ends of lines as one blank. What is longer ends in "…", before a word
 * rather than in it, unless that would take more than half away, and never in a character. s is valid UTF-8;
 * most > 0. */
void html_excerpt(struct buf *out, const char *s, size_t most);

#endif
