/* What a film has in common with films that somebody chose, by what the catalog says of both: for films that no model's score of a chosen
 * film speaks for. Nothing is guessed: what is told stands in both rows of the catalog.
 *
 * Series: their English titles (the Korean ones where one has none) have the same stem and are not the same. A stem is a title in search keys
 * (text/search_key.h) up to its first colon or to " - ", without "part", "episode", "vol" and numbers at its end: "Iron Man 3", "Iron Man";
 * "Mission: Impossible - Fallout", "Mission: Impossible II". */
#ifndef MVTI_APP_LIKENESS_H
#define MVTI_APP_LIKENESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/joined.h"
#include "model/snapshot.h"

enum { LIKENESS_GENRES = 3 };

struct likeness {
    uint32_t movie; /* the chosen film that has most in common with it, the first of equals */
    bool series;
    const char *theme; /* what both are about, as snapshot_movie has it; NULL: not the same, or not known */
    struct joined genres[LIKENESS_GENRES]; /* of both, in the order of the film that was not chosen */
    size_t n_genres;
    const char *country; /* of both; NULL: not the same, or not known */
    int decade;          /* in which both came out, such as 1990; 0: not the same, or not known */
};

/* A film that is compared with what was chosen, and its stem, made once for all of them. */
struct likeness_film {
    uint32_t movie;
    const char *stem;
};

/* Stems of what was chosen, made once for all films that are compared with it. */
struct likeness_chosen {
    const struct snapshot *snapshot;
    const int32_t *movies; /* [n] indexes */
    size_t n;
    const char **stems; /* [n] "" for none */
};
/* ERR_NOMEM. What it points to lives as long as the arena and the movies. O(n). */
MUST_USE enum err likeness_prepare(const struct snapshot *s, const int32_t *movies, size_t n, struct arena *a,
                                   struct likeness_chosen *out);
/* Whether any chosen film has the series, the theme, a genre, or both country and decade of a film; which has most goes into *out. A series counts
 * more than all else, a theme as much as half of all genres, a genre more than country and decade. ERR_NOT_FOUND: none; ERR_NOMEM. O(n). */
MUST_USE enum err likeness_find(const struct likeness_chosen *c, uint32_t movie, struct arena *a,
                                struct likeness *out);
/* ERR_NOMEM. The stem is of the arena. */
MUST_USE enum err likeness_film(const struct snapshot *s, uint32_t movie, struct arena *a,
                                struct likeness_film *out);
/* The same as likeness_find with chosen film i alone. */
MUST_USE enum err likeness_with(const struct likeness_chosen *c, size_t i, const struct likeness_film *film,
                                struct likeness *out);

#endif
