/* Search over kinds of people, characters and films, for the API and for the page. */
#ifndef MVTI_CGI_FOUND_H
#define MVTI_CGI_FOUND_H

#include "app/search.h"
#include "exchange.h"

/* The most kinds of people that are shown; characters and films have a limit of their own. */
enum { FOUND_KINDS = 6 };

struct found {
    struct search_result kinds, characters, movies;
};

/* q: valid UTF-8 of at most SEARCH_MAX_CHARS characters. ERR_NOMEM. Cost: search_movies and search_characters once each. */
MUST_USE enum err found_all(struct exchange *p, const char *q, size_t limit, struct found *out);

#endif
