#include "data/movie_set.h"

#include <stdlib.h>
#include <string.h>

enum { SMALLEST = 1024 };

void movie_set_clear(struct movie_set *s)
{
    /* One user with a million films must not make every later clear expensive. */
    if (s->movies != NULL && s->mask >= SMALLEST && s->n < s->mask / 8)
        movie_set_free(s);
    else if (s->movies != NULL && s->n > 0)
        memset(s->movies, 0, (s->mask + 1) * sizeof *s->movies);
    s->n = 0;
}

/* Where the id is, or the free place where it would be. Multiplicative hashing (Knuth 6.4). */
static size_t place(const struct movie_set *s, uint32_t stored)
{
    size_t i = (size_t)((uint64_t)stored * 0x9e3779b97f4a7c15u >> 32) & s->mask;
    while (s->movies[i] != 0 && s->movies[i] != stored)
        i = (i + 1) & s->mask;
    return i;
}

bool movie_set_has(const struct movie_set *s, int32_t movie)
{
    uint32_t stored = (uint32_t)movie + 1;
    return s->movies != NULL && s->movies[place(s, stored)] == stored;
}

static bool grow(struct movie_set *s)
{
    size_t size = s->movies == NULL ? SMALLEST : 2 * (s->mask + 1);
    struct movie_set larger = {.movies = calloc(size, sizeof *larger.movies), .mask = size - 1, .n = s->n};
    if (larger.movies == NULL)
        return false;
    for (size_t i = 0; s->movies != NULL && i <= s->mask; i++)
        if (s->movies[i] != 0)
            larger.movies[place(&larger, s->movies[i])] = s->movies[i];
    free(s->movies);
    *s = larger;
    return true;
}

bool movie_set_add(struct movie_set *s, int32_t movie)
{
    if ((s->movies == NULL || 2 * s->n >= s->mask) && !grow(s))
        return false;
    uint32_t stored = (uint32_t)movie + 1;
    s->movies[place(s, stored)] = stored;
    s->n++;
    return true;
}

void movie_set_free(struct movie_set *s)
{
    free(s->movies);
    *s = (struct movie_set){0};
}
