#include "web/html.h"

#include <stdint.h>
#include <string.h>

#include "base/unicode.h"

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

static const char blanks[] = " \t\r\n\f\v";

/* Words with one blank between them. */
static void join_words(struct buf *out, const char *s)
{
    s += strspn(s, blanks);
    while (*s != '\0') {
        size_t n = strcspn(s, blanks);
        buf_put(out, s, n);
        s += n + strspn(s + n, blanks);
        if (*s != '\0')
            buf_putc(out, ' ');
    }
}

/* Where a text that is cut at n bytes ends: before the word that the cut would break. */
static size_t end_of_word(const char *s, size_t n)
{
    size_t word = n;
    while (word > n / 2 && s[word] != ' ')
        word--;
    return word > n / 2 ? word : n;
}

void html_excerpt(struct buf *out, const char *s, size_t most)
{
    struct buf text = {0};
    join_words(&text, s);
    size_t n = text.len;
    if (text.failed)
        out->failed = true;
    else if (n > 0 && unicode_clusters(text.data, n) > most) {
        n = end_of_word(text.data, unicode_cut(text.data, n, most - 1, SIZE_MAX));
        buf_put(out, text.data, n);
        buf_puts(out, "…");
    } else
        buf_put(out, buf_str(&text), n);
    buf_free(&text);
}
