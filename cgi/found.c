#include "found.h"

static bool certain(const struct search_result *r)
{
    return r->n > 0 && !r->guessed;
}

static void drop_guess(struct search_result *r)
{
    if (r->guessed)
        *r = (struct search_result){0};
}

/* Who typed a type, or the name of somebody, to the letter means that: what else it might be with a mistake is left out. */
static void drop_guesses(struct found *f)
{
    bool kind = certain(&f->kinds), name = certain(&f->characters) || certain(&f->movies);
    if (kind) {
        drop_guess(&f->characters);
        drop_guess(&f->movies);
    }
    if (name)
        drop_guess(&f->kinds);
}

enum err found_all(struct exchange *p, const char *q, size_t limit, struct found *out)
{
    enum err rc = search_kinds(p->snapshot, q, FOUND_KINDS, p->arena, &out->kinds);
    if (rc == ERR_OK)
        rc = search_characters(p->snapshot, q, 0, limit, p->arena, &out->characters);
    if (rc == ERR_OK)
        rc = search_movies(p->snapshot, q, 0, limit, p->arena, &out->movies);
    if (rc == ERR_OK)
        drop_guesses(out);
    return rc;
}
