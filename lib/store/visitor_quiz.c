#include "store/visitor_quiz.h"

#include <math.h>
#include <string.h>

#include "base/secret.h"
#include "domain/enneagram.h"
#include "store/change.h"
#include "store/counter.h"
#include "store/db_list.h"
#include "store/leaving.h"
#include "store/rollup.h"

enum { RESULT_COLUMNS = 13, MOVIE_COLUMNS = 3 };

/* Seconds in which nobody chooses two types and three films. */
#define HUMAN "10"
#define TWO(row) row "," row
#define FOUR(row) TWO(row) "," TWO(row)
#define TEN(row) FOUR(row) "," FOUR(row) "," TWO(row)
#define MOVIE_INTO "INSERT INTO test_movie (test_id, position, movie_id) VALUES "
#define MOVIE_ROW "(?,?,?)"
#define RESULT_INTO                                                                                          \
    "INSERT INTO test_result (test_id, list, position, character_id, match_type, percent, "                  \
    "enneagram_similarity, "                                                                                 \
    "because_json, propensity, film, points, above, strange) VALUES "
#define RESULT_ROW "(?,?,?,?,?,?,?,?,?,?,?,?,?)"
#define TEST_COLUMNS                                                                                         \
    "t.test_id, t.visitor_id, t.mbti, t.axis_ei, t.axis_sn, t.axis_tf, t.axis_jp, t.enneagram, t.feedback, " \
    "t.snapshot_id, t.token, CAST(UNIX_TIMESTAMP(t.created_at) AS SIGNED), COALESCE(t.survey_version, 0), "  \
    "t.answers, t.locale, t.feedback_compatible, CAST(COALESCE(t.left_out_characters, 0) AS SIGNED), "       \
    "CAST(COALESCE(t.left_out_movies, 0) AS SIGNED)"
/* The tests of a visitor who has been deleted are so too, also those whose turn has not come (leaving.h). */
#define BY_TOKEN                                                                                             \
    "FROM test t LEFT JOIN leaving l ON l.what = 'visitor' AND l.id = t.visitor_id AND l.merged = 0 "        \
    "WHERE t.token = ? AND l.id IS NULL"

static const struct db_sql INSERT = {
    "test.insert",
    "INSERT INTO test (token, visitor_id, mbti, axis_ei, axis_sn, axis_tf, axis_jp, "
    "enneagram, survey_version, answers, locale, snapshot_id, crowd, left_out_characters, left_out_movies, "
    "hasty, feedback, created_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,(SELECT CAST(v.entered AS SIGNED) + "
    "TIMESTAMPDIFF(SECOND, "
    "v.created_at, UTC_TIMESTAMP()) < " HUMAN
    " FROM visitor v WHERE v.visitor_id = ?),'none',UTC_TIMESTAMP())"};
static const struct db_sql CREATED = {
    "test.created", "SELECT CAST(UNIX_TIMESTAMP(created_at) AS SIGNED) FROM test WHERE test_id = ?"};
/* Rows go out in blocks, the largest that still fits first: a round trip each, and few prepared statements for any number of rows. Most people
 * choose three films or a few more, and most results are two lists of twenty. */
struct block {
    size_t rows;
    struct db_sql sql;
};
enum { BLOCK_MOST = 40 };
static const struct block MOVIES[] = {{10, {"test_movie.insert_10", MOVIE_INTO TEN(MOVIE_ROW)}},
                                      {5, {"test_movie.insert_5", MOVIE_INTO FOUR(MOVIE_ROW) "," MOVIE_ROW}},
                                      {4, {"test_movie.insert_4", MOVIE_INTO FOUR(MOVIE_ROW)}},
                                      {3, {"test_movie.insert_3", MOVIE_INTO TWO(MOVIE_ROW) "," MOVIE_ROW}},
                                      {2, {"test_movie.insert_2", MOVIE_INTO TWO(MOVIE_ROW)}},
                                      {1, {"test_movie.insert", MOVIE_INTO MOVIE_ROW}}};
static const struct block RESULTS[] = {
    {BLOCK_MOST, {"test_result.insert_40", RESULT_INTO FOUR(TEN(RESULT_ROW))}},
    {10, {"test_result.insert_10", RESULT_INTO TEN(RESULT_ROW)}},
    {1, {"test_result.insert", RESULT_INTO RESULT_ROW}}};
