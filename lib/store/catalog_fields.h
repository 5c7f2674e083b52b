/* The fields of the catalog's tables that nothing but storing is done to, one row each. From a row come the struct's field and its bit of
 * `given` (store/catalog.h), the statements that read and write the column (store/catalog.c, store/catalog_put.c), the column of a file and
 * its limits (lib/import/import_movies.c and its neighbours), and that a film takes the text of its twin (publish/film_twins.c).
 *
 *   TEXT(field, BIT, NEED, names, characters)                    NOT NULL, "" for unknown
 *   NUMBER(field, BIT, NEED, names, least, most, unknown)        INT NULL, `unknown` for NULL
 *
 * `field` is the column's name as well. A file calls it one of `names`, joined by '|'; NEED says whether it must be there: OPTIONAL, or ONE_OF
 * the columns that are marked so. */
#ifndef MVTI_STORE_CATALOG_FIELDS_H
#define MVTI_STORE_CATALOG_FIELDS_H

/* clang-format off */
#define CATALOG_MOVIE_FIELDS(TEXT, NUMBER)                                                  \
    TEXT(title_en,     TITLE_EN,   ONE_OF,   "title_en",   255)                             \
    TEXT(title_ko,     TITLE_KO,   ONE_OF,   "title_ko",   255)                             \
    NUMBER(year,       YEAR,       OPTIONAL, "year",       MOVIE_FIRST_YEAR, MOVIE_LAST_YEAR, 0) \
    TEXT(country,      COUNTRY,    OPTIONAL, "country",    64)                              \
    NUMBER(popularity, POPULARITY, OPTIONAL, "popularity", 0, INT32_MAX, -1)

#define CATALOG_PLOT_FIELDS(TEXT)                                \
    TEXT(plot_ko,  PLOT_KO,  ONE_OF,   "plot_ko",  8000)         \
    TEXT(plot_en,  PLOT_EN,  ONE_OF,   "plot_en",  8000)         \
    TEXT(keywords, KEYWORDS, OPTIONAL, "keywords", 8000)

#define CATALOG_CHARACTER_FIELDS(TEXT, NUMBER)                                        \
    TEXT(name_en,        NAME_EN,        ONE_OF,   "name_en|Character",    255)       \
    TEXT(name_ko,        NAME_KO,        ONE_OF,   "name_ko",              255)       \
    NUMBER(votes,        VOTES,          OPTIONAL, "votes|Votes",          0, INT32_MAX, -1) \
    TEXT(hashtags_ko,    HASHTAGS_KO,    OPTIONAL, "hashtags|hashtags_ko", 255)       \
    TEXT(hashtags_en,    HASHTAGS_EN,    OPTIONAL, "hashtags_en",          255)       \
    TEXT(description_ko, DESCRIPTION_KO, OPTIONAL, "description_ko",       8000)      \
    TEXT(description_en, DESCRIPTION_EN, OPTIONAL, "description_en",       8000)      \
    TEXT(image_url,      IMAGE_URL,      OPTIONAL, "image_url",            1024)      \
    TEXT(presentation,   PRESENTATION,   OPTIONAL, "presentation",         32)
/* clang-format on */

#endif
