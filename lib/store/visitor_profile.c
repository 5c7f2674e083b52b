#include "store/visitor_profile.h"

static const struct db_sql LOAD = {
    "profile.load",
    "SELECT COALESCE(p.name, ''), COALESCE(p.locale, ''), CAST(COALESCE(UNIX_TIMESTAMP(v.over14_at), 0) AS "
    "SIGNED) FROM visitor v LEFT JOIN profile p ON p.visitor_id = v.visitor_id WHERE v.visitor_id = ?"};
static const struct db_sql PUT = {
    "profile.put", "INSERT INTO profile (visitor_id, name, locale, updated_at) VALUES (?, NULLIF(?, ''), ?, "
                   "UTC_TIMESTAMP(3)) ON DUPLICATE KEY UPDATE name = IF(?, VALUES(name), name), "
                   "locale = COALESCE(VALUES(locale), locale), updated_at = UTC_TIMESTAMP(3)"};
static const struct db_sql GROWN = {"profile.grown", "UPDATE visitor SET over14_at = UTC_TIMESTAMP() WHERE "
                                                     "visitor_id = ? AND over14_at IS NULL"};
static const struct db_sql MOVE[] = {
    {"profile.move",
     "INSERT INTO profile (visitor_id, name, locale, updated_at) SELECT t.visitor_id, f.name, f.locale, "
     "f.updated_at FROM profile f JOIN visitor t ON t.visitor_id = ? WHERE f.visitor_id = ? ON DUPLICATE KEY "
     "UPDATE name = COALESCE(profile.name, f.name), locale = COALESCE(profile.locale, f.locale)"},
    {"profile.carry", "UPDATE visitor t JOIN visitor f ON t.visitor_id = ? AND f.visitor_id = ? SET "
                      "t.over14_at = COALESCE(t.over14_at, f.over14_at)"},
};
static const struct db_sql DROP = {"profile.drop", "DELETE FROM profile WHERE visitor_id = ?"};

enum err visitor_profile_load(struct db *db, int64_t visitor_id, struct arena *a, struct visitor_profile *out,
                              struct fail *why)
{
    struct db_rows rows;
    *out = (struct visitor_profile){0};
    enum err rc = db_first(db, &LOAD, DB_BIND(db_int(visitor_id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    *out = (struct visitor_profile){.name = arena_strdup(a, db_get_text(&rows, 0)),
                                    .locale = arena_strdup(a, db_get_text(&rows, 1)),
                                    .over14 = db_get_int(&rows, 2)};
    rc = out->name != NULL && out->locale != NULL ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory");
    return db_end_with(&rows, rc, why);
}

enum err visitor_profile_put(struct db *db, int64_t visitor_id, const char *name, const char *locale,
                             struct fail *why)
{
    return db_exec(db, &PUT,
                   DB_BIND(db_int(visitor_id), db_text(name), db_text(locale), db_int(name != NULL)), why);
}

enum err visitor_profile_grown(struct db *db, int64_t visitor_id, struct fail *why)
{
    return db_exec(db, &GROWN, DB_BIND(db_int(visitor_id)), why);
}

enum err visitor_profile_move(struct db *db, int64_t from, int64_t to, struct fail *why)
{
    enum err rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < sizeof MOVE / sizeof *MOVE; i++)
        rc = db_exec(db, &MOVE[i], DB_BIND(db_int(to), db_int(from)), why);
    return rc == ERR_OK ? db_exec(db, &DROP, DB_BIND(db_int(from)), why) : rc;
}
