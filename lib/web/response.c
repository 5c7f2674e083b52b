#include "web/response.h"

#include <string.h>
#include <strings.h>

#include "web/problem.h"

enum { KEEP_BYTES = 1 << 20 };

void response_reset(struct response *r)
{
    r->status = 200;
    r->begun = r->broken = false;
    buf_reset(&r->headers);
    buf_reset(&r->body);
}

/* A line break in a value would begin a header of somebody else's making, so such a header is not sent. */
void response_header(struct response *r, const char *name, const char *value)
{
    for (const char *p = value; *p != '\0'; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return;
    buf_puts(&r->headers, name);
    buf_put(&r->headers, ": ", 2);
    buf_puts(&r->headers, value);
    buf_put(&r->headers, "\r\n", 2);
}

const char *response_find(const struct response *r, const char *name, size_t *n)
{
    size_t name_n = strlen(name);
    for (const char *p = buf_str(&r->headers); *p != '\0';) {
        size_t line_n = strcspn(p, "\r");
        if (line_n > name_n + 1 && p[name_n] == ':' && strncasecmp(p, name, name_n) == 0) {
            *n = line_n - name_n - 2;
            return p + name_n + 2;
        }
        p += line_n;
        p += strspn(p, "\r\n"); /* none behind a line for which memory ended */
    }
    return NULL;
}

/* 204 and 304 have no body, and so no length (RFC 9110, 8.6); nor has an answer that is sent while it is made. */
void response_head(const struct response *r, struct buf *out)
{
    buf_printf(out, "Status: %d %s\r\n", r->status, problem_title(r->status));
    buf_put(out, buf_str(&r->headers), r->headers.len);
    if (r->status != 204 && r->status != 304 && !r->begun)
        buf_printf(out, "Content-Length: %zu\r\n", r->body.len);
    buf_puts(out, "\r\n");
}

bool response_whole(const struct response *r)
{
    return !r->headers.failed && !r->body.failed;
}

#define NO_MEMORY_HEAD                                                                                       \
    "Status: 503 Service Unavailable\r\nContent-Type: application/problem+json\r\n"                          \
    "Cache-Control: no-store\r\nRetry-After: 5\r\nContent-Length: 66\r\n\r\n"
#define NO_MEMORY_BODY "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503}\n"
_Static_assert(sizeof NO_MEMORY_BODY - 1 == 66, "Content-Length of the answer that needs no memory");

void response_parts(const struct response *r, struct buf *head, struct response_part parts[2])
{
    buf_reset(head);
    response_head(r, head);
    if (!head->failed && response_whole(r)) {
        parts[0] = (struct response_part){head->data, head->len};
        parts[1] = (struct response_part){buf_str(&r->body), r->body.len};
        return;
    }
    parts[0] = (struct response_part){NO_MEMORY_HEAD, sizeof NO_MEMORY_HEAD - 1};
    parts[1] = (struct response_part){NO_MEMORY_BODY, sizeof NO_MEMORY_BODY - 1};
}

static bool send_head(struct response *r)
{
    struct buf head = {0};
    r->begun = true;
    response_head(r, &head);
    r->headers.failed |= head.failed;
    r->begun = !r->headers.failed;
    bool sent = r->begun && r->sink(r->sink_arg, head.data, head.len);
    buf_free(&head);
    return sent;
}

bool response_flush(struct response *r, size_t least)
{
    if (r->sink == NULL || r->body.failed || (r->begun && r->body.len < least))
        return !r->body.failed;
    if (!r->begun && !send_head(r))
        return false;
    bool sent = r->body.len == 0 || r->sink(r->sink_arg, r->body.data, r->body.len);
    buf_reset(&r->body);
    return sent;
}

void response_shrink(struct response *r)
{
    if (r->body.cap > KEEP_BYTES)
        buf_free(&r->body);
}

void response_free(struct response *r)
{
    buf_free(&r->headers);
    buf_free(&r->body);
}
