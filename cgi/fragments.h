/* JSON that many answers repeat, written once for each snapshot: a character's members, and a
 * film as in a reason. Writing 40 characters (37 KB) takes 47 µs, with fragments a quarter of
 * that. Bounded, so that a worker stays small with any catalog: what does not fit is written anew each
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
    struct fragment *votes; /* [n_characters] the reason about the confidence in the type, a whole value */
    struct fragment *films; /* [n_movies] members "movie_id":…,"title":… of a reason */
};

/* Functions that write each to p->out; of p only out and snapshot are set. */
struct exchange;
typedef void fragment_render(struct exchange *p, uint32_t i);
struct fragment_renderers {
    fragment_render *character, *votes, *film;
};

/* Replaces the contents of f. Cannot fail: if memory is out, there are no fragments. */
void fragments_build(struct fragments *f, const struct snapshot *s, const struct fragment_renderers *by);
/* The fragment and its length *n; NULL if there is none. */
const char *fragments_character(const struct fragments *f, uint32_t character, size_t *n);
const char *fragments_votes(const struct fragments *f, uint32_t character, size_t *n);
const char *fragments_film(const struct fragments *f, uint32_t movie, size_t *n);
void fragments_free(struct fragments *f);

#endif
