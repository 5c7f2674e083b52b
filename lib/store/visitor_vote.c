#include "store/visitor_vote.h"

#include <stdio.h>
#include <string.h>

#include "store/change.h"
#include "store/counter.h"
#include "store/db_list.h"

static const struct db_sql PUT = {
    "vote.put",
    "INSERT INTO character_vote (visitor_id, character_id, mbti, enneagram, created_at, updated_at) "
    "VALUES (?, ?, ?, NULLIF(?, ''), UTC_TIMESTAMP(), UTC_TIMESTAMP()) ON DUPLICATE KEY UPDATE "
    "mbti = VALUES(mbti), enneagram = VALUES(enneagram), updated_at = VALUES(updated_at)"};
static const struct db_sql REMOVE = {"vote.remove",
                                     "DELETE FROM character_vote WHERE visitor_id = ? AND character_id = ?"};
static const struct db_sql MINE = {"vote.mine", "SELECT mbti, COALESCE(enneagram, '') FROM character_vote "
                                                "WHERE visitor_id = ? AND character_id = ?"};
static const struct db_sql MINE_LOCKED = {
    "vote.mine_locked", "SELECT mbti, COALESCE(enneagram, '') FROM character_vote WHERE visitor_id = ? AND "
                        "character_id = ? FOR UPDATE"};
/* At most 16 × 19 parts, however many voted. */
static const struct db_sql COUNT = {
    "vote.count", "SELECT SUBSTRING(part, 1, 4), SUBSTRING(part, 5), CAST(SUM(n) AS SIGNED) FROM counter "
                  "WHERE kind = 'votes' AND subject = ? GROUP BY part HAVING SUM(n) > 0"};
static const struct db_sql TOTALS = {
    "vote.totals", "SELECT SUBSTRING(part, 1, 4), SUBSTRING(part, 5), CAST(SUM(n) AS SIGNED), CAST(subject "
                   "AS SIGNED) FROM (SELECT subject, part, n FROM counter WHERE kind = 'votes' UNION ALL "
                   "SELECT w.character_id, CONCAT(w.mbti, COALESCE(w.enneagram, '')), -1 FROM visitor v JOIN "
                   "character_vote w "
                   "ON w.visitor_id = v.visitor_id WHERE v.banned_at IS NOT NULL) t GROUP BY subject, part "
                   "HAVING SUM(n) > 0 ORDER BY subject"};
/* Each order is that of the key by_visitor_time, so that a page costs what is on it. */
#define LIST_COLUMNS                                                                                         \
    "SELECT character_id, mbti, COALESCE(enneagram, ''), CAST(UNIX_TIMESTAMP(updated_at) AS SIGNED) FROM "   \
    "character_vote "
/* The bounds of the visitor are equal, and said like this: with "=" the optimizer may read from the newest
 * row on to the page that was asked for. */
static const struct db_sql LIST = {
    "vote.list", LIST_COLUMNS "WHERE visitor_id = ? ORDER BY updated_at DESC, character_id DESC LIMIT ?"};
static const struct db_sql LIST_AFTER = {
    "vote.list_after", LIST_COLUMNS
    "FORCE INDEX (by_visitor_time) WHERE visitor_id >= ? AND visitor_id <= ? AND updated_at <= "
    "FROM_UNIXTIME(?) AND "
    "(updated_at < FROM_UNIXTIME(?) OR character_id < ?) ORDER BY visitor_id DESC, updated_at DESC, "
    "character_id DESC LIMIT ?"};

/* Both types of a row, from this column on. */
static void read_types(struct db_rows *rows, unsigned column, struct visitor_vote *v)
{
    const char *mbti = db_get_text(rows, column), *enneagram = db_get_text(rows, column + 1);
    v->mbti = mbti_parse(mbti, strlen(mbti));
    v->enneagram = enneagram_parse(enneagram, strlen(enneagram));
}

/* mbti MBTI_NONE: there is none. */
static enum err read_mine(struct db *db, const struct db_sql *sql, int64_t visitor_id, int32_t character_id,
                          struct visitor_vote *out, struct fail *why)
{
    struct db_rows rows;
    *out =
        (struct visitor_vote){.character_id = character_id, .mbti = MBTI_NONE, .enneagram = ENNEAGRAM_NONE};
    enum err rc = db_first(db, sql, DB_BIND(db_int(visitor_id), db_int(character_id)), &rows, why);
    if (rc != ERR_OK)
        return rc == ERR_NOT_FOUND ? ERR_OK : rc;
    read_types(&rows, 0, out);
    return db_end(&rows, why);
}

