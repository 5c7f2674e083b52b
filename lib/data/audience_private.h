/* What lib/data/audience.c and audience_fandom.c share. */
#ifndef MVTI_DATA_AUDIENCE_PRIVATE_H
#define MVTI_DATA_AUDIENCE_PRIVATE_H

#include <stdbool.h>

#include "base/rng.h"
#include "data/audience.h"

enum {
    AUDIENCE_WORDS = 64, /* genres, or countries */
    AUDIENCE_FANDOMS = 128,
    AUDIENCE_TRAITS = 4,
    AUDIENCE_ARCHETYPES = 8,
    AUDIENCE_FILM_WORDS = 8
};

struct audience_words { /* genres, countries or fandoms by number */
    char text[AUDIENCE_FANDOMS][32];
    size_t n, most;
};

/* Some of them, of one film. */
struct audience_set {
    uint8_t word[AUDIENCE_FILM_WORDS];
    size_t n;
};

struct audience_traits {
    const struct audience_film *source;
    struct audience_set genres, fandoms;
    size_t country;
    double appeal, renown, log_fame;
    double traits[AUDIENCE_TRAITS];
};

struct audience_taste {
    double genre[AUDIENCE_WORDS], country[AUDIENCE_WORDS], trait[AUDIENCE_TRAITS], era;
    double fandom[AUDIENCE_FANDOMS], tone; /* where films have fandoms */
};

/* Films whose fandoms are written. */
struct audience_fandoms {
    struct audience_taste *tastes; /* [n] */
    double *size;                  /* [n] films */
    size_t n;
};

/* Reads the tastes of all fandoms off the films that are in them. ERR_NOMEM. audience_fandoms_free it. */
MUST_USE enum err audience_fandoms_make(struct audience_fandoms *out, const struct audience_traits *films,
                                        size_t n_films, size_t n_fandoms, struct fail *why);
void audience_fandoms_free(struct audience_fandoms *f);
/* The fandom of a person, and one beside it. n > 0. */
void audience_fandoms_draw(const struct audience_fandoms *f, struct rng *r,
                           const struct audience_taste *pair[2]);
/* What the written part of a film adds to a person's liking for it. */
double audience_fandoms_liking(const struct audience_taste *p, const struct audience_traits *film);

#endif
