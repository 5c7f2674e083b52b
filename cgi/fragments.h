/* JSON that every answer repeats, written once when a snapshot is swapped in: a character's members, and a
 * film as a reason names it. Measured on 40 characters (37 KB): 47 µs to write, with fragments a quarter of
 * that. Bounded, so that a worker stays small whatever the catalog: what does not fit is written anew each
 * time. */
#ifndef MVTI_CGI_FRAGMENTS_H
#define MVTI_CGI_FRAGMENTS_H

#include "app/recommend.h"
#include "base/buf.h"

enum { FRAGMENTS_MAX_BYTES = 4 << 20 };

struct fragment {
    uint32_t offset, n; /* in text; n = 0: not kept */
};

struct fragments {
    struct buf text;
    struct fragment *characters; /* [n_characters] members without braces */
    struct fragment *votes; /* [n_characters] the reason that tells how sure the typing is, a whole value */
    struct fragment *films; /* [n_movies] "movie_id":…,"title":…, likewise */
};

/* How each is written: into p->out, of which nothing else but p->snapshot is there. */
struct exchange;
typedef void fragment_render(struct exchange *p, uint32_t i);
struct fragment_renderers {
    fragment_render *character, *votes, *film;
};

/* Replaces what f held. Never fails: without memory there are none. */
void fragments_build(struct fragments *f, const struct snapshot *s, const struct fragment_renderers *by);
/* NULL if it is not kept. */
const char *fragments_character(const struct fragments *f, uint32_t character, size_t *n);
const char *fragments_votes(const struct fragments *f, uint32_t character, size_t *n);
const char *fragments_film(const struct fragments *f, uint32_t movie, size_t *n);
void fragments_free(struct fragments *f);

#endif
