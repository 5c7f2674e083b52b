#include <string.h>

#include "base/joined.h"
#include "domain/enneagram.h"
#include "domain/mbti.h"
#include "store/catalog.h"
#include "store/change.h"

/* Every column that may be left out of a source stands in the UPDATE part as IF(given, new, old). The values
 * are bound twice because VALUES() is on its way out of MySQL 8 and its successor is unknown to MariaDB. */
#define COLUMN(field, ...) ", " #field
#define PLACE(field, ...) ", ?"
#define KEEP(field, ...) ", " #field " = IF(?, ?, " #field ")"
#define MOVIE(of) CATALOG_MOVIE_FIELDS(of, of)
#define CHARACTER(of) CATALOG_CHARACTER_FIELDS(of, of)
#define UPSERT(table, id, columns, places, kept)                                                             \
    "INSERT INTO " table " (" id columns ") VALUES (?" places ") ON DUPLICATE KEY UPDATE " id " = " id kept

static const struct db_sql PUT_MOVIE = {
    "catalog.put_movie", UPSERT("movie", "movie_id", MOVIE(COLUMN), MOVIE(PLACE), MOVIE(KEEP))};
static const struct db_sql PUT_PLOT = {"catalog.put_plot",
                                       UPSERT("movie_plot", "movie_id", CATALOG_PLOT_FIELDS(COLUMN),
                                              CATALOG_PLOT_FIELDS(PLACE), CATALOG_PLOT_FIELDS(KEEP))};
static const struct db_sql PUT_CHARACTER = {
    "catalog.put_character",
    UPSERT("film_character", "character_id", CHARACTER(COLUMN) ", movie_id, mbti, enneagram",
           CHARACTER(PLACE) ", ?, ?, ?", CHARACTER(KEEP) ", movie_id = ?, mbti = ?, enneagram = ?")};
static const struct db_sql PUT_LINK = {
    "catalog.put_link",
    "INSERT INTO watch_link (movie_id, platform, url) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE url = ?"};
static const struct db_sql GENRES_OF = {"catalog.genres_of",
                                        "SELECT genre FROM movie_genre WHERE movie_id = ? ORDER BY position"};
static const struct db_sql DROP_GENRES = {"catalog.drop_genres",
                                          "DELETE FROM movie_genre WHERE movie_id = ?"};
static const struct db_sql ADD_GENRE = {
    "catalog.add_genre", "INSERT INTO movie_genre (movie_id, position, genre) VALUES (?, ?, ?)"};
static const struct db_sql RECORD = {
    "catalog.record_import",
    "INSERT INTO import_run (kind, file_name, content_hash, rows_read, rows_stored, rows_unchanged, "
    "rows_skipped, rows_rejected) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"};

enum { MAX_FIELDS = CATALOG_FIELDS, MAX_FIXED = 3, MAX_VALUES = 1 + 3 * MAX_FIELDS + 2 * MAX_FIXED };

/* The values of an upsert: id, fields, fixed ones; then (given, field) pairs and the fixed ones again. */
struct upsert {
    struct db_value fields[MAX_FIELDS];
    bool given[MAX_FIELDS];
    size_t n;
    struct db_value fixed[MAX_FIXED]; /* always taken over */
    size_t n_fixed;
};

static void field(struct upsert *u, bool given, struct db_value value)
{
    u->fields[u->n] = value;
    u->given[u->n++] = given;
}

static struct db_value known(int64_t value, int64_t unknown)
{
    return value == unknown ? db_null() : db_int(value);
}

static enum err run(struct db *db, const struct db_sql *sql, int32_t id, const struct upsert *u,
                    enum catalog_change *change, struct fail *why)
{
    struct db_value v[MAX_VALUES];
    size_t n = 0;
    v[n++] = db_int(id);
    for (size_t i = 0; i < u->n; i++)
        v[n++] = u->fields[i];
    for (size_t i = 0; i < u->n_fixed; i++)
        v[n++] = u->fixed[i];
    for (size_t i = 0; i < u->n; i++) {
        v[n++] = db_int(u->given[i]);
        v[n++] = u->fields[i];
    }
    for (size_t i = 0; i < u->n_fixed; i++)
        v[n++] = u->fixed[i];
    enum err rc = db_exec(db, sql, DB_VALUES(v, n), why);
    if (rc == ERR_OK)
        *change = db_affected(db) == 0 ? CATALOG_SAME : db_affected(db) == 1 ? CATALOG_NEW : CATALOG_CHANGED;
    return rc;
}

