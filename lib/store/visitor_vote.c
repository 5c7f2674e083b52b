#include "store/visitor_vote.h"

#include <string.h>

static const struct db_sql PUT = {
    "vote.put",
    "INSERT INTO character_vote (visitor_id, character_id, mbti, enneagram, created_at, updated_at) "
    "VALUES (?, ?, ?, NULLIF(?, ''), UTC_TIMESTAMP(), UTC_TIMESTAMP()) ON DUPLICATE KEY UPDATE "
    "mbti = VALUES(mbti), enneagram = VALUES(enneagram), updated_at = VALUES(updated_at)"};
static const struct db_sql REMOVE = {"vote.remove",
                                     "DELETE FROM character_vote WHERE visitor_id = ? AND character_id = ?"};
static const struct db_sql COUNT = {
    "vote.count",
    "SELECT mbti, COALESCE(enneagram, ''), COUNT(*), COUNT(CASE WHEN visitor_id = ? THEN 1 END) "
    "FROM character_vote WHERE character_id = ? GROUP BY mbti, enneagram"};
static const struct db_sql LIST = {
    "vote.list",
    "SELECT character_id, mbti, COALESCE(enneagram, ''), CAST(UNIX_TIMESTAMP(updated_at) AS SIGNED) "
    "FROM character_vote WHERE visitor_id = ? ORDER BY updated_at DESC, character_id LIMIT ?"};

enum err visitor_vote_put(struct db *db, int64_t visitor_id, const struct visitor_vote *vote,
                          struct fail *why)
{
    return db_exec(db, &PUT,
                   DB_BIND(db_int(visitor_id), db_int(vote->character_id), db_text(mbti_name(vote->mbti)),
                           db_text(enneagram_name(vote->enneagram))),
                   why);
}

enum err visitor_vote_remove(struct db *db, int64_t visitor_id, int32_t character_id, struct fail *why)
{
    return db_exec(db, &REMOVE, DB_BIND(db_int(visitor_id), db_int(character_id)), why);
}

/* Both types of a row, from this column on. */
static void read_types(struct db_rows *rows, unsigned column, struct visitor_vote *v)
{
    const char *mbti = db_get_text(rows, column), *enneagram = db_get_text(rows, column + 1);
    v->mbti = mbti_parse(mbti, strlen(mbti));
    v->enneagram = enneagram_parse(enneagram, strlen(enneagram));
}

enum err visitor_vote_count(struct db *db, int64_t visitor_id, int32_t character_id,
                            struct consensus_votes *out, struct visitor_vote *mine, struct fail *why)
{
    struct db_rows rows;
    *out = (struct consensus_votes){0};
    *mine =
        (struct visitor_vote){.character_id = character_id, .mbti = MBTI_NONE, .enneagram = ENNEAGRAM_NONE};
    enum err rc = db_query(db, &COUNT, DB_BIND(db_int(visitor_id), db_int(character_id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (db_next(&rows)) {
        struct visitor_vote v = {.character_id = character_id};
        read_types(&rows, 0, &v);
        int64_t n = db_get_int(&rows, 2);
        if (v.mbti == MBTI_NONE)
            continue;
        out->count += n;
        out->mbti[v.mbti] += n;
        if (v.enneagram != ENNEAGRAM_NONE)
            out->enneagram[v.enneagram] += n;
        if (db_get_int(&rows, 3) > 0)
            *mine = v;
    }
    return db_end(&rows, why);
}

enum err visitor_vote_list(struct db *db, int64_t visitor_id, size_t most, struct arena *a,
                           struct visitor_vote **out, size_t *n, struct fail *why)
{
    *n = 0;
    *out = arena_array(a, most, sizeof **out);
    if (*out == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    struct db_rows rows;
    enum err rc = db_query(db, &LIST, DB_BIND(db_int(visitor_id), db_int((int64_t)most)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (*n < most && db_next(&rows)) {
        struct visitor_vote *v = &(*out)[(*n)++];
        v->character_id = (int32_t)db_get_int(&rows, 0);
        read_types(&rows, 1, v);
        v->updated = db_get_int(&rows, 3);
    }
    return db_end(&rows, why);
}
