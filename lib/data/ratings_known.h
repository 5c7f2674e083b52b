/* How much of a file of ratings is about films that a catalog has: ids of another catalog are numbers too,
 * and training leaves out what it does not know without a word. */
#ifndef MVTI_DATA_RATINGS_KNOWN_H
#define MVTI_DATA_RATINGS_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "data/ratings_file.h"

struct ratings_known {
    uint64_t films, of_films;     /* known, and in the file */
    uint64_t ratings, of_ratings; /* of known films, and in the file */
    size_t catalog;               /* films of the catalog */
};

/* catalog [n]: film ids, in any order. One pass over the file. ERR_NOMEM. */
MUST_USE enum err ratings_known_count(struct ratings_known *out, const struct ratings_file *f,
                                      const int32_t *catalog, size_t n, struct fail *why);
/* A catalog that has films, and none of the file's. */
bool ratings_known_none(const struct ratings_known *k);
/* Less than half of what could be: the file's films, or the catalog's if these are fewer (59,000 films of
 * MovieLens for a catalog of 300 are right). */
bool ratings_known_few(const struct ratings_known *k);
/* "3 of its 4 films are in the catalog, with 10 of its 12 ratings", into out. */
enum { RATINGS_KNOWN_TEXT = 160 };
const char *ratings_known_text(const struct ratings_known *k, char out[RATINGS_KNOWN_TEXT]);

#endif
