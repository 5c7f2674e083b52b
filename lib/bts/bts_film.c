#include "bts/bts_film.h"

#include "base/joined.h"

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
    const char *between = out->len > begin ? ". " : "";
    for (struct joined word; joined_next(&keywords, &word); between = ", ") {
        buf_puts(out, between);
        buf_put(out, word.text, word.n);
    }
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
