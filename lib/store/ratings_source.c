#include "store/ratings_source.h"

#include <string.h>

#include "base/vec.h"

#define COLUMNS                                                                                              \
    "source_id, name, file_name, content_hash, n_ratings, n_users, n_movies, simulated, "                    \
    "TIMESTAMPDIFF(SECOND, '1970-01-01', imported_at)"

/* Values twice, because VALUES() is on its way out of MySQL 8 and its successor is unknown to MariaDB. */
static const struct db_sql PUT = {
    "ratings_source.put",
    "INSERT INTO rating_source (name, file_name, content_hash, n_ratings, n_users, n_movies, simulated) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE file_name = ?, content_hash = ?, n_ratings = ?, "
    "n_users = ?, n_movies = ?, simulated = ?, imported_at = CURRENT_TIMESTAMP(6)"};
static const struct db_sql HOLD = {"ratings_source.hold",
                                   "SELECT " COLUMNS " FROM rating_source WHERE name = ? FOR UPDATE"};
static const struct db_sql LIST = {"ratings_source.list",
                                   "SELECT " COLUMNS " FROM rating_source ORDER BY name"};

bool ratings_source_name_valid(const char *name)
{
    static const char alphanumeric[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    size_t n = strlen(name);
    return n >= 1 && n <= RATINGS_SOURCE_NAME_MAX && strspn(name, alphanumeric) == n &&
           strchr("-_.", name[0]) == NULL;
}

enum err ratings_source_put(struct db *db, const struct ratings_source *s, struct fail *why)
{
    const struct db_value file = db_text(s->file_name), hash = db_text(s->content_hash);
    const struct db_value ratings = db_int(s->n_ratings), users = db_int(s->n_users),
                          movies = db_int(s->n_movies), simulated = db_int(s->simulated);
    return db_exec(db, &PUT,
                   DB_BIND(db_text(s->name), file, hash, ratings, users, movies, simulated, file, hash,
                           ratings, users, movies, simulated),
                   why);
}

/* False when memory is out. */
static bool take_row(struct db_rows *rows, struct arena *a, struct ratings_source *s)
{
    *s = (struct ratings_source){.id = db_get_int(rows, 0),
                                 .name = arena_strdup(a, db_get_text(rows, 1)),
                                 .file_name = arena_strdup(a, db_get_text(rows, 2)),
                                 .content_hash = arena_strdup(a, db_get_text(rows, 3)),
                                 .n_ratings = db_get_int(rows, 4),
                                 .n_users = db_get_int(rows, 5),
                                 .n_movies = db_get_int(rows, 6),
                                 .simulated = db_get_int(rows, 7) != 0,
                                 .imported_at = db_get_int(rows, 8)};
    return s->name != NULL && s->file_name != NULL && s->content_hash != NULL;
}

static enum err end_rows(struct db_rows *rows, bool have_memory, struct fail *why)
{
    enum err rc = db_end(rows, why);
    return rc == ERR_OK && !have_memory ? fail_set(why, ERR_NOMEM, "out of memory") : rc;
}

static enum err first_row(struct db_rows *rows, enum err rc, struct arena *a, struct ratings_source *out,
                          struct fail *why)
{
    return rc == ERR_OK ? end_rows(rows, take_row(rows, a, out), why) : rc;
}

enum err ratings_source_hold(struct db *db, const char *name, struct arena *a, struct ratings_source *out,
                             struct fail *why)
{
    struct db_rows rows;
    return first_row(&rows, db_first(db, &HOLD, DB_BIND(db_text(name)), &rows, why), a, out, why);
}

enum err ratings_source_list(struct db *db, struct arena *a, struct ratings_source **items, size_t *n,
                             struct fail *why)
{
    struct vec found = VEC_OF(struct ratings_source);
    struct ratings_source s;
    struct db_rows rows;
    *items = NULL;
    *n = 0;
    enum err rc = db_query(db, &LIST, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    bool have_memory = true;
    while (have_memory && db_next(&rows))
        have_memory = take_row(&rows, a, &s) && vec_push(&found, &s);
    rc = end_rows(&rows, have_memory, why);
    if (rc == ERR_OK && found.len > 0) {
        *items = arena_array(a, found.len, sizeof s);
        if (*items == NULL)
            rc = fail_set(why, ERR_NOMEM, "out of memory");
        else
            memcpy(*items, found.data, found.len * sizeof s);
    }
    if (rc == ERR_OK)
        *n = found.len;
    vec_free(&found);
    return rc;
}