static const struct db_sql LOAD = {"test.load", "SELECT " TEST_COLUMNS " " BY_TOKEN};
/* The bounds of the visitor are equal; "=" would let the optimizer begin with the newest row whatever is
 * asked. */
static const struct db_sql LIST = {
    "test.list", "SELECT " TEST_COLUMNS
                 " FROM test t FORCE INDEX (by_visitor) WHERE t.visitor_id >= ? AND t.visitor_id <= ? AND "
                 "t.test_id < ? ORDER BY t.visitor_id DESC, t.test_id DESC LIMIT ?"};
static const struct db_sql LOAD_MOVIES = {
    "test_movie.load", "SELECT movie_id FROM test_movie WHERE test_id = ? ORDER BY position LIMIT 1000"};
static const struct db_sql LOAD_RESULTS = {
    "test_result.load", "SELECT list, character_id, match_type, percent, enneagram_similarity, because_json, "
                        "film, points, above, "
                        "strange FROM test_result WHERE test_id = ? ORDER BY list, position LIMIT 1000"};
static const struct db_sql FEEDBACK[VISITOR_QUIZ_LISTS] = {
    {"test.feedback", "UPDATE test SET feedback = ? WHERE token = ? AND visitor_id = ?"},
    {"test.feedback_compatible",
     "UPDATE test SET feedback_compatible = ? WHERE token = ? AND visitor_id = ?"}};
static const struct db_sql OWNED = {"test.owned",
                                    "SELECT test_id FROM test WHERE token = ? AND visitor_id = ?"};
static const struct db_sql DELETE[] = {
    {"test_movie.delete", "DELETE FROM test_movie WHERE test_id = ?"},
    {"test_experiment.delete", "DELETE FROM test_experiment WHERE test_id = ?"},
    {"test_result.delete", "DELETE FROM test_result WHERE test_id = ?"},
    {"circle.forget", "DELETE FROM circle_member WHERE test_id = ?"},
    {"test.delete", "DELETE FROM test WHERE test_id = ?"},
};
/* What training learns from, without what was answered, when exactly, or the name under which it was shared.
 */
static const struct db_sql ANONYMOUS = {"test.anonymous",
                                        "INSERT INTO test (token, visitor_id, mbti, enneagram, locale, "
                                        "snapshot_id, crowd, hasty, feedback, created_at) "
                                        "SELECT ?, ?, mbti, enneagram, locale, snapshot_id, crowd, hasty, "
                                        "'none', DATE(created_at) FROM test WHERE "
                                        "test_id = "
                                        "?"};
static const struct db_sql MOVE_MOVIES = {"test_movie.move",
                                          "UPDATE test_movie SET test_id = ? WHERE test_id = ?"};
static const struct db_sql FIRST = {"test.first", "SELECT test_id FROM test WHERE visitor_id = ? LIMIT 1"};
static const struct db_sql ID = {"test.id", "SELECT t.test_id " BY_TOKEN};

const char *const visitor_quiz_list_names[VISITOR_QUIZ_LISTS] = {"same", "compatible"};
static const char *const type_names[] = {"same", "compatible", "near"};

/* Rows of a test in a table: its blocks, the last of them of one row, and what fills the values of a row. */
struct rows_of {
    const struct block *blocks;
    size_t columns;
    void (*put)(const struct visitor_quiz *t, size_t i, struct db_value *v);
};

