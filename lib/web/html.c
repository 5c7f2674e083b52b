#include "web/html.h"

#include <string.h>

static const char *text_entity(char c)
{
    return c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : NULL;
}

static const char *attribute_entity(char c)
{
    return c == '"' ? "&quot;" : c == '\'' ? "&#39;" : text_entity(c);
}

static void escape(struct buf *out, const char *s, const char *(*entity)(char))
{
    for (; *s != '\0'; s++) {
        const char *e = entity(*s);
        if (e != NULL)
            buf_puts(out, e);
        else
            buf_putc(out, *s);
    }
}

void html_text(struct buf *out, const char *s)
{
    escape(out, s, text_entity);
}

void html_attribute(struct buf *out, const char *s)
{
    escape(out, s, attribute_entity);
}

void html_url_part(struct buf *out, const char *s)
{
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    for (; *s != '\0'; s++) {
        if (strchr(unreserved, *s) != NULL)
            buf_putc(out, *s);
        else
            buf_printf(out, "%%%02X", (unsigned char)*s);
    }
}
