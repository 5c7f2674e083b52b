/* How visitors become one, and how one is forgotten. */
#include "store/visitor.h"

/* Every table with a visitor in it is named in both lists; tests/module/account_test.c asks the schema. */
static const struct db_sql MERGE[] = {
    {"merge.test", "UPDATE test SET visitor_id = ? WHERE visitor_id = ?"},
    {"merge.like", "UPDATE IGNORE character_like SET visitor_id = ? WHERE visitor_id = ?"},
    {"merge.event", "UPDATE event SET visitor_id = ? WHERE visitor_id = ?"},
};
static const struct db_sql MERGE_END[] = {
    {"merge.twice", "DELETE FROM character_like WHERE visitor_id = ?"},
    {"merge.session", "DELETE FROM session WHERE visitor_id = ?"},
    {"merge.visitor", "DELETE FROM visitor WHERE visitor_id = ?"},
};
static const struct db_sql FORGET[] = {
    {"forget.identity", "DELETE FROM identity WHERE visitor_id = ?"},
    {"forget.account", "DELETE FROM account WHERE visitor_id = ?"},
    {"forget.session", "DELETE FROM session WHERE visitor_id = ?"},
    {"forget.attempt", "DELETE FROM login_attempt WHERE link_visitor_id = ?"},
    {"forget.vote", "DELETE FROM character_vote WHERE visitor_id = ?"},
    {"forget.event", "DELETE FROM event WHERE visitor_id = ?"},
    {"forget.event_test",
     "UPDATE event SET test_id = NULL WHERE test_id IN (SELECT test_id FROM test WHERE visitor_id = ?)"},
    {"forget.result",
     "DELETE FROM test_result WHERE test_id IN (SELECT test_id FROM test WHERE visitor_id = ?)"},
    {"forget.visitor", "DELETE FROM visitor WHERE visitor_id = ?"},
};
/* The token is the bearer's key to a result: a new one that was told to nobody. */
static const struct db_sql FORGET_TEST = {
    "forget.test",
    "UPDATE test SET visitor_id = ?, token = LEFT(REPLACE(REPLACE(TO_BASE64(UNHEX(SHA2(CONCAT(token, ?, "
    "test_id), "
    "256))), '+', '-'), '/', '_'), 22), axis_ei = NULL, axis_sn = NULL, axis_tf = NULL, axis_jp = NULL, "
    "survey_version = NULL, answers = NULL, feedback = 'none', created_at = DATE(created_at) "
    "WHERE visitor_id = ?"};
static const struct db_sql FORGET_LIKE = {
    "forget.like",
    "UPDATE character_like SET visitor_id = ?, created_at = DATE(created_at) WHERE visitor_id = ?"};

static enum err each(struct db *db, const struct db_sql *sql, size_t n, const struct db_value *values,
                     size_t n_values, struct fail *why)
{
    enum err rc = ERR_OK;
    for (size_t i = 0; i < n && rc == ERR_OK; i++)
        rc = db_exec(db, &sql[i], values, n_values, why);
    return rc;
}

enum err visitor_merge(struct db *db, int64_t from, int64_t to, int64_t *tests, struct fail *why)
{
    enum err rc = db_exec(db, &MERGE[0], DB_BIND(db_int(to), db_int(from)), why);
    *tests = rc == ERR_OK ? (int64_t)db_affected(db) : 0;
    if (rc == ERR_OK)
        rc = each(db, MERGE + 1, sizeof MERGE / sizeof *MERGE - 1, DB_BIND(db_int(to), db_int(from)), why);
    return rc == ERR_OK
               ? each(db, MERGE_END, sizeof MERGE_END / sizeof *MERGE_END, DB_BIND(db_int(from)), why)
               : rc;
}

enum err visitor_delete(struct db *db, int64_t visitor_id, struct fail *why)
{
    int64_t nobody;
    char salt[SECRET_TOKEN_CHARS + 1];
    secret_token(salt, SECRET_TOKEN_BYTES);
    enum err rc = visitor_add(db, &nobody, why);
    if (rc == ERR_OK)
        rc = each(db, FORGET, sizeof FORGET / sizeof *FORGET, DB_BIND(db_int(visitor_id)), why);
    if (rc == ERR_OK)
        rc = db_exec(db, &FORGET_TEST, DB_BIND(db_int(nobody), db_text(salt), db_int(visitor_id)), why);
    return rc == ERR_OK ? db_exec(db, &FORGET_LIKE, DB_BIND(db_int(nobody), db_int(visitor_id)), why) : rc;
}
