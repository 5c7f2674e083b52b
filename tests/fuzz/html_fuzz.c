/* Property: whatever the text, a page that a worker writes has the elements and attributes that it opened and no
 * others, the text read back is the text, an address leads where html_out_address_safe says or nowhere, and a block
 * of JSON ends where it was ended. */
#include <string.h>

#include "json/json_out.h"
#include "tests/fuzz/property.h"
#include "web/html_out.h"

static size_t count(const char *s, size_t n, char c)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        found += s[i] == c;
    return found;
}

/* Reads text up to `stop` as a reader of HTML does; the rest behind it. */
static const char *read_back(const char *html, char stop, struct buf *out)
{
    static const char *const entities[][2] = {
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
    while (*html != stop && *html != '\0') {
        size_t e = 0;
        while (e < 5 && strncmp(html, entities[e][0], strlen(entities[e][0])) != 0)
            e++;
        must(e < 5 || *html != '&');
        buf_puts(out, e < 5 ? entities[e][1] : (char[]){*html, '\0'});
        html += e < 5 ? strlen(entities[e][0]) : 1;
    }
    return html;
}

static const char *expect(const char *html, const char *what, char stop, const char *text)
{
    struct buf got = {0};
    must(strncmp(html, what, strlen(what)) == 0);
    const char *rest = read_back(html + strlen(what), stop, &got);
    must(strcmp(buf_str(&got), text) == 0);
    buf_free(&got);
    return rest;
}

static void check_markup(const char *text)
{
    struct buf b = {0};
    struct html_out w;
    html_out_start(&w, &b);
    html_out_open_class(&w, HTML_P, text);
    html_out_open(&w, HTML_A);
    html_out_attribute(&w, HTML_AT_HREF, text);
    html_out_text(&w, text);
    html_out_end(&w);
    html_out_end(&w);
    must(html_out_whole(&w) && count(b.data, b.len, '<') == 4 && count(b.data, b.len, '>') == 4);
    bool safe = html_out_address_safe(text);
    const char *rest = expect(b.data, "<p class=\"", '"', text);
    if (safe)
        rest = expect(rest, "\"><a href=\"", '"', text);
    rest = expect(rest, safe ? "\">" : "\"><a>", '<', text);
    must(strcmp(rest, "</a></p>") == 0);
    must(!safe || (strncmp(text, "javascript:", 11) != 0 && strncmp(text, "//", 2) != 0));
    buf_free(&b);
}

static void check_json(const char *text)
{
    struct buf b = {0}, json = {0};
    struct json_out j;
    struct html_out w;
    json_out_start(&j, &json);
    json_out_text(&j, text);
    html_out_start(&w, &b);
    html_out_json(&w, buf_str(&json));
    must(html_out_whole(&w) && count(b.data, b.len, '<') == 2);
    must(b.len > 10 && strcmp(b.data + b.len - 10, "</script>\n") == 0);
    buf_free(&b);
    buf_free(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf text = {0};
    buf_put(&text, data, strnlen((const char *)data, size));
    check_markup(buf_str(&text));
    check_json(buf_str(&text));
    buf_free(&text);
    return 0;
}
