/* Films that a visitor cannot tell apart: one year, and one title in the languages in which both have one. */
#ifndef MVTI_PUBLISH_FILM_TWINS_H
#define MVTI_PUBLISH_FILM_TWINS_H

#include "base/err.h"
#include "base/vec.h"
#include "model/model_file.h"
#include "store/catalog.h"

/* Indexes into the films, `first` being the smallest of its group. */
struct film_twin {
    size_t film, first;
};

/* All but the first of every group, in ascending order, into a vector of struct film_twin that the caller
 * frees. Titles are compared as a search compares them: without case, accents, blanks and punctuation.
 * ERR_NOMEM. */
MUST_USE enum err film_twins_find(const struct catalog_movie *movies, size_t n, struct vec *out,
                                  struct fail *why);

/* What nobody sees any more, and what is shown in its place: ids of films, or of characters. */
struct film_hidden {
    int32_t id, shown;
};

struct films_hidden {
    struct vec films, characters; /* struct film_hidden, by id */
};

/* Leaves one film of every group in the catalog: that with most characters, else that which most people know
 * (the catalog's popularity, else counts: the popularity model, NULL allowed), else that with the smallest
 * id. It takes over the others' characters, but those whose name it has, and the texts and links that it
 * lacks. What is left out is in *hidden, which films_hidden_free frees. ERR_NOMEM. */
MUST_USE enum err film_twins_join(struct catalog *c, const struct model *counts, struct films_hidden *hidden,
                                  struct fail *why);
void films_hidden_free(struct films_hidden *h);
/* The id of the film that is shown for this one: its own, or that of its twin. */
int32_t films_hidden_shown(const struct films_hidden *h, int32_t film);

#endif
