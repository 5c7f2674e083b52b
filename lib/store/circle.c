#include "store/circle.h"

#include <stdio.h>
#include <string.h>

#include "domain/enneagram.h"
#include "domain/mbti.h"
#include "store/db_list.h"

/* The tests of a visitor who has been deleted are so too, also those whose turn has not come (leaving.h). */
static const struct db_sql READ = {
    "circle.read",
    "SELECT m.test_id, t.visitor_id, t.token, t.mbti, t.enneagram, m.founder, m.name, "
    "COALESCE(r.character_id, -1), COALESCE(CAST(r.percent AS SIGNED), 0) FROM circle_member m "
    "JOIN test t ON t.test_id = m.test_id LEFT JOIN test_result r ON r.test_id = m.test_id "
    "AND r.list = 'same' AND r.position = 0 LEFT JOIN leaving l ON l.what = 'visitor' AND l.id = "
    "t.visitor_id "
    "AND l.merged = 0 WHERE m.circle = ? AND l.id IS NULL ORDER BY m.member_id LIMIT ?"};
/* Of those who come at once, one goes first: they all lock the rows that are there, and there is always one. */
static const struct db_sql HOLD = {"circle.hold",
                                   "SELECT member_id FROM circle_member WHERE circle = ? LIMIT ? FOR UPDATE"};
static const struct db_sql EMPTY = {
    "circle.empty",
    "SELECT m.circle FROM circle_member m WHERE m.test_id = ? AND m.founder = 1 AND NOT EXISTS "
    "(SELECT 1 FROM circle_member o WHERE o.circle = m.circle AND o.test_id <> m.test_id) "
    "ORDER BY m.member_id DESC LIMIT 1"};
/* Two guests who became one account may both be in. */
static const struct db_sql HAS = {
    "circle.has",
    "SELECT m.member_id FROM circle_member m JOIN test t ON t.test_id = m.test_id WHERE m.circle = ? "
    "AND t.visitor_id = ? ORDER BY m.test_id = ? DESC, m.member_id LIMIT 1"};
static const struct db_sql CHANGE = {"circle.change",
                                     "UPDATE circle_member SET test_id = ?, name = ? WHERE member_id = ?"};
static const struct db_sql ENTER = {
    "circle.enter", "INSERT INTO circle_member (circle, test_id, founder, name, joined_at) VALUES "
                    "(?, ?, ?, ?, UTC_TIMESTAMP(3))"};
static const struct db_sql LEAVE = {"circle.leave",
                                    "DELETE m FROM circle_member m JOIN test t ON t.test_id = m.test_id "
                                    "WHERE m.circle = ? AND t.visitor_id = ?"};
static const struct db_sql OF_TEST = {
    "circle.of_test",
    "SELECT m.circle, m.name, CAST(UNIX_TIMESTAMP(m.joined_at) AS SIGNED), (SELECT COUNT(*) FROM "
    "circle_member o "
    "WHERE o.circle = m.circle) FROM circle_member m WHERE m.test_id = ? ORDER BY m.member_id DESC LIMIT ?"};

static enum err no_circle(struct fail *why)
{
    return fail_set(why, ERR_NOT_FOUND, "no such circle");
}

static enum err read_member(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct circle_member *m = item;
    const char *mbti = db_get_text(rows, 3), *wing = db_get_text(rows, 4);
    uint8_t enneagram;
    bool known = enneagram_parse_any(wing, strlen(wing), &enneagram);
    *m = (struct circle_member){
        .test_id = db_get_int(rows, 0),
        .visitor_id = db_get_int(rows, 1),
        .test = arena_strdup(a, db_get_text(rows, 2)),
        .mbti = mbti_parse(mbti, strlen(mbti)),
        .enneagram = enneagram,
        .founder = db_get_int(rows, 5) != 0,
        .name = arena_strdup(a, db_get_text(rows, 6)),
        .character = (int32_t)db_get_int(rows, 7),
        .percent = (int)db_get_int(rows, 8),
    };
    if (m->mbti == MBTI_NONE || !known)
        return fail_set(why, ERR_CORRUPT, "test %lld has no valid type", (long long)m->test_id);
    return db_list_stored(m->test != NULL && m->name != NULL, why);
}

enum err circle_read(struct db *db, const char *circle, struct arena *a, struct circle_members *out,
                     struct fail *why)
{
    const struct db_list list = {.sql = &READ,
                                 .params = DB_BIND(db_text(circle), db_int(CIRCLE_MOST)),
                                 .most = CIRCLE_MOST,
                                 .item = sizeof *out->items,
                                 .read = read_member};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    out->items = found.at;
    out->n = found.n;
    return rc == ERR_OK && out->n == 0 ? no_circle(why) : rc;
}

enum err circle_empty(struct db *db, int64_t test_id, char out[SHARE_TOKEN_CHARS + 1], struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, &EMPTY, DB_BIND(db_int(test_id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    snprintf(out, SHARE_TOKEN_CHARS + 1, "%s", db_get_text(&rows, 0));
    return db_end(&rows, why);
}

enum err circle_hold(struct db *db, const char *circle, size_t *n, struct fail *why)
{
    struct db_rows rows;
    *n = 0;
    enum err rc = db_query(db, &HOLD, DB_BIND(db_text(circle), db_int(CIRCLE_MOST)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (db_next(&rows))
        ++*n;
    rc = db_end(&rows, why);
    return rc == ERR_OK && *n == 0 ? no_circle(why) : rc;
}

enum err circle_change(struct db *db, const struct circle_entry *e, struct fail *why)
{
    int64_t member;
    enum err rc = db_number(db, &HAS, DB_BIND(db_text(e->circle), db_int(e->visitor_id), db_int(e->test_id)),
                            &member, why);
    return rc == ERR_OK
               ? db_exec(db, &CHANGE, DB_BIND(db_int(e->test_id), db_text(e->name), db_int(member)), why)
               : rc;
}

enum err circle_enter(struct db *db, const struct circle_entry *e, struct fail *why)
{
    return db_exec(db, &ENTER,
                   DB_BIND(db_text(e->circle), db_int(e->test_id), db_int(e->founder), db_text(e->name)),
                   why);
}

enum err circle_leave(struct db *db, const char *circle, int64_t visitor_id, struct fail *why)
{
    enum err rc = db_exec(db, &LEAVE, DB_BIND(db_text(circle), db_int(visitor_id)), why);
    return rc == ERR_OK && db_affected(db) == 0 ? no_circle(why) : rc;
}

static enum err read_summary(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct circle_summary *s = item;
    *s = (struct circle_summary){.circle = arena_strdup(a, db_get_text(rows, 0)),
                                 .name = arena_strdup(a, db_get_text(rows, 1)),
                                 .joined = db_get_int(rows, 2),
                                 .members = (int)db_get_int(rows, 3)};
    return db_list_stored(s->circle != NULL && s->name != NULL, why);
}

enum err circle_of_test(struct db *db, int64_t test_id, struct arena *a, struct circle_summaries *out,
                        struct fail *why)
{
    const struct db_list list = {.sql = &OF_TEST,
                                 .params = DB_BIND(db_int(test_id), db_int(CIRCLE_LISTED)),
                                 .most = CIRCLE_LISTED,
                                 .item = sizeof *out->items,
                                 .read = read_summary};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    out->items = found.at;
    out->n = found.n;
    return rc;
}
