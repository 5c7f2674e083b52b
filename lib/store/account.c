#include "store/account.h"

#include <string.h>

#include "store/change.h"
#include "store/db_list.h"

enum { IDENTITIES_MOST = 16 };

static const struct db_sql FIND = {
    "identity.find", "SELECT visitor_id FROM identity WHERE issuer = ? AND subject = ? FOR UPDATE"};
static const struct db_sql ADD = {
    "account.add",
    "INSERT INTO account (visitor_id, display_name, created_at) VALUES (?, NULLIF(?, ''), UTC_TIMESTAMP())"};
static const struct db_sql IDENTITY = {
    "identity.add", "INSERT INTO identity (visitor_id, provider, issuer, subject, created_at) "
                    "VALUES (?, ?, ?, ?, UTC_TIMESTAMP())"};
static const struct db_sql REMOVE = {"identity.remove",
                                     "DELETE FROM identity WHERE visitor_id = ? AND provider = ?"};
static const struct db_sql NAME = {
    "account.name",
    "UPDATE account SET display_name = COALESCE(NULLIF(?, ''), display_name) WHERE visitor_id = ?"};
static const struct db_sql LOAD = {
    "account.load",
    "SELECT COALESCE(display_name, ''), CAST(UNIX_TIMESTAMP(created_at) AS SIGNED) FROM account "
    "WHERE visitor_id = ?"};
static const struct db_sql IDENTITIES = {
    "identity.list", "SELECT provider, CAST(UNIX_TIMESTAMP(created_at) AS SIGNED), issuer, CONVERT(subject "
                     "USING utf8mb4) FROM identity WHERE visitor_id = ? "
                     "ORDER BY identity_id LIMIT ?"};
static const struct db_sql LOCK = {
    "identity.lock", "SELECT COUNT(*) FROM (SELECT 1 FROM identity WHERE visitor_id = ? FOR UPDATE) i"};
static const struct db_sql LOGINS = {
    "account.logins",
    "SELECT s.visitor_id, TIMESTAMPDIFF(SECOND, s.signed_in_at, UTC_TIMESTAMP()), i.provider, "
    "CONVERT(i.subject USING utf8mb4) FROM session s JOIN identity i ON i.visitor_id = s.visitor_id AND "
    "i.provider = s.provider WHERE s.signed_in_at > UTC_TIMESTAMP() - INTERVAL ? SECOND "
    "ORDER BY s.signed_in_at DESC LIMIT ?"};

enum err account_find(struct db *db, const char *issuer, const char *subject, int64_t *visitor_id,
                      struct fail *why)
{
    struct db_rows rows;
    enum err rc =
        db_first(db, &FIND, DB_BIND(db_text(issuer), db_bytes(subject, strlen(subject))), &rows, why);
    if (rc != ERR_OK)
        return rc;
    *visitor_id = db_get_int(&rows, 0);
    return db_end(&rows, why);
}

enum err account_lock(struct db *db, int64_t visitor_id, struct fail *why)
{
    int64_t n;
    return db_number(db, &LOCK, DB_BIND(db_int(visitor_id)), &n, why);
}

enum err account_add(struct db *db, int64_t visitor_id, const char *name, struct fail *why)
{
    enum err rc = db_exec(db, &ADD, DB_BIND(db_int(visitor_id), db_text(name)), why);
    return rc == ERR_OK ? change_one(db, CHANGE_VISITOR, visitor_id, why) : rc;
}

enum err account_identity_add(struct db *db, int64_t visitor_id, const char *provider, const char *issuer,
                              const char *subject, struct fail *why)
{
    return db_exec(
        db, &IDENTITY,
        DB_BIND(db_int(visitor_id), db_text(provider), db_text(issuer), db_bytes(subject, strlen(subject))),
        why);
}

enum err account_identity_remove(struct db *db, int64_t visitor_id, const char *provider, struct fail *why)
{
    enum err rc = db_exec(db, &REMOVE, DB_BIND(db_int(visitor_id), db_text(provider)), why);
    return rc == ERR_OK && db_affected(db) == 0 ? fail_set(why, ERR_NOT_FOUND, "no such identity") : rc;
}

enum err account_rename(struct db *db, int64_t visitor_id, const char *name, struct fail *why)
{
    return db_exec(db, &NAME, DB_BIND(db_text(name), db_int(visitor_id)), why);
}

static enum err load_identities(struct db *db, int64_t visitor_id, struct arena *a, struct account *out,
                                struct fail *why)
{
    struct db_rows rows;
    out->identities = arena_array(a, IDENTITIES_MOST, sizeof *out->identities);
    if (out->identities == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    enum err rc = db_query(db, &IDENTITIES, DB_BIND(db_int(visitor_id), db_int(IDENTITIES_MOST)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    bool stored = true;
    while (stored && out->n < IDENTITIES_MOST && db_next(&rows)) {
        struct account_identity *i = &out->identities[out->n++];
        *i = (struct account_identity){.provider = arena_strdup(a, db_get_text(&rows, 0)),
                                       .created = db_get_int(&rows, 1),
                                       .issuer = arena_strdup(a, db_get_text(&rows, 2)),
                                       .subject = arena_strdup(a, db_get_text(&rows, 3))};
        stored = i->provider != NULL && i->issuer != NULL && i->subject != NULL;
    }
    rc = db_end(&rows, why);
    return rc == ERR_OK && !stored ? fail_set(why, ERR_NOMEM, "out of memory") : rc;
}

enum err account_load(struct db *db, int64_t visitor_id, struct arena *a, struct account *out,
                      struct fail *why)
{
    struct db_rows rows;
    *out = (struct account){0};
    enum err rc = db_first(db, &LOAD, DB_BIND(db_int(visitor_id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    out->name = arena_strdup(a, db_get_text(&rows, 0));
    out->created = db_get_int(&rows, 1);
    rc = db_end(&rows, why);
    if (rc == ERR_OK && out->name == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    return rc == ERR_OK ? load_identities(db, visitor_id, a, out, why) : rc;
}

static enum err read_login(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct account_login *l = item;
    *l = (struct account_login){.visitor_id = db_get_int(rows, 0),
                                .since = db_get_int(rows, 1),
                                .provider = arena_strdup(a, db_get_text(rows, 2)),
                                .subject = arena_strdup(a, db_get_text(rows, 3))};
    return db_list_stored(l->provider != NULL && l->subject != NULL, why);
}

enum err account_logins(struct db *db, int64_t seconds, size_t most, struct arena *a,
                        struct account_logins *out, struct fail *why)
{
    const struct db_list list = {.sql = &LOGINS,
                                 .params = DB_BIND(db_int(seconds), db_int((int64_t)most)),
                                 .most = most,
                                 .item = sizeof *out->items,
                                 .read = read_login};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    out->items = found.at;
    out->n = found.n;
    return rc;
}
