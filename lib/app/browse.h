/* Looking around in the catalog: the poster wall and what stands beside a character. */
#ifndef MVTI_APP_BROWSE_H
#define MVTI_APP_BROWSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "experiment/variant.h"
#include "model/snapshot.h"

enum { BROWSE_SIMILAR = 8 };

struct browse_page {
    const uint32_t *items; /* [n] movie or character indexes */
    size_t n;
    bool more; /* there is a next page */
};

/* Which part of which wall. */
struct browse_ask {
    uint64_t seed;
    size_t offset, limit;
    enum variant_wall wall; /* WALL_STEEP but where an experiment says otherwise */
    const uint32_t
        *chosen; /* [n_chosen] indexes of films, none twice: the wall learns from them and is without them */
    size_t n_chosen;
};

/* The poster wall: all films in an order that one seed fixes, without repeats over its pages. A draw without
 * replacement in which a film's weight falls with its place in the snapshot's wall, or does not (Efraimidis & Spirakis
 * 2006: order by −ln(u)/w), then spread so that of 20 posters in a row few share a genre or a decade. With chosen films a film's weight is multiplied by
 * r⁸ + 0.05, r being the share of the films of which the models (recommend.h, 1) say less for these: mostly what people know who love these, and
 * about every third still as before. O(n log n), and with chosen films what it costs to score all for them. ERR_NOMEM. */
MUST_USE enum err browse_wall(const struct snapshot *s, const struct browse_ask *ask, struct arena *a,
                              struct browse_page *out);

/* The other characters of its film, most popular first. ERR_NOMEM. */
MUST_USE enum err browse_others(const struct snapshot *s, uint32_t character, struct arena *a,
                                struct browse_page *out);

/* Characters of other films with the same type: nearest Enneagram first, then popularity; one of a film, at
 * most BROWSE_SIMILAR. ERR_NOMEM. */
MUST_USE enum err browse_similar(const struct snapshot *s, uint32_t character, struct arena *a,
                                 struct browse_page *out);

/* Who comes nearest to a pair of types: characters of the MBTI type with other Enneagram types, in the same order. ERR_NOMEM. */
MUST_USE enum err browse_near(const struct snapshot *s, uint8_t mbti, uint8_t enneagram, struct arena *a,
                              struct browse_page *out);

#endif
