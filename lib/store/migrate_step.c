#include "store/migrate_step.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/secret.h"

static const char STEP_TABLE[] =
    "CREATE TABLE IF NOT EXISTS schema_step ("
    "version INT NOT NULL COMMENT 'number of the migration that is under way', "
    "done INT NOT NULL COMMENT 'its statements that have run', "
    "text CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'BLAKE2b-256 of the file up to "
    "there, "
    "hex', "
    "table_before CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'what the table "
    "of "
    "the next statement was like before it, BLAKE2b-256, hex; empty: not begun', "
    "PRIMARY KEY (version)) "
    "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='How far a migration has come'";

static const struct db_sql
    STEP = {"migrate.step", "SELECT done, text, table_before FROM schema_step WHERE version = ?"},
    BEGUN = {"migrate.step_begun",
             "INSERT INTO schema_step (version, done, text, table_before) VALUES (?, ?, ?, ?) "
             "ON DUPLICATE KEY UPDATE table_before = VALUES(table_before)"},
    DONE = {"migrate.step_done",
            "INSERT INTO schema_step (version, done, text) VALUES (?, ?, ?) ON DUPLICATE KEY "
            "UPDATE done = VALUES(done), text = VALUES(text), table_before = ''"},
    IS_MARIADB = {"migrate.is_mariadb", "SELECT VERSION() LIKE '%MariaDB%'"},
    FORGET = {"migrate.step_forget", "DELETE FROM schema_step WHERE version = ?"},
    /* Everything that an ALTER may change, but for CHECKs and foreign keys, of which there are none. */
    TABLE = {
        "migrate.table",
        "SELECT CONCAT_WS('|', 'table', engine, table_collation, row_format, create_options, table_comment) "
        "AS "
        "line FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ? UNION ALL "
        "SELECT CONCAT_WS('|', 'column', ordinal_position, column_name, COALESCE(column_default, '-'), "
        "is_nullable, column_type, COALESCE(collation_name, '-'), extra, column_comment) FROM "
        "information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? UNION ALL "
        "SELECT CONCAT_WS('|', 'key', index_name, seq_in_index, column_name, non_unique, COALESCE(sub_part, "
        "'-'), index_type) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name "
        "= "
        "? ORDER BY line"};

enum err migrate_step_table(struct db *db, struct fail *why)
{
    return db_exec_text(db, STEP_TABLE, sizeof STEP_TABLE - 1, why);
}

enum err migrate_step_read(struct db *db, int version, struct migrate_step *out, struct fail *why)
{
    *out = (struct migrate_step){.version = version};
    struct db_rows rows;
    enum err rc = db_first(db, &STEP, DB_BIND(db_int(version)), &rows, why);
    if (rc != ERR_OK)
        return rc == ERR_NOT_FOUND ? ERR_OK : rc;
    out->done = (int)db_get_int(&rows, 0);
    snprintf(out->text, sizeof out->text, "%s", db_get_text(&rows, 1));
    snprintf(out->before, sizeof out->before, "%s", db_get_text(&rows, 2));
    return db_end(&rows, why);
}

enum err migrate_step_forget(struct db *db, int version, struct fail *why)
{
    return db_exec(db, &FORGET, DB_BIND(db_int(version)), why);
}

/* ---- what a statement is ---- */

/* Steps over the words (parted by one blank), whatever their case; false if others stand there. */
static bool take_words(const char **at, const char *end, const char *words)
{
    size_t n = strlen(words);
    const char *p = *at;
    if ((size_t)(end - p) <= n || strncasecmp(p, words, n) != 0 || !isspace((unsigned char)p[n]))
        return false;
    for (p += n; p < end && isspace((unsigned char)*p); p++) {
    }
    *at = p;
    return true;
}

static bool begins_with(const struct sql_statement *s, const char *words)
{
    const char *at = s->text;
    return take_words(&at, s->text + s->n, words);
}

static bool changes_rows(const struct sql_statement *s)
{
    return begins_with(s, "INSERT") || begins_with(s, "UPDATE") || begins_with(s, "DELETE") ||
           begins_with(s, "REPLACE") || begins_with(s, "WITH");
}

/* The table that ALTER, DROP, RENAME or CREATE TABLE changes, "" for other statements and those that are repeatable. */
static void table_of(const struct sql_statement *s, char out[65])
{
    const char *at = s->text, *end = s->text + s->n;
    size_t n = 0;
    *out = '\0';
    bool made = take_words(&at, end, "CREATE TABLE");
    if (made ? take_words(&at, end, "IF NOT EXISTS")
             : !take_words(&at, end, "ALTER TABLE") && !take_words(&at, end, "DROP TABLE") &&
                   !take_words(&at, end, "RENAME TABLE"))
        return;
    (void)take_words(&at, end, "IF EXISTS");
    for (at += at < end && *at == '`'; at < end && (isalnum((unsigned char)*at) || *at == '_') && n < 64;
         at++)
        out[n++] = *at;
    out[n] = '\0';
}