static enum err count_one(struct db *db, int64_t visitor_id, const struct visitor_vote *vote, int64_t by,
                          struct fail *why)
{
    char part[9];
    if (vote->mbti == MBTI_NONE)
        return ERR_OK;
    snprintf(part, sizeof part, "%.4s%.3s", mbti_name(vote->mbti), enneagram_name(vote->enneagram));
    return counter_add_both(db, COUNTER_VISITOR_VOTES,
                            &(struct counter_change){COUNTER_VOTES, vote->character_id, part, visitor_id, by},
                            why);
}

enum err visitor_vote_put(struct db *db, int64_t visitor_id, const struct visitor_vote *vote,
                          struct fail *why)
{
    struct visitor_vote before;
    enum err rc = read_mine(db, &MINE_LOCKED, visitor_id, vote->character_id, &before, why);
    if (rc == ERR_OK)
        rc = db_exec(db, &PUT,
                     DB_BIND(db_int(visitor_id), db_int(vote->character_id), db_text(mbti_name(vote->mbti)),
                             db_text(enneagram_name(vote->enneagram))),
                     why);
    if (rc == ERR_OK)
        rc = change_put(db, CHANGE_VOTE, visitor_id, vote->character_id, why);
    if (rc == ERR_OK)
        rc = count_one(db, visitor_id, &before, -1, why);
    return rc == ERR_OK ? count_one(db, visitor_id, vote, 1, why) : rc;
}

enum err visitor_vote_remove(struct db *db, int64_t visitor_id, int32_t character_id, struct fail *why)
{
    struct visitor_vote before;
    enum err rc = read_mine(db, &MINE_LOCKED, visitor_id, character_id, &before, why);
    if (rc == ERR_OK)
        rc = db_exec(db, &REMOVE, DB_BIND(db_int(visitor_id), db_int(character_id)), why);
    if (rc == ERR_OK)
        rc = change_put(db, CHANGE_VOTE, visitor_id, character_id, why);
    return rc == ERR_OK ? count_one(db, visitor_id, &before, -1, why) : rc;
}

/* A row of COUNT or TOTALS. */
static void add_part(struct db_rows *rows, struct consensus_votes *out)
{
    struct visitor_vote v;
    int64_t n = db_get_int(rows, 2);
    read_types(rows, 0, &v);
    if (v.mbti == MBTI_NONE)
        return;
    out->count += n;
    out->mbti[v.mbti] += n;
    if (v.enneagram != ENNEAGRAM_NONE)
        out->enneagram[v.enneagram] += n;
}

enum err visitor_vote_count(struct db *db, int64_t visitor_id, int32_t character_id,
                            struct consensus_votes *out, struct visitor_vote *mine, struct fail *why)
{
    struct db_rows rows;
    *out = (struct consensus_votes){0};
    enum err rc = read_mine(db, &MINE, visitor_id, character_id, mine, why);
    if (rc == ERR_OK)
        rc = db_query(db, &COUNT, DB_BIND(db_int(character_id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (db_next(&rows))
        add_part(&rows, out);
    return db_end(&rows, why);
}

enum err visitor_vote_totals(struct db *db,
                             void (*each)(void *arg, int32_t character_id,
                                          const struct consensus_votes *votes),
                             void *arg, struct fail *why)
{
    struct db_rows rows;
    struct consensus_votes votes = {0};
    int64_t of = -1;
    enum err rc = db_query(db, &TOTALS, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (db_next(&rows)) {
        int64_t subject = db_get_int(&rows, 3);
        if (subject != of && votes.count > 0)
            each(arg, (int32_t)of, &votes);
        if (subject != of)
            votes = (struct consensus_votes){0};
        of = subject;
        add_part(&rows, &votes);
    }
    if (votes.count > 0)
        each(arg, (int32_t)of, &votes);
    return db_end(&rows, why);
}

static enum err read_vote(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct visitor_vote *v = item;
    (void)a;
    (void)why;
    v->character_id = (int32_t)db_get_int(rows, 0);
    read_types(rows, 1, v);
    v->updated = db_get_int(rows, 3);
    return ERR_OK;
}

enum err visitor_vote_list(struct db *db, int64_t visitor_id, struct visitor_votes *page, struct arena *a,
                           struct fail *why)
{
    const struct visitor_vote *after = page->after;
    struct db_value id = db_int(visitor_id), limit = db_int((int64_t)page->most);
    const struct db_list list = {.sql = after == NULL ? &LIST : &LIST_AFTER,
                                 .params = after == NULL ? DB_BIND(id, limit)
                                                         : DB_BIND(id, id, db_int(after->updated),
                                                                   db_int(after->updated),
                                                                   db_int(after->character_id), limit),
                                 .most = page->most,
                                 .item = sizeof *after,
                                 .read = read_vote};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    page->items = found.at;
    page->n = found.n;
    return rc;
}
