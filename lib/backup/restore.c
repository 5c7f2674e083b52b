#include "backup/restore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backup/backup.h"
#include "backup/copy.h"
#include "backup/dump.h"
#include "backup/known.h"
#include "base/clock.h"
#include "base/map_file.h"
#include "store/schema.h"
#include "store/visitor.h"

static const double LEAVING_SECONDS = 2;

static const struct db_sql
    TABLES = {"restore.tables",
              "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()"},
    USERS = {"restore.users",
             "SELECT COUNT(*), COALESCE(GROUP_CONCAT(DISTINCT USER ORDER BY USER SEPARATOR ', '), '') FROM "
             "information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()"};

void restore_free(struct restore *r)
{
    contents_free(&r->contents);
}

enum err restore_check(struct restore *r, struct fail *why)
{
    struct contents keys = {0};
    enum err rc = contents_read(&r->contents, r->folder, why);
    if (rc == ERR_OK && r->contents.schema > schema_known())
        rc = fail_set(why, ERR_CONFLICT,
                      "%s was made by MVTI %s, whose tables (%04d) are newer than this program's (%04d); "
                      "install that version",
                      r->folder, r->contents.version, r->contents.schema, schema_known());
    if (rc == ERR_OK)
        rc = copy_check(&r->contents, r->folder, r->progress, why);
    if (rc == ERR_OK && r->keys != NULL)
        rc = contents_read(&keys, r->keys, why);
    if (rc == ERR_OK && r->keys != NULL)
        rc = copy_check(&keys, r->keys, r->progress, why);
    contents_free(&keys);
    return rc;
}

/* ---- accounts and rights ---- */

static enum err run_line(struct db *db, const char *line, size_t n, bool users, struct fail *why)
{
    static const char create[] = "CREATE USER ";
    char *text = NULL;
    if (n == 0 || users != (strncmp(line, create, sizeof create - 1) == 0))
        return ERR_OK;
    int length = users ? asprintf(&text, "CREATE USER IF NOT EXISTS %.*s", (int)(n - (sizeof create - 1)),
                                  line + sizeof create - 1)
                       : asprintf(&text, "%.*s", (int)n, line);
    enum err rc =
        length < 0 ? fail_set(why, ERR_NOMEM, "out of memory") : db_exec_text(db, text, (size_t)length, why);
    if (length >= 0)
        free(text);
    return rc;
}

/* The lines that make accounts, or the others; none where the back-up has none. */
static enum err run_accounts(struct restore *r, bool users, struct fail *why)
{
    char path[COPY_PATH];
    struct map_file map;
    snprintf(path, sizeof path, "%s/" BACKUP_ACCOUNTS, r->folder);
    enum err rc = map_file_open(&map, path, NULL);
    if (rc != ERR_OK)
        return ERR_OK;
    const char *at = (const char *)map.data, *stop = at + map.size;
    while (rc == ERR_OK && at < stop) {
        const char *end = memchr(at, '\n', (size_t)(stop - at));
        end = end != NULL ? end : stop;
        rc = run_line(r->db, at, (size_t)(end - at), users, why);
        at = end + 1;
    }
    map_file_close(&map);
    return rc;
}

/* ---- the database ---- */

/* form: SQL with the name of the database for %s. */
static enum err say_of_database(struct db *db, const char *name, const char *form, struct fail *why)
{
    char sql[CONFIG_TEXT + 80];
    if (strchr(name, '`') != NULL)
        return fail_set(why, ERR_INVALID, "db_name = %s: not the name of a database", name);
    snprintf(sql, sizeof sql, form, name);
    return db_exec_text(db, sql, strlen(sql), why);
}

static enum err empty_database(struct restore *r, struct fail *why)
{
    static const char *const forms[] = {"DROP DATABASE `%s`",
                                        "CREATE DATABASE `%s` DEFAULT CHARACTER SET utf8mb4", "USE `%s`"};
    enum err rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < sizeof forms / sizeof *forms; i++)
        rc = say_of_database(r->db, r->config->db_name, forms[i], why);
    return rc;
}

/* A database that is not there is made: somebody has dropped it, or a restore was killed between two of the words above. */
static enum err find_database(const struct config *config, struct fail *why)
{
    struct config nameless = *config;
    struct db *db = db_new(config, 0);
    enum err rc = db != NULL ? db_ping(db, why) : fail_set(why, ERR_NOMEM, "out of memory");
    db_free(db);
    if (rc != ERR_UNAVAILABLE)
        return rc;
    nameless.db_name[0] = '\0';
    db = db_new(&nameless, 0);
    rc = db != NULL ? say_of_database(db, config->db_name,
                                      "CREATE DATABASE IF NOT EXISTS `%s` DEFAULT CHARACTER SET utf8mb4", why)
                    : fail_set(why, ERR_NOMEM, "out of memory");
    db_free(db);
    return rc;
}

