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

/* What a film was taken for: its id, and the film that is shown in its place. */
struct film_hidden {
    int32_t id, shown;
};

/* Leaves one film of every group in the catalog: that with most characters, else that which most people know
 * (the catalog's popularity, else counts: the popularity model, NULL allowed), else that with the smallest
 * id. It takes over the others' characters, but those whose name it has, and the texts and links that it
 * lacks. The others go into a vector of struct film_hidden that the caller frees. ERR_NOMEM. */
MUST_USE enum err film_twins_join(struct catalog *c, const struct model *counts, struct vec *hidden,
                                  struct fail *why);

#endif
