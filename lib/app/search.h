/* Films by title: Korean, English, initial consonants, or a mixture of both while typing. */
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

/* Titles that begin with the query come first, then those that hold it, each by popularity. A query without a
 * letter or digit finds nothing. ERR_NOMEM. Cost: one pass over all titles (about 30 ns each). */
MUST_USE enum err search_movies(const struct snapshot *s, const char *query, size_t offset, size_t limit,
                                struct arena *a, struct search_result *out);

#endif
