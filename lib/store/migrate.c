#include "store/migrate.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/map_file.h"
#include "base/secret.h"
#include "base/vec.h"
#include "store/migrate_step.h"
#include "store/sql_split.h"

static const char RECORD_TABLE[] =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "version INT NOT NULL COMMENT 'number of the file', "
    "name VARCHAR(120) NOT NULL COMMENT 'file name', "
    "checksum CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'BLAKE2b-256 of what ran, "
    "hex', "
    "applied_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC', "
    "PRIMARY KEY (version)) "
    "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Migrations that ran'";

static const char LOCK_TABLE[] =
    "CREATE TABLE IF NOT EXISTS schema_lock ("
    "lock_id TINYINT NOT NULL COMMENT 'always 1', "
    "holder VARCHAR(120) NULL COMMENT 'host and process that migrates; NULL: free', "
    "expires_at DATETIME(6) NOT NULL COMMENT 'UTC; a holder silent until then has lost it', "
    "PRIMARY KEY (lock_id)) "
    "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Keeps two migrations apart'";

static const char SINCE_TABLE[] =
    "CREATE TABLE IF NOT EXISTS schema_since ("
    "since_id TINYINT NOT NULL COMMENT 'always 1', "
    "since INT NOT NULL COMMENT 'programs that know no migration of this number must not work here', "
    "PRIMARY KEY (since_id)) "
    "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Which programs may work with this "
    "schema'";

/* A committed value rather than a held lock or GET_LOCK, which Galera does not share: it is seen on every node of a cluster. */
static const struct db_sql
    HAS_RECORDS = {"migrate.has_records", "SELECT COUNT(*) FROM information_schema.tables WHERE "
                                          "table_schema = DATABASE() AND table_name = 'schema_migration'"},
    RECORDS = {"migrate.records", "SELECT version, name, checksum FROM schema_migration ORDER BY version"},
    RECORD = {"migrate.record", "INSERT INTO schema_migration (version, name, checksum) VALUES (?, ?, ?)"},
    LOCK_ROW = {"migrate.lock_row", "INSERT IGNORE INTO schema_lock (lock_id, holder, expires_at) VALUES "
                                    "(1, NULL, '2000-01-01')"},
    LOCK_TAKE =
        {"migrate.lock_take",
         "UPDATE schema_lock SET holder = ?, expires_at = NOW(6) + INTERVAL 10 MINUTE WHERE lock_id = 1 "
         "AND (holder IS NULL OR holder = ? OR expires_at < NOW(6))"},
    LOCK_HOLDER = {"migrate.lock_holder", "SELECT holder FROM schema_lock WHERE lock_id = 1"},
    LOCK_KEEP = {"migrate.lock_keep", "UPDATE schema_lock SET expires_at = NOW(6) + INTERVAL 10 MINUTE WHERE "
                                      "lock_id = 1 AND holder = ?"},
    LOCK_FREE = {"migrate.lock_free",
                 "UPDATE schema_lock SET holder = NULL WHERE lock_id = 1 AND holder = ?"},
    CONNECTION = {"migrate.connection", "SELECT CONNECTION_ID()"},
    /* Of a run that was killed, the server may still be at work on a statement. (Another node of a cluster has it in the order of all.) */
    AT_WORK = {"migrate.at_work",
               "SELECT COUNT(*) FROM information_schema.processlist WHERE id = ? AND id <> "
               "CONNECTION_ID() AND command <> 'Sleep'"},
    SINCE = {"migrate.since",
             "INSERT INTO schema_since (since_id, since) VALUES (1, ?) ON DUPLICATE KEY UPDATE since = "
             "GREATEST(since, VALUES(since))"};

/* ---- the folder ---- */

/* "0007_name.sql" → 7; 0 for other names; −1 for a .sql file that is misnamed. */
static int version_of(const char *name)
{
    size_t n = strlen(name);
    if (name[0] == '.' || n < 4 || strcmp(name + n - 4, ".sql") != 0)
        return 0;
    for (int i = 0; i < 4; i++)
        if (!isdigit((unsigned char)name[i]))
            return -1;
    int version = atoi(name);
    return name[4] == '_' && version > 0 ? version : -1;
}

/* "-- since: 0086" on a line of its own; 0 without one. */
static int since_of(const char *text)
{
    static const char words[] = "-- since: ";
    const char *at = strncmp(text, words, sizeof words - 1) == 0 ? text : strstr(text, "\n-- since: ");
    return at == NULL ? 0 : atoi(strchr(at, ':') + 1);
}

