#include "web/response.h"

#include <string.h>
#include <strings.h>

#include "web/problem.h"

void response_reset(struct response *r)
{
    r->status = 200;
    buf_reset(&r->headers);
    buf_reset(&r->body);
}

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
        p += line_n + 2;
    }
    return NULL;
}

void response_head(const struct response *r, struct buf *out)
{
    buf_printf(out, "Status: %d %s\r\n", r->status, problem_title(r->status));
    buf_put(out, buf_str(&r->headers), r->headers.len);
    if (r->status != 204 && r->status != 304)
        buf_printf(out, "Content-Length: %zu\r\n", r->body.len);
    buf_puts(out, "\r\n");
}

void response_free(struct response *r)
{
    buf_free(&r->headers);
    buf_free(&r->body);
}
