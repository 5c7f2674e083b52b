#include "store/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "domain/enneagram.h"
#include "domain/mbti.h"

#define TEXT_COLUMN(field, ...) ", " #field
#define NUMBER_COLUMN(field, BIT, NEED, names, least, most, unknown) ", COALESCE(" #field ", " #unknown ")"

static const struct db_sql
    MOVIES = {"catalog.movies", "SELECT movie_id" CATALOG_MOVIE_FIELDS(
                                    TEXT_COLUMN, NUMBER_COLUMN) " FROM movie ORDER BY movie_id"},
    GENRES = {"catalog.genres", "SELECT movie_id, genre FROM movie_genre ORDER BY movie_id, position"},
    PLOTS = {"catalog.plots",
             "SELECT movie_id" CATALOG_PLOT_FIELDS(TEXT_COLUMN) " FROM movie_plot ORDER BY movie_id"},
    LINKS = {"catalog.links", "SELECT movie_id, platform, url FROM watch_link ORDER BY movie_id, platform"},
    CHARACTERS = {"catalog.characters",
                  "SELECT character_id, movie_id, mbti, enneagram" CATALOG_CHARACTER_FIELDS(
                      TEXT_COLUMN, NUMBER_COLUMN) " FROM film_character ORDER BY character_id"},
    COUNTS = {"catalog.counts", "SELECT (SELECT COUNT(*) FROM movie), (SELECT COUNT(*) FROM film_character)"},
    MOVIE_IDS = {"catalog.movie_ids", "SELECT movie_id FROM movie ORDER BY movie_id"};

#define NO_TEXT(field, ...) .field = "",
#define NO_NUMBER(field, BIT, NEED, names, least, most, unknown) .field = unknown,

/* clang-format off */
const struct catalog_movie catalog_movie_unknown = {
    CATALOG_MOVIE_FIELDS(NO_TEXT, NO_NUMBER)
    CATALOG_PLOT_FIELDS(NO_TEXT)
    .genres = ""};
const struct catalog_character catalog_character_unknown = {
    CATALOG_CHARACTER_FIELDS(NO_TEXT, NO_NUMBER)
    .mbti = MBTI_NONE, .enneagram = ENNEAGRAM_NONE};
/* clang-format on */

/* What one pass over a result needs: the catalog so far, and room for its rows. */
struct reading {
    struct catalog *catalog;
    struct arena *arena;
    struct vec rows; /* of the kind being read */
    struct fail *why;
};

static enum err out_of_memory(struct reading *r)
{
    return fail_set(r->why, ERR_NOMEM, "out of memory");
}

static const char *keep(struct reading *r, struct db_rows *rows, unsigned column)
{
    size_t n;
    const char *s = db_get_bytes(rows, column, &n);
    return n == 0 ? "" : arena_strndup(r->arena, s, n);
}

/* Moves the rows read into the arena. */
static enum err settle(struct reading *r, void **items, size_t *n)
{
    *n = r->rows.len;
    *items = arena_array(r->arena, r->rows.len, r->rows.size);
    if (*items == NULL)
        return out_of_memory(r);
    if (r->rows.len > 0)
        memcpy(*items, r->rows.data, r->rows.len * r->rows.size);
    return ERR_OK;
}

typedef enum err row_fn(struct reading *r, struct db_rows *rows);

static enum err each(struct db *db, const struct db_sql *sql, struct reading *r, row_fn *take)
{
    struct db_rows rows;
    enum err rc = db_query(db, sql, DB_NOTHING, &rows, r->why);
    if (rc != ERR_OK)
        return rc;
    while (rc == ERR_OK && db_next(&rows))
        rc = take(r, &rows);
    enum err end = db_end(&rows, rc == ERR_OK ? r->why : NULL);
    return rc != ERR_OK ? rc : end;
}

/* Both records begin with their id. */
_Static_assert(offsetof(struct catalog_movie, id) == 0 && offsetof(struct catalog_character, id) == 0,
               "compare_id reads the id at the front");

static int compare_id(const void *key, const void *item)
{
    int32_t id = *(const int32_t *)key, other = *(const int32_t *)item;
    return (id > other) - (id < other);
}

struct catalog_movie *catalog_find_movie(const struct catalog *c, int32_t id)
{
    return c->n_movies == 0 ? NULL : bsearch(&id, c->movies, c->n_movies, sizeof *c->movies, compare_id);
}

struct catalog_character *catalog_find_character(const struct catalog *c, int32_t id)
{
    return c->n_characters == 0
               ? NULL
               : bsearch(&id, c->characters, c->n_characters, sizeof *c->characters, compare_id);
}

/* Fields of a row in the order of its statement, from column `at` on; `whole` is false once memory has ended. */
#define READ_TEXT(field, ...) whole = (out->field = keep(r, rows, at++)) != NULL && whole;
#define READ_NUMBER(field, ...) out->field = (int32_t)db_get_int(rows, at++);

static enum err take_movie(struct reading *r, struct db_rows *rows)
{
    struct catalog_movie m = catalog_movie_unknown, *out = &m;
    m.id = (int32_t)db_get_int(rows, 0);
    bool whole = true;
    unsigned at = 1;
    CATALOG_MOVIE_FIELDS(READ_TEXT, READ_NUMBER)
    return whole && vec_push(&r->rows, &m) ? ERR_OK : out_of_memory(r);
}

static enum err take_genre(struct reading *r, struct db_rows *rows)
{
    struct catalog_movie *m = catalog_find_movie(r->catalog, (int32_t)db_get_int(rows, 0));
    if (m == NULL)
        return ERR_OK;
    const char *genre = db_get_text(rows, 1);
    m->genres = arena_printf(r->arena, "%s%s%s", m->genres, m->genres[0] != '\0' ? "|" : "", genre);
    return m->genres == NULL ? out_of_memory(r) : ERR_OK;
}

