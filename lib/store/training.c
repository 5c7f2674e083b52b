#include "store/training.h"

#include "store/training_without.h"

#define CREDIBLE "a.visitor_id IS NOT NULL, CAST(COALESCE(v.counted, 0) AS SIGNED)"
#define WHO                                                                                                  \
    "LEFT JOIN visitor v ON v.visitor_id = c.visitor_id LEFT JOIN account a ON a.visitor_id = c.visitor_id "
#define UNMARKED(mark, subject)                                                                              \
    "NOT EXISTS (SELECT 1 FROM mark k WHERE k.visitor_id = l.visitor_id AND k.mark = '" mark                 \
    "' AND k.subject_id = " subject " AND k.created_at < FROM_UNIXTIME(?)) "

/* Of the tests in which somebody chose a film the first one; likes only of other films. */
static const struct db_sql CHOICES = {
    "training.choices",
    "SELECT c.visitor_id, c.movie_id, c.day, CAST(COALESCE(c.crowd, -1) AS SIGNED), " CREDIBLE
    ", CAST(c.nth AS SIGNED), CAST(COALESCE(c.hasty, 0) AS SIGNED), CAST(COALESCE(c.block, -1) AS SIGNED) "
    "FROM ("
    "SELECT t.visitor_id, m.movie_id, TO_DAYS(t.created_at) AS day, t.crowd, 0 AS nth, t.hasty, t.crowd AS "
    "block "
    "FROM test t JOIN test_movie m ON m.test_id = t.test_id WHERE t.created_at < FROM_UNIXTIME(?) "
    "UNION ALL SELECT l.visitor_id, f.movie_id, TO_DAYS(l.created_at), NULL, ROW_NUMBER() OVER (PARTITION BY "
    "l.visitor_id ORDER BY l.created_at, l.character_id), 0, (SELECT b.crowd FROM test b WHERE b.visitor_id "
    "= l.visitor_id "
    "AND TO_DAYS(b.created_at) = TO_DAYS(l.created_at) ORDER BY b.test_id DESC LIMIT 1) FROM character_like "
    "l "
    "JOIN film_character f ON f.character_id = l.character_id WHERE l.counted = 1 AND l.created_at < "
    "FROM_UNIXTIME(?) AND " UNMARKED("not_me", "l.character_id") "AND " UNMARKED(
        "seen", "f.movie_id") ") c " WHO "WHERE v.banned_at IS NULL ORDER BY 1, 2, 7, 3, 4 DESC, 8 DESC"};
/* Of the network block the one of the visitor's newest test. */
static const struct db_sql UNLIKE = {
    "training.unlike",
    "SELECT c.visitor_id, c.subject_id, TO_DAYS(c.created_at), CAST(COALESCE((SELECT t.crowd FROM test t "
    "WHERE "
    "t.visitor_id = c.visitor_id ORDER BY t.test_id DESC LIMIT 1), -1) AS SIGNED), " CREDIBLE
    ", 0, CAST(COALESCE((SELECT MAX(t.hasty) FROM test t WHERE t.visitor_id = c.visitor_id), 0) AS SIGNED), "
    "CAST(COALESCE((SELECT b.crowd FROM test b WHERE b.visitor_id = c.visitor_id AND TO_DAYS(b.created_at) = "
    "TO_DAYS(c.created_at) ORDER BY b.test_id DESC LIMIT 1), -1) AS SIGNED) FROM mark c " WHO
    "WHERE c.mark = 'not_me' AND (a.visitor_id IS NOT NULL OR (v.counted = 1 AND "
    "EXISTS (SELECT 1 FROM test t WHERE "
    "t.visitor_id = c.visitor_id))) AND v.banned_at IS NULL ORDER BY 1, 2"};

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

struct reading {
    struct vec *out;
    struct training_withouts without;
    struct training_left left;
};

static enum err read_all(struct db *db, const struct db_sql *sql, const struct db_params *params,
                         struct reading *r, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_query(db, sql, params, &rows, why);
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
                                    .counted = db_get_int(&rows, 5) != 0,
                                    .like = (int32_t)db_get_int(&rows, 6),
                                    .hasty = db_get_int(&rows, 7) != 0};
        bool left = training_without_covers(&r->without, c.day, c.visitor_id, db_get_int(&rows, 8));
        r->left.choices += left;
        if (!left && movie >= 0 && movie <= INT32_MAX && !is_last(r->out, &c))
            stored = vec_push(r->out, &c);
    }
    return finish(&rows, stored, why);
}

static enum err read_choices(struct db *db, const struct db_sql *sql, const struct db_params *params,
                             struct reading *r, struct fail *why)
{
    struct arena a = {0};
    enum err rc = training_without_list(db, &a, &r->without, why);
    r->left.rules = r->without.n;
    if (rc == ERR_OK)
        rc = read_all(db, sql, params, r, why);
    arena_free(&a);
    return rc;
}

enum err training_choices(struct db *db, int64_t until, struct vec *out, struct training_left *left,
                          struct fail *why)
{
    struct db_value t = db_int(until);
    struct reading r = {.out = out};
    enum err rc = read_choices(db, &CHOICES, DB_BIND(t, t, t, t), &r, why);
    *left = r.left;
    return rc;
}

enum err training_unlike(struct db *db, struct vec *out, struct fail *why)
{
    struct reading r = {.out = out};
    return read_choices(db, &UNLIKE, DB_NOTHING, &r, why);
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
