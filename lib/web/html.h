/* Text into HTML, one function a context. Input is UTF-8. */
#ifndef MVTI_WEB_HTML_H
#define MVTI_WEB_HTML_H

#include <stddef.h>

#include "base/buf.h"

/* Between tags: & < > are escaped. */
void html_text(struct buf *out, const char *s);
/* Inside a double- or single-quoted attribute: & < > " ' are escaped. */
void html_attribute(struct buf *out, const char *s);
/* A path segment or query value of a URL: everything but unreserved characters (RFC 3986) becomes %XX. The
 * result is safe in an attribute too. */
void html_url_part(struct buf *out, const char *s);

#endif