static enum err same_genres(struct db *db, int32_t id, const char *genres, bool *same, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_query(db, &GENRES_OF, DB_BIND(db_int(id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    struct joined wanted;
    *same = true;
    while (db_next(&rows)) {
        const char *genre = db_get_text(&rows, 0);
        *same = *same && joined_next(&genres, &wanted) && strlen(genre) == wanted.n &&
                memcmp(genre, wanted.text, wanted.n) == 0;
    }
    *same = *same && !joined_next(&genres, &wanted);
    return db_end(&rows, why);
}

static enum err put_genres(struct db *db, int32_t id, const char *genres, struct fail *why)
{
    enum err rc = ERR_OK;
    struct joined genre;
    for (int position = 0; rc == ERR_OK && position < CATALOG_GENRES_MAX && joined_next(&genres, &genre);
         position++)
        rc = db_exec(db, &ADD_GENRE, DB_BIND(db_int(id), db_int(position), db_textn(genre.text, genre.n)),
                     why);
    return rc;
}

static enum err replace_genres(struct db *db, const struct catalog_movie *m, enum catalog_change *change,
                               struct fail *why)
{
    if (*change == CATALOG_NEW)
        return put_genres(db, m->id, m->genres, why);
    bool same = false;
    enum err rc = same_genres(db, m->id, m->genres, &same, why);
    if (rc != ERR_OK || same)
        return rc;
    *change = CATALOG_CHANGED;
    rc = db_exec(db, &DROP_GENRES, DB_BIND(db_int(m->id)), why);
    return rc != ERR_OK ? rc : put_genres(db, m->id, m->genres, why);
}

#define PUT_TEXT(name, BIT, ...) field(&u, given &CATALOG_##BIT, db_text(from->name));
#define PUT_NUMBER(name, BIT, NEED, names, least, most, unknown)                                             \
    field(&u, given &CATALOG_##BIT, known(from->name, unknown));

enum err catalog_put_movie(struct db *db, const struct catalog_movie *from, unsigned given,
                           enum catalog_change *change, struct fail *why)
{
    struct upsert u = {0};
    CATALOG_MOVIE_FIELDS(PUT_TEXT, PUT_NUMBER)
    enum err rc = run(db, &PUT_MOVIE, from->id, &u, change, why);
    if (rc == ERR_OK && (given & CATALOG_GENRES))
        rc = replace_genres(db, from, change, why);
    return rc;
}

enum err catalog_put_plot(struct db *db, const struct catalog_movie *from, unsigned given,
                          enum catalog_change *change, struct fail *why)
{
    struct upsert u = {0};
    CATALOG_PLOT_FIELDS(PUT_TEXT)
    return run(db, &PUT_PLOT, from->id, &u, change, why);
}

enum err catalog_put_link(struct db *db, const struct catalog_link *link, enum catalog_change *change,
                          struct fail *why)
{
    enum err rc = db_exec(
        db, &PUT_LINK,
        DB_BIND(db_int(link->movie_id), db_text(link->platform), db_text(link->url), db_text(link->url)),
        why);
    if (rc == ERR_OK)
        *change = db_affected(db) == 0 ? CATALOG_SAME : db_affected(db) == 1 ? CATALOG_NEW : CATALOG_CHANGED;
    return rc;
}

enum err catalog_put_character(struct db *db, const struct catalog_character *from, unsigned given,
                               enum catalog_change *change, struct fail *why)
{
    struct upsert u = {0};
    CATALOG_CHARACTER_FIELDS(PUT_TEXT, PUT_NUMBER)
    u.fixed[u.n_fixed++] = db_int(from->movie_id);
    u.fixed[u.n_fixed++] = db_text(mbti_name(from->mbti));
    u.fixed[u.n_fixed++] = db_text(enneagram_name(from->enneagram));
    return run(db, &PUT_CHARACTER, from->id, &u, change, why);
}

enum err catalog_record_import(struct db *db, const struct import_run *r, struct fail *why)
{
    enum err rc =
        r->stored > 0 && strcmp(r->kind, "ratings") != 0 ? change_put(db, CHANGE_CATALOG, 0, 0, why) : ERR_OK;
    if (rc != ERR_OK)
        return rc;
    return db_exec(db, &RECORD,
                   DB_BIND(db_text(r->kind), db_text(r->file_name), db_text(r->content_hash), db_int(r->read),
                           db_int(r->stored), db_int(r->unchanged), db_int(r->skipped), db_int(r->rejected)),
                   why);
}
