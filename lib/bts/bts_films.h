/* The films that the content model compares: from the database, or from the CSV files that `mvti import
 * movies` and `mvti import plots` read. */
#ifndef MVTI_BTS_BTS_FILMS_H
#define MVTI_BTS_BTS_FILMS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/progress.h"
#include "base/secret.h"
#include "bts/bts_film.h"
#include "store/db.h"

struct bts_source {
    const char *movies, *plots; /* CSV files; movies NULL: from the database; plots may be NULL */
    struct db *db;
    struct arena *arena;             /* the films are kept in it */
    const struct progress *progress; /* its notes: rows of a file that are left out */
};

struct bts_films {
    struct bts_film *films; /* [n] ascending ids; those that have a text or a genre */
    int32_t *ids;           /* [n] */
    size_t n, n_all;        /* n_all: with those that have neither */
    size_t n_texts[BTS_LANGUAGES];
    uint8_t hash[SECRET_HASH_BYTES]; /* of everything above */
};

/* Rows that are no film (no number for an id, a row that does not fit the header) are left out with a note.
 * ERR_INVALID: a file without the columns, one film twice, or no film at all. */
MUST_USE enum err bts_films_read(const struct bts_source *from, struct bts_films *out, struct fail *why);

#endif