static enum err take_plot(struct reading *r, struct db_rows *rows)
{
    struct catalog_movie *out = catalog_find_movie(r->catalog, (int32_t)db_get_int(rows, 0));
    if (out == NULL)
        return ERR_OK;
    bool whole = true;
    unsigned at = 1;
    CATALOG_PLOT_FIELDS(READ_TEXT)
    return whole ? ERR_OK : out_of_memory(r);
}

static enum err take_link(struct reading *r, struct db_rows *rows)
{
    struct catalog_link l = {
        .movie_id = (int32_t)db_get_int(rows, 0), .platform = keep(r, rows, 1), .url = keep(r, rows, 2)};
    if (l.platform == NULL || l.url == NULL || !vec_push(&r->rows, &l))
        return out_of_memory(r);
    return ERR_OK;
}

static enum err take_types(struct reading *r, struct db_rows *rows, struct catalog_character *c)
{
    const char *mbti = db_get_text(rows, 2), *enneagram = db_get_text(rows, 3);
    c->mbti = mbti_parse(mbti, strlen(mbti));
    c->enneagram = enneagram_parse(enneagram, strlen(enneagram));
    if (c->mbti == MBTI_NONE || c->enneagram == ENNEAGRAM_NONE)
        return fail_set(r->why, ERR_CORRUPT, "database: character %d has the type '%s' '%s'", (int)c->id,
                        mbti, enneagram);
    return ERR_OK;
}

static enum err take_character(struct reading *r, struct db_rows *rows)
{
    struct catalog_character c = {.id = (int32_t)db_get_int(rows, 0),
                                  .movie_id = (int32_t)db_get_int(rows, 1)},
                             *out = &c;
    enum err rc = take_types(r, rows, &c);
    if (rc != ERR_OK || catalog_find_movie(r->catalog, c.movie_id) == NULL)
        return rc;
    bool whole = true;
    unsigned at = 4;
    CATALOG_CHARACTER_FIELDS(READ_TEXT, READ_NUMBER)
    return whole && vec_push(&r->rows, &c) ? ERR_OK : out_of_memory(r);
}

/* Both are in the order of movie ids. */
static void give_links(struct catalog *c, const struct catalog_link *links, size_t n)
{
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        while (end < n && links[end].movie_id == links[i].movie_id)
            end++;
        struct catalog_movie *m = catalog_find_movie(c, links[i].movie_id);
        if (m != NULL) {
            m->links = links + i;
            m->n_links = end - i;
        }
        i = end;
    }
}

/* Which rows, and what becomes of each. */
struct kind {
    const struct db_sql *sql;
    size_t size; /* of an item */
    row_fn *take;
};
static const struct kind all_movies = {&MOVIES, sizeof(struct catalog_movie), take_movie},
                         all_links = {&LINKS, sizeof(struct catalog_link), take_link},
                         all_characters = {&CHARACTERS, sizeof(struct catalog_character), take_character};

static enum err read_kind(struct db *db, struct reading *r, const struct kind *kind, void **items, size_t *n)
{
    r->rows = (struct vec){.size = kind->size};
    enum err rc = each(db, kind->sql, r, kind->take);
    if (rc == ERR_OK)
        rc = settle(r, items, n);
    vec_free(&r->rows);
    return rc;
}

static enum err read_all(struct db *db, void *arg, struct fail *why)
{
    struct reading *r = arg;
    void *movies, *links, *characters;
    size_t n_links = 0;
    *r->catalog = (struct catalog){0};
    r->why = why;
    enum err rc = read_kind(db, r, &all_movies, &movies, &r->catalog->n_movies);
    if (rc != ERR_OK)
        return rc;
    r->catalog->movies = movies;
    rc = each(db, &GENRES, r, take_genre);
    if (rc == ERR_OK)
        rc = each(db, &PLOTS, r, take_plot);
    if (rc == ERR_OK)
        rc = read_kind(db, r, &all_links, &links, &n_links);
    if (rc != ERR_OK)
        return rc;
    give_links(r->catalog, links, n_links);
    rc = read_kind(db, r, &all_characters, &characters, &r->catalog->n_characters);
    if (rc == ERR_OK)
        r->catalog->characters = characters;
    return rc;
}

enum err catalog_read(struct db *db, struct arena *a, struct catalog *out, struct fail *why)
{
    /* One transaction: InnoDB's repeatable read gives every statement the same moment. */
    struct reading r = {.catalog = out, .arena = a};
    return db_transaction(db, read_all, &r, why);
}

enum err catalog_titles(struct db *db, struct arena *a, struct catalog_movie **movies, size_t *n,
                        struct fail *why)
{
    struct reading r = {.arena = a, .why = why};
    void *items = NULL;
    enum err rc = read_kind(db, &r, &all_movies, &items, n);
    *movies = items;
    return rc;
}

enum err catalog_counts(struct db *db, int64_t *movies, int64_t *characters, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, &COUNTS, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    *movies = db_get_int(&rows, 0);
    *characters = db_get_int(&rows, 1);
    return db_end(&rows, why);
}

enum err catalog_movie_ids(struct db *db, struct vec *ids, struct fail *why)
{
    *ids = VEC_OF(int32_t);
    struct db_rows rows;
    enum err rc = db_query(db, &MOVIE_IDS, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (rc == ERR_OK && db_next(&rows)) {
        int32_t id = (int32_t)db_get_int(&rows, 0);
        if (!vec_push(ids, &id))
            rc = fail_set(why, ERR_NOMEM, "out of memory");
    }
    enum err end = db_end(&rows, rc == ERR_OK ? why : NULL);
    return rc != ERR_OK ? rc : end;
}
