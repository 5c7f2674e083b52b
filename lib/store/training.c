#include "store/training.h"

static const struct db_sql LIKES = {
    "training.likes",
    "SELECT t.visitor_id, m.movie_id FROM test t JOIN test_movie m ON m.test_id = t.test_id "
    "UNION SELECT l.visitor_id, c.movie_id FROM character_like l "
    "JOIN film_character c ON c.character_id = l.character_id WHERE l.counted = 1 ORDER BY 1, 2"};

static const struct db_sql CATALOG = {"training.catalog", "SELECT movie_id FROM movie ORDER BY movie_id"};

/* Ends the query; running out of memory while reading it comes first. */
static enum err finish(struct db_rows *rows, bool stored, struct fail *why)
{
    enum err rc = db_end(rows, why);
    return rc == ERR_OK && !stored ? fail_set(why, ERR_NOMEM, "out of memory") : rc;
}

enum err training_likes(struct db *db, struct vec *out, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_query(db, &LIKES, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    bool stored = true;
    while (stored && db_next(&rows)) {
        int64_t visitor = db_get_int(&rows, 0), movie = db_get_int(&rows, 1);
        if (movie < 0 || movie > INT32_MAX)
            continue;
        struct training_like like = {.visitor_id = visitor, .movie_id = (int32_t)movie};
        stored = vec_push(out, &like);
    }
    return finish(&rows, stored, why);
}

enum err training_catalog(struct db *db, struct vec *out, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_query(db, &CATALOG, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    bool stored = true;
    while (stored && db_next(&rows)) {
        int32_t id = (int32_t)db_get_int(&rows, 0);
        stored = vec_push(out, &id);
    }
    return finish(&rows, stored, why);
}
