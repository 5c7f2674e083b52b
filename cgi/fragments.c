#include "fragments.h"

#include <stdlib.h>

#include "exchange.h"

void fragments_free(struct fragments *f)
{
    buf_free(&f->text);
    free(f->characters);
    free(f->votes);
    free(f->films);
    *f = (struct fragments){0};
}

/* Writes one fragment by `render` behind the others. */
static void add(struct fragments *f, struct exchange *p, uint32_t i, fragment_render *render,
                struct fragment *out)
{
    size_t at = f->text.len;
    if (at > FRAGMENTS_MAX_BYTES || f->text.failed)
        return;
    json_out_start(&p->out, &f->text);
    render(p, i);
    if (!f->text.failed)
        *out = (struct fragment){(uint32_t)at, (uint32_t)(f->text.len - at)};
}

void fragments_build(struct fragments *f, const struct snapshot *s, const struct fragment_renderers *by)
{
    fragments_free(f);
    struct exchange p = {.snapshot = s};
    f->characters = calloc(s->n_characters + 1, sizeof *f->characters);
    f->votes = calloc(s->n_characters + 1, sizeof *f->votes);
    f->films = calloc(s->n_movies + 1, sizeof *f->films);
    if (f->characters == NULL || f->votes == NULL || f->films == NULL) {
        fragments_free(f);
        return;
    }
    for (uint32_t i = 0; i < s->n_movies; i++)
        add(f, &p, i, by->film, &f->films[i]);
    for (uint32_t i = 0; i < s->n_characters; i++) {
        add(f, &p, i, by->character, &f->characters[i]);
        add(f, &p, i, by->votes, &f->votes[i]);
    }
}

static const char *at(const struct fragments *f, const struct fragment *list, uint32_t i, size_t *n)
{
    *n = list != NULL ? list[i].n : 0;
    return *n > 0 ? f->text.data + list[i].offset : NULL;
}

const char *fragments_character(const struct fragments *f, uint32_t character, size_t *n)
{
    return at(f, f->characters, character, n);
}

const char *fragments_votes(const struct fragments *f, uint32_t character, size_t *n)
{
    return at(f, f->votes, character, n);
}

const char *fragments_film(const struct fragments *f, uint32_t movie, size_t *n)
{
    return at(f, f->films, movie, n);
}