static enum err insert_rows(struct db *db, const struct rows_of *table, const struct visitor_quiz *t,
                            size_t n, struct fail *why)
{
    struct db_value values[BLOCK_MOST * RESULT_COLUMNS];
    const struct block *b = table->blocks;
    for (size_t i = 0; i < n; i += b->rows) {
        while (b->rows > n - i)
            b++;
        for (size_t r = 0; r < b->rows; r++)
            table->put(t, i + r, values + r * table->columns);
        enum err rc = db_exec(db, &b->sql, DB_VALUES(values, b->rows * table->columns), why);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

static void put_movie(const struct visitor_quiz *t, size_t i, struct db_value *v)
{
    v[0] = db_int(t->test_id);
    v[1] = db_int((int64_t)i);
    v[2] = db_int(t->movies[i]);
}

static void put_told(const struct visitor_quiz_told *told, struct db_value v[4])
{
    v[0] = told->known ? db_int(told->film) : db_null();
    v[1] = told->known ? db_int(told->points) : db_null();
    v[2] = told->known ? db_int(told->above) : db_null();
    v[3] = told->known ? db_int(told->strange) : db_null();
}

/* The results go out in the order of their key, in which "compatible" stands before "same": a row that follows the one before it is put
 * behind it in the page, and one that does not splits the page in two halves that are never filled again. */
static size_t in_order_of_key(const struct visitor_quiz *t, size_t i)
{
    size_t same = 0;
    while (same < t->n_results && !t->results[same].compatible)
        same++;
    size_t compatible = t->n_results - same;
    return i < compatible ? same + i : i - compatible;
}

/* Positions count from 0 in each list. */
static void put_result(const struct visitor_quiz *t, size_t i, struct db_value *v)
{
    size_t at = in_order_of_key(t, i), first = at;
    const struct visitor_quiz_result *r = &t->results[at];
    while (first > 0 && t->results[first - 1].compatible == r->compatible)
        first--;
    v[0] = db_int(t->test_id);
    v[1] = db_text(visitor_quiz_list_names[r->compatible]);
    v[2] = db_int((int64_t)(at - first));
    v[3] = db_int(r->character_id);
    v[4] = db_text(type_names[r->type]);
    v[5] = db_int(r->percent);
    v[6] = isnan(r->enneagram) ? db_null() : db_real(r->enneagram);
    v[7] = db_text(r->because);
    v[8] = r->drawn ? db_real(r->propensity) : db_null();
    put_told(&r->told, v + 9);
}

static struct db_value percent_or_null(const struct visitor_quiz *t, int axis)
{
    return t->surveyed ? db_int(t->percent[axis]) : db_null();
}

static struct db_value enneagram_or_null(const struct visitor_quiz *t)
{
    return t->enneagram == ENNEAGRAM_NONE ? db_null() : db_text(enneagram_name(t->enneagram));
}

enum err visitor_quiz_store(struct db *db, struct visitor_quiz *t, struct fail *why)
{
    enum err rc =
        db_exec(db, &INSERT,
                DB_BIND(db_text(t->token), db_int(t->visitor_id), db_text(mbti_name(t->mbti)),
                        percent_or_null(t, MBTI_EI), percent_or_null(t, MBTI_SN), percent_or_null(t, MBTI_TF),
                        percent_or_null(t, MBTI_JP), enneagram_or_null(t),
                        t->surveyed ? db_int(t->survey_version) : db_null(), db_text(t->answers),
                        db_text(t->locale), db_text(t->snapshot_id), db_int(t->crowd),
                        db_int(t->left_out_characters), db_int(t->left_out_movies), db_int(t->visitor_id)),
                why);
    if (rc != ERR_OK)
        return rc;
    t->test_id = db_insert_id(db);
    rc = db_number(db, &CREATED, DB_BIND(db_int(t->test_id)), &t->created, why);
    if (rc == ERR_OK)
        rc = insert_rows(db, &(struct rows_of){MOVIES, MOVIE_COLUMNS, put_movie}, t, t->n_movies, why);
    if (rc == ERR_OK)
        rc = insert_rows(db, &(struct rows_of){RESULTS, RESULT_COLUMNS, put_result}, t, t->n_results, why);
    if (rc == ERR_OK)
        rc = change_one(db, CHANGE_TEST, t->test_id, why);
    return rc == ERR_OK
               ? counter_add_both(db, COUNTER_VISITOR_TESTS,
                                  &(struct counter_change){COUNTER_TESTS, 0, NULL, t->visitor_id, 1}, why)
               : rc;
}

static uint8_t index_of(const char *const *names, size_t n, const char *s)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], s) == 0)
            return (uint8_t)i;
    return 0;
}

/* One row of TEST_COLUMNS; ERR_CORRUPT for a type that does not exist, which no version of ours has written.
 */
