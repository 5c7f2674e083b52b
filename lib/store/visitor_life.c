/* The end of a visitor. */
#include "store/visitor.h"
#include "store/visitor_test.h"

static const struct db_sql COUNT = {
    "visitor.count",
    "SELECT (SELECT COUNT(*) FROM test WHERE visitor_id = v.visitor_id), "
    "(SELECT COUNT(*) FROM character_like WHERE visitor_id = v.visitor_id), "
    "(SELECT COUNT(*) FROM character_vote WHERE visitor_id = v.visitor_id), "
    "(SELECT COUNT(*) FROM session WHERE visitor_id = v.visitor_id AND expires_at > UTC_TIMESTAMP()) "
    "FROM visitor v WHERE v.visitor_id = ?"};
/* The day on which somebody came stays, for the count of visitors. */
static const struct db_sql NOBODY = {
    "visitor.nobody",
    "INSERT INTO visitor (created_at) SELECT DATE(created_at) FROM visitor WHERE visitor_id = ?"};
static const struct db_sql LIKES = {
    "like.anonymous",
    "UPDATE character_like SET visitor_id = ?, created_at = DATE(created_at) WHERE visitor_id = ?"};
static const struct db_sql DELETE[] = {
    {"delete.identity", "DELETE FROM identity WHERE visitor_id = ?"},
    {"delete.account", "DELETE FROM account WHERE visitor_id = ?"},
    {"delete.session", "DELETE FROM session WHERE visitor_id = ?"},
    {"delete.attempt", "DELETE FROM login_attempt WHERE visitor_id = ?"},
    {"delete.vote", "DELETE FROM character_vote WHERE visitor_id = ?"},
    {"delete.event", "DELETE FROM event WHERE visitor_id = ?"},
    {"delete.visitor", "DELETE FROM visitor WHERE visitor_id = ?"},
};

enum err visitor_count(struct db *db, int64_t visitor_id, struct visitor_counts *out, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, &COUNT, DB_BIND(db_int(visitor_id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    *out = (struct visitor_counts){
        .tests = db_get_int(&rows, 0),
        .likes = db_get_int(&rows, 1),
        .votes = db_get_int(&rows, 2),
        .sessions = db_get_int(&rows, 3),
    };
    return db_end(&rows, why);
}

enum err visitor_delete(struct db *db, int64_t visitor_id, struct fail *why)
{
    enum err rc = db_exec(db, &NOBODY, DB_BIND(db_int(visitor_id)), why);
    int64_t nobody = db_insert_id(db);
    if (rc == ERR_OK)
        rc = visitor_test_anonymous(db, visitor_id, nobody, why);
    if (rc == ERR_OK)
        rc = db_exec(db, &LIKES, DB_BIND(db_int(nobody), db_int(visitor_id)), why);
    for (size_t i = 0; i < sizeof DELETE / sizeof *DELETE && rc == ERR_OK; i++)
        rc = db_exec(db, &DELETE[i], DB_BIND(db_int(visitor_id)), why);
    return rc;
}
