/* One HTTP answer, built whole and then sent at once. The buffers live as long as the process and are reused.
 *
 * A long one may go in pieces where there is a sink: response_flush sends the head with the first. From then
 * on nothing can be taken back; an answer that fails after it is `broken`, and whoever sends it must not end
 * it as if it were whole, so that the reader knows. Where the process dies nobody can see to that: what is
 * written in pieces must be of a form that shows by itself whether it is whole, as JSON does. */
#ifndef MVTI_WEB_RESPONSE_H
#define MVTI_WEB_RESPONSE_H

#include "base/buf.h"

/* Takes bytes of the answer, the head first; false: the reader has gone. */
typedef bool response_sink_fn(void *arg, const char *bytes, size_t n);

struct response {
    int status;
    struct buf headers; /* "Name: value\r\n" lines, without Status and Content-Length */
    struct buf body;
    response_sink_fn *sink; /* NULL: the answer is gathered in body whatever its length */
    void *sink_arg;
    bool begun;  /* the head has been sent */
    bool broken; /* begun, and it cannot be finished */
};

/* Empty, status 200; the sink stays. */
void response_reset(struct response *r);
/* Adds a header line; a value with control characters is refused (the line is left out). */
void response_header(struct response *r, const char *name, const char *value);
/* Value of the first header of that name (any case); NULL if there is none. *n gets its length. */
const char *response_find(const struct response *r, const char *name, size_t *n);
/* Sends what there is if it is `least` bytes or more, and makes room. False: there is nobody to send it to
 * any more, or, where response_whole says so, no memory for it. Without a sink it does nothing. */
bool response_flush(struct response *r, size_t least);
/* The CGI form (RFC 3875): Status, headers, Content-Length (unless 204, 304 or begun), blank line. */
void response_head(const struct response *r, struct buf *out);
/* What to send: the head, written into `head`, and the body. Of an answer that memory did not suffice for, a
 * 503 that needs none. The parts are valid until r or head changes. */
struct response_part {
    const char *text;
    size_t n;
};
void response_parts(const struct response *r, struct buf *head, struct response_part parts[2]);
/* Did memory suffice? */
bool response_whole(const struct response *r);
/* Gives memory back to the system when the last answer was a long one. */
void response_shrink(struct response *r);
void response_free(struct response *r);

#endif