static enum err read_quiz(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct visitor_quiz *t = item;
    const char *mbti = db_get_text(rows, 2), *wing = db_get_text(rows, 7);
    *t = (struct visitor_quiz){
        .test_id = db_get_int(rows, 0),
        .visitor_id = db_get_int(rows, 1),
        .mbti = mbti_parse(mbti, strlen(mbti)),
        .surveyed = !db_is_null(rows, 3),
        .feedback = {arena_strdup(a, db_get_text(rows, 8)), arena_strdup(a, db_get_text(rows, 15))},
        .snapshot_id = arena_strdup(a, db_get_text(rows, 9)),
        .token = arena_strdup(a, db_get_text(rows, 10)),
        .created = db_get_int(rows, 11),
        .survey_version = (int)db_get_int(rows, 12),
        .answers = db_is_null(rows, 13) ? NULL : arena_strdup(a, db_get_text(rows, 13)),
        .locale = arena_strdup(a, db_get_text(rows, 14)),
        .left_out_characters = (int)db_get_int(rows, 16),
        .left_out_movies = (int)db_get_int(rows, 17),
    };
    bool known = enneagram_parse_any(wing, strlen(wing), &t->enneagram);
    for (unsigned axis = 0; axis < MBTI_AXES; axis++)
        t->percent[axis] = (uint8_t)db_get_int(rows, 3 + axis);
    if (t->feedback[0] == NULL || t->feedback[1] == NULL || t->snapshot_id == NULL || t->token == NULL ||
        t->locale == NULL || (t->answers == NULL && !db_is_null(rows, 13)))
        return fail_set(why, ERR_NOMEM, "out of memory");
    if (t->mbti == MBTI_NONE || !known)
        return fail_set(why, ERR_CORRUPT, "test %lld has no valid type", (long long)t->test_id);
    return ERR_OK;
}

enum { MOST_ROWS = 1000 };

/* A copy in the arena of as many as there were. */
static const void *keep(struct arena *a, const void *found, size_t n, size_t size)
{
    void *copy = arena_array(a, n, size);
    return copy != NULL ? memcpy(copy, found, n * size) : NULL;
}

