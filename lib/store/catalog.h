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
#include "store/db.h"

enum { CATALOG_GENRES_MAX = 20 };

struct catalog_link {
    int32_t movie_id;
    const char *platform, *url;
};

/* Texts are never NULL, "" is unknown or none. */
struct catalog_movie {
    int32_t id;
    const char *title_ko, *title_en;
    int32_t year; /* 0: unknown */
    const char *country;
    int32_t popularity;                       /* people who rated it, −1: unknown */
    const char *genres;                       /* joined by '|', "" none; at most CATALOG_GENRES_MAX */
    const char *plot_ko, *plot_en, *keywords; /* keywords joined by '|' */
    const struct catalog_link *links;         /* [n_links] by platform */
    size_t n_links;
};

struct catalog_character {
    int32_t id, movie_id;
    const char *name_ko, *name_en;
    uint8_t mbti, enneagram; /* domain/mbti.h, domain/enneagram.h */
    int32_t votes;           /* −1: editorial typing */
    const char *hashtags_ko, *hashtags_en, *description_ko, *description_en;
    const char *image_url; /* as imported: may point to another host */
};

struct catalog {
    struct catalog_movie *movies; /* [n_movies] by id */
    size_t n_movies;
    struct catalog_character *characters; /* [n_characters] by id; every movie_id is in movies */
    size_t n_characters;
};

/* Everything as of one moment, in the arena. ERR_CORRUPT for a type that is none. */
MUST_USE enum err catalog_read(struct db *db, struct arena *a, struct catalog *out, struct fail *why);

/* The films alone, by id, without genres, plots and links, inside the caller's transaction. */
MUST_USE enum err catalog_titles(struct db *db, struct arena *a, struct catalog_movie **movies, size_t *n,
                                 struct fail *why);

MUST_USE enum err catalog_counts(struct db *db, int64_t *movies, int64_t *characters, struct fail *why);

/* ---- writing, inside a transaction ---- */

/* What an upsert did. */
enum catalog_change { CATALOG_SAME, CATALOG_NEW, CATALOG_CHANGED };

/* Bits of `given`: fields that an existing row takes over; the others keep what is stored. A new row takes
 * all. */
enum {
    CATALOG_TITLE_KO = 1 << 0,
    CATALOG_TITLE_EN = 1 << 1,
    CATALOG_YEAR = 1 << 2,
    CATALOG_COUNTRY = 1 << 3,
    CATALOG_POPULARITY = 1 << 4,
    CATALOG_GENRES = 1 << 5,
    CATALOG_PLOT_KO = 1 << 6,
    CATALOG_PLOT_EN = 1 << 7,
    CATALOG_KEYWORDS = 1 << 8,
    CATALOG_NAME_KO = 1 << 9,
    CATALOG_NAME_EN = 1 << 10,
    CATALOG_VOTES = 1 << 11,
    CATALOG_HASHTAGS_KO = 1 << 12,
    CATALOG_HASHTAGS_EN = 1 << 13,
    CATALOG_DESCRIPTION_KO = 1 << 14,
    CATALOG_DESCRIPTION_EN = 1 << 15,
    CATALOG_IMAGE_URL = 1 << 16
};

/* The film's own fields and genres; plot and links are left alone. */
MUST_USE enum err catalog_put_movie(struct db *db, const struct catalog_movie *m, unsigned given,
                                    enum catalog_change *change, struct fail *why);
/* id, plot_ko, plot_en and keywords of m. */
MUST_USE enum err catalog_put_plot(struct db *db, const struct catalog_movie *m, unsigned given,
                                   enum catalog_change *change, struct fail *why);
MUST_USE enum err catalog_put_link(struct db *db, const struct catalog_link *link,
                                   enum catalog_change *change, struct fail *why);
/* id, movie_id and both types are always taken over. */
MUST_USE enum err catalog_put_character(struct db *db, const struct catalog_character *c, unsigned given,
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
