/* A set of film ids, quick to empty: the films one user has rated. Zero-initialised is valid and empty. */
#ifndef MVTI_DATA_MOVIE_SET_H
#define MVTI_DATA_MOVIE_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct movie_set {
    uint32_t *movies; /* [mask + 1] open addressing: id + 1; 0 is free */
    size_t mask;      /* size − 1, a power of two below it; meaningless while movies is NULL */
    size_t n;
};

/* Costs the ids that were in it; keeps the memory unless few of the places were in use. */
void movie_set_clear(struct movie_set *s);
/* Any id, 0 too, but −1, for which there is no room. */
bool movie_set_has(const struct movie_set *s, int32_t movie);
/* Adds one that is not there yet. False when memory is out. */
bool movie_set_add(struct movie_set *s, int32_t movie);
void movie_set_free(struct movie_set *s);

#endif
