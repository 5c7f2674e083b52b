#include "bts/bts_film.h"

static void sentence(struct buf *out, size_t begin, const char *text)
{
    if (text[0] == '\0')
        return;
    if (out->len > begin)
        buf_puts(out, ". ");
    buf_puts(out, text);
}

static void put_keywords(struct buf *out, size_t begin, const char *keywords)
{
    if (keywords[0] != '\0' && out->len > begin)
        buf_puts(out, ". ");
    for (const char *c = keywords; *c != '\0'; c++)
        if (*c == '|')
            buf_puts(out, ", ");
        else
            buf_putc(out, *c);
}

void bts_film_text(const struct bts_film *f, enum bts_language language, struct buf *out)
{
    const char *keywords = language == BTS_EN ? f->keywords : "";
    size_t begin = out->len;
    if (f->plot[language][0] == '\0' && keywords[0] == '\0')
        return;
    sentence(out, begin, f->title[language]);
    sentence(out, begin, f->plot[language]);
    put_keywords(out, begin, keywords);
}

bool bts_film_told(const struct bts_film *f)
{
    return f->plot[BTS_EN][0] != '\0' || f->plot[BTS_KO][0] != '\0' || f->keywords[0] != '\0' ||
           f->genres[0] != '\0';
}
