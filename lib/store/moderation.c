#include "store/moderation.h"

#include <stdio.h>

#include "store/db_list.h"
#include "store/visitor.h"

static const struct db_sql VOTERS = {
    "moderation.voters",
    "SELECT w.visitor_id, COUNT(*), CAST(COALESCE(UNIX_TIMESTAMP(MAX(a.created_at)), 0) AS SIGNED), "
    "CAST(UNIX_TIMESTAMP(MAX(w.updated_at)) AS SIGNED), MAX(v.banned_at IS NOT NULL) FROM character_vote w "
    "JOIN visitor v ON v.visitor_id = w.visitor_id LEFT JOIN account a ON a.visitor_id = w.visitor_id "
    "WHERE w.updated_at > UTC_TIMESTAMP() - INTERVAL ? DAY GROUP BY w.visitor_id ORDER BY 2 DESC, 1 LIMIT ?"};
static const struct db_sql CHARACTERS = {
    "moderation.characters",
    "SELECT character_id, CAST(SUM(n) AS SIGNED), CAST(SUM(fresh) AS SIGNED), "
    "SUBSTRING_INDEX(GROUP_CONCAT(mbti ORDER BY n DESC, mbti), ',', 1), CAST(MAX(n) AS SIGNED) FROM "
    "(SELECT w.character_id, w.mbti, COUNT(*) AS n, SUM(a.created_at > w.updated_at - INTERVAL 1 DAY) AS "
    "fresh FROM "
    "character_vote w LEFT JOIN account a ON a.visitor_id = w.visitor_id WHERE w.updated_at > "
    "UTC_TIMESTAMP() - INTERVAL ? DAY "
    "GROUP BY w.character_id, w.mbti) t GROUP BY character_id ORDER BY 3 DESC, 2 DESC, 1 LIMIT ?"};
static const struct db_sql PERSON = {"moderation.person",
                                     "SELECT CAST(UNIX_TIMESTAMP(v.created_at) AS SIGNED), "
                                     "CAST(COALESCE(UNIX_TIMESTAMP(a.created_at), 0) AS SIGNED), "
                                     "CAST(COALESCE(UNIX_TIMESTAMP(v.banned_at), 0) AS SIGNED), v.counted "
                                     "FROM visitor v LEFT JOIN account a ON "
                                     "a.visitor_id = v.visitor_id WHERE v.visitor_id = ?"};
static const struct db_sql TESTS = {
    "moderation.tests", "SELECT test_id FROM test WHERE visitor_id = ? ORDER BY test_id DESC LIMIT ?"};

static enum err read_voter(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    (void)a, (void)why;
    *(struct moderation_voter *)item =
        (struct moderation_voter){db_get_int(rows, 0), db_get_int(rows, 1), db_get_int(rows, 2),
                                  db_get_int(rows, 3), db_get_int(rows, 4) != 0};
    return ERR_OK;
}

static enum err read_character(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    (void)a, (void)why;
    struct moderation_character *c = item;
    c->character_id = (int32_t)db_get_int(rows, 0);
    c->votes = db_get_int(rows, 1);
    c->fresh = db_get_int(rows, 2);
    snprintf(c->mbti, sizeof c->mbti, "%s", db_get_text(rows, 3));
    c->agreed = db_get_int(rows, 4);
    return ERR_OK;
}

enum err moderation_votes(struct db *db, struct arena *a, struct moderation_votes *out, struct fail *why)
{
    const struct db_params *bounds = DB_BIND(db_int(MODERATION_DAYS), db_int(MODERATION_MOST));
    const struct db_list voters = {&VOTERS, bounds, MODERATION_MOST, sizeof *out->voters, read_voter};
    const struct db_list characters = {&CHARACTERS, bounds, MODERATION_MOST, sizeof *out->characters,
                                       read_character};
    struct db_items found[2] = {{0}};
    enum err rc = db_list_read(db, &voters, a, &found[0], why);
    if (rc == ERR_OK)
        rc = db_list_read(db, &characters, a, &found[1], why);
    *out = (struct moderation_votes){
        .voters = found[0].at, .n_voters = found[0].n, .characters = found[1].at, .n_characters = found[1].n};
    return rc;
}

static enum err read_tests(struct db *db, struct moderation_person *out, struct fail *why)
{
    struct db_rows rows;
    enum err rc =
        db_query(db, &TESTS, DB_BIND(db_int(out->visitor_id), db_int(MODERATION_TESTS)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (out->n_newest < MODERATION_TESTS && db_next(&rows))
        out->tests[out->n_newest++] = db_get_int(&rows, 0);
    return db_end(&rows, why);
}

enum err moderation_person(struct db *db, int64_t visitor_id, struct moderation_person *out, struct fail *why)
{
    struct visitor_counts counts;
    struct db_rows rows;
    *out = (struct moderation_person){.visitor_id = visitor_id};
    enum err rc = db_first(db, &PERSON, DB_BIND(db_int(visitor_id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    out->created = db_get_int(&rows, 0);
    out->account = db_get_int(&rows, 1);
    out->banned = db_get_int(&rows, 2);
    out->counted = db_get_int(&rows, 3) != 0;
    rc = db_end(&rows, why);
    if (rc == ERR_OK)
        rc = visitor_count(db, visitor_id, &counts, why);
    if (rc != ERR_OK)
        return rc;
    out->n_tests = counts.tests;
    out->n_likes = counts.likes;
    out->n_votes = counts.votes;
    return read_tests(db, out, why);
}
