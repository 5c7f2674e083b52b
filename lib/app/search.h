/* Films, characters and kinds of people by their names, as people type: text/search_key.h says what counts as the same,
 * text/search_match.h what matches. */
#ifndef MVTI_APP_SEARCH_H
#define MVTI_APP_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/snapshot.h"

enum { SEARCH_MAX_CHARS = 60 };

struct search_result {
    const uint32_t *items; /* [n] indexes of films or characters; kinds as SNAP_FINDER has them */
    size_t n;              /* on this page */
    size_t found;          /* in all */
    bool
        guessed; /* what was typed is found nowhere: these are by the other keyboard, a mistake forgiven, a year begun */
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

/* Characters by name, in the same way; a year is a word like any other. */
MUST_USE enum err search_characters(const struct snapshot *s, const char *query, size_t offset, size_t limit,
                                    struct arena *a, struct search_result *out);
/* MBTI types (INFP, 인프피, 중재자, and by the site's own names) and Enneagram types (4w5, 4번, 예술가) where a word of theirs begins so, and pairs where
 * none of those alone is what was asked for; what is called just so stands alone. A type or a pair that
 * app/search_meant.h reads in the query (4w5 인프피, INFP 유형) is called so. The first `limit`; found counts all.
 * */
MUST_USE enum err search_kinds(const struct snapshot *s, const char *query, size_t limit, struct arena *a,
                               struct search_result *out);
/* What a kind that search_kinds found is: MBTI_NONE or ENNEAGRAM_NONE for what it leaves open. */
void search_kind(uint32_t kind, uint8_t *mbti, uint8_t *enneagram);

#endif
