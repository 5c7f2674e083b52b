/* Genres of films as sets of bits, so that whether two films share one is an "and". Which bit is a genre's follows from the order in which the genres of a
 * catalog come. */
#ifndef MVTI_DOMAIN_GENRE_SET_H
#define MVTI_DOMAIN_GENRE_SET_H

#include <stddef.h>
#include <stdint.h>

enum { GENRE_SET_MOST = 64 };

/* The genres that have come so far, borrowed. Zero-initialised is empty. */
struct genre_set_names {
    struct genre_set_name {
        const char *text; /* not ended by NUL */
        size_t n;
    } items[GENRE_SET_MOST];
    size_t n;
};

/* The set of "a|b", 0 for "". New genres are added to the names; those beyond GENRE_SET_MOST have no bit. The text must live as long as the names. */
uint64_t genre_set_of(struct genre_set_names *names, const char *genres);

#endif