static enum err read_file(const char *folder, const char *name, struct arena *a, struct migration *m,
                          struct fail *why)
{
    char path[1200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    struct map_file map;
    enum err rc = map_file_open(&map, path, why);
    if (rc != ERR_OK)
        return rc;
    uint8_t hash[SECRET_HASH_BYTES];
    char *hex = arena_alloc(a, 2 * SECRET_HASH_BYTES + 1);
    *m = (struct migration){.name = arena_strdup(a, name),
                            .text = arena_strndup(a, (const char *)map.data, map.size),
                            .n = map.size,
                            .checksum = hex};
    if (m->name == NULL || m->text == NULL || hex == NULL) {
        rc = fail_set(why, ERR_NOMEM, "out of memory");
    } else {
        m->since = since_of(m->text);
        secret_hash(hash, map.data, map.size);
        secret_hex(hex, hash, sizeof hash);
    }
    map_file_close(&map);
    return rc;
}

static int by_version(const void *a, const void *b)
{
    const struct migration *x = a, *y = b;
    return (x->version > y->version) - (x->version < y->version);
}

static enum err add_file(const char *folder, const char *name, struct arena *a, struct vec *v,
                         struct fail *why)
{
    int version = version_of(name);
    if (version == 0)
        return ERR_OK;
    if (version < 0)
        return fail_set(why, ERR_INVALID, "%s/%s: migrations are named like 0001_name.sql", folder, name);
    const struct migration *items = v->data;
    for (size_t i = 0; i < v->len; i++)
        if (items[i].version == version)
            return fail_set(why, ERR_INVALID, "%s: %s and %s have the same number", folder, items[i].name,
                            name);
    struct migration m;
    enum err rc = read_file(folder, name, a, &m, why);
    m.version = version;
    if (rc == ERR_OK && !vec_push(v, &m))
        rc = fail_set(why, ERR_NOMEM, "out of memory");
    return rc;
}

static enum err read_folder(const char *folder, struct arena *a, struct vec *v, struct fail *why)
{
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return fail_errno(why, ERR_NOT_FOUND, "migrations folder %s", folder);
    enum err rc = ERR_OK;
    for (struct dirent *e; rc == ERR_OK && (e = readdir(dir)) != NULL;)
        rc = add_file(folder, e->d_name, a, v, why);
    closedir(dir);
    return rc;
}

/* ---- the records ---- */

static enum err mark(struct vec *v, struct arena *a, int version, const char *name, const char *checksum,
                     struct fail *why)
{
    struct migration *items = v->data;
    for (size_t i = 0; i < v->len; i++)
        if (items[i].version == version) {
            items[i].state = strcmp(items[i].checksum, checksum) == 0 ? MIGRATION_APPLIED : MIGRATION_CHANGED;
            return ERR_OK;
        }
    struct migration gone = {.version = version,
                             .name = arena_strdup(a, name),
                             .checksum = arena_strdup(a, checksum),
                             .text = "",
                             .state = MIGRATION_GONE};
    if (gone.name == NULL || gone.checksum == NULL || !vec_push(v, &gone))
        return fail_set(why, ERR_NOMEM, "out of memory");
    return ERR_OK;
}

static enum err has_records(struct db *db, bool *yes, struct fail *why)
{
    int64_t n = 0;
    enum err rc = db_number(db, &HAS_RECORDS, DB_NOTHING, &n, why);
    *yes = n > 0;
    return rc;
}

static enum err read_records(struct db *db, struct arena *a, struct vec *v, struct fail *why)
{
    bool yes = false;
    enum err rc = has_records(db, &yes, why);
    if (rc != ERR_OK || !yes)
        return rc;
    struct db_rows rows;
    rc = db_query(db, &RECORDS, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (rc == ERR_OK && db_next(&rows))
        rc = mark(v, a, (int)db_get_int(&rows, 0), db_get_text(&rows, 1), db_get_text(&rows, 2), why);
    enum err end = db_end(&rows, rc == ERR_OK ? why : NULL);
    return rc != ERR_OK ? rc : end;
}

enum err migrate_list(struct db *db, const char *folder, struct arena *a, struct migration_list *out,
                      struct fail *why)
{
    *out = (struct migration_list){0};
    struct vec v = VEC_OF(struct migration);
    enum err rc = read_folder(folder, a, &v, why);
    if (rc == ERR_OK)
        rc = read_records(db, a, &v, why);
    if (rc == ERR_OK && v.len > 0) {
        qsort(v.data, v.len, sizeof(struct migration), by_version);
        out->items = arena_array(a, v.len, sizeof(struct migration));
        if (out->items == NULL)
            rc = fail_set(why, ERR_NOMEM, "out of memory");
        else
            memcpy(out->items, v.data, v.len * sizeof(struct migration));
        out->n = out->items == NULL ? 0 : v.len;
    }
    vec_free(&v);
    return rc;
}

/* ---- the lock ---- */

struct holder {
    char host[65];
    int64_t connection;
    char text[120]; /* "host pid connection" */
};

static enum err holder_init(struct holder *h, struct db *db, struct fail *why)
{
    enum err rc = db_number(db, &CONNECTION, DB_NOTHING, &h->connection, why);
    if (gethostname(h->host, sizeof h->host) != 0)
        h->host[0] = '\0';
    h->host[sizeof h->host - 1] = '\0';
    snprintf(h->text, sizeof h->text, "%s %ld %lld", h->host, (long)getpid(), (long long)h->connection);
    return rc;
}

/* True if `text` names a process of this host that no longer runs, or a connection that this one has lost. */
static bool holder_died(const struct holder *me, const char *text)
{
    size_t n = strlen(me->host);
    if (strncmp(text, me->host, n) != 0 || text[n] != ' ')
        return false;
    long pid = atol(text + n + 1);
    return pid == (long)getpid() || (pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH);
}

/* Whether the server still works for the connection that `text` names: whatever became of its program, it is waited for. */
static enum err at_work(struct db *db, const char *text, bool *yes, struct fail *why)
{
    const char *pid = strchr(text, ' '), *connection = pid != NULL ? strchr(pid + 1, ' ') : NULL;
    int64_t n = 0;
    enum err rc = ERR_OK;
    if (connection != NULL)
        rc = db_number(db, &AT_WORK, DB_BIND(db_int(atoll(connection))), &n, why);
    *yes = n > 0;
    return rc;
}

static enum err read_holder(struct db *db, char *out, size_t size, struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, &LOCK_HOLDER, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    snprintf(out, size, "%s", db_get_text(&rows, 0));
    return db_end(&rows, why);
}

static enum err take_lock(struct db *db, const struct holder *me, bool *got, struct fail *why)
{
    enum err rc = db_exec(db, &LOCK_TAKE, DB_BIND(db_text(me->text), db_text(me->text)), why);
    *got = rc == ERR_OK && db_affected(db) > 0;
    return rc;
}

static enum err try_lock(struct db *db, const struct holder *me, bool *got, char *other, size_t size,
                         struct fail *why)
{
    bool busy = false;
    enum err rc = read_holder(db, other, size, why);
    if (rc == ERR_OK)
        rc = at_work(db, other, &busy, why);
    if (rc != ERR_OK || busy)
        return rc;
    rc = take_lock(db, me, got, why);
    if (rc != ERR_OK || *got || !holder_died(me, other))
        return rc;
    rc = db_exec(db, &LOCK_FREE, DB_BIND(db_text(other)), why);
    return rc == ERR_OK ? take_lock(db, me, got, why) : rc;
}

static enum err taken(const struct holder *me, const char *other, struct fail *why)
{
    if (!holder_died(me, other))
        return fail_set(why, ERR_BUSY, "another migration is running (%s)", other);
    return fail_set(
        why, ERR_BUSY,
        "the server is still at work on a statement of a migration that was cut off; run this again when "
        "it has ended (SHOW PROCESSLIST)");
}

static enum err lock(struct db *db, const struct holder *me, int wait_seconds, struct fail *why)
{
    enum err rc = db_exec_text(db, LOCK_TABLE, sizeof LOCK_TABLE - 1, why);
    if (rc == ERR_OK)
        rc = db_exec(db, &LOCK_ROW, DB_NOTHING, why);
    double deadline = clock_monotonic() + wait_seconds;
    char other[121] = "";
    bool got = false;
    while (rc == ERR_OK && !got) {
        rc = try_lock(db, me, &got, other, sizeof other, why);
        if (rc == ERR_OK && !got && clock_monotonic() >= deadline)
            return taken(me, other, why);
        if (rc == ERR_OK && !got)
            nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    }
    return rc;
}

/* Not if the connection was lost: the server may be at work for it, and the next run waits for that. */
static enum err give_back(struct db *db, const struct holder *me, struct fail *why)
{
    int64_t connection = 0;
    enum err rc = db_number(db, &CONNECTION, DB_NOTHING, &connection, why);
    if (rc != ERR_OK || connection != me->connection)
        return rc;
    return db_exec(db, &LOCK_FREE, DB_BIND(db_text(me->text)), why);
}

/* ---- running ---- */

static enum err keep_lock(struct db *db, const struct holder *me, struct fail *why)
{
    enum err rc = db_exec(db, &LOCK_KEEP, DB_BIND(db_text(me->text)), why);
    if (rc == ERR_OK && db_affected(db) == 0)
        rc = fail_set(why, ERR_BUSY, "the migration lock was lost to another run");
    return rc;
}

/* The record that it ran, and no more of how far it came. */
static enum err record(struct db *db, const struct migration *m, struct fail *why)
{
    enum err rc = db_begin(db, why);
    if (rc == ERR_OK)
        rc = db_exec(db, &RECORD, DB_BIND(db_int(m->version), db_text(m->name), db_text(m->checksum)), why);
    if (rc == ERR_OK)
        rc = migrate_step_forget(db, m->version, why);
    if (rc == ERR_OK)
        rc = db_commit(db, why);
    if (rc != ERR_OK)
        db_rollback(db);
    return rc;
}

static enum err run_file(struct db *db, const char *folder, const struct migration *m,
                         const struct holder *me, struct fail *why)
{
    struct sql_split split;
    struct sql_statement s;
    struct migrate_step step = {0};
    enum err rc = m->since > 0 ? db_exec(db, &SINCE, DB_BIND(db_int(m->since)), why) : ERR_OK;
    if (rc == ERR_OK)
        rc = migrate_step_read(db, m->version, &step, why);
    sql_split_init(&split, m->text, m->n);
    while (rc == ERR_OK && sql_split_next(&split, &s)) {
        rc = keep_lock(db, me, why);
        if (rc != ERR_OK)
            return rc;
        struct fail inner = {0};
        rc = migrate_step_run(db, m, &s, &step, &inner);
        if (rc != ERR_OK)
            return fail_set(why, rc, "%s/%s:%zu: %s", folder, m->name, s.line, inner.text);
    }
    return rc == ERR_OK ? record(db, m, why) : rc;
}

static enum err refuse_changed(const char *folder, const struct migration_list *list, struct fail *why)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i].state == MIGRATION_CHANGED)
            return fail_set(
                why, ERR_CONFLICT,
                "%s/%s was changed after it had run; restore it and put the change into a new file", folder,
                list->items[i].name);
    return ERR_OK;
}

