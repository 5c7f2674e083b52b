/* One HTTP answer, built whole and then sent at once. The buffers live as long as the process and are reused.
 */
#ifndef MVTI_WEB_RESPONSE_H
#define MVTI_WEB_RESPONSE_H

#include "base/buf.h"

struct response {
    int status;
    struct buf headers; /* "Name: value\r\n" lines, without Status and Content-Length */
    struct buf body;
};

/* Empty, status 200. */
void response_reset(struct response *r);
/* Adds a header line; a value with control characters is refused (the line is left out). */
void response_header(struct response *r, const char *name, const char *value);
/* Value of the first header of that name (any case); NULL if there is none. *n gets its length. */
const char *response_find(const struct response *r, const char *name, size_t *n);
/* The CGI form (RFC 3875): Status, headers, Content-Length (unless 204 or 304), blank line. */
void response_head(const struct response *r, struct buf *out);
void response_free(struct response *r);

#endif
