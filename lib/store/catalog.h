/* The catalog in the database: films with genres, plots and watch links, and their characters.
 * Reading gives all of it for publishing; writing is row by row inside the transaction of an import. */
#ifndef MVTI_STORE_CATALOG_H
#define MVTI_STORE_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"
#include "store/catalog_fields.h"
#include "store/db.h"

enum { CATALOG_GENRES_MAX = 20 };

struct catalog_link {
    int32_t movie_id;
    const char *platform, *url;
};

#define CATALOG_TEXT(field, ...) const char *field;
#define CATALOG_NUMBER(field, ...) int32_t field;

/* Texts are never NULL, "" is unknown or none. year: 0 unknown; popularity: people who rated it, −1 unknown; country: as the source names it
 * (KR, 미국); keywords: joined by '|'. */
struct catalog_movie {
    int32_t id;
    CATALOG_MOVIE_FIELDS(CATALOG_TEXT, CATALOG_NUMBER)
    const char *genres; /* joined by '|', "" none; at most CATALOG_GENRES_MAX */
    CATALOG_PLOT_FIELDS(CATALOG_TEXT)
    const struct catalog_link *links; /* [n_links] by platform */
    size_t n_links;
};

/* votes: −1 for an editorial typing; image_url: as imported, may point to another host; presentation: domain/presentation.h. */
struct catalog_character {
    int32_t id, movie_id;
    uint8_t mbti, enneagram; /* domain/mbti.h, domain/enneagram.h */
    CATALOG_CHARACTER_FIELDS(CATALOG_TEXT, CATALOG_NUMBER)
};

struct catalog {
    struct catalog_movie *movies; /* [n_movies] by id */
    size_t n_movies;
    struct catalog_character *characters; /* [n_characters] by id; every movie_id is in movies */
    size_t n_characters;
};

/* By id, O(log n); NULL: there is none. */
struct catalog_movie *catalog_find_movie(const struct catalog *c, int32_t id);
struct catalog_character *catalog_find_character(const struct catalog *c, int32_t id);

/* Of which nothing is known but, perhaps, the id. */
extern const struct catalog_movie catalog_movie_unknown;
extern const struct catalog_character catalog_character_unknown;

/* Everything as of one moment, in the arena. ERR_CORRUPT for a type that is none. */
MUST_USE enum err catalog_read(struct db *db, struct arena *a, struct catalog *out, struct fail *why);

/* The films alone, by id, without genres, plots and links, inside the caller's transaction. */
MUST_USE enum err catalog_titles(struct db *db, struct arena *a, struct catalog_movie **movies, size_t *n,
                                 struct fail *why);

MUST_USE enum err catalog_counts(struct db *db, int64_t *movies, int64_t *characters, struct fail *why);

/* ---- writing, inside a transaction ---- */

/* What an upsert did. */
enum catalog_change { CATALOG_SAME, CATALOG_NEW, CATALOG_CHANGED };

/* Bits of `given`: fields that an existing row takes over; the others keep what is stored. A new row takes all. */
#define CATALOG_AT(field, BIT, ...) CATALOG_AT_##BIT,
enum {
    CATALOG_MOVIE_FIELDS(CATALOG_AT, CATALOG_AT) CATALOG_PLOT_FIELDS(CATALOG_AT)
        CATALOG_CHARACTER_FIELDS(CATALOG_AT, CATALOG_AT) CATALOG_AT_GENRES,
    CATALOG_FIELDS
};
#define CATALOG_BIT(field, BIT, ...) CATALOG_##BIT = 1 << CATALOG_AT_##BIT,
enum {
    CATALOG_MOVIE_FIELDS(CATALOG_BIT, CATALOG_BIT) CATALOG_PLOT_FIELDS(CATALOG_BIT)
        CATALOG_CHARACTER_FIELDS(CATALOG_BIT, CATALOG_BIT) CATALOG_GENRES = 1 << CATALOG_AT_GENRES
};

/* CATALOG_MOVIE_FIELDS and genres; plot and links are left alone. */
MUST_USE enum err catalog_put_movie(struct db *db, const struct catalog_movie *from, unsigned given,
                                    enum catalog_change *change, struct fail *why);
/* id and CATALOG_PLOT_FIELDS. */
MUST_USE enum err catalog_put_plot(struct db *db, const struct catalog_movie *from, unsigned given,
                                   enum catalog_change *change, struct fail *why);
MUST_USE enum err catalog_put_link(struct db *db, const struct catalog_link *link,
                                   enum catalog_change *change, struct fail *why);
/* id, movie_id and both types are always taken over. */
MUST_USE enum err catalog_put_character(struct db *db, const struct catalog_character *from, unsigned given,
                                        enum catalog_change *change, struct fail *why);

/* All film ids in ascending order into a vector of int32_t. */
MUST_USE enum err catalog_movie_ids(struct db *db, struct vec *ids, struct fail *why);

/* The record of an import that is about to be committed. */
struct import_run {
    const char *kind, *file_name, *content_hash; /* hash: hex */
    int64_t read, stored, unchanged, skipped, rejected;
};
MUST_USE enum err catalog_record_import(struct db *db, const struct import_run *run, struct fail *why);

#endif
