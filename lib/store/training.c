#include "store/training.h"

/* Of the tests in which somebody chose a film the first one. */
static const struct db_sql CHOICES = {
    "training.choices",
    "SELECT c.visitor_id, c.movie_id, c.day, CAST(COALESCE(c.crowd, -1) AS SIGNED), a.visitor_id IS NOT "
    "NULL, "
    "CAST(COALESCE(v.counted, 0) AS SIGNED) FROM ("
    "SELECT t.visitor_id, m.movie_id, TO_DAYS(t.created_at) AS day, t.crowd "
    "FROM test t JOIN test_movie m ON m.test_id = t.test_id WHERE t.created_at < FROM_UNIXTIME(?) "
    "UNION ALL SELECT l.visitor_id, f.movie_id, TO_DAYS(l.created_at), NULL FROM character_like l "
    "JOIN film_character f ON f.character_id = l.character_id WHERE l.counted = 1 AND l.created_at < "
    "FROM_UNIXTIME(?)) c "
    "LEFT JOIN visitor v ON v.visitor_id = c.visitor_id "
    "LEFT JOIN account a ON a.visitor_id = c.visitor_id ORDER BY 1, 2, 3, 4 DESC"};

static const struct db_sql CATALOG = {"training.catalog", "SELECT movie_id FROM movie ORDER BY movie_id"};

/* Ends the query; running out of memory while reading it comes first. */
static enum err finish(struct db_rows *rows, bool stored, struct fail *why)
{
    enum err rc = db_end(rows, why);
    return rc == ERR_OK && !stored ? fail_set(why, ERR_NOMEM, "out of memory") : rc;
}

static bool is_last(const struct vec *all, const struct training_choice *c)
{
    const struct training_choice *last = all->data;
    return all->len > 0 && last[all->len - 1].visitor_id == c->visitor_id &&
           last[all->len - 1].movie_id == c->movie_id;
}

enum err training_choices(struct db *db, int64_t until, struct vec *out, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_query(db, &CHOICES, DB_BIND(db_int(until), db_int(until)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    bool stored = true;
    while (stored && db_next(&rows)) {
        int64_t movie = db_get_int(&rows, 1);
        struct training_choice c = {.visitor_id = db_get_int(&rows, 0),
                                    .movie_id = (int32_t)movie,
                                    .day = (int32_t)db_get_int(&rows, 2),
                                    .crowd = db_get_int(&rows, 3),
                                    .account = db_get_int(&rows, 4) != 0,
                                    .counted = db_get_int(&rows, 5) != 0};
        if (movie >= 0 && movie <= INT32_MAX && !is_last(out, &c))
            stored = vec_push(out, &c);
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