static enum err run_pending(struct db *db, const char *folder, const struct holder *me, struct arena *a,
                            void (*done)(void *arg, const struct migration *m), void *arg, struct fail *why)
{
    struct migration_list list = {0};
    enum err rc = db_exec_text(db, RECORD_TABLE, sizeof RECORD_TABLE - 1, why);
    if (rc == ERR_OK)
        rc = migrate_step_table(db, why);
    if (rc == ERR_OK)
        rc = db_exec_text(db, SINCE_TABLE, sizeof SINCE_TABLE - 1, why);
    if (rc == ERR_OK)
        rc = migrate_list(db, folder, a, &list, why);
    if (rc == ERR_OK)
        rc = refuse_changed(folder, &list, why);
    for (size_t i = 0; rc == ERR_OK && i < list.n; i++) {
        if (list.items[i].state != MIGRATION_PENDING)
            continue;
        rc = run_file(db, folder, &list.items[i], me, why);
        if (rc == ERR_OK && done != NULL)
            done(arg, &list.items[i]);
    }
    return rc;
}

enum err migrate_run(struct db *db, const char *folder, int wait_seconds, struct arena *a,
                     void (*done)(void *arg, const struct migration *m), void *arg, struct fail *why)
{
    struct holder me;
    enum err rc = holder_init(&me, db, why);
    if (rc == ERR_OK)
        rc = lock(db, &me, wait_seconds, why);
    if (rc != ERR_OK)
        return rc;
    rc = run_pending(db, folder, &me, a, done, arg, why);
    enum err back = give_back(db, &me, rc == ERR_OK ? why : NULL);
    return rc != ERR_OK ? rc : back;
}
