#include "domain/genre_set.h"

#include <string.h>

#include "base/joined.h"

static uint64_t bit_of(struct genre_set_names *names, const char *genre, size_t n)
{
    size_t i = 0;
    while (i < names->n && (names->items[i].n != n || memcmp(names->items[i].text, genre, n) != 0))
        i++;
    if (i == GENRE_SET_MOST)
        return 0;
    if (i == names->n)
        names->items[names->n++] = (struct genre_set_name){genre, n};
    return UINT64_C(1) << i;
}

uint64_t genre_set_of(struct genre_set_names *names, const char *genres)
{
    uint64_t set = 0;
    for (struct joined genre; joined_next(&genres, &genre);)
        set |= bit_of(names, genre.text, genre.n);
    return set;
}
