/* Films by title, as people type: text/search_key.h says what counts as the same, text/search_match.h what
 * matches. */
#ifndef MVTI_APP_SEARCH_H
#define MVTI_APP_SEARCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/snapshot.h"

enum { SEARCH_MAX_CHARS = 60 };

struct search_result {
    const uint32_t *movies; /* [n] indexes */
    size_t n;               /* on this page */
    size_t found;           /* in all */
};

/* In order: films whose title is the query, begins with it, has a word that begins with it, holds it; then
 * films whose titles in any language have words that begin with all words of the query (기생충 parasite),
 * where a number may also be the beginning of the year (대부 1972, godfather 19). A whole year beside a
 * title, or a year alone, wants films of that year. Each by popularity, equals by id.
 *
 * Only where nothing is found: what the same keys give on the other keyboard (eoqn is 대부), else one mistake
 * forgiven (a whole title but for it first), else films of years that begin so. Whatever is found by a finished word, its beginnings find
 * something, keystroke by keystroke. A query without a letter, digit or symbol finds nothing.
 *
 * ERR_NOMEM. Cost: one pass over 32 bytes a film, and the readings of those whose letters fit. */
MUST_USE enum err search_movies(const struct snapshot *s, const char *query, size_t offset, size_t limit,
                                struct arena *a, struct search_result *out);

#endif