static enum err load_movies(struct db *db, struct arena *a, struct visitor_quiz *t, struct fail *why)
{
    struct db_rows rows;
    int32_t found[MOST_ROWS];
    enum err rc = db_query(db, &LOAD_MOVIES, DB_BIND(db_int(t->test_id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (t->n_movies < MOST_ROWS && db_next(&rows))
        found[t->n_movies++] = (int32_t)db_get_int(&rows, 0);
    t->movies = keep(a, found, t->n_movies, sizeof *found);
    return db_end_with(&rows, t->movies != NULL ? ERR_OK : ERR_NOMEM, why);
}

static struct visitor_quiz_told read_told(struct db_rows *rows, unsigned first)
{
    if (db_is_null(rows, first))
        return (struct visitor_quiz_told){0};
    return (struct visitor_quiz_told){.known = true,
                                      .film = (uint8_t)db_get_int(rows, first),
                                      .points = (uint8_t)db_get_int(rows, first + 1),
                                      .above = (uint8_t)db_get_int(rows, first + 2),
                                      .strange = db_get_int(rows, first + 3) != 0};
}

static enum err load_results(struct db *db, struct arena *a, struct visitor_quiz *t, struct fail *why)
{
    struct db_rows rows;
    struct visitor_quiz_result found[MOST_ROWS];
    enum err rc = db_query(db, &LOAD_RESULTS, DB_BIND(db_int(t->test_id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (rc == ERR_OK && t->n_results < MOST_ROWS && db_next(&rows)) {
        struct visitor_quiz_result *r = &found[t->n_results++];
        r->compatible = index_of(visitor_quiz_list_names, VISITOR_QUIZ_LISTS, db_get_text(&rows, 0)) == 1;
        r->character_id = (int32_t)db_get_int(&rows, 1);
        r->type = index_of(type_names, 3, db_get_text(&rows, 2));
        r->percent = (int)db_get_int(&rows, 3);
        r->enneagram = db_is_null(&rows, 4) ? NAN : db_get_real(&rows, 4);
        r->because = arena_strdup(a, db_get_text(&rows, 5));
        r->told = read_told(&rows, 6);
        rc = r->because != NULL ? ERR_OK : ERR_NOMEM;
    }
    t->results = keep(a, found, t->n_results, sizeof *found);
    return db_end_with(&rows, rc == ERR_OK && t->results == NULL ? ERR_NOMEM : rc, why);
}

enum err visitor_quiz_complete(struct db *db, struct arena *a, struct visitor_quiz *t, struct fail *why)
{
    enum err rc = load_movies(db, a, t, why);
    return rc == ERR_OK ? load_results(db, a, t, why) : rc;
}

enum err visitor_quiz_load(struct db *db, const char *token, struct arena *a, struct visitor_quiz *out,
                           struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, &LOAD, DB_BIND(db_text(token)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    rc = db_end_with(&rows, read_quiz(&rows, a, out, why), why);
    return rc == ERR_OK ? visitor_quiz_complete(db, a, out, why) : rc;
}

enum err visitor_quiz_list(struct db *db, int64_t visitor_id, struct visitor_quizzes *page, struct arena *a,
                           struct fail *why)
{
    struct db_value id = db_int(visitor_id), before = db_int(page->before > 0 ? page->before : INT64_MAX);
    const struct db_list list = {.sql = &LIST,
                                 .params = DB_BIND(id, id, before, db_int((int64_t)page->most)),
                                 .most = page->most,
                                 .item = sizeof *page->items,
                                 .read = read_quiz};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    page->items = found.at;
    page->n = found.n;
    return rc;
}

enum err visitor_quiz_owned(struct db *db, int64_t visitor_id, const char *token, int64_t *out,
                            struct fail *why)
{
    return db_number(db, &OWNED, DB_BIND(db_text(token), db_int(visitor_id)), out, why);
}

enum err visitor_quiz_feedback(struct db *db, int64_t visitor_id, const char *token,
                               enum visitor_quiz_list_of list, const char *value, struct fail *why)
{
    int64_t id; /* asked first: setting what is set already changes no row either */
    enum err rc = visitor_quiz_owned(db, visitor_id, token, &id, why);
    if (rc != ERR_OK)
        return rc;
    rc = db_exec(db, &FEEDBACK[list], DB_BIND(db_text(value), db_text(token), db_int(visitor_id)), why);
    return rc == ERR_OK ? change_one(db, CHANGE_TEST, id, why) : rc;
}

static enum err delete_test(struct db *db, int64_t id, struct fail *why)
{
    enum err rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < sizeof DELETE / sizeof *DELETE; i++)
        rc = db_exec(db, &DELETE[i], DB_BIND(db_int(id)), why);
    if (rc == ERR_OK)
        rc = change_one(db, CHANGE_TEST, id, why);
    if (rc == ERR_OK)
        rc = rollup_drop_test(db, id, why);
    return rc == ERR_OK ? leaving_test(db, id, why) : rc;
}

enum err visitor_quiz_delete(struct db *db, int64_t visitor_id, const char *token, struct fail *why)
{
    int64_t id;
    enum err rc = visitor_quiz_owned(db, visitor_id, token, &id, why);
    if (rc == ERR_OK)
        rc = delete_test(db, id, why);
    return rc == ERR_OK
               ? counter_add_both(db, COUNTER_VISITOR_TESTS,
                                  &(struct counter_change){COUNTER_TESTS, 0, NULL, visitor_id, -1}, why)
               : rc;
}

/* A new row, so that no number that stands elsewhere leads to it. */
static enum err make_anonymous(struct db *db, int64_t id, int64_t nobody, struct fail *why)
{
    char token[SHARE_TOKEN_CHARS + 1];
    secret_token(token, SHARE_TOKEN_BYTES);
    enum err rc = db_exec(db, &ANONYMOUS, DB_BIND(db_text(token), db_int(nobody), db_int(id)), why);
    int64_t made = rc == ERR_OK ? db_insert_id(db) : 0;
    if (rc == ERR_OK)
        rc = db_exec(db, &MOVE_MOVIES, DB_BIND(db_int(made), db_int(id)), why);
    if (rc == ERR_OK)
        rc = change_one(db, CHANGE_TEST, made, why);
    return rc == ERR_OK ? delete_test(db, id, why) : rc;
}

enum err visitor_quiz_anonymous(struct db *db, int64_t visitor_id, int64_t nobody, size_t most, size_t *n,
                                struct fail *why)
{
    int64_t id;
    enum err rc = ERR_OK;
    for (*n = 0; rc == ERR_OK && *n < most; ++*n) {
        rc = db_number(db, &FIRST, DB_BIND(db_int(visitor_id)), &id, why);
        if (rc == ERR_NOT_FOUND)
            return ERR_OK;
        if (rc == ERR_OK)
            rc = make_anonymous(db, id, nobody, why);
    }
    return rc;
}

enum err visitor_quiz_id(struct db *db, const char *token, int64_t *out, struct fail *why)
{
    return db_number(db, &ID, DB_BIND(db_text(token)), out, why);
}

enum err visitor_quiz_count(struct db *db, int64_t *out, struct fail *why)
{
    return counter_sum(db, COUNTER_TESTS, 0, out, why);
}
