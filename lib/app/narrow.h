/* What of the catalog somebody wants to be shown: films of a country, of some years, of a streaming service. And what there is to choose from. */
#ifndef MVTI_APP_NARROW_H
#define MVTI_APP_NARROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/snapshot.h"

struct narrow {
    const char *country; /* as the catalog writes it; NULL: any */
    const char *service; /* a film that a link of this name leads to; NULL: any */
    int since, until;    /* years, both included; 0: any. A film whose year is not known is of none */
};

/* Whether anything is asked for. */
bool narrow_wants(const struct narrow *n);
/* Sets the flags, by index, of films that are not wanted. O(films + links). */
void narrow_movies(const struct narrow *n, const struct snapshot *s, bool *flags);

struct narrow_choice {
    const char *name; /* of the snapshot */
    size_t n;         /* films of the country, or links to the service */
};
/* The most frequent first, of equals in the order of their names; at most NARROW_CHOICES of each. */
enum { NARROW_CHOICES = 40 };
struct narrow_choices {
    struct narrow_choice countries[NARROW_CHOICES], services[NARROW_CHOICES];
    size_t n_countries, n_services;
    int since, until; /* years of the oldest and the newest film; 0: no year is known */
};
/* From the arena. ERR_NOMEM. O(n log n) of films and links. */
MUST_USE enum err narrow_list(const struct snapshot *s, struct arena *a, struct narrow_choices *out);

#endif