static void hash_of(const char *text, size_t n, char out[MIGRATE_STEP_HASH])
{
    uint8_t hash[SECRET_HASH_BYTES];
    secret_hash(hash, text, n);
    secret_hex(out, hash, sizeof hash);
}

/* ---- running ---- */

static enum err look_at_table(struct db *db, const char *table, char out[MIGRATE_STEP_HASH], struct fail *why)
{
    struct buf text = {0};
    struct db_rows rows;
    enum err rc = db_query(db, &TABLE, DB_BIND(db_text(table), db_text(table), db_text(table)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (db_next(&rows))
        buf_printf(&text, "%s\n", db_get_text(&rows, 0));
    rc = db_end(&rows, why);
    if (rc == ERR_OK && text.failed)
        rc = fail_set(why, ERR_NOMEM, "out of memory");
    if (rc == ERR_OK)
        hash_of(buf_str(&text), text.len, out);
    buf_free(&text);
    return rc;
}

static enum err record(struct db *db, struct migrate_step *step, struct fail *why)
{
    enum err rc =
        db_exec(db, &DONE, DB_BIND(db_int(step->version), db_int(step->number), db_text(step->here)), why);
    if (rc != ERR_OK)
        return rc;
    step->done = step->number;
    snprintf(step->text, sizeof step->text, "%s", step->here);
    step->before[0] = '\0';
    return ERR_OK;
}

static enum err run_rows(struct db *db, const struct sql_statement *s, struct migrate_step *step,
                         struct fail *why)
{
    enum err rc = db_begin(db, why);
    if (rc == ERR_OK)
        rc = db_exec_text(db, s->text, s->n, why);
    if (rc == ERR_OK)
        rc = record(db, step, why);
    if (rc == ERR_OK)
        rc = db_commit(db, why);
    if (rc != ERR_OK)
        db_rollback(db);
    return rc;
}

/* *ran: it had run already when its run was cut off. */
static enum err begin_table(struct db *db, const char *table, struct migrate_step *step, bool *ran,
                            struct fail *why)
{
    char now[MIGRATE_STEP_HASH];
    enum err rc = look_at_table(db, table, now, why);
    if (rc != ERR_OK || step->before[0] != '\0') {
        *ran = strcmp(step->before, now) != 0;
        return rc;
    }
    *ran = false;
    return db_exec(db, &BEGUN,
                   DB_BIND(db_int(step->version), db_int(step->done), db_text(step->text), db_text(now)),
                   why);
}

/* MySQL has no such words for a key. They are not needed either: a statement that has run is not run again. */
static enum err run_words(struct db *db, const struct sql_statement *s, struct fail *why)
{
    static const char words[] = "ADD KEY IF NOT EXISTS", kept[] = "ADD KEY";
    const char *at = memmem(s->text, s->n, words, sizeof words - 1);
    int64_t mariadb = 1;
    struct buf text = {0};
    enum err rc = at != NULL ? db_number(db, &IS_MARIADB, DB_NOTHING, &mariadb, why) : ERR_OK;
    if (rc != ERR_OK || mariadb != 0)
        return rc == ERR_OK ? db_exec_text(db, s->text, s->n, why) : rc;
    buf_put(&text, s->text, (size_t)(at - s->text));
    buf_puts(&text, kept);
    buf_put(&text, at + sizeof words - 1, (size_t)(s->text + s->n - at) - (sizeof words - 1));
    rc = text.failed ? fail_set(why, ERR_NOMEM, "out of memory")
                     : db_exec_text(db, buf_str(&text), text.len, why);
    buf_free(&text);
    return rc;
}

static enum err run_other(struct db *db, const struct sql_statement *s, struct migrate_step *step,
                          struct fail *why)
{
    char table[65];
    bool ran = false;
    table_of(s, table);
    enum err rc = *table != '\0' ? begin_table(db, table, step, &ran, why) : ERR_OK;
    if (rc == ERR_OK && !ran)
        rc = run_words(db, s, why);
    return rc == ERR_OK ? record(db, step, why) : rc;
}

enum err migrate_step_run(struct db *db, const struct migration *m, const struct sql_statement *s,
                          struct migrate_step *step, struct fail *why)
{
    step->number++;
    if (begins_with(s, "SET"))
        return db_exec_text(db, s->text, s->n, why);
    if (step->number < step->done)
        return ERR_OK;
    hash_of(m->text, (size_t)(s->text + s->n - m->text), step->here);
    if (step->number == step->done && strcmp(step->here, step->text) != 0)
        return fail_set(why, ERR_CONFLICT,
                        "the first %d statements of this file have run, and stood otherwise then; restore "
                        "them, and mend what comes behind",
                        step->done);
    if (step->number == step->done)
        return ERR_OK;
    return changes_rows(s) ? run_rows(db, s, step, why) : run_other(db, s, step, why);
}
