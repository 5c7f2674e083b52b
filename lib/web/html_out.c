#include "web/html_out.h"

#include <string.h>

#include "web/html.h"

#define PAIRED_NAME(name, text) {text, false},
#define VOID_NAME(name, text) {text, true},
static const struct {
    const char *name;
    bool empty;
} elements[] = {HTML_ELEMENTS(PAIRED_NAME, VOID_NAME)};

#define PLAIN_NAME(name, text) {text, false},
#define ADDRESS_NAME(name, text) {text, true},
static const struct {
    const char *name;
    bool address;
} attributes[] = {HTML_ATTRIBUTES(PLAIN_NAME, ADDRESS_NAME)};

void html_out_start(struct html_out *w, struct buf *out)
{
    *w = (struct html_out){.out = out};
}

static void leave_tag(struct html_out *w)
{
    if (w->in_tag)
        buf_putc(w->out, '>');
    w->in_tag = false;
}

static bool slip(struct html_out *w, bool wrong)
{
    if (wrong)
        w->out->failed = true;
    return wrong;
}

void html_out_open(struct html_out *w, enum html_element e)
{
    leave_tag(w);
    bool in_empty = w->depth > 0 && elements[w->open[w->depth - 1]].empty;
    if (slip(w, in_empty || w->depth == HTML_OUT_DEEPEST))
        return;
    buf_putc(w->out, '<');
    buf_puts(w->out, elements[e].name);
    w->open[w->depth++] = (unsigned char)e;
    w->in_tag = true;
}

void html_out_attribute(struct html_out *w, enum html_attribute a, const char *value)
{
    if (slip(w, !w->in_tag || value == NULL) || (attributes[a].address && !html_out_address_safe(value)))
        return;
    buf_putc(w->out, ' ');
    buf_puts(w->out, attributes[a].name);
    buf_puts(w->out, "=\"");
    html_attribute(w->out, value);
    buf_putc(w->out, '"');
}

void html_out_text(struct html_out *w, const char *s)
{
    leave_tag(w);
    if (!slip(w, s == NULL || (w->depth > 0 && elements[w->open[w->depth - 1]].empty)))
        html_text(w->out, s);
}

void html_out_end(struct html_out *w)
{
    leave_tag(w);
    if (slip(w, w->depth == 0))
        return;
    unsigned char e = w->open[--w->depth];
    if (elements[e].empty)
        return;
    buf_puts(w->out, "</");
    buf_puts(w->out, elements[e].name);
    buf_putc(w->out, '>');
}

void html_out_open_class(struct html_out *w, enum html_element e, const char *class_name)
{
    html_out_open(w, e);
    html_out_attribute(w, HTML_AT_CLASS, class_name);
}

void html_out_say(struct html_out *w, enum html_element e, const char *class_name, const char *text)
{
    html_out_open(w, e);
    if (class_name != NULL)
        html_out_attribute(w, HTML_AT_CLASS, class_name);
    html_out_text(w, text);
    html_out_end(w);
}

/* A reader of HTML looks for "</script" and "<!--" in it, a reader of JSON for neither. */
void html_out_json(struct html_out *w, const char *json)
{
    leave_tag(w);
    if (slip(w, json == NULL))
        return;
    buf_puts(w->out, "<script type=\"application/ld+json\">");
    for (; *json != '\0'; json++)
        if (*json == '<' || *json == '>' || *json == '&')
            buf_printf(w->out, "\\u%04x", (unsigned)*json);
        else
            buf_putc(w->out, *json);
    buf_puts(w->out, "</script>\n");
}

bool html_out_whole(const struct html_out *w)
{
    return w->depth == 0 && !w->in_tag && !w->out->failed;
}

/* "//" leads to another host, and a browser takes a backslash for a slash and drops tabs and line ends (WHATWG URL,
 * 4.4); javascript: and data: are not among what is let through. */
bool html_out_address_safe(const char *s)
{
    for (const char *c = s; *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || *c == '\x7f' || *c == '\\')
            return false;
    if (*s == '#')
        return true;
    if (*s == '/')
        return s[1] != '/';
    return strncmp(s, "https://", 8) == 0 || strncmp(s, "http://", 7) == 0;
}