static int by_number(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static enum err delete_visitor(struct db *db, void *arg, struct fail *why)
{
    const int64_t *id = arg;
    enum err rc = visitor_lock(db, *id, why);
    return rc == ERR_OK ? visitor_delete(db, *id, why) : rc;
}

/* Deletes whom the back-up brought back and `known` does not have. */
static enum err forget_again(struct restore *r, const struct vec *known, struct fail *why)
{
    struct vec back = VEC_OF(int64_t);
    enum err rc = known_now(r->db, &back, why);
    int64_t *ids = back.data;
    for (size_t i = 0; rc == ERR_OK && i < back.len; i++) {
        if (known->len > 0 && bsearch(&ids[i], known->data, known->len, sizeof(int64_t), by_number) != NULL)
            continue;
        rc = db_transaction(r->db, delete_visitor, &ids[i], why);
        r->forgotten += rc == ERR_OK;
        progress_report(r->progress, "deleting again", i + 1, back.len);
    }
    vec_free(&back);
    return rc;
}

static enum err restore_database(struct restore *r, bool full, struct fail *why)
{
    char path[COPY_PATH];
    enum err rc = run_accounts(r, true, why);
    if (rc == ERR_OK && full)
        rc = empty_database(r, why);
    progress_report(r->progress, "restoring the database", 0, 0);
    snprintf(path, sizeof path, "%s/" BACKUP_DUMP, r->folder);
    if (rc == ERR_OK)
        rc = dump_read(r->config, path, why);
    return rc == ERR_OK ? run_accounts(r, false, why) : rc;
}

/* ---- all of it ---- */

static enum err restore_files(struct restore *r, struct fail *why)
{
    struct contents keys = {0};
    progress_report(r->progress, "restoring files", 0, 0);
    enum err rc = copy_back(&r->contents, r->folder, BACKUP_STATE, r->config->state_dir, why);
    if (rc == ERR_OK && r->keys != NULL)
        rc = contents_read(&keys, r->keys, why);
    if (rc == ERR_OK && r->keys != NULL)
        rc = copy_back(&keys, r->keys, BACKUP_KEYS, r->secrets, why);
    contents_free(&keys);
    return rc;
}

/* Workers and jobs would write into a database that is half there. Who has just ended may still be on the server's list. */
static enum err nobody_uses_it(struct restore *r, struct fail *why)
{
    double until = clock_monotonic() + LEAVING_SECONDS;
    for (;;) {
        struct db_rows rows;
        enum err rc = db_first(r->db, &USERS, DB_NOTHING, &rows, why);
        if (rc != ERR_OK)
            return rc;
        int64_t n = db_get_int(&rows, 0);
        bool late = clock_monotonic() > until;
        if (n > 0 && late)
            rc = fail_set(
                why, ERR_BUSY,
                "%lld connections (%s) use the database %s: stop them first (systemctl stop mvti.target "
                "'mvti-*.timer'), or say --in-use",
                (long long)n, db_get_text(&rows, 1), r->config->db_name);
        rc = db_end_with(&rows, rc, why);
        if (rc != ERR_OK || n == 0)
            return rc;
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    }
}

enum err restore_run(struct restore *r, struct fail *why)
{
    struct vec known = VEC_OF(int64_t);
    int64_t tables = 0;
    bool any = false;
    enum err rc = find_database(r->config, why);
    if (rc == ERR_OK)
        rc = db_number(r->db, &TABLES, DB_NOTHING, &tables, why);
    if (rc == ERR_OK && tables > 0 && !r->replace)
        rc = fail_set(why, ERR_CONFLICT,
                      "the database %s has %lld tables and views; --replace deletes them and everything that "
                      "has happened since "
                      "the back-up",
                      r->config->db_name, (long long)tables);
    if (rc == ERR_OK && tables > 0 && !r->in_use)
        rc = nobody_uses_it(r, why);
    if (rc == ERR_OK && r->forget) {
        rc = known_before(r->config, r->db, tables > 0, &known, why);
        any = rc == ERR_OK;
        rc = rc == ERR_NOT_FOUND ? ERR_OK : rc;
    }
    if (rc == ERR_OK)
        rc = restore_database(r, tables > 0, why);
    if (rc == ERR_OK)
        rc = restore_files(r, why);
    if (rc == ERR_OK && any)
        rc = forget_again(r, &known, why);
    if (rc == ERR_OK)
        known_over(r->config);
    vec_free(&known);
    return rc;
}
