/* What the content model BTS (bts/bts.h) knows of a film: its texts, genres and year. */
#ifndef MVTI_BTS_BTS_FILM_H
#define MVTI_BTS_BTS_FILM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum bts_language { BTS_EN, BTS_KO, BTS_LANGUAGES };

/* Texts are never NULL, "" is none. */
struct bts_film {
    int32_t id;
    int32_t year; /* 0: unknown */
    const char *title[BTS_LANGUAGES], *plot[BTS_LANGUAGES];
    const char *keywords; /* English, joined by '|' */
    const char *genres;   /* joined by '|' */
};

/* Appends the text that stands for the film in a language: title, plot and (English) keywords. Nothing where
 * there is neither plot nor keyword: a title alone is a few words that say little of the film, and as a
 * vector of length 1 it would make neighbours of all that share one of them. */
void bts_film_text(const struct bts_film *f, enum bts_language language, struct buf *out);
/* Has it a text or a genre, that is, anything to compare? */
bool bts_film_told(const struct bts_film *f);

#endif
